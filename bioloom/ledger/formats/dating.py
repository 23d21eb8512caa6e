"""Dating: the period a row is about, out of the cells that state it."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

from bioloom.ledger.formats.mapping import MappingUnreadable, PeriodForm
from bioloom.ledger.formats.rows import CellUnreadable
from bioloom.vocabulary.periods import Period, month_of

Span = Literal["day", "month", "quarter", "year"]

# Outside these a year is a slip of the hand.
FIRST_YEAR, LAST_YEAR = 1800, 2200

# Not the machine's locale: a mapping must mean the same everywhere.
_ENGLISH = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# ASCII digits only: other scripts' digits look like a number that nobody wrote.
_PARTS = {
    "Y": r"(?P<year>[0-9]{4})",
    "m": r"(?P<month>[0-9]{1,2})",
    "d": r"(?P<day>[0-9]{1,2})",
    "q": r"(?P<quarter>[1-4])",
}


class Dating:
    """Reads periods written in one form.

    Raises:
        MappingUnreadable: If the form has no year, or a sign that is not one of its own.

    Example:
        >>> Dating(PeriodForm(at="MONTH", form="%Y / %m")).at("2022 / 11")
        (Period(first=datetime.date(2022, 11, 1), last=datetime.date(2022, 11, 30)), '2022-11')
    """

    def __init__(self, form: PeriodForm) -> None:
        self._form = form.form
        names = form.months or _ENGLISH
        self._months = {name.lower(): at for at, name in enumerate(names, start=1)}
        if form.months is None:
            self._months |= {name[:3].lower(): at for at, name in enumerate(names, start=1)}
        self._pattern = re.compile(_pattern(form.form), re.IGNORECASE)
        self._covers: Span = form.covers or _smallest(self._pattern.groupindex)
        self.at = lru_cache(maxsize=4096)(self._at)

    def _at(self, text: str) -> tuple[Period, str]:
        """The period one cell names, and its natural key.

        Raises:
            CellUnreadable: If it is written in another form, or no such day exists.
        """
        return _spanning(self._day(text), self._covers)

    def between(self, first: str, last: str) -> tuple[Period, str]:
        """The period from one cell's day to another's, and its natural key.

        Raises:
            CellUnreadable: If one is written in another form, or no such day exists.
            PeriodBackwards: If the last comes before the first.
        """
        start, _ = self.at(first)
        end, _ = self.at(last)
        period = Period(first=start.first, last=end.last)
        return period, f"{period.first}..{period.last}"

    def _day(self, text: str) -> date:
        found = self._pattern.fullmatch(text.strip())
        if found is None:
            raise CellUnreadable(text=text, expected=f"a period written like {self._form}")
        part = found.groupdict()
        month = int(part.get("month") or 1)
        if part.get("name"):
            month = self._months.get(part["name"].lower(), 0)
        if part.get("quarter"):
            month = 3 * int(part["quarter"]) - 2
        try:
            day = date(int(part["year"]), month, int(part.get("day") or 1))
        except ValueError as impossible:
            raise CellUnreadable(text=text, expected="a day of the calendar") from impossible
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            years = f"between the years {FIRST_YEAR} and {LAST_YEAR}"
            raise CellUnreadable(text=text, expected=f"a day {years}")
        return day


def _pattern(form: str) -> str:
    pieces = re.split(r"%(.)", form)
    pattern = re.escape(pieces[0])
    for sign, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        part = r"(?P<name>[^\W\d_]+\.?)" if sign in "bB" else _PARTS.get(sign)
        if part is None or part in pattern:
            raise MappingUnreadable(
                name="form", fault=f"'{form}' has %{sign} twice, or it is not a sign of a form"
            )
        pattern += part + re.escape(literal)
    if "<year>" not in pattern:
        raise MappingUnreadable(name="form", fault=f"'{form}' has no %Y")
    return pattern


def _smallest(named: Iterable[str]) -> Span:
    parts = set(named)
    if "day" in parts:
        return "day"
    if parts & {"month", "name"}:
        return "month"
    return "quarter" if "quarter" in parts else "year"


def _spanning(day: date, span: Span) -> tuple[Period, str]:
    match span:
        case "day":
            return Period(first=day, last=day), day.isoformat()
        case "month":
            return month_of(day), day.isoformat()[:7]
        case "quarter":
            quarter = (day.month + 2) // 3
            first = date(day.year, 3 * quarter - 2, 1)
            last = month_of(date(day.year, 3 * quarter, 1)).last
            return Period(first=first, last=last), f"{day.year:04}-Q{quarter}"
        case "year":
            period = Period(first=date(day.year, 1, 1), last=date(day.year, 12, 31))
            return period, f"{day.year:04}"
