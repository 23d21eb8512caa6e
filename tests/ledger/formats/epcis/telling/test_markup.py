"""EPCIS in XML: what is written is accepted, and has the hash of the event in JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from bioloom.ledger.formats.epcis.hashing import event_ids, prehash
from bioloom.ledger.formats.epcis.judging import judge_events
from bioloom.ledger.formats.epcis.reading import read_document
from bioloom.ledger.formats.epcis.telling.markup import Edition, NotForXml, write_xml
from bioloom.vocabulary.periods import Instant

AT = Instant("2026-03-04T12:00:00.000Z")
EDITIONS: tuple[Edition, ...] = ("2.0", "1.2")
CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"ext": "https://ns.example.com/epcis/"},
]
WHEN = {"eventTime": "2026-03-04T11:00:30+01:00", "eventTimeZoneOffset": "+01:00"}
ITEM, PALLET = "urn:epc:id:sgtin:0614141.107346.2017", "urn:epc:id:sscc:4012345.0000000333"
PULP = {"epcClass": "urn:epc:class:lgtin:4012345.012345.P1", "quantity": 120.5, "uom": "KGM"}
SENSED = {
    "sensorMetadata": {"time": "2026-03-04T10:00:00Z", "ext:by": 'a <probe> & "more"'},
    "sensorReport": [{"type": "Temperature", "value": -1.5, "uom": "CEL"}, {"type": "Mass"}],
    "ext:deep": {"ext:b": [1, "two"]},
}
FULL: dict[str, Any] = {
    "type": "ObjectEvent",
    "action": "ADD",
    "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
    "recordTime": "2026-03-05T00:00:00Z",
    "epcList": [ITEM],
    "quantityList": [PULP],
    "bizStep": "commissioning",
    "disposition": "in_progress",
    "persistentDisposition": {"set": ["completeness_verified"], "unset": ["damaged"]},
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.987", "ext:dock": 4},
    "bizTransactionList": [{"type": "po", "bizTransaction": "https://acme.example/po/1"}],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
    "sensorElementList": [SENSED],
    "ilmd": {"ext:grade": "A"},
    "ext:colour": {"ext:a": ["3", "1"], "ext:b": True},
    "errorDeclaration": {
        "declarationTime": "2026-03-06T00:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8"],
    },
} | WHEN
OTHERS: list[dict[str, Any]] = [
    {"type": kind, "action": "ADD", "parentID": PALLET, "childQuantityList": [PULP]} | WHEN
    for kind in ("AggregationEvent", "AssociationEvent")
]
OTHERS += [
    {"type": "TransactionEvent", "action": "ADD", "quantityList": [PULP]}
    | {"bizTransactionList": FULL["bizTransactionList"], "certificationInfo": ["urn:a:b"]}
    | WHEN,
    {"type": "TransformationEvent", "inputQuantityList": [PULP], "outputEPCList": [ITEM]}
    | {"sourceList": FULL["sourceList"], "sensorElementList": [SENSED]}
    | WHEN,
]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("event", [FULL, *OTHERS])
def test_an_event_written_in_xml_is_accepted_and_is_the_same_event(
    event: dict[str, Any], edition: Edition
) -> None:
    read = read_document(json.dumps({"@context": CONTEXT} | event).encode())

    text = write_xml([read.tree], at=AT, edition=edition, names=read.events[0].names)

    (again,) = read_document(text).events
    assert judge_events("x.xml", text).problems == ()
    assert prehash(again) == prehash(read.events[0])


def test_every_good_published_event_survives_xml(data: Path) -> None:
    folder = data / "ledger"
    files = [
        file
        for file in sorted([*folder.rglob("*.json"), *folder.rglob("*.jsonld")])
        if {"openepcis", "event_hash"} & set(file.parts) and "Queries" not in file.parts
    ]
    written = 0
    for file in files:
        verdict = judge_events(file.name, file.read_bytes()).verdict
        read = read_document(file.read_bytes())
        if verdict == "reject" or read.ignored or not read.events:
            continue
        written += 1
        for edition in EDITIONS:
            bodies, names = [event.body for event in read.events], read.events[0].names
            if any("@context" in body for body in bodies):
                continue
            text = write_xml(bodies, at=AT, edition=edition, names=names)
            assert judge_events(file.name, text).problems == (), file.name
            assert event_ids(read_document(text)) == event_ids(read), file.name
    assert written > 30


@pytest.mark.parametrize("odd", [{"ext:a b": 1}, {"ext:colour": "\x01"}, {"ext:<": "x"}])
def test_what_xml_cannot_hold_is_refused(odd: dict[str, Any]) -> None:
    read = read_document(json.dumps({"@context": CONTEXT} | FULL | odd).encode())

    with pytest.raises(NotForXml, match="cannot be written in XML"):
        write_xml([read.tree], at=AT, names=read.events[0].names)
