"""Sightings: what a file has stated so far, and on which line, at constant memory."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple


class Sighting(NamedTuple):
    """A key that a file states, the line that does, and a digest of what it says there."""

    key: str
    line: int
    digest: bytes


class Sightings:
    """The keys of one file. What does not fit in 16 MB of memory goes to a temporary file."""

    def __init__(self) -> None:
        # An empty name is SQLite's private database that spills to disk and dies with us.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA cache_size = -16000")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(
            "CREATE TABLE sightings (key TEXT PRIMARY KEY, line INTEGER, digest BLOB) WITHOUT ROWID"
        )

    def add_if_all_new(self, sightings: Sequence[Sighting]) -> bool:
        """Add them all if none of their keys was seen before, here or there; otherwise none."""
        self._database.execute("BEGIN")
        before = self._database.total_changes
        self._database.executemany("INSERT OR IGNORE INTO sightings VALUES (?, ?, ?)", sightings)
        all_new = self._database.total_changes - before == len(sightings)
        self._database.execute("COMMIT" if all_new else "ROLLBACK")
        return all_new

    def find(self, key: str) -> Sighting | None:
        """Where a key was first seen, if it was."""
        found = self._database.execute(
            "SELECT key, line, digest FROM sightings WHERE key = ?", (key,)
        ).fetchone()
        return None if found is None else Sighting(*found)

    def close(self) -> None:
        """Forget everything."""
        self._database.close()
