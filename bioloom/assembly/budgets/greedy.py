"""The greedy rule, as most cities use it: what is worth most for its money, while it fits."""

from collections.abc import Sequence
from fractions import Fraction

from bioloom.assembly.budgets.stakes import Stakes


def greedy(stakes: Stakes, ranks: Sequence[int], already: Sequence[int] = ()) -> tuple[int, ...]:
    """Fund projects by their worth to all voters per cost, passing over what no longer fits.

    Under `cost` utility that is the number of their votes. What is `already` funded comes first
    and has been paid from the same budget. What nobody supports comes last, and is funded if there
    is money for it: so the rule is practised.
    """
    costs, funded = stakes.poll.costs, list(already)
    left = stakes.poll.budget - sum(costs[project] for project in already)
    for project in by_worth(stakes, ranks):
        if project not in already and costs[project] <= left:
            funded.append(project)
            left -= costs[project]
    return tuple(funded)


def by_worth(stakes: Stakes, ranks: Sequence[int]) -> list[int]:
    """All projects, first those worth most per cost; what costs nothing and is wanted first."""

    def claim(project: int) -> tuple[bool, Fraction, int]:
        worth, cost = stakes.scores[project] * stakes.worths[project], stakes.poll.costs[project]
        wanted_for_nothing = cost == 0 and stakes.scores[project] > 0
        return not wanted_for_nothing, Fraction(-worth, cost or 1), ranks[project]

    return sorted(range(len(ranks)), key=claim)
