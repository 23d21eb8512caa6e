"""Markup: EPCIS documents in XML, 2.0 and 1.2, from events as they are in JSON.

An event says the same in all three, and has the same hash.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from bioloom.ledger.formats.epcis.reading import Names
from bioloom.ledger.formats.epcis.rules.layout import order_of, wrapper_of
from bioloom.ledger.formats.epcis.terms import OLDER_SPELLINGS, PREFIXES_2_0_0, WORDS
from bioloom.ledger.formats.epcis.xml import TEXT
from bioloom.ledger.formats.linked.strict import Tree, words
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

Edition = Literal["1.2", "2.0"]
_NAMESPACES: dict[Edition, str] = {
    "1.2": "urn:epcglobal:epcis:xsd:1",
    "2.0": "urn:epcglobal:epcis:xsd:2",
}
_NAME = re.compile(r"[^\W\d][\w.-]*")
# Signs that XML 1.0 has no way to write.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PAIR_LISTS = ("bizTransactionList", "sourceList", "destinationList")
_EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_SENSED = ("sensorMetadata", "sensorReport")
# EPCIS 1.2 asks for these also where they are empty.
_NEEDED_1_2 = {
    "ObjectEvent": "epcList",
    "AggregationEvent": "childEPCs",
    "TransactionEvent": "epcList",
}
_SENSOR_WORDS = words("type exception component")


class NotForXml(Refusal):
    """Something in an event that XML has no way to write."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"{found[:60]!r} cannot be written in XML.",
            why="XML has no such sign, or no such name.",
            remedy="Write the events as JSON.",
        )


def write_xml(
    events: Iterable[Tree],
    *,
    at: Instant,
    edition: Edition = "2.0",
    names: Names | None = None,
) -> bytes:
    """An EPCIS document with some events.

    Args:
        events: Events as they are in JSON, without faults.
        at: When the document is made.
        edition: The edition of EPCIS.
        names: What prefixes in the events stand for; those of the standard unless given.

    Raises:
        NotForXml: If an event holds what XML cannot.
    """
    writing = _Writing(edition, names or Names(PREFIXES_2_0_0))
    told = "".join(piece for event in events for piece in writing.event(event))
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<epcis:EPCISDocument '
        f'xmlns:epcis="{_NAMESPACES[edition]}" schemaVersion="{edition}" creationDate="{at}">\n'
    )
    tail = "</EventList></EPCISBody>\n</epcis:EPCISDocument>"
    return f"{head}<EPCISBody><EventList>\n{told}{tail}".encode()


