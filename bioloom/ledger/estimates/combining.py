"""Combining: one value of several estimates, how sure it is, and whether they agree at all."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, isqrt
from typing import NamedTuple

import msgspec

# The standard uncertainty of an estimate, unless somebody says otherwise.
DEFAULT_PER_CENT = 30
# Beyond this the estimates differ by more than their uncertainties say.
_CONSISTENT_PER_MILLE = 1_000


class Estimated(NamedTuple):
    """An estimate and its standard uncertainty, in the same whole units; both above zero."""

    units: int
    uncertainty_units: int


class Combination(msgspec.Struct, frozen=True, kw_only=True):
    """Several estimates as one, by inverse variance, as if they were independent of each other.

    `uncertainty_units` is the larger of what the estimates say (internal) and what their scatter
    says (external). That the Birge ratio widens it is a heuristic: it assumes that everybody was
    too sure by the same factor.
    """

    units: int
    uncertainty_units: int
    # The square root of chi-squared over n - 1, in thousandths; none of one estimate alone.
    birge_per_mille: int | None
    is_consistent: bool
    method: str = "inverse variance; widened by the Birge ratio (heuristic)"


def default_uncertainty(units: int) -> int:
    """The standard uncertainty of an estimate of which nobody said any.

    >>> default_uncertainty(10)
    3
    """
    return max(1, ceil(Fraction(units * DEFAULT_PER_CENT, 100)))


def combine(estimates: Sequence[Estimated]) -> Combination:
    """The weighted mean of some estimates, exactly; there is at least one.

    Example:
        Two who are equally sure, and three standard uncertainties apart:

        >>> combine([Estimated(100, 10), Estimated(130, 10)])  # doctest: +ELLIPSIS
        Combination(units=115, uncertainty_units=15, birge_per_mille=2121, is_consistent=False...

    Source:
        Birge (1932), The calculation of errors by the method of least squares, Phys. Rev. 40, 207;
        the weighted mean as in JCGM 100:2008, Evaluation of measurement data.
    """
    weights = [Fraction(1, one.uncertainty_units**2) for one in estimates]
    weight = sum(weights, Fraction(0))
    mean = sum((w * one.units for w, one in zip(weights, estimates, strict=True)), Fraction(0))
    mean /= weight
    variance, birge = 1 / weight, None
    if len(estimates) > 1:
        away = [one.units - mean for one in estimates]
        chi_squared = sum((w * d * d for w, d in zip(weights, away, strict=True)), Fraction(0))
        squared = chi_squared / (len(estimates) - 1)
        birge = isqrt(int(squared * 1_000_000))
        variance *= max(Fraction(1), squared)
    return Combination(
        units=round(mean),
        uncertainty_units=_root_above(variance),
        birge_per_mille=birge,
        is_consistent=birge is None or birge <= _CONSISTENT_PER_MILLE,
    )


def _root_above(square: Fraction) -> int:
    """The least whole number whose square is at least so much."""
    least = isqrt(ceil(square))
    return least if least**2 >= square else least + 1
