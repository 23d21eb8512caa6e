"""The storm of Verdiva, played from end to end: what fails, what people decide, what holds."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bioloom.doors.answers.playing import Played, SceneTold
from bioloom.doors.compose import City, open_city
from bioloom.doors.dispatching.orders import orders_known
from bioloom.doors.stories.telling import found_story
from bioloom.doors.stories.verdiva.places import QUARTERS
from bioloom.doors.stories.verdiva.storm.calendar import BACK, BEGINS, EMERGENCY, STANDS_AT, STRIKES
from bioloom.doors.stories.verdiva.storm.playing import Verdiva
from bioloom.doors.stories.verdiva.storm.showing import Showing
from bioloom.doors.web.app import make_app
from bioloom.vocabulary.materials import GroupId
from tests.doors.web.conftest import Client


@pytest.fixture(scope="module")
def storm() -> Iterator[tuple[City, Played]]:
    folder, verdiva = Path(mkdtemp()) / "verdiva", Verdiva()
    found_story("verdiva", folder, first=BEGINS, stands_at=STANDS_AT, live=verdiva.live)
    with open_city(folder) as city:
        yield city, verdiva.play(city)


def scene(played: Played, name: str) -> SceneTold:
    return next(one for one in played.scenes if one.name == name)


@pytest.mark.system(5, 6, 7)
def test_all_that_must_hold_of_the_storm_holds_by_the_record(storm: tuple[City, Played]) -> None:
    city, played = storm

    assert [one.what for one in played.held if not one.holds] == []
    assert played.holds
    assert len(played.held) > 10
    assert played.hash == city.journal.head().hash


def test_sites_fail_one_after_another_and_each_time_the_plan_is_revised(
    storm: tuple[City, Played],
) -> None:
    city, _ = storm
    reported = [entry.body for entry in city.journal.read(kinds=["DisruptionReported"])]
    adopted = [entry.body for entry in city.journal.read(kinds=["PlanAdopted"])]

    assert [body.site for body in reported] == ["digester", "sorting_quay", "compost_saltings"]
    assert sum(body.revises for body in adopted) == 3


def test_a_wrong_move_is_vetoed_with_its_reason_and_the_next_plan_goes_without(
    storm: tuple[City, Played],
) -> None:
    city, played = storm
    [veto] = [entry.body for entry in city.journal.read(kinds=["MoveVetoed"])]
    tried = [act for act in scene(played, "wrong-move").acts if act.did.startswith("vetoes")]

    assert [act.outcome for act in tried] == ["refused", "recorded"]
    assert "under water" in veto.reason
    final = city.plans().named(city.plans().in_force[-1])
    assert final.first_day > veto.last_day or veto.plan != final.plan


def test_a_round_under_way_to_a_failed_site_is_planned_anew_and_its_receivers_confirm_it(
    storm: tuple[City, Played],
) -> None:
    city, _ = storm
    orders = orders_known(city).orders.values()
    fallen = [order for order in orders if order.overtaken]
    driven = [order for order in orders if order.issued.due == STRIKES and not order.overtaken]

    assert {"site:digester", "site:sorting_quay"} <= {one.issued.receiver for one in fallen}
    assert {one.state for one in driven} == {"closed"}
    assert {"site:digester", "site:sorting_quay"}.isdisjoint(one.issued.receiver for one in driven)
    [first, again] = [entry.body for entry in city.journal.read(kinds=["RoundsAdopted"])]
    assert again.supersedes == first.rounds


def test_teams_take_and_bring_what_no_plan_has_a_place_for(storm: tuple[City, Played]) -> None:
    city, _ = storm
    asked = [one for one in orders_known(city).orders.values() if one.issued.team is not None]
    returned = [entry.body for entry in city.journal.read(kinds=["WorkOrderReturned"])]

    assert {one.issued.team for one in asked} == {quarter.team for quarter in QUARTERS.values()}
    assert {one.state for one in asked} == {"closed"}
    # One team gave its order back, and took it again.
    assert [one.order for one in returned if one.reason == "no_vehicle"] == [
        one.issued.order for one in asked if one.times_taken == 2
    ]
    # Before, others turned back from sites that failed; what they carried was planned anew.
    known = orders_known(city)
    assert all(known.named(one.order).overtaken for one in returned if one.reason == "unsafe")


def test_waste_builds_up_until_the_sites_are_back_and_is_worked_off(
    storm: tuple[City, Played],
) -> None:
    _, played = storm
    usual, *_ = played.evenings

    assert STRIKES <= played.peak.day <= BACK
    for group in (GroupId("organics"), GroupId("packaging")):
        assert played.peak.waiting_mg[group] > 50 * usual.waiting_mg[group]
    assert played.recovered_on is not None
    assert played.recovered_on > EMERGENCY.last


def test_the_control_room_shows_the_storm_while_it_is_played() -> None:
    folder, verdiva = Path(mkdtemp()) / "verdiva", Verdiva()
    found_story("verdiva", folder, first=BEGINS, stands_at=STANDS_AT, live=verdiva.live)
    told: list[SceneTold] = []
    until = threading.Event()

    def tell(one: SceneTold) -> None:
        told.append(one)
        if one.name == "rounds-anew":
            until.set()

    showing = Showing(verdiva, folder, told=tell, ended=lambda _: None, pause_s=0.0, act_s=0.0)
    showing.play(until)
    with (
        open_city(folder) as city,
        Client(make_app(replace(city, told_time=showing.now))) as browser,
    ):
        page = browser.get("/control?lang=en").text

    assert [one.name for one in told] == [
        "setting-out",
        "failing",
        "wrong-move",
        "weakening",
        "rounds-anew",
    ]
    assert showing.now().startswith(str(STRIKES))
    assert "17 November 2025" in page
    for words in (
        "2 of 17 sites take nothing",
        "The storm has flooded the pumps",
        "hindered",
        "0 wait for a team, 0 are taken",
    ):
        assert words in page
    assert "It is a revision of" in page
