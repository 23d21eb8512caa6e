"""Representing: which statements tell a group from the others, and what all groups share.

A statement stands for a group where the least that the group's share can be is above the most that
the others' can be. What is common is as common as in the group that holds it least, at the least
that its share can be: a statement that two people voted on is never on top of one that all know.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bioloom.assembly.opinions.intervals import shrunk, wilson
from bioloom.assembly.opinions.kernels import Floats, Ints

Side = Literal["agree", "disagree"]
SIDES: tuple[Side, Side] = ("agree", "disagree")
MOST_FOR_A_GROUP = 5
MOST_IN_COMMON = 10


@dataclass(frozen=True, kw_only=True)
class Representative:
    """What a group holds and the others do not.

    Attributes:
        statement: Which, by its place.
        side: Whether the group agrees or disagrees with it.
        hits: How many of the group do.
        seen: How many of the group voted on it.
        share: With one vote for and one against added.
        low: The least that the group's share can be, with 95 %.
        others_high: The most that the others' share can be, with 95 %.
        ratio: How many times the others' share the group's is, both shrunk; Polis' repness.
    """

    statement: int
    side: Side
    hits: int
    seen: int
    share: float
    low: float
    others_high: float
    ratio: float


@dataclass(frozen=True, kw_only=True)
class Common:
    """What all groups hold.

    Attributes:
        statement: Which, by its place.
        side: Whether they agree or disagree with it.
        hits: How many people do, of all who voted on it, `seen`.
        least: The share in the group that holds it least, shrunk.
        low: The least that the share can be in any group, with 95 %.
    """

    statement: int
    side: Side
    hits: int
    seen: int
    least: float
    low: float


def representatives(counts: Ints, group: int) -> list[Representative]:
    """What a group holds and the others do not, clearest first.

    Args:
        counts: Agreed, disagreed and voted, shape (3, groups, statements).
        group: Which.
    """
    own, others = counts[:, group], counts.sum(axis=1) - counts[:, group]
    found: list[tuple[float, Representative]] = []
    for index, side in enumerate(SIDES):
        low, _ = wilson(own[index], own[2])
        _, high = wilson(others[index], others[2])
        share, rest = shrunk(own[index], own[2]), shrunk(others[index], others[2])
        for statement in np.flatnonzero(low > high):
            one = Representative(
                statement=int(statement),
                side=side,
                hits=int(own[index, statement]),
                seen=int(own[2, statement]),
                share=float(share[statement]),
                low=float(low[statement]),
                others_high=float(high[statement]),
                ratio=float(share[statement] / rest[statement]),
            )
            found.append((one.low - one.others_high, one))
    found.sort(key=lambda pair: (-pair[0], pair[1].statement, pair[1].side))
    return [one for _, one in found[:MOST_FOR_A_GROUP]]


def in_common(counts: Ints) -> list[Common]:
    """What more than half of every group surely holds, surest first."""
    found: list[Common] = []
    for index, side in enumerate(SIDES):
        hits, seen = counts[index], counts[2]
        least = shrunk(hits, seen).min(axis=0)
        low = wilson(hits, seen)[0].min(axis=0)
        for statement in np.flatnonzero(low > 0.5):
            one = Common(
                statement=int(statement),
                side=side,
                hits=int(hits[:, statement].sum()),
                seen=int(seen[:, statement].sum()),
                least=float(least[statement]),
                low=float(low[statement]),
            )
            found.append(one)
    found.sort(key=lambda one: (-one.low, -one.least, one.statement, one.side))
    return found[:MOST_IN_COMMON]


def leaning(counts: Ints) -> Floats:
    """The mean vote of each group on each statement, shrunk to 0, shape (groups, statements)."""
    found: Floats = (counts[0] - counts[1]) / (counts[2] + 2)
    return found
