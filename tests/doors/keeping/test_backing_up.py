"""A backup: one file, made while others write, with everything acknowledged before it began."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from bioloom.doors.compose import now, open_city
from bioloom.doors.keeping.backing_up import BackupThere, BackupUnwritten, back_up
from bioloom.doors.keeping.packed import RecordBroken
from bioloom.doors.keeping.restoring import restore
from bioloom.doors.stores.settings import JournalMissing
from bioloom.ledger.record.verifying import verify
from tests.doors.keeping.kept_city import a_city, a_load, people_in
from tests.ledger.record.tampering import run_sql

WRITERS = 8


def test_a_restored_city_is_the_city_that_was_kept(tmp_path: Path) -> None:
    folder, file = a_city(tmp_path / "city"), tmp_path / "city.bioloom"

    made = back_up(folder, file, at=now())
    restored = restore(file, tmp_path / "again")

    with open_city(folder) as before, open_city(tmp_path / "again") as after:
        assert after.journal.head() == before.journal.head()
        assert after.settings == before.settings
        assert verify(after.journal.store).holds
    assert people_in(tmp_path / "again") == ["Asha Verid"]
    assert (tmp_path / "again" / "rejects" / "tons.csv").read_text() == "month,ward\n"
    assert restored.manifest == made.manifest
    assert restored.manifest.left_out == ["keys/heads.pem"]
    assert not (tmp_path / "again" / "snapshots").exists()
    assert restored.differing == []


def test_keys_and_register_are_kept_only_as_wished(tmp_path: Path) -> None:
    folder = a_city(tmp_path / "city")

    back_up(folder, tmp_path / "with", at=now(), with_keys=True)
    back_up(folder, tmp_path / "without", at=now(), with_register=False)
    restore(tmp_path / "with", tmp_path / "one")
    restore(tmp_path / "without", tmp_path / "other")

    assert (tmp_path / "one" / "keys" / "heads.pem").read_text() == "a private key"
    assert (tmp_path / "one" / "keys" / "heads.pem").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "other" / "register.db").exists()


def test_a_backup_is_for_its_owner_alone_and_replaces_nothing(tmp_path: Path) -> None:
    folder, file = a_city(tmp_path / "city"), tmp_path / "city.bioloom"

    back_up(folder, file, at=now())

    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupThere, match="is there already"):
        back_up(folder, file, at=now())
    with pytest.raises(BackupThere, match="inside the city"):
        back_up(folder, folder / "rejects" / "backup", at=now())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["city", "city.bioloom"]


def test_a_link_is_named_as_left_out(tmp_path: Path) -> None:
    folder = a_city(tmp_path / "city")
    (folder / "works").symlink_to(tmp_path)

    made = back_up(folder, tmp_path / "file", at=now())

    assert made.manifest.left_out == ["keys/heads.pem", "works"]


def test_a_folder_without_its_journal_is_not_kept(tmp_path: Path) -> None:
    folder = a_city(tmp_path / "city")
    (folder / "journal.db").unlink()

    with pytest.raises(JournalMissing, match="journal"):
        back_up(folder, tmp_path / "file", at=now())
    with pytest.raises(BackupUnwritten, match="No such file"):
        back_up(a_city(tmp_path / "other"), tmp_path / "nowhere" / "file", at=now())


def test_a_record_that_does_not_hold_is_kept_only_without_verifying(tmp_path: Path) -> None:
    folder = a_city(tmp_path / "city")
    run_sql(folder / "journal.db", "UPDATE entries SET hash = zeroblob(32) WHERE seq = 7")

    with pytest.raises(RecordBroken, match="entry 7: LotArrived is not as recorded"):
        back_up(folder, tmp_path / "file", at=now())
    assert not (tmp_path / "file").exists()

    assert not back_up(folder, tmp_path / "file", at=now(), verify=False).manifest.verified
    with pytest.raises(RecordBroken, match="entry 7"):
        restore(tmp_path / "file", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_the_drill_nothing_acknowledged_before_a_backup_began_is_missing(tmp_path: Path) -> None:
    folder = a_city(tmp_path / "city")
    acknowledged: list[tuple[int, str]] = []
    stop = threading.Event()
    writers = [
        threading.Thread(target=write_until, args=(stop, folder, number, acknowledged))
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for drill in range(3):
        while len(acknowledged) < (drill + 1) * 50 * WRITERS:
            time.sleep(0.01)
        before = list(acknowledged)
        file, again = tmp_path / f"file-{drill}", tmp_path / f"again-{drill}"

        made = back_up(folder, file, at=now(), verify=drill == 0)
        restored = restore(file, again)

        with open_city(again) as city:
            entries = city.journal.at([seq for seq, _ in before])
            assert [(seq, entries[seq].hash) for seq, _ in before] == before
            assert verify(city.journal.store).holds
        assert restored.manifest.head == made.manifest.head
    assert all(writer.is_alive() for writer in writers), "a backup stopped a writer"
    stop.set()
    for writer in writers:
        writer.join()
    with open_city(folder) as city:
        assert len(acknowledged) == city.journal.head().seq - 22
        assert verify(city.journal.store).holds


def write_until(
    stop: threading.Event, folder: Path, writer: int, acknowledged: list[tuple[int, str]]
) -> None:
    number = 0
    with open_city(folder) as city:
        while not stop.is_set():
            draft = a_load(f"writer {writer} load {number}")
            (entry,) = city.journal.record([draft], recorded_at=now())
            acknowledged.append((entry.seq, str(entry.hash)))
            number += 1


def test_a_backup_that_is_killed_leaves_no_file_that_passes_for_one(tmp_path: Path) -> None:
    folder = a_city(tmp_path / "city", loads=20_000)
    for moment in range(5):
        file = tmp_path / f"backup-{moment}"
        command = [sys.executable, "-m", "bioloom.doors.cli.main", "backup", str(folder), str(file)]
        running = subprocess.Popen(command, env={**os.environ, "COLUMNS": "80"})
        while not any(tmp_path.glob(f".backup-{moment}.*/*")):
            assert running.poll() is None, "it was done before it could be killed"
        time.sleep(moment * 0.05)
        running.send_signal(signal.SIGKILL)
        running.wait()

        assert not file.exists() or restore(file, tmp_path / f"again-{moment}").differing == []
    with open_city(folder) as city:
        assert verify(city.journal.store).holds


def test_two_backups_of_a_city_that_stands_still_are_the_same_bytes(tmp_path: Path) -> None:
    folder, at = a_city(tmp_path / "city"), now()

    back_up(folder, tmp_path / "one", at=at)
    back_up(folder, tmp_path / "other", at=at)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    with ZipFile(tmp_path / "one") as archive:
        assert archive.testzip() is None
