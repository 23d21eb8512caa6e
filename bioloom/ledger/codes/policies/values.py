"""Values of Cedar: what a condition is worth, and what a request is about."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

LARGEST_LONG, SMALLEST_LONG = 2**63 - 1, -(2**63)


class Uid(NamedTuple):
    """An entity by its type and id, as `Site::"mill"`."""

    type: str
    id: str

    def __str__(self) -> str:
        return f'{self.type}::"{self.id}"'


# A set holds each value with its type, as in Python `True == 1`.
Value = bool | int | str | Uid | frozenset[tuple[type, "Value"]] | Mapping[str, "Value"]


class Entity(NamedTuple):
    """What is known of an entity: its attributes, and what it is in, near and far."""

    attributes: Mapping[str, Value]
    ancestors: frozenset[Uid] = frozenset()


class Request(NamedTuple):
    """May this principal do this to that, in this context?"""

    principal: Uid
    action: Uid
    resource: Uid
    context: Mapping[str, Value]
    entities: Mapping[Uid, Entity]


class Erring(Exception):  # noqa: N818  Cedar says that the evaluation of a policy errs.
    """A condition that cannot be evaluated: its policy counts as not satisfied."""


Evaluate = Callable[[Request], Value]


def set_of(*values: Value) -> frozenset[tuple[type, Value]]:
    """Some values as a set of Cedar."""
    return frozenset((type(value), value) for value in values)


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal; those of different types are not.

    >>> same(True, 1), same(1, 1)
    (False, True)
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


def is_in(one: Uid, other: Uid, entities: Mapping[Uid, Entity]) -> bool:
    """Whether an entity is another, or in it."""
    if one == other:
        return True
    known = entities.get(one)
    return known is not None and other in known.ancestors
