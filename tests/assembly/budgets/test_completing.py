"""Completions: what equal shares leaves over is spent as was declared, never more than there is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.assembly.budgets.completing import Completion, complete, endowment
from bioloom.assembly.budgets.greedy import greedy
from bioloom.assembly.budgets.posing import NobodyVoted, Utility
from bioloom.assembly.budgets.sharing import winners
from bioloom.assembly.budgets.stakes import Stakes, stakes_of
from bioloom.assembly.budgets.ties import ranks_of
from tests.assembly.budgets.polls import poll_with, staked


@given(stakes=staked(), completion=st.sampled_from(Completion))
def test_no_completion_spends_more_than_there_is(stakes: Stakes, completion: Completion) -> None:
    outcome = complete(stakes, completion, ranks_of(stakes))

    assert sum(stakes.poll.costs[project] for project in outcome.winners) <= stakes.poll.budget
    assert len(set(outcome.winners)) == len(outcome.winners)


@given(stakes=staked())
def test_add1_is_counting_again_with_a_unit_more_until_it_must_end(stakes: Stakes) -> None:
    ranks, poll = ranks_of(stakes), stakes.poll
    outcome = complete(stakes, Completion.ADD1, ranks)

    won, raised = winners(stakes, endowment(stakes, 0), ranks), 0
    while any(
        score and p not in won and poll.costs[p] + sum(poll.costs[w] for w in won) <= poll.budget
        for p, score in enumerate(stakes.scores)
    ):
        more = winners(stakes, endowment(stakes, raised + 1), ranks)
        if sum(poll.costs[w] for w in more) > poll.budget:
            break
        won, raised = more, raised + 1
    assert (outcome.winners, outcome.raised) == (won, raised)


@given(stakes=staked())
def test_the_greedy_completion_leaves_no_room_for_anything(stakes: Stakes) -> None:
    outcome = complete(stakes, Completion.GREEDY, ranks_of(stakes))

    costs = stakes.poll.costs
    left = stakes.poll.budget - sum(costs[project] for project in outcome.winners)
    assert all(cost > left for p, cost in enumerate(costs) if p not in outcome.winners)


def test_add1_spends_what_no_group_could_afford_alone() -> None:
    # 10 each: three want p0 for 28, two want p1 for 22, which only 11 each would pay.
    poll = poll_with([28, 22], [[0], [0], [0], [1], [1]], 50)
    stakes = stakes_of(poll, Utility.COST)

    outcome = complete(stakes, Completion.ADD1, ranks_of(stakes))

    assert complete(stakes, Completion.NONE, ranks_of(stakes)).winners == (0,)
    assert (outcome.winners, outcome.raised) == ((0, 1), 1)
    assert outcome.count.endowment == Fraction(11)


def test_the_comparison_takes_what_more_voters_are_better_off_with() -> None:
    # Five of nine want only p0, which the greedy rule funds; equal shares cannot, at 10 each.
    votes = [[0]] * 5 + [[1]] * 4
    poll = poll_with([90, 40], votes, 90)
    stakes = stakes_of(poll, Utility.CARDINALITY)
    by_votes = stakes_of(poll, Utility.COST)

    kept = complete(stakes, Completion.ADD1_COMPARISON, ranks_of(stakes))
    other = complete(by_votes, Completion.ADD1_COMPARISON, ranks_of(by_votes))

    assert kept.winners == (1,)  # By worth for money both rules choose p1.
    assert other.winners == (0,)
    assert other.compared is not None
    assert (other.compared.more, other.compared.less) == (4, 5)


def test_the_greedy_rule_passes_over_what_no_longer_fits() -> None:
    votes = [[0, 1, 2]] * 2 + [[0, 1]] + [[0]]
    stakes = stakes_of(poll_with([60, 50, 40], votes, 100), Utility.COST)

    assert greedy(stakes, ranks_of(stakes)) == (0, 2)


def test_without_a_ballot_there_is_nobody_to_share_among() -> None:
    with pytest.raises(NobodyVoted, match="no ballot"):
        stakes_of(poll_with([10], [], 20), Utility.COST)
