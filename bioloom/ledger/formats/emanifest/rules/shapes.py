"""Shapes: what a single field of a manifest may hold, and the ways to put fields together."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

# A path from here on, and what is wrong there.
Found = tuple[str, str]
Shape = Callable[[object], Iterator[Found]]


def shown(value: object) -> str:
    """A value as a person may be shown it, however long it is."""
    if value is None:
        return "null"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    told = str(value) if not isinstance(value, bool) else str(value).lower()
    return f"'{told[:60]}'"


def text(longest: int | None = None, *, shortest: int = 0, form: str = "", like: str = "") -> Shape:
    """A text of so many characters, in a form (a regular expression) that an example shows."""
    pattern = re.compile(form) if form else None

    def judge(value: object) -> Iterator[Found]:
        if not isinstance(value, str):
            yield "", f"{shown(value)} is no text"
        elif len(value) < shortest or (longest is not None and len(value) > longest):
            yield "", f"{len(value)} characters are not {shortest} to {longest}"
        elif pattern is not None and not pattern.fullmatch(value):
            yield "", f"{shown(value)} is not written like {like}"

    return judge


def one_of(*known: str) -> Shape:
    """One of some words."""

    def judge(value: object) -> Iterator[Found]:
        if value not in known:
            yield "", f"{shown(value)} is none of {', '.join(known)}"

    return judge


def whether(value: object) -> Iterator[Found]:
    """True or false."""
    if not isinstance(value, bool):
        yield "", f"{shown(value)} is neither true nor false"


def whole(least: int, most: int) -> Shape:
    """A whole number between two others."""

    def judge(value: object) -> Iterator[Found]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield "", f"{shown(value)} is no whole number"
        elif not least <= value <= most:
            yield "", f"{value} is not between {least} and {most}"

    return judge


def number(*, above: int | None = None, most: str, decimals: int) -> Shape:
    """A number of so many decimals at most, above one bound and up to another."""

    def judge(value: object) -> Iterator[Found]:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            yield "", f"{shown(value)} is no number"
            return
        if (above is not None and value <= above) or value < 0 or value > Decimal(most):
            yield "", f"{value} is not above {above or 0} and at most {most}"
        if Decimal(value).scaleb(decimals) % 1:
            yield "", f"{value} has more than {decimals} decimals"

    return judge


def moment(value: object) -> Iterator[Found]:
    """A day and a time with an offset."""
    if read_moment(value) is None:
        yield "", f"{shown(value)} is no time such as 2019-03-14T04:00:00.000+0000"


def read_moment(value: object) -> datetime | None:
    """A time as manifests write it; none if it is none, or has no offset."""
    if not isinstance(value, str) or len(value) > 40 or "T" not in value or not value.isascii():
        return None
    # The documentation's own example has hundredths, which the standard library does not read.
    hundredths = re.sub(r"\.(\d+)", lambda part: f".{part[1][:6]:0<6}", value)
    try:
        read = datetime.fromisoformat(hundredths)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def listed(shape: Shape) -> Shape:
    """A list, each of whose items is of a shape."""

    def judge(value: object) -> Iterator[Found]:
        if not isinstance(value, list):
            yield "", f"{shown(value)} is no list"
            return
        for at, item in enumerate(value):
            yield from ((f"[{at}]{path}", what) for path, what in shape(item))

    return judge


def record(
    fields: dict[str, Shape], *, needs: tuple[str, ...] = (), is_open: bool = False
) -> Shape:
    """An object with some fields, of which it needs some; `is_open` if it may have others."""

    def judge(value: object) -> Iterator[Found]:
        if not isinstance(value, dict):
            yield "", f"{shown(value)} is no object"
            return
        yield from ((f".{name}", "it is missing") for name in needs if value.get(name) is None)
        for name, held in value.items():
            if name not in fields:
                if not is_open:
                    yield f".{name[:60]}", "a manifest has no such field here"
            elif held is not None or name in _MAY_BE_NULL:
                yield from ((f".{name}{path}", what) for path, what in fields[name](held))
            elif name not in needs:
                yield f".{name}", "null is not a value: leave it out"

    return judge


_MAY_BE_NULL = ("email",)


def or_null(shape: Shape) -> Shape:
    """Nothing, or what is of a shape."""

    def judge(value: object) -> Iterator[Found]:
        return iter(()) if value is None else shape(value)

    return judge
