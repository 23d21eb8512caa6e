"""Checking: whether an event keeps the rules of EPCIS, each fault with its path.

The official JSON schema is not enough either way: it lets wrong events pass and stops right ones.
These are the rules of the standard's text.

Source:
    GS1 EPCIS 2.0, sections 7.3 (core types) and 7.4 (events), and its JSON binding.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec

from bioloom.ledger.formats.epcis.reading import Event, Names
from bioloom.ledger.formats.epcis.rules import shapes
from bioloom.ledger.formats.epcis.rules.layout import layout_faults
from bioloom.ledger.formats.epcis.rules.sensing import sensor_faults
from bioloom.ledger.formats.epcis.terms import ACTIONS, EVENT_TYPES
from bioloom.ledger.formats.epcis.xml import follow
from bioloom.ledger.formats.linked.strict import Tree, words

_Shape = Callable[[object], str | None]
# A path from the event on, and what is wrong there.
Found = tuple[str, str]

_COMMON = words(
    """
    type @context eventTime eventTimeZoneOffset recordTime eventID errorDeclaration
    certificationInfo bizStep disposition persistentDisposition readPoint bizLocation
    bizTransactionList sourceList destinationList sensorElementList
    """
)
_FIELDS: dict[str, frozenset[str]] = {
    "ObjectEvent": frozenset([*_COMMON, "action", "epcList", "quantityList", "ilmd"]),
    "AggregationEvent": frozenset(
        [*_COMMON, "action", "parentID", "childEPCs", "childQuantityList"]
    ),
    "AssociationEvent": frozenset(
        [*_COMMON, "action", "parentID", "childEPCs", "childQuantityList"]
    ),
    "TransactionEvent": frozenset([*_COMMON, "action", "parentID", "epcList", "quantityList"]),
    "TransformationEvent": frozenset(
        [
            *_COMMON,
            *words("transformationID inputEPCList inputQuantityList outputEPCList"),
            *words("outputQuantityList ilmd"),
        ]
    ),
}
_SINGLE: dict[str, _Shape] = {
    "eventTime": shapes.no_instant,
    "recordTime": shapes.no_instant,
    "eventTimeZoneOffset": shapes.no_offset,
    "eventID": shapes.no_uri,
    "parentID": shapes.no_uri,
    "transformationID": shapes.no_uri,
}
_EPCS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that a document breaks: where (in XML with the line, from 1), and how."""

    path: str
    what: str
    line: int | None = None


def event_faults(event: Event) -> list[Fault]:
    """All faults of one event, with their paths in its document, and in XML their lines."""
    found = _event_faults(event.body, event.names)
    element = event.element
    if element is None:
        return [Fault(path=f"{event.path}{path}", what=what) for path, what in found]
    faults = [
        Fault(path=f"{event.path}{path}", what=what, line=follow(element, path).line)
        for path, what in found
    ]
    return faults + [
        Fault(path=f"{event.path}.{child.name}", what=what, line=child.line)
        for child, what in layout_faults(element, event.edition)
    ]


def _event_faults(body: Tree, names: Names) -> Iterator[Found]:
    kind = body.get("type")
    if kind not in EVENT_TYPES:
        yield ".type", f"{shapes.shown(kind)} is no type of event"
        return
    yield from unknown_fields(body, _FIELDS[str(kind)], names, at="")
    for required in ("eventTime", "eventTimeZoneOffset"):
        if body.get(required) is None:
            yield f".{required}", "it is missing"
    if kind != "TransformationEvent" and body.get("action") not in ACTIONS:
        yield ".action", f"{shapes.shown(body.get('action'))} is none of {', '.join(ACTIONS)}"
    for field, shape in _SINGLE.items():
        if body.get(field) is not None and (fault := shape(body[field])):
            yield f".{field}", fault
    yield from _identifier_faults(body)
    yield from _word_faults(body, names)
    yield from _context_of_business_faults(body, names)
    yield from sensor_faults(body.get("sensorElementList"), names)
    yield from _error_faults(body.get("errorDeclaration"), names)
    yield from _certification_faults(body.get("certificationInfo"))
    yield from _ilmd_faults(body, names)
    yield from _fitting_faults(body)


