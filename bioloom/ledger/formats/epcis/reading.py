"""Reading EPCIS documents: their events, each with the names that its contexts declare."""

from dataclasses import dataclass
from typing import Any

from bioloom.ledger.formats.epcis.terms import (
    CONTEXTS,
    EVENT_TYPES,
    PREFIXES_2_0_0,
    WORDS,
)
from bioloom.ledger.formats.epcis.xml import Element, Markup, read_xml
from bioloom.ledger.formats.linked.strict import Tree, read_json

_XML_BEGINS = (b"<", b"\xef\xbb\xbf<")


class Names:
    """What prefixes and bare words stand for at some place in a document.

    `is_open` says that contexts are named there which are not known here: they are not fetched, and
    may declare more.

    Example:
        >>> names = Names({"ext": "https://example.org/", "cbv": "https://ref.gs1.org/cbv/"})
        >>> names.key("ext:colour")
        '{https://example.org/}colour'
        >>> names.value("shipping", "bizStep")
        'https://ref.gs1.org/cbv/BizStep-shipping'
    """

    def __init__(self, prefixes: dict[str, str], *, is_open: bool = False) -> None:
        self.prefixes, self.is_open = prefixes, is_open

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
        if context is None:
            return self
        is_open = self.is_open or bool(unknown_contexts(context))
        return Names(self.prefixes | declared_prefixes(context), is_open=is_open)


@dataclass(frozen=True, slots=True)
class Event:
    """An event in its document: the path to it, its fields as in JSON, and the names it uses.

    In XML, `element` is how it stands there, in a document of an `edition` of EPCIS.
    """

    path: str
    body: Tree
    names: Names
    element: Element | None = None
    edition: str = "2.0"


@dataclass(frozen=True, slots=True)
class Document:
    """A document of EPCIS: an EPCISDocument, an EPCISQueryDocument, or one event by itself.

    `tree` is as in JSON, also where the document is XML. `ignored` names the fields, written out,
    that a repository added and that do not belong to what happened. `markup` is there in XML only.
    """

    tree: Tree
    events: tuple[Event, ...]
    ignored: frozenset[str]
    markup: Markup | None

    @property
    def is_xml(self) -> bool:
        """Whether it is written in XML."""
        return self.markup is not None


def read_document(text: bytes) -> Document:
    """Read JSON or XML, whichever it is; whether it keeps the rules is `checking.py`'s question.

    Raises:
        DocumentUnreadable: If it is neither, or could be read in two ways.
        DocumentTooLarge: If it is larger than 64 MB.
    """
    if text.lstrip().startswith(_XML_BEGINS):
        tree, prefixes, markup = read_xml(text)
        return _document(tree, Names(PREFIXES_2_0_0 | prefixes), markup)
    tree = read_json(text)
    context = tree.get("@context")
    known = [CONTEXTS[url] for url in _listed(context) if isinstance(url, str) and url in CONTEXTS]
    prefixes = (known[0] if known else {}) | declared_prefixes(context)
    return _document(tree, Names(prefixes, is_open=bool(unknown_contexts(context))), None)


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


def unknown_contexts(context: object) -> list[str]:
    """The addresses in a JSON-LD context whose content is not known here.

    >>> unknown_contexts(["https://example.org/context", {"ext": "https://example.org/"}])
    ['https://example.org/context']
    """
    return [url for url in _listed(context) if isinstance(url, str) and url not in CONTEXTS]


def _listed(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _document(tree: Tree, names: Names, markup: Markup | None) -> Document:
    ignored: list[object] = []
    for key, value in tree.items():
        if names.key(key).endswith("}ignoreFields"):
            ignored += _listed(value)
    if markup is not None:
        placed = zip(_events_in(tree), markup.events, strict=True)
        events = tuple(
            Event(path, body, names, element, markup.edition) for (path, body), element in placed
        )
    else:
        events = tuple(
            Event(path, body, names.within(body.get("@context")))
            for path, body in _events_in(tree)
            if isinstance(body, dict)
        )
    fields = frozenset(names.key(field) for field in ignored if isinstance(field, str))
    return Document(tree, events, fields, markup)


def _events_in(tree: Tree) -> list[tuple[str, Any]]:
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
