"""Graphs: the nodes of a Valueflows document in its order, and what is sloppy about them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

import msgspec

from bioloom.ledger.formats.linked.strict import (
    DocumentUnreadable,
    Tree,
    read_json,
    read_yaml,
    words,
)

VF = "https://w3id.org/valueflows/ont/vf#"
# Prefixes of vocabularies that have terms of Valueflows in them, such as om2:hasUnit.
_SAME_TERMS = ("vf", "om2", "om", "skos", "dfc")

_TERMS = frozenset(
    words(
        """
        accountingQuantity action basedOn batchLotCode bundledIn bundles classifiedAs clauseOf
        conformsTo containedIn contains corrects created currentLocation defaultUnitOfEffort
        defaultUnitOfResource due effortQuantity eligibleLocation expirationDate finished
        fulfills hasBeginning hasDuration hasEnd hasInput hasNumericalValue hasOutput
        hasPointInTime hasUnit image imageList inScopeOf independentDemandOf inputOf label lat
        listedIn lists long mappableAddress mediumOfExchange minimumQuantity name note
        ofBatchLot omUnitIdentifier onhandQuantity outputOf plannedWithin primaryAccountable
        primaryLocation processClassifiedAs processConformsTo provider publishes purpose
        realizationOf realizes realizesReciprocal receiver reciprocal reciprocalClauseOf
        recipeClauseOf recipeIncludes recipeInputOf recipeOutputOf recipeStipulates
        recipeReciprocalClauseOf recipeStipulatesReciprocal
        resourceClassifiedAs resourceConformsTo resourceInventoriedAs resourceQuantity satisfies
        settles stage state stipulates stipulatesReciprocal substitutable symbol toLocation
        toResourceInventoriedAs trackingIdentifier triggeredBy unitBased unitOfEffort
        availableQuantity alt object relationship roleLabel inverseRoleLabel subject uri
        """
    )
)
# The name a term had before Valueflows 1.0.
_OLDER_TERMS = {"locatedAt": "currentLocation"}


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a document that its author should see."""

    # The id of the node, or the place in the document.
    at: str
    what: str


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the graph: its id and type written out, and its fields by their own names."""

    id: str
    type: str
    fields: Tree
    # Where it stands in the document.
    path: str = "$"


@dataclass(slots=True)
class Graph:
    """The things of a document, those nested in others too, in the order of their beginnings."""

    nodes: list[Node] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)

    def name(self, written: object) -> str:
        """An id written out: its prefix expanded, and without a lone slash after a host's name.

        What is no id gives an empty text; of a nested thing, its own id is meant.
        """
        if isinstance(written, dict):
            written = written.get("@id")
        if not isinstance(written, str):
            return ""
        prefix, colon, local = written.strip().partition(":")
        if colon and prefix in self.prefixes and not local.startswith("//"):
            written = self.prefixes[prefix] + local
        # https://alice.example/ and https://alice.example are one address (RFC 3986, 6.2.3).
        is_host = written.count("/") == 3 and written.endswith("/") and "//" in written
        return written.strip()[:-1] if is_host else written.strip()

    def remark(self, at: str, what: str) -> None:
        """Keep a remark, once."""
        remark = Remark(at=at, what=what)
        if remark not in self.remarks:
            self.remarks.append(remark)


def read_graph(text: bytes, *, is_yaml: bool) -> Graph:
    """Read a document.

    Raises:
        DocumentUnreadable: If it is no such text, or has no graph and is no single thing.
        DocumentTooLarge: If it would not fit in a modest memory.
    """
    tree = read_yaml(text) if is_yaml else read_json(text)
    graph = Graph(prefixes=_prefixes(tree.get("@context")))
    things = tree.get("@graph", [tree] if "@id" in tree or "@type" in tree else None)
    if not isinstance(things, list):
        form = "Valueflows linked data"
        raise DocumentUnreadable(form=form, fault="it has no list of things under '@graph'")
    for at, thing in enumerate(things):
        if isinstance(thing, dict):
            _add(thing, f"$.@graph[{at}]" if "@graph" in tree else "$", graph, within={})
        else:
            graph.remark(f"$.@graph[{at}]", "This is no object, and left out.")
    _remark_repeated(graph)
    return graph


def _prefixes(context: object) -> dict[str, str]:
    parts = context if isinstance(context, list) else [context]
    return {
        name: url
        for part in parts
        if isinstance(part, dict)
        for name, url in part.items()
        if isinstance(url, str) and not name.startswith("@")
    }


def _add(thing: Tree, at: str, graph: Graph, *, within: Tree) -> None:
    """Add a thing and all that is nested in it. `within` is what its place says about it."""
    identity = graph.name(thing.get("@id"))
    if not identity:
        graph.remark(at, "It has no '@id'; it is known by its place in the document.")
        identity = at
    kind = str(thing.get("@type", "")).rpartition(":")[2]
    fields = dict(within)
    nested: list[tuple[str, object]] = []
    for key, value in thing.items():
        if key.startswith("@"):
            continue
        name = _term(key, identity, graph)
        if name in ("hasInput", "hasOutput", "stipulates", "stipulatesReciprocal"):
            nested.append((name, value))
        elif name is not None:
            fields[name] = value
    node = Node(identity, kind, fields, at)
    graph.nodes.append(node)
    for name, value in nested:
        inner = _place_says(name, node, graph)
        for number, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, dict):
                place = f"{at}.{name}[{number}]" if isinstance(value, list) else f"{at}.{name}"
                _add(child, place, graph, within=inner)


def _place_says(name: str, outer: Node, graph: Graph) -> Tree:
    """What it says about a thing that it is nested in another."""
    if name not in ("hasInput", "hasOutput"):
        return {"clauseOf": outer.id}
    link = "inputOf" if name == "hasInput" else "outputOf"
    if outer.type == "Process":
        return {link: outer.id}
    process = graph.name(outer.fields.get("inputOf")) or graph.name(outer.fields.get("outputOf"))
    graph.remark(
        outer.id,
        f"'{name}' belongs to a Process, not to an {outer.type}; read as of the process '{process}'"
        if process
        else f"'{name}' belongs to a Process, not to an {outer.type}; it is left out",
    )
    return {link: process} if process else {}


def _term(key: str, at: str, graph: Graph) -> str | None:
    """The term that a key names; none, with a remark, where Valueflows has no such term."""
    prefix, colon, local = key.partition(":")
    name = local if colon and prefix in _SAME_TERMS else key
    name = name.removeprefix(VF)
    if name in _OLDER_TERMS:
        graph.remark(at, f"'{key}' is the older name of '{_OLDER_TERMS[name]}'.")
        return _OLDER_TERMS[name]
    if name in _TERMS:
        return name
    by_letters = {term.lower(): term for term in _TERMS}
    near = get_close_matches(name.lower(), by_letters, n=1, cutoff=0.8)
    guess = f"; did they mean '{by_letters[near[0]]}'?" if near else ""
    graph.remark(at, f"'{key}' is no term of Valueflows, and left out{guess}")
    return None


def _remark_repeated(graph: Graph) -> None:
    seen: dict[str, str] = {}
    for node in graph.nodes:
        if node.id in seen and "EconomicResource" not in (seen[node.id], node.type):
            graph.remark(node.id, f"The id is used twice: for a {seen[node.id]} and a {node.type}.")
        seen[node.id] = node.type


def of_type(graph: Graph, kind: str) -> Iterator[Node]:
    """The nodes of one type, in their order."""
    return (node for node in graph.nodes if node.type == kind)
