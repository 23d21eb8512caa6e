"""Captures: EPCIS events as they were told, and the jobs that captured them.

One file beside the journal. The record has what an event moves, under the event's hash; all else
that it says, such as its sensors' readings, stands here and is held against that hash when it is
read. It may be deleted: the record holds without it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

CAPTURES_FILE = "captures.db"
# A later edition of this file; older ones are refused.
_LAYOUT = 1
_PIECE = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY, event_id TEXT NOT NULL, is_error INTEGER NOT NULL,
    recorded_at TEXT NOT NULL, text BLOB NOT NULL, UNIQUE (event_id, is_error)
) STRICT;
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agent TEXT NOT NULL,
    behaviour TEXT NOT NULL, created_at TEXT NOT NULL, document BLOB, answer BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_of ON jobs (agent, number);
"""


class CapturesUnusable(Refusal):
    """The file of captured events cannot be read or written."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"'{CAPTURES_FILE}' cannot be read or written: {found}.",
            why="It keeps captured events as they were told, and the jobs that captured them.",
            remedy="See that the disk has room; the record itself does not need this file.",
        )


class EventKept(NamedTuple):
    """An event as it was told: its hash id, whether it declares an error, and its JSON."""

    event_id: str
    is_error: bool
    recorded_at: Instant
    text: bytes


class JobKept(NamedTuple):
    """A capture job: its document until it is done, and then its answer in JSON."""

    id: str
    agent: AgentId
    behaviour: str
    created_at: Instant
    document: bytes | None
    answer: bytes | None


class Captures:
    """The file of a city; any number of threads may use it."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            CapturesUnusable: If it cannot be read or written, or is of a later Bioloom.
        """
        self._lock = Lock()
        try:
            self._connection = sqlite3.connect(
                path, isolation_level=None, timeout=30, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            layout = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if layout not in (0, _LAYOUT):
                raise CapturesUnusable(found="a later Bioloom made it")
            self._connection.executescript(_SCHEMA)
            self._connection.execute(f"PRAGMA user_version = {_LAYOUT}")
        except sqlite3.DatabaseError as failed:
            raise CapturesUnusable(found=str(failed)) from failed

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def keep_events(self, events: Iterable[EventKept]) -> None:
        """Keep events; those that are kept already stay as they are.

        Raises:
            CapturesUnusable: If it cannot be written.
        """
        self._run(
            "INSERT OR IGNORE INTO events (event_id, is_error, recorded_at, text) "
            "VALUES (?, ?, ?, ?)",
            list(events),
        )

    def events(self) -> Iterator[EventKept]:
        """All events in the order in which they were captured.

        Raises:
            CapturesUnusable: If it cannot be read.
        """
        after = 0
        while True:
            rows = self._ask(
                "SELECT number, event_id, is_error, recorded_at, text FROM events "
                "WHERE number > ? ORDER BY number LIMIT ?",
                (after, _PIECE),
            )
            for number, event_id, is_error, recorded_at, text in rows:
                after = number
                yield EventKept(event_id, bool(is_error), Instant(recorded_at), text)
            if len(rows) < _PIECE:
                return

    def begin(self, job: JobKept) -> None:
        """Keep a job that is to be done, with its document.

        Raises:
            CapturesUnusable: If it cannot be written.
        """
        self._run(
            "INSERT INTO jobs (id, agent, behaviour, created_at, document, answer) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [job],
        )

    def finish(self, job_id: str, answer: bytes) -> None:
        """Keep what became of a job; its document is let go.

        Raises:
            CapturesUnusable: If it cannot be written.
        """
        self._run("UPDATE jobs SET answer = ?, document = NULL WHERE id = ?", [(answer, job_id)])

    def unfinished(self) -> list[JobKept]:
        """Jobs that were begun and are not done, in their order."""
        return self._jobs("document IS NOT NULL ORDER BY number", ())

    def job(self, job_id: str, agent: AgentId) -> JobKept | None:
        """A job of an agent's own."""
        found = self._jobs("id = ? AND agent = ?", (job_id, agent))
        return found[0] if found else None

    def jobs(self, agent: AgentId, *, skipped: int, most: int) -> list[JobKept]:
        """Jobs of an agent's own, the newest first."""
        where = "agent = ? ORDER BY number DESC LIMIT ? OFFSET ?"
        return self._jobs(where, (agent, most, skipped))

    def _jobs(self, where: str, values: tuple[object, ...]) -> list[JobKept]:
        asked = "SELECT id, agent, behaviour, created_at, document, answer FROM jobs WHERE "
        return [JobKept(*row) for row in self._ask(asked + where, values)]

    def _ask(self, asked: str, values: tuple[object, ...]) -> list[Any]:

        try:
            with self._lock:
                return self._connection.execute(asked, values).fetchall()  # Any: as columns are.
        except sqlite3.DatabaseError as failed:
            raise CapturesUnusable(found=str(failed)) from failed

    def _run(self, told: str, rows: Sequence[tuple[object, ...]]) -> None:
        try:
            with self._lock:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    self._connection.executemany(told, rows)
                finally:
                    # What failed changed nothing: each row stands by itself.
                    self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as failed:
            raise CapturesUnusable(found=str(failed)) from failed
