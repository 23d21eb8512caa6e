"""Taking a Valueflows document into a city's record: its events, promises and claims, once each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bioloom.ledger.arriving import natural_key
from bioloom.ledger.declared import Declared
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.formats.valueflows.graph import Graph, Node
from bioloom.ledger.formats.valueflows.measures import read_time
from bioloom.ledger.formats.valueflows.naming import Naming
from bioloom.ledger.formats.valueflows.telling import (
    claim_of,
    event_of,
    opening_of,
    promise_of,
    specification_of,
)
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.actions import ACTIONS
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import EventHappened, PromiseMade
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

SOURCE = "valueflows"
# What says what happened, or is to happen. States of resources follow from it.
TAKEN = ("EconomicEvent", "Commitment", "Claim")


class TimeMissing(Refusal):
    """An event that does not say when it happened."""

    def __init__(self, *, event: str) -> None:
        self.event = event
        super().__init__(
            what=f"'{event}' does not say when it happened.",
            why="The record keeps everything in the order of its happening.",
            remedy="Give it hasPointInTime, or hasBeginning and hasEnd.",
        )


@dataclass(slots=True)
class Setting:
    """The record as it is, who takes the document in, and when."""

    declared: Declared
    facts: Facts
    author: AgentId
    at: Instant
    agents: set[AgentId] = field(default_factory=set)


def key_of(node: Node) -> str:
    """The idempotency key of a node.

    >>> key_of(Node("urn:uuid:1", "EconomicEvent", {}))
    'valueflows:EconomicEvent:urn%3Auuid%3A1'
    """
    return natural_key(SOURCE, node.type, node.id)


def drafts_of(
    node: Node, graph: Graph, naming: Naming, setting: Setting, *, made_before: LotId | None
) -> list[Draft[Any]]:
    """The entries that a node becomes; the last is its own, the others it rests on.

    Args:
        node: An EconomicEvent, a Commitment or a Claim.
        graph: Its document.
        naming: The document's resources.
        setting: The record, and who takes it in.
        made_before: The lot that the record says this event made, where it was taken before.

    Raises:
        TimeMissing: If an event does not say when.
        Refusal: If it cannot be read.
    """
    at, body = setting.at, _body_of(node, graph, naming, setting, made_before)
    if isinstance(body, EventHappened):
        fields = node.fields
        stated = fields.get("hasPointInTime") or fields.get("hasEnd") or fields.get("hasBeginning")
        happened = read_time(stated)
        if happened is None:
            raise TimeMissing(event=node.id)
        at = happened
    rests_on = list(_rests_on(body, graph, naming, setting))
    return [
        Draft(body=one, occurred_at=at, author=setting.author, idempotency_key=key)
        for key, one in [*rests_on, (key_of(node), body)]
    ]


def _body_of(
    node: Node, graph: Graph, naming: Naming, setting: Setting, made_before: LotId | None
) -> msgspec.Struct:
    if node.type == "Commitment":
        return promise_of(node, graph, naming)
    if node.type == "Claim":
        return claim_of(node, graph, naming)
    body = event_of(node, graph, naming, made=made_before)
    creates = ACTIONS[body.action].create_resource
    target = body.lot if creates == "optional" else body.to_lot
    is_new = creates and target is not None and setting.facts.kind_of(target) is None
    return event_of(node, graph, naming, made=target) if is_new else body


def _rests_on(
    body: msgspec.Struct, graph: Graph, naming: Naming, setting: Setting
) -> Iterator[tuple[str, msgspec.Struct]]:
    """Agents, processes and kinds of process that nobody told of before."""
    agents = [getattr(body, "provider", None), getattr(body, "receiver", None)]
    for agent in dict.fromkeys(agents):
        known = setting.declared.agents.keys() | setting.agents
        if agent is not None and agent not in known:
            setting.agents.add(agent)
            node = next((one for one in graph.nodes if one.id == agent), None)
            name = agent if node is None else str(node.fields.get("name") or agent)
            yield f"agent:{agent}", AgentDeclared(agent=agent, name=name)
    if not isinstance(body, EventHappened | PromiseMade):
        return
    for process in dict.fromkeys([body.input_of, body.output_of]):
        if process is None or setting.facts.about(f"process:{process}"):
            continue
        opened = opening_of(process, graph, naming, body.provider)
        if not setting.facts.about(f"specification:{opened.specification}"):
            kind = specification_of(opened.specification, graph)
            yield f"specification:{kind.specification}", kind
        yield natural_key(SOURCE, "Process", process), opened
