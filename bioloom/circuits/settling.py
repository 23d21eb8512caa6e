"""Settling: one part of a problem solved, rounded and checked, and what it serves."""

from dataclasses import dataclass

import numpy as np

from bioloom.circuits.checking import Verdict, check
from bioloom.circuits.posing import Cell, Floats, Ints, Problem
from bioloom.circuits.rounding import round_plan
from bioloom.circuits.solving import solve


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The plan of one part in whole milligrams, and what the checker says of it."""

    problem: Problem
    flows_mg: Ints
    unmet_mg: Ints
    verdict: Verdict

    def served(self) -> Floats:
        """The share of its offered mass that each cell places [1], shape (cells,)."""
        problem = self.problem
        cells = len(problem.cells)
        unmet_mg = np.bincount(problem.cell_of_node, self.unmet_mg, cells)
        offered_mg = np.bincount(problem.cell_of_node, problem.supply_mg, cells)
        share: Floats = (offered_mg - unmet_mg) / offered_mg
        return share

    def service(self) -> dict[Cell, float]:
        """`served` by the name of the cell."""
        return dict(zip(self.problem.cells, self.served().tolist(), strict=True))


def settle(problem: Problem) -> Settled:
    """Solve a part from a cold start, round it to milligrams and have it checked.

    Raises:
        PlanUnsolved: If the solver fails.
    """
    solution = solve(problem)
    flows_mg, unmet_mg = round_plan(problem, solution.flows_t)
    verdict = check(problem, flows_mg, unmet_mg, solution.claims)
    return Settled(problem=problem, flows_mg=flows_mg, unmet_mg=unmet_mg, verdict=verdict)
