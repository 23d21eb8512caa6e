"""Ordering: in which order legs and rows about covenants come to a store that judges each leg."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from bioloom.ledger.stores.bindings.rows import Bindings, BoundRow
from bioloom.ledger.stores.protocol import LegRow


class _Row(Protocol):
    @property
    def seq(self) -> int:
        """The entry that it follows from."""


R = TypeVar("R", bound=_Row)


def in_order(legs: Sequence[LegRow], rows: Bindings) -> Iterator[tuple[list[LegRow], Bindings]]:
    """Legs and rows in pieces: the rows of each come after its legs, and no leg depends on them.

    What an entry binds counts for the entries after it, and who belongs is as it was at each. As
    a store judges every leg by the rows it has, they come to it in the order of recording.
    """
    if not any(rows):
        yield list(legs), rows
        return
    parts = _Parts(rows)
    some = (rows.covenants, rows.ended, rows.members, rows.left)
    turns = sorted({row.seq for rows_ in some for row in rows_}, reverse=True)
    piece: list[LegRow] = []
    fresh: set[int] = set()
    looked_at = 0
    for leg in legs:
        while looked_at < len(rows.bound) and _comes_first(rows.bound[looked_at], leg.seq):
            fresh.add(rows.bound[looked_at].lot)
            looked_at += 1
        if (turns and turns[-1] < leg.seq) or leg.lot in fresh:
            yield piece, parts.before(leg.seq)
            piece, fresh = [], set()
            while turns and turns[-1] < leg.seq:
                turns.pop()
        piece.append(leg)
    yield piece, parts.before(2**63)


class _Parts:
    """Rows that are handed out part by part, from the front."""

    def __init__(self, rows: Bindings) -> None:
        self._rows, self._taken = rows, [0] * len(rows)

    def before(self, seq: int) -> Bindings:
        """The rows of entries before one that were not handed out yet."""
        rows = self._rows
        return Bindings(
            self._next(0, rows.covenants, seq),
            self._next(1, rows.ended, seq),
            self._next(2, rows.members, seq),
            self._next(3, rows.left, seq),
            self._next(4, rows.bound, seq),
            self._next(5, rows.away, seq),
        )

    def _next(self, which: int, rows: Sequence[R], seq: int) -> list[R]:
        start = end = self._taken[which]
        while end < len(rows) and _comes_first(rows[end], seq):
            end += 1
        self._taken[which] = end
        return list(rows[start:end])


def _comes_first(row: _Row, seq: int) -> bool:
    """Whether a row counts for the legs of an entry; what is made of bound lots does at once."""
    return row.seq < seq or (row.seq == seq and isinstance(row, BoundRow) and bool(row.is_made))
