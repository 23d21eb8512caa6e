"""Holding back: each method tried on months it was not shown, and what its errors say."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bioloom.circuits.forecasting.history import MONTHS_OF_YEAR
from bioloom.circuits.forecasting.methods import MEAN_OF_ALL, METHODS, Method
from bioloom.circuits.posing import Floats

# How many months are held back, at most; the newest year of them measures the intervals.
HELD_BACK = 36
# A method is taken before the mean of all only if it missed less than this share of what that did.
CLEARLY_LESS = 0.9
# The share of months that an interval is to hold.
COVERAGE = 0.9


@dataclass(frozen=True, slots=True)
class Errors:
    """What a method missed on months held back.

    Errors are actual less forecast, over the row's mean of the 12 months before; shape (origins,
    rows, horizon), the newest origin last, no number where either is unknown.
    """

    relative: Floats
    # Sum of all absolute errors over the sum of all actuals [1]; infinite where nothing was tried.
    error: float


def errors_of(method: Method, rows: Floats, horizon: int) -> Errors:
    """Forecast from each of the last months but the newest as if later ones were not known yet."""
    ends = rows.shape[1]
    tried = [_at(method, rows, origin, horizon) for origin in _origins(ends)]
    if not tried:
        return Errors(np.empty((0, len(rows), horizon)), np.inf)
    relative, missed, actual = (np.stack(parts) for parts in zip(*tried, strict=True))
    both = np.isfinite(missed)
    total = actual[both].sum()
    return Errors(relative, float(missed[both].sum() / total) if total > 0 else np.inf)


def _origins(ends: int) -> Iterator[int]:
    """How many months are shown each time; a year at least."""
    yield from range(max(MONTHS_OF_YEAR + 1, ends - HELD_BACK), ends)


def _at(method: Method, rows: Floats, origin: int, horizon: int) -> tuple[Floats, Floats, Floats]:
    told = method(rows[:, :origin], horizon)
    actual = np.full_like(told, np.nan)
    known = rows[:, origin : origin + horizon]
    actual[:, : known.shape[1]] = known
    scale = scales(rows[:, :origin])[:, np.newaxis]
    return (actual - told) / scale, np.abs(actual - told), actual


def scales(rows: Floats) -> Floats:
    """The mean of each row's last 12 months, as far as they are known; no number where it is 0."""
    recent = rows[:, -MONTHS_OF_YEAR:]
    known = np.isfinite(recent)
    sums, counts = np.where(known, recent, 0.0).sum(axis=1), known.sum(axis=1)
    return np.where(sums > 0, sums / np.maximum(1, counts), np.nan)


def best_method(rows: Floats, horizon: int) -> tuple[str, dict[str, Errors]]:
    """The mean of the methods, unless one missed clearly less; the simplest if none could be tried.

    Which method did best is mostly chance, and what they miss partly cancels out in their mean.

    Source:
        Clemen (1989), Combining forecasts: a review, Int. J. Forecasting 5(4). How much less is
        clear is a judgement; `benchmarks/forecast.py` shows what it comes to.
    """
    errors = {name: errors_of(method, rows, horizon) for name, method in METHODS.items()}
    best, mean = min(errors, key=lambda name: errors[name].error), errors[MEAN_OF_ALL].error
    unclear = np.isfinite(mean) and errors[best].error > CLEARLY_LESS * mean
    return (MEAN_OF_ALL if unclear else best), errors


def band(relative: Floats, coverage: float = COVERAGE) -> tuple[float, float] | None:
    """Between which relative errors a coming one falls with this chance; none if too few are known.

    If a coming error is like those known, in any order, it is above the k-th smallest of n with a
    chance of 1 - k / (n + 1).

    Source:
        Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World; split conformal.

    >>> band(np.arange(99.0), 0.9)
    (4.0, 94.0)
    """
    known = np.sort(relative[np.isfinite(relative)])
    rank = int((len(known) + 1) * (1 - coverage) / 2 + 1e-9)
    if rank < 1:
        return None
    return float(known[rank - 1]), float(known[-rank])


def measured_coverage(errors: Errors) -> float | None:
    """The share of the newest year held back inside the band of before; none if too few.

    The band of a horizon knows only errors that were known before the first month of that year.
    """
    origins, _, horizon = errors.relative.shape
    newer = origins - MONTHS_OF_YEAR
    if newer < 1:
        return None
    inside = outside = 0
    for step in range(horizon):
        found = band(errors.relative[: max(0, newer - step), :, step])
        if found is None:
            continue
        seen = errors.relative[newer:, :, step]
        seen = seen[np.isfinite(seen)]
        inside += int(((seen >= found[0]) & (seen <= found[1])).sum())
        outside += int(((seen < found[0]) | (seen > found[1])).sum())
    return inside / (inside + outside) if inside + outside else None
