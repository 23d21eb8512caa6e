"""Carrying out: the shares of a plan hold, and what then finds no room is owned up to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.horizon.carrying import NotCarriedOut, carry_out, unplanned
from bioloom.circuits.posing import Ints, Node, Problem, pose, pose_ahead
from bioloom.circuits.settling import settle
from bioloom.circuits.splitting import split
from tests.circuits.cities import (
    ONE_DAY,
    offer_t,
    problem_of,
    problems,
)
from tests.circuits.horizon.test_rolling import WEEKS, city_with

T = 10**9


def in_t(problem: Problem, masses_t: list[float]) -> list[dict[Node, int]]:
    return [{node: round(t * T) for node, t in zip(problem.nodes, masses_t, strict=True)}]


def per_intake(problem: Problem, flows_mg: Ints) -> Ints:
    into = np.zeros(len(problem.sites), dtype=np.int64)
    np.add.at(into, problem.arc_intake, flows_mg)
    return into


def per_node(problem: Problem, flows_mg: Ints) -> Ints:
    of_node = np.zeros(len(problem.nodes), dtype=np.int64)
    np.add.at(of_node, problem.arc_node, flows_mg)
    return of_node


def test_what_exceeds_a_room_goes_nowhere_and_the_planned_rest_stays_unmet() -> None:
    problem = problem_of(supply_t=[10], capacity_t=[9], arcs=[(0, 0, 1)])

    done = carry_out(problem, np.array([6 * T]), in_t(problem, [20]))

    assert done.masses.flows_mg.tolist() == [9 * T]
    assert done.masses.unmet_mg.tolist() == [11 * T]


def test_a_full_site_cuts_all_that_comes_by_the_same_share() -> None:
    problem = problem_of(supply_t=[4, 4], capacity_t=[8], arcs=[(0, 0, 1), (1, 0, 9)])

    done = carry_out(problem, np.array([4 * T, 4 * T]), in_t(problem, [4, 12]))

    assert done.masses.flows_mg.tolist() == [2 * T, 6 * T]


@given(problem=problems(), data=st.data())
def test_all_that_came_went_somewhere_or_is_unmet_and_rooms_hold(
    problem: Problem, data: st.DataObject
) -> None:
    planned = [settle(part) for part in split(problem)]
    for one in planned:
        supply = one.problem
        came = data.draw(st.lists(st.integers(0, 500 * T), min_size=len(supply.nodes)))
        offered = [dict(zip(supply.nodes, came, strict=False))]

        done = carry_out(supply, one.flows_mg, offered)

        flows_mg, unmet_mg = done.masses.flows_mg, done.masses.unmet_mg
        assert (flows_mg >= 0).all()
        assert (unmet_mg >= 0).all()
        assert (per_node(supply, flows_mg) + unmet_mg).tolist() == came[: len(supply.nodes)]
        most_mg = supply.capacity_mg + np.bincount(supply.arc_intake, minlength=len(supply.sites))
        assert (per_intake(supply, flows_mg) <= most_mg).all()
        # No way has more than its share, but for the milligram of rounding.
        grown = done.problem.supply_mg / supply.supply_mg
        assert (flows_mg <= one.flows_mg * grown[supply.arc_node] + 2).all()


@given(problem=problems())
def test_the_masses_it_was_made_for_give_the_plan_back(problem: Problem) -> None:
    for part in map(settle, split(problem)):
        offered = dict(zip(part.problem.nodes, part.problem.supply_mg.tolist(), strict=True))

        done = carry_out(part.problem, part.flows_mg, [offered])

        # A room may be over-full by a milligram an arc, which then is cut.
        most = len(part.flows_mg)
        assert np.abs(done.masses.flows_mg - part.flows_mg).max(initial=0) <= most
        assert unplanned([part.problem], [offered]) == {}


def test_each_period_has_its_own_shares_and_what_nobody_planned_is_named() -> None:
    city = city_with(stores_t=None)
    city.sites = {name: site for name, site in city.sites.items() if name == "heap"}
    [part] = split(
        pose_ahead(city, [offer_t(north_peel=7, south_peel=7), offer_t(north_peel=7)], WEEKS[:2])
    )
    came = [offer_t(north_peel=7, south_peel=7), offer_t(north_peel=14, south_peel=3)]

    done = carry_out(part, settle(part).flows_mg, came)

    assert unplanned([part], came) == {(1, node): 3 * T for node in offer_t(south_peel=3)}
    assert per_intake(part, done.masses.flows_mg).tolist() == [7 * T, 7 * T]
    assert done.masses.unmet_mg.sum() == 14 * T


def test_a_plan_with_stores_is_not_carried_out() -> None:
    city = city_with(stores_t=5.0)
    problem = pose(city, offer_t(north_peel=7), ONE_DAY)

    with pytest.raises(NotCarriedOut, match="cannot be carried out on other masses"):
        carry_out(problem, np.zeros(len(problem.arc_node), dtype=np.int64), [{}])
