"""Packaging: all tables of a record in one folder, with a description that programs read.

Source:
    Frictionless Data Package and Table Schema, specs.frictionlessdata.io.
"""

from hashlib import file_digest
from pathlib import Path
from typing import Any

import msgspec

from bioloom.doors.compose import City
from bioloom.doors.mappings import FileMissing
from bioloom.doors.tables.writing import WRITERS, Form
from bioloom.ledger.formats.everything.columns import Eyes, Table, reading_of
from bioloom.ledger.formats.everything.entries import RECORDED
from bioloom.ledger.formats.everything.holdings import THERE
from bioloom.ledger.record.journal import Head
from bioloom.vocabulary.refusal import Refusal

TABLES = (*RECORDED, *THERE)
DESCRIPTION = "datapackage.json"


class FolderNotEmpty(Refusal):
    """A folder for tables that has something in it."""

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            what=f"'{folder}' is not an empty folder.",
            why="Tables of two records in one folder could not be told apart.",
            remedy="Name a folder that does not exist yet, or empty this one.",
        )


def write_tables(city: City, folder: Path, form: Form, eyes: Eyes, *, whose: str) -> dict[str, int]:
    """Write every table of a city's record as it stands at one moment.

    The description is written last: a folder without one is not complete.

    Args:
        city: An open city.
        folder: Where to; it is made, or empty.
        form: How to write them.
        eyes: What may be in them.
        whose: Whose eyes they are, in words.

    Returns:
        How many rows each table has.

    Raises:
        FolderNotEmpty: If something is there.
        FileMissing: If it cannot be written.
        ParquetNotInstalled: If pyarrow is missing.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FolderNotEmpty(folder=folder)
        with city.journal.store.reading():
            head, reading = city.journal.head(), reading_of(city.journal, eyes)
            counts = {
                table.name: WRITERS[form](
                    folder / f"{table.name}.{form}", table.columns, table.rows(reading)
                )
                for table in TABLES
            }
        founded = city.journal.declared().founded
        stamp = "reported" if founded is None else founded.stamp
        title = f"{city.settings.name} up to entry {head.seq}, as {whose} may see it ({stamp})"
        (folder / "README.md").write_text(_readme(title, head, counts), encoding="utf-8")
        described = msgspec.json.encode(_package(title, folder, form, counts))
        (folder / DESCRIPTION).write_bytes(msgspec.json.format(described, indent=2) + b"\n")
    except OSError as fault:
        raise FileMissing(path=folder, fault=fault.strerror or str(fault)) from fault
    return counts


def _package(title: str, folder: Path, form: Form, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "bioloom-record",
        "title": title,
        "resources": [_resource(table, folder, form, counts[table.name]) for table in TABLES],
    }


def _resource(table: Table, folder: Path, form: Form, rows: int) -> dict[str, Any]:
    path = folder / f"{table.name}.{form}"
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    fields = [column._asdict() for column in table.columns]
    return {
        "name": table.name,
        "title": table.description,
        "path": path.name,
        "format": form,
        "mediatype": "text/csv" if form == "csv" else "application/vnd.apache.parquet",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "rowCount": rows,
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _readme(title: str, head: Head, counts: dict[str, int]) -> str:
    lines = [f"# {title}", "", f"The record ends at entry {head.seq}, hash `{head.hash}`.", ""]
    for table in TABLES:
        lines += [f"## {table.name}: {counts[table.name]} rows", "", table.description, ""]
        lines += ["| column | type | what it holds |", "|---|---|---|"]
        lines += [f"| `{one.name}` | {one.type} | {one.description} |" for one in table.columns]
        lines.append("")
    return "\n".join(lines)
