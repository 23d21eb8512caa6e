"""Taking Valueflows documents in, and telling the record in their words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.capturing.documents import take_in_documents
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, found_city
from bioloom.doors.findings import FileReport
from bioloom.doors.taking import Options
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.lots import LotId


def event(name: str, action: str, kilograms: object, **more: object) -> dict[str, Any]:
    return {
        "@id": f"urn:uuid:{name}",
        "@type": "EconomicEvent",
        "action": action,
        "provider": "https://mill.example",
        "receiver": "https://mill.example",
        "resourceInventoriedAs": "https://mill.example/sacks",
        "resourceConformsTo": "https://mill.example/grain",
        "resourceQuantity": {"hasUnit": "kilogram", "hasNumericalValue": kilograms},
        "hasPointInTime": "2026-01-01T08:00:00Z",
        **more,
    }


RAISED = event("1", "raise", 10)
USED = event("2", "consume", 4, inputOf="https://mill.example/p1")
PROMISED = event("3", "transfer", 2) | {"@type": "Commitment"}
KG_MG = 1_000_000


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "city", token="t") as city:
        yield city


def taken(city: City, *things: object, correct: bool = False) -> FileReport:
    file = city.folder.parent / "events.json"
    file.write_text(json.dumps({"@graph": things}), encoding="utf-8")
    options = Options(as_="valueflows", correct=correct)
    return take_in_documents(city, [file], options).files[0]


def owned_mg(city: City) -> int:
    sacks = LotId("https://mill.example/sacks")
    owners = recall(city.journal.store).owner_units(sacks)
    return next(units for agent, units in owners.items() if agent == "https://mill.example")


def test_events_and_promises_are_recorded_once(city: City) -> None:
    assert taken(city, RAISED, USED, PROMISED).rejected == 0
    assert owned_mg(city) == 6 * KG_MG

    again = taken(city, RAISED, USED, PROMISED)
    assert (again.recorded, again.same) == (0, 3)
    assert owned_mg(city) == 6 * KG_MG


def test_a_changed_event_is_a_conflict_until_it_is_taken_as_a_correction(city: City) -> None:
    taken(city, RAISED)

    assert taken(city, event("1", "raise", 12)).conflicts == 1
    assert owned_mg(city) == 10 * KG_MG
    assert taken(city, event("1", "raise", 12), correct=True).corrected == 1
    assert owned_mg(city) == 12 * KG_MG


def test_what_the_ledger_refuses_stops_nothing_else(city: City) -> None:
    report = taken(city, USED, RAISED, event("4", "raise", 1, hasPointInTime="soon"))

    assert report.rejected == 2
    assert owned_mg(city) == 10 * KG_MG
    assert "does not say when" in report.findings[1].what


def test_the_record_is_told_in_the_words_of_valueflows(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(city, RAISED, USED, PROMISED)
    out = tmp_path / "out.json"

    assert main(["export", str(city.folder), "--as", "valueflows", "--out", str(out)]) == 0
    assert main(["format", "replay", str(out), "--json"]) == 0
    replayed = json.loads(capsys.readouterr().out)

    assert replayed["equal"] is None
    assert replayed["refused"] == []
    (sacks,) = (one for one in replayed["resources"] if one["lot"].endswith("sacks"))
    assert sacks["after"]["accountingQuantity"] == "6"
