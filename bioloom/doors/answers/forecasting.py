"""Answers about coming months: what `circuits forecast --json` prints."""

import msgspec

from bioloom.circuits.forecasting.forecasting import Chosen, Expected, Forecast, LeftOut
from bioloom.doors.answers.plans import Days


class ForecastTold(msgspec.Struct, frozen=True, kw_only=True):
    """What coming months are expected to bring, how it was forecast, and what is not."""

    known: Days
    months: list[Days]
    coverage_asked: float
    expected: tuple[Expected, ...]
    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]


def tell_forecast(made: Forecast) -> ForecastTold:
    """A forecast as it is printed."""
    return ForecastTold(
        known=Days(first=made.known.first, last=made.known.last),
        months=[Days(first=month.first, last=month.last) for month in made.months],
        coverage_asked=made.coverage_asked,
        expected=made.expected,
        chosen=made.chosen,
        left_out=made.left_out,
    )
