"""Documents of PROV: statements, and the two ways to write them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import quote

import msgspec

PREFIXES = {
    "bl": "urn:bioloom:",
    "lot": "urn:bioloom:lot:",
    "process": "urn:bioloom:process:",
    "entry": "urn:bioloom:entry:",
    "agent": "urn:bioloom:agent:",
}

Kind = Literal[
    "entity",
    "activity",
    "agent",
    "wasGeneratedBy",
    "used",
    "wasDerivedFrom",
    "wasAttributedTo",
    "wasAssociatedWith",
    "wasInfluencedBy",
]
# The arguments of each kind after its name, in the order of PROV-N; "" is one that we never give.
_ARGUMENTS: dict[Kind, tuple[str, ...]] = {
    "entity": (),
    "activity": ("startTime", "endTime"),
    "agent": (),
    "wasGeneratedBy": ("entity", "activity", "time"),
    "used": ("activity", "entity", "time"),
    "wasDerivedFrom": ("generatedEntity", "usedEntity", "activity", "", ""),
    "wasAttributedTo": ("entity", "agent"),
    "wasAssociatedWith": ("activity", "agent", ""),
    "wasInfluencedBy": ("influencee", "influencer"),
}
_NAMED: tuple[Kind, ...] = ("entity", "activity", "agent")


class Name(msgspec.Struct, frozen=True):
    """A name with its prefix, such as `prov:Person`."""

    prefix: str
    local: str

    def __str__(self) -> str:
        return f"{self.prefix}:{self.local}"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement: an element with its name, or a relation between elements."""

    kind: Kind
    name: Name | None = None
    arguments: dict[str, Name | str] = {}
    # A number is a whole one.
    attributes: dict[str, Name | str | int] = {}


def named(prefix: str, name: str) -> Name:
    """A name of the record with a prefix, spelled so that both PROV-N and PROV-JSON read it.

    >>> str(named("lot", "mill: flour."))
    'lot:mill%3A%20flour%2E'
    """
    quoted = quote(name, safe="").replace(".", "%2E").replace("~", "%7E")
    return Name(prefix, re.sub(r"\A-", "%2D", quoted))


def write_json(statements: Iterable[Statement]) -> bytes:
    """The statements as PROV-JSON."""
    document: defaultdict[str, dict[str, object]] = defaultdict(dict)
    document["prefix"] = dict(PREFIXES)
    for number, statement in enumerate(statements, start=1):
        name = f"_:r{number}" if statement.name is None else str(statement.name)
        arguments = {f"prov:{key}": str(value) for key, value in statement.arguments.items()}
        attributes = {key: _json_value(value) for key, value in statement.attributes.items()}
        document[statement.kind][name] = arguments | attributes
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _json_value(value: Name | str | int) -> object:
    match value:
        case Name():
            return {"$": str(value), "type": "prov:QUALIFIED_NAME"}
        case int():
            return {"$": str(value), "type": "xsd:long"}
    return value


def write_provn(statements: Iterable[Statement]) -> bytes:
    """The statements as PROV-N, one a line."""
    prefixes = [f"  prefix {prefix} <{uri}>" for prefix, uri in PREFIXES.items()]
    lines = ["document", *prefixes, "", *(f"  {line}" for line in map(_provn, statements))]
    return "\n".join([*lines, "endDocument"]).encode()


def _provn(statement: Statement) -> str:
    parts = list(_provn_arguments(statement))
    if statement.attributes:
        told = (f"{key}={_provn_value(value)}" for key, value in statement.attributes.items())
        parts.append(f"[{', '.join(told)}]")
    return f"{statement.kind}({', '.join(parts)})"


def _provn_arguments(statement: Statement) -> Iterator[str]:
    if statement.name is not None:
        yield str(statement.name)
    names = _ARGUMENTS[statement.kind]
    if statement.kind not in _NAMED or statement.arguments:
        yield from (str(statement.arguments.get(name, "-")) for name in names)


def _provn_value(value: Name | str | int) -> str:
    match value:
        case Name():
            return f"'{value}'"
        case int():
            return f'"{value}" %% xsd:long'
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'
