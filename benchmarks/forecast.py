"""Months of New York held back, forecast by our methods and by those of a library.

    python -m benchmarks.forecast [--every N]

Each of the years 2018 to 2022 is forecast, all twelve months at once, from at most ten years before
it. Rivals are AutoETS, AutoTheta and AutoARIMA of statsforecast, installed into an environment of
their own; they want rows without gaps, so only districts and materials known in each of the last 36
months or more are scored. AutoARIMA takes seconds a row and gets each Nth district; a second table
has all methods on these. "Chosen" is the method that did best on months held back before, for each
material, as `bioloom circuits forecast` takes it.

Errors are over the mean error of "as last year" on the months shown (MASE), and so is the pinball
loss, the mean over the quantiles 2.5, 10, 50, 90 and 97.5 %. CPU seconds are for all five years,
intervals included, importing not; ours are the median of five runs, the library's of one.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measuring import Environment, environment_with, print_table
from benchmarks.new_york import NewYork, new_york
from bioloom.circuits.forecasting.forecasting import FEWEST_KNOWN, LONGEST_SILENCE, MOST_KNOWN
from bioloom.circuits.forecasting.history import MONTHS_OF_YEAR, History, history_of
from bioloom.circuits.forecasting.holding_back import band, best_method, errors_of, scales
from bioloom.circuits.forecasting.methods import METHODS
from bioloom.circuits.posing import Flags, Floats, Node
from bioloom.vocabulary.quantities import MG_PER_TONNE

YEARS = range(2018, 2023)
FEWEST_WITHOUT_GAP, TIMES = 36, 5
LIBRARY = "statsforecast"
QUANTILES = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
LEVELS = (0.95, 0.8)
Row = tuple[int, Node]


@dataclass(frozen=True)
class Cases:
    """Rows to forecast: what was shown, and what came."""

    rows: tuple[Row, ...]
    # Shape (rows, months), no number before a row begins; and (rows, 12) [t].
    shown: Floats
    actual: Floats
    # Mean error of "as last year" on what was shown, shape (rows,) [t].
    scale: Floats


@dataclass(frozen=True)
class Told:
    """What a method told: quantiles of every month, shape (rows, 5, 12) [t], and what it took."""

    quantiles: Floats
    cpu_s: float
    peak_mb: float


def main() -> None:
    asked = argparse.ArgumentParser(description="Forecasts beside those of a library.")
    asked.add_argument("--every", type=int, default=8, help="AutoARIMA gets each Nth district")
    options = asked.parse_args()
    city = new_york()
    if city is None:
        return
    histories = {year: _history(city, year) for year in YEARS}
    cases = to_forecast(city, histories)
    told = {name: _ours(partial(by_method, name), histories, cases) for name in METHODS}
    told["chosen"] = _ours(by_chosen, histories, cases)
    districts = sorted({node[0] for _, node in cases.rows})[:: options.every]
    some = np.array([node[0] in districts for _, node in cases.rows])
    everything = np.ones(len(some), dtype=np.bool_)
    with tempfile.TemporaryDirectory() as folder:
        library = environment_with(LIBRARY, Path(folder))
        if library is not None:
            for name in ("AutoETS", "AutoTheta"):
                told[name] = _theirs(library, name, cases, everything, Path(folder))
        show("All districts", cases, told, everything)
        if library is not None:
            told["AutoARIMA"] = _theirs(library, "AutoARIMA", cases, some, Path(folder))
            show(f"Each {options.every}th district", cases, told, some)


def _history(city: NewYork, year: int) -> History:
    """What was known when a year began."""
    known = city.until(year - 1)
    newest = sorted(known, key=lambda month: month.first)[-MOST_KNOWN:]
    return history_of({month: known[month] for month in newest})


def to_forecast(city: NewYork, histories: Mapping[int, History]) -> Cases:
    """The rows of all years that are known without a gap for long enough; says how many are not."""
    rows: list[Row] = []
    shown, actual, scale = [], [], []
    left_out = 0
    for year, known in histories.items():
        months = list(city.of(year).values())
        for node, row in zip(known.nodes, known.tonnes, strict=True):
            came = np.array([offered.get(node, np.nan) for offered in months]) / MG_PER_TONNE
            without_gap = _without_gap(row)
            season = np.abs(without_gap[MONTHS_OF_YEAR:] - without_gap[:-MONTHS_OF_YEAR])
            missed = season[np.isfinite(season)]
            if missed.size < FEWEST_WITHOUT_GAP - MONTHS_OF_YEAR or not missed.sum():
                left_out += bool(np.isfinite(came).any())
            elif np.isfinite(came).any():
                rows.append((year, node))
                shown.append(without_gap)
                actual.append(came)
                scale.append(missed.mean())
    print(f"{len(rows)} rows are forecast; {left_out} came with gaps or too short before.")
    return Cases(tuple(rows), np.stack(shown), np.stack(actual), np.array(scale))


def _without_gap(row: Floats) -> Floats:
    """Only the months after the last unknown one; no number before."""
    gaps = np.flatnonzero(~np.isfinite(row))
    kept = row.copy()
    kept[: gaps[-1] + 1 if gaps.size else 0] = np.nan
    return kept


def by_method(name: str, rows: Floats) -> Floats:
    """Quantiles by one of our methods, shape (rows, 5, 12)."""
    return _with_bands(name, errors_of(METHODS[name], rows, MONTHS_OF_YEAR).relative, rows)


def by_chosen(rows: Floats) -> Floats:
    """Quantiles by the method that did best on months held back, shape (rows, 5, 12)."""
    name, errors = best_method(rows, MONTHS_OF_YEAR)
    return _with_bands(name, errors[name].relative, rows)


def _with_bands(name: str, relative: Floats, rows: Floats) -> Floats:
    middle, scale = METHODS[name](rows, MONTHS_OF_YEAR), scales(rows)
    quantiles = np.full((len(rows), len(QUANTILES), MONTHS_OF_YEAR), np.nan)
    quantiles[:, 2] = middle
    for step in range(MONTHS_OF_YEAR):
        for inward, level in enumerate(LEVELS):
            between = band(relative[:, :, step], level)
            if between is not None:
                quantiles[:, inward, step] = middle[:, step] + between[0] * scale
                quantiles[:, -1 - inward, step] = middle[:, step] + between[1] * scale
    return quantiles


def _ours(
    method: Callable[[Floats], Floats], histories: Mapping[int, History], cases: Cases
) -> Told:
    found: dict[Row, Floats] = {}
    taken_s = []
    for _ in range(TIMES):
        start_s = time.process_time()
        for year, known in histories.items():
            for numbers in _by_material(known):
                quantiles = method(known.tonnes[numbers])
                nodes = (known.nodes[number] for number in numbers)
                found |= {(year, node): one for node, one in zip(nodes, quantiles, strict=True)}
        taken_s.append(time.process_time() - start_s)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Told(np.stack([found[row] for row in cases.rows]), statistics.median(taken_s), peak_mb)


def _by_material(known: History) -> Iterator[list[int]]:
    """The rows of each material that `forecasting.forecast` does not leave out."""
    finite = np.isfinite(known.tonnes)
    told = finite[:, -LONGEST_SILENCE:].any(axis=1) & (finite.sum(axis=1) >= FEWEST_KNOWN)
    for material in sorted({material for _, material in known.nodes}):
        numbers = [n for n, node in enumerate(known.nodes) if node[1] == material and told[n]]
        if numbers:
            yield numbers


def _theirs(library: Environment, name: str, cases: Cases, some: Flags, folder: Path) -> Told:
    shown, told = folder / "shown.npy", folder / "told.npy"
    np.save(shown, cases.shown[some])
    cost = library.run("forecasters", name, shown, told)
    quantiles = np.full((len(cases.rows), len(QUANTILES), MONTHS_OF_YEAR), np.nan)
    quantiles[some] = np.load(told)
    return Told(quantiles, cost.cpu_s, cost.peak_mb)


def show(title: str, cases: Cases, told: Mapping[str, Told], some: Flags) -> None:
    """Print how every method did on some rows."""
    columns = ["", "MASE", "pinball", "80 % held", "95 % held", "CPU s", "peak MB"]
    print_table(
        f"{title}, {some.sum()} rows of a year",
        columns,
        [[name, *_figures(cases, one, some)] for name, one in told.items()],
    )
    materials = sorted({node[1] for _, node in cases.rows})
    print_table(
        f"{title}: MASE by material and by year",
        ["", *materials, *map(str, YEARS)],
        [[name, *_by_part(cases, one, some, materials)] for name, one in told.items()],
    )


def _figures(cases: Cases, told: Told, some: Flags) -> Iterator[str]:
    quantiles = np.maximum(0.0, told.quantiles[some])
    actual = cases.actual[some]
    came = np.isfinite(actual)
    missed = actual[:, np.newaxis] - quantiles
    at = QUANTILES[:, np.newaxis]
    lost = np.maximum(at * missed, (at - 1) * missed).mean(axis=1)
    yield f"{_mean(_mase(cases, told)[some]):.3f}"
    yield f"{_mean(lost / cases.scale[some][:, np.newaxis]):.3f}"
    for inward in (1, 0):
        inside = (actual >= quantiles[:, inward]) & (actual <= quantiles[:, -1 - inward])
        yield f"{inside[came].mean():.1%}"
    yield from (f"{told.cpu_s:.2f}", f"{told.peak_mb:.0f}")


def _by_part(cases: Cases, told: Told, some: Flags, materials: Sequence[str]) -> Iterator[str]:
    mase = _mase(cases, told)
    for part in (*materials, *YEARS):
        of_part = np.array([part in (year, node[1]) for year, node in cases.rows])
        yield f"{_mean(mase[some & of_part]):.3f}"


def _mase(cases: Cases, told: Told) -> Floats:
    """Absolute errors over the scale; no number in months that nobody recorded."""
    missed = np.abs(cases.actual - np.maximum(0.0, told.quantiles[:, 2]))
    mase: Floats = missed / cases.scale[:, np.newaxis]
    return mase


def _mean(some: Floats) -> float:
    return float(np.nanmean(some)) if np.isfinite(some).any() else float("nan")


if __name__ == "__main__":
    main()
