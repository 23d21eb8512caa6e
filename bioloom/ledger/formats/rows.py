"""Rows: what a table gives, one at a time, and the row that could not be read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.ledger.declared import Declared
from bioloom.ledger.formats.mapping import Cell, Given, Numbers
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.quantities import NumberForm
from bioloom.vocabulary.refusal import Refusal

# Longer texts are a slipped quote or an attack, and arithmetic on them takes quadratic time.
LONGEST_NUMBER = 60
LONGEST_NAME = 200


class TableEmpty(Refusal):
    """A file without even a header."""

    def __init__(self) -> None:
        super().__init__(
            what="The file has no header row.",
            why="Columns are found by their names.",
            remedy="Choose another file, or set header_row under [file] in the mapping.",
        )


class HeaderRepeats(Refusal):
    """Two columns have one name."""

    def __init__(self, *, column: str) -> None:
        self.column = column
        super().__init__(
            what=f"Two columns are named '{column}'.",
            why="It would be a guess which of them is meant.",
            remedy="Rename one of them in the file.",
        )


class ColumnsMissing(Refusal):
    """The file lacks columns that the mapping reads."""

    def __init__(self, *, missing: Sequence[str], found: Sequence[str]) -> None:
        self.missing, self.found = tuple(missing), tuple(found)
        super().__init__(
            what=f"The file lacks {_listed(missing)}.",
            why=f"It has {_listed(found)}.",
            remedy="Correct the names or the delimiter in the mapping, or choose another mapping.",
        )


class CellUnreadable(Refusal):
    """A cell does not hold what its column is for."""

    def __init__(self, *, text: str, expected: str) -> None:
        self.text = text
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        super().__init__(
            what=f"'{shown}' is not {expected}.",
            why="A guess would be recorded as if somebody had said it.",
            remedy="Correct the cell, or how the mapping reads its column.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is declared, who takes the file in, in which zone and at which instant."""

    declared: Declared
    author: AgentId
    zone: ZoneInfo
    at: Instant


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the line it begins at, and its cells in the order of the header."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that records nothing, and why. `cells` are as they were, or a feature as decoded."""

    line: int
    column: str | None
    refusal: Refusal
    cells: tuple[str, ...] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that was read: the facts it states, and how many of its figures were left blank.

    `columns` says of each draft where it stands; `mended` counts outlines that had to be mended.
    """

    line: int
    cells: tuple[str, ...] | dict[str, Any]
    drafts: tuple[Draft[Any], ...]
    columns: tuple[str | None, ...]
    blanks: int = 0
    mended: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, which are read as they are asked for."""

    header: tuple[str, ...]
    rows: Iterator[Row | Rejected]


def header_of(names: Iterable[str]) -> tuple[str, ...]:
    """Judge the names of the columns; a column without a name is allowed and never read.

    Raises:
        TableEmpty: If no column has a name.
        HeaderRepeats: If two columns have one name.
    """
    header = tuple(name.strip() for name in names)
    seen: set[str] = set()
    for name in header:
        if name and name in seen:
            raise HeaderRepeats(column=name)
        seen.add(name)
    if not any(header):
        raise TableEmpty
    return header


class Bound:
    """A cell of a mapping bound to its places in a row."""

    def __init__(
        self, cell: Cell, header: Sequence[str], words: dict[str, str] | None = None
    ) -> None:
        given = Given(columns=(cell,)) if isinstance(cell, str) else cell
        self.name = " + ".join(given.columns) or None
        self._places = tuple(header.index(column) for column in given.columns)
        self._value, self._join = given.value, given.join
        self._words = words or {}

    def read(self, cells: Sequence[str]) -> str:
        """The text this row gives, in the record's own word where the mapping translates it."""
        if self._value is not None:
            return self._value
        if len(self._places) == 1:
            text = cells[self._places[0]].strip()
        else:
            text = self._join.join([cells[place].strip() for place in self._places])
        return self._words.get(text, text)

    def name_in(self, cells: Sequence[str], *, expected: str) -> str:
        """A text that may be an id or a name.

        Raises:
            CellUnreadable: If it is empty, longer than 200 characters or has control characters.
        """
        text = self.read(cells)
        if not text or len(text) > LONGEST_NAME or not text.isprintable():
            raise CellUnreadable(text=text, expected=expected)
        return text


def bound_or_none(cell: Cell | None, header: Sequence[str]) -> Bound | None:
    """A cell of a mapping that may be left out, bound to its places in a row."""
    return None if cell is None else Bound(cell, header)


def bind_number_form(numbers: Numbers) -> NumberForm:
    """How a mapping says that numbers are written."""
    return NumberForm(decimal=numbers.decimal, thousands=numbers.thousands)


def judge_length(text: str) -> None:
    """Refuse a text that is too long to be a number before anything computes with it.

    Raises:
        CellUnreadable: If it has more than 60 characters.
    """
    if len(text) > LONGEST_NUMBER:
        raise CellUnreadable(text=text, expected=f"a number of at most {LONGEST_NUMBER} characters")


def require_columns(header: Sequence[str], needed: Iterable[str]) -> None:
    """See that a header has every column that a mapping reads.

    Raises:
        ColumnsMissing: If it lacks some.
    """
    missing = [column for column in needed if column not in header]
    if missing:
        raise ColumnsMissing(missing=missing, found=[name for name in header if name])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:40]) or "no columns"
