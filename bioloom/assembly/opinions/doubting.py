"""Doubting: which groups may be none. A doubt is a heuristic, told beside the group it is about.

A group in doubt is shown all the same: a method that hides one might hide a minority.
"""

from typing import Literal

import numpy as np

from bioloom.assembly.opinions.grouping import Grouping
from bioloom.assembly.opinions.kernels import Floats, Ints
from bioloom.assembly.opinions.representing import leaning, representatives

Doubt = Literal[
    "nothing tells it apart",  # No statement that it holds and others surely do not.
    "agrees with more",  # It differs in how much it agrees, whatever is said.
    "no gap",  # People stand between it and the next group as densely as in it.
    "changes with the statements",  # Its people sit elsewhere if other statements are asked.
]
# So much of all difference has one sign, where groups differ in agreeing at all (polis#2025).
AGREEING_SHARE = 0.8
# Below this part of the maps in which its people stay, a group is not one that can be found again.
STABLE_SHARE = 0.75
# Of points spread evenly on a line, two halves keep a quarter of the spread; and how far it varies
# from that, times the root of how many points there are: that of the index's influence function.
EVEN_INDEX, EVEN_ERROR = 0.25, 0.27386
_Z = 1.6448536269514722


def doubts_of(
    group: int, grouping: Grouping, at: Floats, counts: Ints, stayed: Floats
) -> list[Doubt]:
    """What speaks against a group.

    Args:
        group: Which.
        grouping: All groups.
        at: Where people stand, along the axes by which they were grouped.
        counts: Agreed, disagreed and voted, shape (3, groups, statements).
        stayed: The part of the resampled maps in which each person stays.
    """
    found: list[Doubt] = []
    if not representatives(counts, group):
        found.append("nothing tells it apart")
    if agreeing_share(counts, group) >= AGREEING_SHARE:
        found.append("agrees with more")
    if not has_gap(group, grouping, at):
        found.append("no gap")
    own = stayed[grouping.label == group]
    own = own[~np.isnan(own)]
    if not len(own) or float(own.mean()) < STABLE_SHARE:
        found.append("changes with the statements")
    return found


def agreeing_share(counts: Ints, group: int) -> float:
    """How much of what sets a group apart is that it agrees more, or less, with everything."""
    others = counts.sum(axis=1) - counts[:, group]
    both = np.stack([counts[:, group], others], axis=1)
    own, rest = leaning(both)
    apart = own - rest
    return float(abs(apart.sum()) / max(np.abs(apart).sum(), 1e-12))


def has_gap(group: int, grouping: Grouping, at: Floats) -> bool:
    """Whether fewer people stand between a group and the next than if all were spread evenly."""
    centre = grouping.centres[group]
    far = np.linalg.norm(grouping.centres - centre, axis=1)
    far[group] = np.inf
    nearest = int(np.argmin(far))
    is_either = np.isin(grouping.label, (group, nearest))
    along = grouping.centres[nearest] - centre
    return split_index(at[is_either] @ along) < EVEN_INDEX


def split_index(line: Floats) -> float:
    """How much spread two groups on a line leave, at the best split; plus its sampling error."""
    points = np.sort(line)
    number = len(points)
    total = float(np.sum((points - points.mean()) ** 2))
    if number < 4 or total <= 0:
        return 1.0
    sums, squares = np.cumsum(points), np.cumsum(points**2)
    left = np.arange(1, number)
    within = squares[-1] - sums[:-1] ** 2 / left - (sums[-1] - sums[:-1]) ** 2 / (number - left)
    return float(np.min(within)) / total + _Z * EVEN_ERROR / float(np.sqrt(number))
