"""Seasonal models of a library: `python -m benchmarks.rivals.forecasters NAME FILE TOLD`.

NAME is a model of statsforecast such as AutoETS. FILE has rows of months, shape (rows, months), no
number before a row begins. Writes the quantiles of the months after them, shape (rows, 5, 12), into
TOLD, and prints what fitting and forecasting took, importing and a first fit not counted.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import in_a_process, tell

SEASON, HORIZON, LEVELS = 12, 12, [80, 95]
# The model's mean stands for the quantile of one half.
QUANTILES = ("lo-95", "lo-80", "mean", "hi-80", "hi-95")


def main(name: str, file: Path, told: Path) -> None:
    rows = np.load(file)
    model = getattr(import_module("statsforecast.models"), name)

    def prepare() -> Callable[[], None]:
        _quantiles(model, rows[0])
        return lambda: np.save(told, np.stack([_quantiles(model, row) for row in rows]))

    tell(in_a_process(prepare))


def _quantiles(model: Any, row: Any) -> Any:  # noqa: ANN401  A class of the library; arrays.
    known = row[np.isfinite(row)]
    made = model(season_length=SEASON).forecast(y=known, h=HORIZON, level=LEVELS)
    return np.stack([made[quantile] for quantile in QUANTILES])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
