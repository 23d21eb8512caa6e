"""Layout: which elements EPCIS in XML has at which place, and in which order.

Source:
    The XML schemas of GS1 EPCIS 1.2 (section 9.5) and 2.0 (section 9.5).
"""

from collections.abc import Iterator

from bioloom.ledger.formats.epcis.xml import WRAPPERS, Element
from bioloom.ledger.formats.linked.strict import words

# An element, and what is wrong with it.
Misplaced = tuple[Element, str]

_BASE = words(
    """
    eventTime recordTime eventTimeZoneOffset eventID errorDeclaration certificationInfo
    """
)
_WHERE = words("bizStep disposition readPoint bizLocation")
_PARTIES = words("sourceList destinationList")
_LATER = words("sensorElementList persistentDisposition")
_MADE = words(
    """
    inputEPCList inputQuantityList outputEPCList outputQuantityList transformationID
    """
)
_PACKED = words("parentID childEPCs")
_ORDERED = words("bizTransactionList parentID epcList action")

# The elements of an event in their order, those in wrappers where the wrapper stands.
_ORDER_2_0: dict[str, tuple[str, ...]] = {
    "ObjectEvent": (
        *_BASE,
        *words("epcList action"),
        *_WHERE,
        *words("bizTransactionList quantityList"),
        *_PARTIES,
        *_LATER,
        "ilmd",
    ),
    "AggregationEvent": (
        *_BASE,
        *_PACKED,
        "action",
        *_WHERE,
        *words("bizTransactionList childQuantityList"),
        *_PARTIES,
        *_LATER,
    ),
    "AssociationEvent": (
        *_BASE,
        *_PACKED,
        *words("childQuantityList action"),
        *_WHERE,
        "bizTransactionList",
        *_PARTIES,
        *_LATER,
    ),
    "TransactionEvent": (*_BASE, *_ORDERED, *_WHERE, "quantityList", *_PARTIES, *_LATER),
    "TransformationEvent": (
        *_BASE,
        *_MADE,
        *_WHERE,
        "bizTransactionList",
        *_PARTIES,
        *_LATER,
        "ilmd",
    ),
}
# In 1.2 what later came to be stands in the last wrapper, behind the master data.
_ORDER_1_2: dict[str, tuple[str, ...]] = {
    kind: (*(name for name in order if name not in _LATER), *_LATER)
    for kind, order in _ORDER_2_0.items()
}
_REPEATED = frozenset(words("certificationInfo sensorReport set unset"))
# What 1.2 has only within a wrapper: at the end of the event, or behind its offset from UTC.
_WRAPPED_1_2 = frozenset(
    words("eventID errorDeclaration quantityList childQuantityList sourceList destinationList ilmd")
)
_NOT_IN_1_2 = frozenset([*_LATER, "certificationInfo"])

# What stands inside of an element; of those in `_ANY_ORDER` the schema leaves the order open.
_INSIDE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(words("epcList childEPCs inputEPCList outputEPCList"), ("epc",)),
    **dict.fromkeys(
        words("quantityList childQuantityList inputQuantityList outputQuantityList"),
        ("quantityElement",),
    ),
    "bizTransactionList": ("bizTransaction",),
    "sourceList": ("source",),
    "destinationList": ("destination",),
    "sensorElementList": ("sensorElement",),
    "correctiveEventIDs": ("correctiveEventID",),
    "quantityElement": words("epcClass quantity uom"),
    "readPoint": ("id",),
    "bizLocation": ("id",),
    "sensorElement": words("sensorMetadata sensorReport"),
    "errorDeclaration": words("declarationTime reason correctiveEventIDs"),
    "persistentDisposition": words("set unset"),
}
_LISTS = frozenset(name for name in _INSIDE if name.endswith(("List", "EPCs", "IDs")))
_ANY_ORDER = frozenset(words("errorDeclaration persistentDisposition"))


