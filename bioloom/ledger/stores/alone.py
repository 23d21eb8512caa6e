"""A journal's file for one alone: its entries read out, and another file put in its place."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path

from bioloom.ledger.stores.protocol import EntryRow, StoreFailed
from bioloom.vocabulary.refusal import Refusal

_PATIENCE_S = 3

# What agents have of one lot: its number, and rights and custody by agent.
LotHeld = tuple[int, dict[str, tuple[int, int]]]


class JournalInUse(Refusal):
    """A journal's file should be replaced while somebody has it open."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            what=f"'{name}' is open elsewhere.",
            why="Its file is to be replaced, and what is written to it meanwhile would be lost.",
            remedy="Stop `bioloom serve` and other commands on this city, and try again.",
        )


class JournalOlder(Refusal):
    """A journal that an older Bioloom wrote, as it is until it is brought up to date."""

    def __init__(self, *, name: str, layout: int) -> None:
        self.name, self.layout = name, layout
        super().__init__(
            what=f"'{name}' has layout {layout}, of an older Bioloom.",
            why="What stands beside its entries is looked for in other places now.",
            remedy="Bring it up to date: `bioloom rebuild DIR`. Its old file is kept.",
        )


class JournalNewer(Refusal):
    """A journal that a newer Bioloom wrote."""

    def __init__(self, *, name: str, layout: int, known: int) -> None:
        self.name, self.layout, self.known = name, layout, known
        super().__init__(
            what=f"'{name}' has layout {layout}; this Bioloom knows layouts up to {known}.",
            why="A newer Bioloom wrote it, and guessing could destroy what it means.",
            remedy="Use that Bioloom or a newer one. Nothing was changed.",
        )


class AloneJournal:
    """A journal's file that nobody else has open, of whatever layout. `alone` opens it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, layout: int) -> None:
        self._path, self._connection, self.layout = path, connection, layout

    def rows(self) -> Iterator[EntryRow]:
        """Every entry in order; their table is the same in every layout.

        Raises:
            StoreFailed: If they cannot be read.
        """
        try:
            found = self._connection.execute(
                "SELECT seq, kind, text, hash FROM entries ORDER BY seq"
            )
            yield from map(EntryRow._make, found)
        except sqlite3.DatabaseError as failed:
            raise StoreFailed(found=f"{self._path.name}: {failed}") from failed

    def held(self) -> Iterator[LotHeld]:
        """What agents have, lot by lot; balances of nothing are left out.

        Raises:
            StoreFailed: If it cannot be read.
        """
        return _held(self._connection, self._path)

    def replace_by(self, beside: Path) -> Path:
        """Put a whole file in this one's place, durably, and keep this one under another name.

        Whoever waits for this file meanwhile has the old one open then; `SqliteStore.writing` sees
        that and refuses to write to it.

        Returns:
            Where the old file is now.
        """
        kept = self._kept_name()
        with beside.open("rb") as whole:
            os.fsync(whole.fileno())
        if not kept.exists():
            kept.hardlink_to(self._path)
        beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return kept

    def _kept_name(self) -> Path:
        """A free name, or the one that was given to this very file before it was interrupted."""
        ends = ("" if number == 1 else f"-{number}" for number in count(1))
        names = (self._path.with_suffix(f".layout-{self.layout}{end}.db") for end in ends)
        return next(name for name in names if not name.exists() or name.samefile(self._path))


def held_in(path: Path) -> Iterator[LotHeld]:
    """What agents have by a journal of today's layout, as `AloneJournal.held` tells it."""
    with closing(sqlite3.connect(path)) as connection:
        yield from _held(connection, path)


def _held(connection: sqlite3.Connection, path: Path) -> Iterator[LotHeld]:
    query = (
        "SELECT holdings.*, agents.id FROM holdings JOIN agents ON number = account ORDER BY lot"
    )
    try:
        for lot, rows in groupby(connection.execute(query), key=itemgetter(0)):
            # Columns by place: their names were others once.
            units = {row[4]: (row[2], row[3]) for row in rows if row[2] or row[3]}
            if units:
                yield lot, units
    except sqlite3.DatabaseError as failed:
        raise StoreFailed(found=f"{path.name}: {failed}") from failed


@contextmanager
def alone(path: Path, *, known: int) -> Iterator[AloneJournal]:
    """Have a journal's file for oneself: nobody else can open it until the end of `with`.

    Its write-ahead log is taken into the file first, so that the file by itself is the journal. Who
    wants the same meanwhile waits.

    Args:
        path: The file.
        known: The newest layout that can be read.

    Raises:
        JournalInUse: If somebody has it open.
        JournalNewer: If its layout is newer; nothing is changed then.
        StoreFailed: If it cannot be read.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with (
            _turn(path.absolute().parent),
            closing(
                sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE_S)
            ) as connection,
        ):
            (layout,) = connection.execute("PRAGMA user_version").fetchone()
            if layout > known:
                raise JournalNewer(name=path.name, layout=layout, known=known)
            _leave_the_log(connection)
            connection.execute("BEGIN EXCLUSIVE")
            yield AloneJournal(path, connection, layout=layout)
            with suppress(sqlite3.DatabaseError):  # A damaged file ends it by itself.
                connection.execute("COMMIT")
    except sqlite3.OperationalError as failed:
        if "locked" in str(failed):
            raise JournalInUse(name=path.name) from failed
        raise StoreFailed(found=f"{path.name}: {failed}") from failed
    except sqlite3.DatabaseError as failed:
        raise StoreFailed(found=f"{path.name}: {failed}") from failed


def _leave_the_log(connection: sqlite3.Connection) -> None:
    """Do without a write-ahead log; SQLite itself does not wait for whoever has the file open."""
    last_try_s = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as failed:
            if "locked" not in str(failed) or time.monotonic() > last_try_s:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait for one's turn in a folder. Its files are not opened: that would undo SQLite's locks."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
