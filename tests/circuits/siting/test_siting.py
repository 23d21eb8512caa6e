"""Siting: what a facility changes is what two plans say, and what it touches is measured."""

import json
from io import BytesIO
from math import pi
from typing import Any

import msgspec
import pytest

from bioloom.circuits.codes.trying import Rulebook
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.siting.comparing import Siting, compare
from bioloom.circuits.siting.proposals import (
    Facility,
    FeatureAmiss,
    Zone,
    read_facilities,
    read_zones,
)
from bioloom.circuits.siting.touching import felt, outside, zones_touched
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.declared import Declared
from bioloom.ledger.formats.sheets import FileDamaged
from bioloom.vocabulary.entries.codes import (
    Banned,
    CodeEnacted,
    CodeId,
    DistanceLimited,
    Prioritised,
    Rule,
)
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId
from tests.circuits.cities import (
    KM_PER_DEGREE,
    ONE_DAY,
    add_district,
    add_material,
    add_site,
    offer_t,
)

ORGANICS = GroupId("organics")
NORTH = DistrictId("north")
YARD = {"name": "Yard", "accepts": ["organics"], "capacity_t_per_day": 4, "process": "digestion"}


def box(west_km: float, south_km: float, east_km: float, north_km: float) -> dict[str, Any]:
    west, south, east, north = (km / KM_PER_DEGREE for km in (west_km, south_km, east_km, north_km))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def at_km(km: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [km / KM_PER_DEGREE, 0.0]}


def a_map(*features: tuple[dict[str, Any], object]) -> BytesIO:
    told = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for properties, geometry in features
    ]
    return BytesIO(json.dumps({"type": "FeatureCollection", "features": told}).encode())


def facilities(*features: tuple[dict[str, Any], object]) -> tuple[Facility, ...]:
    return read_facilities(a_map(*features), groups=[ORGANICS])


def zones(*features: tuple[dict[str, Any], object]) -> tuple[Zone, ...]:
    return read_zones(a_map(*features))


def city() -> Declared:
    city = Declared()
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_material(city, "peel", group="organics")
    add_site(city, "heap", "organics", km=0, t_per_day=10)
    return city


def compared(*proposed: Facility, codes: tuple[Version, ...] = ()) -> Siting:
    offered = offer_t(north_peel=10, south_peel=10)

    def planned(declared: Declared, codes: Rulebook) -> Plan:
        return plan(declared, offered, ONE_DAY, explain=False, codes=codes)

    return compare(city(), proposed, planned=planned, codes=Rulebook(versions=codes))


def a_code(name: str, *rules: Rule) -> Version:
    terms = CodeEnacted(
        code=CodeId(name),
        version=1,
        title=name.title(),
        rationale="So decided.",
        rules=rules,
        first_day=ONE_DAY.first,
    )
    return Version(seq=1, terms=terms, last_day=None)


def test_what_a_facility_changes_is_the_difference_of_two_certified_plans() -> None:
    found = compared(*facilities((YARD, at_km(10))))

    (option,) = found.options
    assert (found.checked, option.checked) == (True, True)
    assert (option.taken_mg, option.unmet_mg, option.unmet_then_mg) == (
        4 * 10**9,
        10 * 10**9,
        6 * 10**9,
    )
    assert (option.least, option.least_then) == pytest.approx((0.5, 0.7))
    north, south = option.changes
    assert (north.service, north.service_then) == pytest.approx((0.5, 0.7))
    # South's 5 t went 10 km; now 4 of its 7 t stay.
    assert (south.km, south.km_then) == pytest.approx((10.0, 30 / 7), rel=1e-3)
    assert (north.km, north.km_then) == pytest.approx((0.0, 0.0))


def test_alternatives_are_each_compared_with_the_city_as_it_is() -> None:
    bigger = YARD | {"name": "Bigger", "capacity_t_per_day": 8}

    both = compared(*facilities((YARD, at_km(10)), (bigger, at_km(10)))).options
    alone = compared(*facilities((bigger, at_km(10)))).options

    assert [option.name for option in both] == ["Yard", "Bigger"]
    assert both[1].unmet_then_mg == alone[0].unmet_then_mg == 2 * 10**9


def test_a_facility_is_felt_within_its_radius() -> None:
    (felt_there,) = facilities((YARD | {"radius_m": 1000}, at_km(0)))

    assert felt(felt_there).area == pytest.approx(pi * 1e6, rel=0.002)


def test_zones_are_touched_by_area_and_people_by_the_share_of_it() -> None:
    (proposed,) = facilities((YARD | {"radius_m": 500}, box(0, 0, 1, 1)))
    layers = zones(
        ({"name": "Half", "kind": "protected", "population": 1000}, box(0.5, 0, 1.5, 1)),
        ({"name": "Beside", "kind": "water"}, box(1.2, 0, 2.2, 1)),
        ({"name": "Far", "kind": "protected", "population": 5}, box(3, 3, 4, 4)),
    )

    touched = zones_touched(proposed, layers)

    assert [(zone.name, zone.on_ground) for zone in touched] == [("Half", True), ("Beside", False)]
    assert touched[0].share == pytest.approx(1.0, abs=0.05)
    assert touched[0].people == pytest.approx(1000, abs=50)
    assert touched[1].share == pytest.approx(0.3, abs=0.01)
    assert touched[1].area_m2 == pytest.approx(300_000, rel=0.02)
    assert touched[1].people is None


