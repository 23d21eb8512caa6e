"""Grouping: which people stand together, and how many groups there are.

K-means from a start that depends on nothing but the points: the widest group is split along its
longest axis, again and again. How many groups is the number with the best silhouette; there is no
upper limit but that a group has people. Where no axis is above the noise there is one group.

Source:
    MacQueen (1967). Su & Dy (2007), In search of deterministic methods for initializing k-means.
    Hruschka, de Castro & Campello (2004), Evolutionary algorithms for clustering gene-expression
    data (the simplified silhouette).
"""

from dataclasses import dataclass

import numpy as np

from bioloom.assembly.opinions.kernels import Floats, Ints, nearest, parted, settled

FEWEST_IN_A_GROUP = 2
# A number of groups beyond the best is tried until so many in a row were worse.
_PATIENCE = 4
_MOST_ROUNDS = 100
_CLOSE = 1e-12


@dataclass(frozen=True)
class Grouping:
    """Points in groups, the largest first.

    Attributes:
        label: The group of each point.
        centres: Shape (groups, axes).
        silhouette: From -1 to 1, how much nearer points are to their own centre than to another.
    """

    label: Ints
    centres: Floats
    silhouette: float

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.centres)


def one_group(at: Floats) -> Grouping:
    """All points together."""
    centre = at.mean(axis=0, keepdims=True) if len(at) else np.zeros((1, at.shape[1]))
    return Grouping(np.zeros(len(at), np.int64), centre, 0.0)


def group(at: Floats) -> Grouping:
    """Put points into as many groups as fit them best, at least two where there can be two.

    Args:
        at: Shape (points, axes).
    """
    best, worse = one_group(at), 0
    centres = best.centres
    while worse < _PATIENCE and len(centres) < len(more := _one_more(at, centres, _CLOSE)):
        centres = more
        tried = _judged(at, centres)
        if best.count == 1 or tried.silhouette > best.silhouette:
            best, worse = tried, 0
        else:
            worse += 1
    return best


def regroup(at: Floats, count: int, close: float = _CLOSE) -> Ints:
    """The groups of points that are put into so many, or as many as there can be.

    Args:
        at: Shape (points, axes).
        count: How many groups.
        close: Centres that move less than this have settled.
    """
    centres = one_group(at).centres
    while len(centres) < min(count, len(more := _one_more(at, centres, close))):
        centres = more
    label, _, _ = nearest(at, centres)
    return _by_size(label, centres)[label]


def _one_more(at: Floats, centres: Floats, close: float) -> Floats:
    return settled(at, parted(at, centres, FEWEST_IN_A_GROUP), _MOST_ROUNDS, close)


def _judged(at: Floats, centres: Floats) -> Grouping:
    label, first, second = nearest(at, centres)
    rank = _by_size(label, centres)
    own, other = np.sqrt(first), np.sqrt(second)
    silhouette = float(np.mean((other - own) / np.maximum(np.maximum(own, other), 1e-12)))
    return Grouping(rank[label], centres[np.argsort(rank)], silhouette)


def _by_size(label: Ints, centres: Floats) -> Ints:
    """Which place each group has, the largest first."""
    size = np.bincount(label, minlength=len(centres))
    order = np.lexsort((*centres.T[::-1], -size))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank
