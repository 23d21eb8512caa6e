"""Equal shares: everyone has the same share of the money and spends it on what they voted for.

In every round the project is bought whose supporters pay least for a unit of worth, each the same
or all they have left; until nobody can afford anything any more.

Source:
    Peters, Pierczynski & Skowron (2021), Proportional Participatory Budgeting with Additive
    Utilities, NeurIPS 34; https://equalshares.net for its completions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np

from bioloom.assembly.budgets.kernels import (
    UNIT,
    Exact,
    Sifted,
    State,
    begin,
    contend,
    count,
    pay,
    sift,
    tally,
)
from bioloom.assembly.budgets.stakes import Ints, Stakes


@dataclass(frozen=True, slots=True)
class Round:
    """A project was bought.

    Each supporter paid `each` minor units a point, or all they had left; whoever is among the
    ballots `exhausted` has nothing left now. `in_full` is the number of voters who paid in full
    and have something left. `rate` is the payment for a point of worth: it decided.
    """

    project: int
    rate: Fraction
    each: Fraction
    in_full: int
    exhausted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A whole count: the rounds in order, and what voters of each ballot have left."""

    endowment: Fraction
    free: tuple[int, ...]
    rounds: tuple[Round, ...]
    left: "Purses"

    @property
    def winners(self) -> tuple[int, ...]:
        """What is funded, in the order in which it was bought; what costs nothing first."""
        return self.free + tuple(bought.project for bought in self.rounds)


def free_projects(stakes: Stakes) -> tuple[int, ...]:
    """Projects that cost nothing and that somebody supports: they are won without a payment."""
    costs = stakes.poll.costs
    return tuple(p for p, score in enumerate(stakes.scores) if score > 0 and costs[p] == 0)


def winners(stakes: Stakes, endowment: Fraction, ranks: Sequence[int]) -> tuple[int, ...]:
    """Who wins if everyone begins with `endowment` minor units; ranks (0 first) part ties.

    The doubles count for as long as they are certain; where they are not, the count is taken anew
    in whole numbers.
    """
    state = beginning(stakes, endowment)
    bought = np.empty(len(stakes.scores), np.int64)
    found = np.empty_like(bought)
    many, certain = count(stakes.by_project, state, found, bought)
    if certain:
        return free_projects(stakes) + tuple(bought[:many].tolist())
    return share(stakes, endowment, ranks).winners


def share(stakes: Stakes, endowment: Fraction, ranks: Sequence[int]) -> Count:
    """Count by equal shares with every payment as a fraction.

    Doubles sort out what is far apart; whatever they cannot tell is compared in whole numbers.

    Args:
        stakes: Who supports what.
        endowment: What every voter begins with, in minor units.
        ranks: The rank of each project; of projects with the same rate the lowest rank is bought.
    """
    state, purses = beginning(stakes, endowment), Purses(stakes, endowment)
    rounds = tuple(_rounds(stakes, state, purses, ranks))
    return Count(endowment, free_projects(stakes), rounds, purses)


def _rounds(
    stakes: Stakes, state: State, purses: "Purses", ranks: Sequence[int]
) -> Iterator[Round]:
    found = np.empty(len(ranks), np.int64)
    while True:
        many, least = contend(stakes.by_project, state, found)
        if many == 0:
            return
        priced = [(purses.price(p, state, least), p) for p in found[:many].tolist()]
        bids = [bid for bid, _ in priced if bid is not None]
        for bid, project in priced:
            if bid is None:
                state.rate[project] = np.inf
        if bids:
            best = min(bids, key=lambda bid: (bid.rate, ranks[bid.project]))
            yield purses.buy(best, state)


def beginning(stakes: Stakes, endowment: Fraction) -> State:
    """Where a count begins, in doubles, if everyone has `endowment` minor units."""
    state = fresh(stakes)
    begin(state, state, float(endowment))
    return state


