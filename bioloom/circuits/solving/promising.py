"""Promising: what was promised before a plan is made, and whether that can hold at all."""

from collections.abc import Mapping

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG
from bioloom.circuits.layout.storing import HORIZON_ENDS
from bioloom.circuits.posing import Cell, Ints, Problem
from bioloom.circuits.solving.program import Program
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

# What misses a guarantee by less than this share of the offer is within the solver's tolerance.
A_MISS = 1e-6


class GuaranteesInfeasible(Refusal):
    """No plan can keep all the guarantees."""

    def __init__(self, *, missing_t: Mapping[Cell, float]) -> None:
        self.missing_t = dict(missing_t)
        cells = ", ".join(
            f"{mass_t:.3f} t of {group} of {district}"
            for (district, group), mass_t in sorted(missing_t.items())
        )
        super().__init__(
            what=f"The guarantees cannot all be kept: {cells} would be missing at least.",
            why="A guarantee is a promise, and there is no room to keep it.",
            remedy="Lower a share, lift a ban, or find room for these materials.",
        )


class CommittedTooMuch(Refusal):
    """What is under way is more than there is, or more than there is room for."""

    def __init__(self, *, over_t: Mapping[str, float]) -> None:
        self.over_t = dict(over_t)
        places = ", ".join(f"{name} by {mass_t:.3f} t" for name, mass_t in over_t.items())
        super().__init__(
            what=f"More is under way than can be: {places}.",
            why="What has been committed cannot be taken back, so there is no plan that has it.",
            remedy="End or correct commitments that can no longer be kept, and plan anew.",
        )


def require_promises(problem: Problem, program: Program | None = None) -> None:
    """See that what is under way and what is guaranteed can be; judged by an elastic program.

    Args:
        problem: A part.
        program: Its program, if anything can move in it.

    Raises:
        GuaranteesInfeasible: If the guarantees cannot hold together.
        CommittedTooMuch: If what is under way is more than there is, or than there is room for.
    """
    if problem.floor_mg.any():
        _require_floors(problem)
    if not problem.most_unmet_mg.size:
        return
    offered_mg = np.zeros(len(problem.cells), dtype=np.int64)
    np.add.at(offered_mg, problem.cell_of_node, problem.supply_mg)
    if (problem.most_unmet_mg >= offered_mg).all():
        return
    if program is None:
        missing_t = np.maximum(0, offered_mg - problem.most_unmet_mg) / MG_PER_TONNE
    else:
        missing_t = program.least_excess_t()
    missed = np.flatnonzero(missing_t > A_MISS * offered_mg / MG_PER_TONNE)
    if missed.size:
        raise GuaranteesInfeasible(
            missing_t={problem.cells[cell]: float(missing_t[cell]) for cell in missed}
        )


def _require_floors(problem: Problem) -> None:
    """See that no node, intake or lane has more under way than it can have by itself."""
    floor_mg, lanes = problem.floor_mg, problem.lanes
    has_mg = problem.at_hand_mg
    has_mg[len(problem.nodes) :] = UNLIMITED_MG
    # What comes in by the plan itself has no limit that is known beforehand.
    has_mg[problem.stores.taker[problem.stores.taker != HORIZON_ENDS]] = UNLIMITED_MG
    over = [
        (" of ".join(reversed(problem.nodes[node])), mass_mg)
        for node, mass_mg in _over(problem.arc_node, floor_mg, has_mg)
    ]
    over += [
        (problem.sites[intake], mass_mg)
        for intake, mass_mg in _over(problem.arc_intake, floor_mg, problem.capacity_mg)
    ]
    over += [
        (f"vehicles to {problem.sites[problem.arc_intake[lanes.arc[lanes.lane == lane][0]]]}", mg)
        for lane, mg in _over(lanes.lane, floor_mg[lanes.arc], lanes.capacity_mg)
    ]
    if over:
        raise CommittedTooMuch(over_t={name: mass_mg / MG_PER_TONNE for name, mass_mg in over})


def _over(owner: Ints, mass_mg: Ints, most_mg: Ints) -> list[tuple[int, int]]:
    """Which owners have more than the most, and by how much [mg]."""
    over_mg = -most_mg
    np.add.at(over_mg, owner, mass_mg)
    return [(int(one), int(over_mg[one])) for one in np.flatnonzero(over_mg > 0)]
