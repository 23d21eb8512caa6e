"""Growing: the program of a large part over few of its arcs, to which come those that it misses.

Most arcs of a large part are never used. A stage is solved over those that are likely in its plan;
then every arc of the part is priced, and those that would better the stage come into the same
program as columns, which goes on from its basis. A stage ends when none is missed. So its value and
its prices are those of the whole part, and the checker proves them on every arc.

Source:
    Gilmore & Gomory (1961), A linear programming approach to the cutting-stock problem, Oper.
    Res. 9(6).
"""

import numpy as np

from bioloom.circuits.posing import Flags, Floats, Ints, Problem
from bioloom.circuits.sifting.hinting import priced_ways_km
from bioloom.circuits.solving.program import Program
from bioloom.circuits.splitting import keep_arcs
from bioloom.vocabulary.quantities import MG_PER_TONNE

# The likeliest arcs of each node with which a program begins, and the most that come to a node
# whenever all are priced.
FIRST_ARCS, MORE_ARCS = 2, 3
# An arc must promise more than this, in parts of the largest price; no solver's prices are finer.
FAINT = 1e-8


class GrowingProgram(Program):
    """The program of a part without stores and yields, in which few arcs are in a lane.

    Those are in it from the beginning, so that no arc that is missed has the price of a lane. Arcs
    that come are columns after all others.
    """

    # Other bounds would need other arcs.
    reopens = False

    def __init__(self, problem: Problem) -> None:
        self._likely_km = priced_ways_km(problem)
        self._inside = _first_arcs(problem, self._likely_km)
        super().__init__(keep_arcs(problem, self._inside))
        self.problem = problem
        self._first, self._came = np.flatnonzero(self._inside), np.empty(0, dtype=np.int64)
        # An intake may take in what other arcs than the first will bring, too.
        mass = self.rows.mass[problem.arc_node]
        within_reach = np.bincount(problem.arc_intake, mass, len(problem.sites))
        most = np.minimum(problem.capacity_mg / self.rows.unit_mg, 2 * within_reach)
        self._cap_rows(np.arange(self.rows.room.start, self.rows.room.stop), most)

    @property
    def arcs(self) -> int:
        """How many arcs have come so far, with the first."""
        return len(self._first) + len(self._came)

    def _of_columns(self, ways: Floats | float) -> Floats:
        self._cost = np.broadcast_to(ways, self._inside.shape)
        first: Floats = self._cost[self._first]
        return first

    def _cost_columns(self, cost: Floats) -> None:
        super()._cost_columns(np.concatenate([cost, self._cost[self._came]]))

    def minimum(self) -> float:
        """As `Program.minimum`, of all arcs.

        Raises:
            PlanUnsolved: If the solver fails, even when it starts anew.
        """
        value = super().minimum()
        while (missed := self._missed()).size:
            self._take_in(missed)
            value = super().minimum()
        return value

    def _missed(self) -> Ints:
        """Arcs that would better the stage: those of each node that promise most, likely first."""
        node, supply = self.problem.arc_node, self._price[self.rows.supply]
        promise = supply[node] + self._price[self.rows.room][self.problem.arc_intake] - self._cost
        promise += self._price[self.rows.cost] * self.problem.arc_km
        faint = FAINT * float(np.abs(supply).max())
        missed = np.flatnonzero((promise > faint) & ~self._inside)
        order = np.lexsort((self._likely_km[missed], -promise[missed], node[missed]))
        return missed[order][_among_first(node[missed[order]], MORE_ARCS)]

    def _take_in(self, arcs: Ints) -> None:
        problem, rows = self.problem, self.rows
        one = np.ones(len(arcs))
        uses = [
            (rows.supply.start + problem.arc_node[arcs], one),
            (rows.room.start + problem.arc_intake[arcs], one),
        ]
        if rows.kept_arc.size:
            uses.append((np.full(len(arcs), rows.cost), problem.arc_km[arcs]))
        self._add_columns(self._cost[arcs], 2 * rows.mass[problem.arc_node[arcs]], uses)
        self._inside[arcs] = True
        self._came = np.concatenate([self._came, arcs])

    def masses_t(self) -> tuple[Floats, Floats, Floats]:
        """As `Program.masses_t`, on all arcs."""
        first_t, stored_t, unmet_t = super().masses_t()
        flows_t = np.zeros(len(self._inside))
        flows_t[self._first] = first_t
        flows_t[self._came] = self._value[self.rows.columns :] * (self.rows.unit_mg / MG_PER_TONNE)
        return flows_t, stored_t, unmet_t


def _first_arcs(problem: Problem, likely_km: Floats) -> Flags:
    """The likeliest arcs of each node, and all that are in a lane, in force or under way."""
    first: Flags = problem.in_force_mg > 0
    first[problem.lanes.arc] = True
    if problem.floor_mg.size:
        first |= problem.floor_mg > 0
    order = np.lexsort((likely_km, problem.arc_node))
    first[order[_among_first(problem.arc_node[order], FIRST_ARCS)]] = True
    return first


def _among_first(owner: Ints, many: int) -> Flags:
    """Which of some things, sorted by who owns them, are among the owner's first."""
    among: Flags = np.arange(len(owner)) - np.searchsorted(owner, owner) < many
    return among
