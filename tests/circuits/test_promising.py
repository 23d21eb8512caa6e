"""Promising: what is guaranteed is kept or named, what is under way stays, and who comes first."""

from dataclasses import replace

import numpy as np
import pytest

from bioloom.circuits.checking import check
from bioloom.circuits.layout.arrays import UNLIMITED_MG
from bioloom.circuits.posing import Problem
from bioloom.circuits.settling import settle
from bioloom.circuits.solving.promising import CommittedTooMuch, GuaranteesInfeasible
from tests.circuits.cities import problem_of

T = 10**9
# Two districts share 10 t of room, where each offers 10 t.
SHORT = problem_of(supply_t=[10, 10], capacity_t=[10], arcs=[(0, 0, 1.0), (1, 0, 1.0)])


def promising(problem: Problem, *most_unmet_t: float) -> Problem:
    most_mg = [UNLIMITED_MG if mass == np.inf else round(mass * T) for mass in most_unmet_t]
    return replace(problem, most_unmet_mg=np.array(most_mg))


def test_a_guarantee_is_kept_before_fairness() -> None:
    plan = settle(promising(SHORT, 2, np.inf))

    assert (plan.served().tolist(), plan.verdict.faults) == ([0.8, 0.2], ())


def test_a_guarantee_that_holds_anyway_changes_nothing() -> None:
    plan = settle(promising(SHORT, 7, 7))

    assert (plan.served().tolist(), plan.verdict.faults) == ([0.5, 0.5], ())


def test_guarantees_that_cannot_hold_together_are_refused_with_what_is_missing() -> None:
    with pytest.raises(GuaranteesInfeasible, match="would be missing at least") as refusal:
        settle(promising(SHORT, 2, 3))

    # 15 t are promised, and there is room for 10 t.
    assert sum(refusal.value.missing_t.values()) == pytest.approx(5)


def test_a_guarantee_where_nothing_can_move_is_refused() -> None:
    with pytest.raises(GuaranteesInfeasible, match=r"2\.000 t of g of d0"):
        settle(promising(problem_of(supply_t=[3], capacity_t=[], arcs=[]), 1))


def test_a_plan_that_breaks_a_guarantee_is_not_vouched_for() -> None:
    verdict = check(promising(SHORT, 2, np.inf), settle(SHORT).masses, ())

    assert verdict.faults == ("a guarantee is not kept",)


def test_who_comes_first_is_served_as_well_as_can_be_before_others_are_looked_at() -> None:
    three = problem_of(
        supply_t=[10, 10, 10], capacity_t=[12], arcs=[(0, 0, 1.0), (1, 0, 1.0), (2, 0, 1.0)]
    )

    plan = settle(replace(three, rank=np.array([1, 0, 1])))

    assert plan.served().tolist() == pytest.approx([0.1, 1.0, 0.1])
    assert plan.verdict.faults == ()


def test_what_is_under_way_stays_though_another_way_is_shorter() -> None:
    problem = problem_of(supply_t=[10], capacity_t=[10, 10], arcs=[(0, 0, 1.0), (0, 1, 5.0)])

    plan = settle(replace(problem, floor_mg=np.array([0, 4 * T])))

    assert (plan.flows_mg.tolist(), plan.verdict.faults) == ([6 * T, 4 * T], ())


@pytest.mark.parametrize(
    ("floor_t", "named"), [([11, 0], "m of d0 by 1.000 t"), ([6, 5], "s0 by 1.000 t")]
)
def test_more_under_way_than_there_is_or_has_room_is_refused(
    floor_t: list[int], named: str
) -> None:
    floor_mg = np.array(floor_t) * T

    with pytest.raises(CommittedTooMuch, match=named):
        settle(replace(SHORT, floor_mg=floor_mg))
