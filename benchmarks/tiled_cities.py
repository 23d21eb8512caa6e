"""Generated cities in tiles: districts in clusters, most sites in other clusters, rooms too few.

Sizes S, M, L and XL have 24,500, 200,000, 2,000,000 and 10,000,000 arcs. In M a material of a
district reaches only the twenty nearest sites that accept it.
"""

from dataclasses import dataclass

import numpy as np

from bioloom.circuits.posing import Flags, Floats
from bioloom.circuits.sifting.tiles import NO_WAY, Tiles

CLASSES = 4  # Materials m and m + 4 share the rooms of a site.
TIGHT = 0.84  # Rooms for this share of all supply.
FLOOR = 0.35  # Share of its supply that each district is to be served.


@dataclass(frozen=True, slots=True)
class Size:
    """How large a city is."""

    districts: int
    materials: int
    sites: int
    near: int | None = None
    accepting: float = 0.5


SIZES = {
    "S": Size(100, 10, 50),
    "M": Size(500, 20, 200, near=20),
    "L": Size(500, 20, 200, accepting=1.0),
    "XL": Size(2000, 25, 400),
}


def city(size: Size, seed: int = 0) -> Tiles:
    """The generated city of this size and seed; costs are per tonne, a unit of way costs 100."""
    random = np.random.default_rng(seed)
    homes, works = _placed(random, size)
    way_cost = 100 * np.hypot(*(homes[:, None] - works[None]).transpose(2, 0, 1))
    grid = (size.materials, size.sites)
    accepted = random.random(grid) < size.accepting
    accepted[~accepted.any(axis=1), 0] = True
    supply_t = random.gamma(2.0, 5.0, (size.districts, size.materials))
    room_use, residue_use = random.uniform(0.8, 1.3, grid), random.uniform(0.02, 0.35, grid)
    cost_less = random.uniform(0, 20, grid)
    of_class = np.arange(size.materials) % CLASSES
    places = np.arange(size.districts)
    return Tiles(
        way_cost=way_cost,
        site_cost=np.where(accepted, 10 - cost_less, NO_WAY),
        room=np.arange(size.sites) * CLASSES + of_class[:, None],
        room_use=room_use,
        residue_use=residue_use,
        supply_t=supply_t,
        reach=_reach(way_cost, accepted, size),
        unmet_cost=np.full(supply_t.shape, 400.0),
        cell=np.broadcast_to(places[:, None], supply_t.shape).copy(),
        room_t=_rooms_t(random, accepted, supply_t.sum(axis=0)),
        residue_t=_residues_t(random, float(supply_t.sum()), size.sites),
        floor_t=FLOOR * supply_t.sum(axis=1),
        shortfall_cost=1600.0,
    )


def _placed(random: np.random.Generator, size: Size) -> tuple[Floats, Floats]:
    centres = random.random((8, 2))
    homes = centres[random.integers(0, 8, size.districts)]
    homes = homes + 0.07 * random.normal(size=homes.shape)
    alone = size.sites // 3
    clustered = centres[random.integers(0, 5, size.sites - alone)]
    clustered = clustered + 0.12 * random.normal(size=clustered.shape)
    return homes, np.vstack([clustered, random.random((alone, 2))])


def _reach(way_cost: Floats, accepted: Flags, size: Size) -> Floats:
    reach = np.full((size.districts, size.materials), NO_WAY)
    if size.near is not None:
        for material in range(size.materials):
            ways = np.sort(way_cost[:, accepted[material]], axis=1)
            reach[:, material] = ways[:, min(size.near, ways.shape[1]) - 1]
    return reach


def _rooms_t(random: np.random.Generator, accepted: Flags, supply_t: Floats) -> Floats:
    """Rooms of each site and class, most in a few large sites."""
    of_class = np.arange(len(accepted)) % CLASSES
    share = random.gamma(1.5, 1.0, (accepted.shape[1], CLASSES))
    for number in range(CLASSES):
        share[~accepted[of_class == number].any(axis=0), number] = 0.0
    total_t = np.bincount(of_class, supply_t, CLASSES)
    rooms_t: Floats = (share / share.sum(axis=0) * total_t * TIGHT).ravel()
    return rooms_t


def _residues_t(random: np.random.Generator, supply_t: float, sites: int) -> Floats:
    """What residue each site may leave: about what its rooms would make, rarely the same."""
    share = random.gamma(2.0, 1.0, sites)
    residues_t: Floats = share / share.sum() * supply_t * TIGHT * 0.185 / 1.05 * 1.2
    return residues_t
