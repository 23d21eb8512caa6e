"""Solving: the fairest plan of one part in tonnes, stage after stage, with the prices of each.

Stages are linear programs over the same rows. Between them only bounds and costs change, never a
coefficient, so that HiGHS keeps its basis and its factors.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import highspy
import numpy as np

from bioloom.circuits.checking import Aim, Claim
from bioloom.circuits.posing import Flags, Floats, Ints, Problem
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

# A level of unfairness below this is that of a plan in which nobody lacks anything.
NO_LEVEL = 1e-12
# The rows are those of a network, where a price is 0 or the price of the one bottleneck: anything
# far below the largest is noise.
NO_PRICE = 1e-3
# HiGHS's names for the serial strategies of its simplex.
_DUAL, _PRIMAL = 1, 4


class PlanUnsolved(Refusal):
    """HiGHS could not bring a stage to its end."""

    def __init__(self, *, status: str) -> None:
        self.status = status
        super().__init__(
            what=f"The solver stopped with '{status}'.",
            why="Every plan has a best one, so the figures must lie too many powers of ten apart.",
            remedy="Look for a mass, a capacity or a need that is wrong by a factor of thousands.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Masses in tonnes on arcs and unmet at nodes, and the claims that prove them best."""

    flows_t: Floats
    unmet_t: Floats
    claims: tuple[Claim, ...]


def solve(problem: Problem) -> Solution:
    """Plan one part, as `posing.split` gives them.

    Raises:
        PlanUnsolved: If the solver fails.
    """
    if not problem.arc_node.size:
        unmet_t = problem.supply_mg / MG_PER_TONNE
        return Solution(flows_t=np.zeros(0), unmet_t=unmet_t, claims=())
    program = _Program(problem)
    claims = (*_fair_stages(program), *_later_stages(program))
    flows_t, unmet_t = program.masses_t()
    return Solution(flows_t=flows_t, unmet_t=unmet_t, claims=claims)


def _fair_stages(program: "_Program") -> Iterator[Claim]:
    """Lower the worst level, hold the cells that keep it from falling further, and go on.

    A cell whose price is positive is at that level in every best plan of the round.

    Source:
        Ogryczak, Pioro & Tomaszewski (2005), Telecommunications network design and max-min
        optimization problem, J. Telecommun. Inf. Technol. 3.
    """
    active = np.ones(len(program.problem.cells), dtype=np.bool_)
    program.aim_at(level=1.0)
    while active.any():
        level = program.minimum()
        price = program.unfairness_price() * active
        held = active.copy() if level <= NO_LEVEL else price > NO_PRICE * price.max()
        yield program.claim("fairness", held=held, unmet_price=price + program.limit_price())
        program.hold(held, level if level > NO_LEVEL else 0.0)
        active &= ~held


def _later_stages(program: "_Program") -> Iterator[Claim]:
    problem = program.problem
    held = np.zeros(len(problem.cells), dtype=np.bool_)
    if problem.hazardous.any():
        program.aim_at(unmet=problem.hazardous.astype(np.float64))
        value = program.minimum()
        yield program.claim("hazard", held=held, unmet_price=program.limit_price())
        program.limit_hazard(value)
    program.aim_at(ways=problem.arc_km)
    value = program.minimum()
    yield program.claim("cost", held=held, unmet_price=program.limit_price())
    if problem.in_force_mg.any():
        program.limit_cost(value)
        program.aim_at(ways=np.ones(len(problem.arc_km)), kept=-1.0)
        program.minimum()
        yield program.claim("change", held=held, unmet_price=program.limit_price())


