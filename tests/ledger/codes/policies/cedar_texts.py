"""Policies and requests by chance, as texts for Cedar and as values here."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from bioloom.ledger.codes.policies.values import Entity, Request, Uid, Value, set_of

ACTIONS = ("transfer", "consume", "accept", "produce")
AGENTS = ("ana", "ben", "hub", "town")
LOTS = ("rags", "peel", 'a "b"')
WORDS = ("organics", "textiles", "a*b", "", "ünder", "new\nline")
NUMBERS = (0, 1, 5, -3, 9_223_372_036_854_775_807, -9_223_372_036_854_775_808)
ATTRIBUTES = ("mass", "group", "site", "is_raw", "areas", "limits", "unknown")

ENTITIES: dict[Uid, Entity] = {
    Uid("Agent", "ana"): Entity({"sort": "person"}, frozenset([Uid("Agent", "town")])),
    Uid("Agent", "hub"): Entity({"sort": "organisation", "mass": 5}),
    Uid("Lot", "rags"): Entity({"group": "textiles", "mass": 7, "site": Uid("Site", "mill")}),
    Uid("Lot", "peel"): Entity({"group": "organics", "is_raw": True}),
    Uid("Site", "mill"): Entity({"group": "textiles"}, frozenset([Uid("Area", "zone")])),
}


def literal(chance: Random) -> str:
    """A literal of any type."""
    match chance.randrange(6):
        case 0:
            return str(chance.choice(NUMBERS))
        case 1:
            return chance.choice(("true", "false"))
        case 2:
            return text(chance.choice(WORDS))
        case 3:
            return uid(chance)
        case 4:
            some = [literal_of(chance) for _ in range(chance.randrange(1, 4))]
            return f"[{', '.join(some)}]"
    return str(chance.randrange(10))


def literal_of(chance: Random) -> str:
    """A literal that may stand in a set."""
    return chance.choice((str(chance.choice(NUMBERS)), text(chance.choice(WORDS)), uid(chance)))


def text(said: str) -> str:
    """A string as Cedar writes it."""
    escaped = said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def uid(chance: Random) -> str:
    """An entity, known or not."""
    kind, names = chance.choice(
        (("Agent", AGENTS), ("Lot", LOTS), ("Site", ("mill", "far")), ("Area", ("zone",)))
    )
    return f"{kind}::{text(chance.choice(names))}"


def place(chance: Random) -> str:
    """Something that a request has."""
    found = chance.choice(("context", "resource", "principal", "context"))
    for _ in range(chance.choice((0, 1, 1, 1, 2))):
        name = chance.choice(ATTRIBUTES)
        found += f".{name}" if chance.random() < 0.8 else f"[{text(name)}]"
    return found


def value(chance: Random, depth: int) -> str:
    """An expression that is worth anything."""
    if depth <= 0:
        return chance.choice((literal, place, place))(chance)
    match chance.randrange(7):
        case 0:
            sign = chance.choice("+-*")
            return f"({value(chance, depth - 1)} {sign} {value(chance, depth - 1)})"
        case 1:
            return f"-({value(chance, depth - 1)})"
        case 2:
            then, other = value(chance, depth - 1), value(chance, depth - 1)
            return f"(if {condition(chance, depth - 1)} then {then} else {other})"
        case 3:
            return f"({condition(chance, depth - 1)})"
    return chance.choice((literal, place, place))(chance)


def condition(chance: Random, depth: int) -> str:
    """An expression that is mostly a truth value, and may err."""
    one, other = value(chance, depth - 1), value(chance, depth - 1)
    if depth > 0 and chance.random() < 0.25:
        sign = chance.choice(("&&", "||"))
        wrapped = f"({condition(chance, depth - 1)} {sign} {condition(chance, depth - 1)})"
        return chance.choice((wrapped, f"!{wrapped}"))
    pattern = chance.choice(('"*"', '"org*"', '"*e*s"', '"a\\*b"', '""', '"*\\*"'))
    inside = chance.choice(("", f" in {uid(chance)}"))
    there = chance.choice((uid(chance), f"[{uid(chance)}]", other))
    method = chance.choice(("contains", "containsAll", "containsAny"))
    return chance.choice(
        (
            f"{one} {chance.choice(('<', '<=', '>', '>='))} {other}",
            f"{one} {chance.choice(('<', '<=', '>', '>='))} {other}",
            f"{one} {chance.choice(('==', '!='))} {other}",
            f"{place(chance)} in {there}",
            f"{one} like {pattern}",
            f"{place(chance)} has {chance.choice(ATTRIBUTES)}",
            f"{place(chance)} is {chance.choice(('Agent', 'Lot', 'Site'))}{inside}",
            f"({one}).{method}({other})",
            f"({one}).isEmpty()",
        )
    )


def begins(chance: Random) -> str:
    """What many policies begin with, and are found by: that something is a text."""
    known = text(chance.choice(("organics", "textiles", "")))
    group = chance.choice(("resource.group", "context.group", "principal.sort", "context.mass"))
    return chance.choice(("", "", f"{group} == {known} && ", f"{group} == {known} || "))


def policy(chance: Random, number: int) -> str:
    """A whole policy."""
    principal = chance.choice(
        ("principal", "principal", f"principal == {uid(chance)}", f"principal in {uid(chance)}")
    )
    action = f'Action::"{chance.choice(ACTIONS)}"'
    also = f'Action::"{chance.choice(ACTIONS)}"'
    actions = chance.choice(
        ("action", f"action == {action}", f"action in [{action}, {also}]", f"action in {action}")
    )
    resource = chance.choice(
        ("resource", "resource", "resource is Lot", f"resource is Lot in {uid(chance)}")
    )
    effect = chance.choice(("permit", "forbid"))
    conditions = "".join(
        f"\n  {chance.choice(('when', 'unless'))} {{ {begins(chance)}{condition(chance, 2)} }}"
        for _ in range(chance.randrange(3))
    )
    note = f'@id("n{number}")\n' if chance.random() < 0.5 else ""
    return f"{note}{effect} ({principal}, {actions}, {resource}){conditions}; // {number}\n"


def request(chance: Random) -> Request:
    """A request in which some of what policies read is missing."""
    context: dict[str, Value] = {
        "mass": chance.choice(NUMBERS),
        "group": chance.choice(WORDS),
        "site": Uid("Site", "mill"),
        "is_raw": chance.random() < 0.5,
        "areas": set_of("zone", "organics", chance.choice(NUMBERS)),
        "limits": {"mass": chance.randrange(8), "group": "organics"},
    }
    for name in list(context):
        if chance.random() < 0.2:
            del context[name]
    return Request(
        principal=Uid("Agent", chance.choice(AGENTS)),
        action=Uid("Action", chance.choice((*ACTIONS, "sing"))),
        resource=Uid("Lot", chance.choice(LOTS)),
        context=context,
        entities=ENTITIES,
    )


def plain(said: Value) -> Any:  # noqa: ANN401  As JSON.
    """A value as Cedar reads it from JSON."""
    if isinstance(said, Uid):
        return {"__entity": {"type": said.type, "id": said.id}}
    if isinstance(said, frozenset):
        return [plain(one) for _, one in said]
    if isinstance(said, Mapping):
        return {name: plain(one) for name, one in said.items()}
    return said


def told_request(asked: Request) -> dict[str, Any]:
    """A request as cedarpy takes it."""
    return {
        "principal": {"type": asked.principal.type, "id": asked.principal.id},
        "action": {"type": asked.action.type, "id": asked.action.id},
        "resource": {"type": asked.resource.type, "id": asked.resource.id},
        "context": plain(asked.context),
    }


def told_entities() -> str:
    """The entities as cedarpy takes them."""
    return json.dumps(
        [
            {
                "uid": {"type": name.type, "id": name.id},
                "attrs": {key: plain(one) for key, one in known.attributes.items()},
                "parents": [{"type": one.type, "id": one.id} for one in known.ancestors],
            }
            for name, known in ENTITIES.items()
        ]
    )
