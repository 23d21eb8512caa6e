"""Finding the least cost: price, decide, price again, until the bound meets the plan."""

from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np

from bioloom.circuits.posing import Floats, Ints
from bioloom.circuits.sifting.master import UNMET, Master
from bioloom.circuits.sifting.pricing import Pricing
from bioloom.circuits.sifting.seeding import seed
from bioloom.circuits.sifting.tiles import NOTHING_IN_FORCE, Tiles

# A plan this near to its bound is done: a tenth of what a checker forgives.
ENOUGH = 1e-7
# Arcs within this of the best of their node are taken in, in parts of the middle cost of unmet
# mass: at first, and in later rounds.
FIRST_BAND, BAND = 0.00075, 0.0001
# An arc must promise more than this to be taken in; HiGHS's own prices are no finer.
FAINT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How one round went: the plan's cost (infinite while it overdraws), the best bound so far."""

    value: float
    bound: float
    rows: int
    columns: int
    added: int
    widened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """A plan of a stage, and the prices that prove how good it is.

    Flows stand as node, site and tonnes; to site `UNMET` goes what stays unmet.
    """

    node: Ints
    site: Ints
    mass_t: Floats
    value: float
    prices: Floats
    bound: float
    rounds: tuple[Round, ...]

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, in parts of its cost."""
        return (self.value - self.bound) / max(1.0, abs(self.value))


def sift(tiles: Tiles, prices: Floats | None = None) -> Sifted:
    """The plan of least cost, with its proof.

    Args:
        tiles: The stage to plan.
        prices: Where to start; found by `seed` where none are given.

    Raises:
        PlanUnsolved: If HiGHS fails.
    """
    return settle(*begin(tiles, prices))


def begin(tiles: Tiles, prices: Floats | None = None) -> tuple[Master, Pricing]:
    """A master program with the arcs near some prices, and every arc at those prices."""
    start = seed(tiles) if prices is None else prices
    fresh = replace(tiles, in_force=NOTHING_IN_FORCE)
    pricing = Pricing(fresh, start)
    band = FIRST_BAND * float(np.median(tiles.unmet_cost))
    node, site = near(pricing, pricing.least + band)
    nearest = np.full(tiles.supply_t.size, UNMET)
    nearest[node[::-1]] = site[::-1]
    master = Master(fresh, start, nearest)
    master.add(node, site)
    if len(tiles.in_force.node):
        master.change(tiles)
    return master, Pricing(tiles, start)


def near(pricing: Pricing, ceiling: Floats) -> tuple[Ints, Ints]:
    """Arcs that cost less than their node's ceiling; what stays unmet is one of them."""
    node, site = pricing.below(ceiling)
    unmet = np.flatnonzero(pricing.tiles.unmet_cost < ceiling)
    return np.concatenate([node, unmet]), np.concatenate([site, np.full(len(unmet), UNMET)])


def settle(master: Master, best: Pricing) -> Sifted:
    """Rounds of a master program until no arc would lower its cost.

    Args:
        master: The program with some arcs in it.
        best: Prices whose bound is the best known.
    """
    tiles = master.tiles
    unit = float(np.median(tiles.unmet_cost))
    rounds: list[Round] = []
    done = False
    while not done:
        master.solve()
        pricing = Pricing(tiles, master.prices)
        best = max(best, pricing, key=attrgetter("bound"))
        value, bound = master.value(), best.bound
        rows, columns = master.size
        done = value - bound <= ENOUGH * max(1.0, abs(bound))
        added = widened = 0
        if not done:
            wanted = master.node_price.reshape(pricing.least.shape) - FAINT * unit
            ceiling = np.minimum(wanted, pricing.least + BAND * unit)
            added = master.add(*near(pricing, ceiling))
            widened = master.widen()
            done = not added and not widened
        rounds.append(
            Round(
                value=value, bound=bound, rows=rows, columns=columns, added=added, widened=widened
            )
        )
    node, site, mass_t = master.flows()
    return Sifted(
        node=node,
        site=site,
        mass_t=mass_t,
        value=value,
        prices=best.prices,
        bound=best.bound,
        rounds=tuple(rounds),
    )
