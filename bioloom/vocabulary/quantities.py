"""Quantities: reading a mass as somebody wrote it into whole milligrams, exactly."""

import re
from decimal import Decimal
from fractions import Fraction

from bioloom.vocabulary.refusal import Refusal

MG_PER_TONNE = 1_000_000_000
# RFC 8785 numbers are IEEE doubles: beyond this an integer is not exact in canonical JSON.
LARGEST_MG = 2**53 - 1

# No mass of the record has more digits before or behind its point, in any unit of the table.
_MOST_DIGITS = 40

# Exact by definition (international avoirdupois pound of 1959, SI).
MASS_UNITS_MG: dict[str, Fraction] = {
    "mg": Fraction(1),
    "g": Fraction(1_000),
    "kg": Fraction(1_000_000),
    "t": Fraction(MG_PER_TONNE),
    "kt": Fraction(1_000 * MG_PER_TONNE),
    "oz": Fraction(4535923700, 160_000),
    "lb": Fraction("453592.37"),
    "short_ton": Fraction("907184740"),
    "long_ton": Fraction("1016046908.8"),
}


class NumberUnreadable(Refusal):
    """A cell that should hold a number holds something else."""

    def __init__(self, *, text: str, expected: str) -> None:
        self.text = text
        super().__init__(
            what=f"'{text}' is not a number.",
            why=f"Numbers here are written like {expected}.",
            remedy="Correct the cell, or declare its signs under [numbers] in the mapping.",
        )


class UnitUnknown(Refusal):
    """A unit of mass that is not in the table."""

    def __init__(self, *, unit: str) -> None:
        self.unit = unit
        super().__init__(
            what=f"'{unit}' is not a unit of mass that Bioloom knows.",
            why="A wrong unit would make every figure wrong by the same factor.",
            remedy=f"Use one of {', '.join(MASS_UNITS_MG)}.",
        )


class MassOutOfRange(Refusal):
    """A mass below zero, too large to be kept exactly, or no number at all."""

    def __init__(self, *, text: str, unit: str) -> None:
        self.text, self.unit = text, unit
        super().__init__(
            what=f"{text} {unit} cannot be a mass in the record.",
            why="A recorded mass is at least 0 and less than 9,007,199 tonnes.",
            remedy="Correct the figure, or report it in several parts.",
        )


class NumberForm:
    """How a table writes its numbers: which sign parts decimals, which groups thousands."""

    def __init__(self, *, decimal: str = ".", thousands: str = "") -> None:
        self.decimal, self.thousands = decimal, thousands
        self.example = f"1{thousands}234{decimal}5"
        whole = "[0-9]+"  # Not the digits of other scripts: nobody wrote those on purpose.
        if thousands:
            whole = rf"[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|[0-9]+"
        self._pattern = re.compile(rf"[+-]?(?:{whole})(?:{re.escape(decimal)}[0-9]*)?")

    def read(self, text: str) -> Decimal:
        """The number a cell states, exactly.

        Raises:
            NumberUnreadable: If the cell is written in any other form.

        Example:
            >>> NumberForm(thousands=",").read("1,114.2")
            Decimal('1114.2')
        """
        text = text.strip()
        if self._pattern.fullmatch(text) is None:
            raise NumberUnreadable(text=text, expected=self.example)
        if self.thousands:
            text = text.replace(self.thousands, "")
        return Decimal(text.replace(self.decimal, "."))


def unit_mg(unit: str) -> Fraction:
    """How many milligrams one of a unit is, exactly.

    Raises:
        UnitUnknown: If the unit is not in the table.
    """
    if unit not in MASS_UNITS_MG:
        raise UnitUnknown(unit=unit)
    return MASS_UNITS_MG[unit]


def mass_mg(amount: Decimal, unit: str) -> int:
    """A reported amount in whole milligrams; a remainder under half a milligram is dropped.

    Ties go to the even milligram.

    Raises:
        UnitUnknown: If the unit is not in the table.
        MassOutOfRange: If the mass is no finite number, negative, or beyond 2^53 - 1 mg.

    Example:
        >>> mass_mg(Decimal("1114.2"), "short_ton")
        1010785237308
    """
    factor = unit_mg(unit)
    # Looked at first: an exponent of a billion is never written out.
    if not amount.is_finite() or amount < 0 or amount.adjusted() > _MOST_DIGITS:
        raise MassOutOfRange(text=str(amount), unit=unit)
    if amount.adjusted() < -_MOST_DIGITS:
        return 0
    numerator, denominator = amount.as_integer_ratio()
    # As `round(Fraction(amount) * factor)`, without reducing a fraction for every figure.
    whole = denominator * factor.denominator
    mass, rest = divmod(numerator * factor.numerator, whole)
    mass += 2 * rest > whole or (2 * rest == whole and mass % 2)
    if mass > LARGEST_MG:
        raise MassOutOfRange(text=str(amount), unit=unit)
    return mass
