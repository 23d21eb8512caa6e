"""Verifying from zero: every hash, and everything the store keeps beside the entries."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice, takewhile
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from bioloom.ledger.covenants.replaying import Found, Replay
from bioloom.ledger.custody.rechecking import unsound_claims
from bioloom.ledger.events.mentioning import lots_made, mentions_of
from bioloom.ledger.holdings import first_overdraft
from bioloom.ledger.legs import backwards, legs_of, movements_of
from bioloom.ledger.numbering import LAST_EDGE, first_seq_of, lot_number
from bioloom.ledger.record.chain import GENESIS, link, seq_in_id
from bioloom.ledger.record.remembering import all_mentions
from bioloom.ledger.stores.protocol import EntryRow, KeyRow, LegRow, Store, StoreFailed
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventReversed, ProcessClosed
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.registry import EntryUnreadable, KindUnknown, read_entry
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import InstantUnreadable, epoch_ms

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
    was ever below zero, in the order of recording and of happening; that every entry kept to the
    covenants there were, signatures included, and what is bound; that claims of where things came
    from are borne out; the store's own soundness.
    Others may go on writing meanwhile: what is verified is the record as it was at one commit.
    Memory does not grow with the record, only with the number of corrections in it.

    Args:
        store: Where the record is kept.
        told: Called now and then with the number of entries verified so far.

    Returns:
        What was found; a store that is too damaged to be read to its end is such a finding too.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The store examines itself on another core meanwhile.
        itself = beside.submit(lambda: [*_or_failure(_store_problems(store))])
        replay = _Replay(store)
        try:
            with store.reading():
                replay.run(told)
                if not replay.problems:  # Claims rest on a record that is as it was recorded.
                    replay.take(unsound_claims(store))
        except StoreFailed as failed:
            what = f"the record: after entry {replay.seq} it cannot be verified. {failed.what}"
            replay.problems.append(Problem(seq=None, what=what))
        problems = [*replay.problems, *_or_failure(_overdrafts(store)), *itself.result()]
    return Verdict(
        entries=replay.entries, legs=replay.legs, hash=replay.hash.hex(), problems=problems
    )


class _Beside(NamedTuple):
    """What must stand beside some entries: lots by name with what made them, and mentions."""

    lots: dict[LotId, int]
    mentions: dict[str, set[int]]


class _Replay:
    """One walk over all entries, with the store's legs beside them in the same order."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._agents: dict[AgentId, int] = {}
        self._has_names = False
        self._stored_legs: Iterator[LegRow] = iter(())
        # The next stored leg, already taken from the iterator.
        self._ahead: LegRow | None = None
        # Lots by name and mentions that the entries read so far should have beside them.
        self._named = [0, 0]
        # First and newest entry of every key that was corrected.
        self._corrected: dict[str, tuple[int, Entry[Any]]] = {}
        self._first_entries = 0
        self._covenants = Replay(store, agents=lambda: self._agents, number_of=self._number_of)
        self.seq, self.entries, self.legs, self.hash = 0, 0, 0, GENESIS
        self.problems: list[Problem] = []

    def run(self, told: Callable[[int], None]) -> None:
        """Walk to the end of the record."""
        self._agents = self._store.agents()
        self._has_names = self._store.count_named()[0] > 0
        self._stored_legs = self._store.all_legs()
        for rows in _in_pieces(self._store.rows()):
            self._compare(rows)
            told(self.entries)
        self._finish()

    def _compare(self, rows: Sequence[EntryRow]) -> None:
        """Check the next entries, and the legs that must stand beside them."""
        before = self.seq
        expected: list[LegRow] = []
        beside = _Beside({}, {})
        self._covenants.begin(rows[0].seq, {row.kind for row in rows}, rows[0].hash)
        for row in rows:
            try:
                expected += self._legs_beside(self._read(row), beside)
            except (EntryUnreadable, KindUnknown, InstantUnreadable) as unreadable:
                self._problem(row.seq, f"it cannot be read. {unreadable.what}")
        self.take(self._covenants.end())
        self._compare_names(beside)
        self.legs += len(expected)
        # One more than expected, to see that no further leg belongs to these entries.
        stored = [] if self._ahead is None else [self._ahead]
        stored += islice(self._stored_legs, len(expected) + 1 - len(stored))
        self._ahead = stored.pop() if len(stored) > len(expected) else None
        if stored != expected or (self._ahead is not None and self._ahead.seq <= self.seq):
            self._name_differing_legs(expected, before)

    def _finish(self) -> None:
        """Check what can only be known at the end: leftover legs, and which entries are newest."""
        leftover = [] if self._ahead is None else [self._ahead]
        for leg in [*leftover, *self._stored_legs]:
            self._problem(leg.seq, "a leg stands in the store without its entry")
        known = self._store.keys(list(self._corrected))
        for key, (first, newest) in self._corrected.items():
            if known.get(key) != KeyRow(key, first, newest.seq):
                self._problem(newest.seq, f"the store does not know it as the newest of '{key}'")
        if self._store.count_keys() != (self._first_entries, len(self._corrected)):
            self._name_unknown_keys()
        if list(self._store.count_named()) != self._named:
            self._problem(None, "the store has names of lots or mentions that no entry made")
        self.take(self._covenants.finish())

    def _read(self, row: EntryRow) -> Entry[Any]:
        """Check one row by itself and in the chain.

        Raises:
            EntryUnreadable: If it is no entry.
            KindUnknown: If it is of a kind that this Bioloom does not know.
        """
        missing_from, missing_to = self.seq + 1, row.seq - 1
        if missing_from == missing_to:
            self._problem(missing_from, "it is missing")
        elif missing_from < missing_to:
            self._problem(missing_from, f"it and all up to entry {missing_to} are missing")
        self.seq, self.entries = row.seq, self.entries + 1
        expected, self.hash = link(self.hash, row.text), row.hash
        if row.hash != expected:
            self._problem(row.seq, f"{row.kind} is not as recorded: its hash does not follow")
        entry = read_entry(row.text, row.kind)
        if entry.seq != row.seq or entry.kind != row.kind:
            self._problem(row.seq, f"{entry.kind} {entry.seq} stands in its place")
        return entry

    def _compare_names(self, beside: _Beside) -> None:
        """Check the names of lots and the mentions that must stand beside some entries."""
        self._named[0] += len(beside.lots)
        known = self._store.lot_numbers(list(beside.lots)) if beside.lots else {}
        for lot, seq in beside.lots.items():
            if known.get(lot) != lot_number(seq):
                self._problem(seq, f"the store does not know the lot '{lot}' that it made")
        mentions = self._store.mentions(list(beside.mentions)) if beside.mentions else {}
        for name, seqs in beside.mentions.items():
            self._named[1] += len(seqs)
            for seq in sorted(seqs - set(mentions.get(name, ()))):
                self._problem(seq, f"the store does not know that it is about '{name}'")

    def _legs_beside(self, entry: Entry[Any], beside: _Beside) -> list[LegRow]:
        replaced, first, key = None, entry.seq, entry.idempotency_key
        made = lots_made(entry.body)
        if isinstance(entry.body, ProcessClosed):
            # Closed before and taken back: its losses are of the lot that was made then.
            made = tuple(lot for lot in made if not 0 < self._lot(lot) < lot_number(entry.seq))
        if entry.corrects is None:
            self._first_entries += 1
            beside.lots.update({lot: entry.seq for lot in made if lot != key})
        else:
            first, replaced = self._replaced(entry)
            self._corrected[key] = (first, entry)
        for name in all_mentions(entry.body, replaced):
            beside.mentions.setdefault(name, set()).add(entry.seq)
        if isinstance(entry.body, EventReversed):
            self._compare_reversal(entry.seq, entry.body)
        own = {key} if isinstance(entry.body, LotArrived) else set(made)
        legs: list[LegRow] = []
        movements = movements_of(entry.body, entry.occurred_at, replaced)
        for leg, at in movements:
            legs.append(
                LegRow(
                    lot_number(first) if leg.lot in own else self._lot(leg.lot),
                    entry.seq,
                    len(legs),
                    self._agents.get(leg.giver, 0),
                    self._agents.get(leg.receiver, 0),
                    leg.rights_units,
                    leg.custody_units,
                    epoch_ms(at),
                )
            )
        self.take(self._covenants.take(entry, replaced, movements, legs))
        return legs

    def _compare_reversal(self, seq: int, body: EventReversed) -> None:
        """Check that a reversal moves back what the entry moved that it takes back."""
        at = seq_in_id(body.entry)
        row = None if at is None or at >= seq else self._store.rows_at([at]).get(at)
        undone = None if row is None else read_entry(row.text, row.kind)
        if undone is None or undone.id != body.entry:
            self._problem(seq, f"it takes back {body.entry}, which is not there")
        elif (backwards(legs_of(undone.body)), mentions_of(undone.body)) != (
            body.moves,
            body.about,
        ):
            self._problem(seq, f"it takes back something else than {body.entry} did")

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
        # A name of its own comes before the key of some other entry: see `numbers_of`.
        named = self._store.lot_numbers([LotId(lot)]) if self._has_names else {}
        if named:
            return named[LotId(lot)]
        known = self._store.keys([lot]).get(lot)
        return 0 if known is None else lot_number(known.first)

    def _name_differing_legs(self, expected: list[LegRow], before: int) -> None:
        """Name the entries after one whose legs differ, and read on with the next entry's legs."""
        stored = takewhile(lambda leg: leg.seq <= self.seq, self._store.all_legs(after=before))
        differing = set(expected) ^ set(stored)
        for seq in sorted({leg.seq for leg in differing}):
            self._problem(seq, "its legs in the store are not those it states")
        self._stored_legs, self._ahead = self._store.all_legs(after=self.seq), None

    def _name_unknown_keys(self) -> None:
        """Name the first entries whose idempotency key the store does not know, or not so."""
        for rows in _in_pieces(self._store.rows()):
            firsts = [entry for entry in map(_readable, rows) if entry and entry.corrects is None]
            known = self._store.keys([entry.idempotency_key for entry in firsts])
            for first in firsts:
                key = first.idempotency_key
                _, newest = self._corrected.get(key, (first.seq, first))
                if known.get(key) != KeyRow(key, first.seq, newest.seq):
                    self._problem(first.seq, f"the store does not know it by its key '{key}'")
        if not self.problems:
            self._problem(None, "the store's idempotency keys are not those of the entries")

    def _number_of(self, lot: LotId) -> int | None:
        return self._lot(lot) or None

    def take(self, found: Iterator[Found]) -> None:
        """Note what is wrong."""
        for seq, what in found:
            self._problem(seq, what)

    def _problem(self, seq: int | None, what: str) -> None:
        where = "the record" if seq is None else f"entry {seq}"
        self.problems.append(Problem(seq=seq, what=f"{where}: {what}"))


