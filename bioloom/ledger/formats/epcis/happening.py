"""Happening: what an EPCIS event says, as entries of the ledger.

A serialised object is a lot of one piece; a class with a quantity is a lot of so much. What is seen
for the first time, and was not made by an event that is known, is raised: it came from nobody knows
where, and the balance shows it. Parties are those of the source and destination lists; where there
are none, the operator of the site where it was read, or whoever captures it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from bioloom.ledger.declared import Declared
from bioloom.ledger.events.containing import contents
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.formats.epcis.keys import canonical_key
from bioloom.ledger.formats.epcis.reading import Event
from bioloom.ledger.formats.epcis.things import Thing, class_of, of_class, of_object
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import (
    EventHappened,
    LotMade,
    ProcessClosed,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    SpecificationId,
)
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, read_instant
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.refusal import Refusal

TRANSFORMING = SpecificationId("epcis:transformation")
_COUNTING = ("cycle_counting", "stock_taking")


class CountedTooSoon(Refusal):
    """A count of a lot that the same document makes."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"'{lot}' is counted in the document that makes it.",
            why="A count is held against the record, where the lot is not yet.",
            remedy="Send the count in a document of its own, or let events be captured one by one.",
        )


@dataclass(slots=True)
class Told:
    """What has been told before, in the record and in this document."""

    declared: Declared
    facts: Facts
    author: AgentId
    agents: set[AgentId] = field(default_factory=set)
    lots: set[LotId] = field(default_factory=set)
    processes: set[ProcessId] = field(default_factory=set)
    is_specified: bool = False

    def has_lot(self, lot: LotId) -> bool:
        """Whether a lot is in the record, or was made by this document."""
        return lot in self.lots or self.facts.kind_of(lot) is not None


def drafts_of(event: Event, event_id: str, told: Told) -> list[Draft[Any]]:
    """The entries that an event becomes, all of which are to be recorded or none.

    Args:
        event: An event without faults.
        event_id: Its id by what it says.
        told: What was told before; what the event makes is added.

    Raises:
        UnitUncounted, QuantityMissing, AmountUncountable: If a quantity cannot be counted.
    """
    at, key = read_instant(str(event.body["eventTime"])), key_of(event_id)
    own = count()
    return [
        Draft(
            body=body,
            occurred_at=at,
            author=told.author,
            idempotency_key=name or f"{key}:{next(own)}",
        )
        for name, body in _Telling(event, told).bodies(event_id)
    ]


def key_of(event_id: str) -> str:
    """The idempotency key that the entries of an event begin with.

    >>> key_of("ni:///sha-256;25be?ver=CBV2.0")
    'epcis:25be'
    """
    return "epcis:" + event_id.partition(";")[2].partition("?")[0]


