"""The program of a part in HiGHS: its rows and columns, of which stages change only the bounds.

Between stages only bounds and costs change, never a coefficient, so that HiGHS keeps its basis and
its factors.
"""

from collections.abc import Callable
from operator import methodcaller

import highspy
import numpy as np

from bioloom.circuits.checking import Aim, Claim
from bioloom.circuits.posing import Flags, Floats, Ints, Problem
from bioloom.circuits.solving.rows import Rows
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

# A price below this share of the largest is noise of the solver, and does not hold what it prices.
_NO_PRICE = 1e-9
# The longest that HiGHS may run at once [s], many times what the largest stages take: a simplex
# that goes round in circles would keep whoever waits for a plan for ever.
MOST_SECONDS = 600.0
# HiGHS's names for the serial strategies of its simplex.
_DUAL, _PRIMAL = 1, 4


class PlanUnsolved(Refusal):
    """HiGHS could not bring a stage to its end."""

    def __init__(self, *, status: str) -> None:
        self.status = status
        super().__init__(
            what=f"The solver stopped with '{status}'.",
            why="Every plan has a best one, so the figures must lie too many powers of ten apart, "
            "or be too many for the time that it is given.",
            remedy="Look for a mass, a capacity or a need that is wrong by a factor of thousands, "
            "or plan fewer days.",
        )


