"""Rounding: tonnes become whole milligrams that add up to what is offered, exactly."""

import numpy as np

from bioloom.circuits.posing import Floats, Ints, Problem
from bioloom.vocabulary.quantities import MG_PER_TONNE


def round_plan(problem: Problem, flows_t: Floats) -> tuple[Ints, Ints]:
    """Round by largest remainder at each node; what no arc takes is unmet.

    A solver keeps its rows within a tolerance that can be many milligrams, so the flows are first
    brought inside the rooms and the supplies. Then every mass moves by less than a milligram, so
    that an intake takes at most its capacity and one milligram an arc.

    Args:
        problem: The part that was planned.
        flows_t: Mass on each arc [t], shape (arcs,).

    Returns:
        Mass on each arc, shape (arcs,), and unmet at each node, shape (nodes,) [mg].

    Example:
        10 mg over three equal ways are 4, 3 and 3 mg: the first of equal remainders goes first.
    """
    exact_mg = np.maximum(0.0, flows_t) * MG_PER_TONNE
    exact_mg *= _fit(exact_mg, problem.arc_intake, problem.capacity_mg)[problem.arc_intake]
    exact_mg *= _fit(exact_mg, problem.arc_node, problem.supply_mg)[problem.arc_node]
    supply_mg, nodes = problem.supply_mg, len(problem.nodes)
    unmet_mg = np.maximum(0.0, supply_mg - np.bincount(problem.arc_node, exact_mg, nodes))
    # Unmet is one more way, after all others of its node.
    mass_mg = np.concatenate([exact_mg, unmet_mg])
    node = np.concatenate([problem.arc_node, np.arange(nodes)])
    rounded_mg = _largest_remainder(mass_mg, node, supply_mg)
    return rounded_mg[: len(exact_mg)], rounded_mg[len(exact_mg) :]


def _fit(mass_mg: Floats, owner: Ints, limit_mg: Ints) -> Floats:
    """By how much the masses of each owner must shrink to keep its limit; at most 1."""
    total_mg = np.bincount(owner, mass_mg, len(limit_mg))
    factor: Floats = np.minimum(1.0, limit_mg / np.maximum(total_mg, 1.0))
    return factor


def _largest_remainder(mass_mg: Floats, node: Ints, supply_mg: Ints) -> Ints:
    whole_mg = np.floor(mass_mg).astype(np.int64)
    given_mg = np.zeros_like(supply_mg)
    np.add.at(given_mg, node, whole_mg)
    # Floats near 2^53 may overshoot by a milligram or two: the largest mass of the node gives back.
    missing_mg = supply_mg - given_mg
    by_size = np.lexsort((-whole_mg, node))
    largest = by_size[np.searchsorted(node[by_size], np.arange(len(supply_mg)))]
    whole_mg[largest] += np.minimum(0, missing_mg)
    by_remainder = np.lexsort((np.floor(mass_mg) - mass_mg, node))
    first = np.searchsorted(node[by_remainder], np.arange(len(supply_mg)))
    rank = np.arange(len(node)) - first[node[by_remainder]]
    whole_mg[by_remainder] += rank < missing_mg[node[by_remainder]]
    return whole_mg
