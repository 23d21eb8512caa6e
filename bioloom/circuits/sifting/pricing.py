"""Pricing: what prices say of every arc, exactly, and the bound that they give."""

from functools import cached_property

import numpy as np

from bioloom.circuits.posing import Floats, Ints
from bioloom.circuits.sifting.kernels import Laid, count_below, least_costs, list_below
from bioloom.circuits.sifting.tiles import Tiles


def lay(tiles: Tiles, prices: Floats) -> Laid:
    """What every arc costs at these prices of the rows, as the kernels take it."""
    return Laid(
        way=tiles.way_cost,
        at_site=tiles.priced_sites(prices),
        reach=tiles.reach,
        worth=tiles.served_worth(prices),
        unmet=tiles.unmet_cost,
    )


class Pricing:
    """Every arc of a city at some prices."""

    def __init__(self, tiles: Tiles, prices: Floats) -> None:
        self.tiles, self.prices = tiles, prices
        self._laid = lay(tiles, prices)
        self.least = np.empty_like(tiles.supply_t)
        least_costs(self._laid, self.least)

    @cached_property
    def bound(self) -> float:
        """No plan costs less: each tonne goes its cheapest way, and all rows are paid for in full.

        Holds for any prices from 0 to `Tiles.dearest`, by weak duality.
        """
        paid = float(np.sum(self.tiles.supply_t * self.least))
        return paid + self._refunds() - float(np.sum(self.prices * self.tiles.limits()))

    def _refunds(self) -> float:
        """The most that staying with the plan in force could save, for each of its flows."""
        held = self.tiles.in_force
        if not len(held.node):
            return 0.0
        cost = self.tiles.priced_arcs(held.node, held.site, self.prices) - held.refund
        saved = np.minimum(0.0, cost - self.least.ravel()[held.node])
        return float(np.sum(held.mass_t * saved))

    def below(self, ceiling: Floats) -> tuple[Ints, Ints]:
        """Nodes and sites of the arcs that cost less than their node's ceiling [per t].

        Args:
            ceiling: Places x materials.
        """
        many = np.empty(ceiling.shape, dtype=np.int64)
        count_below(self._laid, ceiling, many)
        nodes, sites = np.empty((2, int(many.sum())), dtype=np.int64)
        list_below(self._laid, ceiling, many, nodes, sites)
        return nodes, sites
