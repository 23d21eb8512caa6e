"""Rows of the register: one kind for each table, with a field for each column."""

from typing import Literal, NamedTuple

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.people import Role
from bioloom.vocabulary.periods import Instant

SignedInBy = Literal["link", "passkey", "recovery", "invitation"]


class City(NamedTuple):
    """The record that this register belongs to, by the id of its first entry."""

    id: str


class Person(NamedTuple):
    """What an agent is called."""

    agent: AgentId
    name: str


class Text(NamedTuple):
    """A free text under the salted hash that the record has of it."""

    sha256: str
    agent: AgentId
    salt: bytes
    text: str


class Passkey(NamedTuple):
    """A WebAuthn credential. `transports` are names with blanks between."""

    credential: bytes
    id: str
    agent: AgentId
    name: str
    public_key: bytes
    sign_count: int
    transports: str
    added_at: Instant
    used_at: Instant | None


class Challenge(NamedTuple):
    """What a passkey has to sign; of a registration, whose it is to be."""

    challenge: bytes
    agent: AgentId | None
    expires_at: Instant


class Session(NamedTuple):
    """Somebody signed in on one browser."""

    secret_sha256: bytes
    id: str
    agent: AgentId
    how: SignedInBy
    begun_at: Instant
    seen_at: Instant


class Link(NamedTuple):
    """A way to sign in once."""

    secret_sha256: bytes
    agent: AgentId
    issued_by: AgentId
    expires_at: Instant


class Invitation(NamedTuple):
    """A role that waits for somebody, who gets this pseudonym."""

    secret_sha256: bytes
    id: str
    invited_by: AgentId
    pseudonym: AgentId
    role: Role
    scope: AgentId | None
    issued_at: Instant
    expires_at: Instant


class Token(NamedTuple):
    """A program's way in, for an agent. `scopes` are names with blanks between."""

    secret_sha256: bytes
    id: str
    agent: AgentId
    name: str
    scopes: str
    issued_at: Instant
    expires_at: Instant


class RecoveryCode(NamedTuple):
    """The Argon2 hash of a code that somebody wrote down."""

    selector: str
    agent: AgentId
    argon2: str


TABLES: dict[type[tuple[object, ...]], str] = {
    City: "city",
    Person: "persons",
    Text: "texts",
    Passkey: "passkeys",
    Challenge: "challenges",
    Session: "sessions",
    Link: "links",
    Invitation: "invitations",
    Token: "tokens",
    RecoveryCode: "recovery_codes",
}
