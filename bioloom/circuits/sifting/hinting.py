"""Hinting: which arcs of a large part are likely in its plan, by what their rooms are worth.

A hint decides nothing: a plan that begins from it is proven on every arc.
"""

import numpy as np

from bioloom.circuits.posing import Floats, Ints, Problem
from bioloom.circuits.sifting.seeding import COOLING, seed
from bioloom.circuits.sifting.tiles import NO_WAY, Tiles
from bioloom.vocabulary.quantities import MG_PER_TONNE

# Prices need not be colder than this to tell which arcs are likely. In a part of 120,000 arcs two
# steps more found no arc that mattered, and one step less missed ten times as many.
WARM = COOLING[:4]
# Of the floors that would use up all room: those that use a little less have prices that are tame.
NEARLY = 0.999


def priced_ways_km(problem: Problem) -> Floats:
    """The way of each arc and what its room is worth, shape (arcs,) [km].

    Rooms are priced as in the least way that serves every cell as if room were all that lacked.

    Args:
        problem: A part without yields and stores; what its lanes carry is passed over.
    """
    prices = seed(_tiles(problem), WARM)
    priced: Floats = problem.arc_km + prices[problem.arc_intake]
    return priced


def _tiles(problem: Problem) -> Tiles:
    """The part with a table for its arcs: what is accepted from one place is so from all."""
    place, material = _numbered(problem)
    node, intake, km = problem.arc_node, problem.arc_intake, problem.arc_km
    places, materials, intakes = place.max() + 1, material.max() + 1, len(problem.sites)
    # The same on each way and on what stays unmet, so that no tonne is served for nothing.
    unit = max(float(np.median(km)), np.finfo(np.float64).tiny)
    way = np.full((places, intakes), NO_WAY)
    np.minimum.at(way, (place[node], intake), km)
    accepted = np.full((materials, intakes), NO_WAY)
    accepted[material[node], intake] = unit
    supply_t = np.zeros((places, materials))
    supply_t[place, material] = problem.supply_mg / MG_PER_TONNE
    cell = np.zeros((places, materials), dtype=np.int64)
    cell[place, material] = problem.cell_of_node
    room_t = _room_t(problem)
    return Tiles(
        way_cost=way,
        site_cost=accepted,
        room=np.tile(np.arange(intakes), (materials, 1)),
        room_use=np.ones(accepted.shape),
        residue_use=np.zeros(accepted.shape),
        supply_t=supply_t,
        reach=np.full(supply_t.shape, NO_WAY / 2),
        unmet_cost=np.full(supply_t.shape, unit),
        cell=cell,
        room_t=room_t,
        residue_t=np.ones(intakes),
        floor_t=_floor_t(problem, float(room_t.sum())),
        shortfall_cost=10 * float(km.max()) + unit,
    )


def _numbered(problem: Problem) -> tuple[Ints, Ints]:
    """A number for the place of each node, in its period, and for its material."""
    periods = problem.node_period if problem.node_period.size else np.zeros_like(problem.supply_mg)
    districts = np.unique([district for district, _ in problem.nodes], return_inverse=True)[1]
    kinds: list[str] = [material for _, material in problem.nodes]
    if problem.bonds:
        # What is bound otherwise may go elsewhere, as another material may.
        kinds = [f"{kind} {bond}" for kind, bond in zip(kinds, problem.bonds, strict=True)]
    materials = np.unique(kinds, return_inverse=True)[1]
    places = np.unique(districts * (periods.max() + 1) + periods, return_inverse=True)[1]
    return places, materials


def _room_t(problem: Problem) -> Floats:
    """What can come into each intake at most [t]."""
    offered_mg = problem.supply_mg[problem.arc_node].astype(np.float64)
    within_reach_mg = np.bincount(problem.arc_intake, offered_mg, len(problem.sites))
    room_t: Floats = np.minimum(problem.capacity_mg, within_reach_mg) / MG_PER_TONNE
    return room_t


def _floor_t(problem: Problem, room_t: float) -> Floats:
    """What each cell gets if what lacks is shared by need, wherever the room is [t]."""
    offered_t = np.bincount(problem.cell_of_node, problem.supply_mg / MG_PER_TONNE)
    by_need_t = offered_t / problem.need
    level = max(0.0, float(offered_t.sum()) - room_t) / float(by_need_t.sum())
    floor_t: Floats = NEARLY * np.maximum(0.0, offered_t - level * by_need_t)
    return floor_t