def order_of(kind: str, edition: str) -> tuple[str, ...]:
    """The standard's elements of an event in their order; none of what is no type of event.

    >>> order_of("ObjectEvent", "2.0")[6:8]
    ('epcList', 'action')
    """
    return (_ORDER_1_2 if edition == "1.2" else _ORDER_2_0).get(kind, ())


def layout_faults(event: Element, edition: str) -> Iterator[Misplaced]:
    """What stands at a wrong place in an event, in a wrong order, or twice.

    Args:
        event: The event's element.
        edition: The edition of EPCIS that its document is of, 1.2 or 2.0.
    """
    order = order_of(event.name, edition)
    if not order:
        return
    fields = [child for child in event.unwrapped() if not child.name.startswith("{")]
    if _is_older(event, edition):
        yield from _wrapper_faults(event)
        fields = [child for child in fields if child.name not in _NOT_IN_1_2]
    yield from _order_faults(fields, order)
    yield from _foreign_faults([one for one in event.children if one.name not in WRAPPERS])
    for child in event.unwrapped():
        yield from _inside_faults(child)


def later_elements(event: Element, edition: str) -> Iterator[Misplaced]:
    """Elements of EPCIS 2.0 in an event of 1.2, where nothing says what they are."""
    for child in event.children if _is_older(event, edition) else ():
        if child.name in _NOT_IN_1_2:
            yield child, "EPCIS 1.2 has no such element; it is read as that of 2.0"


def _is_older(event: Element, edition: str) -> bool:
    # EPCIS 1.2 lets associations through without saying what they are; 2.0 has them.
    return edition == "1.2" and event.name != "AssociationEvent"


def wrapper_of(name: str, kind: str) -> str | None:
    """What EPCIS 1.2 puts around an element of an event of some kind, if anything.

    >>> wrapper_of("sourceList", "ObjectEvent"), wrapper_of("sourceList", "TransformationEvent")
    ('extension', None)
    """
    if name in ("eventID", "errorDeclaration", "certificationInfo"):
        return "baseExtension"
    if name in _LATER or (name in _WRAPPED_1_2 and kind != "TransformationEvent"):
        return "extension"
    return None


def _wrapper_faults(event: Element) -> Iterator[Misplaced]:
    for child in event.children:
        wrapper = wrapper_of(child.name, event.name)
        if wrapper is not None and child.name not in _NOT_IN_1_2:
            yield child, f"EPCIS 1.2 has it only within {wrapper}"


def _order_faults(fields: list[Element], order: tuple[str, ...]) -> Iterator[Misplaced]:
    """What stands before something that has to come first, or stands there once more."""
    furthest, seen = -1, set[str]()
    for child in fields:
        if child.name not in order:
            continue  # The rules for fields tell of it.
        at = order.index(child.name)
        if child.name in seen and child.name not in _REPEATED:
            yield child, "it stands there twice"
        elif at < furthest:
            yield child, f"it must come before {order[furthest]}"
        furthest = max(furthest, at)
        seen.add(child.name)


def _foreign_faults(children: list[Element]) -> Iterator[Misplaced]:
    """The standard's elements behind those of others, which come last."""
    is_behind = False
    for child in children:
        if child.name.startswith("{"):
            is_behind = True
        elif is_behind and child.name not in _NOT_IN_1_2:
            yield child, "it must come before the elements of other vocabularies"


def _inside_faults(element: Element) -> Iterator[Misplaced]:
    allowed = _INSIDE.get(element.name)
    if allowed is None:
        return
    children = element.unwrapped()
    for child in children:
        is_foreign = child.name.startswith("{")
        if child.name not in allowed and (not is_foreign or element.name in _LISTS):
            yield child, f"there is no such element in {element.name}"
        yield from _inside_faults(child)
    if element.name not in _LISTS and element.name not in _ANY_ORDER:
        yield from _order_faults(children, allowed)
