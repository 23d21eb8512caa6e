"""Whatever happens under 64 writers, nothing acknowledged is lost, and nothing is half there.

The full disk is a limit on the size of a file (RLIMIT_FSIZE): it needs no root, and SQLite meets it
in the same place, where it writes its log.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.entries.envelope import Entry
from tests.faults.many_writers import WRITERS, opened

HARNESS = Path(__file__).with_name("many_writers.py")
REPOSITORY = HARNESS.parents[2]


@dataclass(frozen=True, slots=True)
class Told:
    """What the writers were told of their pairs, and how their process ended."""

    recorded: dict[str, list[tuple[int, str]]]
    failed: set[str]
    code: int


def disturbed(journal: Path | str, how: str, *, kill_after: int | None = None) -> Told:
    """Let the writers write; kill them some moment after so many acknowledgements."""
    reading, writing = os.pipe()
    running = subprocess.Popen(
        [sys.executable, HARNESS, str(writing), str(journal), how],
        pass_fds=[writing],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = []
        for line in pipe:
            lines.append(json.loads(line))
            if len(lines) == kill_after:
                time.sleep(Random(kill_after).uniform(0, 0.02))
                running.kill()
    recorded = {line["recorded"]: line["heads"] for line in lines if "recorded" in line}
    failed = {line["failed"] for line in lines if "failed" in line}
    heads = {name: [(seq, chained) for seq, chained in told] for name, told in recorded.items()}
    return Told(recorded=heads, failed=failed, code=running.wait())


def assert_kept(journal: Path | str, told: Told) -> list[Entry[Any]]:
    """All that was acknowledged is there, pairs are whole, and the record holds; its entries."""
    with closing(opened(str(journal))) as store:
        assert verify(store).holds
        entries = list(Journal(store).read())
    chained = {entry.seq: entry.hash for entry in entries}
    for heads in told.recorded.values():
        assert [(seq, chained[seq]) for seq, _ in heads] == heads
    keys = {entry.idempotency_key for entry in entries}
    lots = {key for key in keys if not key.startswith("g-")}
    assert keys == lots | {f"g-{lot}" for lot in lots}
    assert told.recorded.keys() <= lots
    assert not told.failed & lots
    return entries


@pytest.mark.parametrize("kill_after", [1, 70, 300, 301, 999])
def test_nothing_acknowledged_is_lost_when_64_writers_are_killed(
    tmp_path: Path, kill_after: int
) -> None:
    told = disturbed(tmp_path / "journal.db", "steady", kill_after=kill_after)

    assert told.code == -signal.SIGKILL
    assert len(told.recorded) >= kill_after
    entries = assert_kept(tmp_path / "journal.db", told)
    # At most what each writer waited for was recorded without a word.
    assert len(entries) / 2 - len(told.recorded) <= WRITERS


def test_a_full_disk_fails_all_who_wait_loses_nothing_and_can_be_mended(tmp_path: Path) -> None:
    told = disturbed(tmp_path / "journal.db", "full")

    assert told.code == 0
    assert len(told.failed) == WRITERS
    entries = assert_kept(tmp_path / "journal.db", told)
    assert len(entries) == 2 * len(told.recorded)


def test_a_clock_that_runs_backwards_reorders_nothing(tmp_path: Path) -> None:
    told = disturbed(tmp_path / "journal.db", "clock", kill_after=500)

    entries = assert_kept(tmp_path / "journal.db", told)

    recorded_at = [entry.recorded_at for entry in entries]
    assert recorded_at == sorted(recorded_at)


def test_writers_go_on_where_others_were_killed(tmp_path: Path) -> None:
    first = disturbed(tmp_path / "journal.db", "steady", kill_after=200)
    again = disturbed(tmp_path / "journal.db", "steady", kill_after=2_000)

    # What both recorded is one.
    both = first.recorded.keys() & again.recorded.keys()
    assert both
    entries = assert_kept(tmp_path / "journal.db", first)
    seqs = {entry.idempotency_key: entry.seq for entry in entries}
    assert all(seqs[name] == again.recorded[name][0][0] for name in again.recorded)
