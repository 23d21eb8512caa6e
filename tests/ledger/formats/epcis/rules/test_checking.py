"""The rules of EPCIS 2.0: good documents pass, and the faults of bad ones are told by path."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.epcis.hashing import event_ids
from bioloom.ledger.formats.epcis.reading import read_document
from bioloom.ledger.formats.epcis.rules.wrapping import faults_of
from bioloom.ledger.formats.linked.strict import DocumentUnreadable

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
ITEM = "urn:epc:id:sgtin:0614141.107346.2017"
PALLET = "urn:epc:id:sscc:4012345.0000000333"
WHEN = {"eventTime": "2026-01-01T00:00:00Z", "eventTimeZoneOffset": "+00:00"}
OBJECT: dict[str, Any] = {"type": "ObjectEvent", "action": "ADD", "epcList": [ITEM]} | WHEN
PACKED: dict[str, Any] = {
    "type": "AggregationEvent",
    "action": "ADD",
    "parentID": PALLET,
    "childEPCs": [ITEM],
} | WHEN
MADE: dict[str, Any] = {
    "type": "TransformationEvent",
    "inputEPCList": [ITEM],
    "outputEPCList": [PALLET],
} | WHEN
INSTALLED = PACKED | {"type": "AssociationEvent"}
ORDERED: dict[str, Any] = {
    "type": "TransactionEvent",
    "action": "ADD",
    "epcList": [ITEM],
    "bizTransactionList": [{"type": "po", "bizTransaction": "https://acme.example/po/1"}],
} | WHEN


def document(*events: object) -> dict[str, Any]:
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }


def paths(tree: object) -> list[str]:
    return [fault.path for fault in faults_of(read_document(json.dumps(tree).encode()))]


@pytest.mark.parametrize("event", [OBJECT, PACKED, MADE, INSTALLED, ORDERED])
def test_each_kind_of_event_passes(event: dict[str, Any]) -> None:
    assert paths(document(event)) == []
    assert paths({"@context": CONTEXT} | event) == []


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (INSTALLED | {"parentID": None}, ".parentID"),
        (INSTALLED | {"parentID": None, "action": "DELETE"}, ".parentID"),
        (PACKED | {"childEPCs": []}, ".childEPCs"),
        (MADE | {"outputEPCList": []}, ".outputEPCList"),
        (MADE | {"action": "ADD"}, ".action"),
        (ORDERED | {"bizTransactionList": []}, ".bizTransactionList"),
        (OBJECT | {"epcList": [ITEM, ITEM]}, ".epcList"),
        (OBJECT | {"epcList": ["2017"]}, ".epcList[0]"),
        (OBJECT | {"epcList": ["urn:epc:id:sgtin:0614141.1.2017"]}, ".epcList[0]"),
        (OBJECT | {"eventTimeZoneOffset": "+15:00"}, ".eventTimeZoneOffset"),
        (OBJECT | {"eventTime": "2026-02-30T00:00:00Z"}, ".eventTime"),
        (OBJECT | {"bizStep": "https://ref.gs1.org/cbv/BizStep-flying"}, ".bizStep"),
        (OBJECT | {"action": "OBSERVE", "ilmd": {"cbvmda:lotNumber": "1"}}, ".ilmd"),
        (OBJECT | {"nowhere:colour": "red"}, ".nowhere:colour"),
        (OBJECT | {"colour": "red"}, ".colour"),
        (OBJECT | {"readPoint": {}}, ".readPoint.id"),
        (OBJECT | {"errorDeclaration": {}}, ".errorDeclaration.declarationTime"),
        (OBJECT | {"sensorElementList": [{}]}, ".sensorElementList[0].sensorReport"),
        (
            OBJECT | {"quantityList": [{"epcClass": "urn:x:y", "quantity": 1.5}]},
            ".quantityList[0].quantity",
        ),
        (
            OBJECT | {"quantityList": [{"epcClass": "urn:x:y", "quantity": "1", "uom": "KGM"}]},
            ".quantityList[0].quantity",
        ),
        (OBJECT | {"type": ["ObjectEvent"]}, ".type"),
    ],
)
def test_each_broken_rule_is_told_with_its_path(event: dict[str, Any], path: str) -> None:
    assert f"$.epcisBody.eventList[0]{path}" in paths(document(event))


def test_a_fault_in_one_event_leaves_the_others_alone() -> None:
    faults = faults_of(
        read_document(json.dumps(document(OBJECT, {"type": "ObjectEvent"}, MADE)).encode())
    )

    assert faults
    assert all("eventList[1]" in fault.path for fault in faults)


leaves: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just([]) | st.just({})
)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """A good document in which something somewhere is something else."""
    tree = document(*copy.deepcopy([OBJECT, PACKED, MADE, INSTALLED, ORDERED]))
    place: Any = tree
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        if not place[key] or not isinstance(place[key], dict | list) or draw(st.booleans()):
            place[key] = draw(leaves)
            return tree
        place = place[key]


@given(tree=spoiled())
def test_no_document_breaks_the_checks_or_the_hash(tree: dict[str, Any]) -> None:
    read = read_document(json.dumps(tree).encode())

    assert all(fault.path.startswith("$") for fault in faults_of(read))
    assert len(event_ids(read)) == len(read.events)


@pytest.mark.parametrize(
    "text",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        b"<x>" * 100,
        b"<EPCISDocument",
        b"<html></html>",
        b"<a>" * 70 + b"</a>" * 70,
    ],
)
def test_xml_with_entities_or_of_something_else_is_refused(text: bytes) -> None:
    with pytest.raises(DocumentUnreadable, match="XML"):
        read_document(text)
