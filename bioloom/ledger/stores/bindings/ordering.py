"""Ordering: in which order legs and rows about covenants come to a store that judges each leg."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from bioloom.ledger.numbering import AT_NOWHERE, AT_OUTSIDE
from bioloom.ledger.stores.bindings.rows import Bindings, BoundRow
from bioloom.ledger.stores.protocol import LegRow

_AFTER_ALL = 2**63


class _Row(Protocol):
    @property
    def seq(self) -> int:
        """The entry that it follows from."""


R = TypeVar("R", bound=_Row)


def in_order(legs: Sequence[LegRow], rows: Bindings) -> Iterator[tuple[list[LegRow], Bindings]]:
    """Legs and rows in few pieces: the rows of each come after its legs.

    A store judges every leg by the rows it has. What binds a lot counts for that lot's legs after
    it; no lot's legs depend on what binds another. So legs come in waves, which all lots share:
    first those of each lot before it was bound, then those since. Waves end where something counts
    for all lots: who belongs and which covenants there are, and a loss, which is held against all
    that came in before.
    """
    if not any(rows):
        yield list(legs), rows
        return
    parts, waves = _Parts(rows), _Waves()
    some = (rows.covenants, rows.ended, rows.members, rows.left)
    turns = sorted({row.seq for rows_ in some for row in rows_}, reverse=True)
    for leg in legs:
        if turns and turns[-1] < leg.seq:
            yield from waves.ended()
            yield [], parts.before(leg.seq)
            while turns and turns[-1] < leg.seq:
                turns.pop()
        else:
            waves.bind(parts.bound_before(leg.seq))
            if waves.has_bound and leg.rights_units and leg.receiver in (AT_OUTSIDE, AT_NOWHERE):
                yield from waves.ended()
        waves.add(leg)
    yield from waves.ended()
    yield [], parts.before(_AFTER_ALL)


class _Waves:
    """Legs, and what binds their lots, by how often the lot of each was bound before."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._legs: defaultdict[int, list[LegRow]] = defaultdict(list)
        self._bound: defaultdict[int, list[BoundRow]] = defaultdict(list)
        # In which wave a lot is, and the lots whose next leg is in the one after.
        self._at: dict[int, int] = {}
        self._fresh: set[int] = set()

    @property
    def has_bound(self) -> bool:
        """Whether anything is bound in these waves."""
        return bool(self._bound)

    def bind(self, rows: Sequence[BoundRow]) -> None:
        """Let rows count for the legs of their lots from now on."""
        for row in rows:
            self._bound[self._at.get(row.lot, 0)].append(row)
            self._fresh.add(row.lot)

    def add(self, leg: LegRow) -> None:
        """Go on with a leg."""
        lot = leg.lot
        if lot in self._fresh:
            self._fresh.remove(lot)
            self._at[lot] = self._at.get(lot, 0) + 1
        self._legs[self._at.get(lot, 0)].append(leg)

    def ended(self) -> Iterator[tuple[list[LegRow], Bindings]]:
        """The waves so far, each with what binds lots after it; then begin anew."""
        for wave in range(max([*self._legs, *self._bound], default=-1) + 1):
            yield self._legs[wave], Bindings([], [], [], [], self._bound[wave], [])
        self._begin()


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
            list(self.bound_before(seq)),
            self._next(5, rows.away, seq),
        )

    def bound_before(self, seq: int) -> Sequence[BoundRow]:
        """Those of them that bind a lot."""
        rows, taken = self._rows.bound, self._taken[4]
        # Nearly all legs have none before them that is new.
        if taken == len(rows) or not _comes_first(rows[taken], seq):
            return ()
        return self._next(4, rows, seq)

    def _next(self, which: int, rows: Sequence[R], seq: int) -> list[R]:
        start = end = self._taken[which]
        while end < len(rows) and _comes_first(rows[end], seq):
            end += 1
        self._taken[which] = end
        return list(rows[start:end])


def _comes_first(row: _Row, seq: int) -> bool:
    """Whether a row counts for the legs of an entry; what is made of bound lots does at once."""
    return row.seq < seq or (row.seq == seq and isinstance(row, BoundRow) and bool(row.is_made))
