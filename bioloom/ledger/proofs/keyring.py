"""The keys that sign heads: which ones the record declares, and from which entry to which."""

from typing import Any, Literal

import msgspec

from bioloom.ledger.proofs.heads import SigningKey
from bioloom.ledger.proofs.notes import LOG_KEY, PublicKey, rotation_message, verifies
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.people import KeyDeclared, KeyWithdrawn
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

KEY_KINDS = ("KeyDeclared", "KeyWithdrawn")
# In bytes: an Ed25519 public key, and a signature.
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64


class KeyInForce(Refusal):
    """A first key was offered where there is one."""

    def __init__(self, *, public_key: str) -> None:
        self.public_key = public_key
        super().__init__(
            what=f"The record has a key for its heads already: {public_key[:16]}.",
            why="A second key beside it could sign another history of the same city.",
            remedy="Replace it with `bioloom keys rotate`, or, if it is lost or stolen, "
            "withdraw it first with `bioloom keys withdraw`.",
        )


class NoKeyInForce(Refusal):
    """A head should be signed, or a key replaced or withdrawn, and there is none."""

    def __init__(self) -> None:
        super().__init__(
            what="The record has no key that signs its heads.",
            why="Only a signed head can be given to others, and checked later.",
            remedy="Make one with `bioloom keys make DIR`.",
        )


class KeySpan(msgspec.Struct, kw_only=True):
    """A key, and the entries between which it is in force."""

    declared: KeyDeclared
    first_seq: int
    # The entry that withdrew it, and why.
    withdrawn_seq: int | None = None
    reason: str | None = None

    def covers(self, size: int) -> bool:
        """Whether a head of so many entries may be signed with it."""
        ends = self.withdrawn_seq
        return self.first_seq <= size and (ends is None or size < ends)


class Keyring:
    """The fold of KeyDeclared and KeyWithdrawn, for keys of heads."""

    def __init__(self) -> None:
        self.spans: dict[str, KeySpan] = {}
        # Entry and fault of declarations that break the rules, and count for nothing.
        self.amiss: list[tuple[int, str]] = []

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in."""
        match entry.body:
            case KeyDeclared(purpose="heads") as declared:
                fault = self._fault(declared)
                if fault is None:
                    span = KeySpan(declared=declared, first_seq=entry.seq)
                    self.spans[declared.public_key] = span
                else:
                    self.amiss.append((entry.seq, fault))
            case KeyWithdrawn() as withdrawn:
                ended = self.spans.get(withdrawn.public_key)
                if ended is not None and ended.withdrawn_seq is None:
                    ended.withdrawn_seq, ended.reason = entry.seq, withdrawn.reason

    def in_force(self, size: int) -> list[str]:
        """Public halves of the keys that may sign a head of so many entries."""
        return [key for key, span in self.spans.items() if span.covers(size)]

    def newest(self) -> KeyDeclared:
        """The key that signs now.

        Raises:
            NoKeyInForce: If there is none.
        """
        for span in reversed(self.spans.values()):
            if span.withdrawn_seq is None:
                return span.declared
        raise NoKeyInForce

    def public_keys(self, origin: str, size: int) -> list[PublicKey]:
        """The keys that may sign a head of so many entries, as a signed note names them."""
        return [PublicKey(origin, LOG_KEY, bytes.fromhex(key)) for key in self.in_force(size)]

    def _fault(self, declared: KeyDeclared) -> str | None:
        key, old = declared.public_key, declared.follows
        if not _is_hex(key, _KEY_BYTES):
            return "its public key is none"
        if key in self.spans:
            return "its key was declared before"
        if old is None:
            return "there is a key in force that it does not follow" if self._open() else None
        if old not in self._open():
            return "it follows a key that is not in force"
        signature = declared.signature or ""
        message = rotation_message(declared.agent, declared.purpose, key)
        if not _is_hex(signature, _SIGNATURE_BYTES) or not verifies(
            bytes.fromhex(old), bytes.fromhex(signature), message
        ):
            return "the key before it did not sign it"
        return None

    def _open(self) -> list[str]:
        return [key for key, span in self.spans.items() if span.withdrawn_seq is None]


def declare_key(
    ring: Keyring, key: bytes, *, agent: AgentId, author: AgentId, at: Instant
) -> Draft[KeyDeclared]:
    """Judge the first key for heads, or the first after the last was withdrawn.

    Args:
        ring: The keys that the record declares so far.
        key: The public half.
        agent: Who answers for the key.
        author: Who declares it.
        at: Now.

    Raises:
        KeyInForce: If there is a key already.
    """
    for known, span in ring.spans.items():
        if span.withdrawn_seq is None:
            raise KeyInForce(public_key=known)
    body = KeyDeclared(agent=agent, public_key=key.hex(), purpose="heads")
    return Draft(body=body, occurred_at=at, author=author, idempotency_key=f"key:{key.hex()}")


def rotate_key(
    ring: Keyring, key: bytes, *, old: SigningKey, author: AgentId, at: Instant
) -> list[Draft[Any]]:
    """The entries by which one key for heads follows another: declared by it, which then ends.

    Args:
        ring: The keys that the record declares so far.
        key: The public half of the new one.
        old: The key in force, which signs the new one.
        author: Who replaces it.
        at: Now.

    Raises:
        NoKeyInForce: If there is none to replace.
    """
    newest = ring.newest()
    assert newest.public_key == old.public.key.hex(), "another key than the one in force signs"
    signature = old.private.sign(rotation_message(newest.agent, "heads", key.hex()))
    body = KeyDeclared(
        agent=newest.agent,
        public_key=key.hex(),
        purpose="heads",
        follows=newest.public_key,
        signature=signature.hex(),
    )
    declared = Draft(body=body, occurred_at=at, author=author, idempotency_key=f"key:{key.hex()}")
    return [declared, withdraw_key(ring, reason="rotated", author=author, at=at)]


def withdraw_key(
    ring: Keyring, *, reason: Literal["rotated", "lost", "stolen"], author: AgentId, at: Instant
) -> Draft[KeyWithdrawn]:
    """The entry by which the key in force ends.

    Raises:
        NoKeyInForce: If there is none.
    """
    newest = ring.newest()
    body = KeyWithdrawn(agent=newest.agent, public_key=newest.public_key, reason=reason)
    name = f"key-withdrawn:{newest.public_key}"
    return Draft(body=body, occurred_at=at, author=author, idempotency_key=name)


def _is_hex(text: str, length: int) -> bool:
    return len(text) == 2 * length and all(digit in "0123456789abcdef" for digit in text)
