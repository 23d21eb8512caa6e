"""Telling: the nodes of a graph as the bodies of entries, without the record."""

from typing import get_args

import msgspec

from bioloom.ledger.formats.valueflows.graph import Graph, Node
from bioloom.ledger.formats.valueflows.measures import read_day, read_measure
from bioloom.ledger.formats.valueflows.naming import Naming
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount, BaseUnit
from bioloom.vocabulary.entries.actions import ACTIONS, Action
from bioloom.vocabulary.entries.events import (
    ClaimId,
    ClaimMade,
    CommitmentId,
    EventHappened,
    LotMade,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    PromiseMade,
    SpecificationId,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.refusal import Refusal

UNSPECIFIED = SpecificationId("unspecified")


class ActionUnknown(Refusal):
    """An action that is none of the 19 of Valueflows."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"'{found[:60]}' is no action of Valueflows.",
            why="What an event does to its resource follows from its action.",
            remedy=f"Use one of {', '.join(ACTIONS)}.",
        )


class AmountMissing(Refusal):
    """A promise or a claim without an amount."""

    def __init__(self, *, kind: str) -> None:
        self.kind = kind
        super().__init__(
            what=f"The {kind} has neither a resourceQuantity nor an effortQuantity.",
            why="Whether it is fulfilled could never be said.",
            remedy="Give it an amount.",
        )


def event_of(node: Node, graph: Graph, naming: Naming, *, made: LotId | None) -> EventHappened:
    """An EconomicEvent as an entry's body.

    Args:
        node: The event.
        graph: Its document.
        naming: The document's resources.
        made: The lot that comes into being with it, if one does.

    Raises:
        ActionUnknown: If its action is none of the 19.
        Refusal: If its amounts cannot be read.
    """
    fields, action = node.fields, action_of(node)
    lot, to_lot = naming.lots_of(node)
    quantity, effort = (
        _amount(fields.get(name)) for name in ("resourceQuantity", "effortQuantity")
    )
    process = _process(graph, fields.get("outputOf"))
    stage = graph.name(fields.get("stage"))
    if not stage and process and ACTIONS[action].stage:
        stage = _stage_of(process, graph)
    kind = fields.get("resourceConformsTo") or fields.get("resourceClassifiedAs")
    material = graph.name(kind[0] if isinstance(kind, list) else kind)
    provider, receiver = _parties(fields, naming)
    return EventHappened(
        action=action,
        provider=provider,
        receiver=receiver,
        stamp="reported",
        lot=lot,
        to_lot=to_lot,
        made=None if made is None else _lot_made(made, naming),
        material=MaterialId(material) if material and lot is None else None,
        quantity=quantity,
        effort=effort,
        input_of=_process(graph, fields.get("inputOf")),
        output_of=process,
        container=_container(node, graph, naming) if ACTIONS[action].contained else None,
        fulfills=tuple(map(CommitmentId, _names(graph, fields.get("fulfills")))),
        settles=tuple(map(ClaimId, _names(graph, fields.get("settles")))),
        to_place=graph.name(fields.get("toLocation")) or None,
        stage=SpecificationId(stage) if stage else None,
        state=str(fields["state"]) if fields.get("state") else None,
    )


def promise_of(node: Node, graph: Graph, naming: Naming) -> PromiseMade:
    """A Commitment as an entry's body.

    Raises:
        ActionUnknown: If its action is none of the 19.
        AmountMissing: If it has no amount.
        Refusal: If its amount cannot be read.
    """
    fields = node.fields
    amount, base_unit = _promised(fields, kind=node.type)
    lot, _ = naming.lots_of(node)
    provider, receiver = _parties(fields, naming)
    return PromiseMade(
        commitment=CommitmentId(node.id),
        action=action_of(node),
        provider=provider,
        receiver=receiver,
        amount=amount,
        base_unit=base_unit,
        material=_material(graph, fields),
        lot=lot,
        due=read_day(fields.get("due")),
        input_of=_process(graph, fields.get("inputOf")),
        output_of=_process(graph, fields.get("outputOf")),
    )


def claim_of(node: Node, graph: Graph, naming: Naming) -> ClaimMade:
    """A Claim as an entry's body. What triggered it is an id of the document, not of the record.

    Raises:
        ActionUnknown: If its action is none of the 19.
        AmountMissing: If it has no amount.
        Refusal: If its amount cannot be read.
    """
    owed = promise_of(node, graph, naming)
    return ClaimMade(
        claim=ClaimId(node.id),
        action=owed.action,
        provider=owed.provider,
        receiver=owed.receiver,
        amount=owed.amount,
        base_unit=owed.base_unit,
        material=owed.material,
        due=owed.due,
    )


def specification_of(name: str, graph: Graph) -> ProcessSpecified:
    """A kind of process, with the words a document has for it. It is not weighed."""
    node = next((one for one in graph.nodes if one.id == name), None)
    fields = {} if node is None else node.fields
    label = str(fields.get("name") or name)
    return ProcessSpecified(
        specification=SpecificationId(name),
        name=label,
        definition=str(fields.get("note") or label),
        tolerance_per_mille=None,
    )


def opening_of(process: str, graph: Graph, naming: Naming, operator: object) -> ProcessOpened:
    """A process as it begins. Whoever acts in its first event is taken as its operator."""
    return ProcessOpened(
        process=ProcessId(process),
        specification=SpecificationId(_stage_of(ProcessId(process), graph) or UNSPECIFIED),
        operator=naming.agent(operator),
    )


def _lot_made(lot: LotId, naming: Naming) -> LotMade:
    part = naming.of_lot(lot)
    assert part is not None, "a lot is made for one of the document's resources"
    return LotMade(lot=lot, material=part.material, base_unit=part.base_unit)


def action_of(node: Node) -> Action:
    """The action of an event or of a flow.

    Raises:
        ActionUnknown: If it is none of the 19.
    """
    found = str(node.fields.get("action", "")).rpartition(":")[2].rpartition("#")[2]
    if found not in get_args(Action):
        raise ActionUnknown(found=found)
    action: Action = msgspec.convert(found, Action)
    return action


def _parties(fields: dict[str, object], naming: Naming) -> tuple[AgentId, AgentId]:
    """Who gives and who receives; where only one is told, they are one."""
    given, received = fields.get("provider"), fields.get("receiver")
    return naming.agent(given or received), naming.agent(received or given)


def _promised(fields: dict[str, object], *, kind: str) -> tuple[Amount, BaseUnit]:
    measure = fields.get("resourceQuantity") or fields.get("effortQuantity")
    if measure is None:
        raise AmountMissing(kind=kind)
    return read_measure(measure)


def _amount(measure: object) -> Amount | None:
    return None if measure is None else read_measure(measure)[0]


def _process(graph: Graph, written: object) -> ProcessId | None:
    name = graph.name(written)
    return ProcessId(name) if name else None


def _stage_of(process: ProcessId, graph: Graph) -> str:
    """The specification that a process is based on."""
    nodes = (node for node in graph.nodes if node.id == process and node.type == "Process")
    return next((graph.name(node.fields.get("basedOn")) for node in nodes), "")


def _material(graph: Graph, fields: dict[str, object]) -> MaterialId | None:
    kind = fields.get("resourceConformsTo") or fields.get("resourceClassifiedAs")
    name = graph.name(kind[0] if isinstance(kind, list) else kind)
    return MaterialId(name) if name else None


def _container(node: Node, graph: Graph, naming: Naming) -> LotId | None:
    """What a lot is put into or taken out of: what its process accepts and modifies besides.

    An accepted resource takes up its own container, if it has one; that is no news.
    """
    if str(node.fields.get("action", "")).rpartition(":")[2] not in ("combine", "separate"):
        return None
    processes = {graph.name(node.fields.get(link)) for link in ("inputOf", "outputOf")} - {""}
    held = {
        naming.lots_of(other)[0]
        for other in graph.nodes
        if other.type == "EconomicEvent"
        and other.fields.get("action") in ("accept", "modify")
        and {graph.name(other.fields.get(link)) for link in ("inputOf", "outputOf")} & processes
    } - {None, naming.lots_of(node)[0]}
    return held.pop() if len(held) == 1 else None


def _names(graph: Graph, written: object) -> list[str]:
    listed = written if isinstance(written, list) else [written]
    return [name for name in map(graph.name, listed) if name]