class _Telling:
    """One event on its way to bodies of entries."""

    def __init__(self, event: Event, told: Told) -> None:
        self._body, self._names, self._told = event.body, event.names, told
        here = self._body.get("bizLocation") or self._body.get("readPoint") or {}
        place = SiteId(canonical_key(str(here.get("id", ""))))
        self._site = told.declared.sites.get(place)
        self._place = str(place) or None
        self._step = self._names.value(str(self._body.get("bizStep", "")), "bizStep")

    def bodies(self, event_id: str) -> Iterator[tuple[str | None, msgspec.Struct]]:
        """The bodies, in their order; with a key where it is not the event's own."""
        made = list(self._moves(event_id))
        for agent in dict.fromkeys(agent for body in made for agent in _agents_of(body)):
            if agent not in self._told.declared.agents and agent not in self._told.agents:
                self._told.agents.add(agent)
                yield f"agent:{agent}", AgentDeclared(agent=agent, name=agent)
        for body in made:
            name = None
            if isinstance(body, ProcessSpecified):
                name = f"specification:{body.specification}"
            yield name, body

    def _moves(self, event_id: str) -> Iterator[msgspec.Struct]:
        match self._body["type"], self._body.get("action"):
            case "TransformationEvent", _:
                yield from self._transformation(event_id)
            case "AggregationEvent" | "AssociationEvent", "ADD" | "DELETE" as action:
                yield from self._aggregation(action)
            case "ObjectEvent", "ADD":
                for thing in self._things("epcList", "quantityList"):
                    yield self._made(thing, "produce")
            case "ObjectEvent", "DELETE":
                for thing in self._things("epcList", "quantityList"):
                    yield from self._seen(thing)
                    yield self._event("consume", thing)
            case "TransactionEvent", _:
                # It says to what orders and invoices things belong, and moves nothing.
                for thing in self._things("epcList", "quantityList"):
                    yield from self._seen(thing)
                    yield self._event("cite", thing)
            case _:
                yield from self._observation()

    def _transformation(self, event_id: str) -> Iterator[msgspec.Struct]:
        told, stated = self._told, self._body.get("transformationID")
        process = ProcessId(canonical_key(str(stated)) if stated else key_of(event_id))
        known = told.facts.about(f"process:{process}")
        if not known and process not in told.processes:
            told.processes.add(process)
            if not (told.is_specified or told.facts.about(f"specification:{TRANSFORMING}")):
                told.is_specified = True
                yield _transforming()
            yield ProcessOpened(process=process, specification=TRANSFORMING, operator=self._agent())
        in_mg = out_mg = 0
        for thing in self._things("inputEPCList", "inputQuantityList"):
            yield from self._seen(thing)
            in_mg += thing.amount.units if thing.base_unit == "mg" else 0
            yield msgspec.structs.replace(self._event("consume", thing), input_of=process)
        for thing in self._things("outputEPCList", "outputQuantityList"):
            out_mg += thing.amount.units if thing.base_unit == "mg" else 0
            yield msgspec.structs.replace(self._made(thing, "produce"), output_of=process)
        if not stated:
            yield ProcessClosed(process=process, residual_mg=in_mg - out_mg)

    def _aggregation(self, action: str) -> Iterator[msgspec.Struct]:
        parent = of_object(str(self._body["parentID"]))
        children = list(self._things("childEPCs", "childQuantityList"))
        yield from self._seen(parent)
        if action == "ADD":
            for child in children:
                yield from self._seen(child)
                yield self._contained("combine", child, parent)
            return
        if not children:
            inside = contents(parent.lot, self._told.facts)
            children = [_of_units(lot, units, self._told.facts) for lot, units in inside.items()]
        for child in children:
            if self._told.has_lot(child.lot):
                yield self._contained("separate", child, parent)
            else:
                yield self._made(child, "raise")

    def _contained(self, action: Action, child: Thing, parent: Thing) -> EventHappened:
        return msgspec.structs.replace(self._event(action, child), container=parent.lot)

    def _observation(self) -> Iterator[msgspec.Struct]:
        is_counting = self._step.endswith(_COUNTING)
        fields = ("epcList", "quantityList")
        if self._body["type"] != "ObjectEvent":
            fields = ("childEPCs", "childQuantityList")
        for thing in self._things(*fields, needs_amount=False):
            if is_counting:
                yield from self._counted(thing)
                continue
            yield from self._seen(thing)
            yield from self._passed_on(thing)

    def _passed_on(self, thing: Thing) -> Iterator[EventHappened]:
        """What changes owner or hands, or else only where it is."""
        passed = False
        for sort, action in (
            ("owning_party", "transferAllRights"),
            ("possessing_party", "transferCustody"),
        ):
            giver, receiver = self._party("source", sort), self._party("destination", sort)
            if giver is None or receiver is None or giver == receiver:
                continue
            passed = True
            found = self._event(msgspec.convert(action, Action), thing)
            yield msgspec.structs.replace(found, provider=giver, receiver=receiver)
        if not passed:
            yield self._event("move", thing)

    def _counted(self, thing: Thing) -> Iterator[EventHappened]:
        """A count: what is there more or less than the record says is raised or lowered."""
        if not self._told.has_lot(thing.lot):
            yield self._made(thing, "raise")
            return
        if thing.lot in self._told.lots:
            raise CountedTooSoon(lot=thing.lot)
        recorded = self._told.facts.owner_units(thing.lot).get(self._agent(), 0)
        difference = thing.amount.units - recorded
        if difference:
            off = _of_units(thing.lot, abs(difference), self._told.facts)
            yield self._event("raise" if difference > 0 else "lower", off)
        else:
            yield self._event("cite", thing)

    def _seen(self, thing: Thing) -> Iterator[EventHappened]:
        """The entry that begins a lot of which nobody told before."""
        if not self._told.has_lot(thing.lot):
            yield self._made(thing, "raise")

    def _made(self, thing: Thing, action: Action) -> EventHappened:
        """An event that adds to a lot, and makes it if it is not there."""
        event = self._event(action, thing)
        if self._told.has_lot(thing.lot):
            return event
        self._told.lots.add(thing.lot)
        kind = MaterialId(class_of(thing.lot))
        made = LotMade(
            lot=thing.lot, material=kind, base_unit=thing.base_unit, place=self._named_place()
        )
        return msgspec.structs.replace(event, made=made)

    def _event(self, action: Action, thing: Thing) -> EventHappened:
        agent = self._agent()
        return EventHappened(
            action=action,
            provider=agent,
            receiver=agent,
            stamp="reported",
            lot=thing.lot,
            quantity=thing.amount,
            to_place=self._named_place(),
            state=self._disposition(),
        )

    def _named_place(self) -> str | None:
        return None if self._site is None else str(self._site.site)

    def _disposition(self) -> str | None:
        said = self._body.get("disposition")
        return None if said is None else self._names.value(str(said), "disposition")

    def _agent(self) -> AgentId:
        """Who acts: the party that has it, the operator of the place, or who captures it."""
        for side, sort in (
            ("source", "possessing_party"),
            ("source", "owning_party"),
            ("destination", "possessing_party"),
        ):
            party = self._party(side, sort)
            if party is not None:
                return party
        return self._told.author if self._site is None else self._site.operator

    def _party(self, side: str, sort: str) -> AgentId | None:
        for pair in self._body.get(f"{side}List") or []:
            word = self._names.value(str(pair["type"]), f"{side}List.type")
            if word.endswith(sort) and (name := canonical_key(str(pair[side]))) not in BOUNDARY:
                return AgentId(name)
        return None

    def _things(self, epcs: str, quantities: str, *, needs_amount: bool = True) -> Iterator[Thing]:
        for epc in self._body.get(epcs) or []:
            yield of_object(epc)
        for element in self._body.get(quantities) or []:
            if element.get("quantity") is not None or needs_amount:
                yield of_class(element)


def _of_units(lot: LotId, units: int, facts: Facts) -> Thing:
    kind = facts.kind_of(lot)
    assert kind is not None, "it was asked for by what is in the record"
    base_unit = kind[1]
    return Thing(lot, Amount(units=units, reported=str(units), unit=base_unit), base_unit)


def _agents_of(body: msgspec.Struct) -> tuple[AgentId, ...]:
    match body:
        case EventHappened(provider=provider, receiver=receiver):
            return (provider, receiver)
        case ProcessOpened(operator=operator):
            return (operator,)
    return ()


def _transforming() -> ProcessSpecified:
    return ProcessSpecified(
        specification=TRANSFORMING,
        name="Transformation",
        definition="Inputs become outputs; some or all inputs are used up (EPCIS 2.0, 7.4.6).",
        tolerance_per_mille=None,
        source="GS1 EPCIS 2.0",
    )


def declared_in_error(body: Tree) -> Instant | None:
    """When an event was declared to be an error, if it was."""
    declaration = body.get("errorDeclaration")
    if not isinstance(declaration, dict):
        return None
    return read_instant(str(declaration["declarationTime"]))
