"""Maximin support: the greatest load is as small as can be, by trying every set of projects."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given

from bioloom.assembly.budgets.loads.maximin import least_load, maximin_support
from bioloom.assembly.budgets.posing import Kind, TooMuchMoney, Utility
from bioloom.assembly.budgets.stakes import Stakes, stakes_of
from bioloom.assembly.budgets.ties import ranks_of
from tests.assembly.budgets.polls import poll_with, staked


@given(stakes=staked(Kind.APPROVAL))
def test_the_least_load_is_the_greatest_cost_per_supporter_of_any_projects(
    stakes: Stakes,
) -> None:
    wanted = [p for p, score in enumerate(stakes.scores) if score]
    if not wanted:
        return
    votes = [set(stakes.poll.ballots[at].projects) for at in stakes.poll.cast]
    densities = [
        Fraction(
            sum(stakes.poll.costs[p] for p in some), sum(1 for vote in votes if vote & set(some))
        )
        for size in range(1, len(wanted) + 1)
        for some in combinations(wanted, size)
    ]

    assert least_load(stakes, wanted, Fraction(0)) == max(densities)


def test_loads_are_shared_unequally_where_that_helps() -> None:
    # p0 is shared by two; when p1 comes, the one who also wants p1 bears none of p0.
    stakes = stakes_of(poll_with([6, 6], [[0], [0, 1]], 12), Utility.COST)

    assert least_load(stakes, [0, 1], Fraction(0)) == 6
    assert maximin_support(stakes, ranks_of(stakes)) == (0, 1)


def test_what_does_not_fit_is_passed_over() -> None:
    votes = [[0], [0], [1], [1], [1], [1], [2]]
    stakes = stakes_of(poll_with([10, 30, 20], votes, 35), Utility.COST)

    assert maximin_support(stakes, ranks_of(stakes)) == (0, 2)


def test_money_that_flows_cannot_hold_is_refused() -> None:
    stakes = stakes_of(poll_with([10**15], [[0]] * 5000, 10), Utility.COST)

    with pytest.raises(TooMuchMoney, match="times all voters"):
        maximin_support(stakes, ranks_of(stakes))
