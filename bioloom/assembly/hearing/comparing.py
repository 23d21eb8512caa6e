"""Comparing: is a group heard less than all others, by more than chance would have it.

Every measure counts, for each group, how many of how many were heard; fewer is always worse. A
group is compared with all others together. Nothing here is about a person, and none of it changes
a tally, hides a statement or lowers a weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control, hypergeom

from bioloom.assembly.opinions.intervals import wilson

# Two-sided, 95 %.
Z = 1.959963984540054
# Of the groups that are said to be heard less, the part that may be so by chance, on average.
USUAL_RATE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How many of a group were heard.

    Attributes:
        group: Its name, as people declare it, or a district's.
        heard: How many were.
        of: How many could have been.
        people: How many people the figures are about.
        counts_people: Whether these are people, each of whom was heard or not; else they are
            things, such as statements, of that many people.
    """

    group: str
    heard: int
    of: int
    people: int
    counts_people: bool

    @property
    def told_of(self) -> tuple[int, ...]:
        """How many people each figure tells something of."""
        return (self.heard, self.of - self.heard) if self.counts_people else (self.people,)


def people_heard(group: str, heard: int, of: int) -> Heard:
    """How many people of a group were heard."""
    return Heard(group=group, heard=heard, of=of, people=of, counts_people=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A group beside all others.

    Attributes:
        low: The least its share can be, and high the most, with 95 % (Wilson); 0 and 1 of none.
        rest_heard: How many of all others were heard, and rest_of out of how many.
        chance: How probable as few of the group are, or fewer, if it were heard as the others are,
            0 to 1 (Fisher's exact test, one-sided).
    """

    heard: Heard
    low: float
    high: float
    rest_heard: int
    rest_of: int
    chance: float

    @property
    def missing(self) -> int:
        """How many more would be heard, in whole ones, if the group were heard as the others."""
        heard = self.heard
        return max(heard.of * self.rest_heard // max(self.rest_of, 1) - heard.heard, 0)


def compare(groups: Sequence[Heard]) -> list[Compared]:
    """Compare each group with all others.

    Example:
        >>> told = [people_heard("north", 20, 1000), people_heard("south", 60, 1000)]
        >>> north, south = compare(told)
        >>> north.missing, north.chance < 0.001, south.chance > 0.99
        (40, True, True)

    Source:
        Fisher (1935), The logic of inductive inference. Wilson (1927), Probable inference.
    """
    heard = np.array([one.heard for one in groups], np.int64)
    of = np.array([one.of for one in groups], np.int64)
    low, high = wilson(heard, of, Z)
    all_heard, all_of = int(heard.sum()), int(of.sum())
    # Of nobody at all, anything is by chance.
    chances = np.nan_to_num(hypergeom.cdf(heard, all_of, all_heard, of), nan=1.0)
    return [
        Compared(
            heard=one,
            low=float(low[place]),
            high=float(high[place]),
            rest_heard=all_heard - one.heard,
            rest_of=all_of - one.of,
            chance=float(chances[place]),
        )
        for place, one in enumerate(groups)
    ]


def beyond_chance(chances: Sequence[float], rate: float = USUAL_RATE) -> list[bool]:
    """Which of many comparisons are more than chance, however many were made.

    Args:
        chances: How probable each is by chance, 0 to 1.
        rate: The part of those found that may be found by chance, on average, 0 to 1.

    Example:
        >>> beyond_chance([0.001, 0.04, 0.3, 0.04])
        [True, False, False, False]

    Source:
        Benjamini & Hochberg (1995), Controlling the false discovery rate.
    """
    if not chances:
        return []
    return [bool(adjusted <= rate) for adjusted in false_discovery_control(chances)]
