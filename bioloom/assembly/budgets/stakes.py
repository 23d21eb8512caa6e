"""Stakes: who supports what, as arrays that a kernel can run along."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bioloom.assembly.budgets.posing import (
    MOST_MINOR_UNITS,
    NobodyVoted,
    Poll,
    TooMuchMoney,
    Utility,
    worth,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class ByProject(NamedTuple):
    """The stakes in each project: those of p are `starts[p]` up to `starts[p + 1]`.

    `who` is the ballot, `weight` its number of voters, `points` what one of them holds. `worth`
    says what a point of the project is worth: its cost under `cost` utility, else 1. All are
    whole numbers, in doubles where they are multiplied with doubles.
    """

    starts: Ints
    who: Ints
    weight: Floats
    points: Floats
    cost: Floats
    worth: Floats


class ByBallot(NamedTuple):
    """The same stakes by ballot: those of g are `starts[g]` up to `starts[g + 1]`."""

    starts: Ints
    projects: Ints
    points: Ints
    voters: Ints


class Both(NamedTuple):
    """The stakes by project and by ballot."""

    by_project: ByProject
    by_ballot: ByBallot


@dataclass(frozen=True, slots=True)
class Stakes:
    """A poll under a utility, ready to be counted. `scores` has the points given to a project."""

    poll: Poll
    utility: Utility
    by_project: ByProject
    by_ballot: ByBallot
    scores: tuple[int, ...]

    @property
    def both(self) -> Both:
        """The stakes by project and by ballot."""
        return Both(self.by_project, self.by_ballot)

    @property
    def worths(self) -> tuple[int, ...]:
        """What a point of each project is worth."""
        costs = self.poll.costs
        return costs if self.utility is Utility.COST else (1,) * len(costs)


def stakes_of(poll: Poll, utility: Utility) -> Stakes:
    """Lay out who supports what.

    A ballot supports the projects to which it gives worth above 0.

    Raises:
        NobodyVoted: If there is no ballot.
        UtilityNotTold: If the ballots do not tell this utility.
        TooMuchMoney: If money or points are too large to be added exactly.
    """
    if not poll.cast:
        raise NobodyVoted
    lengths = [len(ballot.projects) for ballot in poll.ballots]
    projects = np.array([p for ballot in poll.ballots for p in ballot.projects], np.int64)
    told = [points for b in poll.ballots for points in worth(b, utility, poll.kind)]
    _check_sizes(poll, max(told, default=0))
    points = np.array(told, np.int64)
    ballots = np.repeat(np.arange(len(lengths)), lengths)
    held = points > 0
    projects, points, ballots = projects[held], points[held], ballots[held]
    voters = np.bincount(np.array(poll.cast), minlength=len(lengths)).astype(np.int64)
    by_ballot = ByBallot(_starts(ballots, len(lengths)), projects, points, voters)
    order = np.argsort(projects, kind="stable")
    who, weighed = ballots[order], (points * voters[ballots])[order]
    starts = _starts(projects, len(poll.projects))
    cost = np.array(poll.costs, np.float64)
    by_project = ByProject(
        starts=starts,
        who=who,
        weight=voters[who].astype(np.float64),
        points=points[order].astype(np.float64),
        cost=cost,
        worth=cost if utility is Utility.COST else np.ones(len(cost)),
    )
    sums = np.concatenate([[0], np.cumsum(weighed)])
    scores = (sums[starts[1:]] - sums[starts[:-1]]).tolist()
    return Stakes(poll, utility, by_project, by_ballot, tuple(scores))


def _check_sizes(poll: Poll, most_points: int) -> None:
    if max(poll.budget, sum(poll.costs)) > MOST_MINOR_UNITS:
        raise TooMuchMoney(what="The budget, or the sum of all costs,")
    if most_points * len(poll.cast) > MOST_MINOR_UNITS:
        raise TooMuchMoney(what="The sum of all points")


def _starts(owner: Ints, owners: int) -> Ints:
    """Where the stakes of each owner begin, when they are sorted by owner."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=owners))]).astype(np.int64)
