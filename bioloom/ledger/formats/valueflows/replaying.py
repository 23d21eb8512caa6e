"""Replaying: a document's before-state and events through the real ledger, in a fresh record."""

from collections import Counter
from difflib import get_close_matches
from typing import Any

import msgspec

from bioloom.ledger.events.containing import containers_of
from bioloom.ledger.events.processes import close, known_process, owners_of_missing
from bioloom.ledger.formats.valueflows.graph import Graph, Node
from bioloom.ledger.formats.valueflows.measures import (
    in_unit,
    label_of,
    read_measure,
    read_time,
)
from bioloom.ledger.formats.valueflows.naming import UNSTATED, Naming, Part
from bioloom.ledger.formats.valueflows.opening import Holder, just_enough
from bioloom.ledger.formats.valueflows.states import (
    Compared,
    Reached,
    RefusedThere,
    Replay,
    State,
    compare,
    resource_of,
    stated_of,
)
from bioloom.ledger.formats.valueflows.telling import (
    claim_of,
    event_of,
    opening_of,
    promise_of,
    specification_of,
)
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Recorded, Refused
from bioloom.ledger.record.remembering import Memory, numbers_of, recall
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.actions import ACTIONS
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import (
    EventHappened,
    LotMade,
    ProcessId,
    SpecificationId,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant, epoch_ms, from_epoch_ms
from bioloom.vocabulary.refusal import Refusal

_REPLAYER = AgentId("replay")
_BEFORE = Instant("1970-01-01T00:00:00.000Z")


def replay(graph: Graph) -> Replay:
    """Replay a document.

    Resources of which no earlier state is told are assumed to have had just enough; each process is
    closed after its last event, with whatever residual it has; what has no time, or an earlier one
    than what stands before it, happens just after that.

    Raises:
        AgentReserved: If the document names an account at the city's edge as an agent.
    """
    return _Replaying(graph).run()


class _Replaying:
    """A document on its way through a record of its own."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._naming = graph, Naming(graph)
        self._journal = Journal(MemoryStore())
        self._at_ms = epoch_ms(_BEFORE)
        self._recorded = 0
        self._refused: list[RefusedThere] = []
        self._compared: list[Compared] = []
        self._assumed: dict[Holder, int] = {}
        self._stages: dict[Holder, dict[str, str]] = {}
        self._passed_over: Counter[str] = Counter()
        self._bodies: dict[int, EventHappened] = {}
        self._existing: set[LotId] = set()

    def run(self) -> Replay:
        """Record and compare everything in the document's order."""
        nodes = self._graph.nodes
        openings = self._openings()
        self._read_events()
        self._open(openings)
        last_of = {process: at for at, body in self._bodies.items() for process in _processes(body)}
        latest = ""
        for at, node in enumerate(nodes):
            match node.type:
                case "EconomicEvent":
                    self._happen(at, node)
                    latest = node.id
                    for process in [name for name, last in last_of.items() if last == at]:
                        self._close(process)
                case "EconomicResource" if at not in openings:
                    self._compare(node, latest)
                case "Commitment":
                    self._tell(node, "commitment")
                case "Claim":
                    self._tell(node, "claim")
                case "EconomicResource" | "Process" | "ProcessSpecification":
                    pass
                case _:
                    self._passed_over[node.type or UNSTATED] += 1
        return self._result()

    def _openings(self) -> dict[int, Node]:
        """The statements that tell what was before: by their place among the nodes."""
        nodes = self._graph.nodes
        events = [at for at, node in enumerate(nodes) if node.type == "EconomicEvent"]
        touched = {
            at: {name for name in self._naming.resources_of(nodes[at]) if name} for at in events
        }
        openings: dict[int, Node] = {}
        seen: set[str] = set()
        for at, node in enumerate(nodes):
            if node.type != "EconomicResource" or node.id in seen:
                continue
            seen.add(node.id)
            before = any(node.id in touched[event] for event in events if event < at)
            later = any(node.id in touched[event] for event in events if event > at)
            if not before and (later or not events or at < events[0]):
                openings[at] = node
        return openings

    def _read_events(self) -> None:
        for at, node in enumerate(self._graph.nodes):
            if node.type != "EconomicEvent":
                continue
            try:
                self._bodies[at] = event_of(node, self._graph, self._naming, made=None)
            except Refusal as refusal:
                self._refuse(node.id, refusal)

    def _open(self, openings: dict[int, Node]) -> None:
        """Record what was before: as stated, or just enough where nothing is stated."""
        stated = {node.id for node in openings.values()}
        # Containers first: what they hold is put into them.
        for node in sorted(openings.values(), key=lambda one: bool(one.fields.get("containedIn"))):
            part = self._naming.parts[node.id]
            try:
                self._open_stated(node, part)
            except Refusal as refusal:
                self._refuse(node.id, refusal)
        for holder, units in just_enough(self._bodies.values()).items():
            held = self._naming.holding(*holder)
            if held is None or held.resource not in stated:
                known = held or self._naming.of_lot(holder[0])
                assert known is not None, "an event's lot is of one of the resources"
                self._assumed[holder] = units
                self._raise(known, holder, units)

    def _open_stated(self, node: Node, part: Part) -> None:
        fields = node.fields
        measures = [fields.get("accountingQuantity"), fields.get("onhandQuantity")]
        counts = [None if one is None else read_measure(one)[0].units for one in measures]
        told = [count for count in counts if count is not None]
        if not told:
            return
        rights, custody = (told[0] if count is None else count for count in counts)
        holder = (part.lot, part.agent)
        self._raise(part, holder, max(rights, custody))
        difference = rights - custody
        container = self._naming.parts.get(self._graph.name(fields.get("containedIn")))
        if container is not None:
            self._put_in(part, container, custody)
        elif difference:
            # Somebody else has what it lacks; who, the document does not say.
            action = "transferCustody" if difference > 0 else "transferAllRights"
            body = self._event(part, holder, abs(difference), action=action)
            self._append(
                msgspec.structs.replace(body, receiver=AgentId(UNSTATED)),
                f"opening:{part.resource}",
            )
        self._stages[holder] = {
            name: self._graph.name(fields[name]) if name != "state" else str(fields[name])
            for name in ("stage", "state", "currentLocation")
            if fields.get(name)
        }

    def _put_in(self, part: Part, container: Part, units: int) -> None:
        body = self._event(part, (part.lot, part.agent), units, action="combine")
        self._append(
            msgspec.structs.replace(body, container=container.lot), f"opening:{part.resource}"
        )

    def _raise(self, part: Part, holder: Holder, units: int) -> None:
        body = self._event(part, holder, units, action="raise")
        if part.lot not in self._existing:
            made = LotMade(lot=part.lot, material=part.material, base_unit=part.base_unit)
            body = msgspec.structs.replace(body, made=made)
        self._append(body, part.resource)

    def _event(self, part: Part, holder: Holder, units: int, *, action: Any) -> EventHappened:  # noqa: ANN401  An action's name.
        lot, agent = holder
        reported = in_unit(units, part.unit)
        return EventHappened(
            action=action,
            provider=agent,
            receiver=agent,
            stamp="reported",
            lot=lot,
            quantity=Amount(units=units, reported=reported, unit=part.unit),
        )

    def _happen(self, at: int, node: Node) -> None:
        body = self._bodies.get(at)
        if body is None:
            return
        for process in _processes(body):
            self._begin(process, body.provider)
        creates = ACTIONS[body.action].create_resource
        target = body.lot if creates == "optional" else body.to_lot
        if creates and target is not None and target not in self._existing:
            body = event_of(node, self._graph, self._naming, made=target)
        at_time = node.fields.get("hasPointInTime") or node.fields.get("hasEnd")
        if not self._append(body, node.id, time=at_time):
            return
        told = {"stage": body.stage, "state": body.state, "currentLocation": body.to_place}
        lot = body.lot if body.to_lot is None else body.to_lot
        if lot is not None:
            self._stages.setdefault((lot, body.receiver), {}).update(
                {name: str(value) for name, value in told.items() if value}
            )

    def _begin(self, process: ProcessId, operator: AgentId) -> None:
        facts = self._facts()
        if not facts.about(f"process:{process}"):
            body = opening_of(process, self._graph, self._naming, operator)
            if not facts.about(f"specification:{body.specification}"):
                kind = specification_of(body.specification, self._graph)
                self._append(kind, SpecificationId(body.specification))
            self._append(body, process)

    def _close(self, process: ProcessId) -> None:
        facts = self._facts()
        try:
            known = known_process(process, facts)
            self._append(close(known, owners_of_missing(known, facts)), f"{process}:end")
        except Refusal as refusal:
            self._refuse(process, refusal)

    def _tell(self, node: Node, kind: str) -> None:
        tell = promise_of if kind == "commitment" else claim_of
        try:
            body = tell(node, self._graph, self._naming)
        except Refusal as refusal:
            self._refuse(node.id, refusal)
        else:
            self._append(body, node.id)

    def _append(self, body: msgspec.Struct, name: str, *, time: object = None) -> bool:
        """Offer a body to the record; whether it is in it now."""
        stated = read_time(time)
        if time is not None and stated is None:
            self._graph.remark(name, f"'{str(time)[:40]}' is no point in time, and left out.")
        self._at_ms = max(self._at_ms + 1, 0 if stated is None else epoch_ms(stated))
        at = from_epoch_ms(self._at_ms)
        key = f"{type(body).__name__}:{name}:{self._journal.head().seq}"
        draft = Draft(body=body, occurred_at=at, author=_REPLAYER, idempotency_key=key)
        (outcome,) = self._journal.append([draft], recorded_at=at)
        if isinstance(outcome, Refused):
            self._refuse(name, outcome.refusal)
        if not isinstance(outcome, Recorded):
            return False
        self._recorded += 1
        made = getattr(body, "made", None)
        if made is not None:
            self._existing.add(made.lot)
        return True

    def _refuse(self, at: str, refusal: Refusal) -> None:
        kind = type(refusal).__name__
        told = RefusedThere(
            at=at, kind=kind, what=refusal.what, why=refusal.why, remedy=refusal.remedy
        )
        self._refused.append(told)

    def _compare(self, node: Node, latest: str) -> None:
        events = (node for node in self._graph.nodes if node.type == "EconomicEvent")
        named = {name for event in events for name in self._naming.resources_of(event)}
        opened = {one.id for one in self._openings().values()}
        meant, read_as = node.id, None
        if node.id not in named | opened:
            near = get_close_matches(node.id, sorted(named | opened), n=1, cutoff=0.95)
            read_as = meant = near[0] if near else node.id
            guess = f"; read as '{meant}'" if near else ""
            self._graph.remark(node.id, f"No event and no earlier state has this resource{guess}.")
        part = self._naming.parts[meant]
        try:
            stated = stated_of(node.fields, part, self._graph)
        except Refusal as refusal:
            self._refuse(node.id, refusal)
            return
        earlier = {one.resource for one in self._compared} | opened
        self._compared.append(
            compare(
                node.id,
                stated,
                self._state(part),
                read_as=None if read_as == node.id else read_as,
                after_event=latest,
                first_told=meant not in earlier,
            )
        )

    def _state(self, part: Part) -> State:
        store = self._journal.store
        number = numbers_of(store, [part.lot]).get(part.lot)
        agents = {number: agent for agent, number in store.agents().items()}
        holdings = [] if number is None else store.holdings([number])
        held = [one for one in holdings if agents[one.account] == part.agent]
        rights = sum(one.rights_units for one in held)
        custody = sum(one.custody_units for one in held)
        stages = self._stages.get((part.lot, part.agent), {})
        inside = [] if number is None else containers_of(part.lot, self._facts())
        return State(
            unit=label_of(part.unit),
            accounting_quantity=in_unit(rights, part.unit),
            onhand_quantity=in_unit(custody, part.unit),
            stage=stages.get("stage"),
            state=stages.get("state"),
            contained_in=resource_of(inside[0], self._naming.parts) if inside else None,
            current_location=stages.get("currentLocation"),
            primary_accountable=part.agent if rights else None,
        )

    def _facts(self) -> Memory:
        return recall(self._journal.store)

    def _result(self) -> Replay:
        reached = []
        mistyped = {one.resource for one in self._compared if one.read_as is not None}
        for part in self._naming.parts.values():
            if part.resource in mistyped:
                continue
            assumed = self._assumed.get((part.lot, part.agent))
            reached.append(
                Reached(
                    resource=part.resource,
                    lot=part.lot,
                    agent=part.agent,
                    assumed_opening=None if assumed is None else in_unit(assumed, part.unit),
                    after=self._state(part),
                )
            )
        events = sum(node.type == "EconomicEvent" for node in self._graph.nodes)
        return Replay(
            equal=all(one.equal for one in self._compared) if self._compared else None,
            events=events,
            recorded=self._recorded,
            resources=tuple(reached),
            compared=tuple(self._compared),
            refused=tuple(self._refused),
            remarks=tuple(self._graph.remarks),
            passed_over=dict(self._passed_over),
        )


def _processes(body: EventHappened) -> list[ProcessId]:
    return [name for name in dict.fromkeys([body.input_of, body.output_of]) if name is not None]
