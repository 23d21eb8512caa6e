"""Event ids: those of the published examples, and the same for the same event however written."""

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.epcis.hashing import event_ids
from bioloom.ledger.formats.epcis.reading import read_document

EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-04T11:00:30.000+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sscc:4012345.0000000333", "urn:epc:id:sscc:4012345.0000000111"],
    "action": "OBSERVE",
    "bizStep": "departing",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.987"},
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
    "ext:colour": {"ext:a": ["3", "1"], "ext:b": 2},
}
CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"ext": "https://ns.example.com/epcis/"},
]


def ids_of(*events: dict[str, Any], context: object = CONTEXT) -> list[str]:
    document = {
        "@context": context,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-04T11:00:30Z",
        "epcisBody": {"eventList": list(events)},
    }
    return event_ids(read_document(json.dumps(document).encode()))


def test_every_published_example_has_its_published_ids(data: Path) -> None:
    examples = data / "ledger" / "event_hash" / "examples"
    documents = sorted([*examples.glob("*.jsonld"), *examples.glob("*.xml")])
    assert len(documents) == 26
    for document in documents:
        expected = document.with_suffix(".hashes").read_text().split()
        assert event_ids(read_document(document.read_bytes())) == expected, document.name


def test_one_event_in_several_spellings_has_one_id(data: Path) -> None:
    for document in (data / "ledger" / "event_hash" / "expected_equal").iterdir():
        ids = event_ids(read_document(document.read_bytes()))
        assert len(ids) > 1, document.name
        assert len(set(ids)) == 1, document.name


@given(order=st.permutations(list(EVENT)), back=st.booleans())
def test_the_order_of_fields_and_lists_does_not_matter(order: list[str], back: bool) -> None:
    event = {name: copy.deepcopy(EVENT[name]) for name in order}
    if back:
        event["epcList"].reverse()
        event["ext:colour"]["ext:a"].reverse()

    assert ids_of(event) == ids_of(EVENT)


def test_what_is_said_about_an_event_later_does_not_change_its_id() -> None:
    declared = EVENT | {
        "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
        "recordTime": "2026-05-01T00:00:00Z",
        "errorDeclaration": {"declarationTime": "2026-05-01T00:00:00Z"},
    }

    assert ids_of(declared) == ids_of(EVENT)


def test_another_instant_amount_or_extension_is_another_event() -> None:
    others = [
        EVENT | {"eventTime": "2026-03-04T11:00:31.000+01:00"},
        EVENT | {"epcList": EVENT["epcList"][:1]},
        EVENT | {"ext:colour": "red"},
        EVENT | {"action": "DELETE"},
    ]

    assert len(set(ids_of(EVENT, *others))) == 5


def test_the_prefix_gs1_is_the_one_of_the_context_that_is_named() -> None:
    sensed = EVENT | {
        "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 2}]}]
    }
    newer = ["https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld", CONTEXT[1]]

    assert ids_of(EVENT) == ids_of(EVENT, context=newer)
    assert ids_of(sensed) != ids_of(sensed, context=newer)


def test_what_does_not_belong_into_a_sensor_report_still_tells_events_apart() -> None:
    ids = [
        ids_of(
            EVENT | {"sensorElementList": [{"sensorReport": [{"type": "Mass", "stray": stray}]}]}
        )
        for stray in ("one", "other")
    ]

    assert ids[0] != ids[1]