def fresh(stakes: Stakes) -> State:
    """Where a count begins if everyone had one minor unit."""
    projects, scores = stakes.by_project, np.array(stakes.scores, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        paid = projects.cost / scores * (1 - 4 * UNIT)
        rate = paid / projects.worth * (1 - 2 * UNIT)
    rate[(scores == 0) | (projects.cost == 0)] = np.inf
    # An endowment in doubles may be off by three roundings: of its fraction, a product and a sum.
    doubt = np.array([2 * UNIT * len(stakes.poll.cast)])
    return State(np.ones(len(stakes.poll.ballots)), paid, rate, doubt)


@dataclass(frozen=True, slots=True)
class Bid:
    """What a project would ask of its supporters now, exactly, and whom it would exhaust."""

    project: int
    rate: Fraction
    each: Fraction
    in_full: int
    exhausted: tuple[int, ...]


class Purses:
    """What everybody has left, exactly: whole numbers over one denominator.

    A voter who is not exhausted has the endowment less what their ballot paid in each round, so
    only the payment a point of each round is kept.
    """

    def __init__(self, stakes: Stakes, endowment: Fraction) -> None:
        self._stakes = stakes
        self._below = endowment.denominator
        self._endowment = endowment.numerator
        self._payments: list[int] = []
        many = len(stakes.poll.ballots)
        self._exact = Exact(np.zeros(many, np.bool_), np.full(len(stakes.scores), -1, np.int64))
        self._sifted = Sifted(
            np.empty(many, np.int64),
            np.empty(many, np.int64),
            np.empty(len(stakes.scores), np.int64),
        )

    def of(self, ballot: int) -> Fraction:
        """What one voter of a ballot has left, in minor units."""
        return Fraction(self._of(ballot), self._below)

    def of_supporters(self, project: int) -> Fraction:
        """What the supporters of a project have left together, in minor units."""
        before = self._sifted.before
        voters = tally(self._stakes.both, project, self._exact, before)
        return Fraction(self._sum(voters, before), self._below)

    def price(self, project: int, state: State, least: float) -> Bid | None:
        """What a project asks of its supporters; nothing if they cannot afford it.

        `state` has the same money in doubles; `least` is a rate that one project at least is
        certain to keep within. What keeps within it is priced exactly; what does not is told a rate
        above it, which may be too low: as one partition of payers is as good as any below the true
        payment, it cannot come out below `least`.
        """
        stakes = self._stakes
        high = least * float(stakes.by_project.worth[project])
        bid = (project, float(state.paid[project]), high)
        spent, unsure, voters, points = sift(stakes.both, state, bid, self._exact, self._sifted)
        money = self._sum(voters, self._sifted.before)
        asked = stakes.poll.costs[project] * self._below - money
        doubtful = self._holdings(project, self._sifted.unsure[:unsure])
        found = _settle(asked, points, doubtful)
        if found is None:
            return None
        asked, points = found
        each = Fraction(asked, points * self._below)
        # Who has just what is asked pays in full, and is left with nothing as well.
        over = [
            (b, many, held) for left, held, many, b in doubtful if left * points <= asked * held
        ]
        in_full = self._in_full(project, voters, sum(many for _, many, _ in over))
        exhausted = [*self._sifted.spent[:spent].tolist(), *(ballot for ballot, _, _ in over)]
        rate = each / stakes.worths[project]
        return Bid(project, rate, each, in_full, tuple(sorted(exhausted)))

    def buy(self, bid: Bid, state: State) -> Round:
        """Have a project paid; the money in doubles follows."""
        pay(self._stakes.by_project, state, bid.project, float(bid.each))
        exhausted = np.array(bid.exhausted, np.int64)
        state.money[exhausted] = 0.0
        self._exact.gone[exhausted] = True
        self._exact.round_of[bid.project] = len(self._payments)
        factor = bid.each.denominator // gcd(bid.each.denominator, self._below)
        self._below *= factor
        self._endowment *= factor
        self._payments = [payment * factor for payment in self._payments]
        self._payments.append(bid.each.numerator * (self._below // bid.each.denominator))
        return Round(bid.project, bid.rate, bid.each, bid.in_full, bid.exhausted)

    def _in_full(self, project: int, spent: int, over: int) -> int:
        starts, who = self._stakes.by_project.starts, self._stakes.by_project.who
        supporters = who[starts[project] : starts[project + 1]]
        able = self._stakes.by_ballot.voters[supporters[~self._exact.gone[supporters]]].sum()
        return int(able) - spent - over

    def _holdings(self, project: int, unsure: Ints) -> list[tuple[int, int, int, int]]:
        """Of ballots: what a voter has left over the denominator, their points, voters, itself."""
        ballots = self._stakes.by_ballot
        found = []
        for ballot in unsure.tolist():
            mine = slice(ballots.starts[ballot], ballots.starts[ballot + 1])
            points = ballots.points[mine][ballots.projects[mine] == project]
            found.append((self._of(ballot), int(points[0]), int(ballots.voters[ballot]), ballot))
        return found

    def _of(self, ballot: int) -> int:
        if self._exact.gone[ballot]:
            return 0
        ballots = self._stakes.by_ballot
        mine = slice(ballots.starts[ballot], ballots.starts[ballot + 1])
        before = np.zeros(len(self._exact.round_of), np.int64)
        rounds = self._exact.round_of[ballots.projects[mine]]
        before[rounds[rounds >= 0]] = ballots.points[mine][rounds >= 0]
        return self._sum(1, before)

    def _sum(self, voters: int, before: Ints) -> int:
        """The money of some voters, of whose points `before` tells, over the denominator."""
        paid = zip(map(int, before), self._payments, strict=False)
        return voters * self._endowment - sum(points * payment for points, payment in paid)


def _settle(
    asked: int, points: int, doubtful: list[tuple[int, int, int, int]]
) -> tuple[int, int] | None:
    """Part those of whom the doubles were unsure into those who have less than is asked and not.

    Begins with all paying in full and lets those who cannot pay what they have, until all can; what
    is asked of a point only rises by that. Returns what is asked of how many points; nothing if
    nobody is left to pay.
    """
    rich = doubtful
    points += sum(held * many for _, held, many, _ in rich)
    while points:
        short = [holding for holding in rich if holding[0] * points < asked * holding[1]]
        if not short:
            return asked, points
        rich = [holding for holding in rich if holding[0] * points >= asked * holding[1]]
        asked -= sum(left * many for left, _, many, _ in short)
        points -= sum(held * many for _, held, many, _ in short)
    return None
