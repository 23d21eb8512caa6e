"""Solving: fairness first, then hazard, then ways, then change, each by an example done by hand."""

from dataclasses import replace

import numpy as np
import pytest

from bioloom.circuits.settling import settle
from bioloom.circuits.solving.program import PlanUnsolved
from bioloom.circuits.solving.stages import solve
from tests.circuits.cities import problem_of


def test_need_weighs_what_a_district_lacks() -> None:
    # 10 t of room for 20 t. Needs 1 and 3 lack shares in the ratio 3 to 1: 7.5 t and 2.5 t.
    problem = problem_of(
        supply_t=[10, 10], capacity_t=[10], arcs=[(0, 0, 1.0), (1, 0, 1.0)], need=[1.0, 3.0]
    )

    assert solve(problem).unmet_t.tolist() == pytest.approx([7.5, 2.5])


def test_who_is_far_is_served_as_well_as_who_is_near() -> None:
    problem = problem_of(supply_t=[10, 10], capacity_t=[10], arcs=[(0, 0, 1.0), (1, 0, 90.0)])

    assert settle(problem).served().tolist() == [0.5, 0.5]


def test_what_is_hazardous_is_placed_first_within_a_cell() -> None:
    two_cells = problem_of(
        supply_t=[6, 4], capacity_t=[5], arcs=[(0, 0, 1.0), (1, 0, 50.0)], hazardous=[False, True]
    )
    one_cell = replace(
        two_cells,
        cells=two_cells.cells[:1],
        cell_of_node=np.zeros(2, dtype=np.int64),
        need=two_cells.need[:1],
    )

    assert settle(one_cell).unmet_mg.tolist() == [5 * 10**9, 0]


def test_everything_goes_to_the_nearest_site_that_has_room() -> None:
    problem = problem_of(supply_t=[10], capacity_t=[4, 99], arcs=[(0, 0, 1.0), (0, 1, 2.0)])

    assert solve(problem).flows_t.tolist() == pytest.approx([4, 6])


def test_of_equally_good_plans_the_one_nearest_to_the_plan_in_force_is_taken() -> None:
    arcs = [(0, 0, 2.0), (0, 1, 2.0), (1, 0, 2.0), (1, 1, 2.0)]
    for in_force_t in ([5.0, 0.0, 0.0, 5.0], [0.0, 5.0, 5.0, 0.0], [2.0, 3.0, 3.0, 2.0]):
        problem = problem_of(supply_t=[5, 5], capacity_t=[5, 5], arcs=arcs, in_force_t=in_force_t)

        assert solve(problem).flows_t.tolist() == pytest.approx(in_force_t)


def test_a_part_that_nobody_takes_is_all_unmet_and_has_no_stage() -> None:
    solution = solve(problem_of(supply_t=[3], capacity_t=[], arcs=[]))

    assert (solution.unmet_t.tolist(), solution.claims) == ([3.0], ())


def test_a_room_below_zero_is_refused() -> None:
    problem = problem_of(supply_t=[3], capacity_t=[-1], arcs=[(0, 0, 1.0)])

    with pytest.raises(PlanUnsolved, match="stopped with 'Infeasible'"):
        solve(problem)


def test_a_way_that_is_no_number_is_never_vouched_for() -> None:
    # HiGHS takes such a cost and calls its plan optimal.
    problem = problem_of(supply_t=[3], capacity_t=[1], arcs=[(0, 0, np.nan)])

    with np.errstate(invalid="ignore"):
        assert not settle(problem).verdict.checked


def test_a_solver_that_does_not_come_to_an_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(supply_t=[10, 20], capacity_t=[15], arcs=[(0, 0, 1.0), (1, 0, 2.0)])
    monkeypatch.setattr("bioloom.circuits.solving.program.MOST_SECONDS", 0.0)

    with pytest.raises(PlanUnsolved, match="stopped with 'Time limit reached'"):
        solve(problem)
