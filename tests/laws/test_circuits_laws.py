"""The laws of a plan: nothing is lost, nobody lower can be raised, and names decide nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from bioloom.circuits.posing import Floats, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.solving import growing, stages
from bioloom.circuits.splitting import split
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.circuits.cities import problems


def settle_all(problem: Problem) -> list[Settled]:
    return [settle(part) for part in split(problem)]


def unfairness(parts: Sequence[Settled]) -> dict[str, float]:
    """Need-weighted unmet share by district."""
    return {
        district: need * (1 - share)
        for part in parts
        for (district, _), need, share in zip(
            part.problem.cells, part.problem.need, part.served(), strict=True
        )
    }


@given(problem=problems())
def test_every_plan_closes_to_the_milligram_and_is_vouched_for(problem: Problem) -> None:
    parts = settle_all(problem)

    offered = sum(int(part.flows_mg.sum() + part.unmet_mg.sum()) for part in parts)
    assert [part.verdict.faults for part in parts] == [() for _ in parts]
    assert offered == problem.supply_mg.sum()


@given(problem=problems(in_force=False))
def test_no_district_can_be_raised_but_at_the_cost_of_a_lower_one(problem: Problem) -> None:
    levels = unfairness(settle_all(problem))

    found = [levels[district] for district, _ in problem.cells]
    assert found == pytest.approx(levels_by_search(problem).tolist(), abs=1e-7)


@given(problem=problems(), data=st.data())
def test_permuting_districts_permutes_the_plan(problem: Problem, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(problem.nodes)))))
    shuffled = permuted(problem, order)

    before, after = unfairness(settle_all(problem)), unfairness(settle_all(shuffled))
    assert after == pytest.approx(before, abs=1e-7)


@given(problem=problems(), more_t=st.integers(1, 500), data=st.data())
def test_more_room_never_worsens_the_sorted_service(
    problem: Problem, more_t: int, data: st.DataObject
) -> None:
    capacity_mg = problem.capacity_mg.copy()
    capacity_mg[data.draw(st.integers(0, len(capacity_mg) - 1))] += more_t * MG_PER_TONNE
    roomier = replace(problem, capacity_mg=capacity_mg)

    before, after = (
        sorted(unfairness(settle_all(posed)).values(), reverse=True) for posed in (problem, roomier)
    )
    change = next((b - a for b, a in zip(before, after, strict=True) if abs(b - a) > 1e-7), 0.0)
    assert change >= 0.0


@given(problem=problems(), part=st.integers(0, 5))
def test_a_greater_need_never_lowers_the_service_of_who_has_it(problem: Problem, part: int) -> None:
    assume(part < len(problem.cells))
    need = problem.need.copy()
    need[part] *= 2
    district, _ = problem.cells[part]

    before, after = (
        unfairness(settle_all(posed))[district] / posed.need[part]
        for posed in (problem, replace(problem, need=need))
    )
    assert after <= before + 1e-7


@given(problem=problems())
def test_planning_twice_gives_the_same_plan(problem: Problem) -> None:
    for once, again in zip(settle_all(problem), settle_all(problem), strict=True):
        assert (once.flows_mg == again.flows_mg).all()
        assert (once.unmet_mg == again.unmet_mg).all()


@given(problem=problems())
def test_a_plan_over_few_arcs_has_the_values_of_one_over_all(problem: Problem) -> None:
    over_all = settle_all(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "MANY_ARCS", 1)
        patch.setattr(growing, "FIRST_ARCS", 1)
        over_few = settle_all(problem)

    assert [part.verdict.faults for part in over_few] == [() for _ in over_few]
    assert values(over_few) == pytest.approx(values(over_all), rel=1e-6, abs=1e-6)


def values(parts: Sequence[Settled]) -> list[float]:
    """What every stage comes to but those of fairness, whose levels are those of the districts."""
    levels = sorted(unfairness(parts).items())
    later = [proof for part in parts for proof in part.verdict.proofs if proof.aim != "fairness"]
    return [level for _, level in levels] + [proof.value for proof in later]


def permuted(problem: Problem, order: np.ndarray) -> Problem:
    """The same facts with districts, and so nodes and cells, in another order."""
    place = np.argsort(order)
    arcs = np.lexsort((problem.arc_intake, place[problem.arc_node]))
    return replace(
        problem,
        nodes=tuple(problem.nodes[i] for i in order),
        cells=tuple(problem.cells[i] for i in order),
        supply_mg=problem.supply_mg[order],
        hazardous=problem.hazardous[order],
        need=problem.need[order],
        arc_node=place[problem.arc_node][arcs],
        arc_intake=problem.arc_intake[arcs],
        arc_km=problem.arc_km[arcs],
        in_force_mg=problem.in_force_mg[arcs],
    )


def levels_by_search(problem: Problem) -> Floats:
    """The fairest levels by the definition: no duals, but a linear program a district and round.

    Lower the worst of the free districts; then a free district stays there for good if it cannot
    be lower alone while the other free ones are at that level or below.
    """
    ceiling = np.full(len(problem.cells), np.inf)
    while np.isinf(ceiling).any():
        free = np.isinf(ceiling)
        worst = lowest(problem, ceiling, free)
        held = np.where(free, worst + 1e-9, ceiling)
        stuck = [
            j
            for j in np.flatnonzero(free)
            if lowest(problem, held, np.arange(len(free)) == j) > worst - 1e-7
        ]
        assert stuck, "somebody must be at the worst level"
        ceiling[stuck] = worst
    return ceiling


def lowest(problem: Problem, ceiling: Floats, wanted: np.ndarray) -> float:
    """The least that the worst level of the wanted districts can be, under all ceilings."""
    arcs, nodes, intakes = len(problem.arc_node), len(problem.nodes), len(problem.sites)
    supply_t, capacity_t = problem.supply_mg / MG_PER_TONNE, problem.capacity_mg / MG_PER_TONNE
    level_of = np.diag(problem.need / supply_t)
    placed = np.zeros((nodes, arcs))
    placed[problem.arc_node, np.arange(arcs)] = 1
    brought = np.zeros((intakes, arcs))
    brought[problem.arc_intake, np.arange(arcs)] = 1
    limited = np.isfinite(ceiling)
    found = linprog(
        np.concatenate([np.zeros(arcs + nodes), [1.0]]),
        A_ub=np.vstack(
            [
                np.hstack([brought, np.zeros((intakes, nodes + 1))]),
                np.hstack(
                    [np.zeros((wanted.sum(), arcs)), level_of[wanted], -np.ones((wanted.sum(), 1))]
                ),
                np.hstack(
                    [
                        np.zeros((limited.sum(), arcs)),
                        level_of[limited],
                        np.zeros((limited.sum(), 1)),
                    ]
                ),
            ]
        ),
        b_ub=np.concatenate([capacity_t, np.zeros(wanted.sum()), ceiling[limited]]),
        A_eq=np.hstack([placed, np.eye(nodes), np.zeros((nodes, 1))]),
        b_eq=supply_t,
    )
    assert found.status == 0, found.message
    return float(found.fun)
