"""Stages: the fairest plan of one part in tonnes, stage after stage, with the prices of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bioloom.circuits.checking import Claim
from bioloom.circuits.layout.arrays import no_floats
from bioloom.circuits.posing import Flags, Floats, Problem
from bioloom.circuits.solving.program import Program
from bioloom.circuits.solving.promising import require_promises
from bioloom.vocabulary.quantities import MG_PER_TONNE

# A level of unfairness below this is that of a plan in which nobody lacks anything.
NO_LEVEL = 1e-12
# The rows are those of a network, where a price is 0 or the price of the one bottleneck: anything
# far below the largest is noise.
NO_PRICE = 1e-3
# From so many arcs on a part is planned over few of them: with 29,000 both ways took 1.4 s (0.8 s
# of it to load the compiled loops, once in a process), with 80,000 arcs 9.4 s and 2.2 s.
MANY_ARCS = 30_000
# A part that grows has all its arcs in lanes from the beginning: so many, as a share of all.
FEW_IN_LANES = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Masses in tonnes on arcs, waits and unmet at nodes, and the claims that prove them best."""

    flows_t: Floats
    unmet_t: Floats
    claims: tuple[Claim, ...]
    stored_t: Floats = field(default_factory=no_floats)


def solve(
    problem: Problem, *, program: Program | None = None, least_on: Flags | None = None
) -> Solution:
    """Plan one part, as `splitting.split` gives them.

    Args:
        problem: The part.
        program: The program of the same part with other rooms, lanes or floors, to go on from.
        least_on: Arcs on which as little as can be is to go in a plan as good as any.

    Raises:
        GuaranteesInfeasible: If the guarantees cannot hold together.
        CommittedTooMuch: If what is under way is more than there is, or than there is room for.
        PlanUnsolved: If the solver fails.
    """
    if not moves(problem):
        require_promises(problem)
        unmet_t = problem.supply_mg / MG_PER_TONNE
        return Solution(flows_t=np.zeros(0), unmet_t=unmet_t, claims=())
    if program is None:
        program = program_of(problem, whole=least_on is not None)
    elif not (program.is_fresh and program.problem is problem):
        program.reopen(problem)
    require_promises(problem, program)
    claims = (*_fair_stages(program), *_later_stages(program))
    if least_on is not None:
        program.least_of_the_best(least_on)
    flows_t, stored_t, unmet_t = program.masses_t()
    return Solution(flows_t=flows_t, stored_t=stored_t, unmet_t=unmet_t, claims=claims)


def program_of(problem: Problem, *, whole: bool = False) -> Program:
    """A large part's grows, where neither stores nor yields nor many lanes stand in the way.

    Args:
        problem: A part.
        whole: Whether it is to have every arc from the beginning.
    """
    in_lanes = len(np.unique(problem.lanes.arc))
    simple = not (problem.stores.giver.size or problem.yields.products)
    few = in_lanes <= FEW_IN_LANES * len(problem.arc_node)
    if len(problem.arc_node) < MANY_ARCS or whole or not (simple and few):
        return Program(problem)
    # Only here, for numba takes a second to load.
    from bioloom.circuits.solving.growing import GrowingProgram  # noqa: PLC0415

    return GrowingProgram(problem)


def moves(problem: Problem) -> bool:
    """Whether there is anything to decide."""
    return bool(problem.arc_node.size or problem.stores.giver.size)


def _fair_stages(program: Program) -> Iterator[Claim]:
    """Lower the worst level, hold the cells that keep it from falling further, and go on.

    A cell whose price is positive is at that level in every best plan of the round. Cells of a
    lower rank come first; meanwhile those of a higher one do not push the level.

    Source:
        Ogryczak, Pioro & Tomaszewski (2005), Telecommunications network design and max-min
        optimization problem, J. Telecommun. Inf. Technol. 3.
    """
    problem = program.problem
    rank = problem.rank if problem.rank.size else np.zeros(len(problem.cells), dtype=np.int64)
    program.aim_at(level=1.0)
    for number in np.unique(rank):
        active = rank == number
        if number > rank.min():
            program.push(active)
        while active.any():
            level = program.minimum()
            price = program.unfairness_price() * active
            held = active.copy() if level <= NO_LEVEL else price > NO_PRICE * price.max()
            yield program.claim("fairness", held=held, level_price=price, active=active)
            program.hold(held, level if level > NO_LEVEL else 0.0)
            active &= ~held


def _later_stages(program: Program) -> Iterator[Claim]:
    problem = program.problem
    changes, waits = problem.in_force_mg.any(), problem.stores.giver.size
    if problem.hazardous.any():
        program.aim_at(unmet=problem.hazardous.astype(np.float64))
        program.limit_hazard(program.minimum())
        yield program.claim("hazard")
    program.aim_at(ways=problem.arc_km)
    value = program.minimum()
    yield program.claim("cost")
    if waits:
        program.limit_cost(value)
        # What is unmet waits, as it were, for one period longer than there are any.
        program.aim_at(waits=1.0, unmet=problem.periods + 1.0)
        least = program.minimum()
        yield program.claim("waiting")
    if changes:
        if waits:
            program.limit_waiting(least)
        else:
            program.limit_cost(value)
        program.aim_at(ways=np.ones(len(problem.arc_km)), kept=-1.0)
        program.minimum()
        yield program.claim("change")
