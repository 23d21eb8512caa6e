"""Judging a file as Valueflows: its things, their actions and measures, by the action table."""

from collections.abc import Iterator

from bioloom.ledger.formats.linked.strict import (
    DocumentTooLarge,
    DocumentUnreadable,
    words,
)
from bioloom.ledger.formats.valueflows.graph import Graph, Node, read_graph
from bioloom.ledger.formats.valueflows.measures import (
    MeasureUnreadable,
    read_measure,
    read_time,
)
from bioloom.ledger.formats.verdicts import FileJudged, Problem, judge_file
from bioloom.vocabulary.amounts import AmountUncountable, AmountUnitUnknown
from bioloom.vocabulary.entries.actions import ACTIONS, Effects

FORMAT = "valueflows"
YAML_ENDINGS = (".yaml", ".yml")
# Classes of Valueflows 1.0, and the agents of FOAF and the Organization Ontology that it uses.
_CLASSES = frozenset(
    words(
        """
        Action Agent AgentRelationship AgentRelationshipRole Agreement AgreementBundle
        BatchLotRecord Claim Commitment EcologicalAgent EconomicEvent EconomicResource Group Intent
        Measure
        Organization Person Plan Process ProcessSpecification Proposal ProposalList Recipe
        RecipeExchange RecipeFlow RecipeProcess ResourceSpecification Scenario
        ScenarioDefinition SpatialThing Unit
        """
    )
)
# What flows: each says by an action what happens, or should.
_FLOWS = frozenset(words("Claim Commitment EconomicEvent Intent RecipeFlow"))
_MEASURES = words(
    """
    accountingQuantity availableQuantity effortQuantity minimumQuantity onhandQuantity
    resourceQuantity
    """
)
_TIMES = words("created due hasBeginning hasEnd hasPointInTime")


def judge_graph(name: str, text: bytes) -> FileJudged:
    """The verdict on a file, with every problem in it.

    Rejected is what cannot be read or acted on: no graph, a thing without a type, a flow without an
    action or with one that does not exist, an event without both its agents or without an amount, a
    measure or a time that is none. Terms that Valueflows has not, ids used twice, and inputs told
    as outputs are warnings: examples of Valueflows itself have them, and can be acted on.

    Args:
        name: What the file is called; `.yaml` and `.yml` are read as YAML, others as JSON.
        text: Its bytes.

    Example:
        >>> event = b'{"@id": "urn:uuid:1", "@type": "EconomicEvent", "action": "devour"}'
        >>> judge_graph("event.json", event).problems[0].what
        "'devour' is no action of Valueflows."
    """
    try:
        graph = read_graph(text, is_yaml=name.lower().endswith(YAML_ENDINGS))
    except (DocumentUnreadable, DocumentTooLarge) as refusal:
        return judge_file(name, FORMAT, [Problem(path="$", what=refusal.what)])
    problems = [problem for node in graph.nodes for problem in _of_thing(node)]
    return judge_file(name, FORMAT, [*problems, *_remarks(graph)])


def _remarks(graph: Graph) -> Iterator[Problem]:
    places = {node.id: node.path for node in reversed(graph.nodes)}
    for remark in graph.remarks:
        path = places.get(remark.at, remark.at)
        yield Problem(path=path, what=remark.what, level="warning")


def _of_thing(node: Node) -> Iterator[Problem]:
    if not node.type:
        yield Problem(path=node.path, what="It has no '@type', so nobody can say what it is.")
    elif node.type not in _CLASSES:
        what = f"'{node.type}' is no class of Valueflows."
        yield Problem(path=f"{node.path}.@type", what=what, level="warning")
    if node.type in _FLOWS:
        yield from _of_flow(node)
    for name in _MEASURES:
        if name in node.fields:
            yield from _of_measure(f"{node.path}.{name}", node.fields[name])
    for name in _TIMES:
        if name in node.fields and not _is_time(node.fields[name]):
            what = f"'{str(node.fields[name])[:40]}' is no point in time."
            yield Problem(path=f"{node.path}.{name}", what=what)


def _of_flow(node: Node) -> Iterator[Problem]:
    told = node.fields.get("action")
    action = told.rpartition(":")[2].rpartition("#")[2] if isinstance(told, str) else None
    effects = next((row for name, row in ACTIONS.items() if name == action), None)
    if told is None:
        yield Problem(path=f"{node.path}.action", what="It says no action.")
    elif effects is None:
        what = f"'{str(told)[:40]}' is no action of Valueflows."
        yield Problem(path=f"{node.path}.action", what=what)
    if effects is not None:
        yield from _wrong_sides(node, str(action), effects)
    if node.type == "EconomicEvent":
        for side in ("provider", "receiver"):
            if not node.fields.get(side):
                yield Problem(path=f"{node.path}.{side}", what=f"An event has a {side}.")
        if not any(node.fields.get(name) for name in ("resourceQuantity", "effortQuantity")):
            what = "An event says how much, as resourceQuantity or effortQuantity."
            yield Problem(path=node.path, what=what)


def _wrong_sides(node: Node, action: str, effects: Effects) -> Iterator[Problem]:
    """A flow that goes into a process by an action that only comes out of one, or beside it."""
    sides = {"inputOf": ("input", "outputInput"), "outputOf": ("output", "outputInput")}
    for term, allowed in sides.items():
        if node.fields.get(term) and effects.input_output not in allowed:
            place = {"": "is of no process", "input": "only goes in", "output": "only comes out"}
            what = f"'{action}' {place.get(effects.input_output, 'is elsewhere')}."
            yield Problem(path=f"{node.path}.{term}", what=what, level="warning")


def _of_measure(path: str, measure: object) -> Iterator[Problem]:
    try:
        read_measure(measure)
    except MeasureUnreadable as refusal:
        yield Problem(path=path, what=refusal.what)
    except AmountUnitUnknown as refusal:
        yield Problem(path=path, what=f"{refusal.what} Nothing is counted.", level="warning")
    except AmountUncountable as refusal:
        # The sign of an amount is in its action; a part of a piece is only not for our ledger.
        is_negative = refusal.reported.startswith("-")
        yield Problem(path=path, what=refusal.what, level="error" if is_negative else "warning")


def _is_time(told: object) -> bool:
    if isinstance(told, dict):  # As the Time Ontology nests it.
        return True
    return read_time(told) is not None
