"""Weighing in stories: masses as a scale shows them, and masses to the milligram."""

from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.quantities import MG_PER_TONNE

MG_PER_HECTOGRAM = 100_000


def kilograms(hectograms: int) -> Amount:
    """A mass as a scale shows it, to the tenth of a kilogram.

    >>> kilograms(123)
    Amount(units=12300000, reported='12.3', unit='kg')
    """
    return Amount(
        units=hectograms * MG_PER_HECTOGRAM,
        reported=f"{hectograms // 10}.{hectograms % 10}",
        unit="kg",
    )


def exact(mass_mg: int) -> Amount:
    """A mass in kilograms, or to the milligram where it has more digits."""
    whole, rest = divmod(mass_mg, MG_PER_HECTOGRAM)
    return (
        kilograms(whole) if rest == 0 else Amount(units=mass_mg, reported=str(mass_mg), unit="mg")
    )


def in_tonnes(mass_mg: int) -> str:
    """A mass in a sentence, to the kilogram.

    >>> in_tonnes(2_345_678_901)
    '2.346 t'
    """
    return f"{mass_mg / MG_PER_TONNE:,.3f} t"
