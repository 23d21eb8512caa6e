"""Mapping: the opinion map of a conversation, from its votes alone.

Who voted on seven statements or more (all, where there are fewer) makes the map; others are placed
on it where their votes settle where they stand. The map carries the digest of the votes it shows,
and is the same for the same votes, in whatever order they came.
"""

from dataclasses import dataclass

import numpy as np

from bioloom.assembly.opinions.doubting import Doubt, doubts_of
from bioloom.assembly.opinions.grouping import Grouping, group, one_group
from bioloom.assembly.opinions.kernels import Floats, Ints, counted, nearest
from bioloom.assembly.opinions.projecting import (
    SHOWN_AXES,
    axes_of,
    coordinates,
    sums_of,
)
from bioloom.assembly.opinions.representing import (
    Common,
    Representative,
    in_common,
    representatives,
)
from bioloom.assembly.opinions.stability import USUAL, Placed, Resampling, stability
from bioloom.assembly.opinions.votes import Votes

# As Polis: less says too little of where somebody stands.
FEWEST_VOTES = 7
# Whose votes settle less than half of where they may stand is in no group.
SURE_ENOUGH = 0.5


@dataclass(frozen=True, kw_only=True)
class Group:
    """People who stand together.

    Attributes:
        people: Their places in the votes.
        holds: What they hold and the others do not.
        stability: The mean part of the resampled maps in which its people stay.
        doubts: What speaks against it; heuristics.
    """

    people: Ints
    holds: list[Representative]
    stability: float
    doubts: list[Doubt]


@dataclass(frozen=True, kw_only=True)
class OpinionMap:
    """Where people stand, which groups they make, what these hold and what all do.

    Attributes:
        digest: Of the votes that it shows.
        at: Where each person stands along two axes, shape (people, 2); none (NaN) who did not vote.
        sure: How much of where they may stand their votes settle, 0 to 1.
        label: The group of each person, or -1.
        stayed: The part of the resampled maps in which each person stays; NaN of no group.
        above_noise: How many axes of difference there are.
        explained: What part of all scatter each of the two axes shows.
        silhouette: How well people stand apart in groups, -1 to 1.
        counts: Agreed, disagreed and voted, shape (3, groups, statements).
        common: What all groups hold.
    """

    digest: str
    at: Floats
    sure: Floats
    label: Ints
    stayed: Floats
    above_noise: int
    explained: tuple[float, ...]
    silhouette: float
    counts: Ints
    groups: list[Group]
    common: list[Common]


def map_opinions(votes: Votes, resampling: Resampling = USUAL) -> OpinionMap:
    """Make the opinion map of some votes.

    Args:
        votes: The latest vote of each person on each statement.
        resampling: How often it is made again to tell how stable it is.
    """
    makers = makers_of(votes)
    if len(makers) < 2 or len(votes.statements) < 2:
        return _without_axes(votes)
    core = votes.of(makers)
    sums = sums_of(core)
    axes = axes_of(core, sums)
    at, sure = coordinates(votes, axes)
    used = np.ascontiguousarray(at[:, : max(axes.above_noise, 1)])
    rows = np.flatnonzero(sure[makers] >= SURE_ENOUGH)
    fitted = used[makers[rows]]
    grouping = group(fitted) if axes.above_noise and len(rows) else one_group(fitted)
    stayed = np.full(len(votes.people), np.nan)
    stayed[makers[rows]] = stability(core, sums, axes, Placed(rows, grouping), resampling)
    label, _, _ = nearest(used, grouping.centres)
    label[sure < SURE_ENOUGH] = -1
    counts = counted(votes.cells, label, grouping.count)
    whole = Grouping(label, grouping.centres, grouping.silhouette)
    shown = at[:, :SHOWN_AXES].copy()
    shown[votes.number == 0] = np.nan
    total = max(float(np.trace(sums.scatter())), 1e-12)
    return OpinionMap(
        digest=votes.digest,
        at=shown,
        sure=sure,
        label=label,
        stayed=stayed,
        above_noise=axes.above_noise,
        explained=tuple(float(size) / total for size in axes.size[:SHOWN_AXES]),
        silhouette=grouping.silhouette,
        counts=counts,
        groups=[_group(number, whole, used, counts, stayed) for number in range(grouping.count)],
        common=in_common(counts),
    )


def makers_of(votes: Votes) -> Ints:
    """The places of those who voted on enough to make the map."""
    return np.flatnonzero(votes.number >= fewest_votes(votes))


def fewest_votes(votes: Votes) -> int:
    """How many votes make somebody one of those who make the map."""
    return min(FEWEST_VOTES, len(votes.statements))


def _group(number: int, grouping: Grouping, at: Floats, counts: Ints, stayed: Floats) -> Group:
    people = np.flatnonzero(grouping.label == number)
    known = stayed[people][~np.isnan(stayed[people])]
    is_alone = grouping.count == 1
    return Group(
        people=people,
        holds=[] if is_alone else representatives(counts, number),
        stability=float(known.mean()) if len(known) else 0.0,
        doubts=[] if is_alone else doubts_of(number, grouping, at, counts, stayed),
    )


def _without_axes(votes: Votes) -> OpinionMap:
    """The map of too few votes: nobody stands anywhere, and is in no group."""
    people = len(votes.people)
    label = np.full(people, -1, np.int64)
    counts = counted(votes.cells, np.zeros(people, np.int64), 1)
    return OpinionMap(
        digest=votes.digest,
        at=np.full((people, SHOWN_AXES), np.nan),
        sure=np.zeros(people),
        label=label,
        stayed=np.full(people, np.nan),
        above_noise=0,
        explained=(0.0, 0.0),
        silhouette=0.0,
        counts=counts,
        groups=[],
        common=in_common(counts),
    )
