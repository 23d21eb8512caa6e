"""Answers about people: what `bioloom people … --json` prints."""

from typing import Literal

import msgspec

from bioloom.vocabulary.agents import AgentId, AgentSort
from bioloom.vocabulary.entries.people import Role
from bioloom.vocabulary.periods import Instant


class OfficeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A role, and where; nowhere in particular is the whole city."""

    role: Role
    scope: AgentId | None


class AgentListed(msgspec.Struct, frozen=True, kw_only=True):
    """An agent as the record has it, and its name: a private one's comes from the register."""

    agent: AgentId
    sort: AgentSort
    name: str | None
    groups: list[AgentId]
    # Of these, those that it has not given its own word for.
    unanswered: list[AgentId]
    roles: list[OfficeTold]


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """An entry by which something about people was decided."""

    seq: int
    id: str
    kind: str
    occurred_at: Instant
    author: AgentId


class LinkMade(msgspec.Struct, frozen=True, kw_only=True):
    """An address that signs its agent in once. It is told here and never again."""

    agent: AgentId
    address: str
    expires_at: Instant


class InvitationMade(msgspec.Struct, frozen=True, kw_only=True):
    """An address at which somebody accepts an invitation. It is told here and never again."""

    id: str
    role: Role
    scope: AgentId | None
    address: str
    expires_at: Instant


class TokenMade(msgspec.Struct, frozen=True, kw_only=True):
    """A token for a program. It is told here and never again."""

    id: str
    agent: AgentId
    name: str
    scopes: list[str]
    token: str
    expires_at: Instant


class Revoked(msgspec.Struct, frozen=True, kw_only=True):
    """What was revoked."""

    id: str
    what: Literal["token", "session", "passkey", "invitation"]


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """Who was forgotten; the record keeps the pseudonym."""

    agent: AgentId


class KeyTurned(msgspec.Struct, frozen=True, kw_only=True):
    """A new key of an agent's own; its private half is in the file, and nowhere else."""

    agent: AgentId
    public_key: str
    follows: str | None
    file: str
