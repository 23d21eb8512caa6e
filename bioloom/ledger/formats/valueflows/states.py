"""States of resources: those a document states, those the ledger reached, and how they compare."""

from collections.abc import Mapping

import msgspec

from bioloom.ledger.formats.valueflows.graph import Graph, Remark
from bioloom.ledger.formats.valueflows.measures import in_unit, read_measure
from bioloom.ledger.formats.valueflows.naming import Part
from bioloom.vocabulary.lots import LotId

# What a state says of a resource besides its amounts.
_REFERENCES = ("stage", "containedIn", "currentLocation", "primaryAccountable")
QUANTITIES = ("accountingQuantity", "onhandQuantity")


class State(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a resource has and where it stands. Amounts are numbers of `unit`, exactly."""

    unit: str
    accounting_quantity: str
    onhand_quantity: str
    stage: str | None
    state: str | None
    contained_in: str | None
    current_location: str | None
    primary_accountable: str | None


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A resource at the end: of which lot, whose, and its state.

    `assumed_opening` is what it must have had before, where no earlier state says so.
    """

    resource: str
    lot: str
    agent: str
    assumed_opening: str | None
    after: State


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A state that a document tells after events, beside the one the ledger had there.

    `read_as` is the resource that is meant where its id is mistyped. What no event could have told,
    such as where a resource stands that is described here first, is in `taken_as_stated`.
    """

    resource: str
    read_as: str | None
    after_event: str
    stated: dict[str, str | None]
    reached: dict[str, str | None]
    taken_as_stated: tuple[str, ...]
    differs: tuple[str, ...]
    equal: bool


class RefusedThere(msgspec.Struct, frozen=True, kw_only=True):
    """Something of a document that the ledger refuses."""

    at: str
    kind: str
    what: str
    why: str
    remedy: str


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What came of replaying a document. `equal` is null where it states nothing to compare."""

    equal: bool | None
    events: int
    recorded: int
    resources: tuple[Reached, ...]
    compared: tuple[Compared, ...]
    refused: tuple[RefusedThere, ...]
    remarks: tuple[Remark, ...]
    # Nodes that say nothing of what happened, by type.
    passed_over: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether nothing was refused and no state differs."""
        return self.equal is not False and not self.refused


def stated_of(fields: Mapping[str, object], part: Part, graph: Graph) -> dict[str, str | None]:
    """What a document states of a resource; an empty reference says that there is none.

    Raises:
        Refusal: If an amount cannot be read, or is not of the resource's unit.
    """
    stated: dict[str, str | None] = {}
    for name in QUANTITIES:
        if fields.get(name) is not None:
            stated[name] = in_unit(read_measure(fields[name])[0].units, part.unit)
    for name in _REFERENCES:
        if name in fields:
            stated[name] = graph.name(fields[name]) or None
    if "state" in fields:
        stated["state"] = str(fields["state"]) or None
    return stated


def compare(
    resource: str,
    stated: dict[str, str | None],
    reached: State,
    *,
    read_as: str | None,
    after_event: str,
    first_told: bool,
) -> Compared:
    """Hold a stated state against the reached one.

    Args:
        resource: Its id as the document writes it.
        stated: What it states.
        reached: What the ledger has.
        read_as: The resource that is meant, where that is another id.
        after_event: The event after which it is stated.
        first_told: Whether nothing described the resource before.
    """
    told: dict[str, str | None] = msgspec.to_builtins(reached)
    taken = tuple(
        name
        for name, value in stated.items()
        if first_told and name not in QUANTITIES and value and told[name] is None
    )
    differs = tuple(
        name for name, value in stated.items() if name not in taken and value != told[name]
    )
    return Compared(
        resource=resource,
        read_as=read_as,
        after_event=after_event,
        stated=stated,
        reached={name: told[name] for name in stated},
        taken_as_stated=taken,
        differs=differs,
        equal=not differs,
    )


def resource_of(lot: LotId | None, parts: Mapping[str, Part]) -> str | None:
    """The resource that stands for a lot."""
    return next((part.resource for part in parts.values() if part.lot == lot), None)
