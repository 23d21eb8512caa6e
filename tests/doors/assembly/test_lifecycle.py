"""An assembly by its commands: from a petition to what the record shows, and back to the agenda."""

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.cli.printing import DONE, REFUSED
from bioloom.doors.compose import now, open_city
from bioloom.doors.loop import run_once
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.stores.rows import Text
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.record.verifying import verify
from tests.doors.assembly.town_hall import (
    ANA,
    BEN,
    CEM,
    CROWD,
    MAY,
    OLA,
    acts,
    busy_hall,
    does,
    town_hall,
)

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town_hall(tmp_path_factory.mktemp("halls") / "town")


@pytest.fixture
def town(founded: Path, tmp_path: Path) -> Path:
    folder = copytree(founded, tmp_path / "town")
    for suffix in (".toml", ".nine.toml"):
        folder.with_suffix(suffix).write_text(founded.with_suffix(suffix).read_text())
    return folder


def told(folder: Path, capsys: Captured, verb: str, *words: str) -> Any:  # noqa: ANN401  JSON.
    capsys.readouterr()
    assert main(["assembly", verb, str(folder), *words, "--json"]) == DONE
    return json.loads(capsys.readouterr().out)


def proposed(town: Path) -> None:
    does(town, "propose", "hall", "trees", str(town.with_suffix(".toml")), by=ANA)


@pytest.mark.system(20, 21, 48, 52)
def test_from_a_petition_to_a_measured_effect_that_comes_back(town: Path, capsys: Captured) -> None:
    asked_for(town)
    talked_about(town)
    objected_to(town)
    decided(town)
    receiver = ["--to", "site:digester", "--amount", "50000", "--purpose", "Saplings."]
    does(town, "promise", "trees:1:1", "saplings", *receiver, by=ANA)
    does(town, "pay", "trees:1:1", "saplings", "first", "--amount", "50000", by=ANA)
    with open_city(town) as city:
        assert run_once(city, now())["EffectMeasured"] == 2
        assert run_once(city, now())["EffectMeasured"] == 0
        assert [one.terms.code for one in codes_of(city.journal).versions("near")] == ["near"]

    talk = told(town, capsys, "talk", "talk")
    assert [one["text"] for one in talk["statements"]] == ["Birches let light through.", None]
    assert talk["statements"][1]["moderation"]["is_restored"] is False
    assert talk["people"] == 3
    shown = told(town, capsys, "show", "hall")
    stages = [(one["stage"], one["state"]) for one in shown["proposals"][0]["stages"]]
    assert stages == [
        *(("petition", "done"), ("proposal", "done"), ("deliberation", "done")),
        *(("objections", "done"), ("decision", "done"), ("enacted", "done")),
        *(("funded", "done"), ("effect", "done"), ("effect", "missed")),
    ]
    assert [one["is_on_agenda"] for one in shown["effects"]] == [False, True]
    trees = str(town.with_suffix(".toml"))
    does(town, "propose", "hall", "more", trees, "--item", "trees:1:3", by=CEM)
    again = told(town, capsys, "show", "hall")
    assert not any(one["is_on_agenda"] for one in again["effects"])
    with open_city(town) as city:
        assert verify(city.journal.store).holds


def asked_for(town: Path) -> None:
    """A petition that passes its threshold, and the proposal that answers it."""
    asked = ["--title", "Shade", "--text", "We want trees."]
    does(town, "petition", "hall", "shade", *asked, by=CEM)
    for who in (BEN, CEM):
        does(town, "sign", "shade", by=who)
    trees = [str(town.with_suffix(".toml")), "--petition", "shade"]
    assert acts(town, "propose", "hall", "trees", *trees, by=ANA) == REFUSED
    does(town, "sign", "shade", by=CROWD[0])
    does(town, "propose", "hall", "trees", *trees, by=ANA)
    does(town, "invite", "trees", BEN, by=ANA)
    does(town, "accept", "trees", by=BEN)


def talked_about(town: Path) -> None:
    """A conversation in which a statement is taken off, and stays off."""
    does(town, "open", "hall", "talk", "--title", "Which trees?", "--about", "trees", by=ANA)
    does(town, "say", "talk", "Birches let light through.", by=CROWD[1])
    does(town, "say", "talk", "Buy my saplings!", by=CROWD[2])
    does(town, "vote", "talk", "1", "agree", by=CEM)
    does(town, "take-off", "talk", "2", "advertising", "It sells saplings.", by=ANA)
    does(town, "appeal", "talk", "2", "I sell nothing.", by=CROWD[2])
    does(town, "judge", "talk", "2", "It does sell.", by=BEN)
    does(town, "close", "talk", by=ANA)


