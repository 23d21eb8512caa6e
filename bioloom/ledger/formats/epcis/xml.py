"""EPCIS in XML, 2.0 and 1.2, told as the JSON of the same document."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.parsers import expat

from bioloom.ledger.formats.epcis.terms import EVENT_TYPES
from bioloom.ledger.formats.linked.strict import (
    DEEPEST,
    LARGEST_JSON_BYTES,
    LONGEST_NUMBER,
    DocumentTooLarge,
    DocumentUnreadable,
    Tree,
    words,
)

# The text of an element that has attributes, too.
TEXT = "#text"
# What EPCIS 1.2 puts around elements that came later. It says nothing.
WRAPPERS = ("extension", "baseExtension")
_TEXT_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList", "correctiveEventIDs")
_QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_PAIR_LISTS = ("bizTransactionList", "sourceList", "destinationList")
_NUMBERS = frozenset(
    words(
        """
        quantity value minValue maxValue meanValue sDev percRank percValue
        """
    )
)


# The namespaces of the two editions; inside their root, the standard's own names have none.
NAMESPACES = {
    "urn:epcglobal:epcis:xsd:1": "1.2",
    "urn:epcglobal:epcis-query:xsd:1": "1.2",
    "urn:epcglobal:epcis:xsd:2": "2.0",
    "urn:epcglobal:epcis-query:xsd:2": "2.0",
}


@dataclass(slots=True)
class Element:
    """An XML element; names with a namespace are written `{namespace}name`, EPCIS's own are not.

    `line` is where it begins in its document, from 1; `namespace` is where EPCIS's own name stood.
    """

    name: str
    attributes: dict[str, str]
    line: int = 0
    namespace: str = ""
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly inside, without the space around it."""
        return "".join(self.pieces).strip()

    def unwrapped(self) -> list["Element"]:
        """The children, those in wrappers too."""
        unwrapped: list[Element] = []
        for child in self.children:
            unwrapped += child.unwrapped() if child.name in WRAPPERS else [child]
        return unwrapped


_STEP = re.compile(r"\.([^.\[\]]+)|\[([0-9]+)\]")


def follow(element: Element, path: str) -> Element:
    """The element that the steps of a path lead to, or the last of them that stands there.

    Args:
        element: Where the path begins.
        path: As a fault tells it, such as `.readPoint.id` or `.epcList[2]`.
    """
    named = [element]
    for step in _STEP.finditer(path):
        if step[1] is not None:
            named = [child for child in named[0].unwrapped() if child.name == step[1]]
        elif len(named) == 1 and _is_list(named[0].name):
            named = named[0].unwrapped()[int(step[2]) :]
        else:
            named = named[int(step[2]) :]
        if not named:
            break
        element = named[0]
    return element


@dataclass(frozen=True, slots=True)
class Markup:
    """A document as it stands in XML: its root, and the elements of its events in their order."""

    root: Element
    events: tuple[Element, ...]

    @property
    def edition(self) -> str:
        """The edition of EPCIS that it is of, 1.2 or 2.0: by its namespace, or by what it says."""
        declared = self.root.attributes.get("schemaVersion", "2.0")
        by_version = "1.2" if declared.startswith("1") else "2.0"
        return NAMESPACES.get(self.root.namespace, by_version)

    @property
    def query_name(self) -> str | None:
        """The name of the query that a document has the results of, if it says it."""
        for one in _descendants(self.root):
            if one.name == "QueryResults":
                return next((child.text for child in one.children if child.name == "queryName"), "")
        return None


def read_xml(text: bytes) -> tuple[Tree, dict[str, str], Markup]:
    """Read a document; document types and entities of its own are refused.

    Returns:
        The document as the JSON of the same content, the prefixes it declares, and its markup.

    Raises:
        DocumentTooLarge: If it is larger than 64 MB.
        DocumentUnreadable: If it is not well-formed, declares a document type, is nested deeper
            than 60 levels, or is no EPCIS document.
    """
    if len(text) > LARGEST_JSON_BYTES:
        raise DocumentTooLarge(form="XML", limit_bytes=LARGEST_JSON_BYTES)
    builder = _Builder()
    try:
        builder.parse(text)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        # An encoding that nobody knows is told as a ValueError or a LookupError.
        raise DocumentUnreadable(form="XML", fault=str(fault)[:200]) from fault
    root = builder.root
    assert root is not None, "expat refuses a document without an element"
    if root.name in EVENT_TYPES:
        root.attributes.clear()  # They are about the document.
        return _event(root) | {"type": root.name}, builder.prefixes, Markup(root, (root,))
    if root.name not in ("EPCISDocument", "EPCISQueryDocument"):
        raise DocumentUnreadable(form="XML", fault=f"'{root.name[:80]}' is no EPCIS document")
    tree: Tree = {"type": root.name} | dict(root.attributes)
    for child in root.children:
        if child.name.endswith("}ignoreFields"):
            tree[child.name] = [one.name for one in child.children]
    found = _descendants(root)
    events = tuple(event for one in found if one.name == "EventList" for event in one.unwrapped())
    tree["epcisBody"] = {"eventList": [_event(child) for child in events]}
    for poll in (one for one in found if one.name == "Poll"):
        tree["epcisBody"]["poll"] = _poll(poll)
    return tree, builder.prefixes, Markup(root, events)


