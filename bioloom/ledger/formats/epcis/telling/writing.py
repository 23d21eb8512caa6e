"""Writing the record's events as an EPCIS 2.0 document, so that others can capture them.

What was captured from EPCIS is not told again in the words it came in, but in the record's own: its
lots keep their keys. Promises, claims, services and work have no event in EPCIS and are left out.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from bioloom.ledger.formats.epcis.hashing import event_id
from bioloom.ledger.formats.epcis.reading import Event, Names
from bioloom.ledger.formats.epcis.terms import PREFIXES_2_0_0
from bioloom.ledger.formats.epcis.things import UNIT_CODES
from bioloom.ledger.formats.linked.strict import Tree, write_json
from bioloom.vocabulary.amounts import PIECE, base_of
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.periods import Instant

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
# Names that are no URI become URNs of the city's record.
_URN = "urn:bioloom:"

_ACTIONS = {
    "produce": ("ObjectEvent", "ADD", "commissioning"),
    "raise": ("ObjectEvent", "ADD", "commissioning"),
    "copy": ("ObjectEvent", "ADD", "commissioning"),
    "consume": ("ObjectEvent", "DELETE", "decommissioning"),
    "lower": ("ObjectEvent", "DELETE", "decommissioning"),
    "combine": ("AggregationEvent", "ADD", "packing"),
    "separate": ("AggregationEvent", "DELETE", "unpacking"),
    "pickup": ("ObjectEvent", "OBSERVE", "picking"),
    "dropoff": ("ObjectEvent", "OBSERVE", "unloading"),
    "move": ("ObjectEvent", "OBSERVE", "transporting"),
    "accept": ("ObjectEvent", "OBSERVE", "accepting"),
    "modify": ("ObjectEvent", "OBSERVE", "other"),
    "transfer": ("ObjectEvent", "OBSERVE", "receiving"),
    "transferAllRights": ("ObjectEvent", "OBSERVE", "receiving"),
    "transferCustody": ("ObjectEvent", "OBSERVE", "receiving"),
}
_PASSING = {
    "transfer": ("owning_party", "possessing_party"),
    "transferAllRights": ("owning_party",),
    "transferCustody": ("possessing_party",),
}


def epcis_events(entries: Iterable[Entry[Any]]) -> Iterator[Tree]:
    """The events of entries, in their order, each with its id; of entries that are no event, none.

    Args:
        entries: Entries of the record; those that others replaced are to be left out.
    """
    names = Names(PREFIXES_2_0_0)
    for entry in entries:
        body = _body_of(entry)
        if body is not None:
            identity = event_id(Event("$", body, names))
            yield {"type": body["type"], "eventID": identity} | body


def write_document(events: Iterable[Tree], *, at: Instant) -> bytes:
    """An EPCIS document with some events."""
    document = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": at,
        "epcisBody": {"eventList": list(events)},
    }
    return msgspec.json.format(write_json(document), indent=2)


def write_answer(events: Iterable[Tree], *, at: Instant) -> bytes:
    """The answer to a query for events, each with a context of its own where it needs one."""
    answer = {
        "@context": [CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": at,
        "epcisBody": {
            "queryResults": {
                "queryName": "SimpleEventQuery",
                "resultsBody": {"eventList": list(events)},
            }
        },
    }
    return write_json(answer)


def _body_of(entry: Entry[Any]) -> Tree | None:
    match entry.body:
        case LotArrived() as arrived if arrived.mass_mg:
            told = _event("ObjectEvent", "ADD", "commissioning", entry)
            told["quantityList"] = [_element(arrived.lot, arrived.mass_mg, "mg")]
            return told | _parties("source", arrived.owner, ("owning_party",))
        case LotTransferred() as moved:
            told = _event("ObjectEvent", "OBSERVE", "receiving", entry)
            told["quantityList"] = [_element(moved.lot, moved.mass_mg, "mg")]
            sorts = {"rights": "owning_party", "custody": "possessing_party"}
            return told | _between(
                moved.giver, moved.receiver, tuple(sorts[side] for side in moved.sides)
            )
        case EventHappened() as event if event.lot is not None and event.action in _ACTIONS:
            return _of_event(event, entry)
    return None


def _of_event(event: EventHappened, entry: Entry[Any]) -> Tree | None:
    if event.quantity is None or event.lot is None or not event.quantity.units:
        return None
    kind, action, step = _ACTIONS[event.action]
    base = base_of(event.quantity.unit)[0]
    if kind == "AggregationEvent" and event.container is None:
        kind, action = "ObjectEvent", "OBSERVE"
    told = _event(kind, action, step, entry)
    if event.to_place is not None:
        told["bizLocation"] = {"id": uri_of(event.to_place)}
    element = _element(event.lot, event.quantity.units, base)
    if kind == "AggregationEvent":
        assert event.container is not None, "it was asked before"
        told["parentID"] = uri_of(event.container)
        told["childQuantityList"] = [element]
    else:
        told["quantityList"] = [element]
    sorts = _PASSING.get(event.action)
    if sorts is not None and event.provider != event.receiver:
        told |= _between(event.provider, event.receiver, sorts)
    return told


def _event(kind: str, action: str, step: str, entry: Entry[Any]) -> Tree:
    return {
        "type": kind,
        "eventTime": entry.occurred_at,
        "recordTime": entry.recorded_at,
        "eventTimeZoneOffset": "+00:00",
        "action": action,
        "bizStep": step,
    }


def _element(lot: str, units: int, base_unit: str) -> Tree:
    """So much of a lot; masses in kilograms, exactly."""
    if base_unit == PIECE:
        return {"epcClass": uri_of(lot), "quantity": units}
    if base_unit == "mg":
        return {"epcClass": uri_of(lot), "quantity": Decimal(units).scaleb(-6), "uom": "KGM"}
    code = UNIT_CODES.get(base_unit)
    element = {"epcClass": uri_of(lot), "quantity": units}
    return element if code is None else element | {"uom": code}


def _between(giver: str, receiver: str, sorts: tuple[str, ...]) -> Tree:
    return _parties("source", giver, sorts) | _parties("destination", receiver, sorts)


def _parties(side: str, agent: str, sorts: tuple[str, ...]) -> Tree:
    return {f"{side}List": [{"type": sort, side: uri_of(agent)} for sort in sorts]}


def uri_of(name: str) -> str:
    """A name as a URI: as it is if it is one, or else as a URN of this record.

    >>> uri_of("commons:1"), uri_of("https://id.gs1.org/417/4012345000009")
    ('urn:bioloom:commons:1', 'https://id.gs1.org/417/4012345000009')
    """
    if name.startswith(("https://", "http://", "urn:")):
        return name
    return _URN + quote(name, safe=":")
