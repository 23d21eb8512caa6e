"""The hash of an event: an id that everybody computes alike from what happened.

What is hashed is a text of all that the event says, in a canonical order and spelling, without the
event's id, when it was recorded, and its error declaration.

Source:
    GS1 CBV 2.0, section 8.9; algorithm and examples in RalphTro/epcis-event-hash-generator.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from bioloom.ledger.formats.epcis.keys import canonical_key
from bioloom.ledger.formats.epcis.reading import Document, Event, Names
from bioloom.ledger.formats.epcis.terms import OLDER_SPELLINGS
from bioloom.ledger.formats.epcis.xml import TEXT
from bioloom.ledger.formats.linked.strict import LONGEST_NUMBER, Tree, words

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_COMMENTS = frozenset(
    ["@context", "comment", "rdfs:comment", "{http://www.w3.org/2000/01/rdf-schema#}comment"]
)
_LEFT_OUT = _COMMENTS | {"type", "eventID", "recordTime", "errorDeclaration"}
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_TIMES = frozenset(words("eventTime time startTime endTime"))

_Write = Callable[[str, Any, Names], str]


def event_id(event: Event, ignored: frozenset[str] = frozenset()) -> str:
    """The id of an event by what it says.

    Args:
        event: The event.
        ignored: Fields, written out, that a repository added.

    Returns:
        A name of RFC 6920, such as "ni:///sha-256;…?ver=CBV2.0".
    """
    return name_of(prehash(event, ignored))


def name_of(text: str) -> str:
    """The id of the event that a text to be hashed tells."""
    return f"ni:///sha-256;{sha256(text.encode()).hexdigest()}?ver=CBV2.0"


def event_ids(document: Document) -> list[str]:
    """The ids of a document's events, in its order."""
    return [event_id(event, document.ignored) for event in document.events]


def prehash(event: Event, ignored: frozenset[str] = frozenset()) -> str:
    """The text that is hashed."""
    body, names = event.body, event.names
    pieces = [f"eventType={body.get('type')}"]
    pieces += [write(name, body[name], names) for name, write in _ORDER if name in body]
    rest: list[str] = []
    for key, value in body.items():
        if key in _LEFT_OUT or key in _ORDERED:
            continue
        name = names.key(key)
        if key in _UNORDERED:
            rest.append(_UNORDERED[key](key, value, names))
        elif name not in ignored:
            rest += _generic(name, value, names)
    return "".join(pieces + sorted(rest))


def _text(name: str, value: object, names: Names) -> str:
    """A field with one value, or with several in the order of their texts."""
    values = value if isinstance(value, list) else [value]
    told: list[str] = []
    for one in values:
        if isinstance(one, dict | list):
            told += _generic(name, one, names)  # It does not belong there, and tells events apart.
        elif text := _canonical(name, one, names):
            told.append(f"{name}={text}")
    return "".join(sorted(told))


def _canonical(field: str, value: object, names: Names) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip()
    if isinstance(value, int | Decimal) or _NUMBER.fullmatch(text):
        return _number(text)
    if field.rpartition(".")[2] in _TIMES:
        return _utc(text)
    text = names.value(text, field)
    for older, newer in OLDER_SPELLINGS.items():
        if text.startswith(older):
            return newer + text.removeprefix(older)
    return canonical_key(text)