class _Writing:
    """Events on their way to XML of an edition."""

    def __init__(self, edition: Edition, names: Names) -> None:
        self._edition, self._names = edition, names

    def event(self, body: Tree) -> Iterator[str]:
        """An event, with what EPCIS 1.2 puts around it."""
        kind = str(body["type"])
        depth = {"TransformationEvent": 1, "AssociationEvent": 2}.get(kind, 0)
        wraps = depth if self._edition == "1.2" else 0
        names = self._names.within(body.get("@context"))
        inside = _Writing(self._edition, names).fields(kind, body)
        yield (
            "<extension>" * wraps + _tagged(kind, "\n".join(inside)) + "</extension>" * wraps + "\n"
        )

    def fields(self, kind: str, body: Tree) -> list[str]:
        """What an event says, in the order of its edition."""
        order = order_of(kind, self._edition)
        told = {name: self._field(name, body[name]) for name in order if body.get(name) is not None}
        if self._edition == "1.2":
            needed = _NEEDED_1_2.get(kind)
            if needed is not None:
                told.setdefault(needed, f"<{needed}/>")
            told = {name: told[name] for name in order if name in told}
            inside = self._wrapped(kind, told)
        else:
            inside = list(told.values())
        known = {*order, "type", "@context", "comment"}
        return inside + [
            piece
            for name, value in body.items()
            if name not in known
            for piece in self._foreign(name, value)
        ]

    def _wrapped(self, kind: str, told: dict[str, str]) -> list[str]:
        """Fields in the wrappers of EPCIS 1.2, each where its wrapper stands."""
        if kind == "AssociationEvent":
            return list(told.values())  # 1.2 does not say how they are wrapped.
        base, own, late, last = list[str](), list[str](), list[str](), list[str]()
        begin: list[str] = []
        for name, piece in told.items():
            wrapper = wrapper_of(name, kind)
            if name in ("eventTime", "recordTime", "eventTimeZoneOffset"):
                begin.append(piece)
            elif wrapper == "baseExtension":
                is_later = name == "certificationInfo"
                base.append(_tagged("extension", piece) if is_later else piece)
            elif wrapper is None:
                own.append(piece)
            else:
                (last if name in ("sensorElementList", "persistentDisposition") else late).append(
                    piece
                )
        if last:
            late.append(_tagged("extension", "".join(last)))
        if kind == "TransformationEvent":
            own, late = own + late, []
        wraps = [_tagged("baseExtension", "".join(base))] if base else []
        ends = [_tagged("extension", "".join(late))] if late else []
        return begin + wraps + own + ends

    def _field(self, name: str, value: Any) -> str:  # noqa: ANN401  JSON has no narrower type.
        if name in _EPC_LISTS:
            return _tagged(name, "".join(_leaf("epc", epc) for epc in value))
        if name.endswith("QuantityList") or name == "quantityList":
            return _tagged(name, "".join(map(self._quantity, value)))
        if name in _PAIR_LISTS:
            return _tagged(name, "".join(self._pair(name, pair) for pair in value))
        tellers: dict[str, Callable[[Any], Iterator[str]]] = {
            "persistentDisposition": self._lasting,
            "sensorElementList": self._sensors,
            "errorDeclaration": self._declaration,
            "readPoint": self._place,
            "bizLocation": self._place,
            "ilmd": self._place,
        }
        if name in tellers:
            return _tagged(name, "".join(tellers[name](value)))
        values = value if isinstance(value, list) else [value]
        return "".join(_leaf(name, self._word(name, one)) for one in values)

    def _word(self, field: str, value: object) -> str:
        """A value with its prefix or bare word written out, in the spelling of the edition."""
        if not isinstance(value, str):
            return _text(value)
        full = self._names.value(value, field)
        full = Names(PREFIXES_2_0_0).value(full) if field in WORDS else full
        if self._edition == "1.2":
            for older, newer in OLDER_SPELLINGS.items():
                full = full.replace(newer, older)
        return _text(full)

    def _quantity(self, element: Tree) -> str:
        fields = ("epcClass", "quantity", "uom")
        told = [_leaf(name, element[name]) for name in fields if name in element]
        return _tagged("quantityElement", "".join(told))

    def _pair(self, name: str, pair: Tree) -> str:
        child = name.removesuffix("List")
        sort = ""
        if pair.get("type") is not None:
            sort = f" type={quoteattr(self._word(f'{name}.type', pair['type']))}"
        return f"<{child}{sort}>{escape(_text(pair[child]))}</{child}>"

    def _lasting(self, value: Tree) -> Iterator[str]:
        for name in ("set", "unset"):
            given = value.get(name) or []
            for one in given if isinstance(given, list) else [given]:
                yield _leaf(name, self._word(name, one))

    def _place(self, value: Tree) -> Iterator[str]:
        if "id" in value:
            yield _leaf("id", value["id"])
        for key, child in value.items():
            if key not in ("id", "comment"):
                yield from self._foreign(key, child)

    def _declaration(self, value: Tree) -> Iterator[str]:
        yield _leaf("declarationTime", value["declarationTime"])
        if "reason" in value:
            yield _leaf("reason", self._word("reason", value["reason"]))
        if "correctiveEventIDs" in value:
            ids = [_leaf("correctiveEventID", one) for one in value["correctiveEventIDs"]]
            yield _tagged("correctiveEventIDs", "".join(ids))
        known = ("declarationTime", "reason", "correctiveEventIDs", "comment")
        for key, child in value.items():
            if key not in known:
                yield from self._foreign(key, child)

    def _sensors(self, elements: list[Tree]) -> Iterator[str]:
        for element in elements:
            yield _tagged("sensorElement", "".join(self._sensor_element(element)))

    def _sensor_element(self, element: Tree) -> Iterator[str]:
        for name in _SENSED:
            parts = element.get(name) or []
            for part in parts if isinstance(parts, list) else [parts]:
                yield self._sensed(name, part)
        for key, child in element.items():
            if key not in (*_SENSED, "comment"):
                yield from self._foreign(key, child)

    def _sensed(self, name: str, part: Tree) -> str:
        """Metadata or a report: attributes only, those of others with their namespace."""
        told: list[str] = []
        for at, (key, value) in enumerate(part.items()):
            field = "sensorReport.type" if key == "type" else key
            text = self._word(field, value) if key in _SENSOR_WORDS else _text(value)
            quoted = quoteattr(text)
            namespace, local = self._split(key)
            if namespace:
                told.append(f" n{at}:{local}={quoted} xmlns:n{at}={quoteattr(namespace)}")
            elif key != "comment":
                told.append(f" {_named(key)}={quoted}")
        return f"<{name}{''.join(told)}/>"

    def _foreign(self, key: str, value: Any) -> Iterator[str]:  # noqa: ANN401  As JSON has it.
        """A field of another vocabulary, once for each of its values."""
        if value is None or key in ("comment", "rdfs:comment"):
            return
        if isinstance(value, list):
            for one in value:
                yield from self._foreign(key, one)
            return
        namespace, local = self._split(key)
        start = f"<x:{local} xmlns:x={quoteattr(namespace)}" if namespace else f"<{local}"
        end = f"</x:{local}>" if namespace else f"</{local}>"
        if isinstance(value, dict):
            pieces = [piece for k, v in value.items() if k != TEXT for piece in self._foreign(k, v)]
            own = escape(self._word("", value[TEXT])) if TEXT in value else ""
            yield f"{start}>{own}{''.join(pieces)}{end}"
        else:
            yield f"{start}>{escape(self._word('', value))}{end}"

    def _split(self, key: str) -> tuple[str, str]:
        """A key's namespace, or nothing, and its name there."""
        full = self._names.key(key)
        namespace, _, local = full[1:].rpartition("}") if full.startswith("{") else ("", "", full)
        return namespace, _named(local)


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotForXml(found=name)
    return name


def _tagged(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"


def _leaf(name: str, value: object) -> str:
    return _tagged(name, escape(_text(value)))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # No exponent: numbers of XML schemas have none.
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if _UNWRITABLE.search(text):
        raise NotForXml(found=text)
    return text
