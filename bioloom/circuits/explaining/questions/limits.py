"""Limits other than room, and what a plan would be without one of them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bioloom.circuits.explaining.questions.answers import Reason
from bioloom.circuits.layout.arrays import UNLIMITED_MG, no_ints
from bioloom.circuits.posing import Problem


def without_limits(problem: Problem) -> Iterator[tuple[Reason, Problem]]:
    """A part without each kind of limit that it has, and the reason that names the kind."""
    lanes, yields = problem.lanes, problem.yields
    if lanes.lane.size:
        unlimited = np.full_like(lanes.capacity_mg, UNLIMITED_MG)
        yield "vehicles", replace(problem, lanes=replace(lanes, capacity_mg=unlimited))
    if (yields.left_most_mg < UNLIMITED_MG).any():
        unlimited = np.full_like(yields.left_most_mg, UNLIMITED_MG)
        yield "residue", replace(problem, yields=replace(yields, left_most_mg=unlimited))
    if problem.floor_mg.any():
        yield "under_way", replace(problem, floor_mg=no_ints())
    if (problem.most_unmet_mg < UNLIMITED_MG).any() or problem.rank.any():
        yield "promised", replace(problem, most_unmet_mg=no_ints(), rank=no_ints())
