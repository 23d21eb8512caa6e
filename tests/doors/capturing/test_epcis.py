"""Capturing EPCIS: an event is recorded once, whoever sends it, and an error is taken back."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.capturing.documents import take_in_documents
from bioloom.doors.capturing.epcis import Captured, capture
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, found_city
from bioloom.doors.taking import Options
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.lots import LotId

STEWARD = AgentId("steward")
ANA, BEN = "urn:epc:id:pgln:4012345.00000", "urn:epc:id:pgln:4000001.00012"
BEN_KEY = "https://id.gs1.org/417/4000001000128"
PULP, PAPER = "urn:epc:class:lgtin:4012345.012345.P1", "urn:epc:class:lgtin:4012345.099914.R2"
PULP_LOT = LotId("https://id.gs1.org/01/04012345123456/10/P1")
CRATE = "urn:epc:id:sscc:4012345.0000000333"
CRATE_LOT = LotId("https://id.gs1.org/00/040123450000003338")
KG_MG = 1_000_000


def told(kind: str, hour: int, **more: object) -> dict[str, Any]:
    at = {"eventTime": f"2026-01-01T{hour:02}:00:00Z", "eventTimeZoneOffset": "+00:00"}
    return {"type": kind, **at, **more}


def amount(name: str, kilograms: float) -> dict[str, object]:
    return {"epcClass": name, "quantity": kilograms, "uom": "KGM"}


MADE = told("ObjectEvent", 1, action="ADD", quantityList=[amount(PULP, 100)])
GIVEN = told(
    "ObjectEvent",
    2,
    action="OBSERVE",
    bizStep="receiving",
    quantityList=[amount(PULP, 30)],
    sourceList=[{"type": "owning_party", "source": ANA}],
    destinationList=[{"type": "owning_party", "destination": BEN}],
)
PACKED = told(
    "AggregationEvent",
    3,
    action="ADD",
    parentID=CRATE,
    childQuantityList=[amount(PULP, 40)],
)
UNPACKED = PACKED | {"action": "DELETE", "eventTime": "2026-01-01T04:00:00Z"}
TURNED = told(
    "TransformationEvent",
    5,
    inputQuantityList=[amount(PULP, 50)],
    outputQuantityList=[amount(PAPER, 45.5)],
)


def document(*events: object) -> bytes:
    tree = {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }
    return json.dumps(tree).encode()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "city", token="t") as city:
        yield city
        assert verify(city.journal.store).holds


def sent(city: City, *events: object, together: bool = False) -> Captured:
    return capture(city, document(*events), author=STEWARD, together=together)


def outcomes(captured: Captured) -> list[str]:
    return [event.outcome for event in captured.events]


def owners(city: City, lot: LotId = PULP_LOT) -> dict[str, int]:
    return {
        agent: units
        for agent, units in recall(city.journal.store).owner_units(lot).items()
        if units > 0 and agent != "inside"
    }


def test_what_is_made_packed_and_turned_into_something_else_is_accounted_for(city: City) -> None:
    assert outcomes(sent(city, MADE, PACKED, UNPACKED, TURNED)) == ["recorded"] * 4

    assert owners(city) == {"steward": 50 * KG_MG}
    facts = recall(city.journal.store)
    kinds = [entry.kind for entry in city.journal.read()]
    assert kinds.count("ProcessClosed") == 1
    assert facts.kind_of(CRATE_LOT) is not None


def test_rights_pass_between_the_parties_that_are_named(city: City) -> None:
    made = MADE | {"sourceList": [{"type": "possessing_party", "source": ANA}]}

    assert sent(city, made, GIVEN).success
    assert owners(city)[BEN_KEY] == 30 * KG_MG


def test_the_same_event_from_two_parties_is_one(city: City) -> None:
    sent(city, MADE)
    seq = city.journal.head().seq
    again = copy.deepcopy(MADE) | {
        "eventTime": "2026-01-01T02:00:00+01:00",
        "recordTime": "2026-02-02T00:00:00Z",
        "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
    }

    assert outcomes(sent(city, again, MADE)) == ["same", "same"]
    assert city.journal.head().seq == seq
    assert owners(city) == {"steward": 100 * KG_MG}


def test_an_event_declared_to_be_an_error_is_taken_back_once(city: City) -> None:
    sent(city, MADE)
    error = {
        "declarationTime": "2026-01-05T00:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8"],
    }
    right = MADE | {"quantityList": [amount(PULP, 90)]}

    assert outcomes(sent(city, MADE | {"errorDeclaration": error}, right)) == [
        "taken back",
        "recorded",
    ]
    assert owners(city) == {"steward": 90 * KG_MG}
    assert outcomes(sent(city, MADE | {"errorDeclaration": error})) == ["nothing"]


def test_an_event_taken_back_in_its_own_document_is_recorded_and_taken_back(city: City) -> None:
    error = MADE | {"errorDeclaration": {"declarationTime": "2026-01-05T00:00:00Z"}}

    assert outcomes(sent(city, MADE, error, together=True)) == ["refused", "refused"]
    assert outcomes(sent(city, MADE, error)) == ["recorded", "taken back"]
    assert owners(city) == {}


def test_one_bad_event_stops_no_other_unless_all_were_to_be_captured_together(city: City) -> None:
    bad = {key: value for key, value in MADE.items() if key != "action"}
    overdrawn = TURNED | {"inputQuantityList": [amount(PULP, 500)]}
    seq = city.journal.head().seq

    assert outcomes(sent(city, MADE, bad, together=True)) == ["refused", "faulty"]
    assert outcomes(sent(city, MADE, overdrawn, together=True)) == ["refused", "refused"]
    assert city.journal.head().seq == seq

    captured = sent(city, bad, MADE, overdrawn)
    assert outcomes(captured) == ["faulty", "recorded", "refused"]
    assert not captured.success
    assert captured.events[0].faults[0].path == "$.epcisBody.eventList[0].action"
    assert sent(city, PACKED, UNPACKED, together=True).success


def test_a_document_without_its_context_records_nothing(city: City) -> None:
    tree = json.loads(document(MADE))
    del tree["@context"]
    seq = city.journal.head().seq

    captured = capture(city, json.dumps(tree).encode(), author=STEWARD)

    assert captured.faults
    assert outcomes(captured) == ["refused"]
    assert city.journal.head().seq == seq


def test_a_count_posts_what_is_more_or_less_than_the_record_says(city: City) -> None:
    count = told(
        "ObjectEvent",
        6,
        action="OBSERVE",
        bizStep="stock_taking",
        quantityList=[amount(PULP, 97)],
    )
    assert outcomes(sent(city, MADE, count, together=True)) == ["refused", "refused"]
    assert sent(city, MADE, count).success

    assert owners(city) == {"steward": 97 * KG_MG}
    last = [entry.body for entry in city.journal.read(kinds=["EventHappened"])][-1]
    assert isinstance(last, EventHappened)
    assert last.action == "lower"


@pytest.mark.parametrize(
    ("quantity", "kind"),
    [
        ({"epcClass": PULP}, "QuantityMissing"),
        ({"epcClass": PULP, "quantity": 1, "uom": "KWH"}, "UnitUncounted"),
        (amount(PULP, 10**15), "AmountUncountable"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    city: City, quantity: dict[str, object], kind: str
) -> None:
    (event,) = sent(city, MADE | {"quantityList": [quantity]}).events

    assert event.refusal is not None
    assert event.refusal.kind == kind


def test_every_published_document_is_captured_or_told_why_not(city: City, data: Path) -> None:
    files = sorted((data / "ledger" / "openepcis" / "2.0" / "EPCIS" / "JSON").rglob("*.json"))
    for file in files:
        first = capture(city, file.read_bytes(), author=STEWARD)
        again = capture(city, file.read_bytes(), author=STEWARD)
        for one, other in zip(first.events, again.events, strict=True):
            assert one.outcome != "recorded" or other.outcome == "same", file.name


def test_files_are_taken_in_and_a_second_time_change_nothing(city: City, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_bytes(document(MADE, PACKED))
    options = Options(as_="epcis")

    assert take_in_documents(city, [file], Options(as_="epcis", dry_run=True)).is_clean
    assert take_in_documents(city, [file], options).files[0].recorded > 1
    assert take_in_documents(city, [file], options).files[0].same == 2
    (taken,) = city.journal.read(kinds=["FileTaken"])
    events = list(city.journal.read(kinds=["EventHappened"]))
    assert {entry.cause for entry in events} == {taken.id}

    file.write_bytes(document({"type": "ObjectEvent"}))
    report = take_in_documents(city, [file], options)
    assert not report.is_clean
    assert report.files[0].findings[0].column == "$.epcisBody.eventList[0].eventTime"


@pytest.mark.parametrize("form", ["epcis", "epcis-xml", "epcis-1.2"])
def test_what_one_city_exports_another_takes_in(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    sent(city, MADE, GIVEN | {"sourceList": [{"type": "owning_party", "source": ANA}]})
    sent(city, TURNED, PACKED)
    out, other = str(tmp_path / "out.json"), str(tmp_path / "other")

    assert main(["export", str(city.folder), "--as", form, "--out", out]) == 0
    assert main(["format", "check", out]) == 0
    assert main(["init", other]) == 0
    assert main(["import", other, out, "--as", "epcis"]) == 0
    assert main(["verify", other]) == 0
    capsys.readouterr()
