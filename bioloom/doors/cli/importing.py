"""`bioloom import`: take files of records in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import TaskID
from rich.table import Column, Table

from bioloom.doors.answers.commands import Acknowledged, HeadTold
from bioloom.doors.capturing.documents import take_in_documents
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsJson,
    err,
    out,
    print_json,
    tonnes,
)
from bioloom.doors.compose import open_city
from bioloom.doors.findings import FileReport, Finding, ImportReport
from bioloom.doors.importing import take_in
from bioloom.doors.mappings import DOCUMENT_FORMATS, open_file
from bioloom.doors.taking import Options, Progress
from bioloom.ledger.formats.reading import format_of
from bioloom.ledger.formats.starting import draft_mapping
from bioloom.vocabulary.agents import AgentId

FINDINGS_SHOWN = 20

Flag = Annotated[bool, Parameter(negative="")]


def import_(
    folder: Path,
    files: list[Path],
    *,
    as_: Annotated[str | None, Parameter(name="--as")] = None,
    map_: Annotated[Path | None, Parameter(name="--map")] = None,
    dry_run: Flag = False,
    correct: Flag = False,
    draft_map: Flag = False,
    by: str | None = None,
    json: AsJson = False,
    progress: Literal["bar", "json", "none"] = "bar",
) -> int:
    """Take files of records in: maps of districts, tables of sites, tables of tons.

    A row that cannot be read is written to the city's folder `rejects/`, to be corrected and taken
    in again; it never stops the others. The same file twice changes nothing.

    Example: bioloom import nyc districts.geojson sites.csv tons-2022.csv

    Parameters
    ----------
    folder
        The city's folder.
    files
        Files in any order: GeoJSON, CSV, XLSX, Parquet.
    as_
        Use the mapping of this name for all of them; or take documents in: epcis, valueflows,
        emanifest, defra, pack.
    map_
        Use this mapping file for all of them.
    dry_run
        Say what would come of it, and record nothing.
    correct
        Where the record says something else, record the file's figure as a correction.
    draft_map
        Print a mapping to start from for the first file, and record nothing.
    by
        Which agent takes them in; the steward unless given.
    json
        Print one JSON object.
    progress
        On stderr: a bar where it is a terminal, or a JSON line after every durable batch.
    """
    if draft_map:
        return _print_draft(files[0])
    options = Options(as_=as_, map_=map_, dry_run=dry_run, correct=correct)
    with open_city(folder) as city, _telling(progress) as told:
        author = None if by is None else AgentId(by)
        if as_ in DOCUMENT_FORMATS:
            report = take_in_documents(city, files, options, author=author)
        else:
            report = take_in(city, files, options, told=told, author=author)
    if json:
        print_json(report)
    else:
        _print(report)
    return DONE if report.is_clean else WANTING


def _print_draft(path: Path) -> int:
    with ExitStack() as held:
        stream = open_file(path, held)
        sys.stdout.write(draft_mapping(stream, format_of(path.name)))
    return DONE


@contextmanager
def _telling(progress: str) -> Iterator[Callable[[Progress], None]]:
    if progress == "json":
        yield _tell_json
    elif progress == "bar" and err().is_terminal:
        with Bars(console=err(), transient=True) as bars:
            tasks: dict[str, TaskID] = {}

            def told(now: Progress) -> None:
                if now.file not in tasks:
                    tasks[now.file] = bars.add_task(now.file, total=now.size_bytes)
                bars.update(tasks[now.file], completed=now.read_bytes)

            yield told
    else:
        yield lambda _: None


def _tell_json(now: Progress) -> None:
    """Say what is durable, so that an outside process can hold us to it."""
    if now.acknowledged is None:
        return
    head = HeadTold(seq=now.acknowledged.seq, hash=now.acknowledged.hash)
    line = Acknowledged(acknowledged=head, file=now.file, line=now.line)
    sys.stderr.write(msgspec.json.encode(line).decode() + "\n")
    sys.stderr.flush()


def _print(report: ImportReport) -> None:
    console = out()
    for file in report.files:
        _print_file(console, file)
    if report.dry_run:
        console.print("A dry run: nothing was recorded.")
    console.print(f"The record ends at entry {report.head_seq}, hash {report.head_hash[:16]}….")


def _print_file(console: Console, file: FileReport) -> None:
    title = f"{file.file}: {file.kind}, read by the mapping {file.mapping}"
    console.print(escape(title), style="bold", soft_wrap=True)
    masses = [(tonnes(mass), f"tonnes of {material}") for material, mass in file.mass_mg.items()]
    counts = [(f"{count:,}", meaning) for count, meaning in _counts(file)]
    figures = Table.grid(Column(width=1), Column(justify="right"), Column(), padding=(0, 1))
    for row in [*counts, *masses]:
        figures.add_row("", *map(escape, row))
    console.print(figures)
    if file.not_carried:
        told = f"Not carried by the record: {', '.join(file.not_carried)}."
        console.print(escape(told), soft_wrap=True)
    for finding in file.findings[:FINDINGS_SHOWN]:
        console.print(escape(_sentence(finding)), soft_wrap=True)
    more = max(file.rejected + file.conflicts, len(file.findings)) - FINDINGS_SHOWN
    if more > 0:
        console.print(f"… and {more:,} more; --json lists them.")
    if file.rejects is not None:
        told = f"The rejected rows are in {file.rejects}: correct them there and take that file in."
        console.print(escape(told), soft_wrap=True)


def _counts(file: FileReport) -> Iterator[tuple[int, str]]:
    yield file.rows, "rows"
    told = {
        "recorded": file.recorded,
        "recorded already": file.same,
        "repeated in the file": file.repeated,
        "corrected": file.corrected,
        "in conflict with the record": file.conflicts,
        "rows rejected": file.rejected,
        "figures not reported (blank)": file.not_reported,
        "areas without collection": file.areas_without_collection,
        "outlines mended": file.mended,
    }
    yield from ((count, meaning) for meaning, count in told.items() if count)


def _sentence(finding: Finding) -> str:
    place = f"line {finding.line}" + (f", {finding.column}" if finding.column else "")
    return f"{finding.nature} ({place}): {finding.what} {finding.why} {finding.remedy}"
