"""Ids of EPCIS events, beside the algorithm's first implementation.

    python benchmarks/epcis_ids.py [EVENTS]

From the text of each document to the ids of its events. No two documents are alike: kinds, things,
times, timezones, places, quantities, sensors and extensions vary. The rival,
`epcis-event-hash-generator`, is installed as it was released, into an environment of its own, from
the package registry; where that cannot be done, it is said and only ours is measured. It is slow
and takes the first of every ten documents.
"""

import sys
import tempfile
from collections.abc import Callable
from json import dumps
from pathlib import Path
from typing import Any

from benchmarks.measuring import (
    Cost,
    Environment,
    cost_cells,
    environment_with,
    in_a_process,
    median,
    print_table,
    side_by_side,
)
from bioloom.ledger.formats.epcis.hashing import event_ids
from bioloom.ledger.formats.epcis.reading import read_document

_RIVAL = "epcis-event-hash-generator==1.9.3"
_EVENTS_A_DOCUMENT = 5
_THEIR_SHARE = 10
_STEPS = ("packing", "shipping", "receiving", "commissioning", "storing", "inspecting", "loading")
_OFFSETS = ("+01:00", "-05:00", "+00:00", "+05:30")


def main(events: int) -> None:
    """Run both and print a table."""
    count = max(_THEIR_SHARE, events // _EVENTS_A_DOCUMENT)
    texts = [document(number) for number in range(count)]
    some = texts[::_THEIR_SHARE]
    hashed = {"Bioloom": count}
    works: dict[str, Callable[[], Cost]] = {
        "Bioloom": lambda: in_a_process(lambda: lambda: _ours(texts))
    }
    with tempfile.TemporaryDirectory() as folder:
        theirs = environment_with(_RIVAL, Path(folder))
        if theirs is not None:
            given = Path(folder) / "documents"
            given.write_text("\n".join(some), "utf-8")
            _compare(theirs, given, _ours(some))
            works[_RIVAL] = lambda: theirs.run("epcis_ids", given)
            hashed[_RIVAL] = len(some)
        rows = []
        for name, costs in side_by_side(works).items():
            cost = median(costs)
            done = hashed[name] * _EVENTS_A_DOCUMENT
            speeds = [f"{done:,}", f"{done / cost.wall_s:,.0f}", f"{done / cost.cpu_s:,.0f}"]
            rows.append([name, *speeds, *cost_cells(cost)])
    columns = ["", "events", "events/s", "events/CPU s", "wall s", "CPU s", "peak MB"]
    print_table("Ids of EPCIS events, from text to id (median of five)", columns, rows)


def document(number: int) -> str:
    """A document with an event of each kind, unlike that of any other number."""
    offset = _OFFSETS[number % len(_OFFSETS)]
    around = {
        "eventTime": f"20{number % 60 + 20}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        f"T{number % 24:02}:{number % 59:02}:{number % 53:02}.{number % 1000:03}{offset}",
        "eventTimeZoneOffset": offset,
        "bizStep": _STEPS[number % len(_STEPS)],
        "readPoint": {"id": f"urn:epc:id:sgln:4012345.{number % 99_999:05}.0"},
    }
    events = [event | around for event in _kinds(number)]
    if number % 3 == 0:
        events[0]["sensorElementList"] = [_sensor(number)]
    if number % 4 == 0:
        events[1]["example:batch"] = {
            "example:shift": str(number % 3),
            "example:line": f"L{number}",
        }
    return dumps(
        {
            "@context": [
                "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                {"example": "http://ns.example.com/epcis/"},
            ],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-01-01T08:00:00Z",
            "epcisBody": {"eventList": events},
        }
    )


def _kinds(number: int) -> list[dict[str, Any]]:
    things = [f"urn:epc:id:sgtin:4012345.077889.{number}{at}" for at in range(2 + number % 7)]
    crate = f"urn:epc:id:sscc:4047023.0{number % 10**9:09}"
    inside = {"action": "ADD", "parentID": crate, "childEPCs": things}
    paper = {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:4012345000009:{number}"}
    bulk = {
        "epcClass": f"urn:epc:class:lgtin:4012345.012345.{number}",
        "quantity": number % 900 + 0.5,
        "uom": "KGM",
    }
    return [
        {"type": "ObjectEvent", "action": "OBSERVE", "epcList": things, "quantityList": [bulk]},
        {"type": "AggregationEvent", **inside},
        {
            "type": "TransactionEvent",
            "action": "ADD",
            "epcList": things,
            "bizTransactionList": [paper],
        },
        {"type": "TransformationEvent", "inputEPCList": things[:1], "outputEPCList": things[1:]},
        {"type": "AssociationEvent", **inside},
    ]


def _sensor(number: int) -> dict[str, Any]:
    report = {"type": "Temperature", "value": number % 400 / 10, "uom": "CEL"}
    return {
        "sensorMetadata": {"deviceID": f"urn:epc:id:giai:4000001.{number}"},
        "sensorReport": [report],
    }


def _ours(texts: list[str]) -> list[str]:
    return [one for text in texts for one in event_ids(read_document(text.encode()))]


def _compare(theirs: Environment, documents: Path, ours: list[str]) -> None:
    """Say of how many events both have the same id; the differences are in decision record 0014."""
    ids = documents.with_name("ids")
    theirs.run("epcis_ids", documents, ids)
    same = sum(one == other for one, other in zip(ours, ids.read_text().splitlines(), strict=True))
    print(f"The ids of {same} of {len(ours)} events are the same on both sides.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
