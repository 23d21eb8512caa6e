"""Killing an import at any moment loses nothing acknowledged; doing it again completes it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bioloom.doors.compose import City, open_city
from bioloom.doors.importing import take_in
from bioloom.ledger.inventory import LotRow, lots
from bioloom.ledger.record.verifying import verify
from tests.doors.importing_city import tons, verdiva

HARNESS = Path(__file__).with_name("watched_import.py")
# At least so many moments, and on until so many of them fell inside a commit.
MOMENTS, INSIDE_A_COMMIT, MOST_MOMENTS = 20, 5, 60
# The import of the table below commits at least so often.
COMMITS = 30


@dataclass(frozen=True, slots=True)
class Killed:
    """What an outside process knows of an import that was killed."""

    # Sequence number and hash of every head that was acknowledged.
    acknowledged: list[tuple[int, str]]
    inside_a_commit: bool


def test_nothing_acknowledged_is_lost_when_an_import_is_killed(tmp_path: Path) -> None:
    with verdiva(tmp_path) as city:
        table = tons(city, "".join(rows()))
        shutil.copytree(city.folder, tmp_path / "whole")
    with open_city(tmp_path / "whole") as whole:
        take_in(whole, [table])
        expected, entries = inventory(whole), whole.journal.head().seq

    random, inside, moments = Random(20), 0, 0
    while moments < MOMENTS or inside < INSIDE_A_COMMIT:
        assert moments < MOST_MOMENTS, f"only {inside} kills fell inside a commit"
        folder = tmp_path / f"killed-{moments}"
        shutil.copytree(tmp_path / "verdiva", folder)
        # The even moments lie at the beginning of a commit, the odd ones anywhere.
        killed = kill_an_import(folder, table, random, at_a_commit=moments % 2 == 0)
        with open_city(folder) as city:
            assert_kept(city, killed)
            report = take_in(city, [table])
            assert report.is_clean
            assert inventory(city) == expected
            assert city.journal.head().seq == entries
            assert verify(city.journal.store).holds
        inside, moments = inside + killed.inside_a_commit, moments + 1


def rows() -> list[str]:
    return [
        f"{year}-{month:02},{ward},{year % 7}.{month},,{month}\n"
        for year in range(1900, 2015)
        for month in range(1, 13)
        for ward in (1, 2)
    ]


def kill_an_import(folder: Path, table: Path, random: Random, *, at_a_commit: bool) -> Killed:
    """Start an import, kill it, and tell what it acknowledged and where it was."""
    reading, writing = os.pipe()
    log = folder / "acknowledged.jsonl"
    with log.open("wb") as acknowledging:
        running = subprocess.Popen(
            [sys.executable, HARNESS, str(writing), str(folder), str(table)],
            stdout=subprocess.DEVNULL,
            stderr=acknowledging,
            pass_fds=[writing],
        )
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as marks:
        seen = seen_until(marks.fileno(), commits=random.randrange(1, COMMITS))
        time.sleep(0 if at_a_commit else random.uniform(0, 0.02))
        running.send_signal(signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL, "it was done before it could be killed"
        seen += marks.read()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    heads = [(line["acknowledged"]["seq"], line["acknowledged"]["hash"]) for line in lines]
    return Killed(acknowledged=heads, inside_a_commit=seen.endswith(b"B"))


def seen_until(marks: int, *, commits: int) -> bytes:
    """Wait for the beginning of some commit."""
    seen = b""
    while seen.count(b"B") < commits:
        mark = os.read(marks, 1)
        assert mark, "the import ended before it was killed"
        seen += mark
    return seen


def assert_kept(city: City, killed: Killed) -> None:
    """The record holds, and every head that was acknowledged is in it."""
    assert verify(city.journal.store).holds
    kept = city.journal.at([seq for seq, _ in killed.acknowledged])
    assert [(seq, kept[seq].hash) for seq, _ in killed.acknowledged] == killed.acknowledged


def inventory(city: City) -> dict[str, tuple[object, ...]]:
    """Every lot with what the record says of it, save in which entry."""
    return {row.lot: facts(row) for row in lots(city.journal)}


def facts(row: LotRow) -> tuple[object, ...]:
    return (row.mass_mg, row.reported, row.occurred_at, row.owners, row.holders)
