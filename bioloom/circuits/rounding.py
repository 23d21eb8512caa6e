"""Rounding: tonnes become whole milligrams that add up to what is offered, exactly."""

import numpy as np

from bioloom.circuits.layout.arrays import no_floats
from bioloom.circuits.layout.masses import Masses, made_mg
from bioloom.circuits.layout.steps import steps
from bioloom.circuits.layout.storing import HORIZON_ENDS
from bioloom.circuits.posing import Floats, Ints, Problem
from bioloom.vocabulary.quantities import MG_PER_TONNE


def round_plan(problem: Problem, flows_t: Floats, stored_t: Floats | None = None) -> Masses:
    """Round by largest remainder at each heap; what goes nowhere is unmet, or left.

    A solver keeps its rows within a tolerance that can be many milligrams, so the flows are first
    brought inside the rooms and the supplies. Then every mass moves by less than a milligram, so
    that an intake takes at most its capacity and one milligram an arc. What is under way stands.

    Args:
        problem: The part that was planned.
        flows_t: Mass on each arc [t], shape (arcs,).
        stored_t: Mass on each wait [t], shape (waits,); none where nothing can wait.

    Example:
        10 mg over three equal ways are 4, 3 and 3 mg: the first of equal remainders goes first.
    """
    floor_mg = problem.floor_mg if problem.floor_mg.size else np.zeros_like(problem.arc_node)
    flows_mg = np.maximum(0.0, np.maximum(0.0, flows_t) * MG_PER_TONNE - floor_mg)
    _bring_inside(problem, flows_mg, floor_mg)
    stores = problem.stores
    stored_mg = np.maximum(0.0, no_floats() if stored_t is None else stored_t) * MG_PER_TONNE
    stored_mg *= _fit(stored_mg, stores.store, stores.capacity_mg)[stores.store]
    return _rounded(problem, np.concatenate([flows_mg, stored_mg]), floor_mg)


def _bring_inside(problem: Problem, flows_mg: Floats, floor_mg: Ints) -> None:
    """Shrink flows, above what is under way, to what intakes and lanes have room for."""
    lanes = problem.lanes
    room_mg = _less(problem.capacity_mg, problem.arc_intake, floor_mg)
    flows_mg *= _fit(flows_mg, problem.arc_intake, room_mg)[problem.arc_intake]
    lane_mg = _less(lanes.capacity_mg, lanes.lane, floor_mg[lanes.arc])
    narrowest = np.ones(len(flows_mg))
    np.minimum.at(narrowest, lanes.arc, _fit(flows_mg[lanes.arc], lanes.lane, lane_mg)[lanes.lane])
    flows_mg *= narrowest


def _rounded(problem: Problem, goes_mg: Floats, floor_mg: Ints) -> Masses:
    """Round what goes away from each heap on arcs and waits, above what is under way.

    Heaps come in the order in which mass passes them: what a site makes depends, to the milligram,
    on what it takes. What does not go away is the last way of each heap, after all others.
    """
    stores, arcs, nodes = problem.stores, len(floor_mg), len(problem.nodes)
    giver = np.concatenate([problem.arc_node, stores.giver])
    heap = np.concatenate([giver, np.arange(problem.heaps)])
    whole_mg = np.zeros(len(heap), dtype=np.int64)
    whole_mg[:arcs] = floor_mg
    waits = slice(arcs, len(giver))
    goes_on = stores.taker != HORIZON_ENDS
    step = steps(problem)
    for number in range(step.max(initial=0) + 1):
        has_mg = problem.at_hand_mg
        has_mg[nodes:] += made_mg(problem, whole_mg[:arcs])
        np.add.at(has_mg, stores.taker[goes_on], whole_mg[waits][goes_on])
        free_mg = np.maximum(0, _less(has_mg, problem.arc_node, floor_mg))
        here = step == number
        # What later heaps have is not known yet.
        fit = np.where(here, _fit(goes_mg, giver, free_mg), 1.0)
        goes_mg = goes_mg * fit[giver]
        stays_mg = np.maximum(0.0, free_mg - np.bincount(giver, goes_mg, problem.heaps))
        exact_mg = np.concatenate([goes_mg, stays_mg])
        ways = np.flatnonzero(here[heap])
        place = np.cumsum(here) - 1
        whole_mg[ways] += _largest_remainder(exact_mg[ways], place[heap[ways]], free_mg[here])
    return Masses(
        flows_mg=whole_mg[:arcs],
        unmet_mg=whole_mg[waits.stop : waits.stop + nodes],
        stored_mg=whole_mg[waits],
        left_mg=whole_mg[waits.stop + nodes :],
    )


def _less(most_mg: Ints, owner: Ints, taken_mg: Ints) -> Ints:
    """What is left of the most of each owner."""
    left_mg = most_mg.copy()
    np.subtract.at(left_mg, owner, taken_mg)
    return left_mg


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
