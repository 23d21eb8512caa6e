"""Possible: what of a plan cannot be, by the arrays of its problem alone."""

from collections.abc import Iterator

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG, Ints
from bioloom.circuits.layout.masses import Masses, made_mg, short_of
from bioloom.circuits.layout.storing import HORIZON_ENDS
from bioloom.circuits.posing import Problem

# A solver keeps its rows nearly: such a share of what a site makes may find no place.
UNPLACED = 1e-9


def impossible(problem: Problem, masses: Masses) -> tuple[str, ...]:
    """What of a plan is impossible, in words.

    Rounding may add a milligram for each arc to an intake and a lane, and for each wait to a store.
    """
    shapes = (
        (masses.flows_mg, problem.arc_node),
        (masses.unmet_mg, problem.supply_mg),
        (masses.stored_mg, problem.stores.giver),
        (masses.left_mg, problem.yields.left_most_mg),
    )
    if any(mass_mg.shape != like.shape for mass_mg, like in shapes):
        return ("the plan is not one of this problem",)
    return tuple(_faults(problem, masses))


def _faults(problem: Problem, masses: Masses) -> Iterator[str]:
    stores, lanes, flows_mg = problem.stores, problem.lanes, masses.flows_mg
    if any((mass_mg < 0).any() for mass_mg in _all(masses)):
        yield "a mass is below zero"
    if _balance_mg(problem, masses).any():
        yield "flows and unmet do not add up to what is offered"
    if _over(problem.arc_intake, flows_mg, problem.capacity_mg):
        yield "an intake is to take more than its capacity"
    if _over(stores.store, masses.stored_mg, stores.capacity_mg):
        yield "a store is to hold more than its capacity"
    if _over(lanes.lane, flows_mg[lanes.arc], lanes.capacity_mg):
        yield "vehicles are to carry more than they can"
    if (masses.left_mg > problem.yields.left_most_mg + _unplaced_mg(problem, flows_mg)).any():
        yield "residue is left without a place"
    if problem.floor_mg.size and (flows_mg < problem.floor_mg).any():
        yield "what is under way is taken back"
    if _breaks_promise(problem, masses):
        yield "a guarantee is not kept"


def _all(masses: Masses) -> tuple[Ints, ...]:
    return masses.flows_mg, masses.unmet_mg, masses.stored_mg, masses.left_mg


def _balance_mg(problem: Problem, masses: Masses) -> Ints:
    """What goes out of each heap and stays there, less what comes in."""
    stores = problem.stores
    comes_mg = problem.at_hand_mg
    comes_mg[len(problem.nodes) :] += made_mg(problem, masses.flows_mg)
    balance_mg: Ints = np.concatenate([masses.unmet_mg, masses.left_mg]) - comes_mg
    np.add.at(balance_mg, problem.arc_node, masses.flows_mg)
    np.add.at(balance_mg, stores.giver, masses.stored_mg)
    goes_on = stores.taker != HORIZON_ENDS
    np.subtract.at(balance_mg, stores.taker[goes_on], masses.stored_mg[goes_on])
    return balance_mg


def _over(owner: Ints, mass_mg: Ints, capacity_mg: Ints) -> bool:
    spare_mg = capacity_mg.copy()
    np.add.at(spare_mg, owner, 1 - mass_mg)
    return bool((spare_mg < 0).any())


def _unplaced_mg(problem: Problem, flows_mg: Ints) -> Ints:
    """What of each product whole milligrams and the solver's tolerance may leave [mg]."""
    yields = problem.yields
    arcs_in = np.bincount(problem.arc_intake, minlength=len(problem.sites))
    grain_mg = (UNPLACED * made_mg(problem, flows_mg)).astype(np.int64)
    np.add.at(grain_mg, yields.product, arcs_in[yields.intake])
    return grain_mg


def _breaks_promise(problem: Problem, masses: Masses) -> bool:
    most_mg = problem.most_unmet_mg
    if not most_mg.size:
        return False
    moved = np.bincount(problem.cell_of_node, minlength=len(problem.cells))
    short_mg = short_of(problem, masses.unmet_mg, masses.stored_mg)
    return bool(((most_mg < UNLIMITED_MG) & (short_mg > most_mg + moved)).any())
