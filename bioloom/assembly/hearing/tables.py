"""Tables: who lives here, who took part, who went on, and what became of what people said.

CSV files in UTF-8 with a header; columns that are not asked for are passed over.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, TypeVar

import msgspec

from bioloom.vocabulary.refusal import Refusal

POPULATION, PARTICIPATION = "population.csv", "participation.csv"
STEPS, STATEMENTS = "steps.csv", "statements.csv"
NOT_DECLARED = "(not declared)"

People = Annotated[int, msgspec.Meta(ge=0)]


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """How many people of a group live here, who says so, and of which day."""

    group: str
    people: People
    source: str
    day: date


class Participation(msgspec.Struct, frozen=True, kw_only=True):
    """How many people of a group took part."""

    group: str
    people: People


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """How many people of a group came as far as a step; steps stand in their order."""

    step: str
    group: str
    people: People


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a statement.

    Attributes:
        author: A pseudonym, only to count how many people a figure is about.
        group: What its author declares to belong to.
        outcome: Whether it was kept; none while nobody decided.
        answered: The day of an answer; none while there is none.
    """

    statement: str
    author: str
    said: date
    group: str = NOT_DECLARED
    language: str = NOT_DECLARED
    outcome: Literal["kept", "rejected"] | None = None
    answered: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What is known; none of what there is no table for."""

    population: Sequence[Population] | None
    participation: Sequence[Participation] | None
    steps: Sequence[Step] | None
    statements: Sequence[Said] | None


class TableAmiss(Refusal):
    """A row of a table that says nothing that could be counted."""

    def __init__(self, *, file: str, line: int | None, found: str) -> None:
        self.file, self.line = file, line
        at = f"{file}, line {line}" if line else file
        super().__init__(
            what=f"{at}: {found}.",
            why="Whoever is counted wrong here looks heard, or unheard, and is not.",
            remedy="Correct the table; say 0 where it is nobody.",
        )


_Row = TypeVar("_Row", bound=msgspec.Struct)


def read_tables(files: Mapping[str, str]) -> Tables:
    """Read the tables.

    Args:
        files: The text of each file by its name; none of them is needed.

    Raises:
        TableAmiss: If a row cannot be counted.
    """
    return Tables(
        population=_read(POPULATION, files, Population),
        participation=_read(PARTICIPATION, files, Participation),
        steps=_read(STEPS, files, Step),
        statements=_read(STATEMENTS, files, Said),
    )


def _read(file: str, files: Mapping[str, str], kind: type[_Row]) -> list[_Row] | None:
    if file not in files:
        return None
    reader = csv.DictReader(io.StringIO(files[file], newline=""), strict=True)
    found: list[_Row] = []
    try:
        for cells in reader:
            if None in cells or None in cells.values():
                raise TableAmiss(file=file, line=reader.line_num, found="it has other columns")
            said = {column: text.strip() for column, text in cells.items() if text.strip()}
            found.append(msgspec.convert(said, kind, strict=False))
    except (csv.Error, msgspec.ValidationError) as fault:
        raise TableAmiss(file=file, line=reader.line_num, found=str(fault)) from fault
    if not found:
        raise TableAmiss(file=file, line=None, found="it has no rows")
    return found
