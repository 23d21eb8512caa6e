"""Comparing: who is heard less is found, and nobody is told of who is fewer than ten."""

from datetime import date
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from bioloom.assembly.hearing.comparing import beyond_chance, compare, people_heard
from bioloom.assembly.hearing.counting import going_on, kept, participation, waits_of
from bioloom.assembly.hearing.seeing import thin_statements, visibility
from bioloom.assembly.hearing.suppressing import FEWEST_PEOPLE, suppressed
from bioloom.assembly.hearing.tables import (
    Participation,
    Population,
    Said,
    Step,
    TableAmiss,
)
from bioloom.assembly.hearing.waiting import Wait, waited
from bioloom.assembly.opinions.polis import Conversation, Statement
from tests.assembly.opinions.generated import votes_of

numbers = st.integers(min_value=0, max_value=10_000)
parts = st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair)))
DAY = date(2026, 3, 1)


@given(st.lists(parts, min_size=1, max_size=8))
def test_a_share_lies_between_its_bounds_and_all_groups_make_the_whole(
    told: list[tuple[int, int]],
) -> None:
    found = compare([people_heard(str(n), *part) for n, part in enumerate(told)])
    for one in found:
        assert one.heard.heard + one.rest_heard == sum(part[0] for part in told)
        assert one.heard.of + one.rest_of == sum(part[1] for part in told)
        if one.heard.of:
            assert one.low - 1e-9 <= one.heard.heard / one.heard.of <= one.high + 1e-9
        assert 0 <= one.chance <= 1 + 1e-9


@given(st.permutations([(3, 90), (40, 400), (0, 12), (77, 500)]))
def test_the_order_of_groups_does_not_matter(told: list[tuple[int, int]]) -> None:
    found = compare([people_heard(str(part), *part) for part in told])
    again = compare([people_heard(str(part), *part) for part in sorted(told)])
    assert sorted(found, key=lambda one: one.heard.of) == sorted(
        again, key=lambda one: one.heard.of
    )


@given(heard=st.integers(min_value=1, max_value=200))
def test_a_group_of_which_fewer_are_heard_is_no_more_probable_by_chance(heard: int) -> None:
    rest = people_heard("rest", 300, 1000)
    more, fewer = (
        compare([people_heard("own", number, 200), rest])[0] for number in (heard, heard - 1)
    )
    assert fewer.chance <= more.chance + 1e-12
    assert fewer.missing >= more.missing


def test_the_chance_is_fishers() -> None:
    # 1 of 4 beside 3 of 4: (1 + 16) of the 70 ways to choose 4 of 8.
    own, _ = compare([people_heard("own", 1, 4), people_heard("rest", 3, 4)])
    assert own.chance == pytest.approx(17 / 70)


@given(st.lists(st.floats(min_value=0, max_value=1), max_size=30))
def test_what_is_beyond_chance_is_the_least_probable(chances: list[float]) -> None:
    found = beyond_chance(chances)
    yes = [chance for chance, flag in zip(chances, found, strict=True) if flag]
    no = [chance for chance, flag in zip(chances, found, strict=True) if not flag]
    assert len(found) == len(chances)
    assert max(yes, default=0.0) <= min(no, default=1.0)
    assert all(chance <= 0.05 for chance in yes)


table = st.dictionaries(
    st.sampled_from("abcdefg"), st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1
)


@given(st.lists(table, min_size=1, max_size=3))
def test_no_figure_of_few_people_is_told_or_found_by_subtraction(
    tables: list[dict[str, tuple[int, int]]],
) -> None:
    hidden = suppressed(tables)
    for one in tables:
        left_out = [told for group, told in one.items() if group in hidden]
        assert all(min(told) >= FEWEST_PEOPLE for group, told in one.items() if group not in hidden)
        if left_out and len(left_out) < len(one):
            assert len(left_out) >= 2
            assert min(sum(parts) for parts in zip(*left_out, strict=True)) >= FEWEST_PEOPLE


@given(table)
def test_nothing_is_left_out_where_every_figure_is_about_enough(
    one: dict[str, tuple[int, int]],
) -> None:
    enough = {group: (told[0] + 10, told[1] + 10) for group, told in one.items()}
    assert suppressed([enough]) == frozenset()


def test_participation_is_of_those_who_live_here() -> None:
    living = [Population(group=name, people=1000, source="census", day=DAY) for name in ("n", "s")]
    took = [Participation(group="s", people=7), Participation(group="n", people=30)]
    found = {one.group: (one.heard, one.of) for one in participation(living, took)}
    assert found == {"n": (30, 1000), "s": (7, 1000)}