def _readable(row: EntryRow) -> Entry[Any] | None:
    try:
        return read_entry(row.text, row.kind)
    except (EntryUnreadable, KindUnknown):
        return None


def _or_failure(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Problems as they are found; if the store fails on the way, that is the last of them."""
    try:
        yield from problems
    except StoreFailed as failed:
        yield Problem(seq=None, what=f"the record: {failed.what}")


def _overdrafts(store: Store) -> Iterator[Problem]:
    """Balances below zero at any time, in the order of recording and in that of happening."""
    for lot, legs in groupby(store.legs_of_moved_lots(), key=attrgetter("lot")):
        line = list(legs)
        as_recorded = [leg._replace(occurred_ms=leg.seq) for leg in line]
        for account in {leg.giver for leg in line if leg.giver > LAST_EDGE}:
            if first_overdraft(line, account) or first_overdraft(as_recorded, account):
                what = f"agent {account} gave more of its lot than they had"
                yield Problem(seq=first_seq_of(lot), what=f"entry {first_seq_of(lot)}: {what}")


def _store_problems(store: Store) -> Iterator[Problem]:
    """What the store finds wrong with itself."""
    with store.reading():
        yield from _or_failure(_key_problems(store))
        yield from _or_failure(_balance_problems(store))
        for what in store.damage():
            yield Problem(seq=None, what=f"the record: {what}")


def _key_problems(store: Store) -> Iterator[Problem]:
    for key in store.keys_amiss():
        what = f"entry {key.first}: '{key.key}' is not its idempotency key"
        yield Problem(seq=key.first, what=what)


def _balance_problems(store: Store) -> Iterator[Problem]:
    for holding in store.holdings_amiss():
        seq = first_seq_of(holding.lot)
        what = f"entry {seq}: the balance of its lot is not the sum of the lot's legs"
        yield Problem(seq=seq, what=what)


def _in_pieces(rows: Iterator[EntryRow]) -> Iterator[list[EntryRow]]:
    while piece := list(islice(rows, _TOGETHER)):
        yield piece
