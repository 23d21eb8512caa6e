"""Witnessing: somebody outside holds a head, and the record keeps their signature on it."""

from collections.abc import Callable

from bioloom.ledger.proofs.heads import head_text
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import (
    WITNESS_KEY,
    Head,
    PublicKey,
    signature_by,
    verifies,
    witnessed_message,
)
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.proofs import HeadWitnessed
from bioloom.vocabulary.periods import Instant, epoch_ms, from_epoch_ms
from bioloom.vocabulary.refusal import Refusal

# In bytes, before a witness's signature: when they signed.
_TIME_BYTES = 8


class NotWitnessed(Refusal):
    """A head that no witness signed, or of another history."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The head cannot be recorded as witnessed. {found}",
            why="The record keeps only what a witness signed, of this very record.",
            remedy="Let the witness sign the head with `bioloom cosign`, and name their public "
            "key with --key; if the head is of another history, see `bioloom verify --head`.",
        )


def witness(
    head: Head,
    key: PublicKey,
    *,
    origin: str,
    root_at: Callable[[int], bytes | None],
    author: AgentId,
    at: Instant,
) -> Draft[HeadWitnessed]:
    """Judge a head that a witness signed; return the entry to record.

    Args:
        head: The head as the witness gave it back.
        key: The witness's public key.
        origin: What names this record.
        root_at: The record's root at a size, or none where it is shorter.
        author: Who records it.
        at: Now.

    Raises:
        NotWitnessed: If it is not signed by the witness, or not a head of this record.
    """
    if head.origin != origin or root_at(head.size) != head.root:
        raise NotWitnessed(found=f"It is no head of '{origin}' as it stands here.")
    if key.kind != WITNESS_KEY:
        raise NotWitnessed(found=f"The key of '{key.name}' is not the key of a witness.")
    try:
        value = signature_by(head, key)
    except NotProven as forged:
        raise NotWitnessed(found=str(forged)) from forged
    if value is None:
        raise NotWitnessed(found=f"'{key.name}' has not signed it.")
    signed_s = int.from_bytes(value[:_TIME_BYTES], "big")
    if signed_s * 1000 > epoch_ms(at):
        raise NotWitnessed(found=f"'{key.name}' signed it at a time that has not come yet.")
    body = HeadWitnessed(
        witness=key.name,
        public_key=key.key.hex(),
        size=head.size,
        root=head.root.hex(),
        signed_s=signed_s,
        signature=value[_TIME_BYTES:].hex(),
    )
    name = f"witnessed:{key.name}:{key.key_id.hex()}:{head.size}:{signed_s}"
    signed_at = from_epoch_ms(signed_s * 1000)
    return Draft(body=body, occurred_at=signed_at, author=author, idempotency_key=name)


def is_witnessed(body: HeadWitnessed, origin: str) -> bool:
    """Whether a recorded signature of a witness is good."""
    try:
        key, root, signature = map(bytes.fromhex, (body.public_key, body.root, body.signature))
    except ValueError:
        return False
    text = head_text(origin, body.size, root)
    return verifies(key, signature, witnessed_message(text, body.signed_s))
