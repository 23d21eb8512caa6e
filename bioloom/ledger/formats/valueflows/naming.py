"""Naming: which lot a resource is of, and whose part of it the resource is."""

from dataclasses import dataclass

from bioloom.ledger.formats.valueflows.graph import Graph, Node
from bioloom.ledger.formats.valueflows.measures import read_measure
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.amounts import PIECE, BaseUnit
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.refusal import Refusal

UNSTATED = "unstated"
# What a resource is, in the terms that say so.
_KINDS = ("conformsTo", "classifiedAs", "resourceConformsTo", "resourceClassifiedAs")


class AgentReserved(Refusal):
    """A document that names an account at the city's edge as somebody who acts."""

    def __init__(self, *, agent: str) -> None:
        self.agent = agent
        super().__init__(
            what=f"'{agent}' cannot be an agent of a document.",
            why="The accounts at the city's edge may go below zero; nobody acts as one of them.",
            remedy="Name the agent by its address.",
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A resource: so much of a lot as one agent has."""

    resource: str
    lot: LotId
    agent: AgentId
    material: MaterialId
    base_unit: BaseUnit
    # The unit in which the document speaks of it.
    unit: str


class Naming:
    """The resources of a document by their ids.

    Args:
        graph: The document.

    Raises:
        AgentReserved: If it names an account at the edge as an agent.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._events = [node for node in graph.nodes if node.type == "EconomicEvent"]
        self._stated: dict[str, Node] = {}
        for node in graph.nodes:
            if node.type == "EconomicResource":
                self._stated.setdefault(node.id, node)
        self.parts: dict[str, Part] = {}
        named = [self.resources_of(event) for event in self._events]
        for resource in dict.fromkeys([*self._stated, *(one for pair in named for one in pair)]):
            if resource:
                self.parts[resource] = self._part(resource)

    def resources_of(self, event: Node) -> tuple[str, str]:
        """The ids of the resources an event is about: from which, and to which."""
        name = self._graph.name
        return (
            name(event.fields.get("resourceInventoriedAs")),
            name(event.fields.get("toResourceInventoriedAs")),
        )

    def agent(self, written: object) -> AgentId:
        """An agent by its id.

        Raises:
            AgentReserved: If it is an account at the edge.
        """
        name = self._graph.name(written) or UNSTATED
        if name in BOUNDARY:
            raise AgentReserved(agent=name)
        return AgentId(name)

    def lots_of(self, event: Node) -> tuple[LotId | None, LotId | None]:
        """The lots an event is about; the second only where it is another one."""
        source, target = (self.parts.get(resource) for resource in self.resources_of(event))
        if source is None and target is None:
            tracked = event.fields.get("trackingIdentifier")
            known = {part.lot for part in self.parts.values()}
            lot = LotId(str(tracked)) if tracked else None
            return (lot if lot in known else None), None
        if source is None or target is None or source.lot == target.lot:
            one = source or target
            assert one is not None, "one of them is known"
            return one.lot, None
        return source.lot, target.lot

    def of_lot(self, lot: LotId) -> Part | None:
        """Some resource of a lot."""
        return next((part for part in self.parts.values() if part.lot == lot), None)

    def holding(self, lot: LotId, agent: AgentId) -> Part | None:
        """The resource that an agent has of a lot."""
        parts = self.parts.values()
        return next((part for part in parts if (part.lot, part.agent) == (lot, agent)), None)

    def _part(self, resource: str) -> Part:
        stated = self._stated.get(resource)
        fields = {} if stated is None else stated.fields
        events = [event for event in self._events if resource in self.resources_of(event)]
        tracked = fields.get("trackingIdentifier")
        if not tracked and stated is None:
            tracked = next((event.fields.get("trackingIdentifier") for event in events), None)
        base_unit, unit = self._counted_in(fields, events)
        return Part(
            resource=resource,
            lot=LotId(str(tracked)) if tracked else LotId(resource),
            agent=self._whose(resource, fields, events),
            material=self._material(fields, events),
            base_unit=base_unit,
            unit=unit,
        )

    def _whose(self, resource: str, fields: dict[str, object], events: list[Node]) -> AgentId:
        if fields.get("primaryAccountable"):
            return self.agent(fields["primaryAccountable"])
        for event in events:
            if self.resources_of(event)[1] == resource:
                return self.agent(event.fields.get("receiver"))
        for event in events:
            return self.agent(event.fields.get("provider"))
        return AgentId(UNSTATED)

    def _material(self, fields: dict[str, object], events: list[Node]) -> MaterialId:
        for said in (fields, *(event.fields for event in events)):
            for kind in _KINDS:
                written = said.get(kind)
                name = self._graph.name(written[0] if isinstance(written, list) else written)
                if name:
                    return MaterialId(name)
        return MaterialId(UNSTATED)

    @staticmethod
    def _counted_in(fields: dict[str, object], events: list[Node]) -> tuple[BaseUnit, str]:
        stated = [fields.get("accountingQuantity"), fields.get("onhandQuantity")]
        for measure in (*stated, *(event.fields.get("resourceQuantity") for event in events)):
            if measure is None:
                continue
            try:
                amount, base = read_measure(measure)
            except Refusal:  # It is told where the thing itself is read.
                continue
            return base, amount.unit
        return PIECE, "piece"
