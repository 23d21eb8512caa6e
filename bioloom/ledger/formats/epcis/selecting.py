"""Selecting: which events SimpleEventQuery asks for, and in which order.

Not offered are queries by sensor values, by fields of other vocabularies, by master data (WD_,
HASATTR_, EQATTR_) and by instance or lot data.

Source:
    GS1 EPCIS 2.0, section 8.2.7.1; a list in an address is written with `|` between its values.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import eq, ge, gt, le, lt
from typing import Any

from bioloom.ledger.formats.epcis.keys import canonical_key
from bioloom.ledger.formats.epcis.reading import Event
from bioloom.ledger.formats.epcis.rules.querying import parameter_faults
from bioloom.ledger.formats.epcis.terms import OLDER_SPELLINGS, WORDS
from bioloom.ledger.formats.linked.strict import Tree, words
from bioloom.vocabulary.periods import epoch_ms, read_instant
from bioloom.vocabulary.refusal import Refusal

MOST_A_PAGE = 1_000
USUAL_PAGE = 30

_Test = Callable[[Event], bool]


class QueryParameterWrong(Refusal):
    """A parameter that a query for events does not have, or a value that it cannot have."""

    def __init__(self, *, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(
            what=f"The parameter '{name[:60]}' cannot be asked by: {found}.",
            why="To leave it out would answer another question (EPCIS QueryParameterException).",
            remedy="Ask by parameters of SimpleEventQuery, section 8.2.7.1 of EPCIS 2.0.",
        )


class QueryNotOffered(Refusal):
    """A parameter of the standard that is not offered here."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            what=f"Events cannot be asked by '{name[:60]}' here.",
            why="The standard has it, and this server does not (EPCIS ImplementationException).",
            remedy="Ask by times, words, places, parties and identifiers, and look at the answer.",
        )


class QueryTooLarge(Refusal):
    """More events than the asker wanted to have."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        super().__init__(
            what=f"There are more than {most} such events.",
            why="maxEventCount says that then none should be sent (EPCIS QueryTooLargeException).",
            remedy="Ask for fewer, or page by page with perPage.",
        )


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: tests that an event has to pass, and how the answer is made."""

    tests: tuple[_Test, ...]
    by: str = "recordTime"
    is_descending: bool = True
    limit: int | None = None
    most: int | None = None
    page: int = USUAL_PAGE
    skipped: int = 0


def read_query(params: Mapping[str, str]) -> Query:
    """Read the parameters of a query.

    Raises:
        QueryParameterWrong: If there is no such parameter, or its value cannot be.
        QueryNotOffered: If the standard has it, and it is not offered here.
    """
    tests: list[_Test] = []
    for name, text in params.items():
        for _, found in parameter_faults("$", name, _value(name, text)):
            raise QueryParameterWrong(name=name, found=found)
        if name not in _SHAPING:
            tests.append(_test(name, text))
    page, most = _number(params, "perPage", USUAL_PAGE), params.get("maxEventCount")
    limit = params.get("eventCountLimit")
    if limit is not None and most is not None:
        raise QueryParameterWrong(name="maxEventCount", found="eventCountLimit is given, too")
    by = params.get("orderBy", "recordTime")
    if by not in ("eventTime", "recordTime"):
        raise QueryNotOffered(name=f"orderBy={by}")
    return Query(
        tests=tuple(tests),
        by=by,
        is_descending=params.get("orderDirection", "DESC") == "DESC",
        limit=None if limit is None else int(limit),
        most=None if most is None else int(most),
        page=min(page, MOST_A_PAGE),
        skipped=_number(params, "nextPageToken", 0),
    )


def select(events: Iterable[Event], query: Query) -> tuple[list[Event], str | None]:
    """A page of the events that a query asks for, and the token of the next page if there is one.

    Args:
        events: All events, without faults, each with its `recordTime`.
        query: What is asked.

    Raises:
        QueryTooLarge: If there are more than `maxEventCount`.
    """
    found = [event for event in events if all(test(event) for test in query.tests)]
    if query.most is not None and len(found) > query.most:
        raise QueryTooLarge(most=query.most)
    found.sort(key=lambda event: _ms(event.body[query.by]), reverse=query.is_descending)
    found = found[: query.limit]
    end = query.skipped + query.page
    return found[query.skipped : end], str(end) if end < len(found) else None


_SHAPING = frozenset(
    words(
        """
        orderBy orderDirection eventCountLimit maxEventCount perPage nextPageToken
        """
    )
)
_COMPARED = {"EQ": eq, "GT": gt, "GE": ge, "LT": lt, "LE": le}
_MATCHED = {
    "epc": words("epcList childEPCs"),
    "parentID": ("parentID",),
    "inputEPC": ("inputEPCList",),
    "outputEPC": ("outputEPCList",),
    "anyEPC": words("epcList childEPCs parentID inputEPCList outputEPCList"),
    "epcClass": words("quantityList childQuantityList"),
    "inputEPCClass": ("inputQuantityList",),
    "outputEPCClass": ("outputQuantityList",),
    "anyEPCClass": words("quantityList childQuantityList inputQuantityList outputQuantityList"),
}
# Fields that are asked for by what they say, each with the way to it.
_ASKED: dict[str, tuple[str, ...]] = {
    "eventType": ("type",),
    "EQ_action": ("action",),
    "EQ_bizStep": ("bizStep",),
    "EQ_disposition": ("disposition",),
    "EQ_persistentDisposition_set": ("persistentDisposition", "set"),
    "EQ_persistentDisposition_unset": ("persistentDisposition", "unset"),
    "EQ_readPoint": ("readPoint", "id"),
    "EQ_bizLocation": ("bizLocation", "id"),
    "EQ_transformationID": ("transformationID",),
    "EQ_eventID": ("eventID",),
    "EQ_errorReason": ("errorDeclaration", "reason"),
    "EQ_correctiveEventID": ("errorDeclaration", "correctiveEventIDs"),
}
_TIMED = {
    "eventTime": ("eventTime",),
    "recordTime": ("recordTime",),
    "errorDeclarationTime": ("errorDeclaration", "declarationTime"),
}
_PARTY = re.compile(r"EQ_(bizTransaction|source|destination)_(.+)")
_QUANTITY = re.compile(r"(EQ|GT|GE|LT|LE)_quantity")