def _poll(element: Element) -> Tree:
    """A query: its name, and its parameters as pairs of a name and a value, or of what is there."""
    named = [one.text for one in element.children if one.name == "queryName"]
    params: list[Tree] = []
    for param in (one for one in _descendants(element) if one.name == "param"):
        said: Tree = {}
        for part in param.children:
            listed = [one.text for one in part.children if one.name == "string"]
            said[part.name] = listed or part.text
        params.append(said)
    return {"queryName": named[0] if named else None, "params": params}


class _Builder:
    """Builds elements as expat tells of them."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.prefixes: dict[str, str] = {}
        self._open: list[Element] = []
        self._line: Callable[[], int] = lambda: 0

    def parse(self, text: bytes) -> None:
        """Parse a whole document."""
        parser = expat.ParserCreate(namespace_separator="}")
        self._line = lambda: parser.CurrentLineNumber
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        parser.StartNamespaceDeclHandler = self._declare
        # Entities need a document type, and nothing here needs either.
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.Parse(text, True)

    def _declare(self, prefix: str | None, url: str | None) -> None:
        # `epcis:` in a value is the web vocabulary, whatever the root's own prefix is.
        if prefix and url and url not in NAMESPACES:
            self.prefixes[prefix] = url

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise DocumentUnreadable(form="XML", fault=f"it is nested deeper than {DEEPEST} levels")
        named = {_named(key): value for key, value in attributes.items()}
        namespace, _, local = name.rpartition("}")
        ours = namespace in NAMESPACES
        element = Element(
            local if ours else _named(name), named, self._line(), namespace if ours else ""
        )
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _hear(self, text: str) -> None:
        self._open[-1].pieces.append(text)


def _no_doctype(*_: object) -> None:
    raise DocumentUnreadable(form="XML", fault="it declares a document type")


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def _descendants(element: Element) -> list[Element]:
    found = [element]
    for one in found:  # The list grows while it is walked.
        found += one.children
    return found


def _event(element: Element) -> Tree:
    return {"type": element.name} | _fields(element)


def _fields(element: Element) -> Tree:
    """What an element's attributes and children say, each by its name."""
    made: Tree = {name: _scalar(name, text) for name, text in element.attributes.items()}
    for child in element.unwrapped():
        value = _value(child)
        if child.name in made:
            earlier = made[child.name]
            told = value if _is_list(child.name) else [value]
            made[child.name] = [*(earlier if isinstance(earlier, list) else [earlier]), *told]
        else:
            made[child.name] = value
    return made


def _is_list(name: str) -> bool:
    return name in (*_TEXT_LISTS, *_QUANTITY_LISTS, *_PAIR_LISTS, "sensorElementList")


def _value(element: Element) -> Any:  # noqa: ANN401  JSON has no narrower type.
    name, children = element.name, element.unwrapped()
    if _is_list(name):
        return [_item(name, child) for child in children]
    if name == "persistentDisposition":
        return _by_name(children)
    if element.attributes and not children and element.text:
        return _fields(element) | {TEXT: element.text}
    is_object = children or element.attributes or name in ("ilmd", "readPoint", "bizLocation")
    return _fields(element) if is_object else _scalar(name, element.text)


def _item(name: str, element: Element) -> str | Tree:
    if name in _TEXT_LISTS:
        return element.text
    if name in _PAIR_LISTS:
        return dict(element.attributes) | {element.name: element.text}
    return _sensor_element(element) if name == "sensorElementList" else _fields(element)


def _by_name(elements: list[Element]) -> Tree:
    given = [(one.name, one.text) for one in elements]
    return {name: [text for other, text in given if other == name] for name, _ in given}


def _sensor_element(element: Element) -> Tree:
    made = _fields(element)
    reports = made.get("sensorReport", [])
    return made | {"sensorReport": reports if isinstance(reports, list) else [reports]}


def _scalar(name: str, text: str) -> str | Decimal:
    if name not in _NUMBERS or len(text) > LONGEST_NUMBER:
        return text
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    is_sane = number.is_finite() and abs(number.adjusted()) <= LONGEST_NUMBER
    return number if is_sane else text
