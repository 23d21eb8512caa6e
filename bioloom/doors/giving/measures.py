"""Measures: how people say how much, and what each is taken for in the record.

A scale gives kilograms. Without one, people count buckets, bags, crates or pieces; each stands for
a mass that the form states, and the figure is an estimate with an uncertainty.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from types import MappingProxyType

import msgspec

from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

_MG_PER_KG = 1_000_000
# The standard uncertainty of an estimate, unless somebody says otherwise.
DEFAULT_UNCERTAINTY_PERCENT = 30
_LARGEST_UNCERTAINTY_PERCENT = 100


class AmountAmiss(Refusal):
    """What a form says about how much cannot be recorded."""

    def __init__(self, *, text: str, why: str) -> None:
        self.text = text
        super().__init__(
            what=f"'{text[:40]}' is not an amount that can be recorded.",
            why=why,
            remedy="Write how much there is as a number above zero, such as 2 or 2.5.",
        )


class MeasureUnknown(Refusal):
    """A form names a measure that there is not."""

    def __init__(self, *, measure: str) -> None:
        self.measure = measure
        super().__init__(
            what=f"'{measure[:40]}' is not a measure of the form.",
            why="A mass can only be taken from a measure that is known.",
            remedy=f"Use one of {', '.join(MEASURES)}.",
        )


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A way of saying how much."""

    # The unit as the record keeps it beside the mass.
    unit: str
    mass_mg: int
    stamp: Stamp


# Rules of thumb for what people carry: loose material of 0.1 to 0.5 kg a litre. They are rough, and
# what they give is marked as estimated.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "kg": Measure(unit="kg", mass_mg=_MG_PER_KG, stamp="measured"),
        "about_kg": Measure(unit="kg", mass_mg=_MG_PER_KG, stamp="estimated"),
        "bucket": Measure(unit="bucket", mass_mg=4 * _MG_PER_KG, stamp="estimated"),
        "bag": Measure(unit="bag", mass_mg=6 * _MG_PER_KG, stamp="estimated"),
        "crate": Measure(unit="crate", mass_mg=10 * _MG_PER_KG, stamp="estimated"),
        "piece": Measure(unit="piece", mass_mg=1 * _MG_PER_KG, stamp="estimated"),
    }
)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How much somebody said there is, and what the record takes it for."""

    reported: str
    unit: str
    mass_mg: int
    stamp: Stamp
    uncertainty_mg: int | None


def tell(count: str, measure: str, uncertainty_percent: str = "") -> Told:
    """What a form says about how much.

    Args:
        count: A number as people write it, with a point or a comma.
        measure: A name of `MEASURES`.
        uncertainty_percent: The standard uncertainty of an estimate; empty for 30.

    Raises:
        MeasureUnknown: If there is no such measure.
        AmountAmiss: If it is no number above zero, or too much.

    Example:
        >>> told = tell("1,5", "bucket")
        >>> told.mass_mg, told.uncertainty_mg, told.stamp
        (6000000, 1800000, 'estimated')
    """
    if measure not in MEASURES:
        raise MeasureUnknown(measure=measure)
    meant = MEASURES[measure]
    number = read_count(count)
    mass_mg = whole_mg(number * meant.mass_mg)
    if not 0 < mass_mg <= LARGEST_MG:
        raise AmountAmiss(text=count, why="It is less than a milligram, or more than a city has.")
    uncertainty_mg = None
    if meant.stamp == "estimated":
        percent = read_count(uncertainty_percent or str(DEFAULT_UNCERTAINTY_PERCENT))
        if percent > _LARGEST_UNCERTAINTY_PERCENT:
            raise AmountAmiss(text=uncertainty_percent, why="Nothing is less sure than 100 %.")
        uncertainty_mg = whole_mg(percent * mass_mg / 100)
    return Told(
        reported=f"{number.normalize():f}",
        unit=meant.unit,
        mass_mg=mass_mg,
        stamp=meant.stamp,
        uncertainty_mg=uncertainty_mg,
    )


def measure_of(unit: str, *, is_estimate: bool) -> str:
    """The measure whose unit the record has; kilograms where it has another.

    >>> measure_of("kg", is_estimate=True), measure_of("bag", is_estimate=True)
    ('about_kg', 'bag')
    """
    wanted = "estimated" if is_estimate else "measured"
    fitting = [n for n, m in MEASURES.items() if (m.unit, m.stamp) == (unit, wanted)]
    return fitting[0] if fitting else "kg"


def read_count(text: str) -> Decimal:
    """A number above zero as people write it: one sign between whole and parts, and no other.

    Raises:
        AmountAmiss: If it is anything else.

    >>> read_count(" 2,50 ")
    Decimal('2.50')
    """
    try:
        # Not the digits of other scripts, nor "1e9" or "nan": nobody types those on purpose.
        if not set(text.strip()) <= set("0123456789.,") or len(text.strip()) > 16:
            raise InvalidOperation
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as unreadable:
        raise AmountAmiss(text=text, why="It is not a number.") from unreadable
    if number <= 0:
        raise AmountAmiss(text=text, why="Nothing was given then.")
    return number


def whole_mg(exact: Decimal) -> int:
    """The nearest whole milligram; ties go to the even one.

    >>> whole_mg(Decimal("2.5"))
    2
    """
    return int(exact.to_integral_value(ROUND_HALF_EVEN))
