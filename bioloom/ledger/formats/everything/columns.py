"""Columns and tables: what each is called, holds, and in which unit."""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple, Protocol

from bioloom.ledger.inventory import LotRow
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry

# The types of Frictionless Table Schema; an integer has at most 64 bits.
Type = Literal["string", "integer", "boolean", "date", "datetime"]
Row = tuple[Any, ...]


class Column(NamedTuple):
    """A column: the unit of a figure stands last in its name, or in a column beside it."""

    name: str
    type: Type
    description: str


class Eyes(Protocol):
    """What of the record whoever gets the tables may see."""

    def sees_lot(self, row: LotRow) -> bool:
        """Whether they may see a lot."""

    def sees_entry(self, entry: Entry[Any]) -> bool:
        """Whether they may see what an entry says."""

    def sees_agent(self, agent: AgentId) -> bool:
        """Whether they may see that an agent is there."""


class WholeRecord:
    """The eyes of somebody who holds the city's folder: nothing is hidden from them."""

    def sees_lot(self, row: LotRow) -> bool:  # noqa: ARG002  All of them.
        """Any lot."""
        return True

    def sees_entry(self, entry: Entry[Any]) -> bool:  # noqa: ARG002  All of them.
        """Any entry."""
        return True

    def sees_agent(self, agent: AgentId) -> bool:  # noqa: ARG002  All of them.
        """Any agent."""
        return True


class Reading(NamedTuple):
    """A record that is being read, for whose eyes, and the entries that stand no longer."""

    journal: Journal
    eyes: Eyes
    # Ids; as many as there are corrections and reversals, which are few beside the entries.
    gone: frozenset[str]


def reading_of(journal: Journal, eyes: Eyes) -> Reading:
    """Begin to read a record for somebody."""
    return Reading(journal, eyes, journal.undone())


class Table(NamedTuple):
    """A table: its rows are read from the record when they are asked for."""

    name: str
    description: str
    columns: tuple[Column, ...]
    rows: Callable[[Reading], Iterator[Row]]


SEQ = Column("seq", "integer", "Sequence number of the entry.")
IS_STANDING = Column(
    "is_standing", "boolean", "Whether nothing corrected it or took it back; add up only these."
)


def text(name: str, description: str) -> Column:
    """A column of texts."""
    return Column(name, "string", description)


def whole(name: str, description: str) -> Column:
    """A column of whole numbers."""
    return Column(name, "integer", description)


def moment(name: str, description: str) -> Column:
    """A column of points in time, in UTC to the millisecond."""
    return Column(name, "datetime", description)
