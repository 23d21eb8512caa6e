from dataclasses import replace

import numpy as np
import pytest

from bioloom.circuits.layout.hauling import Lanes
from bioloom.circuits.posing import Problem
from bioloom.circuits.settling import settle
from bioloom.circuits.solving import growing, stages
from bioloom.circuits.solving.program import Program
from bioloom.circuits.splitting import split
from tests.circuits.cities import problem_of


def wide_city(*, nodes: int = 40, intakes: int = 25, need: float = 1.0) -> Problem:
    """Every node reaches every intake; there is room for three quarters of what is offered."""
    random = np.random.default_rng(5)
    supply_t = np.round(random.gamma(2.0, 5.0, nodes) + 0.1, 1)
    share = random.gamma(1.0, 1.0, intakes)
    capacity_t = np.round(0.75 * supply_t.sum() * share / share.sum(), 3)
    km = np.round(random.random((nodes, intakes)) * 30, 2)
    return problem_of(
        supply_t=supply_t.tolist(),
        capacity_t=capacity_t.tolist(),
        arcs=[(i, k, float(km[i, k])) for i in range(nodes) for k in range(intakes)],
        need=[need if i % 3 else 1.0 for i in range(nodes)],
        hazardous=[i % 5 == 0 for i in range(nodes)],
    )


def test_a_plan_over_few_arcs_is_that_over_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    city = wide_city(need=1.5)

    over_all = settle(city)
    monkeypatch.setattr(stages, "MANY_ARCS", 1)
    over_few = settle(city)

    assert over_few.verdict.faults == ()
    assert [proof.aim for proof in over_few.verdict.proofs] == [
        proof.aim for proof in over_all.verdict.proofs
    ]
    assert [proof.value for proof in over_few.verdict.proofs] == pytest.approx(
        [proof.value for proof in over_all.verdict.proofs], rel=1e-7
    )


def test_limits_on_a_few_arcs_are_kept_and_the_rest_is_the_best_beside_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    city = wide_city(need=1.5)
    free_mg = settle(city).flows_mg
    busiest = np.argsort(free_mg)[-3:]
    limits = Lanes(capacity_mg=free_mg[busiest] // 3, lane=np.arange(3), arc=busiest)
    limited = replace(city, lanes=limits)

    over_all = settle(limited)
    monkeypatch.setattr(stages, "MANY_ARCS", 1)
    over_few = settle(limited)

    assert isinstance(stages.program_of(limited), growing.GrowingProgram)
    assert over_few.verdict.faults == ()
    assert [proof.value for proof in over_few.verdict.proofs] == pytest.approx(
        [proof.value for proof in over_all.verdict.proofs], rel=1e-7
    )


def test_most_arcs_of_a_wide_city_never_come() -> None:
    program = growing.GrowingProgram(wide_city())
    program.aim_at(level=1.0)
    program.minimum()

    assert 40 < program.arcs < 40 * 25 / 4


def test_an_arc_that_no_hint_named_comes_when_its_price_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    city = wide_city()
    monkeypatch.setattr(growing, "priced_ways_km", lambda problem: -problem.arc_km)
    misled, whole = growing.GrowingProgram(city), Program(city)

    for program in (misled, whole):
        program.aim_at(ways=city.arc_km, unmet=100.0)

    assert misled.minimum() == pytest.approx(whole.minimum())


def test_what_is_under_way_and_in_force_stands_in_a_plan_over_few_arcs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    city = wide_city()
    far = int(np.argmax(city.arc_km))
    mass_mg = min(city.supply_mg[city.arc_node[far]], city.capacity_mg[city.arc_intake[far]]) // 2
    alone = np.zeros_like(city.arc_node)
    alone[far] = mass_mg
    monkeypatch.setattr(stages, "MANY_ARCS", 1)

    (part,) = split(replace(city, floor_mg=alone, in_force_mg=alone))
    settled = settle(part)

    assert settled.verdict.faults == ()
    assert settled.flows_mg[far] >= mass_mg
