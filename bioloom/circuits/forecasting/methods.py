"""Methods: simple seasonal ways to go on with rows of months, all rows at once.

Each takes rows of one material up to some month, shape (rows, months), and gives the months after
it, shape (rows, horizon) [the unit of the rows]; no number where it cannot say.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from bioloom.circuits.forecasting.history import MONTHS_OF_YEAR
from bioloom.circuits.posing import Floats

Method = Callable[[Floats, int], Floats]

MEAN_OF_ALL = "middle"
# Years from which seasons are learned.
_YEARS = 3


def as_last_year(rows: Floats, horizon: int) -> Floats:
    """The same month of the last year, or of the one before where that is not known.

    Source:
        The seasonal naive method; Hyndman & Athanasopoulos (2021), Forecasting, section 5.2.
    """
    return _beside(_first_known(_same_month(rows, step)[:, ::-1]) for step in _steps(horizon))


def as_last_year_moved(rows: Floats, horizon: int) -> Floats:
    """As `as_last_year`, times the year's change: the last 12 months over the same a year before.

    The change is halved, for half of it is mostly noise, and at most a half up or down.
    """
    now, before = rows[:, -MONTHS_OF_YEAR:], rows[:, -2 * MONTHS_OF_YEAR : -MONTHS_OF_YEAR]
    if before.shape[1] < MONTHS_OF_YEAR:
        return np.full((len(rows), horizon), np.nan)
    both = np.isfinite(now) & np.isfinite(before)
    sums = [np.where(both, year, 0.0).sum(axis=1) for year in (now, before)]
    change = np.divide(sums[0], sums[1], out=np.ones(len(rows)), where=sums[1] > 0)
    moved: Floats = as_last_year(rows, horizon) * np.clip(np.sqrt(change), 0.5, 1.5)[:, np.newaxis]
    return moved


def mean_of_years(rows: Floats, horizon: int) -> Floats:
    """The mean of the same month in the last three years."""
    return _beside(_mean(_same_month(rows, step)) for step in _steps(horizon))


def level_and_season(rows: Floats, horizon: int) -> Floats:
    """The level of the last months, times the season that all rows share.

    The season of a calendar month is its mass over that of the mean month, of all rows that are
    known in the whole of the last years together, so that one district's noise is not a season.
    """
    seasons = _seasons(rows)
    ends = rows.shape[1]
    recent = np.arange(max(0, ends - 6), ends)
    level = _mean(rows[:, recent] / seasons[recent % MONTHS_OF_YEAR])
    ahead = np.arange(ends, ends + horizon) % MONTHS_OF_YEAR
    told: Floats = level[:, np.newaxis] * seasons[ahead]
    return told


def middle_of_all(rows: Floats, horizon: int) -> Floats:
    """The mean of the other methods, as far as each can say something."""
    told = [method(rows, horizon) for name, method in METHODS.items() if name != MEAN_OF_ALL]
    return _mean(np.moveaxis(np.stack(told), 0, -1))


METHODS: Mapping[str, Method] = {
    "last_year": as_last_year,
    "last_year_moved": as_last_year_moved,
    "years": mean_of_years,
    "level_and_season": level_and_season,
    MEAN_OF_ALL: middle_of_all,
}


def _steps(horizon: int) -> range:
    return range(1, horizon + 1)


def _beside(columns: Iterable[Floats]) -> Floats:
    rows: Floats = np.stack(list(columns), axis=1)
    return rows


def _same_month(rows: Floats, step: int) -> Floats:
    """What the month some steps ahead was in the last years, the oldest first."""
    ends = rows.shape[1]
    behind = range(ends - 1 + step - MONTHS_OF_YEAR * -(-step // MONTHS_OF_YEAR), -1, -12)
    return rows[:, list(behind)[:_YEARS][::-1]]


def _first_known(rows: Floats) -> Floats:
    """The first number of each row; none where it has none."""
    if not rows.shape[1]:
        return np.full(len(rows), np.nan)
    first = np.argmax(np.isfinite(rows), axis=1)
    found: Floats = rows[np.arange(len(rows)), first]
    return found


def _mean(rows: Floats) -> Floats:
    """The mean along the last axis of what is known; no number where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        mean: Floats = np.nanmean(rows, axis=-1)
    return mean


def _seasons(rows: Floats) -> Floats:
    """The share of each calendar month, 1 for a mean one, shape (12,); counted from month 0."""
    ends = rows.shape[1]
    window = np.arange(max(0, ends - _YEARS * MONTHS_OF_YEAR), ends)
    window = window[len(window) % MONTHS_OF_YEAR :]
    known = rows[np.isfinite(rows[:, window]).all(axis=1)][:, window] if window.size else rows[:0]
    if not known.size or not known.sum():
        return np.ones(MONTHS_OF_YEAR)
    months = known.sum(axis=0)
    by_month = np.bincount(window % MONTHS_OF_YEAR, months, MONTHS_OF_YEAR)
    seasons: Floats = by_month / by_month.mean()
    # A month in which nothing at all was offered cannot be divided by.
    return np.where(seasons > 0, seasons, np.nan)
