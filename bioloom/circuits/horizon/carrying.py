"""Carrying out: what a plan does when other masses come than those it was made for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bioloom.circuits.layout.arrays import no_ints
from bioloom.circuits.layout.masses import Masses
from bioloom.circuits.posing import Ints, Node, Problem
from bioloom.circuits.rounding import round_plan
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal


class NotCarriedOut(Refusal):
    """A plan in which mass waits, or sites pass on what they make."""

    def __init__(self) -> None:
        super().__init__(
            what="This plan cannot be carried out on other masses.",
            why="How stores fill, and what sites make, would have to be followed day by day.",
            remedy="Plan without stores and products, or roll the plan on; see `rolling.roll`.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """What became of what came.

    Attributes:
        problem: The one planned, with what came in place of what was expected.
        masses: What went where [mg], and what went nowhere.
    """

    problem: Problem
    masses: Masses


def carry_out(
    planned: Problem, flows_mg: Ints, came_mg: Sequence[Mapping[Node, int]]
) -> CarriedOut:
    """Send what came where the plan has it, in the same shares, as far as there is room.

    Of each node the same share goes each way as was planned, so a share that the plan left unmet
    stays unmet, even where there would be room: nobody decides anew. Where more comes to a site or
    on a lane than there is room for, all that goes there is cut by the same share, and the rest
    goes nowhere. Rooms hold to a milligram an arc, as in `rounding.round_plan`. What came of nodes
    that the plan does not have is not looked at here; see `unplanned`.

    Args:
        planned: A part of what the plan was made for, or all of it; of any number of periods.
        flows_mg: The plan: mass on each of its arcs [mg], shape (arcs,).
        came_mg: For each period what came of each node [mg].

    Raises:
        NotCarriedOut: If the problem has stores or products.

    Example:
        10 t were expected and 6 t of them planned to a site with room for 9 t. 20 t come: 12 t are
        sent there, 9 t go in, and 11 t go nowhere.
    """
    if planned.stores.capacity_mg.size or planned.yields.products:
        raise NotCarriedOut
    supply_mg = np.array([came_mg[t].get(node, 0) for t, node in _nodes(planned)], dtype=np.int64)
    # What was under way is in the plan, and did not all come.
    problem = replace(planned, supply_mg=supply_mg, floor_mg=no_ints())
    # How many times what was planned goes away from each node.
    growth = supply_mg / np.maximum(1, planned.supply_mg)
    flows_t = flows_mg * growth[planned.arc_node] / MG_PER_TONNE
    return CarriedOut(problem=problem, masses=round_plan(problem, flows_t))


def unplanned(
    planned: Sequence[Problem], came_mg: Sequence[Mapping[Node, int]]
) -> dict[tuple[int, Node], int]:
    """What came that no part of a plan has a word of [mg], by period and node."""
    known = {node for problem in planned for node in _nodes(problem)}
    return {
        (t, node): mass_mg
        for t, came in enumerate(came_mg)
        for node, mass_mg in sorted(came.items())
        if mass_mg and (t, node) not in known
    }


def _nodes(problem: Problem) -> list[tuple[int, Node]]:
    """The nodes of a problem, each with its period."""
    periods = problem.node_period.tolist() or [0] * len(problem.nodes)
    return list(zip(periods, problem.nodes, strict=True))
