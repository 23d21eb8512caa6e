"""Polis' exports, in and out: votes.csv, comments.csv, participants-votes.csv and summary.csv.

In these 1 is agree, -1 disagree and 0 pass. The latest vote of a person on a statement counts; of
two at one instant, the one that stands later. Statements that were moderated out (-1) stay known,
and are on no map.

Source:
    Computational Democracy Project, openData, README, and the export of Polis itself.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bioloom.assembly.opinions.mapping import OpinionMap
from bioloom.assembly.opinions.votes import AGREE, DISAGREE, UNSEEN, Said, Vote, Votes, table_of
from bioloom.vocabulary.refusal import Refusal

VOTES, COMMENTS = "votes.csv", "comments.csv"
PARTICIPANTS, SUMMARY = "participants-votes.csv", "summary.csv"
_SAID: dict[str, Said] = {"1": "agree", "0": "pass", "-1": "disagree"}
_CELL = {AGREE: "1", DISAGREE: "-1", 0: "0", UNSEEN: ""}
_MODERATED_OUT = "-1"


class ExportAmiss(Refusal):
    """A row of an export of Polis that says nothing that could be counted."""

    def __init__(self, *, file: str, line: int, found: str) -> None:
        self.file, self.line = file, line
        super().__init__(
            what=f"{file}, line {line}: {found}.",
            why="A vote that is guessed at would be somebody's whom nobody asked.",
            remedy="Correct or leave out that line, or export the conversation anew.",
        )


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What people vote on.

    Attributes:
        name: Polis' comment-id.
        text: Its words; empty where the export has none.
        author: Who wrote it, by their number in the conversation.
        is_out: Whether it was moderated out.
        written_ms: When, in milliseconds of the epoch.
    """

    name: str
    text: str = ""
    author: str = ""
    is_out: bool = False
    written_ms: int = 0


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A conversation as it is exported.

    Attributes:
        topic: What it is about; empty where the export has no summary.
        statements: All of them, by name.
        votes: The latest of each person on each statement, of those too that were moderated out.
    """

    topic: str
    statements: dict[str, Statement]
    votes: Votes

    def shown(self) -> Votes:
        """The votes on statements that were not moderated out."""
        known = self.statements
        kept = [
            column
            for column, name in enumerate(self.votes.statements)
            if name not in known or not known[name].is_out
        ]
        names = tuple(self.votes.statements[column] for column in kept)
        return Votes(self.votes.people, names, self.votes.cells[:, kept])


def read_export(files: Mapping[str, str]) -> Conversation:
    """Read an export.

    Args:
        files: The text of each file by its name; of votes.csv and participants-votes.csv one at
            least.

    Raises:
        ExportAmiss: If a row says nothing that could be counted, or no file has votes.
    """
    statements = {one.name: one for one in _statements(files.get(COMMENTS, ""))}
    if VOTES in files:
        votes = _votes(files[VOTES])
    elif PARTICIPANTS in files:
        votes = _cells(files[PARTICIPANTS])
    else:
        raise ExportAmiss(file=VOTES, line=0, found="there is no such file, so nobody voted")
    summary = dict(row for row in csv.reader(io.StringIO(files.get(SUMMARY, ""))) if len(row) == 2)
    return Conversation(
        topic=summary.get("topic", ""), statements=statements, votes=table_of(votes, statements)
    )


def write_export(
    conversation: Conversation, told: Sequence[tuple[int, Vote]], found: OpinionMap | None
) -> dict[str, str]:
    """Write an export, as Polis does.

    Args:
        conversation: What is exported.
        told: All votes in their order, each with when it was cast, in milliseconds of the epoch.
        found: The map of `conversation.shown()`, for the groups; nobody has one without it.

    Returns:
        The text of each file, by its name.
    """
    votes = conversation.votes
    number = {"agree": "1", "disagree": "-1", "pass": "0"}
    cast = ((str(ms), "", vote.statement, vote.person, number[vote.said]) for ms, vote in told)
    return {
        VOTES: _table(("timestamp", "datetime", "comment-id", "voter-id", "vote"), cast),
        COMMENTS: _table(_COMMENT_COLUMNS, _comment_rows(conversation)),
        PARTICIPANTS: _table(
            (*_PARTICIPANT_COLUMNS, *votes.statements), _participant_rows(conversation, found)
        ),
        SUMMARY: _table(
            ("topic", conversation.topic),
            [
                ("voters", str(len(votes.people))),
                ("comments", str(len(conversation.statements))),
                ("groups", str(len(found.groups) if found else 0)),
            ],
        ),
    }


_COMMENT_COLUMNS = (
    "timestamp",
    "datetime",
    "comment-id",
    "author-id",
    "agrees",
    "disagrees",
    "moderated",
    "comment-body",
)
_PARTICIPANT_COLUMNS = (
    "participant",
    "group-id",
    "n-comments",
    "n-votes",
    "n-agree",
    "n-disagree",
)


def _statements(text: str) -> Iterator[Statement]:
    for line, row in _rows(COMMENTS, text, ("comment-id",)):
        yield Statement(
            name=_name(COMMENTS, line, row["comment-id"]),
            text=row.get("comment-body") or "",
            author=row.get("author-id") or "",
            is_out=(row.get("moderated") or "").strip() == _MODERATED_OUT,
            written_ms=_milliseconds(COMMENTS, line, row.get("timestamp") or "0"),
        )


def _votes(text: str) -> Iterator[Vote]:
    """Votes in the order of their instants."""
    told: list[tuple[int, Vote]] = []
    for line, row in _rows(VOTES, text, ("timestamp", "comment-id", "voter-id", "vote")):
        person = _name(VOTES, line, row["voter-id"])
        statement = _name(VOTES, line, row["comment-id"])
        vote = Vote(person, statement, _said(VOTES, line, row["vote"]))
        told.append((_milliseconds(VOTES, line, row["timestamp"]), vote))
    told.sort(key=lambda pair: pair[0])
    return (vote for _, vote in told)


def _cells(text: str) -> Iterator[Vote]:
    for line, row in _rows(PARTICIPANTS, text, ("participant",)):
        person = _name(PARTICIPANTS, line, row["participant"])
        for column, cell in row.items():
            if column.isdigit() and cell:
                yield Vote(person, column, _said(PARTICIPANTS, line, cell))


def _rows(file: str, text: str, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line it ends on."""
    if not text:
        return
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        columns = reader.fieldnames or ()
        missing = [name for name in needed if name not in columns]
        if missing:
            raise ExportAmiss(file=file, line=1, found=f"there is no column '{missing[0]}'")
        for row in reader:
            if None in row or None in row.values():
                found = f"it has not {len(columns)} fields"
                raise ExportAmiss(file=file, line=reader.line_num, found=found)
            yield reader.line_num, row
    except csv.Error as failed:
        raise ExportAmiss(file=file, line=reader.line_num, found=str(failed)) from failed


