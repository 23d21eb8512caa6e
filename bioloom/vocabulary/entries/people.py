"""Entries about people: who belongs to what, who may do what, and whose signing key is whose.

People stand in the record by pseudonyms. Their names, and how they prove who they are, stand in the
register, which can forget.
"""

from typing import Literal

import msgspec

from bioloom.vocabulary.agents import AgentId

# What a role lets its holder do is data in `ledger/people/roles.py`.
Role = Literal["steward", "operator", "member"]
# A key of "heads" signs the record's heads; a key of "signing" is a person's own.
KeyPurpose = Literal["heads", "signing"]


class MembershipBegan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent belongs to a commons or an organisation from when this occurred.

    Attributes:
        needs_word: Whether it binds what the member owns only by the member's own word: by being
            the author of this, or by accepting it. So it is but of those from before words were
            asked for.
    """

    member: AgentId
    group: AgentId
    needs_word: bool = True


class MembershipAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """A member gives their own word for a membership that somebody else has recorded.

    From the recording of this on, and not before, covenants of the group may bind what they own.
    """

    member: AgentId
    group: AgentId


class MembershipEnded(msgspec.Struct, frozen=True, kw_only=True):
    """An agent belongs to it no longer."""

    member: AgentId
    group: AgentId


class RoleGranted(msgspec.Struct, frozen=True, kw_only=True):
    """An agent may act in a role: for one commons or organisation, or for the whole city (None)."""

    agent: AgentId
    role: Role
    scope: AgentId | None


class RoleWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """An agent may act in a role no longer."""

    agent: AgentId
    role: Role
    scope: AgentId | None


class KeyDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The public half of an Ed25519 key, in hexadecimal. The private half is nowhere in the record.

    A key that follows another carries the older one's signature over the new public half.
    """

    agent: AgentId
    public_key: str
    purpose: KeyPurpose
    follows: str | None = None
    signature: str | None = None


class KeyWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A key counts no longer for what is signed from when this occurred."""

    agent: AgentId
    public_key: str
    reason: Literal["rotated", "lost", "stolen"]
