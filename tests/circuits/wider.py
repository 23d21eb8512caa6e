"""Random problems with all that a plan may have, and their best plans by a reference solver."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from bioloom.circuits.layout.arrays import UNLIMITED_MG
from bioloom.circuits.layout.hauling import Lanes
from bioloom.circuits.layout.storing import HORIZON_ENDS, Stores
from bioloom.circuits.layout.yielding import Yields
from bioloom.circuits.posing import Floats, Ints, Problem
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.circuits.cities import problem_of

TENTHS = st.integers(1, 400).map(lambda tenths: tenths / 10)


@dataclass(frozen=True)
class Drawn:
    """Sizes: districts, sites of the first and of the second step, and periods."""

    districts: int
    first: int
    second: int
    periods: int


def masses(tonnes: list[float]) -> Ints:
    return np.array([round(mass * MG_PER_TONNE) for mass in tonnes], dtype=np.int64)


@st.composite
def wider_problems(draw: st.DrawFn) -> Problem:
    """Districts over periods, sites that make things of what they take, stores and vehicles.

    Sites of the first step may pass on what they make to those of the second, which may pass on
    nothing; both may take what districts offer.
    """
    size = Drawn(*(draw(st.integers(low, high)) for low, high in ((1, 3), (1, 2), (1, 2), (1, 3))))
    nodes, intakes = size.districts * size.periods, (size.first + size.second) * size.periods
    products = size.first * size.periods
    arcs = draw(reached(size))
    problem = problem_of(
        supply_t=[draw(TENTHS) for _ in range(nodes)],
        capacity_t=[draw(TENTHS | st.just(0.0)) for _ in range(intakes)],
        arcs=[(i, k, draw(st.integers(0, 300)) / 10) for i, k in arcs],
        hazardous=[draw(st.booleans()) for _ in range(nodes)],
    )
    cells = size.districts
    return replace(
        problem,
        nodes=problem.nodes[:cells] * size.periods,
        cells=problem.cells[:cells],
        node_period=np.repeat(np.arange(size.periods), cells),
        cell_of_node=np.tile(np.arange(cells), size.periods),
        need=np.array([draw(st.sampled_from([1.0, 1.5, 3.0])) for _ in range(cells)]),
        in_force_mg=masses([draw(TENTHS | st.just(0.0)) for _ in arcs]),
        stores=draw(stores_of(size, nodes)),
        yields=Yields(
            products=tuple((SiteId(f"s{k}"), MaterialId("r")) for k in range(products)),
            period=np.repeat(np.arange(size.periods), size.first),
            left_most_mg=np.array(
                [
                    draw(st.sampled_from([0, 2 * MG_PER_TONNE, UNLIMITED_MG]))
                    for _ in range(products)
                ]
            ),
            intake=np.arange(products) // size.first * (size.first + size.second)
            + np.arange(products) % size.first,
            product=np.arange(products),
            per_mille=np.array([draw(st.integers(50, 1000)) for _ in range(products)]),
        ),
        lanes=draw(lanes_of(len(arcs))),
    )


@st.composite
def reached(draw: st.DrawFn, size: Drawn) -> list[tuple[int, int]]:
    """Some arcs of every period: districts to all sites, products to those of the second step."""
    width, nodes = size.first + size.second, size.districts * size.periods
    pairs = [
        (t * size.districts + d, t * width + k)
        for t in range(size.periods)
        for d in range(size.districts)
        for k in range(width)
    ]
    pairs += [
        (nodes + t * size.first + p, t * width + size.first + k)
        for t in range(size.periods)
        for p in range(size.first)
        for k in range(size.second)
    ]
    return sorted(draw(st.lists(st.sampled_from(pairs), unique=True, max_size=18)))


@st.composite
def stores_of(draw: st.DrawFn, size: Drawn, nodes: int) -> Stores:
    """A store of every district in every period, and of every site for what it makes, or none."""
    kinds = [(0, size.districts), (nodes, size.first)]
    waits = [
        (first + t * width + i, HORIZON_ENDS if last else first + (t + 1) * width + i)
        for first, width in kinds
        if draw(st.booleans())
        for i in range(width)
        for t in range(size.periods)
        for last in [t + 1 == size.periods]
    ]
    return Stores(
        capacity_mg=masses([draw(TENTHS) for _ in waits]),
        store=np.arange(len(waits)),
        giver=np.array([giver for giver, _ in waits], dtype=np.int64),
        taker=np.array([taker for _, taker in waits], dtype=np.int64),
    )


@st.composite
def lanes_of(draw: st.DrawFn, arcs: int) -> Lanes:
    """Up to two limits on some arcs together."""
    numbers = st.lists(st.sampled_from(range(arcs)), unique=True) if arcs else st.just([])
    drawn = draw(st.lists(numbers, max_size=2))
    pairs = [(lane, arc) for lane, members in enumerate(drawn) for arc in sorted(members)]
    return Lanes(
        capacity_mg=masses([draw(TENTHS) for _ in drawn]),
        lane=np.array([lane for lane, _ in pairs], dtype=np.int64),
        arc=np.array([arc for _, arc in pairs], dtype=np.int64),
    )


class Reference:
    """The same problem as one dense linear program in tonnes, put to scipy and nobody else.

    Columns: arcs, waits, unmet, left. Limits that have been set are kept from then on.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        stores, yields = problem.stores, problem.yields
        nodes, products = len(problem.nodes), len(yields.products)
        self.arcs, self.waits = len(problem.arc_node), len(stores.giver)
        self.width = self.arcs + self.waits + nodes + products
        balance = np.zeros((nodes + products, self.width))
        rooms = np.zeros((len(problem.sites), self.width))
        for arc, (heap, k) in enumerate(zip(problem.arc_node, problem.arc_intake, strict=True)):
            balance[heap, arc] += 1
            rooms[k, arc] += 1
            for made in np.flatnonzero(yields.intake == k):
                balance[nodes + yields.product[made], arc] -= yields.per_mille[made] / 1000
        stored = np.zeros((len(stores.capacity_mg), self.width))
        for wait, (giver, taker) in enumerate(zip(stores.giver, stores.taker, strict=True)):
            balance[giver, self.arcs + wait] += 1
            stored[stores.store[wait], self.arcs + wait] += 1
            if taker != HORIZON_ENDS:
                balance[taker, self.arcs + wait] -= 1
        rest = self.arcs + self.waits
        balance[:, rest:] = np.eye(nodes + products)
        hauled = np.zeros((len(problem.lanes.capacity_mg), self.width))
        hauled[problem.lanes.lane, problem.lanes.arc] = 1
        self.equal = balance
        self.equals = np.concatenate([problem.supply_mg / MG_PER_TONNE, np.zeros(products)])
        capacities = problem.capacity_mg, stores.capacity_mg, problem.lanes.capacity_mg
        self.under = np.vstack([rooms, stored, hauled])
        self.most = np.concatenate(capacities) / MG_PER_TONNE
        self.bounds = [(0.0, None)] * (rest + nodes) + [
            (0.0, most / MG_PER_TONNE) for most in yields.left_most_mg.tolist()
        ]
        if problem.floor_mg.size:
            self.bounds[: self.arcs] = [(f / MG_PER_TONNE, None) for f in problem.floor_mg.tolist()]
        self._count_short()

    def _count_short(self) -> None:
        problem, stores, nodes = self.problem, self.problem.stores, len(self.problem.nodes)
        rest = self.arcs + self.waits
        self.short = np.zeros((len(problem.cells), self.width))
        for node, cell in enumerate(problem.cell_of_node):
            self.short[cell, rest + node] = 1
        for wait, (giver, taker) in enumerate(zip(stores.giver, stores.taker, strict=True)):
            if taker == HORIZON_ENDS and giver < nodes:
                self.short[problem.cell_of_node[giver], self.arcs + wait] = 1
        for cell, most_mg in enumerate(problem.most_unmet_mg):
            self.limit(self.short[cell], most_mg / MG_PER_TONNE + 1e-8)
        offered = np.bincount(problem.cell_of_node, problem.supply_mg) / MG_PER_TONNE
        self.level_of = self.short * (problem.need / offered)[:, None]

    def least(self, cost: Floats) -> float:
        """The least value of a cost."""
        return self._solve(cost, self.under, self.most)

    def limit(self, row: Floats, most: float) -> None:
        """From now on a row has a most."""
        self.under = np.vstack([self.under, row])
        self.most = np.append(self.most, most)

    def lowest(self, wanted: np.ndarray, ceiling: Floats) -> float:
        """The least that the worst level of the wanted cells can be, under all ceilings."""
        kept = np.isfinite(ceiling)
        rows = np.vstack([self.level_of[wanted], self.level_of[kept], self.under])
        level = np.zeros((len(rows), 1))
        level[: wanted.sum()] = -1
        most = np.concatenate([np.zeros(wanted.sum()), ceiling[kept], self.most])
        cost = np.append(np.zeros(self.width), 1.0)
        return self._solve(cost, np.hstack([rows, level]), most)

    def levels(self) -> Floats:
        """The fairest levels by their definition, without duals."""
        ceiling = np.full(len(self.level_of), np.inf)
        while np.isinf(ceiling).any():
            free = np.isinf(ceiling)
            worst = self.lowest(free, ceiling)
            held = np.where(free, worst + 1e-9, ceiling)
            stuck = [
                cell
                for cell in np.flatnonzero(free)
                if self.lowest(np.arange(len(free)) == cell, held) > worst - 1e-7
            ]
            assert stuck, "somebody must be at the worst level"
            ceiling[stuck] = worst
        return ceiling

    def stages(self) -> dict[str, float]:
        """The values of all stages after fairness, each within those before it."""
        problem, rest = self.problem, self.arcs + self.waits
        for cell, level in enumerate(self.levels()):
            self.limit(self.level_of[cell], level + 1e-8)
        costs = {name: np.zeros(self.width) for name in ("hazard", "cost", "waiting")}
        costs["hazard"][rest : rest + len(problem.nodes)] = problem.hazardous
        costs["cost"][: self.arcs] = problem.arc_km
        costs["waiting"][self.arcs : rest] = 1
        costs["waiting"][rest : rest + len(problem.nodes)] = problem.periods + 1
        if not self.waits:
            del costs["waiting"]
        values = {}
        for name, cost in costs.items():
            values[name] = self.least(cost)
            self.limit(cost, values[name] + 1e-7)
        return values

    def _solve(self, cost: Floats, under: Floats, most: Floats) -> float:
        spare = len(cost) - self.width
        # Limits that were set stand within 1e-8 of each other: where one method finds no plan by
        # its own rounding, another does.
        for method, tolerance in (("highs", 1e-9), ("highs-ds", 1e-7), ("highs-ipm", 1e-7)):
            found = linprog(
                cost,
                A_ub=under,
                b_ub=most,
                A_eq=np.hstack([self.equal, np.zeros((len(self.equal), spare))]),
                b_eq=self.equals,
                bounds=self.bounds + [(0.0, None)] * spare,
                method=method,
                options={
                    "primal_feasibility_tolerance": tolerance,
                    "dual_feasibility_tolerance": tolerance,
                },
            )
            if found.status == 0:
                break
        assert found.status == 0, found.message
        return float(found.fun)
