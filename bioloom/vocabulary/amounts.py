"""Amounts: whole numbers of a declared base unit, with what somebody reported beside them."""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import NewType

import msgspec

from bioloom.vocabulary.quantities import LARGEST_MG, MASS_UNITS_MG
from bioloom.vocabulary.refusal import Refusal

# "mg", "ml", "s", "piece", or "minor:" and the ISO 4217 code of a currency, such as "minor:EUR".
BaseUnit = NewType("BaseUnit", str)

MILLIGRAM = BaseUnit("mg")
MILLILITRE = BaseUnit("ml")
SECOND = BaseUnit("s")
PIECE = BaseUnit("piece")

_OTHER_UNITS: dict[str, tuple[BaseUnit, Fraction]] = {
    "ml": (MILLILITRE, Fraction(1)),
    "l": (MILLILITRE, Fraction(1_000)),
    "m3": (MILLILITRE, Fraction(1_000_000)),
    # Exact by definition: 231 cubic inches, and 27 cubic feet (international inch of 1959).
    "us_gal": (MILLILITRE, Fraction("3785.411784")),
    "yd3": (MILLILITRE, Fraction("764554.857984")),
    "s": (SECOND, Fraction(1)),
    "min": (SECOND, Fraction(60)),
    "h": (SECOND, Fraction(3_600)),
    "d": (SECOND, Fraction(86_400)),
    "piece": (PIECE, Fraction(1)),
}
# Digits after the point of the currencies that have other than two (ISO 4217).
_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "XAF": 0, "XOF": 0, "KWD": 3, "BHD": 3}
_MOST_DIGITS = 100
_CURRENCY = re.compile(r"[A-Z]{3}")


class AmountUnitUnknown(Refusal):
    """A unit that measures nothing Bioloom can count."""

    def __init__(self, *, unit: str) -> None:
        self.unit = unit
        units = ", ".join([*MASS_UNITS_MG, *_OTHER_UNITS])
        super().__init__(
            what=f"'{unit}' is not a unit that Bioloom knows.",
            why="A wrong unit would make every figure wrong by the same factor.",
            remedy=f"Use one of {units}, or the ISO 4217 code of a currency.",
        )


class AmountUncountable(Refusal):
    """An amount that is no whole number of its base unit, below zero, or too large."""

    def __init__(self, *, reported: str, unit: str, base: BaseUnit) -> None:
        self.reported, self.unit, self.base = reported, unit, base
        super().__init__(
            what=f"{reported} {unit} cannot be an amount in the record.",
            why=f"It must be at least 0 and below 2^53 {base}, and pieces and money are whole.",
            remedy="Correct the figure, or report it in several parts.",
        )


class AmountMisread(Refusal):
    """An amount whose base units are not what its reported figure and unit say."""

    def __init__(self, *, reported: str, unit: str, units: int, found: str) -> None:
        self.reported, self.unit, self.units = reported, unit, units
        super().__init__(
            what=f"'{reported} {unit}' cannot be told as {units} base units: {found}.",
            why="What somebody reported and what is counted must be the same, exactly.",
            remedy="Report the figure in the unit it was measured in; convert nothing beforehand.",
        )


