"""`bioloom record`: what happened, told by a file of JSON, one item a line or in one list."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from bioloom.doors.acting import acting_as
from bioloom.doors.capturing.told import Told
from bioloom.doors.cli.printing import DONE, WANTING, AsJson, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.doors.recording import Became, record_told
from bioloom.vocabulary.refusal import Refusal


class FileUnreadable(Refusal):
    """A file that tells nothing that can be understood."""

    def __init__(self, *, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(
            what=f"'{name}' cannot be read: {found}.",
            why="Nothing of it was recorded.",
            remedy="Name a file of JSON, one item a line: see docs/how-to/record-what-happens.md.",
        )


def record(
    folder: Path,
    file: Path,
    *,
    as_: Annotated[str | None, Parameter(name="--as")] = None,
    whole: Annotated[bool, Parameter(negative="")] = False,
    correct: Annotated[bool, Parameter(negative="")] = False,
    as_json: AsJson = False,
) -> int:
    """Record what happened: events, processes, promises and claims (Valueflows).

    Example: bioloom record verdiva today.jsonl --as site:repair

    Parameters
    ----------
    folder
        The city's folder.
    file
        JSON, one item a line or one list of items; - reads from the standard input.
    as_
        The agent who tells it; the steward unless given.
    whole
        Record all items in one act, or none of them.
    correct
        Let what the record says otherwise under the same key be replaced.
    as_json
        Print what became of each item as JSON.
    """
    told = _read(file)
    with open_city(folder) as city:
        author = acting_as(city, as_)
        became = record_told(city, told, author=author, correct=correct, whole=whole)
    if as_json:
        print_json(became)
    else:
        rows = [[one.key, one.outcome, str(one.seq or ""), _why(one)] for one in became]
        out().print(table(f"{len(became)} items", ["key", "outcome", "entry", ""], rows))
    turned_away = any(one.outcome in ("conflict", "refused") for one in became)
    return WANTING if turned_away else DONE


def _read(file: Path) -> list[Told]:
    try:
        text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        if text.lstrip().startswith(b"["):
            return msgspec.json.decode(text, type=list[Told])
        return msgspec.json.Decoder(Told).decode_lines(text)
    except OSError as unreadable:
        raise FileUnreadable(name=str(file), found=str(unreadable.strerror)) from unreadable
    except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
        raise FileUnreadable(name=str(file), found=str(unreadable)) from unreadable


def _why(one: Became) -> str:
    return " ".join(part for part in (one.what, one.remedy) if part)
