"""Reading what an address asks for; whatever cannot be read is refused with a way to go on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import unquote

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.types import Scope

from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.refusal import Refusal

LONGEST_DAYS = 366 * 5


class DateUnreadable(Refusal):
    """A text is not a date."""

    def __init__(self, *, field: str, text: str) -> None:
        self.field, self.text = field, text
        super().__init__(
            what=f"'{text[:40]}' is not a date ({field}).",
            why="A period is named by its first and last day.",
            remedy="Write a day like 2022-11-01.",
        )


class PeriodHalf(Refusal):
    """A period with only one of its two ends."""

    def __init__(self, *, missing: str) -> None:
        self.missing = missing
        super().__init__(
            what=f"The period has no '{missing}'.",
            why="Both days are part of a period, and neither can be guessed.",
            remedy="Give both 'from' and 'to', or neither for the newest month.",
        )


class PeriodTooLong(Refusal):
    """A period longer than the page plans at once."""

    def __init__(self, *, days: int) -> None:
        self.days = days
        super().__init__(
            what=f"The period has {days} days.",
            why=f"The page plans at most {LONGEST_DAYS} days at once, so that it stays quick.",
            remedy="Ask for a shorter period, or use `bioloom plan`.",
        )


class NumberUnreadable(Refusal):
    """A text is not a whole number of the record."""

    def __init__(self, *, field: str, text: str) -> None:
        self.field, self.text = field, text
        super().__init__(
            what=f"'{text[:40]}' is not an entry's number ({field}).",
            why="Entries are numbered 1, 2, 3 and so on.",
            remedy="Follow a link of the page, or start again without it.",
        )


class ChoiceUnknown(Refusal):
    """A text is none of the numbers to choose from."""

    def __init__(self, *, field: str, text: str, choices: Sequence[int]) -> None:
        self.field, self.text = field, text
        super().__init__(
            what=f"'{text[:40]}' is none of the choices ({field}).",
            why="The page offers what it can answer quickly.",
            remedy=f"Choose one of {', '.join(map(str, choices))}, or use the command line.",
        )


class NotThere(Refusal):
    """An address names a thing that the record does not have."""

    def __init__(self, *, word: str, name: str) -> None:
        self.word, self.name = word, name
        super().__init__(
            what=f"There is no {word} '{name[:200]}'.",
            why="The record of this city does not have it.",
            remedy="Go to the first page and follow its lists.",
        )


class FieldMissing(Refusal):
    """A form without something that it needs."""

    def __init__(self, *, field: str) -> None:
        self.field = field
        super().__init__(
            what=f"The form has no '{field}', or one that is too long.",
            why="What is not said cannot be guessed.",
            remedy="Go back, fill it in, and send the form again.",
        )


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What a form says, field by field; files apart."""

    fields: Mapping[str, str]

    def text(self, field: str, *, longest: int = 200) -> str:
        """A field that must be filled in.

        Raises:
            FieldMissing: If it is not, or longer than it may be.
        """
        text = self.fields.get(field, "").strip()
        if not 0 < len(text) <= longest:
            raise FieldMissing(field=field)
        return text

    def number(self, field: str, *, least: int, most: int) -> int:
        """A field with a whole number.

        Raises:
            FieldMissing: If it is not one, or out of bounds.
        """
        text = self.text(field, longest=9)
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise FieldMissing(field=field)
        return int(text)


async def form_of(request: Request[Any, Any, Any]) -> Form:
    """What the form that was sent says."""
    sent = (await request.form()).multi_items()
    return Form(fields={name: value for name, value in sent if isinstance(value, str)})


# What a handler asks for to read a form.
Sent = NamedDependency[Form]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan is asked for: a period, or none for the newest month, and sites to leave out."""

    period: Period | None = None
    without: tuple[SiteId, ...] = ()


def read_wish(first: str | None, last: str | None, without: Sequence[str]) -> Wish:
    """Read the parts of an address that ask for a plan; empty parts ask for nothing.

    Raises:
        DateUnreadable: If a date is not one.
        PeriodHalf: If only one end is given.
        PeriodBackwards: If the last day comes before the first.
        PeriodTooLong: If it has more than five years.
    """
    sites = tuple(sorted({SiteId(site) for site in without if site}))
    if not first and not last:
        return Wish(without=sites)
    if not first or not last:
        raise PeriodHalf(missing="to" if first else "from")
    period = Period(first=read_date("from", first), last=read_date("to", last))
    if period.days > LONGEST_DAYS:
        raise PeriodTooLong(days=period.days)
    return Wish(period=period, without=sites)


def read_date(field: str, text: str) -> date:
    """A day written like 2022-11-01.

    Raises:
        DateUnreadable: If it is anything else.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError as unreadable:
        raise DateUnreadable(field=field, text=text) from unreadable
    # The neighbours of the very first and last day of the calendar do not exist.
    if not 1900 <= day.year <= 9000:
        raise DateUnreadable(field=field, text=text)
    return day


def read_choice(field: str, text: str, choices: Sequence[int]) -> int:
    """One of some whole numbers.

    Raises:
        ChoiceUnknown: If it is anything else.
    """
    chosen = next((number for number in choices if str(number) == text), None)
    if chosen is None:
        raise ChoiceUnknown(field=field, text=text, choices=choices)
    return chosen


def read_seq(field: str, text: str) -> int:
    """An entry's number, 1 or more.

    Raises:
        NumberUnreadable: If it is anything else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0):
        raise NumberUnreadable(field=field, text=text)
    return int(text)


def named_in(scope: Scope, prefix: str) -> str:
    """The id at the end of an address, exactly as it was linked to.

    The path that the framework hands on is normalised; an id may hold "//" or end with "/".
    """
    raw = scope["raw_path"].split(b"?", 1)[0].decode("ascii", errors="replace")
    return unquote(raw.removeprefix(prefix))


def inner_path(asked: str) -> str:
    r"""A place on this server to go on to; whatever leads elsewhere leads to the first page.

    Example:
        >>> inner_path("/plan?without=mill"), inner_path("//evil.example"), inner_path("/\\evil")
        ('/plan?without=mill', '/', '/')
    """
    is_inner = asked.startswith("/") and asked[1:2] not in ("/", "\\") and asked.isprintable()
    return asked if is_inner else "/"
