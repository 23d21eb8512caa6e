"""Deriving: all that stands beside the entries of a record, from the entries alone."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from bioloom.ledger.covenants.guarding import Guard
from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.laws.looking import Lookup
from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.covenants.standing import Covenants
from bioloom.ledger.events.mentioning import lots_made
from bioloom.ledger.legs import Movement, legs_of, movements_of
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.chain import GENESIS, link
from bioloom.ledger.record.lines import Lines
from bioloom.ledger.record.remembering import Memory, all_mentions, numbers_of
from bioloom.ledger.stores.protocol import Batch, EntryRow, KeyRow, LegRow, Store
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import epoch_ms
from bioloom.vocabulary.refusal import Refusal


class EntriesBroken(Refusal):
    """The entries themselves are not as they were recorded, so nothing can follow from them."""

    def __init__(self, *, seq: int, found: str) -> None:
        self.seq, self.found = seq, found
        super().__init__(
            what=f"Entry {seq} is not as it was recorded: {found}.",
            why="Everything else in a journal follows from its entries; they follow from nothing.",
            remedy="Restore the city from a backup.",
        )


class Deriving:
    """Entries in, rows out, some at a time; what came before is looked up in the store."""

    def __init__(self, store: Store) -> None:
        """Begin.

        Args:
            store: An empty store, to which the caller writes each batch before the next.
        """
        self._store = store
        self._agents = dict(store.agents())
        self.seq, self.hash = 0, GENESIS
        self._keys: dict[str, KeyRow] = {}
        self._newest: dict[str, Entry[Any]] = {}
        self._numbers: dict[LotId, int] = {}
        self._names: list[tuple[int, AgentId]] = []
        self._first = b""
        self._guard = Guard(Covenants(), city=self._city, number=self._account)
        self._begin()

    def _begin(self) -> None:
        """Forget what was looked up for the entries before: the store has it now."""
        self._lines = Lines(self._store)
        self._memory = Memory(
            self._store,
            self._lines,
            agents=self._agents,
            number_of=self._number_of,
            newest_of=lambda _: None,
        )
        self._lookup = Lookup(self._store, self._lines, self._memory)

    def derive(self, rows: Sequence[EntryRow]) -> Batch:
        """What the next entries put into a store, themselves included.

        Raises:
            EntriesBroken: If one is missing, altered or out of its place.
            EntryUnreadable, KindUnknown: If one cannot be read.
        """
        entries = [self._read(row) for row in rows]
        self._look_up(entries)
        self._begin()
        self._is_watched = any(self._guard.concerns(row.kind) for row in rows)
        if self._is_watched:
            self._lines.prepare(self._numbers.values())
        batch = Batch.empty()
        batch.entries.extend(rows)
        for entry in entries:
            self._add(entry, batch)
        batch.agents.extend(self._names)
        self._names = []
        return batch

    def _read(self, row: EntryRow) -> Entry[Any]:
        if row.seq != self.seq + 1:
            raise EntriesBroken(seq=self.seq + 1, found="it is missing")
        self.seq, self.hash = row.seq, link(self.hash, row.text)
        self._first = self._first or row.hash
        if row.hash != self.hash:
            raise EntriesBroken(seq=row.seq, found="its hash does not follow")
        return read_entry(row.text, row.kind)

    def _look_up(self, entries: Sequence[Entry[Any]]) -> None:
        """Read what the store knows of the keys and lots that some entries name, together."""
        corrected = [entry.idempotency_key for entry in entries if entry.corrects is not None]
        self._keys = self._store.keys(corrected) if corrected else {}
        rows = self._store.rows_at([row.newest for row in self._keys.values()])
        self._newest = {
            key: read_entry(rows[row.newest].text, rows[row.newest].kind)
            for key, row in self._keys.items()
        }
        bodies = [entry.body for entry in entries] + [old.body for old in self._newest.values()]
        lots = {leg.lot for body in bodies for leg in legs_of(body)}
        self._numbers = numbers_of(self._store, sorted(lots)) if lots else {}

    def _add(self, entry: Entry[Any], batch: Batch) -> None:
        key, seq = entry.idempotency_key, entry.seq
        replaced = None if entry.corrects is None else self._replaced(entry)
        made = {LotId(key), *lots_made(entry.body)}
        if replaced is None:
            self._keys[key] = KeyRow(key, seq, seq)
            batch.keys.append(self._keys[key])
            self._numbers |= {lot: lot_number(seq) for lot in made}
            named = [lot for lot in lots_made(entry.body) if lot != key]
            batch.lot_names.extend((lot, lot_number(seq)) for lot in named)
        else:
            self._keys[key] = self._keys[key]._replace(newest=seq)
            batch.keys_corrected.append(self._keys[key])
        self._newest[key] = entry
        batch.mentions.extend((name, seq) for name in all_mentions(entry.body, replaced))
        movements = movements_of(entry.body, entry.occurred_at, replaced)
        legs: list[LegRow] = []
        for ordinal, (leg, at) in enumerate(movements):
            if leg.lot not in self._numbers:
                raise EntriesBroken(seq=seq, found=f"it moves a lot '{leg.lot}' that is not there")
            row = LegRow(
                self._numbers[leg.lot],
                seq,
                ordinal,
                self._account(leg.giver),
                self._account(leg.receiver),
                leg.rights_units,
                leg.custody_units,
                epoch_ms(at),
            )
            legs.append(row)
        batch.legs.extend(legs)
        self._bind(entry, replaced, movements, legs, batch)

    def _bind(
        self,
        entry: Entry[Any],
        replaced: Entry[Any] | None,
        movements: list[Movement],
        legs: list[LegRow],
        batch: Batch,
    ) -> None:
        """Add what follows from covenants. Whether they held is for `verify` to say."""
        if self._guard.concerns(entry.kind):
            act = Act.of(entry, replaced, movements, legs)
            with suppress(CovenantForbids):
                self._guard.judge(act, self._lookup)
            self._note(entry, replaced, legs)
            self._guard.take(entry, act, self._lookup, batch.bindings)
            return
        self._guard.follow(entry)
        if self._is_watched:
            self._note(entry, replaced, legs)

    def _replaced(self, entry: Entry[Any]) -> Entry[Any]:
        replaced = self._newest.get(entry.idempotency_key)
        if replaced is None or replaced.id != entry.corrects:
            raise EntriesBroken(seq=entry.seq, found=f"it corrects {entry.corrects}")
        return replaced

    def _note(self, entry: Entry[Any], replaced: Entry[Any] | None, legs: list[LegRow]) -> None:
        """Go on with an entry that the store has not yet."""
        if replaced is None:
            for lot in {LotId(entry.idempotency_key), *lots_made(entry.body)}:
                self._lines.begin(self._numbers[lot])
                self._memory.note_lot(self._numbers[lot], entry.body)
        if not isinstance(entry.body, LotArrived):
            self._memory.note(entry, all_mentions(entry.body, replaced))
        self._lines.add(legs)

    def _city(self) -> str:
        return self._first.hex()

    def _number_of(self, lot: LotId) -> int | None:
        if lot not in self._numbers:
            self._numbers |= numbers_of(self._store, [lot])
        return self._numbers.get(lot)

    def _account(self, agent: AgentId) -> int:
        if agent not in self._agents:
            self._agents[agent] = len(self._agents) + 1
            self._names.append((self._agents[agent], agent))
        return self._agents[agent]
