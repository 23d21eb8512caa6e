"""Measures and times as Valueflows documents write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from bioloom.ledger.formats.linked.strict import LONGEST_NUMBER
from bioloom.vocabulary.amounts import Amount, BaseUnit, base_of, read_amount
from bioloom.vocabulary.periods import Instant, instant
from bioloom.vocabulary.refusal import Refusal

# Units of the Ontology of units of Measure by their labels; others are our own or unknown.
_UNITS = {
    "one": "piece",
    "each": "piece",
    "piece": "piece",
    "kilogram": "kg",
    "gram": "g",
    "tonne": "t",
    "litre": "l",
    "liter": "l",
    "millilitre": "ml",
    "cubicMetre": "m3",
    "hour": "h",
    "minute": "min",
    "second": "s",
    "day": "d",
}
_LABELS = {"piece": "one", "kg": "kilogram", "g": "gram", "t": "tonne", "l": "litre"} | {
    "ml": "millilitre",
    "m3": "cubicMetre",
    "h": "hour",
    "min": "minute",
    "s": "second",
    "d": "day",
}
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}(?:\.[0-9]{1,6})?))?)?"
    r"(Z|[+-][0-9]{1,2}:?(?:[0-9]{2})?)?"
)


class MeasureUnreadable(Refusal):
    """A measure without a number or a unit that can be read."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"A measure cannot be read: {found}.",
            why="An amount needs hasNumericalValue and hasUnit.",
            remedy="Correct the measure.",
        )


def read_measure(measure: object) -> tuple[Amount, BaseUnit]:
    """A vf:Measure in whole base units, and which these are.

    Raises:
        MeasureUnreadable: If it is no measure.
        AmountUnitUnknown, AmountUncountable: If it measures nothing that can be counted.

    Example:
        >>> read_measure({"hasUnit": "om2:kilogram", "hasNumericalValue": "1.8"})[0].units
        1800000
    """
    if not isinstance(measure, dict):
        raise MeasureUnreadable(found=f"'{str(measure)[:40]}' is no object")
    fields = {key.rpartition(":")[2]: value for key, value in measure.items()}
    text, unit = fields.get("hasNumericalValue"), fields.get("hasUnit")
    if isinstance(text, bool) or not isinstance(text, str | int | Decimal):
        raise MeasureUnreadable(found="it has no hasNumericalValue")
    if not isinstance(unit, str) or not unit:
        raise MeasureUnreadable(found="it has no hasUnit")
    if len(str(text)) > LONGEST_NUMBER:
        raise MeasureUnreadable(found=f"its number has more than {LONGEST_NUMBER} characters")
    try:
        number = Decimal(str(text).strip())
    except InvalidOperation as unreadable:
        raise MeasureUnreadable(found=f"'{text}' is no number") from unreadable
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        raise MeasureUnreadable(found=f"'{text}' is out of any range")
    label = unit.rpartition(":")[2].rpartition("/")[2]
    return read_amount(number, _UNITS.get(label, label))


def in_unit(units: int, unit: str) -> str:
    """So many base units as a number of another unit of the same kind, exactly where it can be.

    >>> in_unit(1_531_800_000, "kg")
    '1531.8'
    """
    exact = Fraction(units) / base_of(unit)[1]
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def label_of(unit: str) -> str:
    """The label of a unit in the Ontology of units of Measure, or the unit itself.

    >>> label_of("kg")
    'kilogram'
    """
    return _LABELS.get(unit, unit)


def read_time(text: object) -> Instant | None:
    """A point in time with its offset, also where digits are left out; none where it is none.

    >>> read_time("2019-04-18T8:30:08-5:00")
    '2019-04-18T13:30:08.000Z'
    """
    found = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    seconds = float(second or 0)
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(seconds),
            tzinfo=_zone(zone),
        )
        return instant(moment + timedelta(milliseconds=round(seconds % 1 * 1000)))
    except (ValueError, OverflowError):
        return None


def read_day(text: object) -> date | None:
    """The day of a point in time, where it is one."""
    at = read_time(text)
    return None if at is None else date.fromisoformat(at[:10])


def _zone(text: str | None) -> timezone:
    if text in (None, "Z"):
        return UTC
    assert text is not None, "None is UTC"
    hours, _, minutes = text[1:].partition(":")
    offset = timedelta(hours=int(hours[:2]), minutes=int(minutes or hours[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)
