"""A Code tried on a city's record: by month, cut where Codes change, and without writing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bioloom.doors.codes.trying import PastTooLong, try_code
from bioloom.doors.compose import City, open_city
from bioloom.ledger.codes.enacting import CodeNamesUnknown
from bioloom.vocabulary.entries.codes import Banned, CodeEnacted, CodeId, DistanceLimited, Rule
from bioloom.vocabulary.periods import Period
from tests.doors.sample_city import sample_city
from tests.doors.web.routes.fairness.test_fairness_page import put_in_force


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(sample_city(tmp_path / "city")) as city:
        yield city


def draft(*rules: Rule, supersedes: tuple[str, ...] = ()) -> CodeEnacted:
    return CodeEnacted(
        code=CodeId("tried"),
        version=1,
        title="Tried",
        rationale="To see what follows.",
        rules=rules,
        first_day=date(2030, 1, 1),
        supersedes=tuple(map(CodeId, supersedes)),
    )


def test_the_three_newest_months_are_planned_twice_and_nothing_is_written(city: City) -> None:
    site = next(iter(city.journal.declared().sites))
    before = city.journal.head()

    tried = try_code(city, draft(Banned(sites=(site,))))

    assert [one.period.first.day for one in tried.periods] == [1] * len(tried.periods)
    assert 1 <= len(tried.periods) <= 3
    assert all(one.as_it_was and one.as_tried for one in tried.periods)
    assert any(one.moved_mg for one in tried.periods)
    assert city.journal.head() == before


def test_a_code_that_it_supersedes_is_left_out_and_months_are_cut_where_codes_begin(
    city: City,
) -> None:
    month = city.newest_month()
    assert month is not None
    site = next(iter(city.journal.declared().sites))
    put_in_force(city, "old", Banned(sites=(site,)), first=month.first.replace(day=10))

    beside = try_code(city, draft(DistanceLimited(limit_m=10_000_000)), month)
    instead = try_code(city, draft(DistanceLimited(limit_m=10_000_000), supersedes=("old",)), month)

    assert [one.period.first.day for one in beside.periods] == [1, 10]
    assert [one.moved_mg for one in beside.periods] == [0, 0] or not beside.periods[1].moved_mg
    later = instead.periods[1]
    assert later.offered_mg == 0 or later.moved_mg


def test_a_past_of_more_than_three_years_is_refused(city: City) -> None:
    long = Period(first=date(1990, 1, 1), last=date(2020, 1, 1))

    with pytest.raises(PastTooLong, match="361 months"):
        try_code(city, draft(DistanceLimited(limit_m=5)), long)


def test_a_code_that_supersedes_what_nobody_enacted_is_not_tried(city: City) -> None:
    with pytest.raises(CodeNamesUnknown, match="the Code 'naer'"):
        try_code(city, draft(DistanceLimited(limit_m=5), supersedes=("naer",)))
