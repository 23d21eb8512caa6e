"""Tokens: how a program acts for an agent, within the scopes it was given, until it is revoked."""

from collections.abc import Collection
from typing import Literal, NamedTuple, get_args

from bioloom.doors.register.secrets import Chance, kept, new_id, new_secret
from bioloom.doors.register.stores.rows import Token
from bioloom.doors.register.stores.sqlite import SqliteRegister
from bioloom.ledger.people.roles import ACTS, Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

Scope = Literal["read", "record", "plan", "declare"]
# What a token may do at most; its agent must be permitted, too. No token deals with people.
SCOPES: dict[Scope, frozenset[Act]] = {
    "read": frozenset(("read_records",)),
    "record": frozenset(
        (
            "give_lot",
            "take_in",
            "correct_entry",
            "correct_own",
            "transfer_rights",
            "transfer_custody",
            "record_event",
            "open_process",
            "close_process",
            "promise",
        )
    ),
    "plan": frozenset(("propose_plan", "adopt_plan")),
    "declare": frozenset(("import", "declare")),
}
assert frozenset[Act]().union(*SCOPES.values()) <= ACTS, "a scope names an act that there is not"

# So that a token that got lost in a text is recognised there.
PREFIX = "bioloom_"


class ScopeUnknown(Refusal):
    """A token is asked for with no scope, or one that there is not."""

    def __init__(self, *, scopes: Collection[str]) -> None:
        self.scopes = tuple(scopes)
        super().__init__(
            what=f"A token cannot have the scopes '{' '.join(scopes)}'.",
            why="It may do what its scopes say, and nothing else.",
            remedy=f"Choose among {', '.join(get_args(Scope))}.",
        )


class TokenTooNarrow(Refusal):
    """A program's token does not have the scope for what the program does."""

    def __init__(self, *, act: Act, scopes: str) -> None:
        self.act, self.scopes = act, scopes
        super().__init__(
            what=f"This token may not {act.replace('_', ' ')}: it is for {scopes}.",
            why="A program does only what it was let in for, whatever its owner may do.",
            remedy="Issue a token with another scope, or do it yourself.",
        )


class Issued(NamedTuple):
    """A token, and its secret, which nobody can look up again."""

    token: Token
    secret: str


class Tokens:
    """The API tokens of a register."""

    def __init__(self, store: SqliteRegister, chance: Chance) -> None:
        self._store, self._chance = store, chance

    def issue(
        self,
        agent: AgentId,
        name: str,
        scopes: Collection[str],
        *,
        expires_at: Instant,
        at: Instant,
    ) -> Issued:
        """Make a token for an agent's program.

        Raises:
            ScopeUnknown: If it has no scope, or one that there is not.
        """
        if not scopes or not set(scopes) <= SCOPES.keys():
            raise ScopeUnknown(scopes=scopes)
        secret = PREFIX + new_secret(self._chance)
        told = " ".join(sorted(set(scopes)))
        token = Token(kept(secret), new_id(self._chance), agent, name, told, at, expires_at)
        with self._store.writing():
            self._store.add(token)
        return Issued(token, secret)

    def token_of(self, secret: str, *, at: Instant) -> Token | None:
        """The token of a secret, if it was neither revoked nor is too old."""
        token = self._store.row(Token, secret_sha256=kept(secret))
        return token if token is not None and at < token.expires_at else None

    def tokens_of(self, agent: AgentId) -> list[Token]:
        """An agent's tokens, the newest first; those that are too old, too."""
        found = self._store.rows(Token, agent=agent)
        return sorted(found, key=lambda token: token.issued_at, reverse=True)

    def revoke(self, token_id: str, *, agent: AgentId) -> bool:
        """Revoke one of an agent's tokens; say whether there was one."""
        with self._store.writing():
            return bool(self._store.remove(Token, id=token_id, agent=agent))


def see_that_within(token: Token, act: Act) -> None:
    """Return if a token's scopes have an act; whether its agent may is for `may` to say.

    Raises:
        TokenTooNarrow: If none of its scopes has it.
    """
    if not any(act in acts for scope, acts in SCOPES.items() if scope in token.scopes.split()):
        raise TokenTooNarrow(act=act, scopes=token.scopes)
