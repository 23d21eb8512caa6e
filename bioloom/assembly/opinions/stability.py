"""Stability: how surely each person stands in their group, if other statements had been asked.

Statements are drawn anew, as many as there are and with replacement, and the map is made again.
Who sits with their group in every such map is there whatever was asked; who changes sides in half
of them is between two groups.

Source:
    Efron (1979), Bootstrap methods. Hennig (2007), Cluster-wise assessment of cluster stability.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from bioloom.assembly.opinions.grouping import Grouping, regroup
from bioloom.assembly.opinions.kernels import Floats, Ints
from bioloom.assembly.opinions.projecting import Axes, Sums, standing
from bioloom.assembly.opinions.votes import Votes

# From where the axes stand, so few steps bring them to those of a resample, to three digits.
_STEPS = 6
# Groups of a resample have settled where their middles move less than this part of all spread.
_CLOSE = 1e-3


@dataclass(frozen=True)
class Resampling:
    """How many maps are made of statements drawn anew, and the seed of the draws."""

    runs: int = 20
    seed: int = 0


USUAL = Resampling()


@dataclass(frozen=True)
class Placed:
    """Which of the people who make a map are in groups, by their places, and their groups."""

    rows: Ints
    grouping: Grouping


def stability(
    core: Votes, sums: Sums, axes: Axes, placed: Placed, resampling: Resampling
) -> Floats:
    """The part of the resampled maps in which each person sits with their group.

    Args:
        core: The votes that make the map.
        sums: Of these votes.
        axes: Along what people differ.
        placed: Which of the people are in groups, and these.
        resampling: How many maps, drawn from which seed.
    """
    grouping, rows = placed.grouping, placed.rows
    if grouping.count == 1:
        return np.ones(len(rows))
    used = max(axes.above_noise, 1)
    draw, count = np.random.default_rng(resampling.seed), len(core.statements)
    roots = np.sqrt(draw.multinomial(count, np.full(count, 1 / count), size=resampling.runs))
    scatter = sums.scatter()
    weighed = [scatter * np.outer(root, root) for root in roots]
    turned = [_top(each, axes.along)[:, :used] for each in weighed]
    stayed = np.zeros(len(rows))
    for at, _ in standing(core, axes, turned, roots):
        inside = np.ascontiguousarray(at[rows])
        again = regroup(inside, grouping.count, _CLOSE * float(inside.std()))
        stayed += _alike(grouping.label, again, grouping.count) == grouping.label
    return stayed / resampling.runs


def _top(scatter: Floats, start: Floats) -> Floats:
    """The largest axes of a scatter, by subspace iteration from axes near them."""
    along = start
    for _ in range(_STEPS):
        along, _ = np.linalg.qr(scatter @ along)
    _, turn = np.linalg.eigh(along.T @ scatter @ along)
    top: Floats = along @ turn[:, ::-1]
    return top


def _alike(label: Ints, other: Ints, count: int) -> Ints:
    """Another grouping's labels, under the names under which most people are where they were."""
    overlap = np.bincount(label * count + other, minlength=count**2).reshape(count, count)
    own, theirs = linear_sum_assignment(-overlap)
    name = np.empty(count, np.int64)
    name[theirs] = own
    return name[other]
