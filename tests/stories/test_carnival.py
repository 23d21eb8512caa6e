"""The Post-Consumer Carnival, played from end to end: nothing that is bound can be taken."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from litestar.testing import TestClient

from bioloom.doors.answers.carnival import CarnivalPlayed
from bioloom.doors.answers.playing import SceneTold
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, open_city
from bioloom.doors.stories.carnival.people import (
    ALDGATE,
    COPPERSIDE,
    DARIO,
    HALDEN,
    HAULAGE,
    IVA,
    KAITO,
)
from bioloom.doors.stories.carnival.places import MERIDIAN
from bioloom.doors.stories.carnival.scenes.logging import stall_lot
from bioloom.doors.stories.carnival.scenes.playing import play_carnival
from bioloom.doors.web.app import make_app
from bioloom.ledger.inventory import lot, lots
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.lots import LotId
from tests.doors.stories.made import carnival


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("carnival") / "biolith"
    with open_city(Path(copytree(carnival(), folder))) as opened:
        yield opened


@pytest.fixture(scope="module")
def played(city: City) -> CarnivalPlayed:
    return play_carnival(city)


def scene(played: CarnivalPlayed, name: str) -> SceneTold:
    return next(one for one in played.scenes if one.name == name)


def entry(city: City, seq: int | None) -> Entry[Any]:
    assert seq is not None
    return city.journal.at([seq])[seq]


@pytest.mark.system(1, 2)
def test_everything_that_must_hold_holds(played: CarnivalPlayed) -> None:
    assert [one.what for one in played.held if not one.holds] == []
    assert played.holds
    assert [one.name for one in played.scenes] == [
        "logging", "covenant", "taking", "blockade", "release", "proof",
    ]  # fmt: skip


def test_eight_ways_of_taking_are_refused_and_stand_under_the_name_of_who_tried(
    city: City, played: CarnivalPlayed
) -> None:
    refused = [act for act in scene(played, "taking").acts if act.outcome == "refused"]
    tried = [entry(city, act.entry) for act in refused]

    assert len(tried) == 8
    assert {one.kind for one in tried} == {"ActRefused"}
    assert {one.author for one in tried} == {DARIO}
    assert {one.body.reason for one in tried} == {
        "rights_leave", "mixed", "hidden", "not_signed",
    }  # fmt: skip
    assert all(act.why and "forbids it" in act.why for act in refused)


def test_what_was_within_rights_was_recorded_all_the_same(played: CarnivalPlayed) -> None:
    recorded = [act for act in scene(played, "taking").acts if act.outcome == "recorded"]

    # A split, a heap of the company's own, a melt of three, a packed crate, who comes, says yes and
    # goes; a stranger's lot, their joining, a covenant over it, its sale, and their leaving.
    assert len(recorded) == 10 + 5


def test_who_was_made_a_member_without_their_word_is_bound_by_nothing(
    city: City, played: CarnivalPlayed
) -> None:
    told = " ".join(scene(played, "taking").told)
    lenses = lot(city.journal, LotId("halden:lenses"))

    assert "'person:dario-quill' may not accept membership for 'org:halden'." in told
    assert lenses is not None
    assert set(lenses.owners) == {HALDEN, HAULAGE}


def test_the_company_owns_nothing_but_what_it_brought(city: City, played: CarnivalPlayed) -> None:
    assert played.holds
    owned = [row for row in lots(city.journal) if row.owners.get(MERIDIAN)]

    assert [row.mass_mg for row in owned] == [800_000_000]
    metals = lot(city.journal, stall_lot("04", "metals"))
    assert metals is not None
    assert set(metals.owners) == {COPPERSIDE}


def test_the_one_lot_that_left_was_let_go_by_three_who_signed(
    city: City, played: CarnivalPlayed
) -> None:
    recorded = [one for one in scene(played, "release").acts if one.outcome == "recorded"]
    release = entry(city, recorded[0].entry)
    left = [row for row in lots(city.journal) if row.owners.get(ALDGATE)]

    assert (release.kind, release.author, len(release.body.signatures)) == ("LotReleased", IVA, 3)
    assert [row.owners[ALDGATE] for row in left] == [release.body.units]


def test_what_does_not_come_back_is_overdue_by_its_lot_and_opens_no_further_hand(
    city: City, played: CarnivalPlayed
) -> None:
    overdue = [one.body for one in city.journal.read(kinds=["ReturnOverdue"])]
    more = scene(played, "blockade").acts[-1]

    assert {one.holder for one in overdue} == {MERIDIAN, HAULAGE}
    assert entry(city, more.entry).body.reason == "return_overdue"


@pytest.mark.system(41)
def test_what_contracts_would_return_is_told_and_is_overdue(played: CarnivalPlayed) -> None:
    told = scene(played, "blockade").told

    assert any("6 contracts ended on 2025-09-30" in one for one in told)
    assert any("claims to take back are overdue" in one for one in told)


@pytest.mark.system(42)
def test_a_recipe_is_published_by_the_one_who_grew_it(city: City, played: CarnivalPlayed) -> None:
    (act,) = [one for one in scene(played, "logging").acts if one.door == "recipes"]
    published = entry(city, act.entry)

    assert (published.kind, published.author) == ("RecipePublished", KAITO)
    assert published.body.processes[0].outputs[0].material == "panels"


def test_it_is_played_by_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "carnival", "--headless"]) == 0

    text = capsys.readouterr().out
    assert "What held" in text
    assert "NOT SO" not in text
    assert "The record proves it" in text


def test_what_each_act_came_to_can_be_read_by_everybody_on_its_page(
    city: City, played: CarnivalPlayed
) -> None:
    pages = [act.page for one in played.scenes for act in one.acts]
    with TestClient(make_app(city), base_url="http://127.0.0.1:8000") as anybody:
        found = {page: anybody.get(page or "/nowhere").status_code for page in pages}

    assert len(found) > 30
    assert set(found.values()) == {200}
