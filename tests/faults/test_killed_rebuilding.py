"""Killing the rebuilding of an older journal, or filling the disk meanwhile, does no harm."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from bioloom.doors.compose import found_city, open_city
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.sqlite import SqliteStore
from tests.ledger.record.tampering import run_sql
from tests.ledger.records import LATER, arrival, gift, journal_of

LOTS, MOMENTS = 8_000, 7


def damaged_city(folder: Path) -> Path:
    """A city whose journal has a balance that is wrong."""
    found_city(folder, token="t").close()
    (folder / "journal.db").unlink()
    loads = [arrival(f"load {number}", 5) for number in range(LOTS)]
    journal_of(
        *loads, gift("g", "load 7", 1, "ana", "ben"), store=SqliteStore(folder / "journal.db")
    ).store.close()
    run_sql(folder / "journal.db", "UPDATE holdings SET custody_units = 9 WHERE lot = 8 * 1024")
    return folder


def rebuilding(folder: Path, *, largest_file: str = "unlimited") -> subprocess.Popen[bytes]:
    """Rebuild in a process of its own, in which no file may grow beyond so many KiB."""
    return subprocess.Popen(
        [
            *("bash", "-c", f'ulimit -f {largest_file}; exec "$@"', "bash"),
            *(sys.executable, "-m", "bioloom.doors.cli.main", "rebuild", str(folder)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def test_a_rebuilding_that_is_killed_at_any_moment_can_be_done_again(tmp_path: Path) -> None:
    whole, inside = damaged_city(tmp_path / "whole"), 0
    started = time.monotonic()
    shutil.copytree(whole, tmp_path / "timed")
    assert rebuilding(tmp_path / "timed").wait() == 0
    took_s = time.monotonic() - started

    # On a busy machine it takes longer one time than another: every moment is tried until enough
    # fell inside, and no more than four times.
    for attempt in range(4 * MOMENTS):
        if attempt >= MOMENTS and inside > MOMENTS // 3:
            break
        moment = attempt % MOMENTS
        folder = tmp_path / f"killed-{attempt}"
        shutil.copytree(whole, folder)
        running = rebuilding(folder)
        time.sleep(took_s * (moment + 1) / (MOMENTS + 1))
        running.send_signal(signal.SIGKILL)
        running.wait()
        inside += any(folder.glob(".rebuilding-*"))

        with open_city(folder) as city:  # Whichever file it is, nothing that was told is lost.
            assert city.journal.head().seq == LOTS + 1
            city.journal.record([arrival("after", 5)], recorded_at=LATER)
        assert rebuilding(folder).wait() == 0
        with open_city(folder) as city:
            assert verify(city.journal.store).problems == []
            assert city.journal.head().seq == LOTS + 2
        assert not any(folder.glob(".rebuilding-*"))
        shutil.rmtree(folder)
    assert inside > MOMENTS // 3, f"only {inside} kills fell inside"


def test_a_full_disk_stops_a_rebuilding_and_leaves_the_journal_as_it_was(tmp_path: Path) -> None:
    """The disk is full for any file beyond 1 MiB: a limit of the process, as root is not ours."""
    folder = damaged_city(tmp_path / "city")
    before = (folder / "journal.db").stat().st_size

    stopped = rebuilding(folder, largest_file="1024")
    _, told = stopped.communicate()

    assert stopped.returncode == 2, told
    assert b"Refused" in told
    assert (folder / "journal.db").stat().st_size == before
    assert not any(folder.glob(".rebuilding-*"))
    assert rebuilding(folder).wait() == 0
    with open_city(folder) as city:
        assert verify(city.journal.store).problems == []