class Amount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many base units, and the figure and unit in which somebody reported it."""

    # Whole base units of what is counted: milligrams for what is weighed.
    units: int
    reported: str
    unit: str


def base_of(unit: str) -> tuple[BaseUnit, Fraction]:
    """The base unit that a unit counts in, and how many of it one is, exactly.

    Raises:
        AmountUnitUnknown: If it is neither in the tables nor a currency's code.

    Example:
        >>> base_of("h")
        ('s', Fraction(3600, 1))
        >>> base_of("EUR")
        ('minor:EUR', Fraction(100, 1))
    """
    if unit in MASS_UNITS_MG:
        return MILLIGRAM, MASS_UNITS_MG[unit]
    if unit in _OTHER_UNITS:
        return _OTHER_UNITS[unit]
    if _CURRENCY.fullmatch(unit):
        return BaseUnit(f"minor:{unit}"), Fraction(10 ** _MINOR_DIGITS.get(unit, 2))
    raise AmountUnitUnknown(unit=unit)


def milligrams(mass_mg: int) -> Amount:
    """A mass told to the milligram.

    >>> milligrams(1200)
    Amount(units=1200, reported='1200', unit='mg')
    """
    return Amount(units=mass_mg, reported=str(mass_mg), unit=MILLIGRAM)


def read_amount(reported: Decimal, unit: str) -> tuple[Amount, BaseUnit]:
    """A reported figure in whole base units, and which these are.

    Masses, volumes and times are rounded to the base unit, ties to even; pieces and money must be
    whole as they stand.

    Raises:
        AmountUnitUnknown: If nobody knows the unit.
        AmountUncountable: If it is negative, too large, or a part of a piece or of a cent.

    Example:
        >>> read_amount(Decimal("10.7"), "h")[0].units
        38520
    """
    base, factor = base_of(unit)
    # A figure of a billion digits is no amount, and would take a gigabyte to find out.
    is_sane = reported.is_finite() and (not reported or abs(reported.adjusted()) <= _MOST_DIGITS)
    exact = Fraction(reported) * factor if is_sane else Fraction(-1)
    units = round(exact)
    is_counted = base == PIECE or base.startswith("minor:")
    if not 0 <= units <= LARGEST_MG or exact < 0 or (is_counted and units != exact):
        raise AmountUncountable(reported=str(reported), unit=unit, base=base)
    return Amount(units=units, reported=str(reported), unit=unit), base


def judge_reading(amount: Amount | None) -> None:
    """See that an amount counts what was reported: no other ton, no volume taken for a mass.

    Raises:
        AmountMisread: If it does not, or the reported figure is no number.
        AmountUnitUnknown, AmountUncountable: See `read_amount`.

    Example:
        >>> judge_reading(Amount(units=907184740, reported="1", unit="short_ton"))
    """
    if amount is None:
        return
    units = _units_of(amount.reported, amount.unit)
    if units != amount.units:
        found = "that is no number" if units is None else f"they are {units}"
        raise AmountMisread(
            reported=amount.reported, unit=amount.unit, units=amount.units, found=found
        )


@lru_cache(maxsize=8192)  # The same figures come again and again.
def _units_of(reported: str, unit: str) -> int | None:
    try:
        return read_amount(Decimal(reported), unit)[0].units
    except InvalidOperation:
        return None


def said(units: int, base: BaseUnit) -> str:
    """An amount as a sentence says it, with more than one piece in the plural.

    >>> said(1, PIECE), said(29, PIECE), said(2_345_000, MILLIGRAM)
    ('1 piece', '29 pieces', '2.34 kg')
    """
    number, unit = for_people(units, base)
    return f"{number:,} {unit}{'s' if unit == PIECE and units != 1 else ''}"


def for_people(units: int, base: BaseUnit) -> tuple[Decimal, str]:
    """An amount in the unit in which people would say it, to three digits or to the whole.

    Example:
        >>> for_people(2_345_000, MILLIGRAM), for_people(38_520, SECOND)
        ((Decimal('2.34'), 'kg'), (Decimal('10.7'), 'h'))
        >>> for_people(1250, BaseUnit("minor:EUR"))
        (Decimal('12.50'), 'EUR')
    """
    if base.startswith("minor:"):
        currency = base.removeprefix("minor:")
        return Decimal(units).scaleb(-_MINOR_DIGITS.get(currency, 2)), currency
    larger = {MILLIGRAM: ("t", "kg", "g"), MILLILITRE: ("m3", "l"), SECOND: ("h", "min")}
    for unit in larger.get(base, ()):
        factor = base_of(unit)[1]
        if units >= factor:
            amount = Decimal(units) * factor.denominator / factor.numerator
            places = max(0, 2 - amount.adjusted())
            return amount.quantize(Decimal(1).scaleb(-places)), unit
    usual = {MILLIGRAM: "kg", MILLILITRE: "l", SECOND: "h"}
    return Decimal(units), str(base) if units else usual.get(base, str(base))
