"""Computing: what the operators of Cedar do, each as a function of what it is applied to."""

import re
from collections.abc import Callable, Mapping

from bioloom.ledger.codes.policies.reading import STAR
from bioloom.ledger.codes.policies.values import (
    LARGEST_LONG,
    SMALLEST_LONG,
    Erring,
    Evaluate,
    Request,
    Uid,
    Value,
    is_in,
    same,
)


def both(left: Evaluate, right: Evaluate) -> Evaluate:
    """`&&`: the right side counts only where the left one is true."""

    def run(request: Request) -> Value:
        one = left(request)
        if one is False:
            return False
        other = right(request) if one is True else one
        if other is True or (one is True and other is False):
            return other
        raise Erring

    return run


def either(left: Evaluate, right: Evaluate) -> Evaluate:
    """`||`: the right side counts only where the left one is false."""

    def run(request: Request) -> Value:
        one = left(request)
        if one is True:
            return True
        other = right(request) if one is False else one
        if one is False and (other is True or other is False):
            return other
        raise Erring

    return run


def choice(test: Evaluate, then: Evaluate, otherwise: Evaluate) -> Evaluate:
    """`if … then … else …`: only one of the two counts."""

    def run(request: Request) -> Value:
        found = test(request)
        if found is True:
            return then(request)
        if found is False:
            return otherwise(request)
        raise Erring

    return run


def negation(inner: Evaluate) -> Evaluate:
    """`!`."""

    def run(request: Request) -> Value:
        found = inner(request)
        if found is True or found is False:
            return not found
        raise Erring

    return run


def equality(left: Evaluate, right: Evaluate, *, is_equal: bool) -> Evaluate:
    """`==` and `!=`, of values of any two types."""

    def run(request: Request) -> Value:
        one, other = left(request), right(request)
        if type(one) is str:
            return (type(other) is str and one == other) is is_equal
        return same(one, other) is is_equal

    return run


def comparison(left: Evaluate, right: Evaluate, holds: Callable[[int, int], bool]) -> Evaluate:
    """`<`, `<=`, `>` and `>=`, of whole numbers."""

    def run(request: Request) -> Value:
        one, other = left(request), right(request)
        if type(one) is int and type(other) is int:
            return holds(one, other)
        raise Erring

    return run


def arithmetic(left: Evaluate, right: Evaluate, work: Callable[[int, int], int]) -> Evaluate:
    """`+`, `-` and `*`; what does not fit in 64 bits errs."""

    def run(request: Request) -> Value:
        one, other = left(request), right(request)
        if type(one) is int and type(other) is int:
            result = work(one, other)
            if SMALLEST_LONG <= result <= LARGEST_LONG:
                return result
        raise Erring

    return run


def membership(left: Evaluate, right: Evaluate) -> Evaluate:
    """`in`: an entity is another one or in it, or so of any of a set."""

    def run(request: Request) -> Value:
        one, other = left(request), right(request)
        if type(one) is not Uid:
            raise Erring
        if type(other) is Uid:
            return is_in(one, other, request.entities)
        if not isinstance(other, frozenset) or any(kind is not Uid for kind, _ in other):
            raise Erring
        return any(
            is_in(one, member, request.entities) for _, member in other if type(member) is Uid
        )

    return run


def kind(inner: Evaluate, name: str) -> Evaluate:
    """`is`: whether an entity is of a type."""

    def run(request: Request) -> Value:
        found = inner(request)
        if type(found) is Uid:
            return found.type == name
        raise Erring

    return run


def of_context(name: str) -> Evaluate:
    """`context.name`, the attribute that is read most."""

    def run(request: Request) -> Value:
        found = request.context.get(name)
        if found is None:  # No value is none.
            raise Erring
        return found

    return run


def of_entity(part: Callable[[Request], Uid], name: str) -> Evaluate:
    """`principal.name` and the like: an attribute of a part of the request."""

    def run(request: Request) -> Value:
        known = request.entities.get(part(request))
        found = None if known is None else known.attributes.get(name)
        if found is None:
            raise Erring
        return found

    return run


def attribute(inner: Evaluate, name: str) -> Evaluate:
    """`.name`: of a record, or of an entity that is known."""

    def run(request: Request) -> Value:
        found = inner(request)
        if type(found) is Uid:
            known = request.entities.get(found)
            found = {} if known is None else known.attributes
        if isinstance(found, Mapping) and name in found:
            return found[name]
        raise Erring

    return run


def presence(inner: Evaluate, name: str) -> Evaluate:
    """`has`: what is not known of an entity it has not."""

    def run(request: Request) -> Value:
        found = inner(request)
        if type(found) is Uid:
            known = request.entities.get(found)
            return known is not None and name in known.attributes
        if isinstance(found, Mapping):
            return name in found
        raise Erring

    return run


def likeness(inner: Evaluate, pattern: str) -> Evaluate:
    """`like`: a star stands for any characters, or none."""
    parts = [re.escape(part).replace(STAR, r"\*") for part in pattern.split("*")]
    fits = re.compile(".*".join(parts), re.DOTALL).fullmatch

    def run(request: Request) -> Value:
        found = inner(request)
        if type(found) is str:
            return fits(found) is not None
        raise Erring

    return run


def containing(inner: Evaluate, given: Evaluate, method: str) -> Evaluate:
    """`contains`, `containsAll` and `containsAny` of a set."""

    def run(request: Request) -> Value:
        known, other = inner(request), given(request)
        if not isinstance(known, frozenset):
            raise Erring
        if method == "contains":
            return not isinstance(other, Mapping) and (type(other), other) in known
        if not isinstance(other, frozenset):
            raise Erring
        return other <= known if method == "containsAll" else not known.isdisjoint(other)

    return run


def emptiness(inner: Evaluate) -> Evaluate:
    """`isEmpty` of a set."""

    def run(request: Request) -> Value:
        known = inner(request)
        if isinstance(known, frozenset):
            return not known
        raise Erring

    return run
