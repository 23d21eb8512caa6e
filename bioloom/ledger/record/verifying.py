"""Verifying from zero: every hash, and everything the store keeps beside the entries."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import msgspec

from bioloom.ledger.holdings import first_overdraft
from bioloom.ledger.legs import movements_of
from bioloom.ledger.numbering import first_seq_of, lot_number
from bioloom.ledger.record.chain import GENESIS, link
from bioloom.ledger.stores.protocol import EntryRow, LegRow, Store
from bioloom.vocabulary.agents import BOUNDARY
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.registry import KindUnknown, read_entry
from bioloom.vocabulary.periods import epoch_ms

# Rows are compared so many at a time; a larger number only takes more memory.
_TOGETHER = 2_000


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the record that is not as it was recorded."""

    # The entry it is about; none where it is about the store as a whole.
    seq: int | None
    what: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying found. `hash` is the last entry's, as the store has it."""

    entries: int
    legs: int
    hash: str
    problems: list[Problem]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(store: Store, *, told: Callable[[int], None] = lambda _: None) -> Verdict:
    """Recompute the record from its first entry and compare everything the store keeps with it.

    The chain of hashes; sequence numbers and kinds; idempotency keys; legs; balances, and that none
    was ever below zero, in the order of recording and of happening; the store's own soundness.
    Memory does not grow with the record, only with the number of corrections in it.

    Args:
        store: Where the record is kept.
        told: Called now and then with the number of entries verified so far.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The store examines itself on another core meanwhile.
        itself = beside.submit(lambda: [*_store_problems(store)])
        replay = _Replay(store)
        for rows in _in_pieces(store.rows()):
            replay.compare(rows)
            told(replay.entries)
        replay.finish()
        problems = [*replay.problems, *_overdrafts(store), *itself.result()]
    return Verdict(
        entries=replay.entries, legs=replay.legs, hash=replay.hash.hex(), problems=problems
    )


class _Replay:
    """One walk over all entries, with the store's legs beside them in the same order."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._agents = store.agents()
        self._stored_legs = store.all_legs()
        # First and newest entry of every key that was corrected.
        self._corrected: dict[str, tuple[int, Entry[Any]]] = {}
        self._first_entries = 0
        self.entries, self.legs, self.hash = 0, 0, GENESIS
        self.problems: list[Problem] = []

    def compare(self, rows: Sequence[EntryRow]) -> None:
        """Check the next entries, and the legs that must stand beside them."""
        expected: list[LegRow] = []
        for row in rows:
            self.entries += 1
            entry = self._read(row)
            if entry is not None:
                expected += self._legs_beside(entry)
        self.legs += len(expected)
        stored = list(islice(self._stored_legs, len(expected)))
        if stored != expected:
            self._name_differing_legs(expected, stored)

    def finish(self) -> None:
        """Check what can only be known at the end: leftover legs, and which entries are newest."""
        for leg in self._stored_legs:
            self._problem(leg.seq, "a leg stands in the store without its entry")
        known = self._store.keys(list(self._corrected))
        for key, (first, newest) in self._corrected.items():
            row = known.get(key)
            if row is None or (row.first, row.newest) != (first, newest.seq):
                self._problem(newest.seq, f"the store does not know it as the newest of '{key}'")
        if self._store.count_keys() != (self._first_entries, len(self._corrected)):
            self._problem(None, "the store's idempotency keys are not those of the entries")

    def _read(self, row: EntryRow) -> Entry[Any] | None:
        """Check one row by itself and in the chain; its entry, if it can be read at all."""
        expected, self.hash = link(self.hash, row.text), row.hash
        if row.hash != expected:
            self._problem(row.seq, f"{row.kind} is not as recorded: its hash does not follow")
        try:
            entry = read_entry(row.text, row.kind)
        except (msgspec.DecodeError, UnicodeDecodeError, KindUnknown) as unreadable:
            self._problem(row.seq, f"it cannot be read: {unreadable}")
            return None
        if not entry.seq == row.seq == self.entries or entry.kind != row.kind:
            self._problem(row.seq, f"{entry.kind} {entry.seq} stands where {self.entries} should")
        return entry

    def _legs_beside(self, entry: Entry[Any]) -> list[LegRow]:
        replaced = None
        if entry.corrects is None:
            self._first_entries += 1
            first = entry.seq
        else:
            first, replaced = self._replaced(entry)
            self._corrected[entry.idempotency_key] = (first, entry)
        return [
            LegRow(
                lot_number(first) if leg.lot == entry.idempotency_key else self._lot(leg.lot),
                entry.seq,
                ordinal,
                self._agents.get(leg.giver, 0),
                self._agents.get(leg.receiver, 0),
                leg.rights_mg,
                leg.custody_mg,
                epoch_ms(at),
            )
            for ordinal, (leg, at) in enumerate(
                movements_of(entry.body, entry.occurred_at, replaced)
            )
        ]

    def _replaced(self, entry: Entry[Any]) -> tuple[int, Entry[Any] | None]:
        """The first entry of a correction's key, and the one that it replaces."""
        key = entry.idempotency_key
        first, replaced = self._corrected.get(key) or self._first_of(key)
        if replaced is None or replaced.id != entry.corrects:
            self._problem(entry.seq, f"it corrects {entry.corrects}, which is not what it follows")
        return first, replaced

    def _first_of(self, key: str) -> tuple[int, Entry[Any] | None]:
        known = self._store.keys([key]).get(key)
        row = None if known is None else self._store.rows_at([known.first]).get(known.first)
        return (0, None) if row is None else (row.seq, read_entry(row.text, row.kind))

    def _lot(self, lot: str) -> int:
        known = self._store.keys([lot]).get(lot)
        return 0 if known is None else lot_number(known.first)

    def _name_differing_legs(self, expected: list[LegRow], stored: list[LegRow]) -> None:
        differing = set(expected) ^ set(stored)
        for seq in sorted({leg.seq for leg in differing}):
            self._problem(seq, "its legs in the store are not those it states")
        # Read on with the next entry's legs, so that one difference is not reported for all.
        self._stored_legs = self._store.all_legs(after=self.entries)

    def _problem(self, seq: int | None, what: str) -> None:
        where = "the record" if seq is None else f"entry {seq}"
        self.problems.append(Problem(seq=seq, what=f"{where}: {what}"))


