"""The laws of a plan with periods, stores, products, residue, vehicles and promises."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.checking import Claim, check
from bioloom.circuits.layout.masses import made_mg, short_of
from bioloom.circuits.posing import Cell, Floats, Problem
from bioloom.circuits.rounding import round_plan
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.solving.promising import GuaranteesInfeasible
from bioloom.circuits.solving.stages import solve
from bioloom.circuits.splitting import split
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.circuits.wider import Reference, wider_problems

PRICES = st.floats(-2.0, 20.0)


def settle_all(problem: Problem) -> list[Settled]:
    return [settle(part) for part in split(problem)]


@given(problem=wider_problems())
def test_every_wider_plan_is_vouched_for(problem: Problem) -> None:
    for part in settle_all(problem):
        assert part.verdict.faults == ()


@given(problem=wider_problems())
def test_mass_is_conserved_in_every_heap_and_period(problem: Problem) -> None:
    for part in settle_all(problem):
        posed, masses = part.problem, part.masses
        for heap in range(posed.heaps):
            product = heap - len(posed.nodes)
            comes = (
                int(posed.supply_mg[heap])
                if product < 0
                else int(made_mg(posed, masses.flows_mg)[product])
            )
            comes += int(masses.stored_mg[posed.stores.taker == heap].sum())
            goes = int(masses.flows_mg[posed.arc_node == heap].sum())
            goes += int(masses.stored_mg[posed.stores.giver == heap].sum())
            stays = masses.unmet_mg[heap] if product < 0 else masses.left_mg[product]
            assert comes == goes + stays


@given(problem=wider_problems())
def test_residue_finds_a_place_and_limits_are_held(problem: Problem) -> None:
    for part in settle_all(problem):
        posed, masses = part.problem, part.masses
        arcs, waits = len(posed.arc_node), len(posed.stores.giver)
        assert (masses.left_mg <= posed.yields.left_most_mg + arcs).all()
        for lane, most_mg in enumerate(posed.lanes.capacity_mg):
            carried = masses.flows_mg[posed.lanes.arc[posed.lanes.lane == lane]].sum()
            assert carried <= most_mg + arcs
        for store, most_mg in enumerate(posed.stores.capacity_mg):
            assert masses.stored_mg[posed.stores.store == store].sum() <= most_mg + waits


def check_best(problem: Problem) -> None:
    """The plans of all parts together are the best of the whole by scipy's linear programs."""
    parts, reference = settle_all(problem), Reference(problem)
    served = {cell: share for part in parts for cell, share in part.service().items()}
    levels = problem.need * (1 - np.array([served[cell] for cell in problem.cells]))
    assert levels.tolist() == pytest.approx(reference.levels().tolist(), abs=1e-6)
    assert all(part.verdict.checked for part in parts)
    found = {
        "hazard": sum(part.unmet_mg[part.problem.hazardous].sum() for part in parts),
        "cost": sum(part.flows_mg @ part.problem.arc_km for part in parts),
        "waiting": sum(
            part.masses.stored_mg.sum() + (problem.periods + 1) * part.unmet_mg.sum()
            for part in parts
        ),
    }
    for aim, best in reference.stages().items():
        # The reference keeps its limits less exactly, and small cells feel that most.
        assert found[aim] / MG_PER_TONNE == pytest.approx(best, abs=1e-3, rel=1e-5)


@given(problem=wider_problems())
def test_the_best_plan_is_that_of_a_solver_nobody_here_wrote(problem: Problem) -> None:
    check_best(problem)


@given(problem=wider_problems())
def test_what_is_under_way_stays_and_the_rest_is_the_best_around_it(problem: Problem) -> None:
    elsewhere = settle(replace(problem, arc_km=30 - problem.arc_km))

    check_best(replace(problem, floor_mg=elsewhere.flows_mg // 2))


@given(problem=wider_problems())
def test_guarantees_that_can_hold_are_kept_and_the_rest_is_the_best_beside_them(
    problem: Problem,
) -> None:
    """What some other weights of need would give is guaranteed; with these it may be unfair."""
    other = settle(replace(problem, need=problem.need[::-1].copy()))
    short_mg = short_of(problem, other.masses.unmet_mg, other.masses.stored_mg).astype(np.int64)

    check_best(replace(problem, most_unmet_mg=short_mg + 1000))


@given(problem=wider_problems())
def test_guarantees_that_cannot_hold_are_named_with_what_is_missing(problem: Problem) -> None:
    everything = replace(problem, most_unmet_mg=np.zeros(len(problem.cells), dtype=np.int64))
    reference = Reference(problem)
    missing_t = reference.least(reference.short.sum(axis=0))

    named: dict[Cell, float] = {}
    for part in split(everything):
        try:
            settle(part)
        except GuaranteesInfeasible as refusal:
            named |= refusal.missing_t
    assert sum(named.values()) == pytest.approx(missing_t, abs=1e-4)


@given(problem=wider_problems(), data=st.data())
def test_no_prices_whatever_bring_a_bound_above_the_best_wider_plan(
    problem: Problem, data: st.DataObject
) -> None:
    """Weak duality through stores, yields and lanes, at prices that nothing made."""
    for part in split(problem):
        solution = solve(part)
        masses = round_plan(part, solution.flows_t, solution.stored_t)
        lies = tuple(lied(claim, part, data) for claim in solution.claims)
        held = np.zeros(len(part.cells), dtype=bool)
        for proof, lie in zip(check(part, masses, lies).proofs, lies, strict=True):
            if lie.aim == "fairness":
                # What rounding moved below the levels held before is worth what they say it is.
                if held.any():
                    continue
                held |= lie.held
            assert proof.bound <= proof.value + 1e-6 * max(1.0, proof.value) + proof.rounding


def lied(claim: Claim, part: Problem, data: st.DataObject) -> Claim:
    """A claim with every price drawn anew."""

    def drawn(size: int) -> Floats:
        return np.array(data.draw(st.lists(PRICES, min_size=size, max_size=size)))

    return replace(
        claim,
        room_price=drawn(len(part.sites)),
        unmet_price=drawn(len(part.cells)),
        supply_price=drawn(part.heaps),
        store_price=drawn(len(part.stores.capacity_mg)),
        lane_price=drawn(len(part.lanes.capacity_mg)),
        left_price=drawn(len(part.yields.products)),
        hazard_price=data.draw(PRICES),
        cost_price=data.draw(PRICES),
        waiting_price=data.draw(PRICES),
    )
