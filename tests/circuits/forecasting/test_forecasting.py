"""Forecasting: it finds what is there, knows nothing of what comes, and says how sure it is."""

from datetime import date
from math import pi, sin
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.forecasting.forecasting import (
    Forecast,
    HistoryTooShort,
    MonthsOutOfRange,
    forecast,
)
from bioloom.circuits.forecasting.history import history_of, month_after
from bioloom.circuits.forecasting.holding_back import band, best_method, errors_of
from bioloom.circuits.forecasting.methods import METHODS
from bioloom.circuits.posing import Node
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period, month_of
from bioloom.vocabulary.places import DistrictId

FIRST = month_of(date(2020, 1, 1))
Offered = dict[Period, dict[Node, int]]


def node(district: str = "north", material: str = "peel") -> Node:
    return DistrictId(district), MaterialId(material)


def offered(months: int, *, districts: int = 6, noise: float = 0.0) -> Offered:
    """A season and some noise in several districts, of peel alone."""
    random = Random(7)
    return {
        month_after(FIRST, number): {
            node(f"d{district}"): round(
                1e9
                * (district + 1)
                * (10 + 4 * sin(2 * pi * number / 12))
                * (1 + noise * random.gauss(0, 1))
            )
            for district in range(districts)
        }
        for number in range(months)
    }


def only(made: Forecast, district: str) -> list[int]:
    return [one.mass_mg for one in made.expected if one.district == district]


def test_a_season_that_never_changes_is_forecast_exactly() -> None:
    told = offered(72)
    known = {month: told[month] for month in list(told)[:60]}

    made = forecast(known, 12)

    coming = [told[month][node("d2")] for month in list(told)[60:]]
    assert only(made, "d2") == pytest.approx(coming, rel=1e-6)
    assert made.chosen[0].error == pytest.approx(0, abs=1e-9)
    assert [str(month.first) for month in made.months][:2] == ["2025-01-01", "2025-02-01"]


def test_intervals_of_noisy_months_hold_about_what_they_say() -> None:
    made = forecast(offered(96, noise=0.1), 3)

    assert made.chosen[0].coverage == pytest.approx(0.9, abs=0.08)
    for one in made.expected:
        assert one.high_mg is not None
        assert 0 <= one.low_mg < one.mass_mg < one.high_mg


@given(errors=st.lists(st.floats(-5, 5), min_size=1, max_size=60, unique=True))
def test_a_band_leaves_out_at_most_the_share_it_may(errors: list[float]) -> None:
    found = band(np.array(errors), 0.9)

    if found is None:
        assert len(errors) < 19
    else:
        outside = sum(not found[0] <= error <= found[1] for error in errors)
        assert outside <= 0.1 * (len(errors) + 1)


@pytest.mark.parametrize("name", METHODS)
def test_no_method_knows_what_comes(name: str) -> None:
    rows = history_of(offered(60, noise=0.2)).tonnes
    other = rows.copy()
    other[:, 48:] *= 100

    seen, unseen = (METHODS[name](some[:, :48], 6) for some in (rows, other))

    assert np.array_equal(seen, unseen, equal_nan=True)
    first = errors_of(METHODS[name], rows, 3).relative[0]
    assert np.array_equal(first, errors_of(METHODS[name], other, 3).relative[0], equal_nan=True)


def test_the_mean_of_the_methods_is_taken_where_none_is_clearly_better() -> None:
    random = np.random.default_rng(0)
    seasons = np.tile(random.normal(100, 10, (6, 12)), 5)
    rows = seasons + random.normal(0, 1.5, (6, 60)).cumsum(axis=1) + random.normal(0, 2, (6, 60))

    best, errors = best_method(rows, 3)

    least = min(errors, key=lambda name: errors[name].error)
    assert least != best == "middle"
    assert errors[least].error > 0.9 * errors["middle"].error


def test_a_method_that_missed_clearly_less_is_taken() -> None:
    rows = history_of(offered(60, noise=0.1)).tonnes
    # A level that doubles and stays: whoever looks back a year or more misses most.
    rows[:, 40:] *= 2

    best, errors = best_method(rows, 3)

    assert errors[best].error == min(tried.error for tried in errors.values())
    assert errors[best].error < 0.9 * errors["middle"].error


def test_a_single_year_is_repeated_and_nobody_says_how_sure_that_is() -> None:
    told = offered(12)

    made = forecast(told, 3)

    assert only(made, "d0") == [told[month][node("d0")] for month in list(told)[:3]]
    assert {(one.low_mg, one.high_mg) for one in made.expected} == {(0, None)}
    assert (made.chosen[0].error, made.chosen[0].coverage) == (None, None)


def test_what_is_known_for_too_short_or_has_ended_is_named_and_not_forecast() -> None:
    told = offered(36)
    for number, month in enumerate(told):
        if number >= 30:
            told[month][node("young")] = 10**9
        if number < 30:
            told[month][node("gone")] = 10**9

    made = forecast(told, 1)

    assert {(one.district, one.why) for one in made.left_out} == {
        ("young", "short"),
        ("gone", "ended"),
    }
    assert {one.district for one in made.expected} == {f"d{number}" for number in range(6)}


def test_a_month_that_nobody_recorded_is_not_taken_for_zero() -> None:
    told = offered(60)
    del told[month_after(FIRST, 50)][node("d1")]
    whole = offered(60)

    made, other = forecast(told, 3), forecast(whole, 3)

    assert only(made, "d1") == pytest.approx(only(other, "d1"), rel=0.05)


def test_what_is_expected_of_a_month_can_be_planned() -> None:
    made = forecast(offered(36), 2)

    planned = made.offered_mg(made.months[1])

    assert planned[node("d3")] == only(made, "d3")[1]
    assert len(planned) == 6


@pytest.mark.parametrize("months", [0, 13])
def test_months_out_of_range_are_refused(months: int) -> None:
    with pytest.raises(MonthsOutOfRange, match=f"{months} months are not forecast"):
        forecast(offered(24), months)


@pytest.mark.parametrize("known", [0, 11])
def test_a_history_shorter_than_a_year_is_refused(known: int) -> None:
    with pytest.raises(HistoryTooShort, match=f"the record has {known} whole months"):
        forecast(offered(known), 3)