def unknown_fields(body: Tree, known: frozenset[str], names: Names, *, at: str) -> Iterator[Found]:
    """Fields that the standard does not have, and whose namespace nobody declared.

    Args:
        body: An object of a document.
        known: The fields that the standard has there.
        names: What prefixes stand for there.
        at: The path to the object.
    """
    for key in body:
        if key in known:
            continue
        if ":" not in key and not key.startswith("{"):
            if key != "comment":
                yield f"{at}.{key[:60]}", "the standard has no such field, and it has no namespace"
        elif names.key(key) == key and not key.startswith("{") and not names.is_open:
            prefix = key.partition(":")[0][:60]
            yield f"{at}.{key[:60]}", f"nobody declares the prefix '{prefix}'"


def _identifier_faults(body: Tree) -> Iterator[Found]:
    for field in _EPCS:
        listed = body.get(field)
        if listed is None:
            continue
        if not isinstance(listed, list):
            yield f".{field}", "it is no list"
            continue
        for at, epc in enumerate(listed):
            if fault := shapes.no_uri(epc):
                yield f".{field}[{at}]", fault
        texts = [epc for epc in listed if isinstance(epc, str)]
        if len(set(texts)) < len(texts):
            yield f".{field}", "something is named in it twice"
    for field in _QUANTITIES:
        yield from _quantity_faults(field, body.get(field))


def _quantity_faults(field: str, listed: object) -> Iterator[Found]:
    if listed is None:
        return
    if not isinstance(listed, list):
        yield f".{field}", "it is no list"
        return
    for at, element in enumerate(listed):
        path = f".{field}[{at}]"
        if not isinstance(element, dict):
            yield path, "it is no object with an epcClass"
            continue
        if fault := shapes.no_uri(element.get("epcClass")):
            yield f"{path}.epcClass", fault
        quantity, unit = element.get("quantity"), element.get("uom")
        if quantity is not None and (fault := _no_quantity(quantity, has_unit=unit is not None)):
            yield f"{path}.quantity", fault
        if unit is not None:
            if fault := shapes.no_unit(unit):
                yield f"{path}.uom", fault
            if quantity is None:
                yield f"{path}.uom", "a unit needs a quantity"


def _no_quantity(quantity: object, *, has_unit: bool) -> str | None:
    if fault := shapes.no_number(quantity):
        return fault
    assert isinstance(quantity, int | Decimal), "it is a number"
    if quantity <= 0:
        return f"{quantity} is not above zero"
    if not has_unit and quantity != int(quantity):
        return f"{quantity} is no whole number of pieces, and has no unit"
    return None


def _word_faults(body: Tree, names: Names) -> Iterator[Found]:
    for field in ("bizStep", "disposition"):
        if body.get(field) is not None and (fault := shapes.no_word(body[field], field, names)):
            yield f".{field}", fault
    lasting = body.get("persistentDisposition")
    if lasting is None:
        return
    path = ".persistentDisposition"
    if not isinstance(lasting, dict) or not (lasting.get("set") or lasting.get("unset")):
        yield path, "it neither sets nor unsets anything"
        return
    for field in ("set", "unset"):
        words = lasting.get(field, [])
        for at, word in enumerate(words if isinstance(words, list) else [words]):
            if fault := shapes.no_word(word, field, names):
                yield f"{path}.{field}[{at}]", fault


def _context_of_business_faults(body: Tree, names: Names) -> Iterator[Found]:
    for field in ("readPoint", "bizLocation"):
        place = body.get(field)
        if place is None:
            continue
        if not isinstance(place, dict):
            yield f".{field}", "it is no object with an id"
        elif fault := shapes.no_uri(place.get("id")):
            yield f".{field}.id", fault
        else:
            known = frozenset(["id", "type"])
            yield from unknown_fields(place, known, names, at=f".{field}")
    for field in ("bizTransactionList", "sourceList", "destinationList"):
        if body.get(field) is not None:
            yield from _pair_faults(field, body[field], names)


