"""Keys of people's own: declared by themselves alone, each vouched for by the one before it.

The private half is with the person. Keys that sign the record's heads are in `ledger/proofs`.
"""

from typing import Any, Literal

from bioloom.ledger.people.deciding import AlreadySo, Deed
from bioloom.ledger.people.permitting import About, may
from bioloom.ledger.proofs.notes import rotation_message, verifies
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.people import KeyDeclared, KeyWithdrawn
from bioloom.vocabulary.refusal import Refusal

_KEY_DIGITS = 64


class KeyUnfit(Refusal):
    """A key that cannot be declared."""

    def __init__(self, *, agent: AgentId, found: str) -> None:
        self.agent = agent
        super().__init__(
            what=f"The key of '{agent}' cannot be declared: {found}.",
            why="What is signed with a key counts as its owner's word.",
            remedy="Let the key in force sign the new one; if it is lost or stolen, withdraw it "
            "with `bioloom people withdraw-key` first.",
        )


def declare_key(
    agent: AgentId, public_key: str, *, deed: Deed, signature: str | None = None
) -> list[Draft[Any]]:
    """Decide that an agent has a new key; the one in force, if there is one, ends with it.

    Args:
        agent: Whose it is; nobody declares a key for somebody else.
        public_key: Its public half, 64 hexadecimal digits.
        deed: Who decides, and when.
        signature: By the key in force, of `rotation_message(agent, "signing", public_key)`.

    Raises:
        NotPermitted: If it is somebody else's.
        KeyUnfit: If it is no key, was declared before, or the key in force did not sign it.
    """
    may(deed.by, "declare_key", About(sides=(agent,)), deed.people, at=deed.at)
    if len(public_key) != _KEY_DIGITS or not set(public_key) <= set("0123456789abcdef"):
        raise KeyUnfit(agent=agent, found="it is not 64 hexadecimal digits")
    if deed.people.had_key(public_key):
        raise KeyUnfit(agent=agent, found="it is in the record already")
    old = next(iter(deed.people.keys_of(agent, "signing", on=deed.at)), None)
    if old is not None and not _is_signed(agent, public_key, old, signature):
        raise KeyUnfit(agent=agent, found="the key in force did not sign it")
    body = KeyDeclared(
        agent=agent,
        public_key=public_key,
        purpose="signing",
        follows=old,
        signature=None if old is None else signature,
    )
    declared: Draft[Any] = _draft(body, f"key:{public_key}", deed)
    if old is None:
        return [declared]
    ended = KeyWithdrawn(agent=agent, public_key=old, reason="rotated")
    return [declared, _draft(ended, f"key-withdrawn:{old}", deed)]


def withdraw_key(
    agent: AgentId, *, reason: Literal["lost", "stolen"], deed: Deed
) -> Draft[KeyWithdrawn]:
    """Decide that an agent's key counts no longer; the next is then declared without it.

    Raises:
        NotPermitted: If it is neither one's own, nor does a steward of the city decide.
        AlreadySo: If the agent has none.
    """
    may(deed.by, "withdraw_key", About(sides=(agent,)), deed.people, at=deed.at)
    old = next(iter(deed.people.keys_of(agent, "signing", on=deed.at)), None)
    if old is None:
        raise AlreadySo(agent=agent, found="has no key")
    body = KeyWithdrawn(agent=agent, public_key=old, reason=reason)
    return _draft(body, f"key-withdrawn:{old}", deed)


def _draft(body: KeyDeclared | KeyWithdrawn, key: str, deed: Deed) -> Draft[Any]:
    # Never backdated: what a key signed before it was withdrawn stays signed.
    return Draft(body=body, occurred_at=deed.at, author=deed.by, idempotency_key=key)


def _is_signed(agent: AgentId, public_key: str, old: str, signature: str | None) -> bool:
    try:
        signed = bytes.fromhex(signature or "")
    except ValueError:
        return False
    return verifies(bytes.fromhex(old), signed, rotation_message(agent, "signing", public_key))
