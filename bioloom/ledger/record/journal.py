"""The journal: the one record. Everything enters through `append`; nothing is ever changed."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec

from bioloom.ledger.covenants.standing import Covenants
from bioloom.ledger.declared import DECLARATIONS, Declared, declared_by
from bioloom.ledger.record.chain import GENESIS, seq_in_id
from bioloom.ledger.record.outcomes import Conflict, Outcome, Recorded, Refused, Same
from bioloom.ledger.record.sealing import Sealing
from bioloom.ledger.stores.protocol import EntryRow, Store
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventReversed
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal


class RecordedOtherwise(Refusal):
    """The record already says something else under the same key."""

    def __init__(self, *, key: str, seq: int) -> None:
        self.key, self.seq = key, seq
        super().__init__(
            what=f"The record has something else under '{key}', in entry {seq}.",
            why="Nothing recorded is ever changed in passing.",
            remedy="If the new statement is right, record it as a correction.",
        )


class RecordMovedOn(Refusal):
    """Something was recorded between a decision and its recording."""

    def __init__(self, *, decided_at: int, now_at: int) -> None:
        self.decided_at, self.now_at = decided_at, now_at
        super().__init__(
            what=f"The record went on from entry {decided_at} to {now_at} in the meantime.",
            why="The decision may rest on figures that are no longer so.",
            remedy="Do the same again; it then rests on the record as it is now.",
        )


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where the record ends: a hash that stands on every entry before it."""

    seq: int
    hash: str
    recorded_at: Instant | None


class Journal:
    """A record over some store. Any number of threads may read; appends wait for each other."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._covenants = Covenants()

    def append(
        self, drafts: Sequence[Draft[Any]], *, recorded_at: Instant, correct: bool = False
    ) -> list[Outcome]:
        """Offer drafts to the record; what is recorded is durable when this returns.

        One transaction; each draft is judged by itself, in order, and one that is refused does not
        stop the others.

        Args:
            drafts: What a room decided.
            recorded_at: Now. If the clock went back, the time of the entry before is used.
            correct: Whether a draft that says something else than the record under the same key
                replaces it. Otherwise it is reported as a conflict.

        Returns:
            What became of each draft, in their order.
        """
        with self.store.writing():
            return self.sealing(recorded_at=recorded_at, correct=correct).take(drafts)

    def sealing(self, *, recorded_at: Instant, correct: bool) -> Sealing:
        """Begin to seal drafts, where the caller holds the store's pen. See `Sealing`.

        Covenants and who belongs under them are kept from one time to the next, and only read on.
        """
        sealing = Sealing(
            self.store, recorded_at=recorded_at, correct=correct, covenants=self._covenants
        )
        self._covenants = sealing.covenants
        return sealing

    def record(
        self, drafts: Sequence[Draft[Any]], *, recorded_at: Instant, decided_at: int | None = None
    ) -> list[Entry[Any]]:
        """Record all drafts, or none of them.

        Args:
            drafts: What a room decided.
            recorded_at: Now.
            decided_at: The newest entry that the decision knew of, where it rests on all of them.

        Returns:
            Their entries; for one that the record had already, the entry it had.

        Raises:
            RecordMovedOn: If there is a newer entry than the decision knew of.
            RecordedOtherwise: If the record says something else under a draft's key.
            Refusal: If a draft breaks a law of the ledger.
        """
        with self.store.writing():
            now_at = self.head().seq
            if decided_at not in (None, now_at):
                raise RecordMovedOn(decided_at=decided_at, now_at=now_at)
            # Recorded also when one is refused: what a covenant forbids leaves a trace.
            outcomes = self.sealing(recorded_at=recorded_at, correct=False).take_whole(drafts)
        return [_entry_or_refusal(outcome) for outcome in outcomes]

    def head(self) -> Head:
        """Where the record ends now."""
        row = self.store.last()
        if row is None:
            return Head(seq=0, hash=GENESIS.hex(), recorded_at=None)
        recorded_at = entry_of(row).recorded_at
        return Head(seq=row.seq, hash=row.hash.hex(), recorded_at=recorded_at)

    def read(
        self, *, after: int = 0, before: int | None = None, kinds: Collection[str] | None = None
    ) -> Iterator[Entry[Any]]:
        """Entries in order with `after < seq < before`, of all kinds or of some."""
        return map(entry_of, self.store.rows(after=after, before=before, kinds=kinds))

    def undone(self) -> frozenset[str]:
        """Ids of the entries that were corrected or taken back; the whole record is read."""
        gone: set[str] = set()
        for entry in self.read():
            if entry.corrects is not None:
                gone.add(entry.corrects)
            if isinstance(entry.body, EventReversed):
                gone.add(entry.body.entry)
        return frozenset(gone)

    def standing(self) -> Iterator[Entry[Any]]:
        """Entries that nothing replaced or took back, in order. The whole record is read twice."""
        gone = self.undone()
        return (entry for entry in self.read() if entry.id not in gone)

    def at(self, seqs: Sequence[int]) -> dict[int, Entry[Any]]:
        """Entries by sequence number."""
        return {seq: entry_of(row) for seq, row in self.store.rows_at(seqs).items()}

    def by_id(self, entry_id: str) -> Entry[Any] | None:
        """An entry by its id, or none of that id."""
        seq = seq_in_id(entry_id)
        entry = None if seq is None else self.at([seq]).get(seq)
        return entry if entry is not None and entry.id == entry_id else None

    def current(self, keys: Sequence[str]) -> dict[str, Entry[Any]]:
        """The newest version of those idempotency keys that are known."""
        newest = {row.newest: row.key for row in self.store.keys(keys).values()}
        return {newest[seq]: entry for seq, entry in self.at(list(newest)).items()}

    def declared(self) -> Declared:
        """The city's places, materials and agents as the record has them now."""
        return declared_by(self.read(kinds=DECLARATIONS))


def entry_of(row: EntryRow) -> Entry[Any]:
    """The entry a row keeps."""
    return msgspec.structs.replace(read_entry(row.text, row.kind), hash=row.hash.hex())


def _entry_or_refusal(outcome: Outcome) -> Entry[Any]:
    match outcome:
        case Recorded(entry) | Same(_, entry):
            return entry
        case Conflict(draft, current):
            raise RecordedOtherwise(key=draft.idempotency_key, seq=current.seq)
        case Refused(_, refusal):
            raise refusal
