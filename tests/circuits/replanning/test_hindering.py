"""Hindering: what is left of rooms and ways, to the day and the milligram."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.planning import plan
from bioloom.circuits.posing import pose
from bioloom.circuits.replanning.surging import surged
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.entries.disruptions import DisruptionEnded
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import offer_t
from tests.circuits.replanning.disturbed import OFFERED, TEN_DAYS, disrupted, town, vetoed

A_TONNE = 10**9


def room_t(city: Declared, site: str, *under_way: Flow) -> float:
    problem = pose(city, OFFERED, TEN_DAYS, under_way=under_way)
    return int(problem.capacity_mg[problem.sites.index(SiteId(site))]) / A_TONNE


def peel_t(city: Declared, site: str) -> dict[str, float]:
    flows = plan(city, OFFERED, TEN_DAYS, explain=False).flows
    return {flow.district: flow.mass_mg / A_TONNE for flow in flows if flow.site == site}


@given(first=st.integers(1, 15), days=st.integers(1, 15), left=st.integers(0, 999))
def test_each_day_down_takes_its_room_and_no_other(first: int, days: int, left: int) -> None:
    city = town()
    disrupted(city, "capacity_cut", site="near", per_mille=left, first=first, last=first + days - 1)

    cut = len(set(range(first, first + days)) & set(range(1, 11)))
    assert room_t(city, "near") == pytest.approx(8 * (10 - cut) + 8 * cut * left / 1000)
    assert room_t(city, "far") == 80


def test_of_two_cuts_on_a_day_the_tighter_counts() -> None:
    city = town()
    disrupted(city, "capacity_cut", site="near", per_mille=500, first=1, last=4)
    disrupted(city, "site_down", site="near", first=4, last=5)

    assert room_t(city, "near") == 8 * 5 + 4 * 3


def test_what_ended_is_in_the_way_until_its_last_day_and_what_never_was_is_not() -> None:
    city = town()
    lasting = disrupted(city, "site_down", site="near", first=3)
    assert room_t(city, "near") == 16

    for last, room in [(date(2024, 5, 5), 56), (None, 80)]:
        ended = DisruptionEnded(disruption=lasting.disruption, last_day=last, reason="Dry.")
        city.disruptions.fold(ended)
        assert room_t(city, "near") == room


def test_what_came_before_a_site_went_down_had_room() -> None:
    city = town()
    disrupted(city, "site_down", site="near", first=2)
    gone = Flow(
        district=DistrictId("north"),
        material=MaterialId("peel"),
        site=SiteId("near"),
        mass_mg=20 * A_TONNE,
    )

    assert room_t(city, "near", gone) == 20


def test_a_road_that_stays_cut_is_no_way_and_one_that_opens_again_is() -> None:
    assert peel_t(town(), "near") == {"north": 40}
    cut, open_again, all_roads = town(), town(), town()
    disrupted(cut, "road_cut", areas=("north",), site="near", first=2)
    disrupted(open_again, "road_cut", areas=("north",), site="near", first=2, last=9)
    disrupted(all_roads, "road_cut", areas=("north",), first=2)

    assert peel_t(cut, "near") == {}
    assert peel_t(cut, "far")["north"] == 40
    assert peel_t(open_again, "near") == {"north": 40}
    assert peel_t(all_roads, "near") == {} == peel_t(all_roads, "kiln")


def test_nothing_goes_to_who_blockades() -> None:
    city = town()
    operator = city.sites[SiteId("near")].operator
    disrupted(city, "blockade", agent=operator)

    assert room_t(city, "near") == 0
    assert sum(peel_t(city, "far").values()) == 80


def test_a_vetoed_move_brings_no_more_than_the_plan_in_force_did() -> None:
    city = town()
    vetoed(city, "north", "peel", "near", most_mg=15 * A_TONNE)

    assert peel_t(city, "near") == {"north": 15}

    vetoed(city, "north", "peel", "near")

    assert peel_t(city, "near") == {}


def test_a_surge_is_of_what_is_expected_day_by_day() -> None:
    city = town()
    surge = disrupted(city, "surge", areas=("north",), per_mille=1500, first=7, last=20)
    expected = surged(OFFERED, city, [surge], TEN_DAYS)

    assert expected == offer_t(north_peel=40 * 1.2, south_peel=40, north_glass=12)
    assert plan(city, OFFERED, TEN_DAYS, explain=False).service[DistrictId("north")] == 1
