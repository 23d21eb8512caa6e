"""Cursors: how far the live loop came, and the lock by which there is one loop for a journal.

Both are one small file beside the journal. It may be lost, or fall behind: whatever a reaction did
before has its key in the record, and is not done twice.
"""

import sqlite3
from pathlib import Path

from bioloom.vocabulary.refusal import Refusal

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")


class LoopRunning(Refusal):
    """Another program runs the loop of this city."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            what=f"Another program holds '{name}': it runs this city's loop.",
            why="One loop for a journal is enough, and two would do the same work.",
            remedy="Nothing is missing. To run it here, stop the other, such as `bioloom serve`.",
        )


class CursorsUnusable(Refusal):
    """The file of the loop's cursors cannot be read or written."""

    def __init__(self, *, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(
            what=f"'{name}' cannot be read or written: {found}.",
            why="It says how far the loop came.",
            remedy=f"See that the disk has room; a damaged '{name}' may be deleted without loss.",
        )


class Cursors:
    """For each reaction, the last entry it has seen. Held by one process at a time."""

    def __init__(self, path: Path) -> None:
        """Take hold of the file; made where there is none.

        Raises:
            LoopRunning: If another program has it.
            CursorsUnusable: If it cannot be read or written.
        """
        self._name = path.name
        try:
            self._connection = sqlite3.connect(
                path, isolation_level=None, timeout=0, check_same_thread=False
            )
            # Kept until it is closed or the process is gone.
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS cursors "
                "(reaction TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT"
            )
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as failed:
            self._connection.close()
            if failed.sqlite_errorname in _BUSY:
                raise LoopRunning(name=self._name) from failed
            raise CursorsUnusable(name=self._name, found=str(failed)) from failed

    def places(self) -> dict[str, tuple[int, str]]:
        """The sequence number and the hash of the last entry that each reaction has seen."""
        try:
            found = self._connection.execute("SELECT reaction, seq, hash FROM cursors")
            return {reaction: (seq, chained) for reaction, seq, chained in found}
        except sqlite3.DatabaseError as failed:
            raise CursorsUnusable(name=self._name, found=str(failed)) from failed

    def move(self, reaction: str, seq: int, chained: str) -> None:
        """Note, durably, that a reaction has seen all up to an entry."""
        try:
            self._connection.execute(
                "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)", (reaction, seq, chained)
            )
        except sqlite3.DatabaseError as failed:
            raise CursorsUnusable(name=self._name, found=str(failed)) from failed

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
