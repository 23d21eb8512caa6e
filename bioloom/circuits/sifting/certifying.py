"""Certifying: whether a plan of tiles is one, and how far it can be from the best.

It shares no code with what finds plans, and believes no value and no price that it is told: it
adds up the flows, and turns any prices at all into a bound that holds.
"""

from dataclasses import dataclass

import numpy as np

from bioloom.circuits.posing import Floats, Ints
from bioloom.circuits.sifting.tiles import NO_WAY, Tiles

# What a solver's tolerance may add to a row or a node, in parts of the larger of it and a tonne.
FORGIVEN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a plan costs, what no plan can cost less than, and every fault in words."""

    value: float
    bound: float
    # The most that any row or node is overdrawn [t].
    excess_t: float
    faults: tuple[str, ...]

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, in parts of its cost."""
        return (self.value - self.bound) / max(1.0, abs(self.value))


def certify(tiles: Tiles, node: Ints, site: Ints, mass_t: Floats, prices: Floats) -> Certificate:
    """Judge a plan by the figures of its tiles.

    Args:
        tiles: What was to be decided.
        node: Node of each flow.
        site: Site of each flow; -1 for what stays unmet.
        mass_t: Mass of each flow [t].
        prices: Of rooms, residues and floors, said to prove the plan [per t].
    """
    place, material = node // tiles.supply_t.shape[1], node % tiles.supply_t.shape[1]
    goes = site >= 0
    way = tiles.way_cost[place, site]
    cost = np.where(goes, way + tiles.site_cost[material, site], tiles.unmet_cost[place, material])
    nowhere = goes & ((way > tiles.reach[place, material]) | (cost >= NO_WAY))
    moved = np.bincount(node, mass_t, tiles.supply_t.size)
    taken = np.where(goes, mass_t, 0.0)
    room = np.bincount(
        tiles.room[material, site], taken * tiles.room_use[material, site], len(tiles.room_t)
    )
    at = site % len(tiles.residue_t)  # What stays unmet takes nothing, wherever it is counted.
    residue = np.bincount(at, taken * tiles.residue_use[material, at], len(tiles.residue_t))
    served = np.bincount(tiles.cell[place, material], taken, len(tiles.floor_t))
    over_room, over_residue = room - tiles.room_t, residue - tiles.residue_t
    unequal = np.abs(moved - tiles.supply_t.ravel())
    words = {
        "a mass or a price is no number": not np.isfinite([mass_t.sum(), prices.sum()]).all(),
        "a mass is below zero": bool((mass_t < 0).any()),
        "mass goes where there is no way": bool(nowhere.any()),
        "flows and unmet do not add up to the supply": _beyond(unequal, tiles.supply_t.ravel()),
        "a room takes more than it has": _beyond(over_room, tiles.room_t),
        "a site leaves more residue than it may": _beyond(over_residue, tiles.residue_t),
    }
    short = np.maximum(0.0, tiles.floor_t - served)
    return Certificate(
        value=float(cost @ mass_t)
        + tiles.shortfall_cost * float(short.sum())
        - tiles.in_force.refund * _stayed(tiles, node, site, mass_t),
        bound=_bound(tiles, prices),
        excess_t=float(max(over_room.max(), over_residue.max(), unequal.max(), 0.0)),
        faults=tuple(word for word, found in words.items() if found),
    )


def _stayed(tiles: Tiles, node: Ints, site: Ints, mass_t: Floats) -> float:
    """Mass on the ways that the plan in force has it on, and no more of it than there."""
    before = tiles.in_force
    ways, number = np.unique(
        np.stack([np.append(before.node, node), np.append(before.site, site)]),
        axis=1,
        return_inverse=True,
    )
    was = np.bincount(number[: len(before.node)], before.mass_t, ways.shape[1])
    now = np.bincount(number[len(before.node) :], mass_t, ways.shape[1])
    return float(np.minimum(was, now).sum())


def _beyond(excess: Floats, limit: Floats) -> bool:
    return bool((excess > FORGIVEN * np.maximum(1.0, np.abs(limit))).any())


def _bound(tiles: Tiles, prices: Floats) -> float:
    """Weak duality: each tonne goes where it costs least once what it uses is paid for.

    Prices below zero count as zero, and those of floors above the price of a shortfall as that.
    """
    rooms, floors = len(tiles.room_t), len(tiles.floor_t)
    paid = np.maximum(0.0, prices)
    of_room, of_residue, of_floor = paid[:rooms], paid[rooms:-floors], paid[-floors:]
    of_floor = np.minimum(of_floor, tiles.shortfall_cost)
    total = 0.0
    before, materials = tiles.in_force, tiles.supply_t.shape[1]
    for material in range(materials):
        at_site = tiles.site_cost[material] + tiles.residue_use[material] * of_residue
        at_site = at_site + tiles.room_use[material] * of_room[tiles.room[material]]
        far = tiles.way_cost > tiles.reach[:, material, None]
        to_site = np.where(far, NO_WAY, tiles.way_cost + at_site)
        to_site = to_site - of_floor[tiles.cell[:, material]][:, None]
        # The last column stands for staying unmet.
        ways = np.column_stack([to_site, tiles.unmet_cost[:, material]])
        least = ways.min(axis=1)
        total += float(tiles.supply_t[:, material] @ least)
        # A flow in force may cost its refund less; that it may save more than its node has is
        # left in, for it only lowers the bound.
        of = before.node % materials == material
        place = before.node[of] // materials
        saved = ways[place, before.site[of]] - before.refund - least[place]
        total += float(before.mass_t[of] @ np.minimum(0.0, saved))
    worth = of_room @ tiles.room_t + of_residue @ tiles.residue_t - of_floor @ tiles.floor_t
    return total - float(worth)
