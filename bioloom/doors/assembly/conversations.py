"""Conversations that were exported: a folder of Polis' files, plain or packed with gzip."""

import gzip
import zlib
from pathlib import Path

from bioloom.assembly.opinions.polis import (
    COMMENTS,
    PARTICIPANTS,
    SUMMARY,
    VOTES,
    Conversation,
    read_export,
)
from bioloom.doors.mappings import FileMissing
from bioloom.vocabulary.refusal import Refusal

# A conversation of a million votes is 60 MB; more is a mistake, or meant to fill the memory.
MOST_BYTES = 500_000_000


class ExportUnreadable(Refusal):
    """A file of an export that is no text, or too much of it."""

    def __init__(self, *, path: Path, found: str) -> None:
        self.path = path
        super().__init__(
            what=f"'{path}' is no file of a conversation: {found}.",
            why="A part of the votes would be the opinion of a part of the people.",
            remedy="Export the conversation anew, as CSV in UTF-8.",
        )


def open_conversation(folder: Path) -> Conversation:
    """Read a folder of an export of Polis.

    Args:
        folder: With votes.csv or participants-votes.csv, and comments.csv and summary.csv where
            there are such; each may be packed, as votes.csv.gz.

    Raises:
        FileMissing: If there is no such folder.
        ExportUnreadable: If a file is no text.
        ExportAmiss: If a row says nothing that could be counted.
    """
    if not folder.is_dir():
        raise FileMissing(path=folder, fault="there is no such folder")
    files = {name: read_text(folder, name) for name in (VOTES, COMMENTS, PARTICIPANTS, SUMMARY)}
    return read_export({name: text for name, text in files.items() if text is not None})


def read_text(folder: Path, name: str) -> str | None:
    """The text of a file of an export, packed or not; none where there is no such file.

    Raises:
        FileMissing: If it cannot be read.
        ExportUnreadable: If it is no text.
    """
    plain, packed = folder / name, folder / f"{name}.gz"
    path = plain if plain.exists() else packed
    if not path.exists():
        return None
    try:
        with gzip.open(path) if path == packed else path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise ExportUnreadable(path=path, found=f"it has more than {MOST_BYTES} bytes")
        return raw.decode("utf-8-sig")
    except (UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise ExportUnreadable(path=path, found=str(fault)) from fault
    except OSError as fault:
        raise FileMissing(path=path, fault=fault.strerror or str(fault)) from fault
