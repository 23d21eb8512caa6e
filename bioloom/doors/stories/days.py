"""Days of stories: instants without a clock, and what part of the year it is."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import cos, pi
from typing import NamedTuple

from bioloom.vocabulary.periods import Instant, Period

_MINUTES = tuple(f"T{minute // 60:02}:{minute % 60:02}:" for minute in range(24 * 60))
_SECONDS = tuple(f"{second:02}.000Z" for second in range(60))


class Day(NamedTuple):
    """A day, and how its instants begin."""

    date: date
    text: str
    # 0 is Monday.
    weekday: int
    # From -1 at midwinter to 1 at midsummer.
    season: float

    def at(self, minute: int, second: int = 0) -> Instant:
        """An instant of this day, by its minute and second.

        >>> day_named(date(2025, 3, 1)).at(90, 5)
        '2025-03-01T01:30:05.000Z'
        """
        return Instant(self.text + _MINUTES[minute] + _SECONDS[second])


def day_named(day: date) -> Day:
    """A day of the calendar."""
    # The 21st of June is the 172nd day.
    season = cos(2 * pi * (day.timetuple().tm_yday - 172) / 365)
    return Day(day, day.isoformat(), day.weekday(), season)


def days_of(period: Period) -> Iterator[Day]:
    """Every day of a period."""
    for number in range(period.days):
        yield day_named(period.first + timedelta(days=number))
