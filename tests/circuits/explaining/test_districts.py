"""Districts: a reason names what people decided or reported, where a plan without it gives more."""

import pytest

from bioloom.circuits.codes.trying import Rulebook
from bioloom.circuits.planning import Plan, plan
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import Banned, Prioritised
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import ONE_DAY, add_district, add_material, add_site, offer_t
from tests.circuits.codes.test_governing import version
from tests.circuits.explaining.test_lifting import disrupted

NORTH, SOUTH = DistrictId("north"), DistrictId("south")


@pytest.fixture
def city() -> Declared:
    city = Declared()
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_material(city, "peel")
    add_material(city, "glass")
    add_site(city, "heap", "peel", km=1, t_per_day=9)
    add_site(city, "far", "peel", km=30, t_per_day=9)
    add_site(city, "furnace", "glass", km=2, t_per_day=50)
    return city


def made(city: Declared, *codes: str, **offered_t: float) -> Plan:
    versions = [version(Banned(sites=(SiteId(site),)), code=f"no-{site}") for site in codes]
    return plan(city, offer_t(**offered_t), ONE_DAY, codes=Rulebook(versions=versions))


def test_a_site_that_is_down_is_named_before_the_one_that_is_full_for_it(city: Declared) -> None:
    storm = disrupted(city, kind="site_down", site="heap")

    done = made(storm, north_peel=12)

    assert done.reasons[NORTH] == (
        "Of 12 t of peel, 75 % is placed: Heap is down (A flood); without that, all of it would "
        "be placed."
    )
    cause = done.causes[NORTH]
    assert (cause.kind, cause.site, cause.service_then) == ("site_down", "heap", 1.0)
    assert cause.lifted is not None
    assert cause.lifted.name == "storm"
    assert done.binds.hindered[NORTH].reason == "site_down"


def test_of_all_groups_the_one_is_told_of_that_goes_farther_for_it(city: Declared) -> None:
    storm = disrupted(city, kind="site_down", site="heap")

    assert made(storm, north_peel=4, north_glass=40).reasons[NORTH] == (
        "All is placed, but 4 t of peel go farther than to Heap: Heap is down (A flood); without "
        "that, none would have to."
    )


def test_what_would_still_go_farther_is_said(city: Declared) -> None:
    storm = disrupted(city, kind="capacity_cut", site="heap", per_mille=500)

    assert made(storm, north_peel=11).reasons[NORTH] == (
        "All is placed, but 6.5 t of peel go farther than to Heap: Heap has less room (A flood); "
        "without that, only 2 t would have to."
    )


def test_a_code_that_sends_material_farther_is_named_with_what_is_short_besides(
    city: Declared,
) -> None:
    assert made(city, "heap", north_peel=12, north_glass=60).reasons[NORTH] == (
        "Of 12 t of peel, 75 % is placed: the Code 'no-heap' bans it from Heap; without that, all "
        "of it would be placed (also short: glass)."
    )


def test_a_code_that_puts_others_first_is_named(city: Declared) -> None:
    first = version(Prioritised(districts=(SOUTH,)), code="first")
    done = plan(
        city, offer_t(north_peel=18, south_peel=6), ONE_DAY, codes=Rulebook(versions=[first])
    )

    assert done.reasons[NORTH] == (
        "Of 18 t of peel, 66.7 % is placed: the Code 'first' puts others first; without that, "
        "75 % would be placed."
    )


@pytest.mark.parametrize(
    "storm", [{"kind": "site_down", "site": "furnace"}, {"kind": "blockade", "areas": ["south"]}]
)
def test_what_touches_no_way_of_a_district_is_not_blamed(
    city: Declared, storm: dict[str, object]
) -> None:
    calm = made(city, north_peel=12).reasons[NORTH]

    done = made(disrupted(city, **storm), north_peel=12)

    assert done.reasons[NORTH] == calm
    assert done.binds.hindered == {}
    assert "go past Heap" in calm
