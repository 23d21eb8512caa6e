"""Tiles: the ways of a large city as tables of place x site and material x site.

An arc from a place to a site costs what the way costs plus what the material costs at the site.
So no arc needs to be stored: two million of them are two tables of a few hundred kilobytes.
"""

from dataclasses import dataclass

import numpy as np

from bioloom.circuits.posing import Floats, Ints

# A cost that says there is no way. Not infinite, so that compiled loops may reckon with it.
NO_WAY = 1e30


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Flows of the plan in force, and what is refunded of each tonne that stays on its way [per t].

    Flows stand as node, site and tonnes, no way twice; to site -1 goes what stays unmet.
    """

    node: Ints
    site: Ints
    mass_t: Floats
    refund: float


NOTHING_IN_FORCE = InForce(
    node=np.zeros(0, dtype=np.int64),
    site=np.zeros(0, dtype=np.int64),
    mass_t=np.zeros(0),
    refund=0.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """One stage of a plan: send what each node supplies where it costs least.

    A node is a place and a material, numbered place by place. A tonne of it goes to a site within
    reach that accepts it, or stays unmet. Limits hold in rows: the room that sites have for some
    of their materials, the residue that each may leave, and the tonnes that must be served of each
    cell, a shortfall of which is priced.
    """

    # Places x sites: cost of the way [per t]; `NO_WAY` where there is none.
    way_cost: Floats
    # Materials x sites: cost at the site [per t], `NO_WAY` where it is not accepted; the row
    # of its room; room and residue that a tonne takes up there [t/t].
    site_cost: Floats
    room: Ints
    room_use: Floats
    residue_use: Floats
    # Places x materials: mass [t], the dearest way that it may take, cost of leaving it unmet
    # [per t], and the cell in which it is served.
    supply_t: Floats
    reach: Floats
    unmet_cost: Floats
    cell: Ints
    # Rows: room [t], residue of each site [t], least mass served of each cell [t].
    room_t: Floats
    residue_t: Floats
    floor_t: Floats
    # Of a tonne below a floor.
    shortfall_cost: float
    in_force: InForce = NOTHING_IN_FORCE

    @property
    def residue_row(self) -> int:
        """The row of the first site's residue; rooms come before."""
        return len(self.room_t)

    @property
    def floor_row(self) -> int:
        """The row of the first cell's floor, after those of the residues."""
        return len(self.room_t) + len(self.residue_t)

    def limits(self) -> Floats:
        """What each row allows [t]; of minus the mass served, a floor allows minus itself."""
        return np.concatenate([self.room_t, self.residue_t, -self.floor_t])

    def dearest(self) -> Floats:
        """The most that a tonne of each row can be worth; only a shortfall has a price."""
        top = np.full(self.floor_row + len(self.floor_t), np.inf)
        top[self.floor_row :] = self.shortfall_cost
        return top

    def priced_sites(self, prices: Floats) -> Floats:
        """Materials x sites: what a tonne costs there with its room and residue paid for."""
        residue = prices[self.residue_row : self.floor_row]
        return self.site_cost + self.room_use * prices[self.room] + self.residue_use * residue

    def priced_arcs(self, node: Ints, site: Ints, prices: Floats) -> Floats:
        """What a tonne costs on some arcs with all that it uses paid for."""
        rows, uses = self.arc_uses(node, site)
        paid: Floats = np.sum(uses * prices[rows], axis=1)
        return self.arc_cost(node, site) + paid

    def served_worth(self, prices: Floats) -> Floats:
        """Places x materials: what the floor of its cell pays for a tonne that is served."""
        worth: Floats = prices[self.floor_row :][self.cell]
        return worth

    def arc_cost(self, node: Ints, site: Ints) -> Floats:
        """Cost of a tonne on some arcs, or `NO_WAY`; to site -1 goes what stays unmet."""
        place, material = np.divmod(node, self.supply_t.shape[1])
        way = self.way_cost[place, site]
        cost = way + self.site_cost[material, site]
        cost[(way > self.reach[place, material]) | (cost > NO_WAY)] = NO_WAY
        return np.where(site < 0, self.unmet_cost[place, material], cost)

    def arc_uses(self, node: Ints, site: Ints) -> tuple[Ints, Floats]:
        """Rows that a tonne on some arcs uses, and how much of each: both arcs x 3.

        What stays unmet uses nothing, and is given rows with a use of 0.
        """
        place, material = np.divmod(node, self.supply_t.shape[1])
        rows = [self.room[material, site], self.residue_row + site % len(self.residue_t)]
        rows += [self.floor_row + self.cell[place, material]]
        uses = [self.room_use[material, site], self.residue_use[material, site]]
        uses += [np.full(len(node), -1.0)]
        return np.stack(rows, axis=1), np.stack(uses, axis=1) * (site >= 0)[:, None]
