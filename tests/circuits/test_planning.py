"""Planning: one call from facts to a plan, and the form in which it is printed."""

import json
from datetime import date

import pytest

from bioloom.circuits.planning import plan, plan_json
from bioloom.circuits.posing import SiteUnknown
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow, Unmet
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId
from tests.circuits.cities import ONE_DAY, add_district, add_material, add_site, offer_t

OFFERED = offer_t(north_peel=8, north_leaves=2, south_peel=10)


@pytest.fixture
def city() -> Declared:
    city = Declared()
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_material(city, "peel", group="organics")
    add_material(city, "leaves", group="organics")
    add_site(city, "heap", "organics", km=1, t_per_day=4)
    add_site(city, "digester", "organics", km=12, t_per_day=6)
    return city


def test_a_plan_prints_with_the_agreed_keys_and_plain_values(city: Declared) -> None:
    printed = json.loads(json.dumps(plan_json(plan(city, OFFERED, ONE_DAY))))

    assert printed["period"] == {"from": "2024-05-01", "to": "2024-05-01"}
    assert printed["service"] == {"north": 0.5, "south": 0.5}
    assert printed["service_by_group"] == {"north": {"organics": 0.5}, "south": {"organics": 0.5}}
    assert set(printed["flows"][0]) == {"district", "material", "site", "mass_mg"}
    assert set(printed["unmet"][0]) == {"district", "material", "mass_mg"}
    assert printed["certificate"]["checked"] is True
    assert printed["certificate"]["gap"] <= 1e-6
    assert [stage["name"] for stage in printed["certificate"]["stages"]] == [
        "organics: fairness 1",
        "organics: cost 1",
    ]
    assert set(printed["certificate"]["stages"][0]) == {"name", "value", "bound", "gap"}
    assert set(printed["reasons"]) == {"north", "south"}


def test_flows_and_unmet_are_what_is_offered(city: Declared) -> None:
    made = plan(city, OFFERED, ONE_DAY)

    told = dict.fromkeys(OFFERED, 0)
    shares: list[Flow | Unmet] = [*made.flows, *made.unmet]
    for share in shares:
        told[share.district, share.material] += share.mass_mg
    assert told == OFFERED


def test_room_adds_up_over_the_days_of_a_period(city: Declared) -> None:
    two_days = Period(first=date(2024, 5, 1), last=date(2024, 5, 2))

    made = plan(city, OFFERED, two_days)

    assert made.service == {"north": 1.0, "south": 1.0}
    assert [(load.site, load.capacity_mg) for load in made.loads] == [
        ("digester", 12 * 10**9),
        ("heap", 8 * 10**9),
    ]


def test_residue_is_reported_and_takes_no_room(city: Declared) -> None:
    made = plan(city, OFFERED, ONE_DAY)

    heap = next(load for load in made.loads if load.site == "heap")
    assert (heap.mass_mg, heap.residue_mg) == (4 * 10**9, 200_000_000)


def test_without_a_site_every_district_shares_the_loss(city: Declared) -> None:
    made = plan(city, OFFERED, ONE_DAY, without=[SiteId("heap")])

    assert made.without == ("heap",)
    assert made.service == pytest.approx({"north": 0.3, "south": 0.3})
    assert {flow.site for flow in made.flows} == {"digester"}


def test_a_site_that_does_not_exist_is_refused(city: Declared) -> None:
    with pytest.raises(SiteUnknown, match="no site 'moon'"):
        plan(city, OFFERED, ONE_DAY, without=[SiteId("moon")])


def test_reasons_may_be_left_for_later(city: Declared) -> None:
    made = plan(city, OFFERED, ONE_DAY, explain=False)

    assert (made.reasons, made.checked) == ({}, True)


def test_a_city_with_nothing_to_plan_has_an_empty_plan() -> None:
    made = plan(Declared(), {}, ONE_DAY)

    assert (made.flows, made.unmet, made.service, made.checked, made.gap) == ((), (), {}, True, 0.0)


def test_a_site_with_two_intakes_for_a_group_is_one_site(city: Declared) -> None:
    heap = city.sites[SiteId("heap")]
    twice = {"site": SiteId("twin"), "intakes": heap.intakes * 2}
    city.sites[SiteId("twin")] = type(heap)(
        **{name: getattr(heap, name) for name in heap.__struct_fields__} | twice
    )

    made = plan(city, offer_t(north_peel=7), ONE_DAY, without=[SiteId("heap"), SiteId("digester")])

    assert [(flow.site, flow.mass_mg) for flow in made.flows] == [("twin", 7 * 10**9)]
    assert made.loads[0].capacity_mg == 8 * 10**9
