"""Votes on statements: who agreed, disagreed or passed, as one table.

Only the latest vote of a person on a statement counts. People and statements stand in the order of
their names, so that the same votes make the same table in whatever order they came.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Said = Literal["agree", "disagree", "pass"]

AGREE, PASS, DISAGREE = 1, 0, -1
# What a person has not voted on; no number of a vote.
UNSEEN = -9
NUMBER_OF: dict[Said, int] = {"agree": AGREE, "pass": PASS, "disagree": DISAGREE}


class Vote(NamedTuple):
    """One vote of one person on one statement."""

    person: str
    statement: str
    said: Said


@dataclass(frozen=True)
class Votes:
    """All votes that count.

    Attributes:
        people: By name; pseudonyms of this conversation.
        statements: By name.
        cells: AGREE, PASS, DISAGREE or UNSEEN, shape (people, statements).
    """

    people: tuple[str, ...]
    statements: tuple[str, ...]
    cells: NDArray[np.int8]

    @cached_property
    def seen(self) -> NDArray[np.float64]:
        """1 where somebody voted, whatever they said, shape (people, statements)."""
        seen: NDArray[np.float64] = (self.cells != UNSEEN).astype(np.float64)
        return seen

    @cached_property
    def said(self) -> NDArray[np.float64]:
        """The votes as numbers, 0 too where there is none, shape (people, statements)."""
        return np.where(self.cells == UNSEEN, 0, self.cells).astype(np.float64)

    @cached_property
    def number(self) -> NDArray[np.int64]:
        """How many votes each person cast."""
        number: NDArray[np.int64] = np.count_nonzero(self.cells != UNSEEN, axis=1)
        return number

    def of(self, rows: NDArray[np.int64]) -> "Votes":
        """The votes of some of the people."""
        return Votes(tuple(self.people[row] for row in rows), self.statements, self.cells[rows])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the votes: what is shown of them can name which votes it shows."""
        text = hashlib.sha256()
        for name in (*self.people, "", *self.statements, ""):
            raw = name.encode()
            text.update(len(raw).to_bytes(4, "big") + raw)
        text.update(np.ascontiguousarray(self.cells).tobytes())
        return text.hexdigest()


def table_of(votes: Iterable[Vote], statements: Iterable[str] = ()) -> Votes:
    """The latest vote of each person on each statement.

    Args:
        votes: In the order in which they were cast.
        statements: Further statements, which nobody may have voted on.

    Example:
        >>> told = [Vote("ana", "s1", "agree"), Vote("bo", "s1", "pass"), Vote("ana", "s1", "pass")]
        >>> table_of(told).cells
        array([[0],
               [0]], dtype=int8)
    """
    latest = {(vote.person, vote.statement): NUMBER_OF[vote.said] for vote in votes}
    people = sorted({person for person, _ in latest}, key=natural)
    asked = sorted({*(statement for _, statement in latest), *statements}, key=natural)
    row_of = {name: row for row, name in enumerate(people)}
    column_of = {name: column for column, name in enumerate(asked)}
    cells = np.full((len(people), len(asked)), UNSEEN, np.int8)
    for (person, statement), number in latest.items():
        cells[row_of[person], column_of[statement]] = number
    return Votes(tuple(people), tuple(asked), cells)


def natural(name: str) -> tuple[int, int, str]:
    """Numbers in their own order, before other names."""
    is_number = name.isascii() and name.isdigit()
    return (0, int(name), name) if is_number else (1, 0, name)
