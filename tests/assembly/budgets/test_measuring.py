"""What an outcome did for whom: figures by hand, and the promise that equal shares keeps."""

import gzip
from fractions import Fraction
from pathlib import Path

from hypothesis import given

from bioloom.assembly.budgets.completing import Completion, complete, endowment
from bioloom.assembly.budgets.measuring.fairness import (
    OTHERS,
    by_category,
    by_group,
    claims,
    unheard,
)
from bioloom.assembly.budgets.measuring.fragility import fragility
from bioloom.assembly.budgets.measuring.lacking import Lack, lack
from bioloom.assembly.budgets.posing import Kind, Utility
from bioloom.assembly.budgets.sharing import share, winners
from bioloom.assembly.budgets.stakes import Stakes, stakes_of
from bioloom.assembly.budgets.ties import ranks_of
from bioloom.assembly.pabulib.collapsing import poll_of
from bioloom.assembly.pabulib.reading import read
from tests.assembly.budgets.polls import poll_with, staked


def test_unheard_are_those_who_asked_and_got_nothing() -> None:
    stakes = stakes_of(poll_with([10, 10], [[0], [0, 1], [1], [1], []], 10), Utility.COST)

    found = unheard(stakes, [0])

    assert (found.voters, found.without, found.share) == (4, 2, Fraction(1, 2))


def test_a_project_of_two_categories_counts_half_in_each() -> None:
    spent = by_category([10, 6, 4], [0, 1], ["green", "green, play", "play"])

    assert spent == {"green": 13, "play": 3}


def test_what_is_funded_is_spent_on_those_who_support_it() -> None:
    votes = [[0]] * 10 + [[0, 1]] * 10 + [[1]] * 4
    stakes = stakes_of(poll_with([20, 14], votes, 34), Utility.COST)
    named = ["north"] * 10 + ["south"] * 10 + ["east"] * 4

    north_and_south = by_group(stakes, [0, 1], named)

    assert [group.name for group in north_and_south] == ["north", "south"]
    assert [float(group.spent) for group in north_and_south] == [10.0, 20.0]
    assert north_and_south[0].even == Fraction(34 * 10, 24)


def test_small_groups_are_told_as_one() -> None:
    votes = [[0]] * 24
    stakes = stakes_of(poll_with([24], votes, 24), Utility.COST)
    named = ["large"] * 12 + ["small"] * 5 + ["tiny"] * 7

    found = by_group(stakes, [0], named)

    assert [(group.name, group.voters) for group in found] == [(OTHERS, 12), ("large", 12)]


@given(stakes=staked(Kind.APPROVAL))
def test_equal_shares_leaves_no_group_a_claim(stakes: Stakes) -> None:
    won = winners(stakes, endowment(stakes, 0), ranks_of(stakes))

    assert claims(stakes, won) == []


def test_a_large_group_left_with_nothing_has_a_claim() -> None:
    # Four of ten deserve p1, for 40 of 100; the greedy rule spends all on the other six.
    votes = [[0]] * 6 + [[1]] * 4
    stakes = stakes_of(poll_with([100, 40], votes, 100), Utility.COST)

    (claim,) = claims(stakes, [0])

    assert (claim.project, claim.voters) == (1, 4)


def test_what_a_project_lacked_is_what_was_tried() -> None:
    # 10 each: three want p0 for 28, two want p1 for 22, and have 20.
    stakes = stakes_of(poll_with([28, 22], [[0], [0], [0], [1], [1]], 50), Utility.COST)
    count = share(stakes, Fraction(10), ranks_of(stakes))

    found = lack(stakes, count, ranks_of(stakes), 1)

    assert found == Lack(1, Fraction(20), 20, 55)


def test_what_nobody_wants_lacked_everything() -> None:
    stakes = stakes_of(poll_with([28, 22], [[0]], 50), Utility.COST)
    count = share(stakes, Fraction(50), ranks_of(stakes))

    assert lack(stakes, count, ranks_of(stakes), 1).at_cost is None


@given(stakes=staked())
def test_at_the_cost_named_a_loser_wins(stakes: Stakes) -> None:
    ranks = ranks_of(stakes)
    count = share(stakes, endowment(stakes, 0), ranks)
    lost = [p for p, score in enumerate(stakes.scores) if score and p not in count.winners]

    for project in lost[:2]:
        found = lack(stakes, count, ranks, project)
        assert found.at_cost is not None
        assert found.left - 1 < found.at_cost < stakes.poll.costs[project]


def test_the_same_seed_draws_the_same_voters() -> None:
    votes = [[0]] * 11 + [[1]] * 9
    stakes = stakes_of(poll_with([100, 100], votes, 100), Utility.COST)
    ranks = ranks_of(stakes)

    first = fragility(stakes, Completion.ADD1, ranks, draws=50, seed=7)

    assert first == fragility(stakes, Completion.ADD1, ranks, draws=50, seed=7)
    assert 0 < first.won[1] < first.won[0] < 50
    assert sum(first.won) <= 50  # Ten against ten can both pay at once, and then neither fits.


def test_what_everybody_wants_always_wins() -> None:
    stakes = stakes_of(poll_with([10, 90], [[0]] * 9 + [[0, 1]], 100), Utility.COST)

    found = fragility(stakes, Completion.NONE, ranks_of(stakes), draws=20, seed=1)

    assert (found.won[0], found.same) == (20, 20)


def test_the_share_of_the_unheard_of_a_city_is_that_published(data: Path) -> None:
    file = data / "assembly" / "pabulib" / "Poland_Lodz_2022.pb.gz"
    election = read(gzip.decompress(file.read_bytes()))
    stakes = stakes_of(poll_of(election), Utility.COST)
    official = [p for p, chosen in enumerate(election.of_projects("selected")) if chosen == "1"]
    shared = complete(stakes, Completion.ADD1, ranks_of(stakes)).winners

    assert round(float(unheard(stakes, official).share), 3) == 0.390
    assert round(float(unheard(stakes, shared).share), 3) == 0.197
    assert claims(stakes, official)
    assert not claims(stakes, shared)
