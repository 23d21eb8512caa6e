"""The register in one SQLite file, which only its owner may read, and which really forgets."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import TypeVar

from bioloom.doors.register.stores.rows import TABLES, City
from bioloom.vocabulary.refusal import Refusal

R = TypeVar("R", bound=tuple[object, ...])

# "Blrg" in the file's header tells a register from any other SQLite file.
_APPLICATION_ID = 0x426C7267
_LAYOUT = 1
_ONLY_THE_OWNER = 0o600


class NotARegister(Refusal):
    """A file that should be a register is something else, of another city, or damaged."""

    def __init__(self, *, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(
            what=f"'{name}' cannot be used as this city's register: {found}.",
            why="It says who people are; a wrong one would let the wrong people in.",
            remedy="Restore it from a backup, or move it away: a new one is made, without names "
            "and credentials.",
        )


class RegisterFailed(Refusal):
    """The register could not be read or written: out of room, damaged, or held by somebody."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The register cannot be read or written: {found}.",
            why="Nothing was changed.",
            remedy="See that the disk has room and no other program holds the file, and try again.",
        )


class StillReadable(Refusal):
    """What was deleted may still stand in the write-ahead log."""

    def __init__(self) -> None:
        super().__init__(
            what="It is forgotten, but another program reads the register at this moment.",
            why="Until that ends, the file beside it keeps what it was.",
            remedy="Close the other program, and do the same again.",
        )


class SqliteRegister:
    """One register file. Any number of threads may ask; they wait for each other."""

    def __init__(self, path: Path, *, city: str) -> None:
        """Open a register, or make an empty one where there is no file.

        Args:
            path: Its file.
            city: The id of the first entry of the record that it belongs to.

        Raises:
            NotARegister: If the file is something else, or another city's.
        """
        self._lock = threading.RLock()
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, _ONLY_THE_OWNER))
        self._connection = sqlite3.connect(
            path, isolation_level=None, timeout=20, check_same_thread=False
        )
        try:
            self._examine(path.name, city)
        except sqlite3.DatabaseError as damaged:
            self.close()
            raise NotARegister(name=path.name, found=str(damaged)) from damaged
        except Refusal:
            self.close()
            raise

    def _examine(self, name: str, city: str) -> None:
        # In memory: a temporary file would be one more place that cannot forget.
        for pragma in ("secure_delete = ON", "temp_store = MEMORY", "synchronous = FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self.writing():
            if self._kind() == (0, 0) and not self._has_tables():
                self._lay_out(city)
        application, layout = self._kind()
        if (application, layout) != (_APPLICATION_ID, _LAYOUT):
            raise NotARegister(name=name, found=f"application {application:#x}, layout {layout}")
        if self.rows(City) != [City(city)]:
            raise NotARegister(name=name, found="it belongs to another city")

    def _kind(self) -> tuple[int, int]:
        query = (
            "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version"
        )
        application, layout = self._connection.execute(query).fetchone()
        return application, layout

    def _has_tables(self) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall())

    def _lay_out(self, city: str) -> None:
        schema = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
        for statement in schema.split(";\n"):
            self._connection.execute(statement)
        self.add(City(city))
        self._connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version = {_LAYOUT}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the only pen: all that is changed inside becomes durable together, or not at all."""
        with self._lock:
            try:
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    yield
            except sqlite3.OperationalError as failed:
                raise RegisterFailed(found=str(failed)) from failed

    def add(self, row: tuple[object, ...]) -> None:
        """Add a row. Only inside `writing`."""
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT INTO {TABLES[type(row)]} VALUES ({marks})", row)

    def put(self, row: tuple[object, ...]) -> None:
        """Add a row, or replace the one of the same key. Only inside `writing`."""
        marks = ", ".join("?" * len(row))
        self._connection.execute(
            f"INSERT OR REPLACE INTO {TABLES[type(row)]} VALUES ({marks})", row
        )

    def rows(self, kind: type[R], **where: object) -> list[R]:
        """The rows of a kind with these values."""
        with self._lock:
            condition = _condition(where)
            query = f"SELECT * FROM {TABLES[kind]}{condition} ORDER BY 1"
            try:
                found = self._connection.execute(query, tuple(where.values())).fetchall()
            except sqlite3.DatabaseError as failed:
                raise RegisterFailed(found=str(failed)) from failed
            return [tuple.__new__(kind, row) for row in found]

    def row(self, kind: type[R], **where: object) -> R | None:
        """The one row with these values, or none."""
        return next(iter(self.rows(kind, **where)), None)

    def remove(self, kind: type[tuple[object, ...]], **where: object) -> int:
        """Delete rows with these values, and say how many there were. Only inside `writing`."""
        query = f"DELETE FROM {TABLES[kind]}{_condition(where)}"
        return self._connection.execute(query, tuple(where.values())).rowcount

    def purge(self) -> None:
        """Leave nothing of what was deleted in any file.

        Raises:
            StillReadable: If another program keeps the write-ahead log from being emptied.
        """
        with self._lock:
            try:
                # Deleted cells are overwritten at once; this rewrites the pages they moved in.
                self._connection.execute("VACUUM")
                busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as failed:
                raise RegisterFailed(found=str(failed)) from failed
        if busy:
            raise StillReadable

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _condition(where: dict[str, object]) -> str:
    return " WHERE " + " AND ".join(f"{column} IS ?" for column in where) if where else ""
