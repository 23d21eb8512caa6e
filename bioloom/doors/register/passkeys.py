"""Passkeys: the public halves of WebAuthn credentials, and the challenges that they sign once.

The ceremonies themselves are the page's; here is only what has to be kept between and after them.
"""

from bioloom.doors.register.secrets import MINUTE_MS, Chance, later, new_id
from bioloom.doors.register.stores.rows import Challenge, Passkey
from bioloom.doors.register.stores.sqlite import SqliteRegister
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant

CHALLENGE_MS = 5 * MINUTE_MS
_CHALLENGE_BYTES = 32


class Passkeys:
    """The passkeys of a register."""

    def __init__(self, store: SqliteRegister, chance: Chance) -> None:
        self._store, self._chance = store, chance

    def challenge(self, agent: AgentId | None, *, at: Instant) -> bytes:
        """Make a challenge: for an agent who adds a passkey, or for nobody yet who signs in."""
        challenge = self._chance(_CHALLENGE_BYTES)
        with self._store.writing():
            for old in self._store.rows(Challenge):
                if old.expires_at <= at:
                    self._store.remove(Challenge, challenge=old.challenge)
            self._store.add(Challenge(challenge, agent, later(at, CHALLENGE_MS)))
        return challenge

    def take(self, challenge: bytes, agent: AgentId | None, *, at: Instant) -> bool:
        """Use a challenge up; say whether it was one for this agent, and in time."""
        with self._store.writing():
            found = self._store.row(Challenge, challenge=challenge)
            self._store.remove(Challenge, challenge=challenge)
        return found is not None and found.agent == agent and at < found.expires_at

    def add(
        self,
        agent: AgentId,
        name: str,
        credential: bytes,
        *,
        public_key: bytes,
        sign_count: int,
        transports: str = "",
        at: Instant,
    ) -> Passkey | None:
        """Keep a new passkey, or None if the credential is known already, whosever it is."""
        made = Passkey(
            credential,
            new_id(self._chance),
            agent,
            name,
            public_key,
            sign_count,
            transports,
            at,
            used_at=None,
        )
        with self._store.writing():
            if self._store.row(Passkey, credential=credential) is not None:
                return None
            self._store.add(made)
        return made

    def passkey(self, credential: bytes) -> Passkey | None:
        """The passkey of a credential."""
        return self._store.row(Passkey, credential=credential)

    def passkeys_of(self, agent: AgentId) -> list[Passkey]:
        """An agent's passkeys, the oldest first."""
        found = self._store.rows(Passkey, agent=agent)
        return sorted(found, key=lambda passkey: passkey.added_at)

    def used(self, credential: bytes, *, sign_count: int, at: Instant) -> bool:
        """Note that a passkey has signed; False if its count went back, as that of a copy does.

        Many passkeys do not count at all and always say 0.
        """
        with self._store.writing():
            passkey = self._store.row(Passkey, credential=credential)
            if passkey is None or 0 < passkey.sign_count >= sign_count:
                return False
            self._store.put(passkey._replace(sign_count=sign_count, used_at=at))
        return True

    def remove(self, passkey_id: str, *, agent: AgentId) -> bool:
        """Take one of an agent's passkeys away; say whether there was one."""
        with self._store.writing():
            return bool(self._store.remove(Passkey, id=passkey_id, agent=agent))
