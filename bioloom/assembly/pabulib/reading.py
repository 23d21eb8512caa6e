"""Reading a Pabulib file. What breaks the format is refused with its line.

Source:
    Stolicki, Szufa & Talmon (2020), Pabulib: A Participatory Budgeting Library, arXiv 2012.06539;
    https://pabulib.org/format.
"""

import csv
from collections.abc import Iterator

from bioloom.assembly.budgets.posing import POINTED, Kind
from bioloom.assembly.pabulib.amounts import is_amount
from bioloom.assembly.pabulib.refusing import NotPabulib
from bioloom.assembly.pabulib.shapes import DELIMITER, QUOTE, Election, Votes

SECTIONS = ("META", "PROJECTS", "VOTES")
_BLANKS = " \t;"  # Spreadsheets end short lines with delimiters.

Row = tuple[int, tuple[str, ...]]  # The line where it begins, and its fields.


def read(content: bytes) -> Election:
    """Read a file of Pabulib.

    Line ends may be those of Unix or Windows, the encoding is UTF-8 with or without its mark.
    Numbers told of the file (`num_votes`, `votes`) are kept and not believed.

    Raises:
        NotPabulib: If the file breaks the format; it names the line.
    """
    lines = _decoded(content).replace("\r\n", "\n").split("\n")
    meta_at, projects_at, votes_at = (_section(lines, name) for name in SECTIONS)
    if not meta_at < projects_at < votes_at:
        raise NotPabulib(
            line=min(projects_at, votes_at) + 1,
            what="The sections do not stand in the order META, PROJECTS, VOTES.",
            remedy="Put them in that order.",
        )
    meta = _meta(_rows(lines, meta_at + 1, projects_at))
    columns, projects = _projects(_rows(lines, projects_at + 1, votes_at))
    votes = _votes(lines, votes_at + 1)
    _check_ballots(votes, meta["vote_type"])
    return Election(meta=meta, project_columns=columns, projects=projects, votes=votes)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotPabulib(
            line=content.count(b"\n", 0, error.start) + 1,
            what="This is no UTF-8.",
            remedy="Save the file with the encoding UTF-8.",
        ) from error


def _section(lines: list[str], name: str) -> int:
    for at, line in enumerate(lines):
        if line[: len(name)].upper() == name and not line[len(name) :].strip(_BLANKS):
            return at
    raise NotPabulib(
        line=len(lines),
        what=f"The file ends without a section {name}.",
        remedy=f"Give the file a line '{name}' with the section below it; see pabulib.org/format.",
    )


def _rows(lines: list[str], begin: int, end: int) -> Iterator[Row]:
    """The rows between two lines that say anything; a quoted field may run over lines."""
    reader = csv.reader((line + "\n" for line in lines[begin:end]), delimiter=DELIMITER)
    line = begin + 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield line, tuple(field.strip() for field in fields)
            line = begin + reader.line_num + 1
    except csv.Error as error:
        raise NotPabulib(
            line=line, what=f"This is no row of a table ({error}).", remedy="Correct its quotes."
        ) from error


def _meta(rows: Iterator[Row]) -> dict[str, str]:
    line, _ = next(rows, (1, ()))  # Its header: key, value.
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, fields in rows:
        key, value = fields[0], fields[1] if len(fields) > 1 else ""
        if key in meta:
            raise NotPabulib(line=line, what=f"'{key}' is told twice.", remedy="Tell it once.")
        meta[key], lines[key] = value, line
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise NotPabulib(
                line=line, what=f"META tells no '{key}'.", remedy=f"Add a line '{key};...'."
            )
    if not is_amount(meta["budget"]):
        raise _no_amount(lines["budget"], meta["budget"], "budget")
    if meta["vote_type"].lower() not in list(Kind):
        raise NotPabulib(
            line=lines["vote_type"],
            what=f"'{meta['vote_type']}' is no kind of ballot that can be counted.",
            remedy=f"Use one of {', '.join(Kind)}.",
        )
    return meta


def _projects(rows: Iterator[Row]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    line, columns = next(rows, (1, ()))
    _need(columns, ("project_id", "cost"), line)
    found: dict[str, tuple[str, ...]] = {}
    project_at, cost_at = columns.index("project_id"), columns.index("cost")
    for line, fields in rows:
        row = fields + ("",) * (len(columns) - len(fields))
        if any(row[len(columns) :]):
            raise _wrong_width(line, len(fields), len(columns))
        identifier = row[project_at]
        if not identifier or "," in identifier or identifier in found:
            what = f"'{identifier}' stands twice" if identifier in found else "No usable name"
            raise NotPabulib(
                line=line,
                what=f"{what} under project_id.",
                remedy="Give every project a name of its own, without commas.",
            )
        if not is_amount(row[cost_at]):
            raise _no_amount(line, row[cost_at], "cost")
        found[identifier] = row[: len(columns)]
    return columns, tuple(found.values())


def _votes(lines: list[str], begin: int) -> Votes:
    rows = _rows(lines, begin, min(begin + 1, len(lines)))
    line, columns = next(rows, (begin + 1, ()))
    _need(columns, ("vote",), line)
    told = lines[begin + 1 :]
    while told and not told[-1].strip(_BLANKS):
        told.pop()
    votes = Votes(columns, tuple(told), begin + 2)
    delimiters = len(columns) - 1
    for at, voter in enumerate(told):
        if voter.count(DELIMITER) != delimiters or QUOTE in voter:
            fields = next(csv.reader([voter], delimiter=DELIMITER), [])
            if len(fields) != len(columns):
                raise _wrong_width(votes.begins + at, len(fields), len(columns))
    return votes


def _check_ballots(votes: Votes, kind: str) -> None:
    """Whether points are told where they are needed, and nobody votes twice."""
    if kind.lower() in POINTED:
        _need(votes.columns, ("points",), votes.begins - 1)
    if "voter_id" not in votes.columns:
        return
    voters = votes.column("voter_id")
    if len(set(voters)) < len(voters):
        seen: set[str] = set()
        for at, voter in enumerate(voters):
            if voter in seen:
                raise NotPabulib(
                    line=votes.begins + at,
                    what=f"Voter '{voter}' votes a second time.",
                    remedy="Leave one ballot a person; nobody is counted twice.",
                )
            seen.add(voter)


def _need(columns: tuple[str, ...], needed: tuple[str, ...], line: int) -> None:
    for column in needed:
        if column not in columns:
            raise NotPabulib(
                line=line, what=f"There is no column '{column}'.", remedy="Add it to the header."
            )


def _wrong_width(line: int, fields: int, columns: int) -> NotPabulib:
    return NotPabulib(
        line=line,
        what=f"{fields} fields stand under {columns} columns.",
        remedy="Put a field that holds a semicolon or a line break in quotes, or correct the line.",
    )


def _no_amount(line: int, text: str, column: str) -> NotPabulib:
    return NotPabulib(
        line=line,
        what=f"'{text}' under {column} is no amount of money.",
        remedy="Write digits with at most six decimals after a point, or two after a comma.",
    )
