"""Replaying: covenants held against a whole record again, and what its store has against both."""

from collections.abc import Callable, Iterator
from typing import Any

from bioloom.ledger.covenants.guarding import Guard
from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.laws.looking import Lookup
from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.covenants.standing import Covenants
from bioloom.ledger.events.mentioning import lots_made
from bioloom.ledger.legs import Movement
from bioloom.ledger.record.lines import Lines
from bioloom.ledger.record.remembering import Memory, all_mentions
from bioloom.ledger.stores.bindings.rows import Bindings, BoundRow, Content
from bioloom.ledger.stores.protocol import LegRow, Store
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId

# The entry it is about, if it is about one, and what is wrong.
Found = tuple[int | None, str]


class Replay:
    """One walk over all entries, beside the one that verifies their legs.

    Memory grows with the number of covenants and of those who belong, not with the record.
    """

    def __init__(
        self,
        store: Store,
        *,
        agents: Callable[[], dict[AgentId, int]],
        number_of: Callable[[LotId], int | None],
    ) -> None:
        """Begin before the first entry.

        Args:
            store: Where the record is.
            agents: Numbers of agents by name.
            number_of: The number of a lot.
        """
        self._store, self._agents, self._number_of = store, agents, number_of
        self._city = ""
        self._guard = Guard(Covenants(), city=lambda: self._city, number=self._account)
        self._rows = Bindings.empty()
        self._bound = 0
        self._is_watched = False
        self._look_from(1)

    def begin(self, seq: int, kinds: set[str], first_hash: bytes) -> None:
        """Go on with some entries, from one on: what came before is looked up in the store."""
        self._city = self._city or first_hash.hex()
        self._is_watched = any(map(self._guard.concerns, kinds))
        if self._is_watched:
            self._look_from(seq)

    def take(
        self,
        entry: Entry[Any],
        replaced: Entry[Any] | None,
        movements: list[Movement],
        legs: list[LegRow],
    ) -> Iterator[Found]:
        """Judge the next entry once more, and note what it must have bound."""
        if not self._guard.concerns(entry.kind):
            self._guard.follow(entry)
            if self._is_watched:
                self._note(entry, replaced, legs)
            return
        act = Act.of(entry, replaced, movements, legs)
        try:
            self._guard.judge(act, self._lookup)
        except CovenantForbids as forbidden:
            yield entry.seq, f"it breaks a covenant. {forbidden.what}"
        self._note(entry, replaced, legs)
        rows = Bindings.empty()
        self._guard.take(entry, act, self._lookup, rows)
        self._pending += rows.bound
        self._bound += len(rows.bound)
        self._rows.extend(rows._replace(bound=[], away=[]))

    def end(self) -> Iterator[Found]:
        """Compare what some entries must have bound with what the store has."""
        if not self._pending:
            return
        known = set(self._store.bindings.bound([row.lot for row in self._pending]))
        for row in self._pending:
            if row not in known:
                yield row.seq, "the store does not know that a lot is bound since then"

    def finish(self) -> Iterator[Found]:
        """Compare what can only be compared at the end: covenants, who belongs, and counts."""
        content, rows = self._store.bindings.content(), self._rows
        expected = Content(
            sorted(rows.covenants),
            sorted(rows.ended),
            sorted(rows.members, key=lambda row: (row.covenant, row.account, row.seq)),
            sorted(rows.left),
        )
        for theirs, ours, what in zip(content, expected, _CONTENT, strict=True):
            if theirs != ours:
                yield None, f"the store's {what} are not those of the entries"
        if self._store.bindings.count_bound() != self._bound:
            yield None, "the store has bound lots that no entry bound"
        for balance in self._store.bindings.balances_amiss():
            yield None, f"what came in and shrank under covenant {balance.covenant} is not so"

    def _look_from(self, seq: int) -> None:
        self._lines = Lines(self._store, before=seq)
        self._memory = Memory(
            self._store,
            self._lines,
            agents=self._agents(),
            number_of=self._number_of,
            newest_of=lambda _: None,
            before=seq,
        )
        self._lookup = Lookup(self._store, self._lines, self._memory, before=seq)
        self._pending: list[BoundRow] = []

    def _note(self, entry: Entry[Any], replaced: Entry[Any] | None, legs: list[LegRow]) -> None:
        if replaced is None:
            lots = [LotId(entry.idempotency_key), *lots_made(entry.body)]
            for number in filter(None, map(self._number_of, lots)):
                self._lines.begin(number)
        if not isinstance(entry.body, LotArrived):
            self._memory.note(entry, all_mentions(entry.body, replaced))
        # Read before they are gone on with: what the store has later than now is not looked at.
        self._lines.prepare(leg.lot for leg in legs)
        self._lines.add(legs)

    def _account(self, agent: AgentId) -> int:
        return self._agents().get(agent, 0)


_CONTENT = ("covenants", "ends of covenants", "members under covenants", "leavers")
