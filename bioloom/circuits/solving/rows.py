"""Rows: the columns, rows and coefficients of a part as a linear program, for any solver."""

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG
from bioloom.circuits.layout.storing import HORIZON_ENDS
from bioloom.circuits.posing import Flags, Floats, Ints, Problem

# Rows, columns and values of coefficients, as arrays or one for all.
_Block = tuple[Ints | int, Ints | int, Floats | float]


class Rows:
    """Where each row and column of a part stands, its bounds and its coefficients.

    Columns: ways (one an arc), kept (the part of a way that the plan in force already has), waits,
    unmet (one a node), left (one a product), excess (unmet beyond what a cell is guaranteed; 0 but
    to find out which guarantees cannot hold), level. Rows: supply (one a heap), room, store, lane,
    unfair (need x share not served - level <= 0), limit (not served of a cell), hazard, cost,
    waiting. Every column has two finite bounds; one that must not bind is twice what could reach
    it, lest it carry a price.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        arcs, heaps, nodes = len(problem.arc_node), problem.heaps, len(problem.nodes)
        cells, waits = len(problem.cells), len(problem.stores.giver)
        stores, lanes = len(problem.stores.capacity_mg), len(problem.lanes.capacity_mg)
        self.kept_arc = np.flatnonzero(problem.in_force_mg)
        self.promised = np.flatnonzero(problem.most_unmet_mg < UNLIMITED_MG)
        columns = arcs, len(self.kept_arc), waits, nodes, heaps - nodes, len(self.promised), 1
        self.ways, self.kept, self.waits, self.unmet, self.left, self.excess, level = _ranges(
            *columns
        )
        rows = heaps, len(problem.sites), stores, lanes, cells, cells, 1, 1, int(waits > 0)
        self.supply, self.room, self.store, self.lane, *of_aims = _ranges(*rows)
        self.unfair, self.limit, hazard, cost, self.waiting = of_aims
        self.level, self.hazard, self.cost = level.start, hazard.start, cost.start
        self.columns, self.rows = level.stop, self.waiting.stop
        # A power of two, so that no mass changes: HiGHS's tolerances are absolute, and a unit of a
        # thousandth of the largest mass makes them mean the same in a village and a metropolis.
        self.unit_mg = 2.0 ** np.round(np.log2(problem.at_hand_mg.max() / 1000))
        self.mass = problem.supply_mg / self.unit_mg
        offered = np.bincount(problem.cell_of_node, self.mass, cells)
        self.offered = offered.astype(np.float64)

    def _reach(self) -> Floats:
        """The most that can be in each heap: all there is, where some can come from others."""
        problem = self.problem
        reach = np.full(problem.heaps, problem.at_hand_mg.sum() / self.unit_mg)
        alone = np.ones(len(problem.nodes), dtype=np.bool_)
        alone[problem.stores.taker[self._waits_on() & self._of_nodes()]] = False
        reach[: len(alone)][alone] = self.mass[alone]
        return reach

    def _waits_on(self) -> Flags:
        """The waits that do not end with the horizon."""
        waits_on: Flags = self.problem.stores.taker != HORIZON_ENDS
        return waits_on

    def _of_nodes(self) -> Flags:
        """The waits of nodes, and not of products."""
        of_nodes: Flags = self.problem.stores.giver < len(self.problem.nodes)
        return of_nodes

    def column_bounds(self) -> tuple[Floats, Floats]:
        """The least and the most of each column."""
        problem, reach = self.problem, self._reach()
        lower, upper = np.zeros(self.columns), np.zeros(self.columns)
        upper[self.ways] = 2 * reach[problem.arc_node]
        in_force = problem.in_force_mg[self.kept_arc] / self.unit_mg
        kept_reach = reach[problem.arc_node[self.kept_arc]]
        upper[self.kept] = np.where(in_force < kept_reach, in_force, 2 * kept_reach)
        upper[self.waits] = 2 * reach[problem.stores.giver]
        upper[self.unmet] = 2 * reach[: len(problem.nodes)]
        left_most = problem.yields.left_most_mg / self.unit_mg
        upper[self.left] = np.minimum(left_most, 2 * reach[len(problem.nodes) :])
        upper[self.level] = 2 * problem.need.max()
        if problem.floor_mg.size:
            floor = problem.floor_mg / self.unit_mg
            lower[self.kept] = np.minimum(floor[self.kept_arc], upper[self.kept])
            lower[self.ways] = floor
            lower[self.ways.start + self.kept_arc] -= lower[self.kept]
        return lower, upper

    def row_bounds(self) -> tuple[Floats, Floats]:
        """The least and the most of each row; what has no bound is infinite."""
        problem, reach = self.problem, self._reach()
        unit_mg, stores, lanes = self.unit_mg, problem.stores, problem.lanes
        lower = np.full(self.rows, -np.inf)
        upper = np.full(self.rows, np.inf)
        lower[self.supply] = upper[self.supply] = problem.at_hand_mg / unit_mg
        for rows, capacity_mg, owner, heap in (
            (self.room, problem.capacity_mg, problem.arc_intake, problem.arc_node),
            (self.store, stores.capacity_mg, stores.store, stores.giver),
            (self.lane, lanes.capacity_mg, lanes.lane, problem.arc_node[lanes.arc]),
        ):
            within_reach = np.bincount(owner, reach[heap], len(capacity_mg))
            upper[rows] = np.minimum(capacity_mg / unit_mg, 2 * within_reach)
        upper[self.unfair] = 0.0
        if problem.rank.size:
            later = problem.rank > problem.rank.min()
            upper[self.unfair][later] = 2 * problem.need[later]
        upper[self.limit] = 2 * self.offered
        most = problem.most_unmet_mg[self.promised] / unit_mg
        promised = self.limit.start + self.promised
        upper[promised] = np.minimum(most, upper[promised])
        return lower, upper

    def coefficients(self) -> tuple[Ints, Ints, Floats]:
        """Row, column and value of every coefficient that is not zero."""
        blocks = [*self._blocks_of_ways(), *self._blocks_of_heaps()]
        spread = [np.broadcast_arrays(*block) for block in blocks]
        rows, columns, values = (np.concatenate(side) for side in zip(*spread, strict=True))
        return rows, columns, values.astype(np.float64)

    def _blocks_of_ways(self) -> list[_Block]:
        problem, lanes, yields = self.problem, self.problem.lanes, self.problem.yields
        arc = np.concatenate([np.arange(len(problem.arc_node)), self.kept_arc])
        way = np.arange(len(arc))
        in_lane, lane_way = _pairs(lanes.arc, arc)
        making, making_way = _pairs(yields.intake, problem.arc_intake[arc])
        product = self.supply.start + len(problem.nodes) + yields.product[making]
        costed = way if self.kept_arc.size or self.waiting.stop > self.waiting.start else way[:0]
        return [
            (self.supply.start + problem.arc_node[arc], way, 1.0),
            (self.room.start + problem.arc_intake[arc], way, 1.0),
            (self.lane.start + lanes.lane[in_lane], lane_way, 1.0),
            (product, making_way, -yields.per_mille[making] / 1000),
            (self.cost, costed, problem.arc_km[arc][: len(costed)]),
        ]

    def _blocks_of_heaps(self) -> list[_Block]:
        problem, stores = self.problem, self.problem.stores
        node, cells = np.arange(len(problem.nodes)), np.arange(len(problem.cells))
        products = np.arange(problem.heaps - len(problem.nodes))
        wait = self.waits.start + np.arange(len(stores.giver))
        waits_on = self._waits_on()
        ends = self._of_nodes() & ~waits_on
        hazardous = np.flatnonzero(problem.hazardous)
        # What is unmet and what is stored at the end both lack in the service of a cell.
        unmet = self.unmet.start + node
        short = np.concatenate([unmet, wait[ends]])
        cell = problem.cell_of_node[np.concatenate([node, stores.giver[ends]])]
        excess = self.excess.start + np.arange(len(self.promised))
        return [
            (self.supply.start + node, unmet, 1.0),
            (self.supply.start + len(node) + products, self.left.start + products, 1.0),
            (self.supply.start + stores.giver, wait, 1.0),
            (self.supply.start + stores.taker[waits_on], wait[waits_on], -1.0),
            (self.store.start + stores.store, wait, 1.0),
            (self.waiting.start, wait, 1.0),
            (self.waiting.start, unmet if wait.size else unmet[:0], problem.periods + 1.0),
            (self.unfair.start + cell, short, (problem.need / self.offered)[cell]),
            (self.limit.start + cell, short, 1.0),
            (self.limit.start + self.promised, excess, -1.0),
            (self.hazard, self.unmet.start + hazardous, 1.0),
            (self.unfair.start + cells, self.level, -1.0),
        ]


def _pairs(ones: Ints, others: Ints) -> tuple[Ints, Ints]:
    """Every pair of places at which two arrays are alike: of the one, and of the other."""
    order = np.argsort(others, kind="stable")
    first = np.searchsorted(others[order], ones)
    times = np.searchsorted(others[order], ones, side="right") - first
    one = np.repeat(np.arange(len(ones)), times)
    before = np.repeat(np.cumsum(times) - times, times)
    other = order[np.repeat(first, times) + np.arange(len(one)) - before]
    return one, other


def _ranges(*lengths: int) -> list[slice]:
    """Ranges of these lengths, one after the other."""
    stops = np.cumsum(lengths).tolist()
    return [slice(stop - length, stop) for stop, length in zip(stops, lengths, strict=True)]