class _Program:
    """The rows of a part in HiGHS. Every column has two finite bounds.

    Columns: ways (one an arc), kept (the part of a way that the plan in force already has), unmet
    (one a node), level. Rows: supply, room, unfairness (need x share unmet - level <= 0), limit
    (unmet of a cell), hazard, cost. A bound that must not bind is twice what could reach it, lest
    it carry a price.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        arcs, nodes = len(problem.arc_node), len(problem.nodes)
        intakes, cells = len(problem.sites), len(problem.cells)
        self._kept_arc = np.flatnonzero(problem.in_force_mg)
        self._ways, self._kept, self._unmet, level = _ranges(arcs, len(self._kept_arc), nodes, 1)
        self._level = level.start
        self._supply, self._room, self._unfair, self._limit, hazard, cost = _ranges(
            nodes, intakes, cells, cells, 1, 1
        )
        self._hazard, self._cost = hazard.start, cost.start
        self._columns, self._rows = level.stop, cost.stop
        # A power of two, so that no mass changes: HiGHS's tolerances are absolute, and a unit of a
        # thousandth of the largest mass makes them mean the same in a village and a metropolis.
        self._unit_mg = 2.0 ** np.round(np.log2(problem.supply_mg.max() / 1000))
        self._mass = problem.supply_mg / self._unit_mg
        self._offered = np.bincount(problem.cell_of_node, self._mass, cells)
        self._highs = _fresh_highs()
        self._pass_model()

    def _pass_model(self) -> None:
        problem, mass = self.problem, self._mass
        lower, upper = np.zeros(self._columns), np.zeros(self._columns)
        upper[self._ways] = 2 * mass[problem.arc_node]
        in_force = problem.in_force_mg[self._kept_arc] / self._unit_mg
        kept_mass = mass[problem.arc_node[self._kept_arc]]
        upper[self._kept] = np.where(in_force < kept_mass, in_force, 2 * kept_mass)
        upper[self._unmet] = 2 * mass
        upper[self._level] = 2 * problem.need.max()
        row_lower = np.full(self._rows, -highspy.kHighsInf)
        row_upper = np.full(self._rows, highspy.kHighsInf)
        row_lower[self._supply] = row_upper[self._supply] = mass
        within_reach = np.bincount(problem.arc_intake, mass[problem.arc_node], len(problem.sites))
        row_upper[self._room] = np.minimum(problem.capacity_mg / self._unit_mg, 2 * within_reach)
        row_upper[self._unfair] = 0.0
        row_upper[self._limit] = 2 * self._offered
        rows, columns, values = self._coefficients()
        order = np.lexsort((rows, columns))
        start = np.searchsorted(columns[order], np.arange(self._columns))
        taken = self._highs.passModel(
            self._columns,
            self._rows,
            len(values),
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.zeros(self._columns),
            lower,
            upper,
            row_lower,
            row_upper,
            start.astype(np.int32),
            rows[order].astype(np.int32),
            values[order],
            np.zeros(self._columns, dtype=np.int32),
        )
        _require(taken)

    def _coefficients(self) -> tuple[Ints, Ints, Floats]:
        """Row, column and value of every coefficient that is not zero."""
        problem = self.problem
        arc = np.concatenate([np.arange(len(problem.arc_node)), self._kept_arc])
        way = np.arange(len(arc))
        node = np.arange(len(problem.nodes))
        cell, unmet = problem.cell_of_node, self._unmet.start + node
        hazardous = np.flatnonzero(problem.hazardous)
        cells = np.arange(len(problem.cells))
        costed = way if self._kept_arc.size else way[:0]
        blocks = [
            (self._supply.start + problem.arc_node[arc], way, 1.0),
            (self._room.start + problem.arc_intake[arc], way, 1.0),
            (self._supply.start + node, unmet, 1.0),
            (self._unfair.start + cell, unmet, (problem.need / self._offered)[cell]),
            (self._limit.start + cell, unmet, 1.0),
            (self._hazard, unmet[hazardous], 1.0),
            (self._unfair.start + cells, self._level, -1.0),
            (self._cost, costed, problem.arc_km[arc][: len(costed)]),
        ]
        spread = [np.broadcast_arrays(*block) for block in blocks]
        rows, columns, values = (np.concatenate(side) for side in zip(*spread, strict=True))
        return rows, columns, values.astype(np.float64)

    def aim_at(
        self,
        *,
        level: float = 0.0,
        ways: Floats | float = 0.0,
        kept: float | None = None,
        unmet: Floats | float = 0.0,
    ) -> None:
        """Set what is to be least: a cost of each column; kept ways cost as any other."""
        cost = np.zeros(self._columns)
        cost[self._ways], cost[self._unmet], cost[self._level] = ways, unmet, level
        cost[self._kept] = cost[self._ways][self._kept_arc] if kept is None else kept
        columns = np.arange(self._columns, dtype=np.int32)
        _require(self._highs.changeColsCost(len(columns), columns, cost))
        self._highs.setOptionValue("simplex_strategy", _DUAL)

    def minimum(self) -> float:
        """Solve the stage; the least value of its aim.

        Raises:
            PlanUnsolved: If the solver fails, even when it starts anew.
        """
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # Anew, and with HiGHS's own tolerance: the checker decides whether that was enough.
            self._highs.clearSolver()
            self._highs.setOptionValue("primal_feasibility_tolerance", 1e-7)
            self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise PlanUnsolved(status=self._highs.modelStatusToString(status))
        solution = self._highs.getSolution()
        self._value = np.array(solution.col_value)
        self._price = np.array(solution.row_dual)
        return float(self._highs.getInfo().objective_function_value)

    def unfairness_price(self) -> Floats:
        """What a unit of mass unmet in each cell adds to the level."""
        per_share: Floats = np.maximum(0.0, -self._price[self._unfair])
        return per_share * self.problem.need / self._offered

    def limit_price(self) -> Floats:
        """What the aim would gain by another unit unmet in each cell that is held."""
        price: Floats = np.maximum(0.0, -self._price[self._limit])
        return price

    def claim(self, aim: Aim, *, held: Flags, unmet_price: Floats) -> Claim:
        """The stage just solved, for the checker."""
        return Claim(
            aim=aim,
            held=held,
            room_price=-self._price[self._room],
            unmet_price=unmet_price,
            supply_price=self._price[self._supply],
            hazard_price=-float(self._price[self._hazard]),
            cost_price=-float(self._price[self._cost]),
        )

    def hold(self, cells: Flags, level: float) -> None:
        """From now on these cells stay at this level or below, and no longer push it.

        The last plan keeps these bounds, so the primal simplex goes on from it: in a part of
        500 districts and 40,000 arcs a tenth of the pivots of the dual.
        """
        index = np.flatnonzero(cells)
        need = self.problem.need[index]
        self._cap_rows(self._limit.start + index, level * self._offered[index] / need)
        self._cap_rows(self._unfair.start + index, 2 * need)
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)

    def limit_hazard(self, value: float) -> None:
        """From now on no more hazardous mass than this minimum stays unmet."""
        self._cap_rows(np.array([self._hazard]), np.array([value]))

    def limit_cost(self, value: float) -> None:
        """From now on all ways together cost no more than this minimum."""
        self._cap_rows(np.array([self._cost]), np.array([value]))

    def _cap_rows(self, rows: Ints, upper: Floats) -> None:
        for row, bound in zip(rows.tolist(), upper.tolist(), strict=True):
            _require(self._highs.changeRowBounds(row, -highspy.kHighsInf, bound))

    def masses_t(self) -> tuple[Floats, Floats]:
        """Tonnes on each arc and unmet at each node, of the stage last solved."""
        tonnes = self._value * (self._unit_mg / MG_PER_TONNE)
        flows_t = tonnes[self._ways]
        flows_t[self._kept_arc] += tonnes[self._kept]
        return flows_t, tonnes[self._unmet]


def _require(taken: highspy.HighsStatus) -> None:
    """HiGHS goes on with its old figures where it refuses new ones, and says so only here."""
    if taken == highspy.HighsStatus.kError:
        raise PlanUnsolved(status="figures refused")


def _ranges(*lengths: int) -> list[slice]:
    """Ranges of these lengths, one after the other."""
    stops = np.cumsum(lengths).tolist()
    return [slice(stop - length, stop) for stop, length in zip(stops, lengths, strict=True)]


def _fresh_highs() -> highspy.Highs:
    new: Callable[[], highspy.Highs] = highspy.Highs  # Its own stub leaves the constructor untyped.
    highs = new()
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "solver": "simplex",
        # Presolve and parallel simplex both lose the basis between stages.
        "presolve": "off",
        "parallel": "off",
        "threads": 1,
        "primal_feasibility_tolerance": 1e-9,
        "dual_feasibility_tolerance": 1e-9,
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)
    return highs
