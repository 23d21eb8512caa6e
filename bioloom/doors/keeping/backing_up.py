"""Backing up: a city's folder becomes one file while others go on writing to it."""

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from bioloom.doors.answers.commands import HeadTold
from bioloom.doors.answers.keeping import BackupMade
from bioloom.doors.compose import open_store
from bioloom.doors.keeping.manifest import MANIFEST_FILE, FileKept, Manifest
from bioloom.doors.keeping.packed import (
    A_PIECE_BYTES,
    Told,
    prove_journal,
    read_backup,
    sync_folder,
)
from bioloom.doors.stores.box import BOX_FILE
from bioloom.doors.stores.settings import (
    JOURNAL_FILE,
    SETTINGS_FILE,
    Settings,
    is_address,
    read_settings,
    write_settings,
)
from bioloom.ledger.record.rebuilding import fill
from bioloom.ledger.stores.copying import held
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

REGISTER_FILE = "register.db"
KEYS_FOLDER = "keys"
# What is made again from the record where it is missing.
DELETABLE = "snapshots"
# Journals as they were before they were made anew.
OLDER_JOURNALS = "*.layout-*.db"
_BESIDE_DATABASES = ("-wal", "-shm", "-journal")
# Text and databases shrink to a quarter at the lowest level; higher ones only take longer.
_LEVEL = 1


class BackupThere(Refusal):
    """A backup should be written where there is something already, or inside the city."""

    def __init__(self, *, file: Path, found: str) -> None:
        self.file, self.found = file, found
        super().__init__(
            what=f"No backup was written to '{file}': it {found}.",
            why="A backup must not replace another, nor grow by those before it.",
            remedy="Name a new file elsewhere, with the day in its name.",
        )


class BackupUnwritten(Refusal):
    """A backup cannot be written, or a file of the city not be read."""

    def __init__(self, *, file: Path, found: str) -> None:
        self.file, self.found = file, found
        super().__init__(
            what=f"No backup was written to '{file}': {found}.",
            why="Half a backup would pass for one; what had been written of it is gone again.",
            remedy="See that the disk has room for the city twice, and that its files may be read.",
        )


