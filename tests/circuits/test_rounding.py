"""Rounding: every milligram that is offered goes somewhere, and no room is passed by much."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.posing import Problem
from bioloom.circuits.rounding import round_plan
from tests.circuits.cities import problem_of, problems


@given(problem=problems(), data=st.data())
def test_rounding_closes_whatever_tonnes_it_is_given(problem: Problem, data: st.DataObject) -> None:
    arcs = len(problem.arc_node)
    # A solver keeps its rows nearly: some masses a little below zero, some rooms overrun.
    flows_t = data.draw(st.lists(st.floats(-1e-6, 500.0), min_size=arcs, max_size=arcs))

    rounded = round_plan(problem, np.array(flows_t))
    flows_mg, unmet_mg = rounded.flows_mg, rounded.unmet_mg

    placed_mg, brought_mg = unmet_mg.copy(), np.zeros_like(problem.capacity_mg)
    np.add.at(placed_mg, problem.arc_node, flows_mg)
    np.add.at(brought_mg, problem.arc_intake, flows_mg)
    ways_in = np.bincount(problem.arc_intake, minlength=len(problem.sites))
    assert (flows_mg >= 0).all()
    assert (unmet_mg >= 0).all()
    assert (placed_mg == problem.supply_mg).all()
    assert (brought_mg <= problem.capacity_mg + ways_in).all()


@given(share=st.floats(0.0, 1.0), supply_mg=st.integers(1, 2**53 - 1))
def test_masses_too_large_for_exact_floats_still_close(share: float, supply_mg: int) -> None:
    posed = problem_of(supply_t=[1], capacity_t=[1e6] * 2, arcs=[(0, 0, 1.0), (0, 1, 1.0)])
    posed.supply_mg[0] = supply_mg
    posed.capacity_mg[:] = 2**62
    flows_t = np.array([share, 1.0 - share]) * (supply_mg / 1e9)

    rounded = round_plan(posed, flows_t)
    flows_mg, unmet_mg = rounded.flows_mg, rounded.unmet_mg

    assert flows_mg.sum() + unmet_mg.sum() == supply_mg
    assert (np.concatenate([flows_mg, unmet_mg]) >= 0).all()
    assert np.abs(flows_mg - flows_t * 1e9).max() <= 4


def test_ten_milligrams_over_three_equal_ways_are_four_three_and_three() -> None:
    posed = problem_of(supply_t=[1e-8], capacity_t=[1] * 3, arcs=[(0, k, 1.0) for k in range(3)])

    rounded = round_plan(posed, np.full(3, 1e-8 / 3))
    flows_mg, unmet_mg = rounded.flows_mg, rounded.unmet_mg

    assert (flows_mg.tolist(), unmet_mg.tolist()) == ([4, 3, 3], [0])
