"""The register of a city, opened: what proves who somebody is, and what they are called."""

import secrets
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from bioloom.doors.register.passkeys import Passkeys
from bioloom.doors.register.recovering import Recovery
from bioloom.doors.register.secrets import Chance
from bioloom.doors.register.sessions import Sessions
from bioloom.doors.register.stores.rows import (
    Challenge,
    Invitation,
    Link,
    Passkey,
    Person,
    RecoveryCode,
    Session,
    Text,
    Token,
)
from bioloom.doors.register.stores.sqlite import SqliteRegister
from bioloom.doors.register.tokens import Tokens
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.refusal import Refusal

REGISTER_FILE = "register.db"
LONGEST_NAME = 80
_SALT_BYTES = 16


class NameUnusable(Refusal):
    """A name that cannot be shown."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The name {found}.",
            why="Others are to know by it who somebody is.",
            remedy=f"Give a name of 1 to {LONGEST_NAME} letters, on one line.",
        )


class Register:
    """A city's register. Any number of threads may use it.

    Its parts say for themselves what they do: `sessions` (and sign-in links), `tokens`, `passkeys`
    and `recovery`. Invitations rest on the record too: see `inviting.py`.
    """

    def __init__(self, path: Path, *, city: str, chance: Chance = secrets.token_bytes) -> None:
        """Open a city's register, or make an empty one.

        Args:
            path: Its file.
            city: The id of the first entry of the city's record.
            chance: Gives so many random bytes.

        Raises:
            NotARegister: If the file is something else, or another city's.
        """
        self.store, self.chance = SqliteRegister(path, city=city), chance
        self.sessions = Sessions(self.store, chance)
        self.tokens = Tokens(self.store, chance)
        self.passkeys = Passkeys(self.store, chance)
        self.recovery = Recovery(self.store, chance, self.sessions)

    def name_of(self, agent: AgentId) -> str | None:
        """What somebody is called, if they said so."""
        person = self.store.row(Person, agent=agent)
        return None if person is None else person.name

    def names(self) -> dict[AgentId, str]:
        """Everybody who said what they are called."""
        return {person.agent: person.name for person in self.store.rows(Person)}

    def set_name(self, agent: AgentId, name: str) -> None:
        """Note what somebody is called, in place of what was noted.

        Raises:
            NameUnusable: If it cannot be shown.
        """
        person = Person(agent, usable_name(name))
        with self.store.writing():
            self.store.put(person)

    def keep_text(self, agent: AgentId, text: str) -> str:
        """Keep somebody's free text; return the salted hash by which the record knows it.

        Once both are forgotten, nobody can try out what the text might have been.
        """
        salt = self.chance(_SALT_BYTES)
        digest = _salted(salt, text)
        with self.store.writing():
            self.store.add(Text(digest, agent, salt, text))
        return digest

    def texts(self, hashes: Collection[str]) -> dict[str, str]:
        """Those of some texts that are not forgotten, and still are what the record says."""
        found = (self.store.row(Text, sha256=digest) for digest in hashes)
        return {
            row.sha256: row.text
            for row in found
            if row is not None and _salted(row.salt, row.text) == row.sha256
        }

    def forget(self, agent: AgentId) -> None:
        """Delete all that is known of somebody, in every file; the record keeps their pseudonym.

        Raises:
            StillReadable: If another program keeps the log from being emptied; done again, it is.
        """
        with self.store.writing():
            for kind in (Person, Text, Passkey, Challenge, Session, Link, Token, RecoveryCode):
                self.store.remove(kind, agent=agent)
            self.store.remove(Invitation, invited_by=agent)
        self.store.purge()

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()

    def __enter__(self) -> "Register":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def usable_name(name: str) -> str:
    """A name without what surrounds it.

    Raises:
        NameUnusable: If it is empty, too long, or has signs that cannot be seen.

    >>> usable_name("  Zara Kellan ")
    'Zara Kellan'
    """
    name = " ".join(name.split())
    if not name:
        raise NameUnusable(found="is empty")
    if len(name) > LONGEST_NAME:
        raise NameUnusable(found=f"has {len(name)} letters")
    if not name.isprintable():
        raise NameUnusable(found="has signs that cannot be seen")
    return name


def _salted(salt: bytes, text: str) -> str:
    return sha256(salt + text.encode()).hexdigest()