def test_a_point_without_a_radius_touches_the_zones_it_lies_in_and_counts_nobody() -> None:
    (proposed,) = facilities((YARD, at_km(0.5)))
    layers = zones(
        ({"name": "Town", "population": 1000}, box(0, -1, 1, 1)),
        ({"name": "Beside", "population": 5}, box(0.6, -1, 1, 1)),
    )

    (touched,) = zones_touched(proposed, layers)

    assert (touched.name, touched.on_ground, touched.area_m2) == ("Town", True, 0)
    assert (touched.share, touched.people) == (0.0, None)


def test_a_place_outside_every_district_says_how_far_the_nearest_is() -> None:
    mapped = city()
    mapped.districts[NORTH] = msgspec.structs.replace(
        mapped.districts[NORTH], outline=zones(({"name": "North"}, box(-1, -1, 1, 1)))[0].outline
    )
    within, far = facilities((YARD, at_km(0.5)), (YARD, at_km(500)))

    assert outside(within, mapped) is None
    told = outside(far, mapped)
    assert told is not None
    assert told.district == "south"
    assert told.km == pytest.approx(490, rel=0.01)


def test_codes_that_ban_it_or_keep_districts_away_are_named() -> None:
    ban = Banned(groups=(ORGANICS,), processes=("digestion",))
    limit = DistanceLimited(limit_m=5000)
    other = Banned(groups=(GroupId("paper"),), processes=("digestion",))
    rules: tuple[Rule, ...] = (ban, limit, other, Prioritised(groups=(ORGANICS,)))
    (option,) = compared(*facilities((YARD, at_km(10))), codes=(a_code("air", *rules),)).options

    assert [(code.rule, code.says) for code in option.codes] == [
        (1, "bans organics to digestion"),
        (2, "keeps organics of 1 of 2 districts away, which are farther than 5000 m"),
    ]


def test_a_code_that_touches_a_facility_says_what_it_would_be_without_it() -> None:
    bans = a_code("air", Banned(processes=("digestion",)))
    reach = a_code("reach", DistanceLimited(limit_m=5000))

    (option,) = compared(*facilities((YARD, at_km(10))), codes=(bans, reach)).options

    # Both hold: the yard takes nothing, and the heap at north nothing of south's.
    assert (option.taken_mg, option.unmet_then_mg) == (0, 10 * 10**9)
    without = {one.code: (one.taken_without_mg, one.unmet_without_mg) for one in option.codes}
    # Without the ban the yard takes 4 t of south's; without the limit nothing more is placed.
    assert without == {"air": (4 * 10**9, 6 * 10**9), "reach": (0, 10 * 10**9)}
    assert option.checked
    assert all(one.checked for one in option.codes)


def test_a_distance_limit_holds_for_what_is_proposed() -> None:
    far = facilities((YARD | {"capacity_t_per_day": 20}, at_km(20)))

    (free,) = compared(*far).options
    (held,) = compared(*far, codes=(a_code("near", DistanceLimited(limit_m=5000)),)).options

    assert (free.taken_mg, held.taken_mg) == (10 * 10**9, 0)


@pytest.mark.parametrize(
    ("change", "geometry", "path", "fault"),
    [
        ({}, {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "geometry", "usable outline"),
        ({}, {"type": "Point", "coordinates": [200, 0]}, "geometry", "not longitude and latitude"),
        ({}, {"type": "Point", "coordinates": ["here"]}, "geometry", "usable outline"),
        ({}, box(1, 1, 1, 1), "geometry", "encloses no area"),
        ({}, None, "geometry", "usable outline"),
        ({"accepts": ["gold"]}, at_km(0), "accepts", "no group 'gold'"),
        ({"accepts": []}, at_km(0), "accepts", "names no group"),
        ({"accepts": " ; "}, at_km(0), "accepts", "names no group"),
        ({"residue_share": 1.2}, at_km(0), "residue", "not a share"),
        ({"capacity_t_per_day": -1}, at_km(0), "capacity_t_per_day", "not above zero"),
        ({"capacity_t_per_day": 0}, at_km(0), "capacity_t_per_day", "not above zero"),
        ({"capacity_t_per_day": 1e12}, at_km(0), "capacity_t_per_day", "absurdly large"),
        ({"capacity_t_per_day": "much"}, at_km(0), "properties", "Expected `float`"),
        ({"residue": 2}, at_km(0), "residue", "share from 0 to 1"),
        ({"radius_m": -5}, at_km(0), "radius_m", "not from 0"),
    ],
)
def test_a_feature_that_states_something_impossible_is_refused_with_its_path(
    change: dict[str, Any], geometry: object, path: str, fault: str
) -> None:
    with pytest.raises(FeatureAmiss, match=fault) as refused:
        facilities((YARD, at_km(1)), (YARD | change, geometry))

    assert refused.value.path.startswith("features[1].")
    assert path in refused.value.path


def test_groups_and_residue_may_stand_as_tables_of_sites_have_them() -> None:
    written = YARD | {"accepts": "organics; ", "residue_share": 0.25}
    (one,) = facilities((written, at_km(0)))
    (other,) = facilities((YARD | {"residue": 0.25}, at_km(0)))
    assert one == other


def test_a_zone_is_an_area_with_a_name_and_people_in_it() -> None:
    with pytest.raises(FeatureAmiss, match="an area, not a point"):
        zones(({"name": "Spring"}, at_km(0)))
    with pytest.raises(FeatureAmiss, match="below zero"):
        zones(({"name": "Town", "population": -1}, box(0, 0, 1, 1)))
    with pytest.raises(FeatureAmiss, match="missing required field `name`"):
        zones(({}, box(0, 0, 1, 1)))


def test_what_is_no_map_is_refused() -> None:
    with pytest.raises(FileDamaged, match="GeoJSON"):
        read_facilities(BytesIO(b"{"), groups=[ORGANICS])
    with pytest.raises(FeatureAmiss, match="features: the map has none"):
        facilities()