def _overdrafts(store: Store) -> Iterator[Problem]:
    """Balances below zero at any time, in the order of recording and in that of happening."""
    for lot, legs in groupby(store.legs_of_moved_lots(), key=attrgetter("lot")):
        line = list(legs)
        as_recorded = [leg._replace(occurred_ms=leg.seq) for leg in line]
        for account in {leg.giver for leg in line if leg.giver > len(BOUNDARY)}:
            if first_overdraft(line, account) or first_overdraft(as_recorded, account):
                what = f"agent {account} gave more of its lot than they had"
                yield Problem(seq=first_seq_of(lot), what=f"entry {first_seq_of(lot)}: {what}")


def _store_problems(store: Store) -> Iterator[Problem]:
    """What the store finds wrong with itself."""
    for key in store.keys_amiss():
        what = f"entry {key.first}: '{key.key}' is not its idempotency key"
        yield Problem(seq=key.first, what=what)
    for holding in store.holdings_amiss():
        seq = first_seq_of(holding.lot)
        what = f"entry {seq}: the balance of its lot is not the sum of the lot's legs"
        yield Problem(seq=seq, what=what)
    for what in store.damage():
        yield Problem(seq=None, what=what)


def _in_pieces(rows: Iterator[EntryRow]) -> Iterator[list[EntryRow]]:
    while piece := list(islice(rows, _TOGETHER)):
        yield piece