class Program:
    """The rows of a part in HiGHS, which keeps its basis from one stage to the next."""

    # Whether it can begin anew with other bounds.
    reopens = True

    def __init__(self, problem: Problem) -> None:
        self.problem, self.rows = problem, Rows(problem)
        self._highs = _fresh_highs()
        self._pass_model()
        # Where each stage ended when the program was new, and how many have been solved since it
        # was opened.
        self._ends: list[highspy.HighsBasis] = []
        self._solved, self._is_new = 0, True

    @property
    def is_fresh(self) -> bool:
        """Whether nothing has been solved or held since it was made."""
        return self._is_new and not self._solved

    def _pass_model(self) -> None:
        width, height = self.rows.columns, self.rows.rows
        lower, upper = self.rows.column_bounds()
        row_lower, row_upper = self.rows.row_bounds()
        rows, columns, values = self.rows.coefficients()
        order = np.lexsort((rows, columns))
        start = np.searchsorted(columns[order], np.arange(width))
        taken = self._highs.passModel(
            width,
            height,
            len(values),
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.zeros(width),
            lower,
            upper,
            row_lower,
            row_upper,
            start.astype(np.int32),
            rows[order].astype(np.int32),
            values[order],
            np.zeros(width, dtype=np.int32),
        )
        _require(taken)

    def reopen(self, problem: Problem) -> None:
        """Begin anew with other rooms, lanes and floors.

        Each stage then starts where it ended when the program was new: bounds alone have changed,
        so that is still right for the dual simplex, and mostly a few pivots from the end.

        Args:
            problem: As the one before in all else.
        """
        self._solved, self._is_new = 0, False
        self.problem, self.rows = problem, Rows(problem)
        columns = np.arange(self.rows.columns, dtype=np.int32)
        _require(self._highs.changeColsBounds(len(columns), columns, *self.rows.column_bounds()))
        self._bound_rows(np.arange(self.rows.rows), *self.rows.row_bounds())

    def least_of_the_best(self, ways: Flags) -> None:
        """Of all plans as good as the one just found, go on to one that sends least on some ways.

        By complementary slackness these are the plans that keep to every bound that has a price.
        """
        priced = np.abs(self._reduced) > _NO_PRICE * np.abs(self._reduced).max(initial=0.0)
        columns = np.flatnonzero(priced).astype(np.int32)
        at = self._value[columns]
        _require(self._highs.changeColsBounds(len(columns), columns, at, at))
        priced = np.abs(self._price) > _NO_PRICE * np.abs(self._price).max(initial=0.0)
        rows = np.flatnonzero(priced)
        at = np.array(self._highs.getSolution().row_value)[rows]
        self._bound_rows(rows, at, at)
        self.aim_at(ways=ways.astype(np.float64))
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)
        self.minimum()

    def aim_at(
        self,
        *,
        level: float = 0.0,
        ways: Floats | float = 0.0,
        kept: float | None = None,
        unmet: Floats | float = 0.0,
        waits: float = 0.0,
        excess: float = 0.0,
    ) -> None:
        """Set what is to be least: a cost of each column; kept ways cost as any other."""
        cost = np.zeros(self.rows.columns)
        cost[self.rows.ways] = self._of_columns(ways)
        cost[self.rows.unmet], cost[self.rows.level] = unmet, level
        cost[self.rows.kept] = cost[self.rows.ways][self.rows.kept_arc] if kept is None else kept
        cost[self.rows.waits], cost[self.rows.excess] = waits, excess
        self._cost_columns(cost)
        self._highs.setOptionValue("simplex_strategy", _DUAL)

    def _of_columns(self, ways: Floats | float) -> Floats | float:
        """What the columns of ways cost, of what the ways of the part do."""
        return ways

    def _cost_columns(self, cost: Floats) -> None:
        columns = np.arange(len(cost), dtype=np.int32)
        _require(self._highs.changeColsCost(len(columns), columns, cost))

    def _add_columns(self, cost: Floats, most: Floats, uses: list[tuple[Ints, Floats]]) -> None:
        """New columns after all others, and what each uses of some rows.

        They are at nothing, so the last plan stands, and the primal simplex goes on from it.
        """
        rows, values = (np.stack(side, axis=1) for side in zip(*uses, strict=True))
        taken = self._highs.addCols(
            len(cost),
            cost,
            np.zeros(len(cost)),
            most,
            rows.size,
            np.arange(0, rows.size, len(uses), dtype=np.int32),
            rows.ravel().astype(np.int32),
            values.ravel(),
        )
        _require(taken)
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)

    def minimum(self) -> float:
        """Solve the stage; the least value of its aim.

        Raises:
            PlanUnsolved: If the solver fails, even when it starts anew.
        """
        if not self._is_new and self._solved < len(self._ends):
            _require(self._highs.setBasis(self._ends[self._solved]))
            self._highs.setOptionValue("simplex_strategy", _DUAL)
        status = run(self._highs)
        if status != highspy.HighsModelStatus.kOptimal:
            # Anew, and with HiGHS's own tolerance: the checker decides whether that was enough.
            self._highs.clearSolver()
            self._highs.setOptionValue("primal_feasibility_tolerance", 1e-7)
            status = run(self._highs)
        if status != highspy.HighsModelStatus.kOptimal:
            raise PlanUnsolved(status=self._highs.modelStatusToString(status))
        if self._is_new and self.reopens:
            self._ends.append(self._highs.getBasis())
        self._solved += 1
        solution = self._highs.getSolution()
        self._value = np.array(solution.col_value)
        self._price = np.array(solution.row_dual)
        self._reduced = np.array(solution.col_dual)
        return float(self._highs.getInfo().objective_function_value)

    def least_excess_t(self) -> Floats:
        """By how little the guarantees can be missed all together [t], shape (cells,).

        Afterwards they hold as far as they can: what is missing is allowed, and no more.
        """
        columns = np.arange(self.rows.excess.start, self.rows.excess.stop, dtype=np.int32)
        nothing, anything = np.zeros(len(columns)), 2 * self.rows.offered[self.rows.promised]
        _require(self._highs.changeColsBounds(len(columns), columns, nothing, anything))
        self.aim_at(excess=1.0)
        self.minimum()
        missing = np.maximum(0.0, self._value[self.rows.excess])
        _require(self._highs.changeColsBounds(len(columns), columns, nothing, missing))
        excess_t = np.zeros(len(self.problem.cells))
        excess_t[self.rows.promised] = missing * (self.rows.unit_mg / MG_PER_TONNE)
        return excess_t

    def unfairness_price(self) -> Floats:
        """What a unit of mass unmet in each cell adds to the level."""
        per_share: Floats = np.maximum(0.0, -self._price[self.rows.unfair])
        return per_share * self.problem.need / self.rows.offered

    def limit_price(self) -> Floats:
        """What the aim would gain by another unit unmet in each cell whose shortage is limited."""
        price: Floats = np.maximum(0.0, -self._price[self.rows.limit])
        return price

    def claim(
        self,
        aim: Aim,
        *,
        held: Flags | None = None,
        level_price: Floats | None = None,
        active: Flags | None = None,
    ) -> Claim:
        """The stage just solved, for the checker.

        In fairness the cells that push the level are `active`, at a price of their own; what they
        are guaranteed has another.
        """
        none = np.zeros(len(self.problem.cells), dtype=np.bool_)
        active = none if active is None else active
        limit, waiting = self.limit_price(), self._price[self.rows.waiting]
        return Claim(
            aim=aim,
            held=none if held is None else held,
            room_price=-self._price[self.rows.room],
            unmet_price=limit * ~active if level_price is None else level_price + limit * ~active,
            supply_price=self._price[self.rows.supply],
            hazard_price=-float(self._price[self.rows.hazard]),
            cost_price=-float(self._price[self.rows.cost]),
            store_price=-self._price[self.rows.store],
            lane_price=-self._price[self.rows.lane],
            left_price=-self._reduced[self.rows.left],
            guarantee_price=limit * active if self.rows.promised.size else limit[:0],
            waiting_price=-float(waiting[0]) if waiting.size else 0.0,
        )

    def push(self, cells: Flags) -> None:
        """From now on these cells push the level, too."""
        index = np.flatnonzero(cells)
        self._cap_rows(self.rows.unfair.start + index, np.zeros(len(index)))
        self._highs.setOptionValue("simplex_strategy", _DUAL)

    def hold(self, cells: Flags, level: float) -> None:
        """From now on these cells stay at this level or below, and no longer push it.

        The last plan keeps these bounds, so the primal simplex goes on from it: in a part of
        500 districts and 40,000 arcs a tenth of the pivots of the dual.
        """
        index = np.flatnonzero(cells)
        need = self.problem.need[index]
        most = level * self.rows.offered[index] / need
        self._cap_rows(self.rows.limit.start + index, most)
        self._cap_rows(self.rows.unfair.start + index, 2 * need)
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)

    def limit_hazard(self, value: float) -> None:
        """From now on no more hazardous mass than this minimum stays unmet."""
        self._cap_rows(np.array([self.rows.hazard]), np.array([value]))

    def limit_cost(self, value: float) -> None:
        """From now on all ways together cost no more than this minimum."""
        self._cap_rows(np.array([self.rows.cost]), np.array([value]))

    def limit_waiting(self, value: float) -> None:
        """From now on no more mass waits, and is left to wait, than this minimum."""
        self._cap_rows(np.array([self.rows.waiting.start]), np.array([value]))

    def _cap_rows(self, rows: Ints, upper: Floats) -> None:
        self._bound_rows(rows, np.full(len(rows), -highspy.kHighsInf), upper)

    def _bound_rows(self, rows: Ints, lower: Floats, upper: Floats) -> None:
        change_rows(self._highs, rows, lower, upper)

    def masses_t(self) -> tuple[Floats, Floats, Floats]:
        """Tonnes on each arc, on each wait and unmet at each node, of the stage last solved."""
        tonnes = self._value * (self.rows.unit_mg / MG_PER_TONNE)
        flows_t = tonnes[self.rows.ways]
        flows_t[self.rows.kept_arc] += tonnes[self.rows.kept]
        return flows_t, tonnes[self.rows.waits], tonnes[self.rows.unmet]


def run(highs: highspy.Highs) -> highspy.HighsModelStatus:
    """Let HiGHS run, for no longer than `MOST_SECONDS`; how that ended."""
    # Its clock may go on from one run to the next.
    highs.setOptionValue("time_limit", highs.getRunTime() + MOST_SECONDS)
    highs.run()
    return highs.getModelStatus()


def change_rows(highs: highspy.Highs, rows: Ints, lower: Floats, upper: Floats) -> None:
    """Give some rows of a program other bounds.

    Raises:
        PlanUnsolved: If HiGHS refuses them.
    """
    # HiGHS's own stub does not know that it has this.
    change = methodcaller("changeRowsBounds", len(rows), rows.astype(np.int32), lower, upper)
    _require(change(highs))


def _require(taken: highspy.HighsStatus) -> None:
    """HiGHS goes on with its old figures where it refuses new ones, and says so only here."""
    if taken == highspy.HighsStatus.kError:
        raise PlanUnsolved(status="figures refused")


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
