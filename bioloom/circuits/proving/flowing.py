"""Flowing: whether the flows that a proposal tells could be, by the problem of its days."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG
from bioloom.circuits.layout.masses import plain_masses
from bioloom.circuits.layout.storing import Stores
from bioloom.circuits.layout.yielding import Yields
from bioloom.circuits.posing import Problem
from bioloom.circuits.proving.possible import impossible
from bioloom.circuits.splitting import keep_arcs
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.refusal import Refusal


class FlowsImpossible(Refusal):
    """A proposal with flows that cannot be."""

    def __init__(self, *, plan: str, faults: Sequence[str]) -> None:
        self.plan, self.faults = plan, tuple(faults)
        super().__init__(
            what=f"Plan '{plan}' cannot be carried out: {'; '.join(self.faults)}.",
            why="What it commits must be offered, have a way and find room, whoever proposed it.",
            remedy="Propose the period anew with 'bioloom plan --propose', and adopt that plan.",
        )


def require_possible(plan: str, flows: Sequence[Flow], problem: Problem) -> None:
    """See that flows have ways, and keep to what is offered, to rooms, lanes and guarantees.

    What sites make of them, and what waits in stores, is not looked at.

    Args:
        plan: The plan that tells them.
        flows: What goes from districts to sites.
        problem: The problem of its days, with the flows as those in force.

    Raises:
        FlowsImpossible: If they could not be.
    """
    faults: tuple[str, ...] = ()
    if sum(flow.mass_mg for flow in flows) != sum(problem.in_force_mg.tolist()):
        faults = ("a flow is told twice, or has no way",)
    bare = _with_joint_rooms(_without_products(problem))
    unmet_mg = bare.supply_mg.copy()
    np.subtract.at(unmet_mg, bare.arc_node, bare.in_force_mg)
    faults += impossible(bare, plain_masses(bare.in_force_mg, unmet_mg))
    if faults:
        raise FlowsImpossible(plan=plan, faults=faults)


def _without_products(problem: Problem) -> Problem:
    of_nodes = problem.arc_node < len(problem.nodes)
    return replace(keep_arcs(problem, of_nodes), stores=Stores(), yields=Yields())


def _with_joint_rooms(problem: Problem) -> Problem:
    """Flows name a site, not its intake: where a heap may go to several of one, they are one."""
    first: dict[str, int] = {}
    owner = np.array([first.setdefault(s, k) for k, s in enumerate(problem.sites)], dtype=np.int64)
    ways = np.stack([problem.arc_node, owner[problem.arc_intake]])
    seen, count = np.unique(ways, axis=1, return_counts=True)
    is_joint = np.isin(owner, seen[1, count > 1])
    joint = np.where(is_joint, owner, np.arange(len(owner)))
    room_mg = [0] * len(owner)
    for k, mass_mg in zip(joint.tolist(), problem.capacity_mg.tolist(), strict=True):
        room_mg[k] = min(UNLIMITED_MG, room_mg[k] + mass_mg)
    return replace(
        problem,
        capacity_mg=np.array(room_mg, dtype=np.int64),
        arc_intake=joint[problem.arc_intake],
    )