def _pair_faults(field: str, listed: object, names: Names) -> Iterator[Found]:
    name = field.removesuffix("List")
    if not isinstance(listed, list) or not listed:
        yield f".{field}", "it is no list with something in it"
        return
    for at, pair in enumerate(listed):
        path = f".{field}[{at}]"
        if not isinstance(pair, dict):
            yield path, f"it is no object with a {name}"
            continue
        if fault := shapes.no_uri(pair.get(name)):
            yield f"{path}.{name}", fault
        if pair.get("type") is None:
            if name != "bizTransaction":
                yield f"{path}.type", "it is missing"
        elif fault := shapes.no_word(pair["type"], f"{field}.type", names):
            yield f"{path}.type", fault


def _error_faults(declaration: object, names: Names) -> Iterator[Found]:
    if declaration is None:
        return
    path = ".errorDeclaration"
    if not isinstance(declaration, dict):
        yield path, "it is no object with a declarationTime"
        return
    if fault := shapes.no_instant(declaration.get("declarationTime")):
        yield f"{path}.declarationTime", fault
    reason = declaration.get("reason")
    if reason is not None and (fault := shapes.no_word(reason, "reason", names)):
        yield f"{path}.reason", fault
    corrective = declaration.get("correctiveEventIDs")
    for at, name in enumerate(corrective if isinstance(corrective, list) else []):
        if fault := shapes.no_uri(name):
            yield f"{path}.correctiveEventIDs[{at}]", fault
    if corrective is not None and not isinstance(corrective, list):
        yield f"{path}.correctiveEventIDs", "it is no list"
    known = frozenset(["declarationTime", "reason", "correctiveEventIDs"])
    yield from unknown_fields(declaration, known, names, at=path)


def _certification_faults(info: object) -> Iterator[Found]:
    if info is None:
        return
    if isinstance(info, list):
        for at, one in enumerate(info):
            if fault := shapes.no_uri(one):
                yield f".certificationInfo[{at}]", fault
    elif fault := shapes.no_uri(info):
        yield ".certificationInfo", fault


def _ilmd_faults(body: Tree, names: Names) -> Iterator[Found]:
    ilmd = body.get("ilmd")
    if ilmd is None:
        return
    if not isinstance(ilmd, dict):
        yield ".ilmd", "it is no object"
        return
    yield from unknown_fields(ilmd, frozenset(), names, at=".ilmd")
    if body.get("type") == "ObjectEvent" and body.get("action") != "ADD":
        yield ".ilmd", "only what comes into being (ADD) has instance or lot master data"


def _fitting_faults(body: Tree) -> Iterator[Found]:
    """What an event's type and action ask for together."""
    action = body.get("action")
    is_sensed = bool(body.get("sensorElementList"))
    match body["type"]:
        case "ObjectEvent":
            if not (body.get("epcList") or body.get("quantityList") or is_sensed):
                yield ".epcList", "the event is about nothing: no epcList, no quantityList"
        case "TransactionEvent":
            if not body.get("bizTransactionList"):
                yield ".bizTransactionList", "a transaction event names its transactions"
            named = body.get("epcList") or body.get("quantityList") or body.get("parentID")
            if action != "DELETE" and not (named or is_sensed):
                yield ".epcList", "the event is about nothing: no epcList, no quantityList"
        case "TransformationEvent":
            yield from _transformation_faults(body)
        case _:
            if action != "OBSERVE" and not body.get("parentID"):
                yield ".parentID", f"it is missing, and {action} needs it"
            children = body.get("childEPCs") or body.get("childQuantityList")
            if action != "DELETE" and not (children or is_sensed):
                yield ".childEPCs", f"it is missing, and {action} needs children"


def _transformation_faults(body: Tree) -> Iterator[Found]:
    inputs = body.get("inputEPCList") or body.get("inputQuantityList")
    outputs = body.get("outputEPCList") or body.get("outputQuantityList")
    if body.get("transformationID"):
        if not (inputs or outputs):
            yield ".inputEPCList", "it has neither inputs nor outputs"
        return
    if not inputs:
        yield ".inputEPCList", "it has no inputs, and no transformationID that could have them"
    if not outputs:
        yield ".outputEPCList", "it has no outputs, and no transformationID that could have them"
