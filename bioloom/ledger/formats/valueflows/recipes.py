"""Recipes in Valueflows: RecipeProcess, RecipeFlow and RecipeExchange, read and written."""

from collections.abc import Iterator

from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.valueflows.graph import Graph, Node
from bioloom.ledger.formats.valueflows.measures import in_unit, label_of, read_measure
from bioloom.ledger.formats.valueflows.telling import AmountMissing, action_of
from bioloom.ledger.recipes.publishing import RecipeSenseless, publish
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.events import SpecificationId
from bioloom.vocabulary.entries.recipes import (
    RecipeExchange,
    RecipeFlow,
    RecipeId,
    RecipeProcess,
    RecipePublished,
)
from bioloom.vocabulary.materials import MaterialId


def recipe_of(
    graph: Graph, *, licence: str, name: str | None = None, predecessor: RecipeId | None = None
) -> RecipePublished:
    """The recipe that a document tells, ready to be recorded.

    Args:
        graph: The document; its RecipeProcesses are the steps, in their order.
        licence: An SPDX identifier.
        name: What it is called; its vf:Recipe's name, or else that of its first step.
        predecessor: The recipe of which this is the next version.

    Raises:
        RecipeSenseless: If it has no steps, or a flow belongs to none.
        LicenceNotOpen: If others could not use it.
        ActionUnknown, AmountMissing, MeasureUnreadable: If a flow cannot be read.
    """
    whole = next((node for node in graph.nodes if node.type == "Recipe"), None)
    steps = [node for node in graph.nodes if node.type == "RecipeProcess"]
    exchanges = [node for node in graph.nodes if node.type == "RecipeExchange"]
    if not steps:
        raise RecipeSenseless(found="the document has no RecipeProcess")
    flows = _flows(graph, {node.id for node in (*steps, *exchanges)})
    told = {} if whole is None else whole.fields
    return publish(
        name=name or str(told.get("name") or steps[0].fields.get("name") or ""),
        licence=licence,
        text=str(told.get("note") or ""),
        processes=tuple(_process(graph, node, flows) for node in steps),
        exchanges=tuple(_exchange(node, flows) for node in exchanges),
        predecessor=predecessor,
    )


_LINKS = ("recipeInputOf", "recipeOutputOf", "recipeClauseOf", "recipeReciprocalClauseOf")
_Flows = dict[tuple[str, str], list[RecipeFlow]]


def _flows(graph: Graph, known: set[str]) -> _Flows:
    """The flows by what they belong to, and how."""
    found: _Flows = {}
    for node in graph.nodes:
        if node.type != "RecipeFlow":
            continue
        links = [(link, graph.name(node.fields.get(link))) for link in _LINKS]
        belongs = [(link, name) for link, name in links if name]
        if not belongs or any(name not in known for _, name in belongs):
            raise RecipeSenseless(found=f"the flow '{node.id}' belongs to no step or exchange")
        for place in belongs:
            found.setdefault(place, []).append(_flow(graph, node))
    return found


def _flow(graph: Graph, node: Node) -> RecipeFlow:
    fields = node.fields
    measure = fields.get("resourceQuantity") or fields.get("effortQuantity")
    if measure is None:
        raise AmountMissing(kind="RecipeFlow")
    kind = fields.get("resourceConformsTo") or fields.get("resourceClassifiedAs")
    material = graph.name(kind[0] if isinstance(kind, list) and kind else kind)
    return RecipeFlow(
        action=action_of(node),
        amount=read_measure(measure)[0],
        material=MaterialId(material) if material else None,
        note=str(fields.get("note") or ""),
    )


def _process(graph: Graph, node: Node, flows: _Flows) -> RecipeProcess:
    kind = graph.name(node.fields.get("processConformsTo"))
    duration = node.fields.get("hasDuration")
    return RecipeProcess(
        name=str(node.fields.get("name") or node.id),
        inputs=tuple(flows.get(("recipeInputOf", node.id), ())),
        outputs=tuple(flows.get(("recipeOutputOf", node.id), ())),
        specification=SpecificationId(kind) if kind else None,
        duration=None if duration is None else read_measure(duration)[0],
        note=str(node.fields.get("note") or ""),
    )


def _exchange(node: Node, flows: _Flows) -> RecipeExchange:
    return RecipeExchange(
        name=str(node.fields.get("name") or node.id),
        stipulates=tuple(flows.get(("recipeClauseOf", node.id), ())),
        reciprocal=tuple(flows.get(("recipeReciprocalClauseOf", node.id), ())),
        note=str(node.fields.get("note") or ""),
    )


def recipe_nodes(body: RecipePublished) -> Iterator[Tree]:
    """The nodes of a recipe, so that `recipe_of` reads the same recipe from them."""
    base = f"urn:bioloom:recipe:{body.recipe}"
    yield {"@id": base, "@type": "Recipe", "name": body.name, "note": body.text}
    for number, process in enumerate(body.processes, start=1):
        name = f"{base}:process:{number}"
        yield {
            "@id": name,
            "@type": "RecipeProcess",
            "name": process.name,
            "note": process.note or None,
            "processConformsTo": process.specification,
            "hasDuration": _measure(process.duration),
        }
        for link, flows in (("recipeInputOf", process.inputs), ("recipeOutputOf", process.outputs)):
            yield from _flow_nodes(name, link, flows)
    for number, exchange in enumerate(body.exchanges, start=1):
        name = f"{base}:exchange:{number}"
        note = exchange.note or None
        yield {"@id": name, "@type": "RecipeExchange", "name": exchange.name, "note": note}
        yield from _flow_nodes(name, "recipeClauseOf", exchange.stipulates)
        yield from _flow_nodes(name, "recipeReciprocalClauseOf", exchange.reciprocal)


def _flow_nodes(of: str, link: str, flows: tuple[RecipeFlow, ...]) -> Iterator[Tree]:
    for number, flow in enumerate(flows, start=1):
        field = "effortQuantity" if flow.action in ("work", "use") else "resourceQuantity"
        yield {
            "@id": f"{of}:{link}:{number}",
            "@type": "RecipeFlow",
            link: of,
            "action": flow.action,
            "resourceConformsTo": flow.material,
            field: _measure(flow.amount),
            "note": flow.note or None,
        }


def _measure(amount: Amount | None) -> Tree | None:
    if amount is None:
        return None
    number = in_unit(amount.units, amount.unit)
    return {"hasUnit": label_of(amount.unit), "hasNumericalValue": number}