def _said(file: str, line: int, cell: str) -> Said:
    said = _SAID.get(cell.strip().removesuffix(".0"))
    if said is None:
        raise ExportAmiss(file=file, line=line, found=f"'{cell[:40]}' is no vote (1, 0 or -1)")
    return said


def _name(file: str, line: int, cell: str) -> str:
    if not cell.strip():
        raise ExportAmiss(file=file, line=line, found="a person or a statement has no number")
    return cell.strip()


def _milliseconds(file: str, line: int, cell: str) -> int:
    try:
        return int(cell)
    except ValueError as failed:
        found = f"'{cell[:40]}' is no whole number of milliseconds"
        raise ExportAmiss(file=file, line=line, found=found) from failed


def _comment_rows(conversation: Conversation) -> Iterator[tuple[str, ...]]:
    votes = conversation.votes
    column_of = {name: column for column, name in enumerate(votes.statements)}
    for one in conversation.statements.values():
        cells = votes.cells[:, column_of[one.name]]
        yield (
            str(one.written_ms),
            "",
            one.name,
            one.author,
            str(np.count_nonzero(cells == AGREE)),
            str(np.count_nonzero(cells == DISAGREE)),
            _MODERATED_OUT if one.is_out else "1",
            one.text,
        )


def _participant_rows(
    conversation: Conversation, found: OpinionMap | None
) -> Iterator[tuple[str, ...]]:
    votes = conversation.votes
    wrote = [one.author for one in conversation.statements.values()]
    for row, person in enumerate(votes.people):
        cells = votes.cells[row]
        group = -1 if found is None else int(found.label[row])
        yield (
            person,
            "" if group < 0 else str(group),
            str(wrote.count(person)),
            str(np.count_nonzero(cells != UNSEEN)),
            str(np.count_nonzero(cells == AGREE)),
            str(np.count_nonzero(cells == DISAGREE)),
            *(_CELL[int(cell)] for cell in cells),
        )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
