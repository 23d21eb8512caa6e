"""Following: the opinion map while votes come in, one at a time.

One vote changes one person's part of the sums, which are whole numbers and so never drift. How many
axes and groups there are, and how stable these are, is as the last whole map found; the rest is as
if the map were made from nothing. A whole map is due when the votes since the last are a hundredth
of all.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from bioloom.assembly.opinions.grouping import regroup
from bioloom.assembly.opinions.kernels import Floats, Ints
from bioloom.assembly.opinions.mapping import (
    SURE_ENOUGH,
    OpinionMap,
    fewest_votes,
    makers_of,
    map_opinions,
)
from bioloom.assembly.opinions.projecting import (
    Axes,
    Sums,
    axes_of,
    coordinates,
    largest_axes,
    spread_along,
    sums_of,
)
from bioloom.assembly.opinions.stability import USUAL, Resampling
from bioloom.assembly.opinions.votes import NUMBER_OF, UNSEEN, Vote, Votes, natural

# A whole map is due when so many of a hundred votes are newer than the last.
DUE_PERCENT = 1


@dataclass(frozen=True)
class Placement:
    """Where people stand after the latest vote.

    Attributes:
        people: By name.
        at: Shape (people, axes); see `OpinionMap`.
        sure: How much of where they may stand their votes settle, 0 to 1.
        label: The group of each, or -1.
        is_due: Whether a whole map is due, which may find other groups.
    """

    people: tuple[str, ...]
    at: Floats
    sure: Floats
    label: Ints
    is_due: bool


class Following:
    """A map that follows the votes."""

    def __init__(self, votes: Votes, resampling: Resampling = USUAL) -> None:
        """Begin with a whole map.

        Args:
            votes: The votes so far.
            resampling: Of whole maps.
        """
        self.votes, self._resampling = votes, resampling
        self.map = self.whole()

    def whole(self) -> OpinionMap:
        """Make the whole map anew of all votes, as `map_opinions` does of them."""
        self.map = map_opinions(self.votes, self._resampling)
        self._begin()
        return self.map

    def take(self, vote: Vote) -> Placement:
        """Go on with one more vote, or one that replaces the same person's earlier one."""
        if vote.statement not in self._column_of:
            self.votes = _with_column(self.votes, vote.statement)
            self._begin()
        row = self._row(vote.person)
        cells, column = self.votes.cells, self._column_of[vote.statement]
        self._count(row, -1.0)
        cells[row, column] = NUMBER_OF[vote.said]
        self.votes.seen[row, column], self.votes.said[row, column] = 1.0, NUMBER_OF[vote.said]
        self.votes.number[row] = np.count_nonzero(cells[row] != UNSEEN)
        self._count(row, 1.0)
        self._since += 1
        if self._axes is None:
            self.whole()
        return self._placed()

    def _begin(self) -> None:
        """Sums and axes of the votes as they are, in tables of our own that votes may change."""
        old = self.votes
        self.votes = Votes(old.people, old.statements, old.cells.copy())
        self._column_of = {name: place for place, name in enumerate(old.statements)}
        makers = makers_of(self.votes)
        self._sums: Sums = sums_of(self.votes.of(makers))
        self._axes: Axes | None = None
        if len(makers) >= 2 and len(old.statements) >= 2:
            self._axes = axes_of(self.votes.of(makers), self._sums)
        self._since = 0

    def _row(self, person: str) -> int:
        votes = self.votes
        row = bisect_left(votes.people, natural(person), key=natural)
        if row < len(votes.people) and votes.people[row] == person:
            return row
        people = (*votes.people[:row], person, *votes.people[row:])
        self.votes = Votes(people, votes.statements, np.insert(votes.cells, row, UNSEEN, axis=0))
        return row

    def _count(self, row: int, sign: float) -> None:
        """Add a person's votes to the sums, or take them away, if they make the map."""
        if self.votes.number[row] < fewest_votes(self.votes):
            return
        seen, said = self.votes.seen[row], self.votes.said[row]
        pairs = ((seen, seen), (said, seen), (said, said))
        for sums, (one, other) in zip(self._sums.all, pairs, strict=True):
            np.add(sums, sign * np.outer(one, other), out=sums)

    def _placed(self) -> Placement:
        votes, number = self.votes, len(self.votes.people)
        is_due = 100 * self._since >= DUE_PERCENT * float(votes.number.sum())
        if self._axes is None:
            nowhere, none = np.full((number, 2), np.nan), np.full(number, -1, np.int64)
            return Placement(votes.people, nowhere, np.zeros(number), none, is_due=True)
        before = self._axes
        along, size = largest_axes(self._sums.scatter(), len(before.size))
        part = (votes.seen @ along**2)[makers_of(votes)]
        self._axes = spread_along(part, self._sums, along, size, before.above_noise)
        at, sure = coordinates(votes, self._axes)
        label = np.full(number, -1, np.int64)
        rows = np.flatnonzero(sure >= SURE_ENOUGH)
        used = np.ascontiguousarray(at[rows, : max(before.above_noise, 1)])
        label[rows] = regroup(used, max(len(self.map.groups), 1))
        return Placement(votes.people, at[:, :2], sure, label, is_due)


def _with_column(votes: Votes, statement: str) -> Votes:
    column = bisect_left(votes.statements, natural(statement), key=natural)
    names = (*votes.statements[:column], statement, *votes.statements[column:])
    return Votes(votes.people, names, np.insert(votes.cells, column, UNSEEN, axis=1))
