"""Rules compared: each is the best by its own measure, judged by programs that the tests write."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bioloom.circuits.codes.governing import govern
from bioloom.circuits.comparing.ruling import (
    Comparison,
    ComparisonTooLarge,
    GiniOutOfRange,
    Ruled,
    compare,
    gini_of,
    read_gini,
)
from bioloom.circuits.posing import Flags, Floats, Problem, pose
from bioloom.vocabulary.entries.codes import Banned, Prioritised
from bioloom.vocabulary.places import SiteId
from tests.circuits.cities import ONE_DAY, add_district, offer_t, problem_of, problems
from tests.circuits.codes.test_governing import FAR, ORGANICS, SOUTH, city, version


class Program:
    """Shares and ways of a small problem as rows for scipy; columns are tonnes on each arc."""

    def __init__(self, problem: Problem) -> None:
        nodes, sites = len(problem.nodes), len(problem.sites)
        self.supply_t = problem.supply_mg / 1e9
        self.km = problem.arc_km
        by_node = np.array([problem.arc_node == node for node in range(nodes)], dtype=float)
        by_intake = np.array([problem.arc_intake == site for site in range(sites)], dtype=float)
        self.rows = np.vstack([by_node, by_intake])
        self.most = np.concatenate([self.supply_t, problem.capacity_mg / 1e9])
        # One cell a node in these problems.
        self.share = by_node / self.supply_t[:, None]

    def least(self, cost: Floats, rows: list[Floats] | None = None) -> float | None:
        more = rows or []
        found = linprog(
            cost,
            A_ub=np.vstack([self.rows, *more]),
            b_ub=np.concatenate([self.most, np.zeros(len(more))]),
            method="highs",
        )
        return float(found.fun) if found.status == 0 else None


def by_name(comparison: Comparison) -> dict[str, Ruled]:
    return {one.rule: one for one in comparison.rules}


def shares_of(problem: Problem, ruled: Ruled) -> Floats:
    return np.array([ruled.service[district] for district, _ in problem.nodes])


@settings(max_examples=60, deadline=None)
@given(problems(in_force=False))
def test_each_rule_is_the_best_by_its_own_measure(problem: Problem) -> None:
    if not problem.arc_node.size:
        return
    comparison, program = compare(problem, gini=0.15), Program(problem)
    told = by_name(comparison)
    servable = np.array([cell not in comparison.unservable for cell in problem.cells])
    if not servable.any():
        assert set(told) == {"leximin"}
        return

    offered_t = program.supply_t.sum()
    least = program.least(-np.ones(len(program.km)))
    assert least is not None
    assert told["utilitarian"].unmet_t == pytest.approx(offered_t + least, abs=1e-5)
    assert all(one.unmet_t >= told["utilitarian"].unmet_t - 1e-5 for one in comparison.rules)

    # No plan helps some by a larger percentage, weighed by need, than it hurts others.
    shares = shares_of(problem, told["proportional"])
    weight = np.where(servable, problem.need / np.where(servable, shares, 1.0), 0.0)
    gain = program.least(-(weight @ program.share))
    assert gain is not None
    assert -gain <= problem.need[servable].sum() * (1 + 2e-3)

    # Gini by every order in which the cells could stand.
    rows = gini_rows(program, servable, 0.15)
    least = program.least(-np.ones(len(program.km)), rows)
    assert least is not None
    assert told["gini"].gini <= 0.15 + 2e-6
    assert told["gini"].unmet_t == pytest.approx(offered_t + least, abs=1e-3)
    assert min(one.least for one in comparison.rules) >= 0
    worst = [
        float((problem.need * (1 - shares_of(problem, one)))[servable].max())
        for one in comparison.rules
    ]
    assert worst[0] <= min(worst) + 1e-6


def gini_rows(program: Program, servable: Flags, gini: float) -> list[Floats]:
    count = int(servable.sum())
    places = 2 * np.arange(1, count + 1) - count - 1
    rows = []
    for order in permutations(range(count)):
        weight = np.zeros(len(servable))
        weight[servable] = places[list(order)] - gini * count
        rows.append(weight @ program.share)
    return rows


def test_leximin_lifts_the_worst_and_the_others_place_more_or_go_less_far() -> None:
    # Two share a site of 6 t, one offers 10 t and the other 2 t; both reach it.
    problem = problem_of(supply_t=[10, 2], capacity_t=[6], arcs=[(0, 0, 1.0), (1, 0, 5.0)])
    told = by_name(compare(problem, gini=1.0))
    assert told["leximin"].sorted_service == pytest.approx((0.5, 0.5))
    # Equal logarithms of shares: the small one is placed whole, and the large one has the rest.
    assert told["proportional"].sorted_service == pytest.approx((0.4, 1.0), abs=1e-3)
    # The nearer one first.
    assert told["utilitarian"].sorted_service == pytest.approx((0.0, 0.6), abs=1e-6)
    assert [one.adopted for one in told.values()] == [True, False, False, False]


def test_where_all_finds_room_every_rule_places_all_of_it() -> None:
    problem = problem_of(supply_t=[10, 2], capacity_t=[30], arcs=[(0, 0, 1.0), (1, 0, 5.0)])
    for told in compare(problem).rules:
        assert (told.least, told.unmet_t, set(told.service.values())) == (1.0, 0.0, {1.0})


def test_all_rules_keep_the_codes_and_who_comes_first_is_no_reason_to_be_left_out() -> None:
    declared = city(near_t=4.0, far_t=100.0)
    offered = offer_t(north_peel=4, south_peel=4)
    rules = version(Banned(sites=(FAR,)), Prioritised(districts=(SOUTH,))).provisions

    comparison = compare(govern(pose(declared, offered, ONE_DAY), declared, rules))

    assert comparison.unservable == ()
    assert all(one.unmet_t == pytest.approx(4.0, abs=1e-6) for one in comparison.rules)
    assert by_name(comparison)["leximin"].service[SOUTH] == 1.0


def test_what_no_plan_can_serve_is_named_and_counts_in_no_measure() -> None:
    declared = city(far_t=0.0)
    add_district(declared, "south", km=2.0)
    offered = offer_t(north_peel=4, south_peel=4)
    ban = Banned(sites=(FAR, SiteId("near")))
    comparison = compare(
        govern(pose(declared, offered, ONE_DAY), declared, version(ban).provisions)
    )
    assert {group for _, group in comparison.unservable} == {ORGANICS}
    (leximin,) = comparison.rules
    assert (leximin.least, leximin.sorted_service, leximin.unmet_t) == (0.0, (), 8.0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_gini_is_half_the_mean_difference_over_the_mean(drawn: list[float]) -> None:
    shares = np.array(drawn)
    if not shares.sum() > 1e-6:
        return
    difference = np.abs(shares[:, None] - shares[None, :]).mean()
    assert gini_of(shares) == pytest.approx(difference / 2 / shares.mean(), abs=1e-9)


@pytest.mark.parametrize("text", ["-0.1", "1.5", "fair", "nan", "1/0", "1e999"])
def test_a_bound_that_is_no_gini_coefficient_is_refused(text: str) -> None:
    with pytest.raises(GiniOutOfRange, match="no Gini coefficient"):
        read_gini(text)


def test_a_city_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bioloom.circuits.comparing.ruling.MOST_ARCS", 1)
    problem = problem_of(supply_t=[1, 1], capacity_t=[1], arcs=[(0, 0, 1.0), (1, 0, 1.0)])
    with pytest.raises(ComparisonTooLarge, match="2 ways"):
        compare(problem)
