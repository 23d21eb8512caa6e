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
def parted(at: Floats, centres: Floats, fewest: int) -> Floats:
    """One more centre: the group that is spread most gets two, to both sides of its longest axis.

    The same centres where no group can be parted, as it has too few points or all are one.
    """
    groups, axes = centres.shape
    label, far, _ = nearest(at, centres)
    spread = np.zeros(groups)
    size = np.zeros(groups)
    for i in range(len(at)):
        spread[label[i]] += far[i]
        size[label[i]] += 1
    widest = int(np.argmax(spread))
    if spread[widest] <= 1e-12 or size[widest] < 2 * fewest:
        return centres
    scatter = np.zeros((axes, axes))
    for i in range(len(at)):
        if label[i] == widest:
            for a in range(axes):
                for b in range(axes):
                    scatter[a, b] += (at[i, a] - centres[widest, a]) * (
                        at[i, b] - centres[widest, b]
                    )
    _, turn = np.linalg.eigh(scatter)
    both = np.zeros((2, axes))
    number = np.zeros(2)
    for i in range(len(at)):
        if label[i] == widest:
            over = 0.0
            for a in range(axes):
                over += (at[i, a] - centres[widest, a]) * turn[a, axes - 1]
            side = 1 if over > 0 else 0
            number[side] += 1
            for a in range(axes):
                both[side, a] += at[i, a]
    if number[0] == 0 or number[1] == 0:
        return centres
    more = np.zeros((groups + 1, axes))
    more[:groups] = centres
    more[widest] = both[0] / number[0]
    more[groups] = both[1] / number[1]
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
def solved(normal: Floats, right: Floats, ridge: Floats) -> tuple[Floats, Floats]:
    """Solve each person's small system, and say how much of the ridge's doubt it takes away.

    By the inverse, column by column, of the Cholesky factor.

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
        for a in range(axes):
            for b in range(a + 1):
                part = normal[i, a * axes + b] + (ridge[a] if a == b else 0.0)
                for c in range(b):
                    part -= low[a, c] * low[b, c]
                low[a, b] = np.sqrt(part) if a == b else part / low[b, b]
        for a in range(axes):
            for b in range(a, axes):
                part = 1.0 if b == a else 0.0
                for c in range(a, b):
                    part -= low[b, c] * column[c]
                column[b] = part / low[b, b]
            for b in range(axes - 1, -1, -1):
                part = column[b] if b >= a else 0.0
                for c in range(b + 1, axes):
                    part -= low[c, b] * column[c]
                column[b] = part / low[b, b]
            for b in range(axes):
                at[i, a] += column[b] * right[i, b]
            sure[i, a] = 1.0 - ridge[a] * column[a]
    return at, sure
