"""Checking: a good plan passes, and every way of spoiling one is noticed and named."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.checking import Claim, Verdict, check
from bioloom.circuits.layout.masses import plain_masses
from bioloom.circuits.posing import Flags, Floats, Ints, Problem
from bioloom.circuits.rounding import round_plan
from bioloom.circuits.settling import settle
from bioloom.circuits.solving.stages import solve
from bioloom.circuits.splitting import split
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.circuits.cities import problem_of, problems

# Two districts share 60 t of room, where each offers 50 t; a third has 30 t of room for 40 t.
SHORT = problem_of(
    supply_t=[50, 50, 40],
    capacity_t=[60, 30],
    arcs=[(0, 0, 3.0), (1, 0, 5.0), (2, 0, 9.0), (2, 1, 2.0)],
    hazardous=[True, False, False],
    in_force_t=[10, 40, 5, 5],
)


def solved(problem: Problem) -> tuple[Ints, Ints, tuple[Claim, ...]]:
    solution = solve(problem)
    masses = round_plan(problem, solution.flows_t)
    return masses.flows_mg, masses.unmet_mg, solution.claims


def verdict_on(flows_mg: list[int], unmet_mg: list[int]) -> Verdict:
    return check(SHORT, plain_masses(np.array(flows_mg), np.array(unmet_mg)), solved(SHORT)[2])


def tonnes(*mass_t: float) -> list[int]:
    return [round(mass * 1_000_000_000) for mass in mass_t]


def test_the_fairest_plan_is_vouched_for_in_every_stage() -> None:
    flows_mg, unmet_mg, claims = solved(SHORT)

    verdict = check(SHORT, plain_masses(flows_mg, unmet_mg), claims)

    assert verdict.faults == ()
    assert [proof.aim for proof in verdict.proofs][-3:] == ["hazard", "cost", "change"]
    # 60 t of room for 100 t, and 30 t for 40 t: no plan can lower the one level or the other.
    levels = [(0.4, 0.4), (0.25, 0.25)]
    assert [(proof.value, proof.bound) for proof in verdict.proofs[:2]] == [
        pytest.approx(level) for level in levels
    ]


@pytest.mark.parametrize(
    ("flows_t", "unmet_t", "fault"),
    [
        ((30, 30, -5, 30), (20, 20, 15), "below zero"),
        ((30, 30, 0, 30), (20, 20, 11), "do not add up"),
        ((35, 35, 0, 30), (15, 15, 10), "more than its capacity"),
        ((25, 35, 0, 30), (25, 15, 10), "fairness is"),
        ((30, 30, 0, 25), (20, 20, 15), "fairness is"),
    ],
)
def test_a_plan_that_is_impossible_or_unfair_is_faulted(
    flows_t: tuple[float, ...], unmet_t: tuple[float, ...], fault: str
) -> None:
    verdict = verdict_on(tonnes(*flows_t), tonnes(*unmet_t))

    assert not verdict.checked
    assert any(fault in told for told in verdict.faults), verdict.faults


def test_a_capacity_may_be_passed_by_a_milligram_an_arc_and_no_more() -> None:
    problem = problem_of(supply_t=[2, 2], capacity_t=[2], arcs=[(0, 0, 1.0), (1, 0, 1.0)])
    claims = solved(problem)[2]

    by_two, by_three = (
        check(
            problem,
            plain_masses(np.array([10**9 + 1, over]), np.array([10**9 - 1, 2 * 10**9 - over])),
            claims,
        )
        for over in (10**9 + 1, 10**9 + 2)
    )

    assert by_two.checked
    assert by_three.faults == ("an intake is to take more than its capacity",)


def test_a_plan_that_is_fair_but_takes_longer_ways_is_faulted() -> None:
    problem = problem_of(supply_t=[5], capacity_t=[9, 9], arcs=[(0, 0, 1.0), (0, 1, 4.0)])
    _, unmet_mg, claims = solved(problem)

    verdict = check(problem, plain_masses(np.array(tonnes(0, 5)), unmet_mg), claims)

    assert verdict.faults == ("cost is 20, but the bound is 5",)


@pytest.mark.parametrize("price", [0.0, 1e-13, 1e-3])
def test_a_district_said_to_be_stuck_that_could_rise_is_faulted(price: float) -> None:
    # The second could be placed in full; holding it at the first one's level would hide that.
    problem = problem_of(supply_t=[10, 10], capacity_t=[5, 10], arcs=[(0, 0, 1.0), (1, 1, 1.0)])
    honest = solve(problem).claims
    lazy = replace(
        honest[0],
        held=np.array([True, True]),
        unmet_price=np.array([honest[0].unmet_price[0], price]),
    )
    half = np.array(tonnes(5, 5))

    verdict = check(problem, plain_masses(half, half), (lazy, *honest[2:]))

    assert "a cell is held at a level that it might leave" in verdict.faults


def test_a_stage_left_out_is_missed() -> None:
    flows_mg, unmet_mg, claims = solved(SHORT)

    for missing in range(len(claims)):
        rest = claims[:missing] + claims[missing + 1 :]
        assert not check(SHORT, plain_masses(flows_mg, unmet_mg), rest).checked


def test_prices_of_another_stage_prove_nothing() -> None:
    flows_mg, unmet_mg, claims = solved(SHORT)
    fairness, cost = claims[0], next(claim for claim in claims if claim.aim == "cost")
    swapped = tuple(
        replace(claim, room_price=fairness.room_price, unmet_price=fairness.unmet_price)
        if claim is cost
        else claim
        for claim in claims
    )

    verdict = check(SHORT, plain_masses(flows_mg, unmet_mg), swapped)

    assert any(fault.startswith("cost is") for fault in verdict.faults)


def test_a_price_that_is_no_number_is_a_fault() -> None:
    flows_mg, unmet_mg, claims = solved(SHORT)
    broken = replace(claims[-2], room_price=np.full(2, np.nan))

    with np.errstate(invalid="ignore"):
        verdict = check(SHORT, plain_masses(flows_mg, unmet_mg), (*claims[:-2], broken, claims[-1]))

    assert not verdict.checked


@pytest.mark.parametrize("price", [np.nan, np.inf, 5e-324])
def test_a_bound_that_is_no_number_or_beyond_all_proves_nothing(price: float) -> None:
    problem = problem_of(supply_t=[10], capacity_t=[0], arcs=[(0, 0, 1)])
    solved = solve(problem)
    masses = round_plan(problem, solved.flows_t, solved.stored_t)
    first, *others = solved.claims
    lie = replace(
        first, unmet_price=np.array([price]), room_price=np.array([1.0]), held=np.array([True])
    )

    verdict = check(problem, masses, [lie, *others])

    assert not verdict.checked
    assert verdict.proofs[0].bound <= verdict.proofs[0].value
    assert all(proof.gap >= 0 for proof in verdict.proofs)


@given(problem=problems(), data=st.data())
def test_no_prices_whatever_bring_a_bound_above_the_best_plan(
    problem: Problem, data: st.DataObject
) -> None:
    prices = st.floats(-2.0, 20.0)

    def drawn(like: Floats) -> Floats:
        return np.array(data.draw(st.lists(prices, min_size=like.size, max_size=like.size)))

    for part in split(problem):
        flows_mg, unmet_mg, claims = solved(part)
        lies = tuple(
            replace(
                claim,
                room_price=drawn(claim.room_price),
                unmet_price=drawn(claim.unmet_price),
                supply_price=drawn(claim.supply_price),
                hazard_price=data.draw(prices),
                cost_price=data.draw(prices),
            )
            for claim in claims
        )
        held = np.zeros(len(part.cells), dtype=bool)
        for proof, lie in zip(
            check(part, plain_masses(flows_mg, unmet_mg), lies).proofs, lies, strict=True
        ):
            explained = 1e-6 * max(1.0, proof.value) + rounded_at(lie, held, part)
            assert proof.bound <= proof.value + explained
            held |= lie.held & (lie.aim == "fairness")


def rounded_at(lie: Claim, held: Flags, part: Problem) -> float:
    """What the milligrams that rounding moved in cells held before are worth at these prices.

    A level is not held to them, so the plan itself may lie above its limits by so much; the prices
    of a level are scaled to those of the cells that are left, and may make much of it.
    """
    if lie.aim != "fairness":
        return 0.0
    price = np.maximum(0.0, lie.unmet_price)
    offered_t = np.bincount(part.cell_of_node, part.supply_mg / MG_PER_TONNE, len(part.cells))
    scale = float(price[~held] @ (offered_t / part.need)[~held])
    grain_t = np.bincount(part.cell_of_node, minlength=len(part.cells)) / MG_PER_TONNE
    return float(price[held] @ grain_t[held]) / scale if scale > 0 else 0.0


@given(problem=problems(), data=st.data())
def test_moving_a_tonne_anywhere_is_impossible_or_found_worse_or_as_good(
    problem: Problem, data: st.DataObject
) -> None:
    """A moved plan passes only if each stage is as good as before: then it was a tie."""
    part = data.draw(st.sampled_from(split(problem)))
    flows_mg, unmet_mg, claims = solved(part)
    masses = np.concatenate([flows_mg, unmet_mg])
    giver, taker = (data.draw(st.integers(0, len(masses) - 1)) for _ in range(2))
    masses[giver] -= 10**9
    masses[taker] += 10**9

    spoilt = plain_masses(masses[: len(flows_mg)], masses[len(flows_mg) :])
    moved = check(part, spoilt, claims)

    best = settle(part).verdict.proofs
    if moved.checked:
        assert [proof.value for proof in moved.proofs] == pytest.approx(
            [proof.value for proof in best], rel=2e-6, abs=2e-6
        )
