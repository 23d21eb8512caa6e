"""Time: instants as fixed-width UTC text, and periods of whole days in a city's own timezone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NewType
from zoneinfo import ZoneInfo

import msgspec

from bioloom.vocabulary.refusal import Refusal

# RFC 3339 in UTC with milliseconds, always 24 characters: text order is time order.
Instant = NewType("Instant", str)


class PeriodBackwards(Refusal):
    """A period whose last day comes before its first."""

    def __init__(self, *, first: date, last: date) -> None:
        self.first, self.last = first, last
        super().__init__(
            what=f"The period from {first} to {last} ends before it begins.",
            why="Both dates are part of a period.",
            remedy="Swap the two dates.",
        )


class InstantUnreadable(Refusal):
    """A text is not an instant with a time zone."""

    def __init__(self, *, text: str) -> None:
        self.text = text
        super().__init__(
            what=f"'{text}' is not an instant.",
            why="An instant needs a date, a time and an offset from UTC.",
            remedy="Write it like 2022-11-30T17:00:00Z.",
        )


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Whole days, both ends included.

    Raises:
        PeriodBackwards: If the last day comes before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodBackwards(first=self.first, last=self.last)

    @property
    def days(self) -> int:
        """How many days the period has.

        >>> Period(first=date(2022, 11, 1), last=date(2022, 11, 30)).days
        30
        """
        return (self.last - self.first).days + 1

    def has(self, day: date) -> bool:
        """Whether a day belongs to it."""
        return self.first <= day <= self.last

    def overlaps(self, other: "Period") -> bool:
        """Whether some day belongs to both."""
        return self.first <= other.last and other.first <= self.last

    def covers(self, other: "Period") -> bool:
        """Whether every day of the other belongs to this one."""
        return self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def month_of(day: date) -> Period:
    """The calendar month a day lies in."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(first=first, last=following - timedelta(days=1))


def instant(moment: datetime) -> Instant:
    """An aware moment as the record writes it.

    Example:
        >>> instant(datetime(2022, 11, 30, 12, tzinfo=ZoneInfo("America/New_York")))
        '2022-11-30T17:00:00.000Z'
    """
    assert moment.tzinfo is not None, "a moment without a zone is not an instant"
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return Instant(text.removesuffix("+00:00") + "Z")


def read_instant(text: str) -> Instant:
    """An instant as somebody wrote it, in the record's own form.

    Raises:
        InstantUnreadable: If it has no date, time or offset.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise InstantUnreadable(text=text)
        return instant(moment)
    except (ValueError, OverflowError) as unreadable:  # Or its UTC is beyond the calendar.
        raise InstantUnreadable(text=text) from unreadable


@lru_cache(maxsize=4096)  # A month's lots share one instant.
def epoch_ms(moment: Instant) -> int:
    """Milliseconds since 1970 of an instant of the record.

    Raises:
        InstantUnreadable: If it is no instant, as in a record that was tampered with.

    >>> epoch_ms(Instant("1970-01-01T00:00:01.500Z"))
    1500
    """
    try:
        return round(datetime.fromisoformat(moment).timestamp() * 1000)
    except (ValueError, OverflowError) as unreadable:
        raise InstantUnreadable(text=moment) from unreadable


def from_epoch_ms(milliseconds: int) -> Instant:
    """The instant so many milliseconds after 1970."""
    return instant(datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds))


def day_of(milliseconds: int, zone: ZoneInfo) -> date:
    """The day on which an instant falls in a timezone."""
    return (
        (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds))
        .astimezone(zone)
        .date()
    )


def happening_of(period: Period, zone: ZoneInfo) -> Instant:
    """When a total over a period counts as having happened: noon of its last day.

    Noon, so that the day stays the same day when a city later corrects its timezone.
    """
    return instant(datetime.combine(period.last, time(12), tzinfo=zone))


def bounds_ms(period: Period, zone: ZoneInfo) -> tuple[int, int]:
    """First millisecond of a period and first after it, in a city's timezone."""
    # The calendar's own last day has no morning after.
    day_after = min(period.last, date.max - timedelta(days=1)) + timedelta(days=1)
    return _midnight_ms(period.first, zone), _midnight_ms(day_after, zone)


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    # Subtracted, not converted: in UTC the calendar's first midnight may lie before its beginning.
    midnight = datetime.combine(day, time(0), tzinfo=zone)
    return (midnight - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
