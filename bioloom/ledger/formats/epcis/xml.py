"""EPCIS in XML (2.0, and 1.2 as far as it says the same), told as the JSON of the same document."""

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
# Wrappers that EPCIS 1.2 put around what came later. They say nothing.
_WRAPPERS = ("extension", "baseExtension")
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


@dataclass(slots=True)
class Element:
    """An XML element; names with a namespace are written `{namespace}name`."""

    name: str
    attributes: dict[str, str]
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
            unwrapped += child.unwrapped() if child.name in _WRAPPERS else [child]
        return unwrapped


def read_xml(text: bytes) -> tuple[Tree, dict[str, str]]:
    """Read a document; document types and entities of its own are refused.

    Returns:
        The document as the JSON of the same content, and the prefixes it declares.

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
    except expat.ExpatError as fault:
        raise DocumentUnreadable(form="XML", fault=str(fault)) from fault
    root = builder.root
    assert root is not None, "expat refuses a document without an element"
    kind = root.name.rpartition("}")[2]
    if kind in EVENT_TYPES:
        root.attributes.clear()  # They are about the document.
        return _event(root) | {"type": kind}, builder.prefixes
    if kind not in ("EPCISDocument", "EPCISQueryDocument"):
        raise DocumentUnreadable(form="XML", fault=f"'{root.name[:80]}' is no EPCIS document")
    tree: Tree = {"type": kind} | dict(root.attributes)
    for child in root.children:
        if child.name.endswith("}ignoreFields"):
            tree[child.name] = [one.name for one in child.children]
    lists = [one for one in _descendants(root) if one.name == "EventList"]
    events = [_event(child) for one in lists for child in one.unwrapped()]
    tree["epcisBody"] = {"eventList": events}
    return tree, builder.prefixes


class _Builder:
    """Builds elements as expat tells of them."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.prefixes: dict[str, str] = {}
        self._open: list[Element] = []

    def parse(self, text: bytes) -> None:
        """Parse a whole document."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        parser.StartNamespaceDeclHandler = self._declare
        # Entities need a document type, and nothing here needs either.
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.Parse(text, True)

    def _declare(self, prefix: str | None, url: str | None) -> None:
        if prefix and url:
            self.prefixes[prefix] = url

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise DocumentUnreadable(form="XML", fault=f"it is nested deeper than {DEEPEST} levels")
        named = {_named(key): value for key, value in attributes.items()}
        element = Element(_named(name), named)
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
        if child.name in made and not _is_list(child.name):
            earlier = made[child.name]
            made[child.name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
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
