"""The manifest: what a backup says of itself, against which every byte of it is checked."""

from pathlib import PurePosixPath
from typing import Literal

import msgspec

from bioloom.doors.answers.commands import HeadTold
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

MANIFEST_FILE = "manifest.json"
# Of a manifest; a hundred thousand files need a fifth of it.
LARGEST_MANIFEST_BYTES = 64 * 1024 * 1024


class BackupDamaged(Refusal):
    """A file that should be a backup is something else, or not as it was written."""

    def __init__(self, *, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(
            what=f"'{name}' cannot be restored: {found}.",
            why="A city that is restored must be the city that was kept, to the last byte.",
            remedy="Restore another backup; keep this one until that is done.",
        )


class FileKept(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a city's folder as it stands in a backup."""

    path: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a backup, and where the record in it ends."""

    format: Literal["bioloom-backup"] = "bioloom-backup"
    version: Literal[1] = 1
    made_at: Instant
    bioloom: str
    city: str
    journal: str
    head: HeadTold
    # Whether the whole record was verified when the backup was made.
    verified: bool
    # Whether the city's private keys are in it.
    with_keys: bool
    files: list[FileKept]
    # Files that are not in it though nothing makes them again: keys, the register, links.
    left_out: list[str]


def read_manifest(text: bytes, *, name: str) -> Manifest:
    """The manifest in a backup's file.

    Raises:
        BackupDamaged: If it is none, or names a file that no city's folder has.
    """
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
        raise BackupDamaged(name=name, found=f"its manifest says: {unreadable}") from unreadable
    paths = [kept.path for kept in manifest.files]
    for path in [*paths, manifest.journal]:
        if not is_inside(path):
            raise BackupDamaged(name=name, found=f"it names {path!r}, outside of a city's folder")
    if len(set(paths)) < len(paths) or manifest.journal not in paths:
        raise BackupDamaged(name=name, found="its list of files has one twice, or no journal")
    if any(kept.bytes < 0 for kept in manifest.files):
        raise BackupDamaged(name=name, found="its manifest has a file of less than no bytes")
    return manifest


def is_inside(path: str) -> bool:
    """Whether a path stays inside the folder that it is put into.

    >>> [is_inside(path) for path in ("series/1.parquet", "../x", "/etc/x", "a//b", "a/./b", "")]
    [True, False, False, False, False, False]
    """
    parts = PurePosixPath(path).parts
    return "/".join(parts) == path != "" and not {"..", "/"} & set(parts) and "\0" not in path
