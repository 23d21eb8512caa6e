"""Seeding: prices near the best ones, from all arcs at once and before any linear program.

The least cost of all supply at given prices is smoothed by entropy; its greatest value over the
prices is sought from warm to cold by L-BFGS-B, so that each step begins near its end.

Source:
    Nesterov (2005), Smooth minimization of non-smooth functions, Math. Program. 103.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from bioloom.circuits.posing import Floats
from bioloom.circuits.sifting.kernels import smoothed
from bioloom.circuits.sifting.pricing import lay
from bioloom.circuits.sifting.tiles import Tiles

# Warmth [cost per t], in parts of the middle cost of unmet mass, and steps at each.
COOLING = (
    (1 / 4, 40),
    (1 / 13, 60),
    (1 / 40, 60),
    (1 / 130, 80),
    (1 / 400, 80),
    (1 / 1300, 80),
    (1 / 4000, 80),
)


def seed(tiles: Tiles, cooling: Sequence[tuple[float, int]] = COOLING) -> Floats:
    """Prices of all rows [cost per t], at least 0 and at most `Tiles.dearest`.

    They are a start and no more: whatever they are, what is found from them is proven otherwise.
    """
    unit = float(np.median(tiles.unmet_cost))
    hill = _Hill(tiles)
    prices = np.zeros_like(hill.scale)
    top = tiles.dearest() / hill.scale
    bounds = np.stack([np.zeros_like(top), top], axis=1)
    for part, steps in cooling:
        hill.tau = unit * part
        options = {"maxiter": steps, "maxfun": steps + steps // 2, "maxcor": 20}
        found = minimize(hill, prices, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        prices = found.x
    seeded: Floats = prices * hill.scale
    return seeded


class _Hill:
    """Minus the smoothed bound, and its slope, by prices in units of `scale`."""

    def __init__(self, tiles: Tiles) -> None:
        self.tiles, self.tau = tiles, 1.0
        self.limits = tiles.limits()
        # A row moves its price by as much as its mass allows; both ends keep the steps tame.
        size = np.concatenate([tiles.room_t, tiles.residue_t, np.ones_like(tiles.floor_t)])
        size[tiles.floor_row :] = np.bincount(tiles.cell.ravel(), tiles.supply_t.ravel())
        self.scale = 10 * np.minimum(1.0, 1 / np.sqrt(np.maximum(size, 1e-9)))
        self.sent = np.zeros_like(tiles.site_cost)
        self.served = np.zeros_like(tiles.supply_t)

    def __call__(self, scaled: Floats) -> tuple[float, Floats]:
        tiles, prices = self.tiles, scaled * self.scale
        value = smoothed(lay(tiles, prices), tiles.supply_t, self.tau, self.sent, self.served)
        value -= float(np.sum(prices * self.limits))
        slope = self._used() - self.limits
        # In thousands: L-BFGS-B's first step is as long as the slope.
        return -value / 1e3, -slope * self.scale / 1e3

    def _used(self) -> Floats:
        tiles = self.tiles
        rooms = np.bincount(
            tiles.room.ravel(), (tiles.room_use * self.sent).ravel(), len(tiles.room_t)
        )
        residue = np.sum(tiles.residue_use * self.sent, axis=0)
        served = np.bincount(tiles.cell.ravel(), self.served.ravel(), len(tiles.floor_t))
        return np.concatenate([rooms, residue, -served])
