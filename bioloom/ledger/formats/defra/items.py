"""Waste items of a body: what they are, how much, what is in them, and what becomes of them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bioloom.ledger.formats.defra.codes import (
    CONTAINER_TYPES,
    DISPOSAL_OR_RECOVERY_CODES,
    HAZARDOUS_PROPERTIES,
    METRICS,
    PHYSICAL_FORMS,
    POPS,
    SOURCES_OF_COMPONENTS,
)
from bioloom.ledger.formats.defra.looking import Found
from bioloom.vocabulary.wastes.listing import waste_or_none

_MOST_EWC_CODES = 5
_GRAMS = {"Grams": 1, "Kilograms": 1_000, "Tonnes": 1_000_000}
_FIELDS = (
    *("ewcCodes", "wasteDescription", "physicalForm", "numberOfContainers", "typeOfContainers"),
    *("weight", "containsPops", "pops", "containsHazardous", "hazardous"),
    "disposalOrRecoveryCodes",
)
_OF_COMPONENTS = ("sourceOfComponents", "components")


class _Contents(NamedTuple):
    """What an item may contain: where it says whether, and where it says what."""

    flag: str
    details: str
    component: str


_POPS = _Contents("containsPops", "pops", "code")
_HAZARDOUS = _Contents("containsHazardous", "hazardous", "name")


def judge_items(items: Found) -> bool:
    """Judge the waste items of a movement; whether any has a hazardous EWC code.

    Every rule is one of the Receipt API's specification or of its tests' titles.
    """
    if not items.needed() or not items.is_list():
        return False
    if items.value == []:
        items.error("it is empty: a movement has at least one waste item")
    hazardous = [_judge_item(item) for item in items.each()]
    return any(hazardous)


def _judge_item(item: Found) -> bool:
    if not item.is_object():
        return False
    item.unknown(_FIELDS)
    is_hazardous = _judge_ewc_codes(item["ewcCodes"])
    if item["wasteDescription"].needed():
        item["wasteDescription"].text()
    if item["physicalForm"].needed():
        item["physicalForm"].one_of(PHYSICAL_FORMS)
    if item["numberOfContainers"].needed():
        item["numberOfContainers"].number(0, whole=True)
    if item["typeOfContainers"].needed():
        item["typeOfContainers"].one_of(CONTAINER_TYPES)
    grams = _judge_weight(item["weight"])
    _judge_contents(item, _POPS)
    has_hazards = _judge_contents(item, _HAZARDOUS)
    _judge_haz_codes(item["hazardous"]["hazCodes"], needed=has_hazards is True)
    if is_hazardous and has_hazards is False:
        item["containsHazardous"].note("it is false, and an EWC code is of hazardous waste")
    _judge_treatments(item["disposalOrRecoveryCodes"], grams)
    return is_hazardous


def _judge_ewc_codes(codes: Found) -> bool:
    """Judge an item's EWC codes; whether one is hazardous."""
    if not codes.needed() or not codes.is_list():
        return False
    count = len(list(codes.each()))
    if not 1 <= count <= _MOST_EWC_CODES:
        codes.error(f"it has {count} codes, and must have 1 to {_MOST_EWC_CODES}")
    is_hazardous = False
    for code in codes.each():
        text = code.text()
        if text is None:
            continue
        if len(text) != 6 or not (text.isascii() and text.isdecimal()):
            code.error("it is not six digits without spaces")
        elif (listed := waste_or_none(text)) is None:
            code.error("the List of Waste has no such code")
        else:
            is_hazardous |= listed.hazardous
    return is_hazardous


def _judge_weight(weight: Found) -> Decimal | None:
    """Judge a weight; how many grams it is, where that can be said."""
    if not weight.needed() or not weight.is_object():
        return None
    weight.unknown(("metric", "amount", "isEstimate"))
    metric = weight["metric"].one_of(METRICS) if weight["metric"].needed() else None
    amount = weight["amount"].number(0, above=True) if weight["amount"].needed() else None
    if weight["isEstimate"].needed():
        weight["isEstimate"].flag()
    return None if metric is None or amount is None else amount * _GRAMS[metric]


def _judge_contents(item: Found, contents: _Contents) -> bool | None:
    """Judge what an item says of pollutants or hazards in it; whether it says that there are."""
    flag, details = item[contents.flag], item[contents.details]
    contains = flag.flag() if flag.needed() else None
    if not details.is_there:
        if contains:
            details.error(f"it is missing, and {contents.flag} is true")
        return contains
    if not details.is_object():
        return contains
    more = ("hazCodes",) if contents is _HAZARDOUS else ()
    details.unknown((*_OF_COMPONENTS, *more))
    source_at = details["sourceOfComponents"]
    source = source_at.one_of(SOURCES_OF_COMPONENTS) if source_at.needed() else None
    _judge_components(details["components"], contents, contains=contains, source=source)
    return contains


def _judge_components(
    components: Found, contents: _Contents, *, contains: bool | None, source: str | None
) -> None:
    given = list(components.each())
    if components.is_there and not components.is_list():
        return
    if given and contains is False:
        components.error(f"it is given, and {contents.flag} is false")
    elif given and source == "NOT_PROVIDED":
        components.error("it is given, and the source is NOT_PROVIDED")
    elif not given and contains and source in ("GUIDANCE", "OWN_TESTING"):
        components.error(f"it has none, and the source is {source}")
    elif not given and contains and source == "PROVIDED_WITH_WASTE":
        components.warn(f"it has none, and the source is {source}")
    for component in given:
        if component.is_object():
            _judge_component(component, contents)


def _judge_component(component: Found, contents: _Contents) -> None:
    component.unknown((contents.component, "concentration"))
    name, concentration = component[contents.component], component["concentration"]
    if name.needed():
        if contents is _POPS:
            name.one_of(tuple(POPS), told="the POP codes of the service")
        else:
            name.text()
    if not concentration.is_there or concentration.value is None:
        concentration.warn("it is missing, and recommended")
    else:
        concentration.number(0, above=True)


def _judge_haz_codes(codes: Found, *, needed: bool) -> None:
    if not codes.is_there:
        if needed:
            codes.error("it is missing, and containsHazardous is true")
        return
    if not codes.is_list():
        return
    if needed and codes.value == []:
        codes.error("it is empty, and containsHazardous is true")
    for code in codes.each():
        code.one_of(HAZARDOUS_PROPERTIES, told="HP_1 to HP_15 and HP_POP")


def _judge_treatments(treatments: Found, grams: Decimal | None) -> None:
    if not treatments.is_there or treatments.value == []:
        treatments.warn("it has none: a disposal or recovery code follows in two working days")
        return
    if not treatments.is_list():
        return
    treated = [_judge_treatment(one) for one in treatments.each()]
    total = sum((one for one in treated if one is not None), Decimal(0))
    if grams is not None and total > grams:
        treatments.note(f"{total:f} g are disposed of or recovered, and {grams:f} g were received")


def _judge_treatment(treatment: Found) -> Decimal | None:
    if not treatment.is_object():
        return None
    treatment.unknown(("code", "weight"))
    if treatment["code"].needed():
        known: Sequence[str] = DISPOSAL_OR_RECOVERY_CODES
        treatment["code"].one_of(known, told="R1 to R13 and D1 to D15")
    return _judge_weight(treatment["weight"])
