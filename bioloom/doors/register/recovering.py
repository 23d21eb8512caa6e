"""Recovering: codes on paper, for who has lost every other way in. Each is good once."""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from bioloom.doors.register.secrets import Chance
from bioloom.doors.register.sessions import Sessions, SignedIn
from bioloom.doors.register.stores.rows import RecoveryCode
from bioloom.doors.register.stores.sqlite import SqliteRegister
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

CODES = 8
# Crockford's: without I, L, O and U, which people misread. Five bits each.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
# The first six letters find the code, the other twelve (60 bits) are the secret.
_SELECTOR, _LETTERS = 6, 18
_SALT_BYTES = 16


class CodeRefused(Refusal):
    """A recovery code that is not, or no longer, good."""

    def __init__(self) -> None:
        super().__init__(
            what="This recovery code is not known here, or was used.",
            why="Each code signs its owner in once.",
            remedy="Try another of your codes, or ask a steward for a sign-in link.",
        )


class Recovery:
    """The recovery codes of a register."""

    def __init__(self, store: SqliteRegister, chance: Chance, sessions: Sessions) -> None:
        self._store, self._chance, self._sessions = store, chance, sessions
        # The second choice of RFC 9106: 64 MiB, three passes.
        self._hasher = PasswordHasher()

    def make_codes(self, agent: AgentId) -> list[str]:
        """Make new codes for an agent, in place of all older ones. Nobody can look them up again.

        Returns:
            Codes to write down, such as "4F7K2M-9QX0T3-B5HD8R".
        """
        codes = [self._letters() for _ in range(CODES)]
        rows = [
            RecoveryCode(
                code[:_SELECTOR],
                agent,
                self._hasher.hash(code[_SELECTOR:], salt=self._chance(_SALT_BYTES)),
            )
            for code in codes
        ]
        with self._store.writing():
            self._store.remove(RecoveryCode, agent=agent)
            for row in rows:
                self._store.put(row)
        return ["-".join((code[:6], code[6:12], code[12:])) for code in codes]

    def codes_left(self, agent: AgentId) -> int:
        """How many codes an agent has not used."""
        return len(self._store.rows(RecoveryCode, agent=agent))

    def redeem(self, typed: str, *, at: Instant) -> SignedIn:
        """Use a code up, and begin a session. Takes some 50 ms: whoever serves it limits tries.

        Raises:
            CodeRefused: If there is no such code any more.
        """
        letters = typed.upper().translate(_MISREAD)
        code = "".join(letter for letter in letters if letter in _ALPHABET)
        found = self._store.row(RecoveryCode, selector=code[:_SELECTOR])
        if found is None or len(code) != _LETTERS:
            raise CodeRefused
        try:
            self._hasher.verify(found.argon2, code[_SELECTOR:])
        except VerificationError as wrong:
            raise CodeRefused from wrong
        with self._store.writing():
            # Whoever came at the same moment with the same code comes too late.
            if not self._store.remove(RecoveryCode, selector=found.selector, argon2=found.argon2):
                raise CodeRefused
            return self._sessions.begin(found.agent, "recovery", at=at)

    def _letters(self) -> str:
        return "".join(_ALPHABET[byte % 32] for byte in self._chance(_LETTERS))
