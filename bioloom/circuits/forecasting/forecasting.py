"""Forecasting: coming months by district and material, by what did best on months held back."""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec
import numpy as np

from bioloom.circuits.forecasting.history import History, history_of, month_after
from bioloom.circuits.forecasting.holding_back import (
    COVERAGE,
    band,
    best_method,
    measured_coverage,
    scales,
)
from bioloom.circuits.forecasting.methods import METHODS
from bioloom.circuits.posing import Node
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

MOST_MONTHS = 12
# What is older says little of what comes.
MOST_KNOWN = 120
# Shorter rows show no season; a row silent for longer has ended.
FEWEST_KNOWN, LONGEST_SILENCE = 12, 3


class MonthsOutOfRange(Refusal):
    """A number of months that is not forecast."""

    def __init__(self, *, months: int) -> None:
        self.months = months
        super().__init__(
            what=f"{months} months are not forecast.",
            why=f"From 1 to {MOST_MONTHS} are; farther ahead the last year says little.",
            remedy="Give a number of months such as 3.",
        )


class HistoryTooShort(Refusal):
    """Too few months are known for any forecast."""

    def __init__(self, *, known: int) -> None:
        self.known = known
        super().__init__(
            what=f"Of no district and material {FEWEST_KNOWN} months are known up to now.",
            why=f"A season shows only over a year; the record has {known} whole months.",
            remedy="Import earlier months, or plan with the months that you have.",
        )


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a district is expected to offer of a material in a month, and an interval [mg]."""

    district: DistrictId
    material: MaterialId
    first: str
    mass_mg: int
    low_mg: int
    # None where too few errors are known to say how high it may be; then `low_mg` is 0.
    high_mg: int | None


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The method chosen for a material, and how it did on months held back."""

    material: MaterialId
    method: str
    # Sum of absolute errors over the sum of what was offered; of the method, and of "as last year".
    error: float | None
    error_as_last_year: float | None
    # The share of the newest year held back inside intervals made from the years before.
    coverage: float | None


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A district's material that is not forecast: known for too short, or silent for too long."""

    district: DistrictId
    material: MaterialId
    why: Literal["short", "ended"]


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What coming months are expected to bring. It is modelled, and moves nothing."""

    # The last whole month known, and the months forecast.
    known: Period
    months: tuple[Period, ...]
    # The share of months that an interval is to hold.
    coverage_asked: float
    expected: tuple[Expected, ...]
    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]

    def offered_mg(self, month: Period) -> dict[Node, int]:
        """What is expected of one of its months, as planning asks for it."""
        first = str(month.first)
        return {(e.district, e.material): e.mass_mg for e in self.expected if e.first == first}


def forecast(offered_mg: Mapping[Period, Mapping[Node, int]], months: int) -> Forecast:
    """Forecast the months after the last one known.

    Methods are tried on the last three years, each month forecast from those before it; of each
    material their mean is taken, or the one that missed clearly less. An interval holds nine tenths
    of the errors that all districts showed for the same material, as many months ahead. A mass is
    never below zero.

    Args:
        offered_mg: What was offered in each whole calendar month [mg]; a district's material that
            a month does not have was not recorded, and is not taken for zero.
        months: How many months to forecast.

    Raises:
        MonthsOutOfRange: If there are none, or more than a year has.
        HistoryTooShort: If of no district and material enough months are known.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise MonthsOutOfRange(months=months)
    if not offered_mg:
        raise HistoryTooShort(known=0)
    newest = sorted(offered_mg, key=lambda period: period.first)[-MOST_KNOWN:]
    known = history_of({month: offered_mg[month] for month in newest})
    left_out = dict(_left_out(known))
    if len(left_out) == len(known.nodes):
        raise HistoryTooShort(known=len(known.months))
    ahead = tuple(month_after(known.months[-1], step) for step in range(1, months + 1))
    expected: list[Expected] = []
    chosen: list[Chosen] = []
    for material in sorted({material for _, material in known.nodes}):
        of_material = [
            number
            for number, node in enumerate(known.nodes)
            if node[1] == material and node not in left_out
        ]
        if of_material:
            told, how = _of_material(known, of_material, ahead)
            expected.extend(told)
            chosen.append(how)
    return Forecast(
        known=known.months[-1],
        months=ahead,
        coverage_asked=COVERAGE,
        expected=tuple(sorted(expected, key=lambda e: (e.district, e.material, e.first))),
        chosen=tuple(chosen),
        left_out=tuple(
            LeftOut(district=node[0], material=node[1], why=why) for node, why in left_out.items()
        ),
    )


def _left_out(known: History) -> Iterator[tuple[Node, Literal["short", "ended"]]]:
    for node, row in zip(known.nodes, np.isfinite(known.tonnes), strict=True):
        if not row[-LONGEST_SILENCE:].any():
            yield node, "ended"
        elif row.sum() < FEWEST_KNOWN:
            yield node, "short"


def _of_material(
    known: History, numbers: list[int], ahead: tuple[Period, ...]
) -> tuple[list[Expected], Chosen]:
    rows = known.tonnes[numbers]
    name, errors = best_method(rows, len(ahead))
    told, scale = METHODS[name](rows, len(ahead)), scales(rows)
    # A row that is new since last year has no month to go by: its mean month is all there is.
    told = np.where(np.isfinite(told), told, np.nan_to_num(scale)[:, np.newaxis])
    bands = [band(errors[name].relative[:, :, step]) for step in range(len(ahead))]
    expected = []
    for row, number in enumerate(numbers):
        district, material = known.nodes[number]
        for step, month in enumerate(ahead):
            middle_t, width_t = float(told[row, step]), float(np.nan_to_num(scale[row]))
            between = bands[step]
            low_t, high_t = (
                (0.0, None)
                if between is None
                else (middle_t + between[0] * width_t, middle_t + between[1] * width_t)
            )
            expected.append(
                Expected(
                    district=district,
                    material=material,
                    first=str(month.first),
                    mass_mg=_mg(middle_t),
                    low_mg=_mg(low_t),
                    high_mg=None if high_t is None else _mg(high_t),
                )
            )
    how = Chosen(
        material=known.nodes[numbers[0]][1],
        method=name,
        error=_finite(errors[name].error),
        error_as_last_year=_finite(errors["last_year"].error),
        coverage=measured_coverage(errors[name]),
    )
    return expected, how


def _mg(mass_t: float) -> int:
    return max(0, round(mass_t * MG_PER_TONNE))


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None
