"""Passing: what goes farther than to a site that would take it."""

import numpy as np

from bioloom.circuits.posing import Floats, Ints, Problem
from bioloom.circuits.settling import Settled


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
