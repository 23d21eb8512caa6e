"""Stability: how surely each person stands in their group, if other statements had been asked.

Statements are drawn anew, as many as there are and with replacement, and the map is made again.
Who sits with their group in every such map is there whatever was asked; who changes sides in half
of them is between two groups.

Source:
    Efron (1979), Bootstrap methods. Hennig (2007), Cluster-wise assessment of cluster stability.
"""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linear_sum_assignment

from bioloom.assembly.opinions.grouping import Grouping, regroup
from bioloom.assembly.opinions.kernels import Floats, Ints
from bioloom.assembly.opinions.projecting import Axes, Sums, standing
from bioloom.assembly.opinions.votes import Votes

RUNS = 20
# From where the axes stand, so few steps bring them to those of a resample, to three digits.
_STEPS = 6
# Groups of a resample have settled where their middles move less than this part of all spread.
_CLOSE = 1e-3


def stability(
    core: Votes,
    sums: Sums,
    axes: Axes,
    rows: Ints,
    grouping: Grouping,
    *,
    seed: int = 0,
    runs: int = RUNS,
) -> Floats:
    """The part of the resampled maps in which each person sits with their group.

    Args:
        core: The votes that make the map.
        sums: Of these votes.
        axes: Along what they differ.
        rows: Which of their people are in groups.
        grouping: The groups of these.
        seed: Of the draws.
        runs: How many maps are made.
    """
    if grouping.count == 1:
        return np.ones(len(rows))
    used = max(axes.above_noise, 1)
    stayed = np.zeros(len(rows))
    for at in _resampled(core, sums, axes, used, np.random.default_rng(seed), runs):
        inside = np.ascontiguousarray(at[rows])
        again = regroup(inside, grouping.count, _CLOSE * float(inside.std()))
        stayed += _alike(grouping.label, again, grouping.count) == grouping.label
    return stayed / runs


def _resampled(
    core: Votes, sums: Sums, axes: Axes, used: int, draw: np.random.Generator, runs: int
) -> Iterator[Floats]:
    """Where people stand, shape (people, used), in each of some maps of statements drawn anew."""
    count, scatter = len(core.statements), sums.scatter()
    weights = draw.multinomial(count, np.full(count, 1 / count), size=runs).astype(np.float64)
    turned = [_top(scatter, root, axes.along)[:, :used] for root in np.sqrt(weights)]
    spread = np.maximum(axes.spread[:used], 1e-9)
    # All at once: a table of votes is read once for all maps.
    for at, _ in standing(core, axes.means, turned, np.sqrt(weights), axes.noise, spread):
        yield at


def _top(scatter: Floats, root: Floats, start: Floats) -> Floats:
    """The largest axes of a scatter whose statements have weights, by subspace iteration."""
    weighed, along = scatter * np.outer(root, root), start
    for _ in range(_STEPS):
        along, _ = np.linalg.qr(weighed @ along)
    _, turn = np.linalg.eigh(along.T @ weighed @ along)
    top: Floats = along @ turn[:, ::-1]
    return top


def _alike(label: Ints, other: Ints, count: int) -> Ints:
    """Another grouping's labels, under the names under which most people are where they were."""
    overlap = np.bincount(label * count + other, minlength=count**2).reshape(count, count)
    own, theirs = linear_sum_assignment(-overlap)
    name = np.empty(count, np.int64)
    name[theirs] = own
    return name[other]
