"""Counting by every rule: nobody counts more than another, and ties go as was declared."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.assembly.elections.committees import most_approved, phragmen
from bioloom.assembly.elections.counted import Alike, Counted
from bioloom.assembly.elections.ordering import by_lot
from bioloom.assembly.elections.questions import NO, YES, majority
from bioloom.assembly.elections.ranked import borda, instant_runoff, preferences, schulze
from bioloom.vocabulary.entries.ballots import OptionId

OPTIONS = tuple(map(OptionId, "abcde"))
Rule = Callable[..., Counted]
RULES: tuple[Rule, ...] = (most_approved, phragmen, instant_runoff, schulze, borda)

marks = st.lists(st.sampled_from(OPTIONS), unique=True, max_size=5).map(tuple)
cast = st.lists(st.tuples(marks, st.integers(1, 9)), max_size=8)
seats = st.integers(1, 4)


@pytest.mark.parametrize("rule", RULES)
@given(cast=cast, seats=seats, data=st.data())
def test_the_order_in_which_ballots_come_changes_nothing(
    rule: Rule, cast: list[Alike], seats: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(cast))

    assert rule(OPTIONS, shuffled, seats=seats) == rule(OPTIONS, cast, seats=seats)


@pytest.mark.parametrize("rule", RULES)
@given(cast=cast, seats=seats)
def test_ballots_alike_count_as_much_together_as_one_by_one(
    rule: Rule, cast: list[Alike], seats: int
) -> None:
    apart = [(ballot, 1) for ballot, many in cast for _ in range(many)]

    assert rule(OPTIONS, apart, seats=seats) == rule(OPTIONS, cast, seats=seats)


@pytest.mark.parametrize("rule", RULES)
@given(cast=cast, seats=seats, data=st.data())
def test_another_order_of_the_options_changes_the_winners_only_by_a_tie(
    rule: Rule, cast: list[Alike], seats: int, data: st.DataObject
) -> None:
    one, order = rule(OPTIONS, cast, seats=seats), data.draw(st.permutations(OPTIONS))
    other = rule(order, cast, seats=seats)

    if not one.tie_broken and not other.tie_broken:
        assert set(one.winners) == set(other.winners)


@pytest.mark.parametrize("rule", RULES)
@given(cast=cast, seats=seats)
def test_nobody_wins_whom_nobody_named(rule: Rule, cast: list[Alike], seats: int) -> None:
    named = {option for ballot, _ in cast for option in ballot}
    won = rule(OPTIONS, cast, seats=seats).winners

    assert set(won) <= named
    assert len(won) == len(set(won)) <= seats


@pytest.mark.parametrize("rule", RULES)
def test_of_two_with_equal_claims_the_first_of_the_declared_order_wins(rule: Rule) -> None:
    a, b = OptionId("a"), OptionId("b")
    cast: list[Alike] = [((a, b), 2), ((b, a), 2)]

    for order in ((a, b), (b, a)):
        counted = rule(order, cast, seats=1)
        assert counted.winners == order[:1]
        assert counted.tie_broken


@given(yes=st.integers(0, 50), no=st.integers(0, 50), over=st.integers(500, 999))
def test_a_majority_is_more_than_its_share_exactly(yes: int, no: int, over: int) -> None:
    counted = majority([((YES,), yes), ((NO,), no), ((), 7)], over_per_mille=over)

    is_more = yes + no > 0 and Fraction(yes, yes + no) > Fraction(over, 1000)
    assert (counted.winners == (YES,)) == is_more


@given(cast=cast)
def test_whoever_beats_everybody_one_by_one_wins_by_schulze(cast: list[Alike]) -> None:
    beats = preferences(OPTIONS, cast)
    best = [
        one
        for one in OPTIONS
        if all(beats[one][other] > beats[other][one] for other in OPTIONS if other != one)
    ]

    if best:
        assert schulze(OPTIONS, cast, seats=1).winners == tuple(best)


@given(cast=cast)
def test_whoever_is_first_on_more_than_half_of_the_ballots_wins_by_runoff(
    cast: list[Alike],
) -> None:
    marked = [(ballot, many) for ballot, many in cast if ballot]
    firsts = {one: sum(many for ballot, many in marked if ballot[0] == one) for one in OPTIONS}
    most = max(OPTIONS, key=firsts.__getitem__)

    if firsts[most] * 2 > sum(many for _, many in marked):
        assert instant_runoff(OPTIONS, cast, seats=1).winners == (most,)


@given(groups=st.lists(st.integers(1, 30), min_size=2, max_size=3), seats=st.integers(2, 6))
def test_a_group_large_enough_for_some_seats_of_a_list_gets_them(
    groups: list[int], seats: int
) -> None:
    """Proportional justified representation of groups that agree (Brill and others, 2017)."""
    slates = [tuple(OptionId(f"{g}{n}") for n in range(seats)) for g in range(len(groups))]
    options = [option for slate in slates for option in slate]
    won = phragmen(options, list(zip(slates, groups, strict=True)), seats=seats).winners

    for slate, many in zip(slates, groups, strict=True):
        assert len(set(slate) & set(won)) >= many * seats // sum(groups)


@given(seed=st.text("0123456789abcdef", min_size=8, max_size=8), data=st.data())
def test_a_lot_can_be_redrawn_by_anybody_who_has_its_seed(seed: str, data: st.DataObject) -> None:
    listed: Sequence[OptionId] = data.draw(st.permutations(OPTIONS))

    assert by_lot(listed, seed) == by_lot(OPTIONS, seed)
    assert sorted(by_lot(listed, seed)) == list(OPTIONS)


def test_lots_prefer_nobody() -> None:
    firsts = [by_lot(OPTIONS, f"{seed:064x}")[0] for seed in range(1000)]

    # A thousand draws of five: 200 each, give or take six standard deviations (12.6).
    assert all(124 <= firsts.count(option) <= 276 for option in OPTIONS)
