"""Expecting: days of weeks are as those of the months that they are in."""

from datetime import date

from bioloom.circuits.horizon.expecting import as_in_months, as_on_mean_days, weeks_after
from bioloom.vocabulary.periods import Period
from tests.circuits.cities import offer_t

JUNE = Period(first=date(2024, 6, 1), last=date(2024, 6, 30))
JULY = Period(first=date(2024, 7, 1), last=date(2024, 7, 31))


def test_weeks_follow_the_days_that_are_known_without_a_gap() -> None:
    first, second = weeks_after(JUNE, 2)

    assert (first.first, first.days) == (date(2024, 7, 1), 7)
    assert (second.first, second.last) == (date(2024, 7, 8), date(2024, 7, 14))


def test_a_week_has_seven_mean_days() -> None:
    assert as_on_mean_days(offer_t(north_peel=30), JUNE, weeks_after(JUNE, 1)) == [
        offer_t(north_peel=7)
    ]


def test_a_week_across_two_months_has_days_of_both() -> None:
    months_mg = {JUNE: offer_t(north_peel=30), JULY: offer_t(north_peel=62)}
    across = Period(first=date(2024, 6, 28), last=date(2024, 7, 4))

    assert as_in_months(months_mg, [across]) == [offer_t(north_peel=3 + 4 * 2)]


def test_days_of_no_month_that_is_known_offer_nothing() -> None:
    later = Period(first=date(2024, 8, 1), last=date(2024, 8, 7))

    assert as_in_months({JUNE: offer_t(north_peel=30)}, [later]) == [{}]
