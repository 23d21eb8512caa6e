"""Posing: what is voted on, and the ballots, those alike held once with their number of voters."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bioloom.vocabulary.refusal import Refusal

# Beyond it a double no longer holds every whole number, and the float filter could not be trusted.
MOST_MINOR_UNITS = 10**15


class Kind(StrEnum):
    """How people filled in their ballots, in the words of Pabulib."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"


POINTED = (Kind.CUMULATIVE, Kind.SCORING)  # Ballots on which people gave points.


class Utility(StrEnum):
    """What a funded project is worth to a voter who supports it.

    `cost`: what it costs, as whoever names it wants that money spent so; the usual one, which any
    ballot tells. `cardinality`: one.
    `points`: the points the voter gave it. `borda`: how many projects stand below it on the
    voter's own list; the last is worth nothing. That one is a declared reading, as ranks are no
    amounts.
    """

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"
    BORDA = "borda"


class Ballot(NamedTuple):
    """Projects by their place in the poll, each once, and the points each was given.

    On an ordinal ballot they stand from the best down; else in the order of the poll. Points are
    whole; on ballots without points each has 1.
    """

    projects: tuple[int, ...]
    points: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Projects, their costs, the money there is, and the ballots.

    Amounts are whole minor units; `per_unit` of them make one unit of the currency as the city
    writes it (1 where it writes no decimals). `cast` has the ballot of each voter, by its place
    among `ballots`, in the order in which voters are told.
    """

    projects: tuple[str, ...]
    costs: tuple[int, ...]
    budget: int
    per_unit: int
    kind: Kind
    ballots: tuple[Ballot, ...]
    cast: tuple[int, ...]

    @property
    def voters(self) -> list[int]:
        """How many voters cast each ballot."""
        many = [0] * len(self.ballots)
        for ballot in self.cast:
            many[ballot] += 1
        return many


class UtilityNotTold(Refusal):
    """A utility that the ballots of this poll do not tell."""

    def __init__(self, utility: Utility, kind: Kind) -> None:
        super().__init__(
            what=f"Ballots of kind '{kind}' tell no utility '{utility}'.",
            why="It would have to be invented.",
            remedy="Ask for 'cost' or 'cardinality', which any ballot tells.",
        )


class NobodyVoted(Refusal):
    """A poll without a ballot: there is nobody to share the budget among."""

    def __init__(self) -> None:
        super().__init__(
            what="There is no ballot.",
            why="A budget is shared among those who voted.",
            remedy="Count a poll in which somebody voted.",
        )


class TooMuchMoney(Refusal):
    """Amounts or points so large that they could no longer be added exactly."""

    def __init__(self, *, what: str) -> None:
        super().__init__(
            what=f"{what} is above {MOST_MINOR_UNITS} minor units.",
            why="Sums of it would not be exact.",
            remedy="Give amounts with fewer decimals, or in a larger unit.",
        )


class NotProven(Refusal):
    """A certificate that does not prove its winners from these ballots."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what=f"The certificate does not hold: {what}.",
            why="Whoever doubts an outcome must be able to check all of it.",
            remedy="Ask for the certificate of this very file, or count the file again.",
        )


def digest(poll: Poll) -> str:
    """The SHA-256 of a poll: its projects, costs, budget, and all ballots with their voters."""
    ballots = [[*ballot, many] for ballot, many in zip(poll.ballots, poll.voters, strict=True)]
    told = [poll.projects, poll.costs, poll.budget, poll.per_unit, poll.kind.value, ballots]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def worth(ballot: Ballot, utility: Utility, kind: Kind) -> Sequence[int]:
    """The points of each project on a ballot under a utility, whole and not below 0.

    For `cost` and `cardinality` every project that the ballot names counts once, whatever points
    or rank it was given.

    Raises:
        UtilityNotTold: If ballots of this kind do not tell it.

    Example:
        >>> worth(Ballot((4, 2, 7), (1, 1, 1)), Utility.BORDA, Kind.ORDINAL)
        [2, 1, 0]
    """
    if utility is Utility.POINTS:
        if kind not in POINTED:
            raise UtilityNotTold(utility, kind)
        return ballot.points
    if utility is Utility.BORDA:
        if kind is not Kind.ORDINAL:
            raise UtilityNotTold(utility, kind)
        return list(range(len(ballot.projects) - 1, -1, -1))
    return (1,) * len(ballot.projects)
