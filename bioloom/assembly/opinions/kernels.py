"""Loops over people, compiled: groups around their means, and what each group said."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from bioloom.assembly.opinions.votes import AGREE, DISAGREE, UNSEEN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Compile a loop; the machine code is kept beside the source, where it can be written."""
    return cast("Loop", numba.njit(loop, cache=True, error_model="numpy"))


@compiled
def nearest(at: Floats, centres: Floats) -> tuple[Ints, Floats, Floats]:
    """Each point's nearest centre, and the squared distances to it and to the second nearest."""
    points, groups = len(at), len(centres)
    label = np.zeros(points, np.int64)
    first = np.full(points, np.inf)
    second = np.full(points, np.inf)
    for i in range(points):
        for g in range(groups):
            far = 0.0
            for a in range(at.shape[1]):
                far += (at[i, a] - centres[g, a]) ** 2
            if far < first[i]:
                second[i] = first[i]
                first[i] = far
                label[i] = g
            elif far < second[i]:
                second[i] = far
    return label, first, second


@compiled
def widest(at: Floats, centres: Floats, label: Ints, far: Floats, fewest: int) -> int:
    """The group that is spread most; -1 where it is too small to be parted, or all in one point."""
    spread = np.zeros(len(centres))
    size = np.zeros(len(centres))
    for i in range(len(at)):
        spread[label[i]] += far[i]
        size[label[i]] += 1
    group = int(np.argmax(spread))
    return group if spread[group] > 1e-12 and size[group] >= 2 * fewest else -1


@compiled
def halves(at: Floats, label: Ints, group: int, centre: Floats, axis: Floats) -> Floats:
    """The means of a group's points to both sides of its centre along an axis."""
    axes = len(centre)
    both = np.zeros((2, axes))
    number = np.zeros(2)
    for i in range(len(at)):
        if label[i] == group:
            side = 1 if np.dot(at[i] - centre, axis) > 0 else 0
            number[side] += 1
            both[side] += at[i]
    for side in range(2):
        both[side] /= max(number[side], 1.0)
    return both if number[0] and number[1] else both[:0]


@compiled
def scattered(at: Floats, label: Ints, group: int, centre: Floats) -> Floats:
    """The scatter of a group's points around its centre, shape (axes, axes)."""
    axes = len(centre)
    scatter = np.zeros((axes, axes))
    for i in range(len(at)):
        if label[i] == group:
            for a in range(axes):
                for b in range(axes):
                    scatter[a, b] += (at[i, a] - centre[a]) * (at[i, b] - centre[b])
    return scatter


@compiled
def parted(at: Floats, centres: Floats, fewest: int) -> Floats:
    """One more centre: the group that is spread most gets two, to both sides of its longest axis.

    The same centres where it cannot be parted, as it has too few points or all are one.
    """
    label, far, _ = nearest(at, centres)
    group = widest(at, centres, label, far, fewest)
    if group < 0:
        return centres
    centre = centres[group]
    _, turn = np.linalg.eigh(scattered(at, label, group, centre))
    both = halves(at, label, group, centre, np.ascontiguousarray(turn[:, -1]))
    if len(both) == 0:
        return centres
    more = np.concatenate((centres, both[1:]))
    more[group] = both[0]
    return more


@compiled
def settled(at: Floats, centres: Floats, most_rounds: int, close: float) -> Floats:
    """Centres that are the means of the points nearest to them; one without points stays.

    Args:
        at: Points, shape (points, axes).
        centres: Where to begin.
        most_rounds: How often points change their centre at most.
        close: Centres that move less than this have settled.
    """
    groups, axes = centres.shape
    for _ in range(most_rounds):
        size = np.zeros(groups)
        moved = np.zeros((groups, axes))
        for i in range(len(at)):
            own = 0
            first = np.inf
            for g in range(groups):
                far = 0.0
                for a in range(axes):
                    far += (at[i, a] - centres[g, a]) ** 2
                if far < first:
                    first = far
                    own = g
            size[own] += 1
            for a in range(axes):
                moved[own, a] += at[i, a]
        most = 0.0
        for g in range(groups):
            for a in range(axes):
                moved[g, a] = moved[g, a] / size[g] if size[g] else centres[g, a]
                most = max(most, abs(moved[g, a] - centres[g, a]))
        centres = moved
        if most < close:
            break
    return centres


@compiled
def counted(cells: NDArray[np.int8], label: Ints, groups: int) -> Ints:
    """How often each group agreed, disagreed and voted, shape (3, groups, statements).

    People of label -1 are in no group.
    """
    people, statements = cells.shape
    found = np.zeros((3, groups, statements), np.int64)
    for i in range(people):
        g = label[i]
        if g < 0:
            continue
        for j in range(statements):
            vote = cells[i, j]
            if vote == UNSEEN:
                continue
            found[2, g, j] += 1
            found[0, g, j] += vote == AGREE
            found[1, g, j] += vote == DISAGREE
    return found


@compiled
def factor(system: Floats, low: Floats) -> None:
    """The Cholesky factor of a symmetric positive system, written into `low`."""
    for a in range(len(system)):
        for b in range(a + 1):
            part = system[a, b]
            for c in range(b):
                part -= low[a, c] * low[b, c]
            low[a, b] = np.sqrt(part) if a == b else part / low[b, b]


@compiled
def invert(low: Floats, a: int, column: Floats) -> None:
    """One column of the inverse of a system, from its Cholesky factor."""
    axes = len(low)
    for b in range(axes):
        part = 1.0 if b == a else 0.0
        for c in range(b):
            part -= low[b, c] * column[c]
        column[b] = part / low[b, b]
    for b in range(axes - 1, -1, -1):
        part = column[b]
        for c in range(b + 1, axes):
            part -= low[c, b] * column[c]
        column[b] = part / low[b, b]


@compiled
def solved(normal: Floats, right: Floats, ridge: Floats) -> tuple[Floats, Floats]:
    """Solve each person's small system, and say how much of the ridge's doubt it takes away.

    Args:
        normal: Shape (people, axes * axes), symmetric and positive, without the ridge.
        right: Shape (people, axes).
        ridge: What stands on each system's diagonal besides.

    Returns:
        The solutions, and 1 less the ridge times the diagonal of the inverse, shape (people, axes).
    """
    people, axes = right.shape
    at = np.zeros((people, axes))
    sure = np.zeros((people, axes))
    low = np.zeros((axes, axes))
    column = np.zeros(axes)
    for i in range(people):
        system = normal[i].copy().reshape(axes, axes)
        for a in range(axes):
            system[a, a] += ridge[a]
        factor(system, low)
        for a in range(axes):
            invert(low, a, column)
            for b in range(axes):
                at[i, a] += column[b] * right[i, b]
            sure[i, a] = 1.0 - ridge[a] * column[a]
    return at, sure
