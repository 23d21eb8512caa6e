"""Edges: what went into what, as the fold of a record that a snapshot keeps."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bioloom.ledger.record.chain import seq_in_id
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import numbers_of
from bioloom.ledger.stores.protocol import EntryRow
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed, ProcessClosed
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.lots import LotId

_TOGETHER = 5_000
_TELLING = frozenset(("EventHappened", "EventReversed", "ProcessClosed"))
# From a node to a node: a lot by its name, a process or a transfer by its number, below zero.
_Edge = tuple[LotId | int, LotId | int]


class Edges(msgspec.Struct, kw_only=True):
    """Edges between lots and what lies between them, as arrays of int64.

    Attributes:
        seqs: The entry that tells of each edge, shape (edges,).
        tails: Where each begins: a lot's number, or a process or transfer (below zero).
        heads: Where each ends.
        processes: The numbers of processes, in the order in which they were first told of.
    """

    seqs: bytes = b""
    tails: bytes = b""
    heads: bytes = b""
    processes: dict[str, int] = {}

    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The entries, tails and heads as arrays."""
        return _array(self.seqs), _array(self.tails), _array(self.heads)


class EdgesFold:
    """The fold of a record into `Edges`; see `ledger/snapshots/snapshotting.py`."""

    name = "genealogy"
    version = "1"
    shape = Edges

    def begin(self) -> Edges:
        """Nothing was made of anything yet."""
        return Edges()

    def go_on(self, state: Edges, journal: Journal, *, after: int, until: int) -> Edges:
        """The edges with some more entries. See `Fold.go_on`."""
        going = _Going(journal, state.processes)
        rows = journal.store.rows(after=after, before=until + 1)
        while some := list(islice(rows, _TOGETHER)):
            going.take(some)
        return going.added_to(state)


class _Going:
    """Edges on their way over some entries."""

    def __init__(self, journal: Journal, processes: dict[str, int]) -> None:
        self._journal, self._processes = journal, dict(processes)
        self._rows: list[tuple[int, int, int]] = []
        self._undone: list[int] = []

    def take(self, rows: Iterable[EntryRow]) -> None:
        """Note what some entries tell, and what they take back."""
        told: list[tuple[int, _Edge]] = []
        for row in rows:
            if row.kind in _TELLING:
                entry = read_entry(row.text, row.kind)
                undone = entry.corrects
                if isinstance(entry.body, EventReversed):
                    undone = entry.body.entry
                if undone is not None and (seq := seq_in_id(undone)) is not None:
                    self._undone.append(seq)
                told += [(row.seq, edge) for edge in self._edges(entry)]
        lots = {node for _, edge in told for node in edge if isinstance(node, str)}
        numbers = numbers_of(self._journal.store, sorted(lots)) if lots else {}
        for seq, (tail, head) in told:
            self._rows.append(
                (
                    seq,
                    numbers[tail] if isinstance(tail, str) else tail,
                    numbers[head] if isinstance(head, str) else head,
                )
            )

    def added_to(self, state: Edges) -> Edges:
        """All edges, without those of entries that were corrected or taken back."""
        if not self._rows and not self._undone:
            return state
        new = np.array(self._rows, dtype=np.int64).reshape(-1, 3).T
        all_of = [np.concatenate(pair) for pair in zip(state.arrays(), new, strict=True)]
        stands = ~np.isin(all_of[0], np.array(self._undone, dtype=np.int64))
        seqs, tails, heads = (column[stands].tobytes() for column in all_of)
        return Edges(seqs=seqs, tails=tails, heads=heads, processes=self._processes)

    def _edges(self, entry: Entry[Any]) -> Iterable[_Edge]:
        match entry.body:
            case ProcessClosed(process=process, used_up=used_up):
                return [(used.lot, self._process(process)) for used in used_up]
            case EventHappened(lot=lot) as event if lot is not None:
                return self._edges_of_event(entry.seq, lot, event)
        return ()

    def _edges_of_event(self, seq: int, lot: LotId, event: EventHappened) -> Iterable[_Edge]:
        if event.to_lot is not None and event.to_lot != lot:
            yield lot, transfer_node(seq)
            yield transfer_node(seq), event.to_lot
        if event.action == "consume" and event.input_of is not None:
            yield lot, self._process(event.input_of)
        if event.action == "produce" and event.output_of is not None:
            yield self._process(event.output_of), lot

    def _process(self, process: str) -> int:
        return process_node(self._processes.setdefault(process, len(self._processes)))


def process_node(number: int) -> int:
    """The node of a process by its number: odd and below zero.

    >>> process_node(0), process_node(1)
    (-1, -3)
    """
    return -2 * number - 1


def transfer_node(seq: int) -> int:
    """The node of a transfer into another lot by its entry: even and below zero.

    >>> transfer_node(7)
    -14
    """
    return -2 * seq


def _array(content: bytes) -> NDArray[np.int64]:
    return np.frombuffer(content, dtype=np.int64)
