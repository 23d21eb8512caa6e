"""Completing equal shares: it leaves money over, and cities want that spent as well.

`add1` gives everyone one unit of currency more, on paper, and counts again, for as long as the
outcome costs no more than there is, and something more would fit. `add1u` then spends what is still
left by the greedy rule; `greedy` does so at once. With `comparison` the result is put to the
ballots against the greedy rule's: where more voters are better off with that one than are worse
off, it is taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from bioloom.assembly.budgets.greedy import greedy
from bioloom.assembly.budgets.kernels import EXHAUSTED, OVERSPENT, raise_endowment
from bioloom.assembly.budgets.sharing import Count, free_projects, fresh, share
from bioloom.assembly.budgets.stakes import Stakes


class Completion(StrEnum):
    """What is done with the money that equal shares leaves over: see the module."""

    NONE = "none"
    ADD1 = "add1"
    ADD1U = "add1u"
    GREEDY = "greedy"
    ADD1_COMPARISON = "add1-comparison"
    ADD1U_COMPARISON = "add1u-comparison"

    @property
    def raises(self) -> bool:
        """Whether everyone is given more on paper."""
        return self not in (Completion.NONE, Completion.GREEDY)

    @property
    def fills(self) -> bool:
        """Whether the greedy rule spends what is left."""
        return self in (Completion.ADD1U, Completion.GREEDY, Completion.ADD1U_COMPARISON)

    @property
    def compares(self) -> bool:
        """Whether the result is put to the ballots against that of the greedy rule."""
        return self in (Completion.ADD1_COMPARISON, Completion.ADD1U_COMPARISON)


@dataclass(frozen=True, slots=True)
class Compared:
    """How many voters get more worth from equal shares than from the greedy rule, and fewer."""

    more: int
    less: int
    greedy: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is funded, and how that came about.

    `count` is the last count of equal shares, in which everyone had been given `raised` units of
    currency; `filled` what the greedy rule added.
    """

    winners: tuple[int, ...]
    count: Count
    raised: int
    filled: tuple[int, ...]
    compared: Compared | None


def complete(stakes: Stakes, completion: Completion, ranks: Sequence[int]) -> Outcome:
    """Count by equal shares and spend what is left as the completion says."""
    raised = raised_by(stakes, ranks) if completion.raises else 0
    count = share(stakes, endowment(stakes, raised), ranks)
    won = count.winners
    filled = greedy(stakes, ranks, won)[len(won) :] if completion.fills else ()
    if not completion.compares:
        return Outcome(won + filled, count, raised, filled, None)
    other = greedy(stakes, ranks)
    compared = Compared(*_compare(stakes, won + filled, other), other)
    taken = other if compared.less > compared.more else won + filled
    return Outcome(taken, count, raised, filled, compared)


def endowment(stakes: Stakes, raised: int) -> Fraction:
    """What everyone begins with: an equal share of the budget, and units given on paper."""
    poll = stakes.poll
    return Fraction(poll.budget, len(poll.cast)) + raised * poll.per_unit


def raised_by(stakes: Stakes, ranks: Sequence[int]) -> int:
    """How many units everyone is given before the outcome would cost more than there is.

    Ends earlier where nothing that anybody supports fits into the budget any more. Counts that
    are too close for doubles are taken in whole numbers.
    """
    state, free = fresh(stakes), len(free_projects(stakes))
    budget, step = float(stakes.poll.budget), float(stakes.poll.per_unit)
    raised = 0
    while True:
        steps, ended = raise_endowment(
            stakes.by_project, state, float(endowment(stakes, raised)), step, budget
        )
        raised += steps
        if ended not in (EXHAUSTED, OVERSPENT):
            bought = share(stakes, endowment(stakes, raised), ranks).winners[free:]
            ended = how_it_ends(stakes, bought)
        if ended == OVERSPENT:
            return raised - 1
        if ended == EXHAUSTED:
            return raised
        raised += 1


def how_it_ends(stakes: Stakes, won: Sequence[int]) -> int:
    """Whether an outcome is `OVERSPENT` or `EXHAUSTED`; 0 if there is room for more."""
    costs = stakes.poll.costs
    left = stakes.poll.budget - sum(costs[project] for project in won)
    if left < 0:
        return OVERSPENT
    lost = (p for p, score in enumerate(stakes.scores) if score > 0 and p not in won)
    return 0 if any(0 < costs[project] <= left for project in lost) else EXHAUSTED


def _compare(stakes: Stakes, ours: Iterable[int], other: Iterable[int]) -> tuple[int, int]:
    """How many voters get more worth from ours, and how many from the other."""
    ballots, worths = stakes.by_ballot, stakes.worths
    gain = [0] * len(worths)
    for project in ours:
        gain[project] += worths[project]
    for project in other:
        gain[project] -= worths[project]
    more = less = 0
    for ballot, voters in enumerate(ballots.voters.tolist()):
        mine = slice(ballots.starts[ballot], ballots.starts[ballot + 1])
        pairs = zip(ballots.projects[mine].tolist(), ballots.points[mine].tolist(), strict=True)
        gained = sum(gain[project] * points for project, points in pairs)
        more += voters if gained > 0 else 0
        less += voters if gained < 0 else 0
    return more, less
