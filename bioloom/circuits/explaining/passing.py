"""Passing: what goes farther than to a site that would take it, and whose that is."""

from collections.abc import Iterator

import msgspec
import numpy as np

from bioloom.circuits.layout.masses import short_of
from bioloom.circuits.posing import Flags, Floats, Ints, Problem
from bioloom.circuits.settling import Settled
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId


class Corner(msgspec.Struct, frozen=True):
    """One cell of one part, with what its causes are looked for in."""

    part: int
    cell: int
    district: DistrictId
    group: GroupId
    service: float
    offered_mg: int
    # Unmet, or stored at the end [mg].
    unmet_mg: int


def corners_of(index: int, part: Settled) -> Iterator[Corner]:
    """All cells of a part, with the number of that part."""
    problem, served = part.problem, part.served().tolist()
    short_mg = short_of(problem, part.unmet_mg, part.masses.stored_mg).tolist()
    for cell, (district, group) in enumerate(problem.cells):
        offered_mg = int(problem.supply_mg[problem.cell_of_node == cell].sum())
        yield Corner(index, cell, district, group, served[cell], offered_mg, short_mg[cell])


def reached_of(problem: Problem, cell: int) -> Flags:
    """The intakes that a cell has a way to, shape (intakes,)."""
    reached = np.zeros(len(problem.sites), dtype=np.bool_)
    reached[problem.arc_intake[problem.cell_of_arc == cell]] = True
    return reached


def km_to(problem: Problem, intake: int) -> Floats:
    """The way of each node to an intake [km], shape (nodes,); infinite where there is none."""
    km = np.full(problem.heaps, np.inf)
    arcs = problem.arc_intake == intake
    km[problem.arc_node[arcs]] = problem.arc_km[arcs]
    return km


def least_km(problem: Problem) -> Floats:
    """The way of each node to the nearest intake that accepts it [km], shape (nodes,)."""
    km = np.full(problem.heaps, np.inf)
    np.minimum.at(km, problem.arc_node, problem.arc_km)
    return km


def nearest(problem: Problem, cell: int) -> list[int]:
    """The intakes that are the nearest of some node of a cell."""
    near = problem.arc_km <= least_km(problem)[problem.arc_node]
    of_cell = problem.cell_of_arc == cell
    nearest: list[int] = np.unique(problem.arc_intake[near & of_cell]).tolist()
    return nearest


def passing_mg_of(part: Settled, intake: int, cell: int | None = None) -> Ints:
    """What of each arc goes farther than to an intake that would accept it [mg], shape (arcs,)."""
    problem = part.problem
    farther = problem.arc_km > km_to(problem, intake)[problem.arc_node]
    if cell is not None:
        farther &= problem.cell_of_arc == cell
    passing_mg: Ints = np.where(farther, part.flows_mg, 0)
    return passing_mg


def queue_mg_of(part: Settled, intake: int) -> int:
    """What goes farther than to an intake though none is nearer to it [mg]."""
    near = km_to(part.problem, intake) <= least_km(part.problem)
    passing_mg = passing_mg_of(part, intake)
    return int(passing_mg[near[part.problem.arc_node]].sum())
