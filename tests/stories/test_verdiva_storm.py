"""The storm of Verdiva, played from end to end: what fails, what people decide, what holds."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bioloom.doors.answers.playing import Played, SceneTold
from bioloom.doors.compose import City, open_city
from bioloom.doors.stories.telling import found_story
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


@pytest.mark.system(5, 6)
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
        if one.name == "weakening":
            until.set()

    showing = Showing(verdiva, folder, told=tell, ended=lambda _: None, pause_s=0.0)
    showing.play(until)
    with (
        open_city(folder) as city,
        Client(make_app(replace(city, told_time=showing.now))) as browser,
    ):
        page = browser.get("/control?lang=en").text

    assert [one.name for one in told] == ["failing", "wrong-move", "weakening"]
    assert showing.now().startswith(str(STRIKES))
    assert "17 November 2025" in page
    for words in ("2 of 17 sites take nothing", "The storm has flooded the pumps", "hindered"):
        assert words in page
    assert "It is a revision of" in page