def back_up(
    folder: Path,
    file: Path,
    *,
    at: Instant,
    with_register: bool = True,
    with_keys: bool = False,
    verify: bool = True,
    told: Told = lambda _what, _done, _all: None,
) -> BackupMade:
    """Write a backup of a city to a new file; others may read and write the city meanwhile.

    Every entry that was acknowledged before this began is in it; a record in a database is kept as
    a file. The register is held a moment after the journal, so that it has what every entry in the
    backup refers to. The file appears whole or not at all, after it was read back and compared with
    what was kept.

    Args:
        folder: The city's folder.
        file: Where the backup goes; beside it there must be room for the city once more.
        at: Now.
        with_register: Whether names, texts and credentials are kept too.
        with_keys: Whether the city's private keys are kept too.
        verify: Whether to verify the whole record first. Otherwise only its end is looked at.
        told: Called now and then with what is being done, how much of it is, and all of it.

    Raises:
        BackupThere: If the file is there already, or lies inside the city's folder.
        BackupUnwritten: If it cannot be written.
        RecordBroken: If the record does not hold.
        Refusal: If there is no city, or its journal cannot be read.
    """
    if file.exists():
        raise BackupThere(file=file, found="is there already")
    if file.resolve().is_relative_to(folder.resolve()):
        raise BackupThere(file=file, found="lies inside the city's folder")
    try:
        with TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as beside:
            return _Packing(
                folder=folder,
                file=file,
                beside=Path(beside),
                with_register=with_register,
                with_keys=with_keys,
                told=told,
            ).run(at, verify=verify)
    except FileExistsError as there:
        raise BackupThere(file=file, found="is there by now") from there
    except OSError as failed:
        raise BackupUnwritten(file=file, found=failed.strerror or str(failed)) from failed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packing:
    """One backup on its way, in a folder beside its place."""

    folder: Path
    file: Path
    beside: Path
    with_register: bool
    with_keys: bool
    told: Told

    def run(self, at: Instant, *, verify: bool) -> BackupMade:
        """Copy, prove, pack, read back, and put in place."""
        settings = read_settings(self.folder)
        found, left_out = self._look_around()
        copies: dict[str, Path] = {}
        if is_address(settings.journal):
            settings, copies = self._out_of_database(settings)
            found = sorted({*found, *copies})
        if settings.journal not in found:
            raise BackupUnwritten(file=self.file, found="its journal lies outside its folder")
        # Told by their names: to open and close one here would undo SQLite's locks on it.
        databases = [path for path in found if path.endswith(".db") or path == settings.journal]
        # The journal first: what its entries refer to was in the register before them.
        databases.sort(key=lambda path: (path != settings.journal, path))
        copies |= self._copy([path for path in databases if path not in copies])
        head = prove_journal(copies[settings.journal], verify=verify, told=self.told)
        manifest = Manifest(
            made_at=at,
            bioloom=version("bioloom"),
            city=settings.name,
            journal=settings.journal,
            head=HeadTold(seq=head.seq, hash=head.hash),
            verified=verify,
            with_keys=any(path.startswith(f"{KEYS_FOLDER}/") for path in found),
            files=[],
            left_out=left_out,
        )
        packed = self.beside / "backup"
        sources = {path: copies.get(path, self.folder / path) for path in found}
        manifest = _pack(packed, sources, manifest, told=self.told)
        with read_backup(packed, name=self.file.name) as backup:
            backup.check(told=self.told)
        self.file.hardlink_to(packed)
        sync_folder(self.file.parent)
        return BackupMade(
            file=str(self.file),
            bytes=self.file.stat().st_size,
            manifest=manifest,
        )

    def _look_around(self) -> tuple[list[str], list[str]]:
        """The files to keep, and those that are left out though nothing makes them again."""
        found: list[str] = []
        left_out: list[str] = []
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            top = name.split("/", 1)[0]
            is_folder = path.is_dir() and not path.is_symlink()
            if is_folder or top == DELETABLE or name.endswith(_BESIDE_DATABASES):
                continue
            plain = path.is_file() and not path.is_symlink() and name == _text(name)
            (found if plain and self._is_wanted(top) else left_out).append(_text(name))
        return found, left_out

    def _is_wanted(self, top: str) -> bool:
        return (
            (self.with_register or top not in (REGISTER_FILE, BOX_FILE))
            and (self.with_keys or top != KEYS_FOLDER)
            and not fnmatch(top, OLDER_JOURNALS)
        )

    def _out_of_database(self, settings: Settings) -> tuple[Settings, dict[str, Path]]:
        """The record as a file, and settings that say so: a backup needs no server to be read."""
        address, place = settings.journal, self.beside / "record"
        place.mkdir()
        settings = msgspec.structs.replace(settings, journal=JOURNAL_FILE)
        write_settings(place, settings)
        file = place / JOURNAL_FILE
        with closing(open_store(self.folder, address)) as kept, closing(SqliteStore(file)) as copy:
            last = kept.last()
            in_all = 0 if last is None else last.seq
            rows = kept.rows(before=in_all + 1)
            fill(copy, rows, lambda seq: self.told("Copying the journal", seq, in_all))
        return settings, {JOURNAL_FILE: file, SETTINGS_FILE: place / SETTINGS_FILE}

    def _copy(self, databases: list[str]) -> dict[str, Path]:
        """Hold all databases at one moment each, shortly after one another, and copy them."""
        copies = {}
        with ExitStack() as holding:
            sources = [
                (path, holding.enter_context(held(self.folder / path))) for path in databases
            ]
            for number, (path, source) in enumerate(sources):
                copies[path] = self.beside / f"{number}.db"
                source.copy_to(copies[path], told=_about(self.told, f"Copying {path}"))
        return copies


def _pack(packed: Path, sources: dict[str, Path], manifest: Manifest, *, told: Told) -> Manifest:
    """Write the archive, the manifest last, and have it on the disk when this returns."""
    kept = []
    in_all = sum(source.stat().st_size for source in sources.values())
    with packed.open("xb") as file:
        packed.chmod(0o600)  # Names, texts and credentials may be in it.
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            for path, source in sources.items():
                kept.append(_put(archive, path, source))
                told("Packing", sum(one.bytes for one in kept), in_all)
            manifest = msgspec.structs.replace(manifest, files=kept)
            text = msgspec.json.format(msgspec.json.encode(manifest))
            archive.writestr(_member(MANIFEST_FILE), text, ZIP_DEFLATED, _LEVEL)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _put(archive: ZipFile, path: str, source: Path) -> FileKept:
    digest, size = sha256(), 0
    # A file that grows meanwhile is kept as far as it was read; its hash is of just that.
    with source.open("rb") as reading, archive.open(_member(path), "w", force_zip64=True) as to:
        while piece := reading.read(A_PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
            to.write(piece)
    return FileKept(path=path, bytes=size, sha256=digest.hexdigest())


def _member(path: str) -> ZipInfo:
    """An archive's member without the hour: two backups of the same files are the same bytes."""
    member = ZipInfo(path)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member


def _about(told: Told, what: str) -> Callable[[int, int], None]:
    return lambda done, in_all: told(what, done, in_all)


def _text(name: str) -> str:
    """A file's name as text; bytes that are none are written as such."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")