def _test(name: str, text: str) -> _Test:
    asked = text.split("|")
    head, _, rest = name.partition("_")
    if name in _ASKED:
        way = _ASKED[name]
        wanted = {written(one, way[-1]) for one in asked}
        return lambda event: bool(wanted & set(_said(event, way)))
    if head in ("GE", "LT") and rest in _TIMED:
        compare, at, way = _COMPARED[head], _ms(text), _TIMED[rest]
        return lambda event: any(compare(_ms(one), at) for one in _at(event.body, way))
    if head == "MATCH":
        fields, keys = _MATCHED[rest], [canonical_key(one) for one in asked]
        return lambda event: any(_matches(one, keys) for one in _named(event.body, fields))
    if name == "EXISTS_errorDeclaration":
        return lambda event: event.body.get("errorDeclaration") is not None
    if party := _PARTY.fullmatch(name):
        return _of_party(party[1], party[2], asked)
    if amount := _QUANTITY.fullmatch(name):
        return _of_quantity(name, _COMPARED[amount[1]], asked)
    raise QueryNotOffered(name=name)


def _of_party(child: str, sort: str, asked: list[str]) -> _Test:
    field = f"{child}List"
    kind, keys = written(sort, f"{field}.type"), {canonical_key(one) for one in asked}

    def holds(event: Event) -> bool:
        return any(
            canonical_key(str(pair[child])) in keys
            and written(event.names.value(str(pair.get("type")), f"{field}.type"), "") == kind
            for pair in event.body.get(field) or []
        )

    return holds


def _of_quantity(name: str, compare: Callable[[Any, Any], bool], asked: list[str]) -> _Test:
    try:
        amounts = [Decimal(one) for one in asked]
    except InvalidOperation as fault:
        raise QueryParameterWrong(name=name, found="it is no number") from fault
    if not all(amount.is_finite() for amount in amounts):
        raise QueryParameterWrong(name=name, found="it is no number")
    return lambda event: any(
        compare(Decimal(element["quantity"]), amount)
        for field in _MATCHED["anyEPCClass"]
        for element in event.body.get(field) or []
        if element.get("quantity") is not None
        for amount in amounts
    )


_LISTED: dict[str, tuple[str, ...]] = {
    "bizSteps": ("bizStep",),
    "dispositions": ("disposition",),
    "bizLocations": ("bizLocation", "id"),
    "readPoints": ("readPoint", "id"),
}


def values_of(event: Event, resource: str) -> set[str]:
    """What an event has of a top-level resource, such as epcs or bizSteps."""
    if resource == "epcs":
        return set(_named(event.body, (*_MATCHED["anyEPC"], *_MATCHED["anyEPCClass"])))
    return set(_said(event, _LISTED[resource]))


def written(text: str, field: str) -> str:
    """A word or an identifier in the one spelling in which it is compared.

    >>> written("shipping", "bizStep")
    'https://ref.gs1.org/cbv/BizStep-shipping'
    """
    if field in WORDS and text in WORDS[field][0]:
        text = WORDS[field][1] + text
    text = text.replace("cbv:", "https://ref.gs1.org/cbv/") if text.startswith("cbv:") else text
    for older, newer in OLDER_SPELLINGS.items():
        text = text.replace(older, newer)
    return canonical_key(text)


def _said(event: Event, way: tuple[str, ...]) -> Iterator[str]:
    for one in _at(event.body, way):
        yield written(event.names.value(str(one), way[-1]), "")


def _at(body: Tree, way: tuple[str, ...]) -> list[Any]:
    """What stands at the end of a way through objects; each of several."""
    found: Any = body
    for step in way:
        found = found.get(step) if isinstance(found, dict) else None
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _named(body: Tree, fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        for one in _at(body, (field,)):
            yield canonical_key(str(one["epcClass"] if isinstance(one, dict) else one))


def _matches(key: str, patterns: list[str]) -> bool:
    """Whether a key is one of some, or belongs to a class that one of them is."""
    return any(key == one or key.startswith(f"{one}/") for one in patterns)


def _ms(text: str) -> int:
    return epoch_ms(read_instant(text))


def _value(name: str, text: str) -> str | list[str]:
    """A parameter's value as JSON has it."""
    return text.split("|") if name in ("eventType", "EQ_action") else text


def _number(params: Mapping[str, str], name: str, usual: int) -> int:
    text = params.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise QueryParameterWrong(name=name, found="it is no whole number")
    return int(text)
