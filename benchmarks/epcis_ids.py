"""Ids of EPCIS events, beside the algorithm's first implementation.

    python benchmarks/epcis_ids.py [EVENTS]

Both read a document of one event of each kind again and again, from its text to its ids. The rival,
`epcis-event-hash-generator`, is not among our own dependencies: where it is not installed, that is
said and only ours is measured. Its released version is run as it comes.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from json import dumps
from typing import Any

from benchmarks.measuring import Cost, cost_cells, in_a_process, median, print_table, side_by_side
from bioloom.ledger.formats.epcis.hashing import event_ids
from bioloom.ledger.formats.epcis.reading import read_document

_RIVAL = "epcis_event_hash_generator"
_WHEN = {"eventTime": "2026-01-01T08:00:00.000+01:00", "eventTimeZoneOffset": "+01:00"}
_ITEMS = [f"urn:epc:id:sgtin:4012345.077889.{number}" for number in range(4)]
_CRATE = "urn:epc:id:sscc:4047023.0111111122"
_BY = {"bizStep": "packing", "readPoint": {"id": "urn:epc:id:sgln:4012345.00024.0"}}
_EVENTS: list[dict[str, Any]] = [
    {"type": "ObjectEvent", "action": "ADD", "epcList": _ITEMS, **_WHEN, **_BY},
    {
        "type": "AggregationEvent",
        "action": "ADD",
        "parentID": _CRATE,
        "childEPCs": _ITEMS,
        **_WHEN,
        **_BY,
    },
    {
        "type": "TransactionEvent",
        "action": "ADD",
        "epcList": _ITEMS,
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:1:2"}],
        **_WHEN,
        **_BY,
    },
    {
        "type": "TransformationEvent",
        "inputEPCList": _ITEMS[:2],
        "outputEPCList": _ITEMS[2:],
        **_WHEN,
        **_BY,
    },
    {
        "type": "AssociationEvent",
        "action": "ADD",
        "parentID": _CRATE,
        "childEPCs": _ITEMS,
        **_WHEN,
        **_BY,
    },
]
_TEXT = dumps(
    {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T08:00:00Z",
        "epcisBody": {"eventList": _EVENTS},
    }
)


def main(events: int) -> None:
    """Run both and print a table."""
    rounds = max(1, events // len(_EVENTS))
    works: dict[str, Callable[[], Cost]] = {
        "Bioloom": lambda: in_a_process(lambda: lambda: _ours(rounds))
    }
    if find_spec(_RIVAL) is None:
        print(f"{_RIVAL} is not installed: only ours is measured.")
    else:
        works[_RIVAL] = lambda: in_a_process(lambda: lambda: _theirs(rounds))
    rows = []
    for name, costs in side_by_side(works).items():
        cost = median(costs)
        rows.append([name, f"{rounds * len(_EVENTS) / cost.wall_s:,.0f}", *cost_cells(cost)])
    columns = ["Ids of EPCIS events", "events/s", "wall s", "CPU s", "peak MB"]
    print_table(f"{rounds * len(_EVENTS):,} events, from text to id", columns, rows)


def _ours(rounds: int) -> None:
    for _ in range(rounds):
        event_ids(read_document(_TEXT.encode()))


def _theirs(rounds: int) -> None:
    # Not there everywhere, so it is found by name; loading it also sets up its JSON-LD loader.
    hashing = import_module(f"{_RIVAL}.hash_generator")
    reading = import_module(f"{_RIVAL}.json_to_py")
    for _ in range(rounds):
        told = reading.event_list_from_epcis_document_str(_TEXT)
        hashing.epcis_hashes_from_events(told)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
