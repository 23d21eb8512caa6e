"""Proposing and adopting: what is adopted is what was proposed, lot by lot, and only once."""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.binding.assigning import LotsMissing
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.posing import Node
from bioloom.circuits.proposing import (
    FiguresChanged,
    PeriodTaken,
    PlanAlreadyAdopted,
    PlanOnlyTried,
    PlansKnown,
    PlanUnknown,
    PlanUnproven,
    inputs_sha256,
    propose,
)
from bioloom.circuits.replanning.adopting import Adoption, adopt
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import CommitmentMade, PlanAdopted
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import (
    ONE_DAY,
    add_district,
    add_material,
    add_site,
    add_vehicles,
    offer_t,
)

OFFERED = offer_t(north_peel=8)
NORTH_PEEL: Node = (DistrictId("north"), MaterialId("peel"))
MAY = Period(first=date(2024, 5, 1), last=date(2024, 5, 31))


def small_city() -> Declared:
    city = Declared()
    add_district(city, "north")
    add_material(city, "peel")
    add_site(city, "heap", "peel", km=1, t_per_day=5)
    add_site(city, "mill", "peel", km=2, t_per_day=2)
    return city


CITY = small_city()


def recorded(body: msgspec.Struct) -> Entry[Any]:
    moment = Instant("2024-06-01T00:00:00.000Z")
    return Entry(
        seq=1,
        id="e1",
        kind=type(body).__name__,
        version=1,
        occurred_at=moment,
        recorded_at=moment,
        author=AgentId("steward"),
        idempotency_key="k1",
        corrects=None,
        cause=None,
        body=body,
    )


def known_of(*bodies: msgspec.Struct) -> PlansKnown:
    known = PlansKnown()
    for body in bodies:
        known.fold(recorded(body))
    return known


def planned(period: Period = ONE_DAY) -> Plan:
    return plan(CITY, OFFERED, period)


def lots(*masses_t: float) -> dict[Node, list[Portion]]:
    return {
        NORTH_PEEL: [
            Portion(lot=LotId(f"lot{number}"), mass_mg=round(mass * 10**9))
            for number, mass in enumerate(masses_t)
        ]
    }


def adopt_all(
    name: str, known: PlansKnown, supply_lots: dict[Node, list[Portion]]
) -> tuple[PlanAdopted, Adoption]:
    sha256 = known.named(name).inputs_sha256
    return adopt(name, known, CITY, current_inputs_sha256=sha256, supply_lots=supply_lots)


def adopt_named(
    name: str, known: PlansKnown, supply_lots: dict[Node, list[Portion]]
) -> tuple[CommitmentMade, ...]:
    return adopt_all(name, known, supply_lots)[1].made


def test_a_proposal_holds_the_plan_and_names_its_figures() -> None:
    made = planned()

    proposed = propose(made, plan="p1")

    assert (proposed.flows, proposed.unmet, proposed.stages) == (
        made.flows,
        made.unmet,
        made.stages,
    )
    assert proposed.inputs_sha256 == inputs_sha256(made.problem, ONE_DAY)


def test_a_plan_without_a_site_is_never_proposed() -> None:
    tried = plan(CITY, OFFERED, ONE_DAY, without=[SiteId("mill")])

    with pytest.raises(PlanOnlyTried, match="leaves out mill"):
        propose(tried, plan="p1")


def test_a_plan_that_the_checker_faults_is_never_proposed() -> None:
    unproven = replace(planned(), faults=("a mass is below zero",))

    with pytest.raises(PlanUnproven, match="a mass is below zero"):
        propose(unproven, plan="p1")


def test_any_changed_figure_changes_the_hash_and_the_order_of_telling_does_not() -> None:
    sha256 = inputs_sha256(planned().problem, ONE_DAY)
    nearer, needier, roomier = small_city(), small_city(), small_city()
    add_site(nearer, "mill", "peel", km=1.5, t_per_day=2)
    add_district(needier, "north", need=1200)
    add_site(roomier, "mill", "peel", km=2, t_per_day=3)
    changed = [plan(city, OFFERED, ONE_DAY).problem for city in (nearer, needier, roomier)]
    changed.append(plan(CITY, offer_t(north_peel=8.5), ONE_DAY).problem)

    assert len({sha256, *(inputs_sha256(problem, ONE_DAY) for problem in changed)}) == 5
    assert inputs_sha256(planned().problem, MAY) != sha256
    shuffled = small_city()
    shuffled.sites = dict(reversed(shuffled.sites.items()))
    assert inputs_sha256(plan(shuffled, OFFERED, ONE_DAY).problem, ONE_DAY) == sha256


def test_figures_of_a_city_without_yards_works_and_vehicles_are_named_as_they_always_were() -> None:
    assert inputs_sha256(planned().problem, ONE_DAY).startswith("5dd9290fa69ab814")


