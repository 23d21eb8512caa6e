"""The story of Verdiva's storm, played from end to end: what piles up, a new plan, recovery."""

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import open_city
from bioloom.doors.stories.verdiva.playing import play_verdiva
from bioloom.vocabulary.materials import GroupId
from tests.doors.stories.made import verdiva

PAPER = GroupId("paper")


def test_the_storm_piles_up_what_its_sites_would_have_taken_and_the_city_recovers() -> None:
    with open_city(verdiva()) as city:
        played = play_verdiva(city)
    before, *_, last = played.evenings

    assert played.holds
    assert played.broken.commitments > 0
    assert played.peak.day > played.first_day_out
    for group in (GroupId("organics"), GroupId("packaging")):
        assert played.peak.waiting_mg[group] > 50 * before.waiting_mg[group]
    # What the storm did not hit was brought as before.
    assert played.peak.waiting_mg[PAPER] < 2 * before.waiting_mg[PAPER]
    assert played.recovered_on is not None
    assert played.recovered_on <= last.day


def test_the_new_plan_shares_the_shortage_and_says_why() -> None:
    with open_city(verdiva()) as city:
        played = play_verdiva(city)

    assert played.plan_before.unmet_mg == 0
    assert played.plan_tried.checked
    assert played.plan_tried.unmet_mg > 0
    assert played.plan_within.unmet_mg > played.plan_before.unmet_mg
    # The worst served still gets most of what it asks for.
    assert played.plan_within.worst_share > 0.5
    assert "left out" in played.plan_tried.reason
    assert played.plan_within.reason


def test_it_is_played_by_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "verdiva", "--headless"]) == 0
    text = capsys.readouterr().out
    assert "the record holds" in text
    assert "Recovered" in text
