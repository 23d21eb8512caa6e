"""Sequential Phragmen by hand."""

from fractions import Fraction

from hypothesis import given

from bioloom.assembly.budgets.loads.phragmen import phragmen
from bioloom.assembly.budgets.posing import Kind, Utility
from bioloom.assembly.budgets.stakes import Stakes, stakes_of
from bioloom.assembly.budgets.ties import ranks_of
from tests.assembly.budgets.polls import poll_with, staked


def test_loads_are_shared_by_those_who_get_the_project() -> None:
    # a, b and c cost 6 each: a loads two voters with 3; then c asks 6 of one, b (6 + 3) / 2 of two.
    poll = poll_with([6, 6, 6], [[0, 1], [0], [1, 2]], 18)

    assert phragmen(stakes_of(poll, Utility.COST), (0, 1, 2)) == (0, 1, 2)


def test_the_rule_stops_at_the_first_project_that_does_not_fit() -> None:
    # After p0, p1 has the least load but costs too much; p2 would fit and is not looked at.
    poll = poll_with([10, 30, 20], [[0], [0], [1], [1], [1], [1], [2]], 35)

    assert phragmen(stakes_of(poll, Utility.COST), (0, 1, 2)) == (0,)


@given(stakes=staked(Kind.APPROVAL))
def test_it_is_the_slow_rule_voter_by_voter(stakes: Stakes) -> None:
    poll, ranks = stakes.poll, ranks_of(stakes)
    votes = [set(poll.ballots[at].projects) for at in poll.cast]
    loads = [Fraction(0)] * len(votes)
    left, won = poll.budget, []
    fit = {p for p, cost in enumerate(poll.costs) if cost <= left and any(p in v for v in votes)}
    while fit:
        asked = {}
        for p in fit:
            bearing = [load for load, vote in zip(loads, votes, strict=True) if p in vote]
            asked[p] = (poll.costs[p] + sum(bearing, Fraction(0))) / len(bearing)
        tied = [p for p in fit if asked[p] == min(asked.values())]
        if any(poll.costs[p] > left for p in tied):
            break
        bought = min(tied, key=lambda p: ranks[p])
        loads = [
            asked[bought] if bought in vote else load
            for load, vote in zip(loads, votes, strict=True)
        ]
        won.append(bought)
        fit.remove(bought)
        left -= poll.costs[bought]

    assert phragmen(stakes, ranks) == tuple(won)
