"""Restoring: a backup becomes a city's folder again, proved before anybody can open it."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bioloom.doors.answers.commands import HeadTold
from bioloom.doors.answers.keeping import CityRestored
from bioloom.doors.keeping.manifest import BackupDamaged
from bioloom.doors.keeping.packed import Told, prove_journal, read_backup, sync_folder
from bioloom.doors.stores.databases import move_into_database
from bioloom.doors.stores.folders import CityThere, FolderUnusable
from bioloom.doors.stores.settings import read_settings, write_settings
from bioloom.ledger.proofs.auditing import audit
from bioloom.ledger.stores.sqlite import SqliteStore

NO_HEADS: Mapping[str, str] = {}


def restore(
    file: Path,
    folder: Path,
    *,
    held: Mapping[str, str] = NO_HEADS,
    journal: str | None = None,
    journal_owner: str | None = None,
    told: Told = lambda _what, _done, _all: None,
) -> CityRestored:
    """Make a city's folder of a backup, in a place where there is none.

    Every byte is compared with the manifest and the whole record is verified first; then the folder
    appears at once, or nothing is left of the attempt.

    Args:
        file: A backup, from whomever.
        folder: Where the city goes: a folder that is empty, or not there.
        held: Heads that others hold, by what to call them. Where the record does not go on from
            one, because it ends before or says something else, the answer says so.
        journal: The address of a database without a journal, into which the record goes; a file in
            the folder unless given.
        journal_owner: The same database by the role that is to own the journal; not kept.
        told: Called now and then with what is being done, how much of it is, and all of it.

    Raises:
        BackupDamaged: If the file is no backup, or not as it was written.
        CityThere: If the folder is not empty.
        RecordBroken: If the record in it does not hold.
        RoomLacking: If the disk has not enough room.
        FolderUnusable: If nothing can be written there.
        JournalThere, StoreFailed: If the database has a journal already, or cannot be reached.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CityThere(folder=folder, found="is not empty" if folder.is_dir() else "is a file")
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with (
            read_backup(file, name=file.name) as backup,
            TemporaryDirectory(prefix=".restoring-", dir=folder.absolute().parent) as beside,
        ):
            whole = Path(beside) / "city"
            whole.mkdir(mode=0o700)
            backup.unpack(whole, told=told)
            if read_settings(whole).journal != backup.manifest.journal:
                raise BackupDamaged(name=file.name, found="its city.toml names another journal")
            file_of_record = whole / backup.manifest.journal
            head = prove_journal(file_of_record, verify=True, told=told)
            if HeadTold(seq=head.seq, hash=head.hash) != backup.manifest.head:
                raise BackupDamaged(name=file.name, found="its record ends elsewhere than it says")
            differing = _differing(file_of_record, held)
            if journal is not None:
                _move(whole, journal, owner=journal_owner, told=told)
            whole.rename(folder)
            sync_folder(folder.absolute().parent)
            manifest = backup.manifest
    except OSError as unusable:
        raise FolderUnusable(folder=folder, found=str(unusable.strerror)) from unusable
    return CityRestored(
        folder=str(folder),
        manifest=manifest,
        differing=differing,
    )


def _move(whole: Path, journal: str, *, owner: str | None, told: Told) -> None:
    """Put the record of a folder into a database, and let its settings say so."""
    settings = read_settings(whole)
    file = whole / settings.journal
    with closing(SqliteStore(file)) as store:
        last = store.last()
        in_all = 0 if last is None else last.seq
        move_into_database(
            store.rows(), journal, owner=owner, told=lambda seq: told("Moving", seq, in_all)
        )
    file.unlink()
    write_settings(whole, msgspec.structs.replace(settings, journal=journal))


def _differing(journal: Path, held: Mapping[str, str]) -> list[str]:
    store = SqliteStore(journal)
    try:
        return [problem.what for problem in audit(store, held)]
    finally:
        store.close()
