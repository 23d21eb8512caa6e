"""Looking: what the record says of lots as they are bound, kept up with one transaction."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.events.mentioning import process_name
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.record.lines import Lines
from bioloom.ledger.record.remembering import Memory
from bioloom.ledger.stores.bindings.rows import BoundRow
from bioloom.ledger.stores.protocol import LegRow, Store
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessId, ProcessOpened
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId


class Lookup:
    """Lots by number, with what binds them; of entries before some entry only, where one is given.

    Whoever seals, derives or verifies notes what follows from each entry as it goes on.
    """

    def __init__(
        self, store: Store, lines: Lines, memory: Memory, *, before: int | None = None
    ) -> None:
        self._store, self._lines, self._memory, self._before = store, lines, memory, before
        self._bound: dict[int, dict[int, BoundRow]] = {}

    @property
    def memory(self) -> Memory:
        """The record as `Facts`."""
        return self._memory

    def prepare(self, lots: Iterable[int]) -> None:
        """Read together what binds some lots."""
        unknown = [lot for lot in dict.fromkeys(lots) if lot not in self._bound]
        if not unknown:
            return
        self._bound |= {lot: {} for lot in unknown}
        for row in self._store.bindings.bound(unknown):
            if self._before is None or row.seq < self._before:
                self._bound[row.lot][row.covenant] = row

    def prepare_moved(self, act: Act) -> None:
        """Read what binds the lots that an act moves; what it makes itself, nothing binds yet."""
        unknown = [row.lot for row in act.rows if row.lot not in self._bound]
        self._bound |= {lot: {} for lot in unknown if first_seq_of(lot) == act.seq}
        self.prepare(unknown)

    def bound(self, lot: int) -> dict[int, BoundRow]:
        """What binds a lot, by covenant."""
        found = self._bound.get(lot)
        if found is None:
            self.prepare([lot])
            found = self._bound[lot]
        return found

    def note(self, rows: Iterable[BoundRow]) -> None:
        """Go on with lots that are bound now."""
        for row in rows:
            self.bound(row.lot)[row.covenant] = row

    def owners(self, lot: int) -> dict[int, int]:
        """Who owns how much of a lot, by account."""
        return self._lines.owner_units(lot)

    def holders(self, lot: int) -> dict[int, int]:
        """Who holds how much of a lot, by account."""
        return self._lines.holder_units(lot)

    def legs(self, lot: int) -> list[LegRow]:
        """All legs of a lot, in the order of recording."""
        return self._lines.legs(lot)

    def away_with(self, account: int, covenant: int) -> list[int]:
        """The lots that a covenant binds, of which an account got custody; as committed before."""
        rows = self._store.bindings.away_with(account)
        return [row.lot for row in rows if row.covenant == covenant]

    def was_used(self, lot: int) -> bool:
        """Whether some of a lot went into anything: another lot, a process or a container."""
        return self._lines.went_inside(lot)

    def names(self, accounts: Iterable[int]) -> list[AgentId]:
        """Who some accounts are."""
        return [self._memory.agent_at(number) for number in accounts]

    def number_of(self, lot: LotId) -> int | None:
        """The number of a lot, if there is one of that name."""
        return self._memory.number_of(lot)

    def kind_at(self, lot: int) -> tuple[MaterialId, BaseUnit] | None:
        """What a lot is made of and counted in."""
        return self._memory.kind_at(lot)

    def everything_owned(
        self, *, among: Collection[int] | None = None
    ) -> Iterator[tuple[int, dict[int, int]]]:
        """Every lot that somebody owns, with how much of it each; of some accounts, if named."""
        known = self._lines.known()
        for lot, owners in self._store.bindings.owners(self._before, among=among):
            if lot not in known and owners:
                yield lot, owners
        for lot in sorted(known):
            owners = self.owners(lot)
            if among is not None:
                owners = {account: owners[account] for account in owners.keys() & among}
            if owners:
                yield lot, owners

    def events_of(self, process: ProcessId) -> list[Entry[Any]]:
        """The events of a process that stand."""
        entries = self._memory.about(process_name(process))
        return [entry for entry in entries if isinstance(entry.body, EventHappened)]

    def opening_of(self, process: ProcessId) -> ProcessOpened | None:
        """The opening of a process."""
        entries = self._memory.about(process_name(process))
        return next((one.body for one in entries if isinstance(one.body, ProcessOpened)), None)
