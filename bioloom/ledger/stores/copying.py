"""Copying a database while others write to it: one commit of it, whole."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bioloom.ledger.stores.protocol import StoreFailed

# Between two steps the caller is told how far it is; 16 MiB take some milliseconds.
_PAGES_A_STEP = 4096


class HeldDatabase:
    """One commit of a database, which `held` holds."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection, self._name = connection, name

    def copy_to(self, target: Path, *, told: Callable[[int, int], None]) -> None:
        """Copy it into a new file; not yet on the disk for good when this returns.

        Args:
            target: A file that is not there.
            told: Called now and then with the pages copied and all pages.

        Raises:
            StoreFailed: If the source cannot be read, or the disk is full.
        """
        try:
            with closing(sqlite3.connect(target, isolation_level=None)) as copy:
                copy.execute("PRAGMA synchronous = OFF")
                self._connection.backup(
                    copy,
                    pages=_PAGES_A_STEP,
                    progress=lambda _, left, pages: told(pages - left, pages),
                )
        except sqlite3.DatabaseError as failed:
            raise StoreFailed(found=f"{self._name}: {failed}") from failed


@contextmanager
def held(path: Path) -> Iterator[HeldDatabase]:
    """Hold one commit of a database while the caller copies it; writers go on.

    Nothing that was committed before is missing from it, and nothing after is in it. While it is
    held the write-ahead log grows with what others write.

    Raises:
        StoreFailed: If it cannot be read.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"  # Never makes a file.
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=60)
    except sqlite3.DatabaseError as failed:
        raise StoreFailed(found=f"{path.name}: {failed}") from failed
    with closing(connection):
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.DatabaseError as failed:
            raise StoreFailed(found=f"{path.name}: {failed}") from failed
        yield HeldDatabase(connection, path.name)