def _number(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        return text
    number = Decimal(text)
    if number == number.to_integral_value():
        return str(int(number))
    # As binary floating point spells it, for so the algorithm's first implementation does.
    return repr(float(number))


def _utc(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is None:
        return text
    try:
        rounded = at.astimezone(UTC) + timedelta(microseconds=500)
    except OverflowError:
        return text
    return f"{rounded:%Y-%m-%dT%H:%M:%S}.{rounded.microsecond // 1000:03}Z"


def _epcs(name: str, value: object, names: Names) -> str:
    inside = _text("epc", value, names)
    return name + inside if inside else ""


def _quantities(name: str, value: object, names: Names) -> str:
    inside = [
        _inside("quantityElement", one, names, ("epcClass", "quantity", "uom"))
        for one in _objects(value)
    ]
    return name + "".join(sorted(inside)) if inside else ""


def _place(name: str, value: object, names: Names) -> str:
    return "".join(_inside(name, one, names, ("id",)) for one in _objects(value))


def _dispositions(name: str, value: object, names: Names) -> str:
    return "".join(_inside(name, one, names, ("set", "unset")) for one in _objects(value))


def _inside(name: str, body: Tree, names: Names, order: tuple[str, ...]) -> str:
    """An object by its name: its fields in an order, then what others added to it."""
    fields = [_text(key, body[key], names) for key in order if key in body]
    inside = "".join(fields) + _rest(body, names, order)
    return name + inside if inside else ""


def _pairs(name: str, value: object, names: Names) -> str:
    child = name.removesuffix("List")
    inside = []
    for one in _objects(value):
        sort = _canonical(f"{name}.type", one.get("type"), names)
        text = _canonical(child, one.get(child), names)
        told = (f"type={sort}" if sort else "") + (f"{child}={text}" if text else "")
        told += _rest(one, names, ("type", child))
        inside += [told] if told else []
    return name + "".join(sorted(inside)) if inside else ""


_METADATA = words(
    """
    time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules
    """
)
_REPORT = words(
    """
    type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism
    chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue minValue
    maxValue meanValue sDev percRank percValue uom coordinateReferenceSystem
    """
)


def _sensors(name: str, value: object, names: Names) -> str:
    inside = []
    for one in _objects(value):
        metadata = [
            _inside("sensorMetadata", part, names, _METADATA)
            for part in _objects(one.get("sensorMetadata"))
        ]
        reports = [_report(part, names) for part in _objects(one.get("sensorReport"))]
        rest = _rest(one, names, ("sensorMetadata", "sensorReport"))
        if told := "".join([*metadata, *sorted(reports), rest]):
            inside.append(f"sensorElement{told}")
    return name + "".join(sorted(inside)) if inside else ""


def _report(body: Tree, names: Names) -> str:
    fields = []
    for key in _REPORT:
        field = "sensorReport.type" if key == "type" else key
        text = _canonical(field, body.get(key), names)
        fields.append(f"{key}={text}" if text else "")
    inside = "".join(fields) + _rest(body, names, _REPORT)
    return f"sensorReport{inside}" if inside else ""


def _rest(body: Tree, names: Names, known: tuple[str, ...]) -> str:
    """What stands in an object besides the fields of an order, in the order of its texts.

    That is what other vocabularies add; and what does not belong there, for without it two events
    that differ would have one id.
    """
    told = [
        text
        for key, value in body.items()
        if key not in known and key not in _COMMENTS
        for text in _generic(names.key(key), value, names)
    ]
    return "".join(sorted(told))


def _generic(name: str, value: object, names: Names) -> list[str]:
    """A field that the standard does not know: once for each of its values."""
    if value is None:
        return []  # In JSON-LD, null says that there is none.
    if name.startswith(_XSI):
        return [f"{name}={str(value).strip()}"]  # Names of XML, and no compact URIs.
    if isinstance(value, list):
        return [text for one in value for text in _generic(name, one, names)]
    if isinstance(value, dict):
        inside = [
            text
            for key, child in value.items()
            if key not in _COMMENTS and key != TEXT
            for text in _generic(names.key(key), child, names)
        ]
        # An XML element may have both text and attributes.
        own = _canonical("", value.get(TEXT), names)
        return [name + (f"={own}" if own else "") + "".join(sorted(inside))]
    text = _canonical("", value, names)
    return [f"{name}={text}" if text else name]


def _objects(value: object) -> list[Tree]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


_ORDER: tuple[tuple[str, _Write], ...] = (
    ("eventTime", _text),
    ("eventTimeZoneOffset", _text),
    ("certificationInfo", _text),
    ("parentID", _text),
    ("epcList", _epcs),
    ("inputEPCList", _epcs),
    ("childEPCs", _epcs),
    ("quantityList", _quantities),
    ("childQuantityList", _quantities),
    ("inputQuantityList", _quantities),
    ("outputEPCList", _epcs),
    ("outputQuantityList", _quantities),
    ("action", _text),
    ("transformationID", _text),
    ("bizStep", _text),
    ("disposition", _text),
    ("persistentDisposition", _dispositions),
    ("readPoint", _place),
    ("bizLocation", _place),
    ("sensorElementList", _sensors),
)
_ORDERED = frozenset(name for name, _ in _ORDER)
# These follow with everything else, in the order of their texts.
_UNORDERED: dict[str, _Write] = {
    "bizTransactionList": _pairs,
    "sourceList": _pairs,
    "destinationList": _pairs,
}
