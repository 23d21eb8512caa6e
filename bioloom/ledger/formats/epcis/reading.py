"""Reading EPCIS documents: their events, each with the names that its contexts declare."""

from dataclasses import dataclass

from bioloom.ledger.formats.epcis.terms import (
    CONTEXTS,
    EVENT_TYPES,
    PREFIXES_2_0_0,
    WORDS,
)
from bioloom.ledger.formats.epcis.xml import read_xml
from bioloom.ledger.formats.linked.strict import Tree, read_json

_XML_BEGINS = (b"<", b"\xef\xbb\xbf<")


class Names:
    """What prefixes and bare words stand for at some place in a document.

    Example:
        >>> names = Names({"ext": "https://example.org/", "cbv": "https://ref.gs1.org/cbv/"})
        >>> names.key("ext:colour")
        '{https://example.org/}colour'
        >>> names.value("shipping", "bizStep")
        'https://ref.gs1.org/cbv/BizStep-shipping'
    """

    def __init__(self, prefixes: dict[str, str]) -> None:
        self.prefixes = prefixes

    def key(self, name: str) -> str:
        """A key with its namespace written out; as it is where it has none that is declared."""
        prefix, colon, local = name.partition(":")
        if not colon or prefix not in self.prefixes:
            return name
        return f"{{{self.prefixes[prefix]}}}{local}"

    def value(self, text: str, field: str | None = None) -> str:
        """A value with its prefix, or its bare word in a field of the vocabulary, written out."""
        if field in WORDS and text in WORDS[field][0]:
            text = WORDS[field][1] + text
        prefix, colon, local = text.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else text

    def within(self, context: object) -> "Names":
        """The names inside an object that has a context of its own."""
        declared = declared_prefixes(context)
        return Names(self.prefixes | declared) if declared else self


@dataclass(frozen=True, slots=True)
class Event:
    """An event in its document: the path to it, its fields as in JSON, and the names it uses."""

    path: str
    body: Tree
    names: Names


@dataclass(frozen=True, slots=True)
class Document:
    """A document of EPCIS: an EPCISDocument, an EPCISQueryDocument, or one event by itself.

    `tree` is as in JSON, also where the document is XML. `ignored` names the fields, written out,
    that a repository added and that do not belong to what happened.
    """

    tree: Tree
    events: tuple[Event, ...]
    ignored: frozenset[str]
    is_xml: bool


def read_document(text: bytes) -> Document:
    """Read JSON or XML, whichever it is; whether it keeps the rules is `checking.py`'s question.

    Raises:
        DocumentUnreadable: If it is neither, or could be read in two ways.
        DocumentTooLarge: If it is larger than 64 MB.
    """
    if text.lstrip().startswith(_XML_BEGINS):
        tree, prefixes = read_xml(text)
        return _document(tree, Names(PREFIXES_2_0_0 | prefixes), is_xml=True)
    tree = read_json(text)
    context = tree.get("@context")
    known = [CONTEXTS[url] for url in _listed(context) if isinstance(url, str) and url in CONTEXTS]
    prefixes = (known[0] if known else {}) | declared_prefixes(context)
    return _document(tree, Names(prefixes), is_xml=False)


def declared_prefixes(context: object) -> dict[str, str]:
    """The prefixes that the objects in a JSON-LD context declare.

    >>> declared_prefixes(["https://example.org/context", {"ext": "https://example.org/"}])
    {'ext': 'https://example.org/'}
    """
    declared: dict[str, str] = {}
    for part in _listed(context):
        if isinstance(part, dict):
            declared |= {name: url for name, url in part.items() if isinstance(url, str)}
    return declared


def _listed(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _document(tree: Tree, names: Names, *, is_xml: bool) -> Document:
    ignored: list[object] = []
    for key, value in tree.items():
        if names.key(key).endswith("}ignoreFields"):
            ignored += _listed(value)
    events = tuple(
        Event(path, body, names.within(body.get("@context")))
        for path, body in _events_in(tree)
        if isinstance(body, dict)
    )
    fields = frozenset(names.key(field) for field in ignored if isinstance(field, str))
    return Document(tree, events, fields, is_xml)


def _events_in(tree: Tree) -> list[tuple[str, object]]:
    """The events of a document with their paths; none where it has no such place."""
    if tree.get("type") in EVENT_TYPES:
        return [("$", tree)]
    body = tree.get("epcisBody")
    path = "$.epcisBody"
    for step in ("queryResults", "resultsBody"):
        if isinstance(body, dict) and step in body:
            path, body = f"{path}.{step}", body[step]
    if not isinstance(body, dict):
        return []
    if "event" in body:
        return [(f"{path}.event", body["event"])]
    listed = body.get("eventList")
    events = listed if isinstance(listed, list) else []
    return [(f"{path}.eventList[{at}]", event) for at, event in enumerate(events)]
