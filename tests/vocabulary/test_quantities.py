"""Quantities: what a cell says is read exactly, or refused with its reason."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.vocabulary.quantities import (
    LARGEST_MG,
    MASS_UNITS_MG,
    MassOutOfRange,
    NumberForm,
    NumberUnreadable,
    UnitUnknown,
    mass_mg,
    unit_mg,
)

IN_PINT = {"t": "metric_ton", "kt": "kilometric_ton", "oz": "ounce", "lb": "pound"}
decimals = st.decimals(
    min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=4
)


@pytest.mark.parametrize("unit", MASS_UNITS_MG)
def test_every_unit_is_what_pint_says_it_is(unit: str) -> None:
    registry: Any = pint.UnitRegistry(non_int_type=Fraction)

    milligrams = registry.Quantity(Fraction(1), IN_PINT.get(unit, unit)).to("milligram")

    assert Fraction(milligrams.magnitude) == unit_mg(unit)


@given(amount=decimals, unit=st.sampled_from(["mg", "g", "lb", "oz", "short_ton"]))
def test_a_mass_is_within_half_a_milligram_of_what_was_reported(amount: Decimal, unit: str) -> None:
    exact = Fraction(amount) * MASS_UNITS_MG[unit]
    if exact > LARGEST_MG:
        with pytest.raises(MassOutOfRange, match="cannot be a mass"):
            mass_mg(amount, unit)
    else:
        assert abs(mass_mg(amount, unit) - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("amount", "mass"),
    [("0.5", 0), ("1.5", 2), ("2.5", 2), ("2.500001", 3), ("-0", 0), ("1e-999999999", 0)],
)
def test_a_tie_goes_to_the_even_milligram(amount: str, mass: int) -> None:
    assert mass_mg(Decimal(amount), "mg") == mass


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        ("-0.0001", "t"),
        ("9007199.254741", "t"),
        ("NaN", "t"),
        ("-Infinity", "kg"),
        # Written out, it would have a billion digits.
        ("1E+999999999", "mg"),
    ],
)
def test_a_mass_below_zero_or_beyond_what_is_exact_is_refused(amount: str, unit: str) -> None:
    with pytest.raises(MassOutOfRange, match="cannot be a mass") as refusal:
        mass_mg(Decimal(amount), unit)

    assert (refusal.value.text, refusal.value.unit) == (amount, unit)


def test_the_largest_mass_is_exact_as_a_double() -> None:
    assert mass_mg(Decimal("9007199.254740991"), "t") == LARGEST_MG == int(float(LARGEST_MG))


def test_an_unknown_unit_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnitUnknown, match="'ton' is not a unit") as refusal:
        unit_mg("ton")

    assert "short_ton" in refusal.value.remedy
    assert "long_ton" in refusal.value.remedy


@given(
    whole=st.integers(0, 10**15),
    fraction=st.text("0123456789", max_size=6),
    sign=st.sampled_from(["", "+", "-"]),
    signs=st.sampled_from([(".", ""), (".", ","), (",", "."), (",", " "), (".", "'"), (",", "")]),
    grouped=st.booleans(),
)
def test_every_number_written_in_its_form_is_read_exactly(
    whole: int, fraction: str, sign: str, signs: tuple[str, str], grouped: bool
) -> None:
    decimal, thousands = signs
    digits = f"{whole:,}".replace(",", thousands) if grouped else str(whole)
    cell = f" {sign}{digits}{decimal}{fraction}\t"

    expected = Decimal(f"{sign}{whole}.{fraction or 0}")
    assert NumberForm(decimal=decimal, thousands=thousands).read(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "-",
        "1,114.2",
        "1e3",
        ".5",
        "1.2.3",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "12 t",
        "٣",
        "²",
    ],
)
def test_a_cell_in_any_other_form_is_refused(cell: str) -> None:
    with pytest.raises(NumberUnreadable, match="is not a number") as refusal:
        NumberForm().read(cell)

    assert refusal.value.text == cell


@pytest.mark.parametrize("cell", ["1,14.2", "1114,200.5", ",114", "1,,114", "1,114,"])
def test_thousands_in_the_wrong_places_are_refused(cell: str) -> None:
    """So that a decimal comma is never taken for a sign of thousands."""
    with pytest.raises(NumberUnreadable, match=r"written like 1,234\.5"):
        NumberForm(thousands=",").read(cell)
