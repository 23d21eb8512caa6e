"""Naming: which agents an entry names anywhere in it, found by the types of its fields."""

from functools import cache
from typing import get_args

import msgspec

from bioloom.vocabulary.agents import AgentId


def agents_named(body: msgspec.Struct) -> frozenset[AgentId]:
    """Every agent that a body names, in parts of it too.

    A kind that is new is read like the others: nobody has to remember to list it here.

    Example:
        >>> from bioloom.vocabulary.entries.people import MembershipBegan
        >>> named = agents_named(MembershipBegan(member=AgentId("ana"), group=AgentId("mill")))
        >>> sorted(named)
        ['ana', 'mill']
    """
    found: set[AgentId] = set()
    for field, names_agents in _fields(type(body)):
        _gather(getattr(body, field), names_agents=names_agents, found=found)
    return frozenset(found)


def _gather(value: object, *, names_agents: bool, found: set[AgentId]) -> None:
    if isinstance(value, str) and names_agents:
        found.add(AgentId(value))
    elif isinstance(value, msgspec.Struct):
        found.update(agents_named(value))
    elif isinstance(value, tuple | list):
        for part in value:
            _gather(part, names_agents=names_agents, found=found)
    elif isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            _gather(part, names_agents=names_agents, found=found)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    """The fields of a kind that may name agents, and whether their texts are names of agents."""
    return tuple(
        (field.name, _mentions_agents(field.type)) for field in msgspec.structs.fields(kind)
    )


def _mentions_agents(hint: object) -> bool:
    return hint is AgentId or any(map(_mentions_agents, get_args(hint)))
