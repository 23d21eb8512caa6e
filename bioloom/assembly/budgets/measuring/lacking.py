"""What a project lacked: the cost at which, or the budget with which, it would have been bought.

Found by counting again with other figures, so these are things tried and not the only ways: whether
a project wins need not change only once as its cost or the budget does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from bioloom.assembly.budgets.posing import Utility
from bioloom.assembly.budgets.sharing import Count, winners
from bioloom.assembly.budgets.stakes import Stakes


@dataclass(frozen=True, slots=True)
class Lack:
    """What a project lacked in a count of equal shares, in minor units.

    `left` is what its supporters had left at the end. At `at_cost` it is bought and at one more it
    is not; at a budget of `at_budget` it is bought and at one less it is not. All else is as it
    was, in that very count: money given on paper is given again. Nothing stands where nobody
    supports it.
    """

    project: int
    left: Fraction
    at_cost: int | None
    at_budget: int | None


def lack(stakes: Stakes, count: Count, ranks: Sequence[int], project: int) -> Lack:
    """What a project that was not bought in a count lacked.

    At a cost of what its supporters had left it is bought for certain: either it was before, or the
    count went as it did, and they could pay for it at the end. From there up to its cost, and from
    the budget up to one that would pay for everything, the bound is halved.
    """
    left = count.left.of_supporters(project)
    if not stakes.scores[project]:
        return Lack(project, left, None, None)
    cost, budget = stakes.poll.costs[project], stakes.poll.budget
    many = len(stakes.poll.cast)

    def wins_at_cost(cost: int) -> bool:
        cheaper = _at_cost(stakes, project, cost)
        return project in winners(cheaper, count.endowment, ranks)

    def wins_at_budget(budget: int) -> bool:
        more = Fraction(budget - stakes.poll.budget, many)
        return project in winners(stakes, count.endowment + more, ranks)

    at_cost = _boundary(wins_at_cost, int(left), cost)
    # With its whole cost in the purse of each of its supporters, any of them could pay alone.
    plenty = budget + sum(stakes.poll.costs) * many
    return Lack(project, left, at_cost, _boundary(wins_at_budget, plenty, budget))


def _boundary(wins: Callable[[int], bool], wins_at: int, loses_at: int) -> int:
    """Halve the way between a figure with which it wins and one with which it does not."""
    while abs(wins_at - loses_at) > 1:
        middle = (wins_at + loses_at) // 2
        if wins(middle):
            wins_at = middle
        else:
            loses_at = middle
    return wins_at


def _at_cost(stakes: Stakes, project: int, cost: int) -> Stakes:
    """The same stakes with one project at another cost."""
    costs = list(stakes.poll.costs)
    costs[project] = cost
    cost_f = np.array(costs, np.float64)
    worth = cost_f if stakes.utility is Utility.COST else stakes.by_project.worth
    return replace(
        stakes,
        poll=replace(stakes.poll, costs=tuple(costs)),
        by_project=stakes.by_project._replace(cost=cost_f, worth=worth),
    )
