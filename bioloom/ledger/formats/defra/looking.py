"""Looking at a body: each value with its path, and what is wrong with it, in the order of looking.

A value that is or has PLACEHOLDER in it is set when the body is sent. It fits every rule, and a
note says where it stands.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bioloom.ledger.formats.verdicts import Level, Note, Problem

PLACEHOLDER = "PLACEHOLDER"
# The FAQ of the service: the size limit of free text fields.
LONGEST_TEXT = 5000


@dataclass(slots=True)
class Judgement:
    """What was found so far."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


_MISSING = object()


@dataclass(frozen=True, slots=True)
class Found:
    """A value of a body, or the want of one, with its path."""

    value: object
    path: str
    judgement: Judgement

    def __getitem__(self, name: str) -> "Found":
        """The value of a name in this object; a want of it where there is none."""
        value = self.value.get(name, _MISSING) if isinstance(self.value, dict) else _MISSING
        return Found(value, f"{self.path}.{name}", self.judgement)

    def each(self) -> Iterator["Found"]:
        """The values of this list."""
        if isinstance(self.value, list):
            for at, value in enumerate(self.value):
                yield Found(value, f"{self.path}[{at}]", self.judgement)

    @property
    def is_there(self) -> bool:
        """Whether the body has the name at all, be it with null."""
        return self.value is not _MISSING

    @property
    def is_given(self) -> bool:
        """Whether it has a value: neither null nor empty text."""
        return self.is_there and self.value is not None and self.value != ""

    @property
    def is_open(self) -> bool:
        """Whether it is set when the body is sent."""
        return isinstance(self.value, str) and PLACEHOLDER in self.value

    def error(self, what: str) -> None:
        """Something that rejects the body."""
        self._tell(what, "error")

    def warn(self, what: str) -> None:
        """Something that the service warns of."""
        self._tell(what, "warning")

    def note(self, what: str) -> None:
        """Something to know."""
        self.judgement.notes.append(Note(path=self.path, what=what))

    def _tell(self, what: str, level: Level) -> None:
        self.judgement.problems.append(Problem(path=self.path, what=what, level=level))

    def needed(self) -> bool:
        """Whether it is there; an error if not."""
        if not self.is_there:
            self.error("it is missing")
        return self.is_there

    def is_object(self) -> bool:
        """Whether it is an object; an error if not."""
        return self._is_of(dict, "an object")

    def is_list(self) -> bool:
        """Whether it is a list; an error if not."""
        return self._is_of(list, "a list")

    def _is_of(self, kind: type, name: str) -> bool:
        if not self.is_open and not isinstance(self.value, kind):
            self.error(f"it is not {name}")
        return isinstance(self.value, kind)

    def text(self) -> str | None:
        """Its text, where there is one to judge: an error if it is none, is blank or too long."""
        if self.is_open:
            self.note("it is set when the body is sent, and taken to fit")
        elif not isinstance(self.value, str):
            self.error("it is not a text")
        elif not self.value.strip():
            self.error("it is empty")
        elif len(self.value) > LONGEST_TEXT:
            self.error(f"it has more than {LONGEST_TEXT} characters")
        else:
            return self.value
        return None

    def optional_text(self) -> str | None:
        """As `text`, where it is there and not just empty."""
        return self.text() if self.is_there and self.value != "" else None

    def of_form(self, fits: Callable[[str], bool], form: str) -> None:
        """An error unless it is a text of some form."""
        text = self.text()
        if text is not None and not fits(text):
            self.error(f"it is no {form}")

    def one_of(self, choices: Sequence[str], *, told: str | None = None) -> str | None:
        """Its text, if it is one of some; an error if it is another. Case matters."""
        text = self.text()
        if text is None or text in choices:
            return text
        self.error(f"'{text[:40]}' is none of {told or ', '.join(choices)}")
        return None

    def flag(self) -> bool | None:
        """True or false; an error if it is neither."""
        if isinstance(self.value, bool):
            return self.value
        if self.is_open:
            self.note("it is set when the body is sent, and taken to fit")
        else:
            self.error("it is neither true nor false")
        return None

    def number(self, least: int, *, whole: bool = False, above: bool = False) -> Decimal | None:
        """Its number; an error if it is none, or is too small."""
        if self.is_open:
            self.note("it is set when the body is sent, and taken to fit")
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            self.error("it is not a number")
            return None
        number = Decimal(self.value)
        if whole and number != number.to_integral_value():
            self.error("it is not a whole number")
        elif number < least or (above and number == least):
            self.error(f"it is not {'above' if above else 'at least'} {least}")
        else:
            return number
        return None

    def unknown(self, known: Sequence[str]) -> None:
        """A warning for each name that the specification does not have."""
        for name in self.value if isinstance(self.value, dict) else ():
            if name not in known:
                shown = Found(None, f"{self.path}.{name[:40]}", self.judgement)
                shown.warn("the specification has no such field")
