"""What a Pabulib file holds: metadata, a table of projects, a table of votes. Texts as written."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bioloom.assembly.budgets.posing import Kind

DELIMITER = ";"
QUOTE = '"'


@dataclass(frozen=True, slots=True)
class Votes:
    """The table of votes: its columns, and a line of the file for each voter.

    Lines are parted only when a column is asked for: a city's file has more of them than of all
    else. No field holds a line break. `begins` is the line of the file where the first voter
    stands, counted from 1.
    """

    columns: tuple[str, ...]
    lines: tuple[str, ...]
    begins: int = 1

    def column(self, name: str) -> list[str]:
        """A column by its name, a text for each voter, without the blanks around it.

        The name must stand among the columns.
        """
        at = self.columns.index(name)
        return [row[at].strip() for row in self.rows(at + 1)]

    def rows(self, most: int = -1) -> Iterator[Sequence[str]]:
        """The fields of each line; only the first `most` need be parted from the rest."""
        if any(QUOTE in line for line in self.lines):
            yield from csv.reader(self.lines, delimiter=DELIMITER)
        else:
            for line in self.lines:
                yield line.split(DELIMITER, most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """A file of Pabulib as it stands, every key and column kept.

    `projects` has a row for each project, one text a column.
    """

    meta: dict[str, str]
    project_columns: tuple[str, ...]
    projects: tuple[tuple[str, ...], ...]
    votes: Votes

    @property
    def kind(self) -> Kind:
        """How people filled in their ballots."""
        return Kind(self.meta["vote_type"].lower())

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The projects' identifiers, in the order of the file."""
        return tuple(self.of_projects("project_id"))

    def of_projects(self, column: str) -> list[str]:
        """A column of the projects; its name must stand among `project_columns`."""
        at = self.project_columns.index(column)
        return [row[at] for row in self.projects]