def objected_to(town: Path) -> None:
    """An objection that a new version settles."""
    does(town, "object", "trees", "The square needs light.", by=CROWD[3])
    assert acts(town, "decide", "trees", "--consent", "9", by=ANA) == REFUSED
    does(town, "answer", "trees", "trees:1", "One less, then.", by=BEN)
    nine = str(town.with_suffix(".nine.toml"))
    does(town, "revise", "trees", nine, "--reason", "For the light.", by=BEN)
    does(town, "settle", "trees", "trees:1", by=CROWD[3])


def decided(town: Path) -> None:
    """A vote in a room that two people count twice, as they differ at first."""
    hands = ["--for", "7", "--against", "1"]
    does(town, "count-hands", "trees", *hands, by=BEN)
    does(town, "count-hands", "trees", "--for", "6", "--against", "2", by=CEM)
    assert acts(town, "decide", "trees", by=ANA) == REFUSED
    for who in (CEM, BEN):
        does(town, "count-hands", "trees", *hands, by=who)
    does(town, "decide", "trees", by=ANA)


@pytest.mark.system(37)
def test_a_campaign_tells_what_its_tasks_achieved(town: Path, capsys: Captured) -> None:
    with open_city(town) as city:
        today = str(city.today())
    days = ["--title", "Glow", "--text", "Ten trees.", "--from", today, "--to", today]
    does(town, "campaign", "hall", "glow", *days, by=ANA)
    place = ["--title", "Plant", "--place", "The street", "--people", "2"]
    does(town, "task", "glow", "plant", *place, "--needed", "10", "--unit", "trees", by=ANA)
    does(town, "take", "glow", "plant", by=CEM)
    does(town, "done", "glow", "plant", "--achieved", "10", by=CEM)

    (task,) = told(town, capsys, "show", "hall")["campaigns"][0]["tasks"]
    assert (task["taken"], task["achieved"], task["is_done"]) == (1, 10, True)


def test_what_people_wrote_is_kept_by_the_register_and_the_record_knows_no_names(
    town: Path, capsys: Captured
) -> None:
    proposed(town)
    does(town, "open", "hall", "talk", "--title", "Which trees?", by=ANA)
    does(town, "say", "talk", "Birches let light through.", by=CROWD[1])
    does(town, "object", "trees", "The square needs light.", by=CROWD[1])
    with open_city(town) as city:
        hidden = list(city.journal.read(kinds=["StatementMade", "ObjectionRaised"]))
        text = b"".join(row.text for row in city.journal.store.rows())
        with open_register(city) as register:
            register.forget(CROWD[1])

    assert {one.author for one in hidden} == {"programme:assembly"}
    assert len({one.body.participant for one in hidden}) == 2
    assert b"light through" not in text
    assert told(town, capsys, "talk", "talk")["statements"][0]["text"] is None
    assert told(town, capsys, "proposal", "trees")["objections"][0]["text"] is None


def test_nothing_is_kept_of_what_is_refused(town: Path) -> None:
    proposed(town)
    does(town, "open", "hall", "talk", "--title", "Which trees?", by=ANA)

    def kept() -> object:
        with open_city(town) as city, open_register(city) as register:
            return city.journal.head(), list(register.store.rows(Text))

    before = kept()
    assert acts(town, "say", "talk", "Hello.", by=OLA) == REFUSED
    assert acts(town, "say", "talk", "x" * 10_000_000, by=CEM) == REFUSED
    assert acts(town, "object", "trees", "No.", by=OLA) == REFUSED
    assert acts(town, "object", "trees", " ", by=CEM) == REFUSED
    assert acts(town, "open", "hall", "other", "--title", "Other", by=CEM) == REFUSED
    assert acts(town, "propose", "hall", "two", str(town / "city.toml"), by=CEM) == REFUSED
    assert acts(town, "appeal", "talk", "1", "No.", by=CEM) == REFUSED
    assert kept() == before


EVERYBODY = {"steward", ANA, BEN, CEM, OLA, "person:stranger"}


@pytest.fixture(scope="module")
def busy(founded: Path) -> Path:
    return busy_hall(founded)


@pytest.mark.parametrize("line", MAY)
def test_who_may_not_is_refused_and_who_may_does_it(busy: Path, line: str, tmp_path: Path) -> None:
    verb, *words = line.format(nine=busy.with_suffix(".nine.toml")).split()
    with open_city(busy) as city:
        before = city.journal.head()
    for who in sorted(EVERYBODY - MAY[line]):
        assert acts(busy, verb, *words, by=who) == REFUSED, who
    with open_city(busy) as city:
        assert city.journal.head() == before

    for who in sorted(MAY[line]):
        copy = copytree(busy, tmp_path / who)
        assert acts(copy, verb, *words, by=who) == DONE, who
