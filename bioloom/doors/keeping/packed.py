"""A packed city: reading a backup's file, whoever made it, and proving what is in it."""

import lzma
import os
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bioloom.doors.keeping.manifest import (
    LARGEST_MANIFEST_BYTES,
    MANIFEST_FILE,
    BackupDamaged,
    FileKept,
    Manifest,
    read_manifest,
)
from bioloom.ledger.record.journal import Head, Journal
from bioloom.ledger.record.verifying import verify as verify_record
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.refusal import Refusal

# Told what is being done, how much of it is, and all of it.
Told = Callable[[str, int, int], None]

A_PIECE_BYTES = 1024 * 1024
_IS_ENCRYPTED = 0x1
_KIND_OF_FILE, _REGULAR, _UNSAID = 0o170000, 0o100000, 0
# Whatever an archive by chance or by intent makes of the reader.
_UNREADABLE = (
    *(BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)


class RecordBroken(Refusal):
    """The record that should be kept or restored does not hold."""

    def __init__(self, *, problems: int, first: str) -> None:
        self.problems, self.first = problems, first
        super().__init__(
            what=f"The record does not hold: {first}; {problems} problems in all.",
            why="A copy of it would be no more worth than it is.",
            remedy="See `bioloom verify`. If only what follows from the entries is damaged, "
            "`bioloom rebuild` mends it; otherwise restore an older backup.",
        )


class RoomLacking(Refusal):
    """There is less room on the disk than a backup needs."""

    def __init__(self, *, needed_bytes: int, free_bytes: int) -> None:
        self.needed_bytes, self.free_bytes = needed_bytes, free_bytes
        super().__init__(
            what=f"The backup holds {needed_bytes:,} bytes, and the disk has room for "
            f"{free_bytes:,}.",
            why="A city is restored whole or not at all.",
            remedy="Restore it on a larger disk.",
        )


class PackedCity:
    """A backup's file, opened, its manifest read and compared with the list of its members."""

    def __init__(self, archive: ZipFile, *, name: str, size_bytes: int) -> None:
        self._archive, self._name = archive, name
        members = {member.filename: member for member in archive.infolist()}
        if len(members) < len(archive.infolist()):
            raise BackupDamaged(name=name, found="it has a member twice")
        said = members.pop(MANIFEST_FILE, None)
        if said is None or said.file_size > LARGEST_MANIFEST_BYTES:
            raise BackupDamaged(name=name, found="it has no manifest, so it is no backup")
        _look_at(said, name=name)
        self.manifest: Manifest = read_manifest(archive.read(said), name=name)
        if members.keys() != {kept.path for kept in self.manifest.files}:
            raise BackupDamaged(name=name, found="its members are not those of its manifest")
        for kept in self.manifest.files:
            _look_at(members[kept.path], name=name)
            if members[kept.path].file_size != kept.bytes:
                raise BackupDamaged(name=name, found=f"'{kept.path}' has another size than kept")
        if sum(member.compress_size for member in members.values()) > size_bytes:
            raise BackupDamaged(name=name, found="its members lie over one another")
        self._members = members

    @property
    def size_bytes(self) -> int:
        """How many bytes its files have together."""
        return sum(kept.bytes for kept in self.manifest.files)

    def check(self, *, told: Told) -> None:
        """Read every byte and compare it with the manifest.

        Raises:
            BackupDamaged: If one is not as it was kept.
        """
        done = 0
        for kept in self.manifest.files:
            for piece in self._pieces(kept):
                done += len(piece)
                told("Checking", done, self.size_bytes)

    def unpack(self, folder: Path, *, told: Told) -> None:
        """Write every file below a folder that is new, as `check` reads them, durably.

        Raises:
            BackupDamaged: If a byte is not as it was kept.
            RoomLacking: If the disk has not enough room.
        """
        free_bytes = shutil.disk_usage(folder).free
        if self.size_bytes > free_bytes:
            raise RoomLacking(needed_bytes=self.size_bytes, free_bytes=free_bytes)
        done = 0
        for kept in self.manifest.files:
            path = folder / kept.path
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # For its owner alone: a register's names and private keys may be in it.
            with open(path, "xb", opener=_for_the_owner) as file:
                for piece in self._pieces(kept):
                    file.write(piece)
                    done += len(piece)
                    told("Unpacking", done, self.size_bytes)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(path.parent)

    def _pieces(self, kept: FileKept) -> Iterator[bytes]:
        digest, size = sha256(), 0
        with self._archive.open(self._members[kept.path]) as reading:
            while piece := _read(reading, kept.bytes - size + 1):
                digest.update(piece)
                size += len(piece)
                if size > kept.bytes:
                    break
                yield piece
        if (size, digest.hexdigest()) != (kept.bytes, kept.sha256):
            raise BackupDamaged(name=self._name, found=f"'{kept.path}' is not as it was kept")


@contextmanager
def read_backup(file: Path, *, name: str) -> Iterator[PackedCity]:
    """Open a backup's file; whatever is wrong with it is refused in words.

    Raises:
        BackupDamaged: If it is no backup, or not as it was written.
    """
    try:
        with file.open("rb") as opened, ZipFile(opened) as archive:
            yield PackedCity(archive, name=name, size_bytes=file.stat().st_size)
    except _UNREADABLE as unreadable:
        found = str(unreadable) or type(unreadable).__name__
        raise BackupDamaged(name=name, found=found) from unreadable
    except (FileNotFoundError, IsADirectoryError, PermissionError) as unreadable:
        raise BackupDamaged(name=name, found=str(unreadable.strerror)) from unreadable


def prove_journal(path: Path, *, verify: bool, told: Told) -> Head:
    """Verify a copy of a journal that nobody else has open, and say where it ends.

    Raises:
        RecordBroken: If it does not hold.
        NotAJournal: If it is none.
    """
    store = SqliteStore(path)
    try:
        head = Journal(store).head()
        if verify:
            verdict = verify_record(store, told=lambda done: told("Verifying", done, head.seq))
            if not verdict.holds:
                first = verdict.problems[0].what
                raise RecordBroken(problems=len(verdict.problems), first=first)
    finally:
        store.close()
    return head


def sync_folder(folder: Path) -> None:
    """Have a folder's list of files on the disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _look_at(member: ZipInfo, *, name: str) -> None:
    """Refuse what no backup has: links, devices, encryption, other ways of packing."""
    kind = member.external_attr >> 16 & _KIND_OF_FILE
    if kind not in (_REGULAR, _UNSAID) or member.is_dir():
        raise BackupDamaged(name=name, found=f"'{member.filename}' in it is no plain file")
    packed_otherwise = member.compress_type not in (ZIP_DEFLATED, ZIP_STORED)
    if packed_otherwise or member.flag_bits & _IS_ENCRYPTED:
        raise BackupDamaged(name=name, found=f"'{member.filename}' in it is packed otherwise")


def _read(reading: IO[bytes], most_bytes: int) -> bytes:
    return reading.read(min(A_PIECE_BYTES, most_bytes))


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
