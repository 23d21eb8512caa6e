"""Possible: every way in which a plan with yards, works and vehicles could not be is named."""

from dataclasses import replace

import numpy as np
import pytest

from bioloom.circuits.checking import check
from bioloom.circuits.layout.hauling import Lanes
from bioloom.circuits.layout.masses import Masses
from bioloom.circuits.layout.storing import HORIZON_ENDS, Stores
from bioloom.circuits.layout.yielding import Yields
from bioloom.circuits.posing import Problem
from bioloom.circuits.settling import settle
from bioloom.circuits.solving.stages import solve
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import SiteId
from tests.circuits.cities import problem_of

T = 10**9


def works() -> Problem:
    """10 t for a sieve with 8 t of room, whose tenth of residue goes to a pit; a yard for 3 t.

    Vehicles carry 7 t to the sieve. So 7 t go there, 0.7 t on to the pit and 3 t wait.
    """
    plain = problem_of(supply_t=[10], capacity_t=[8, 5], arcs=[(0, 0, 1.0), (1, 1, 2.0)])
    return replace(
        plain,
        stores=Stores(
            capacity_mg=np.array([3 * T]),
            store=np.array([0]),
            giver=np.array([0]),
            taker=np.array([HORIZON_ENDS]),
        ),
        yields=Yields(
            products=((SiteId("s0"), MaterialId("residue")),),
            period=np.array([0]),
            left_most_mg=np.array([0]),
            intake=np.array([0]),
            product=np.array([0]),
            per_mille=np.array([100]),
        ),
        lanes=Lanes(capacity_mg=np.array([7 * T]), lane=np.array([0]), arc=np.array([0])),
    )


def masses(flows_t: list[float], unmet_t: float, stored_t: float, left_t: float) -> Masses:
    def of(*tonnes: float) -> np.ndarray:
        return np.array([round(mass * T) for mass in tonnes], dtype=np.int64)

    return Masses(
        flows_mg=of(*flows_t), unmet_mg=of(unmet_t), stored_mg=of(stored_t), left_mg=of(left_t)
    )


def test_the_plan_done_by_hand_is_the_one_that_is_made_and_vouched_for() -> None:
    made = settle(works())

    by_hand = masses([7, 0.7], 0, 3, 0)
    assert made.verdict.faults == ()
    assert made.flows_mg.tolist() == by_hand.flows_mg.tolist()
    assert made.masses.stored_mg.tolist() == by_hand.stored_mg.tolist()
    assert [proof.aim for proof in made.verdict.proofs] == ["fairness", "cost", "waiting"]


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        (masses([6, 0.6], 0, 4, 0), "a store is to hold more"),
        (masses([7.5, 0.75], 0, 2.5, 0), "vehicles are to carry more"),
        (masses([7, 0.2], 0, 3, 0.5), "residue is left without a place"),
        (masses([7, 0.2], 0, 3, 0), "do not add up"),
        (masses([7, 0.7], 1, 3, 0), "do not add up"),
        (masses([7, 0.7], 3, 0, 0), "waiting is 6"),
        (masses([6, 0.6], 1, 3, 0), "fairness is 0.4"),
        (masses([7, 0.7], 0, 3, -1), "a mass is below zero"),
    ],
)
def test_a_plan_that_cannot_be_or_is_not_the_best_is_faulted(spoilt: Masses, fault: str) -> None:

    verdict = check(works(), spoilt, solve(works()).claims)

    assert any(fault in told for told in verdict.faults), verdict.faults


def test_what_is_under_way_is_not_taken_back() -> None:
    committed = replace(works(), floor_mg=np.array([5 * T, 0]))

    verdict = check(committed, masses([4, 0.4], 3, 3, 0), ())

    assert "what is under way is taken back" in verdict.faults


def test_masses_of_another_problem_are_none_of_this_one() -> None:
    other = masses([7, 0.7, 1], 0, 3, 0)

    assert check(works(), other, ()).faults == ("the plan is not one of this problem",)
