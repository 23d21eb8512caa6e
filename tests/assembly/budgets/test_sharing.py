"""Equal shares: the doubles never decide, so it is the count in fractions, and just as fair."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.assembly.budgets.kernels import contend
from bioloom.assembly.budgets.posing import Kind, Poll, TooMuchMoney, Utility, UtilityNotTold
from bioloom.assembly.budgets.sharing import Round, beginning, free_projects, share, winners
from bioloom.assembly.budgets.stakes import Stakes, stakes_of
from bioloom.assembly.budgets.ties import Tie, ranks_of
from tests.assembly.budgets.polls import poll_with, polls, slowly, staked

endowments = st.fractions(min_value=0, max_value=60, max_denominator=12)


@given(stakes=staked(), endowment=endowments)
def test_the_count_is_that_of_a_slow_count_in_fractions(
    stakes: Stakes, endowment: Fraction
) -> None:
    count = share(stakes, endowment, ranks_of(stakes))

    assert [(bought.project, bought.rate) for bought in count.rounds] == slowly(stakes, endowment)


@given(stakes=staked(), endowment=endowments)
def test_winners_are_the_same_whether_or_not_payments_are_told(
    stakes: Stakes, endowment: Fraction
) -> None:
    ranks = ranks_of(stakes)

    assert winners(stakes, endowment, ranks) == share(stakes, endowment, ranks).winners


@given(stakes=staked(), endowment=endowments)
def test_what_is_spent_and_what_is_left_is_all_there_was(
    stakes: Stakes, endowment: Fraction
) -> None:
    count = share(stakes, endowment, ranks_of(stakes))

    spent = sum(stakes.poll.costs[project] for project in count.winners)
    left = sum(
        (many * count.left.of(ballot) for ballot, many in enumerate(stakes.poll.voters)),
        Fraction(0),
    )
    assert spent + left == endowment * len(stakes.poll.cast)


@given(stakes=staked(), endowment=endowments)
def test_rates_never_fall_and_losers_cannot_be_afforded(
    stakes: Stakes, endowment: Fraction
) -> None:
    count = share(stakes, endowment, ranks_of(stakes))

    rates = [bought.rate for bought in count.rounds]
    assert rates == sorted(rates)
    lost = [p for p, score in enumerate(stakes.scores) if score and p not in count.winners]
    assert all(count.left.of_supporters(p) < stakes.poll.costs[p] for p in lost)


@given(data=st.data(), poll=polls(Kind.APPROVAL))
def test_the_order_of_voters_does_not_matter(data: st.DataObject, poll: Poll) -> None:
    cast = tuple(data.draw(st.permutations(poll.cast)))
    shuffled = replace(poll, cast=cast)

    first, second = stakes_of(poll, Utility.COST), stakes_of(shuffled, Utility.COST)
    endowment = Fraction(poll.budget, len(cast))
    assert share(first, endowment, ranks_of(first)).rounds == (
        share(second, endowment, ranks_of(second)).rounds
    )


def test_a_group_of_a_third_gets_a_third() -> None:
    votes = [[0, 1]] * 20 + [[2]] * 10
    stakes = stakes_of(poll_with([100, 100, 100], votes, 300), Utility.COST)

    count = share(stakes, Fraction(10), ranks_of(stakes))

    assert set(count.winners) == {0, 1, 2}
    assert [str(bought.each) for bought in count.rounds] == ["5", "5", "10"]


def test_whoever_cannot_pay_their_part_pays_what_they_have() -> None:
    # 3 each for p0, of 6; then p1 takes the 3 that two have left, and 5 of the third.
    stakes = stakes_of(poll_with([6, 11], [[0, 1], [0, 1], [1]], 18), Utility.CARDINALITY)

    first, second = share(stakes, Fraction(6), ranks_of(stakes)).rounds

    assert first == Round(0, Fraction(3), Fraction(3), 2, ())
    assert second == Round(1, Fraction(5), Fraction(5), 1, (0,))


@pytest.mark.parametrize(
    ("ties", "first"),
    [
        ([Tie.ALPHABET], "p0"),
        ([Tie.LOWER_COST], "p1"),
        ([Tie.HIGHER_COST], "p2"),
        ([Tie.LISTED], "p0"),
        ([Tie.MORE_VOTES, Tie.LOWER_COST], "p1"),
    ],
)
def test_a_tie_is_broken_as_was_declared(ties: list[Tie], first: str) -> None:
    # Under cost utility equal numbers of votes are a tie.
    poll = poll_with([20, 10, 30], [[0, 1, 2]] * 5, 60)
    stakes = stakes_of(poll, Utility.COST)

    bought = share(stakes, Fraction(12), ranks_of(stakes, ties)).rounds[0]

    assert poll.projects[bought.project] == first


def test_what_is_too_close_for_doubles_is_told_apart() -> None:
    # The costs differ by one unit in 300 billion times a thousand.
    votes = [[0]] * 7 + [[1]] * 7 + [[]]
    costs = [3 * 10**14 + 1, 3 * 10**14]
    stakes = stakes_of(poll_with(costs, votes, 9 * 10**14), Utility.CARDINALITY)
    state = beginning(stakes, Fraction(6 * 10**13))
    many, _ = contend(stakes.by_project, state, np.empty(2, np.int64))

    count = share(stakes, Fraction(6 * 10**13), ranks_of(stakes))

    assert many == 2
    assert [bought.project for bought in count.rounds] == [1, 0]


def test_the_last_unit_of_money_is_enough_and_one_less_is_not() -> None:
    votes = [[0]] * 3
    enough = stakes_of(poll_with([10], votes, 10), Utility.COST)
    less = stakes_of(poll_with([11], votes, 10), Utility.COST)

    assert share(enough, Fraction(10, 3), (0,)).winners == (0,)
    assert share(enough, Fraction(10, 3), (0,)).rounds[0].exhausted == (0,)
    assert share(less, Fraction(10, 3), (0,)).winners == ()


def test_what_costs_nothing_is_won_if_anybody_wants_it() -> None:
    stakes = stakes_of(poll_with([0, 0, 5], [[0, 2]], 0), Utility.COST)

    assert free_projects(stakes) == (0,)
    assert winners(stakes, Fraction(0), ranks_of(stakes)) == (0,)


def test_a_project_given_no_points_is_not_supported_by_points() -> None:
    poll = poll_with([5, 5], [[0, 1]], 10, points=[[3, 0]], kind=Kind.CUMULATIVE)

    assert stakes_of(poll, Utility.POINTS).scores == (3, 0)
    assert stakes_of(poll, Utility.COST).scores == (1, 1)


def test_ranks_are_not_read_from_ballots_that_have_none() -> None:
    with pytest.raises(UtilityNotTold, match="tell no utility 'borda'"):
        stakes_of(poll_with([5], [[0]], 10), Utility.BORDA)


def test_money_that_doubles_cannot_hold_is_refused() -> None:
    with pytest.raises(TooMuchMoney, match="sum of all costs"):
        stakes_of(poll_with([10**15, 1], [[0]], 10), Utility.COST)
