"""An event without its document has the hash that it had there."""

import json
from pathlib import Path

from bioloom.ledger.formats.epcis.alone import standing_alone
from bioloom.ledger.formats.epcis.hashing import event_ids
from bioloom.ledger.formats.epcis.reading import read_document


def test_every_published_event_stands_alone_with_its_hash(data: Path) -> None:
    alone = 0
    folders = [data / "ledger" / name for name in ("event_hash", "openepcis")]
    for file in sorted(file for folder in folders for file in folder.rglob("*.*")):
        if file.suffix not in (".json", ".jsonld", ".xml"):
            continue
        if {"Queries", "Invalid"} & set(file.parts):
            continue
        read = read_document(file.read_bytes())
        for event, name in zip(read.events, event_ids(read), strict=True):
            text = standing_alone(event, read.ignored)
            assert event_ids(read_document(text)) == [name], (file.name, event.path)
            alone += 1
    assert alone > 150


def test_numbers_keep_their_digits() -> None:
    event = {"type": "ObjectEvent", "ext:large": 10**25, "ext:exact": "0.10", "ext:small": 0.1}
    read = read_document(json.dumps({"@context": [{"ext": "urn:ext:"}]} | event).encode())

    again = json.loads(standing_alone(read.events[0]))

    assert {key: again[key] for key in event} == event
