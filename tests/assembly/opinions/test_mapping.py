"""The opinion map: it finds the groups there are, doubts those there are not, and drops nobody."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.assembly.opinions.mapping import OpinionMap, map_opinions
from bioloom.assembly.opinions.votes import AGREE, DISAGREE, UNSEEN, Vote, Votes, table_of
from tests.assembly.opinions.generated import planted, votes_of


def agreement(found: OpinionMap, truth: np.ndarray) -> float:
    """The part of people of each true group that sit in one found group, the least of all."""
    parts = []
    for group in np.unique(truth):
        inside = found.label[truth == group]
        parts.append(np.bincount(inside[inside >= 0]).max() / len(inside))
    return float(min(parts))


@pytest.mark.parametrize("groups", [2, 3, 5, 8])
def test_planted_groups_are_found_however_many_there_are(groups: int) -> None:
    votes, truth = planted(600, 120, groups)
    found = map_opinions(votes)
    assert len(found.groups) == groups
    assert agreement(found, truth) > 0.95
    assert not any(group.doubts for group in found.groups)


def test_a_minority_of_one_in_twenty_is_a_group_of_its_own() -> None:
    votes, truth = planted(600, 80, 2, loyalty=0.7, shares=[0.95, 0.05])
    found = map_opinions(votes)
    assert len(found.groups) == 2
    assert agreement(found, truth) > 0.95


@pytest.mark.parametrize("seed", range(10))
def test_votes_that_have_nothing_to_do_together_make_one_group(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cells = np.where(draw.random((200, 40)) < 0.5, draw.choice([-1, 0, 1], (200, 40)), UNSEEN)
    found = map_opinions(votes_of(cells))
    assert found.above_noise == 0
    assert len(found.groups) == 1


def test_people_who_only_agree_more_are_doubted() -> None:
    draw = np.random.default_rng(0)
    agreeable = draw.random(400)[:, None]
    cells = np.where(draw.random((400, 60)) < agreeable, AGREE, draw.choice([0, -1], (400, 60)))
    found = map_opinions(votes_of(cells))
    assert len(found.groups) > 1
    assert all("agrees with more" in group.doubts for group in found.groups)


def test_a_spread_without_a_gap_is_doubted() -> None:
    draw = np.random.default_rng(0)
    lean, side = draw.uniform(-1, 1, 500)[:, None], draw.choice([-1, 1], 60)
    cells = np.sign(lean * side + draw.normal(0, 1.2, (500, 60))).astype(np.int64)
    found = map_opinions(votes_of(cells))
    assert all("no gap" in group.doubts for group in found.groups)


def test_two_votes_never_top_what_all_groups_hold() -> None:
    votes, _ = planted(300, 40, 2)
    cells = votes.cells.copy()
    cells[:, 0] = AGREE
    cells[:, 1] = UNSEEN
    cells[:2, 1] = AGREE
    found = map_opinions(votes_of(cells))
    assert found.common[0].statement == 0
    assert 1 not in [one.statement for one in found.common]


def test_what_a_group_holds_is_what_it_was_made_to_hold() -> None:
    votes, truth = planted(400, 60, 2, loyalty=0.8)
    found = map_opinions(votes)
    for group in found.groups:
        own = votes.cells[truth == truth[group.people[0]]]
        for one in group.holds:
            sign = AGREE if one.side == "agree" else DISAGREE
            column = own[:, one.statement]
            assert np.mean(column[column != UNSEEN] == sign) > 0.5


def test_whoever_voted_little_is_in_no_group_and_not_lost() -> None:
    votes, _ = planted(300, 60, 2)
    cells = votes.cells.copy()
    cells[0], cells[0, 0] = UNSEEN, AGREE
    cells[1] = UNSEEN
    found = map_opinions(votes_of(cells))
    assert found.label[0] == found.label[1] == -1
    assert np.isnan(found.at[1]).all()
    assert len(found.label) == 300


def test_the_map_names_the_votes_that_it_shows() -> None:
    votes, _ = planted(50, 20, 2)
    cells = votes.cells.copy()
    cells[0, 0] = AGREE if cells[0, 0] != AGREE else DISAGREE
    assert map_opinions(votes).digest == votes.digest != map_opinions(votes_of(cells)).digest


@pytest.mark.parametrize("votes", [table_of([]), table_of([Vote("ana", "s", "agree")])])
def test_too_few_votes_make_no_group(votes: Votes) -> None:
    assert map_opinions(votes).groups == []


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_order_and_the_names_of_people_change_nothing(seed: int) -> None:
    votes, _ = planted(60, 25, 2, seed=seed)
    order = np.random.default_rng(seed).permutation(60)
    one, other = map_opinions(votes), map_opinions(votes_of(votes.cells[order]))
    assert other.above_noise == one.above_noise
    np.testing.assert_allclose(other.at, one.at[order], atol=1e-8)
    np.testing.assert_array_equal(other.label, one.label[order])