def test_yards_works_and_vehicles_are_figures_too() -> None:
    yard, works, fleet = small_city(), small_city(), small_city()
    add_district(yard, "north", stores_t=3)
    add_site(works, "mill", "peel", km=2, t_per_day=2, makes={"pulp": 500})
    add_material(works, "pulp")
    add_vehicles(fleet, "van", t_per_day=4)
    problems = [plan(city, OFFERED, ONE_DAY).problem for city in (CITY, yard, works, fleet)]

    assert len({inputs_sha256(problem, ONE_DAY) for problem in problems}) == 4


def test_what_is_stored_and_goes_on_stands_in_the_proposal() -> None:
    city = small_city()
    add_district(city, "north", stores_t=1)
    add_material(city, "rejects")
    add_site(city, "heap", "peel", km=1, t_per_day=5, residue="rejects")
    add_site(city, "pit", "rejects")

    proposed = propose(plan(city, OFFERED, ONE_DAY), plan="p1")

    assert [kept.mass_mg for kept in proposed.stored] == [10**9]
    assert [(move.origin, move.site, move.mass_mg) for move in proposed.onward] == [
        ("heap", "pit", 25 * 10**7)
    ]


def test_lots_are_committed_oldest_first() -> None:
    known = known_of(propose(planned(), plan="p1"))

    heap, mill = adopt_named("p1", known, lots(3, 3, 2))

    assert heap.lots == (
        Portion(lot=LotId("lot0"), mass_mg=3 * 10**9),
        Portion(lot=LotId("lot1"), mass_mg=2 * 10**9),
    )
    assert mill.lots == (
        Portion(lot=LotId("lot1"), mass_mg=10**9),
        Portion(lot=LotId("lot2"), mass_mg=10**9),
    )
    assert (heap.provider, heap.receiver) == ("commons:north", "site:heap")


@given(masses_mg=st.lists(st.integers(0, 8 * 10**9), max_size=6))
def test_commitments_are_the_flows_to_the_milligram(masses_mg: list[int]) -> None:
    rest_mg = max(0, 8 * 10**9 - sum(masses_mg))
    portions = [
        Portion(lot=LotId(f"lot{n}"), mass_mg=mass) for n, mass in enumerate([*masses_mg, rest_mg])
    ]
    proposed = propose(planned(), plan="p1")

    made = adopt_named("p1", known_of(proposed), {NORTH_PEEL: portions})

    assert [commitment.mass_mg for commitment in made] == [flow.mass_mg for flow in proposed.flows]
    taken: dict[str, int] = {}
    for commitment in made:
        assert sum(portion.mass_mg for portion in commitment.lots) == commitment.mass_mg
        for portion in commitment.lots:
            taken[portion.lot] = taken.get(portion.lot, 0) + portion.mass_mg
    assert all(taken.get(portion.lot, 0) <= portion.mass_mg for portion in portions)


def test_a_plan_that_nobody_proposed_cannot_be_adopted() -> None:
    with pytest.raises(PlanUnknown, match="No plan 'p9'"):
        adopt_named("p9", PlansKnown(), {})


def test_a_plan_is_adopted_once() -> None:
    known = known_of(propose(planned(), plan="p1"))
    adopted, _ = adopt_all("p1", known, lots(8))

    with pytest.raises(PlanAlreadyAdopted, match="'p1' was adopted before"):
        adopt_named("p1", known_of(known.named("p1"), adopted), lots(8))


def test_a_plan_made_of_older_figures_cannot_be_adopted() -> None:
    known = known_of(propose(planned(), plan="p1"))

    with pytest.raises(FiguresChanged, match="have changed since plan 'p1'"):
        adopt("p1", known, CITY, current_inputs_sha256="0" * 64, supply_lots=lots(8))


def test_lots_that_are_too_light_are_refused() -> None:
    known = known_of(propose(planned(), plan="p1"))

    with pytest.raises(LotsMissing, match="lack 1000000000 mg"):
        adopt_named("p1", known, lots(6))


def test_a_newer_plan_of_the_same_period_replaces_the_one_in_force() -> None:
    first, second = propose(planned(), plan="p1"), propose(planned(), plan="p2")
    one, _ = adopt_all("p1", known_of(first, second), lots(8))
    two, _ = adopt_all("p2", known_of(first, second, one), lots(8))

    known = known_of(first, second, one, two)

    assert (one.supersedes, two.supersedes) == (None, "p1")
    assert known.in_force_for(ONE_DAY) == second
    assert known.in_force_for(MAY) is None


def test_a_plan_that_shares_days_with_another_period_in_force_is_refused() -> None:
    day, month = propose(planned(), plan="p1"), propose(planned(MAY), plan="p2")
    adopted, _ = adopt_all("p1", known_of(day), lots(8))

    with pytest.raises(PeriodTaken, match="'p1' is in force from 2024-05-01"):
        adopt_all("p2", known_of(day, adopted, month), lots(8))
