"""Periods: whole days by the city's own clock, also where the clock jumps."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.vocabulary.periods import (
    Instant,
    InstantUnreadable,
    Period,
    PeriodBackwards,
    bounds_ms,
    day_of,
    epoch_ms,
    from_epoch_ms,
    happening_of,
    instant,
    month_of,
    read_instant,
)

# Clocks that jump at night, at midnight, by half an hour, and one that skipped a day.
ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/Havana",
    "Africa/Cairo",
    "Pacific/Apia",
)
HOUR_MS = 3_600_000
zones = st.sampled_from(ZONES).map(ZoneInfo)
dates = st.dates(date(1980, 1, 1), date(2037, 12, 31))
periods = st.tuples(dates, st.integers(0, 400)).map(
    lambda drawn: Period(first=drawn[0], last=drawn[0] + timedelta(days=drawn[1]))
)
instants_ms = st.integers(-(10**13), 10**13)


@given(period=periods, zone=zones, edge=st.sampled_from([0, 1]), offset_ms=st.integers(-3, 3))
def test_a_period_begins_and_ends_at_midnight_to_the_millisecond(
    period: Period, zone: ZoneInfo, edge: int, offset_ms: int
) -> None:
    start_ms, end_ms = bounds_ms(period, zone)
    moment_ms = (start_ms, end_ms)[edge] + offset_ms

    day = day_of(moment_ms, zone)

    assert (start_ms <= moment_ms < end_ms) == (period.first <= day <= period.last)


@given(period=periods, zone=zones)
def test_periods_that_follow_each_other_leave_no_gap(period: Period, zone: ZoneInfo) -> None:
    day_after = period.last + timedelta(days=1)
    following = Period(first=day_after, last=day_after)

    assert bounds_ms(period, zone)[1] == bounds_ms(following, zone)[0]


@given(period=periods, zone=zones)
def test_a_total_happens_on_the_last_day_of_its_period(period: Period, zone: ZoneInfo) -> None:
    start_ms, end_ms = bounds_ms(period, zone)
    happened_ms = epoch_ms(happening_of(period, zone))

    skipped = zone.key == "Pacific/Apia" and period.last == date(2011, 12, 30)
    assert skipped or start_ms <= happened_ms < end_ms
    assert skipped or day_of(happened_ms, zone) == period.last


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2022, 3, 13), 23), (date(2022, 11, 6), 25), (date(2022, 7, 4), 24)]
)
def test_new_york_has_days_of_23_and_25_hours(day: date, hours: int) -> None:
    start_ms, end_ms = bounds_ms(Period(first=day, last=day), ZoneInfo("America/New_York"))

    assert end_ms - start_ms == hours * HOUR_MS


def test_the_calendars_own_ends_have_bounds_too() -> None:
    for zone in map(ZoneInfo, ZONES):
        start_ms, end_ms = bounds_ms(Period(first=date.min, last=date.max), zone)
        assert start_ms < 0 < end_ms


@given(milliseconds=instants_ms)
def test_an_instant_is_24_signs_and_survives_the_way_there_and_back(milliseconds: int) -> None:
    written = from_epoch_ms(milliseconds)

    assert len(written) == 24
    assert epoch_ms(written) == milliseconds
    assert read_instant(written) == written


@given(one=instants_ms, other=instants_ms)
def test_the_order_of_texts_is_the_order_of_time(one: int, other: int) -> None:
    assert (from_epoch_ms(one) < from_epoch_ms(other)) == (one < other)


@given(milliseconds=st.integers(0, 10**12), zone=zones)
def test_one_moment_is_one_text_in_whatever_zone_it_is_told(
    milliseconds: int, zone: ZoneInfo
) -> None:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)

    assert read_instant(moment.astimezone(zone).isoformat()) == instant(moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noon",
        "2022-11-30",
        "2022-11-30T17:00:00",
        "2022-13-01T00:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
    ],
)
def test_a_text_that_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(InstantUnreadable, match="is not an instant") as refusal:
        read_instant(text)

    assert refusal.value.text == text


def test_an_instant_that_was_tampered_with_is_refused() -> None:
    with pytest.raises(InstantUnreadable, match="2022-1X"):
        epoch_ms(Instant("2022-1X-30T17:00:00.000Z"))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PeriodBackwards, match="ends before it begins") as refusal:
        Period(first=date(2022, 11, 30), last=date(2022, 11, 1))

    assert refusal.value.remedy == "Swap the two dates."


@given(one=periods, other=periods)
def test_overlapping_and_covering_are_about_days_in_common(one: Period, other: Period) -> None:
    days_of_one = {one.first + timedelta(days=day) for day in range(one.days)}
    days_of_other = {other.first + timedelta(days=day) for day in range(other.days)}

    assert one.overlaps(other) == bool(days_of_one & days_of_other)
    assert one.covers(other) == (days_of_other <= days_of_one)


@given(day=dates)
def test_a_month_is_the_days_that_share_its_name(day: date) -> None:
    month = month_of(day)

    assert month.covers(Period(first=day, last=day))
    assert month.first.day == (month.last + timedelta(days=1)).day == 1
    assert (month.first.month, month.first.year) == (month.last.month, month.last.year)
