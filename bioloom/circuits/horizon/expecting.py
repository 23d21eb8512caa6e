"""Expecting: what coming weeks offer, by months that are forecast or by a known mean day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bioloom.circuits.posing import Node
from bioloom.vocabulary.periods import Period

DAYS_OF_WEEK = 7


def weeks_after(known: Period, weeks: int) -> tuple[Period, ...]:
    """So many weeks of seven days, the first of which begins on the day after a period."""
    firsts = [known.last + timedelta(days=1 + DAYS_OF_WEEK * number) for number in range(weeks)]
    return tuple(
        Period(first=first, last=first + timedelta(days=DAYS_OF_WEEK - 1)) for first in firsts
    )


def as_on_mean_days(
    offered_mg: Mapping[Node, int], known: Period, periods: Sequence[Period]
) -> list[dict[Node, int]]:
    """Every day as the mean day of a period: an expectation, not a forecast.

    Args:
        offered_mg: What was offered in the period that is known [mg].
        known: Its days.
        periods: The periods to come.

    Example:
        31 t in a month of 31 days are 7 t in a week.
    """
    return [
        {node: mass_mg * period.days // known.days for node, mass_mg in offered_mg.items()}
        for period in periods
    ]


def as_in_months(
    months_mg: Mapping[Period, Mapping[Node, int]], periods: Sequence[Period]
) -> list[dict[Node, int]]:
    """Every day as the mean day of the month it is in; a day of no such month offers nothing.

    Args:
        months_mg: What is expected of each month [mg].
        periods: The periods to come.

    Example:
        A week with 3 days in a month of 30 t and 30 days, and 4 in one of 62 t and 31 days: 11 t.
    """
    expected: list[dict[Node, int]] = []
    for period in periods:
        offered: defaultdict[Node, int] = defaultdict(int)
        for month, month_mg in months_mg.items():
            first, last = max(month.first, period.first), min(month.last, period.last)
            days = max(0, (last - first).days + 1)
            for node, mass_mg in month_mg.items() if days else ():
                offered[node] += mass_mg * days // month.days
        expected.append(dict(offered))
    return expected