@pytest.mark.parametrize(
    ("took", "found"),
    [
        ([("n", 3)], "there is no group 's'"),
        ([("n", 3), ("s", 2), ("w", 2)], "population.csv: there is no group 'w'"),
        ([("n", 3), ("n", 2), ("s", 2)], "tells twice of 'n'"),
        ([("n", 31), ("s", 2)], "of 'n' it counts 31 of 30"),
    ],
)
def test_tables_that_contradict_each_other_are_refused(
    took: list[tuple[str, int]], found: str
) -> None:
    living = [Population(group=name, people=30, source="census", day=DAY) for name in ("n", "s")]
    with pytest.raises(TableAmiss, match=found):
        participation(living, [Participation(group=name, people=many) for name, many in took])


def test_each_step_is_beside_the_one_before_it() -> None:
    steps = [
        Step(step=step, group=group, people=people)
        for step, n, s in (("invited", 100, 90), ("came", 50, 20), ("voted", 40, 19))
        for group, people in (("n", n), ("s", s))
    ]
    found = going_on(steps)
    assert [(one.heard, one.of) for one in found["invited > came"]] == [(50, 100), (20, 90)]
    assert [(one.heard, one.of) for one in found["came > voted"]] == [(40, 50), (19, 20)]
    with pytest.raises(TableAmiss, match="how many of 's' came to 'voted'"):
        going_on(steps[:-1])


def said(number: int, language: str, outcome: Literal["kept", "rejected"] | None) -> Said:
    return Said(
        statement=str(number),
        author=f"a{number % 3}",
        said=DAY,
        language=language,
        outcome=outcome,
    )


def test_statements_not_yet_decided_are_neither_kept_nor_rejected() -> None:
    told = [said(0, "es", "kept"), said(1, "es", "rejected"), said(2, "es", None)]
    (one,) = kept(told, lambda each: each.language)
    assert (one.group, one.heard, one.of, one.people) == ("es", 1, 2, 2)


def test_a_wait_cannot_end_before_it_began() -> None:
    early = Said(statement="7", author="a", said=DAY, answered=date(2026, 2, 1))
    with pytest.raises(TableAmiss, match="'7' was said on 2026-03-01"):
        waits_of([early], DAY)


@given(st.lists(st.tuples(st.integers(0, 99), st.booleans()), min_size=1, max_size=60))
def test_half_are_answered_by_the_median_counted_by_hand(told: list[tuple[int, bool]]) -> None:
    waits = [Wait("n", str(number), days, over) for number, (days, over) in enumerate(told)]
    still, expected = 1.0, None
    for day in sorted({days for days, over in told if over}):
        still *= 1 - sum(days == day and over for days, over in told) / sum(
            days >= day for days, _ in told
        )
        if still <= 0.5 + 1e-12 and expected is None:
            expected = day
    (found,) = waited(waits)
    assert found.median_days == expected
    if found.median_days is not None:
        assert found.low_days is not None
        assert found.low_days <= found.median_days <= (found.high_days or 99)
    assert (found.over, found.of) == (sum(over for _, over in told), len(told))


def test_who_is_never_answered_waits_longest() -> None:
    quick = [Wait("quick", str(n), n % 9, is_over=True) for n in range(30)]
    never = [Wait("never", str(n), 40, is_over=n < 3) for n in range(30)]
    slow, fast = waited([*quick, *never])
    assert (slow.group, slow.median_days, fast.median_days) == ("never", None, 3)
    assert slow.chance < 1e-6 < fast.chance


def conversation(seen: list[int]) -> Conversation:
    """Statements, each seen by so many of forty people; the first half wrote the first half."""
    cells = np.full((40, len(seen)), -9)
    for column, number in enumerate(seen):
        cells[:number, column] = 1
    statements = {
        str(n): Statement(name=str(n), author=str(n if 2 * n < len(seen) else 20 + n))
        for n in range(len(seen))
    }
    return Conversation(topic="", statements=statements, votes=votes_of(cells))


def test_statements_are_seen_as_much_as_most_or_not() -> None:
    told = conversation([30] * 9 + [5] * 2)
    label = np.repeat([0, 1], 20)
    one, other = visibility(told, label)
    assert (one.heard, one.of, one.people) == (6, 6, 6)
    assert (other.heard, other.of, other.people) == (3, 5, 5)
    assert [(thin.statement, thin.seen) for thin in thin_statements(told)] == [("9", 5), ("10", 5)]


def test_bounds_of_a_curve_are_those_of_a_library() -> None:
    draw = np.random.default_rng(3)
    waits = [Wait("n", str(n), int(draw.integers(1, 60)), is_over=n % 3 > 0) for n in range(80)]
    curve = ecdf(
        CensoredData.right_censored(
            [wait.days for wait in waits], [not wait.is_over for wait in waits]
        )
    ).sf
    bounds = curve.confidence_interval(method="log-log")
    (found,) = waited(waits)
    for days, part in (
        (found.median_days, curve),
        (found.low_days, bounds.low),
        (found.high_days, bounds.high),
    ):
        assert days == part.quantiles[np.flatnonzero(part.probabilities <= 0.5)[0]]
