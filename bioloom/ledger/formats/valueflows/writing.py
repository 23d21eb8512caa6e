"""Writing the record's events as Valueflows linked data (JSON-LD)."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.valueflows.graph import VF
from bioloom.ledger.formats.valueflows.measures import in_unit, label_of
from bioloom.ledger.formats.valueflows.recipes import recipe_nodes
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    ClaimMade,
    EventHappened,
    ProcessOpened,
    ProcessSpecified,
    PromiseMade,
)
from bioloom.vocabulary.entries.ledger import AgentDeclared, LotArrived, LotTransferred
from bioloom.vocabulary.entries.recipes import RecipePublished

_SORTS = {"person": "Person", "household": "Agent"}
_TRANSFERS = {
    ("rights", "custody"): "transfer",
    ("rights",): "transferAllRights",
    ("custody",): "transferCustody",
}


def nodes_of(entries: Iterable[Entry[Any]]) -> Iterator[Tree]:
    """The things that entries tell of, in their order; of other entries, none.

    Args:
        entries: Entries of the record; those that others replaced are to be left out.
    """
    for entry in entries:
        for node in _nodes(entry):
            yield {name: value for name, value in node.items() if value not in (None, [])}


def write_graph(nodes: Iterable[Tree]) -> bytes:
    """A document with some things. Ids are the record's own, and told apart by it."""
    document = {"@context": {"@vocab": VF}, "@graph": list(nodes)}
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _nodes(entry: Entry[Any]) -> Iterable[Tree]:
    if isinstance(entry.body, RecipePublished):
        return recipe_nodes(entry.body)
    node = _node(entry)
    return () if node is None else (node,)


def _node(entry: Entry[Any]) -> Tree | None:
    match entry.body:
        case AgentDeclared() as agent:
            kind = _SORTS.get(agent.sort, "Organization")
            return {"@id": agent.agent, "@type": kind, "name": agent.name}
        case ProcessSpecified() as kind_of:
            return {
                "@id": kind_of.specification,
                "@type": "ProcessSpecification",
                "name": kind_of.name,
                "note": kind_of.definition,
            }
        case ProcessOpened() as process:
            return {
                "@id": process.process,
                "@type": "Process",
                "basedOn": process.specification,
                "hasBeginning": entry.occurred_at,
            }
        case PromiseMade() as promise:
            return _undertaken(promise, promise.commitment, "Commitment")
        case ClaimMade() as claim:
            return _undertaken(claim, claim.claim, "Claim")
    return _event(entry)


def _undertaken(body: PromiseMade | ClaimMade, name: str, kind: str) -> Tree:
    field = "effortQuantity" if body.base_unit == "s" else "resourceQuantity"
    return {
        "@id": name,
        "@type": kind,
        "action": body.action,
        "provider": body.provider,
        "receiver": body.receiver,
        field: _measure(body.amount),
        "resourceConformsTo": body.material,
        "due": None if body.due is None else f"{body.due}T00:00:00Z",
    }


def _event(entry: Entry[Any]) -> Tree | None:
    match entry.body:
        case LotArrived() as lot:
            mass = Amount(units=lot.mass_mg, reported=lot.reported, unit=lot.unit)
            told = _told(entry, "raise", lot.owner, lot.owner, lot.lot)
            return told | {"resourceQuantity": _measure(mass), "resourceConformsTo": lot.material}
        case LotTransferred() as moved:
            mass = Amount(units=moved.mass_mg, reported="", unit="kg")
            told = _told(entry, _TRANSFERS[moved.sides], moved.giver, moved.receiver, moved.lot)
            return told | {"resourceQuantity": _measure(mass)}
        case EventHappened() as event:
            told = _told(entry, event.action, event.provider, event.receiver, event.lot)
            return told | {
                "toResourceInventoriedAs": event.to_lot,
                "resourceConformsTo": event.material
                or (None if event.made is None else event.made.material),
                "resourceQuantity": _measure(event.quantity),
                "effortQuantity": _measure(event.effort),
                "inputOf": event.input_of,
                "outputOf": event.output_of,
                "fulfills": list(event.fulfills),
                "settles": list(event.settles),
                "toLocation": event.to_place,
                "stage": event.stage,
                "state": event.state,
            }
    return None


def _told(entry: Entry[Any], action: str, giver: str, receiver: str, lot: str | None) -> Tree:
    return {
        "@id": f"urn:bioloom:{entry.id}",
        "@type": "EconomicEvent",
        "action": action,
        "provider": giver,
        "receiver": receiver,
        "resourceInventoriedAs": lot,
        "hasPointInTime": entry.occurred_at,
        "created": entry.recorded_at,
    }


def _measure(amount: Amount | None) -> Tree | None:
    """An amount in the unit in which it was reported, exactly."""
    if amount is None:
        return None
    return {
        "hasUnit": label_of(amount.unit),
        "hasNumericalValue": in_unit(amount.units, amount.unit),
    }
