"""Sharing: how much of an element is in a mass, exactly, and how surely."""

from fractions import Fraction
from typing import NamedTuple

from bioloom.vocabulary.entries.compositions import Composition, Element, Gas, Share

_WHOLE_PPM = 1_000_000
# Standard atomic weights, abridged, in thousandths. Prohaska et al. (2022), Standard atomic weights
# of the elements 2021 (IUPAC Technical Report), Pure and Applied Chemistry 94, 573.
_H, _C, _N, _O = 1_008, 12_011, 14_007, 15_999
_CARBON: dict[Gas, Fraction] = {
    "CO2": Fraction(_C, _C + 2 * _O),
    "CH4": Fraction(_C, _C + 4 * _H),
}
_NITROGEN: dict[Gas, Fraction] = {
    "NH3": Fraction(_N, _N + 3 * _H),
    "N2O": Fraction(2 * _N, 2 * _N + _O),
}


class Part(NamedTuple):
    """A mass fraction of fresh mass and its variance; both without unit."""

    fraction: Fraction
    variance: Fraction


def part_of(composition: Composition, element: Element) -> Part | None:
    """What share of fresh mass is an element; none where nobody declared it.

    A share of dry matter times the share that is dry matter, with the uncertainties of both to
    first order, as if independent (JCGM 100:2008, 5.1).
    """
    share: Share | None = getattr(composition, element)
    if share is None:
        return None
    part = _part(share)
    if element == "dry_matter" or composition.basis == "fresh":
        return part
    assert composition.dry_matter is not None, "shares of dry matter are declared with it"
    dry = _part(composition.dry_matter)
    return Part(
        part.fraction * dry.fraction,
        part.fraction**2 * dry.variance + dry.fraction**2 * part.variance,
    )


def part_of_gas(gas: Gas, element: Element) -> Part | None:
    """What share of a gas is an element, exactly.

    How much dry matter became a gas is not known from it, as oxygen of the air is in it, too; of
    water vapour none did.
    """
    if element == "dry_matter":
        return Part(Fraction(0), Fraction(0)) if gas == "H2O" else None
    known = _CARBON if element == "carbon" else _NITROGEN
    return Part(known.get(gas, Fraction(0)), Fraction(0))


def _part(share: Share) -> Part:
    return Part(Fraction(share.ppm, _WHOLE_PPM), Fraction(share.uncertainty_ppm, _WHOLE_PPM) ** 2)
