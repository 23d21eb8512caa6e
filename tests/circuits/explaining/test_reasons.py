"""Explaining: one sentence a district, and every number in it can be verified with a plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.codes.trying import Rulebook
from bioloom.circuits.explaining.wording import percent, tonnes
from bioloom.circuits.planning import Plan, plan
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import Banned, DistanceLimited
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import ONE_DAY, add_district, add_material, add_site, offer_t
from tests.circuits.codes.test_governing import version

NORTH = DistrictId("north")


@pytest.fixture
def city() -> Declared:
    city = Declared()
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_material(city, "peel")
    add_material(city, "glass")
    return city


def reason(made: Plan) -> str:
    return made.reasons[NORTH]


def test_a_district_that_offers_nothing_is_told_so(city: Declared) -> None:
    assert reason(plan(city, offer_t(south_peel=1), ONE_DAY)) == (
        "It offered nothing in this period."
    )


def test_a_material_that_no_site_takes_is_named(city: Declared) -> None:
    add_site(city, "heap", "peel")

    assert reason(plan(city, offer_t(north_glass=2, north_peel=9), ONE_DAY)) == (
        "Of 2 t of glass, 0 % is placed: no site takes it."
    )


def test_the_code_that_bans_a_material_everywhere_is_named_with_what_lifting_it_gives(
    city: Declared,
) -> None:
    add_site(city, "heap", "peel", t_per_day=4)
    add_site(city, "digester", "glass", t_per_day=3)
    ban = version(Banned(sites=(SiteId("heap"),)), code="quiet")
    other = version(Banned(sites=(SiteId("digester"),)), code="other")
    codes = Rulebook(versions=[other, ban])

    assert reason(plan(city, offer_t(north_peel=8), ONE_DAY, codes=codes)) == (
        "Of 8 t of peel, 0 % is placed: the Code 'quiet' keeps it from every site that takes it; "
        "without it, 50 % would be placed."
    )


def test_codes_that_ban_it_only_together_are_named_together(city: Declared) -> None:
    add_site(city, "heap", "peel", t_per_day=4, km=3.0)
    codes = [
        version(Banned(sites=(SiteId("heap"),)), code="quiet"),
        version(DistanceLimited(limit_m=1000), code="near"),
    ]

    assert reason(plan(city, offer_t(north_peel=4), ONE_DAY, codes=Rulebook(versions=codes))) == (
        "Of 4 t of peel, 0 % is placed: the Codes 'quiet' and 'near' together keep it from every "
        "site that takes it; without them, all of it would be placed."
    )


def test_what_no_site_takes_even_without_any_code_is_not_blamed_on_one(city: Declared) -> None:
    add_site(city, "heap", "peel", t_per_day=4)
    codes = Rulebook(versions=[version(Banned(sites=(SiteId("heap"),)))])

    assert reason(plan(city, offer_t(north_glass=2), ONE_DAY, codes=codes)) == (
        "Of 2 t of glass, 0 % is placed: no site takes it."
    )


def test_a_site_left_out_is_named_with_what_it_would_change(city: Declared) -> None:
    add_site(city, "heap", "peel", t_per_day=4)
    add_site(city, "digester", "peel", t_per_day=3)

    made = plan(city, offer_t(north_peel=8), ONE_DAY, without=[SiteId("digester")])

    assert reason(made) == (
        "Of 8 t of peel, 50 % is placed: Digester is left out of this plan; "
        "with it back, 87.5 % would be placed."
    )


def test_the_only_site_that_is_full_is_named_with_the_room_it_lacks(city: Declared) -> None:
    add_site(city, "heap", "peel", t_per_day=4)

    assert reason(plan(city, offer_t(north_peel=8, south_peel=8), ONE_DAY)) == (
        "Of 8 t of peel, 25 % is placed: Heap, the only site that takes it, is full; "
        "with room for 12 t more there, all of it would be placed."
    )


def test_of_full_sites_the_one_that_would_have_to_grow_least_is_named(city: Declared) -> None:
    add_site(city, "heap", "peel", t_per_day=1)
    add_site(city, "digester", "peel", t_per_day=9)

    assert reason(plan(city, offer_t(north_peel=16), ONE_DAY)) == (
        "Of 16 t of peel, 62.5 % is placed: Digester is full; "
        "with room for 6 t more there, all of it would be placed."
    )


def test_where_even_twice_the_room_would_not_do_there_is_no_single_cause(city: Declared) -> None:
    add_site(city, "heap", "peel", t_per_day=1)
    add_site(city, "digester", "peel", t_per_day=3)

    assert reason(plan(city, offer_t(north_peel=16, north_glass=1), ONE_DAY)) == (
        "Of 1 t of glass, 0 % is placed: no site takes it (also short: peel)."
    )
    assert reason(plan(city, offer_t(north_peel=16), ONE_DAY)) == (
        "Of 16 t of peel, 25 % is placed: no single cause, for all 2 sites that take it are full; "
        "even with room for 3 t more at Digester, only 43.8 % would be."
    )


def test_a_full_site_that_is_passed_is_named(city: Declared) -> None:
    add_site(city, "heap", "peel", km=1, t_per_day=5)
    add_site(city, "digester", "peel", km=30)

    made = plan(city, offer_t(north_peel=8, south_peel=2), ONE_DAY)

    assert made.service == {"north": 1.0, "south": 1.0}
    assert reason(made) == (
        "All is placed, but 3 t of peel go past Heap, the nearest site that takes it, which is "
        "full; with room for 5 t more there, for others pass it too, none would have to."
    )


def test_where_nothing_is_passed_the_nearest_sites_are_enough(city: Declared) -> None:
    add_site(city, "heap", "peel", km=1)
    add_site(city, "digester", "peel", km=30)

    assert reason(plan(city, offer_t(north_peel=8), ONE_DAY)) == (
        "All 8 t are placed, each material at the nearest site of the plan that takes it."
    )


tenths = st.integers(1, 300).map(lambda tenths: tenths / 10)


@given(offers=st.tuples(tenths, tenths), rooms=st.tuples(tenths, tenths, tenths))
def test_every_room_that_is_said_to_help_does(
    offers: tuple[float, float], rooms: tuple[float, float, float]
) -> None:
    city = two_banks(rooms)
    offered = offer_t(north_peel=offers[0], south_peel=offers[1])
    for district, cause in plan(city, offered, ONE_DAY).causes.items():
        if cause.kind not in ("full", "no_single", "passed") or cause.site is None:
            continue
        roomier = two_banks(rooms, site=cause.site, more_t=cause.more_mg / 10**9)

        then = plan(roomier, offered, ONE_DAY)

        assert then.service[district] == pytest.approx(cause.service_then)
        assert (cause.service_then == 1.0) == (cause.kind != "no_single") or cause.service == 1.0
        if cause.kind == "passed":
            assert then.causes[district].site != cause.site


def two_banks(
    rooms: tuple[float, float, float], *, site: str = "", more_t: float = 0.0
) -> Declared:
    """Two districts on a line, with a site at each and one between them."""
    city = Declared()
    add_material(city, "peel")
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    for name, km, room in zip(("bank", "bridge", "mill"), (0, 4, 11), rooms, strict=True):
        add_site(city, name, "peel", km=km, t_per_day=room + (more_t if name == site else 0.0))
    return city


@given(share=st.floats(0.0, 1.0))
def test_only_all_reads_as_all_and_only_nothing_as_nothing(share: float) -> None:
    assert (percent(share) == "100 %") == (share == 1.0)
    assert (percent(share) == "0 %") == (share == 0.0)


def test_masses_read_as_people_write_them() -> None:
    assert [tonnes(round(mass * 10**9)) for mass in (12_345.6, 99.94, 1.0)] == [
        "12,346 t",
        "99.9 t",
        "1 t",
    ]
