"""Cities in tiles for tests of sifting, and the whole program as a plain solver is given it."""

from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np

from bioloom.circuits.posing import Flags
from bioloom.circuits.sifting.tiles import NO_WAY, Tiles

CLASSES = 2


def tiles_of(
    *, places: int = 6, materials: int = 4, sites: int = 5, seed: int = 0, tight: float = 0.8
) -> Tiles:
    """A small uneven city: some ways too far, some sites that do not accept, rooms too few."""
    random = np.random.default_rng(seed)
    homes, works = random.random((places, 2)), random.random((sites, 2))
    way_cost = 100 * np.hypot(*(homes[:, None] - works[None]).transpose(2, 0, 1))
    accepted = random.random((materials, sites)) < 0.7
    supply_t = random.gamma(2.0, 5.0, (places, materials))
    site_cost = np.where(accepted, random.uniform(-10, 10, (materials, sites)), NO_WAY)
    share = random.gamma(1.5, 1.0, sites * CLASSES)
    of_class = np.arange(materials)[:, None] % CLASSES
    return Tiles(
        way_cost=way_cost,
        site_cost=site_cost,
        room=np.arange(sites) * CLASSES + of_class,
        room_use=random.uniform(0.8, 1.3, (materials, sites)),
        residue_use=random.uniform(0.02, 0.35, (materials, sites)),
        supply_t=supply_t,
        reach=np.where(random.random((places, materials)) < 0.3, 60.0, NO_WAY),
        unmet_cost=np.full((places, materials), 400.0),
        cell=np.repeat(np.arange(places), materials).reshape(places, materials),
        room_t=share / share.sum() * supply_t.sum() * tight,
        residue_t=np.full(sites, 0.15 * supply_t.sum() * tight / sites),
        floor_t=0.35 * supply_t.sum(axis=1),
        shortfall_cost=1600.0,
    )


def down(tiles: Tiles, *sites: int) -> Tiles:
    """The same city with some sites out of order."""
    room_t = tiles.room_t.copy()
    room_t[tiles.room[:, list(sites)]] = 0.0
    return replace(tiles, room_t=room_t)


def least_cost(tiles: Tiles) -> float:
    """What HiGHS finds for the whole program, every arc in it."""
    places, materials = tiles.supply_t.shape
    new: Callable[[], highspy.Highs] = highspy.Highs  # Its stub leaves the constructor untyped.
    highs = new()
    highs.setOptionValue("output_flag", False)
    node_of = np.arange(places * materials).reshape(places, materials)
    supply, floors = [highs.expr() for _ in node_of.ravel()], [highs.expr() for _ in tiles.floor_t]
    rooms = [highs.expr() for _ in tiles.room_t]
    residues = [highs.expr() for _ in tiles.residue_t]
    for (place, material), node in np.ndenumerate(node_of):
        unmet = highs.addVariable(obj=float(tiles.unmet_cost[place, material]))
        _link_to_force(tiles, highs, node, -1, unmet)
        supply[node] += unmet
        for site in np.flatnonzero(_open(tiles, int(place), int(material))).tolist():
            cost = tiles.way_cost[place, site] + tiles.site_cost[material, site]
            mass = highs.addVariable(obj=float(cost))
            _link_to_force(tiles, highs, node, site, mass)
            supply[node] += mass
            rooms[tiles.room[material, site]] += tiles.room_use[material, site] * mass
            residues[site] += tiles.residue_use[material, site] * mass
            floors[tiles.cell[place, material]] += mass
    for left, right in zip(supply, tiles.supply_t.ravel(), strict=True):
        highs.addConstr(left == right)
    limits = np.concatenate([tiles.room_t, tiles.residue_t])
    for left, right in zip([*rooms, *residues], limits, strict=True):
        highs.addConstr(left <= right)
    for left, right in zip(floors, tiles.floor_t, strict=True):
        highs.addConstr(left + highs.addVariable(obj=tiles.shortfall_cost) >= right)
    highs.run()
    return float(highs.getObjectiveValue())


def _link_to_force(
    tiles: Tiles, highs: highspy.Highs, node: int, site: int, mass: highspy.highs_var
) -> None:
    """What a flow in force keeps of its mass earns the refund."""
    held = tiles.in_force
    for at in np.flatnonzero((held.node == node) & (held.site == site)).tolist():
        kept = highs.addVariable(ub=float(held.mass_t[at]), obj=-held.refund)
        highs.addConstr(kept <= mass)


def _open(tiles: Tiles, place: int, material: int) -> Flags:
    near = tiles.way_cost[place] <= tiles.reach[place, material]
    open_to: Flags = near & (tiles.site_cost[material] < NO_WAY)
    return open_to
