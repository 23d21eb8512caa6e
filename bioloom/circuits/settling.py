"""Settling: one part of a problem solved, rounded and checked, and what it serves."""

from dataclasses import dataclass, field

import numpy as np

from bioloom.circuits.checking import Verdict, check
from bioloom.circuits.layout.masses import Masses, short_of
from bioloom.circuits.posing import Cell, Flags, Floats, Ints, Problem
from bioloom.circuits.rounding import round_plan
from bioloom.circuits.solving.program import Program
from bioloom.circuits.solving.stages import moves, program_of, solve


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The plan of one part in whole milligrams, and what the checker says of it."""

    problem: Problem
    masses: Masses
    verdict: Verdict
    # What solved it, to go on from; none where nothing can move.
    program: Program | None = field(default=None, repr=False)

    @property
    def flows_mg(self) -> Ints:
        """Mass on each arc [mg], shape (arcs,)."""
        return self.masses.flows_mg

    @property
    def unmet_mg(self) -> Ints:
        """Mass of each node that goes nowhere [mg], shape (nodes,)."""
        return self.masses.unmet_mg

    def served(self) -> Floats:
        """The share of its offered mass that each cell places [1], shape (cells,).

        What is stored when the horizon ends is not placed.
        """
        problem = self.problem
        short_mg = short_of(problem, self.masses.unmet_mg, self.masses.stored_mg)
        offered_mg = np.bincount(problem.cell_of_node, problem.supply_mg, len(problem.cells))
        share: Floats = (offered_mg - short_mg) / offered_mg
        return share

    def service(self) -> dict[Cell, float]:
        """`served` by the name of the cell."""
        return dict(zip(self.problem.cells, self.served().tolist(), strict=True))


def settle(
    problem: Problem, *, program: Program | None = None, least_on: Flags | None = None
) -> Settled:
    """Solve a part, round it to milligrams and have it checked.

    Args:
        problem: The part.
        program: The program of the same part with other rooms, lanes or floors, to go on from;
            without it the solver starts cold.
        least_on: Arcs on which as little as can be is to go in a plan as good as any.

    Raises:
        GuaranteesInfeasible: If the guarantees cannot hold together.
        CommittedTooMuch: If what is under way is more than there is, or than there is room for.
        PlanUnsolved: If the solver fails.
    """
    if program is None and moves(problem):
        program = program_of(problem, whole=least_on is not None)
    reopens = program is not None and program.reopens
    solution = solve(problem, program=program, least_on=least_on)
    masses = round_plan(problem, solution.flows_t, solution.stored_t)
    verdict = check(problem, masses, solution.claims)
    return Settled(
        problem=problem, masses=masses, verdict=verdict, program=program if reopens else None
    )
