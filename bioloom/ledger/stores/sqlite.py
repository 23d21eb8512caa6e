"""The journal in one SQLite file: write-ahead log, and every commit on the disk when it returns."""

import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from importlib import resources
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakSet

import msgspec

from bioloom.ledger.numbering import AT_OUTSIDE, LAST_EDGE
from bioloom.ledger.stores.alone import JournalNewer, JournalOlder
from bioloom.ledger.stores.bindings.sqlite import SqliteBindings, write_legs
from bioloom.ledger.stores.protocol import (
    BULK_KINDS,
    LAYOUT,
    Batch,
    EntryRow,
    Holding,
    KeyRow,
    LegRow,
    StoreFailed,
)
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal

# "Bloo" in the file's header tells a journal from any other SQLite file.
_APPLICATION_ID = 0x426C6F6F
# Named tuples straight from SQLite's tuples; their own `_make` is five times slower.
_entry_row = partial(tuple.__new__, EntryRow)
_key_row = partial(tuple.__new__, KeyRow)
_leg_row = partial(tuple.__new__, LegRow)
_holding = partial(tuple.__new__, Holding)
_GIVEN = "(SELECT value FROM json_each(?))"
# Spelt as in the schema, whose partial index serves where this is denied.
_IS_BULK = f"kind IN ({', '.join(repr(kind) for kind in BULK_KINDS)})"

# A damaged schema may be quoted in a message that is then no UTF-8.
_FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)

_SCHEMA_QUERY = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
_NET_MG = f"CASE giver WHEN {AT_OUTSIDE} THEN rights_units ELSE -rights_units END"


class NotAJournal(Refusal):
    """A file that should be a journal is something else, or is damaged."""

    def __init__(self, *, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(
            what=f"'{name}' cannot be read as a journal: {found}.",
            why="Writing into it could destroy what it holds.",
            remedy="Name the right folder, or restore the journal from a backup.",
        )


class _Connection(sqlite3.Connection):
    """A connection that is closed when the thread that it served is gone."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # It could not be opened.
            self.close()


class SqliteStore:
    """One journal file, shared by threads and processes; one writer at a time waits its turn."""

    def __init__(self, path: Path) -> None:
        """Open a journal, or make an empty one where there is no file.

        Raises:
            NotAJournal: If the file is something else.
            JournalOlder, JournalNewer: If another Bioloom wrote it.
        """
        self._path = path
        self._local = threading.local()
        self._opened: WeakSet[_Connection] = WeakSet()
        self.bindings = SqliteBindings(self._query, self._select)
        with ExitStack() as failing:
            failing.callback(self.close)
            try:
                if not path.exists():
                    _make(path)
                self._file = path.stat().st_ino
                self._examine()
            except _FAILURES as damaged:
                raise NotAJournal(name=path.name, found=str(damaged)) from damaged
            failing.pop_all()

    def _examine(self) -> None:
        """See that the file is a journal of this layout before anything is read or written."""
        query = (
            "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version"
        )
        application, layout = self._connection.execute(query).fetchone()
        if application != _APPLICATION_ID:
            raise NotAJournal(name=self._path.name, found=f"application {application:#x}")
        if layout < LAYOUT:
            raise JournalOlder(name=self._path.name, layout=layout)
        if layout > LAYOUT:
            raise JournalNewer(name=self._path.name, layout=layout, known=LAYOUT)
        # A rebuilding that was killed may have left it without its log.
        self._connection.execute("PRAGMA journal_mode = WAL")

    @property
    def _connection(self) -> sqlite3.Connection:
        """This thread's own connection."""
        connection: _Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self._path,
                isolation_level=None,
                timeout=60,
                check_same_thread=False,
                factory=_Connection,
            )
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA wal_autocheckpoint = 16000")  # 64 MiB of log at most.
            connection.execute("PRAGMA cache_size = -32768")  # 32 MiB.
            self._local.connection = connection
            self._opened.add(connection)
        return connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold one snapshot of the file; who writes is not held up."""
        try:
            connection = self._connection
            connection.execute("BEGIN")
            try:
                yield
            finally:
                if connection.in_transaction:  # SQLite ends it itself where the file is damaged.
                    connection.execute("COMMIT")
        except _FAILURES as failed:
            raise StoreFailed(found=str(failed)) from failed

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold SQLite's write lock; commit at the end, roll back on any exception."""
        try:
            with self._connection as connection:  # Commits, or rolls back.
                connection.execute("BEGIN IMMEDIATE")
                if self._path.stat().st_ino != self._file:
                    raise StoreFailed(found="its file was replaced since it was opened")
                yield
        except _FAILURES as failed:
            raise StoreFailed(found=str(failed)) from failed

    def write(self, batch: Batch) -> None:
        """Add rows. See `Store.write`."""
        connection = self._connection
        newest = [(row.newest, row.key) for row in batch.keys_corrected]
        for statement, rows in (
            ("INSERT INTO entries VALUES (?, ?, ?, ?)", batch.entries),
            ("INSERT INTO keys VALUES (?, ?, ?)", batch.keys),
            ("UPDATE keys SET newest = ? WHERE key = ?", newest),
            ("INSERT INTO agents VALUES (?, ?)", batch.agents),
            ("INSERT INTO lot_names VALUES (?, ?)", batch.lot_names),
            ("INSERT INTO mentions VALUES (?, ?)", batch.mentions),
        ):
            if rows:
                connection.executemany(statement, rows)
        write_legs(connection, batch)

    def last(self) -> EntryRow | None:
        """The newest entry."""
        query = "SELECT * FROM entries ORDER BY seq DESC LIMIT 1"
        return next(map(_entry_row, self._query(query)), None)

    def rows(
        self, *, after: int = 0, before: int | None = None, kinds: Collection[str] | None = None
    ) -> Iterator[EntryRow]:
        """Entries in order. See `Store.rows`."""
        end = 2**63 - 1 if before is None else before
        which, names = "", []
        if kinds is not None:
            names = [msgspec.json.encode(sorted(kinds)).decode()]
            which = f"AND kind IN {_GIVEN}"
            if not set(kinds) & set(BULK_KINDS):
                which += f" AND NOT {_IS_BULK}"  # Spelt out, so that the partial index serves.
        query = f"SELECT * FROM entries WHERE seq > ? AND seq < ? {which} ORDER BY seq"
        return map(_entry_row, self._query(query, (after, end, *names)))

    def rows_at(self, seqs: Sequence[int]) -> dict[int, EntryRow]:
        """Entries by sequence number."""
        found = self._select(f"SELECT * FROM entries WHERE seq IN {_GIVEN}", seqs)
        return {row.seq: row for row in map(_entry_row, found)}

    def keys(self, keys: Sequence[str]) -> dict[str, KeyRow]:
        """Those of some idempotency keys that are known."""
        rows = map(_key_row, self._select(f"SELECT * FROM keys WHERE key IN {_GIVEN}", keys))
        return {row.key: row for row in rows}

    def count_keys(self) -> tuple[int, int]:
        """How many keys there are, and how many were corrected."""
        query = "SELECT count(*), count(*) FILTER (WHERE newest <> first) FROM keys"
        total, corrected = next(self._query(query))
        return total, corrected

    def agents(self) -> dict[AgentId, int]:
        """Every numbered agent."""
        return {name: number for number, name in self._query("SELECT * FROM agents")}

    def lot_numbers(self, names: Sequence[LotId]) -> dict[LotId, int]:
        """Those of some lots that do not bear their entry's key, by name."""
        return dict(self._select(f"SELECT * FROM lot_names WHERE lot IN {_GIVEN}", names))

    def mentions(self, about: Sequence[str]) -> dict[str, list[int]]:
        """Sequence numbers of the entries about each of some things, in order."""
        query = f"SELECT about, seq FROM mentions WHERE about IN {_GIVEN} ORDER BY about, seq"
        found: dict[str, list[int]] = {}
        for name, seq in self._select(query, about):
            found.setdefault(name, []).append(seq)
        return found

    def count_named(self) -> tuple[int, int]:
        """How many lots bear a name of their own, and how many mentions there are."""
        query = "SELECT (SELECT count(*) FROM lot_names), (SELECT count(*) FROM mentions)"
        lots, mentions = next(self._query(query))
        return lots, mentions

    def legs(self, lot: int) -> list[LegRow]:
        """All legs of one lot, in the order of recording."""
        query = "SELECT * FROM legs WHERE lot = ? ORDER BY seq, ordinal"
        return [_leg_row(row) for row in self._query(query, (lot,))]

    def legs_of(self, lots: Sequence[int]) -> Iterator[LegRow]:
        """All legs of some lots, lot by lot, each in the order of recording."""
        query = f"SELECT * FROM legs WHERE lot IN {_GIVEN} ORDER BY lot, seq, ordinal"
        return map(_leg_row, self._select(query, lots))

    def legs_with(self, accounts: Sequence[int]) -> Iterator[LegRow]:
        """All legs in which one of some agents gives or receives. See `Store.legs_with`."""
        which = f"giver IN {_GIVEN} OR receiver IN {_GIVEN} ORDER BY lot, seq, ordinal"
        query = f"SELECT * FROM legs WHERE {which}".replace("?", "?1")
        return map(_leg_row, self._select(query, accounts))

    def all_legs(self, *, after: int = 0) -> Iterator[LegRow]:
        """Legs in the order of recording. See `Store.all_legs`."""
        query = "SELECT * FROM legs WHERE seq > ? ORDER BY seq, ordinal"
        return map(_leg_row, self._query(query, (after,)))

    def legs_of_moved_lots(self) -> Iterator[LegRow]:
        """The legs of those lots that some agent has given on, lot by lot."""
        query = f"""
            SELECT * FROM legs WHERE lot IN (SELECT lot FROM legs WHERE giver > {LAST_EDGE})
            ORDER BY lot, seq, ordinal
        """
        return map(_leg_row, self._query(query))

    def holdings(self, lots: Sequence[int]) -> list[Holding]:
        """What agents have of some lots."""
        query = f"SELECT * FROM holdings WHERE lot IN {_GIVEN} AND rights_units + custody_units > 0"
        return [_holding(row) for row in self._select(query, lots)]

    def arrived_mg(self, start_ms: int, end_ms: int) -> dict[int, int]:
        """Net mass from outside, by lot. See `Store.arrived_mg`."""
        query = f"""
            SELECT lot, sum({_NET_MG}) AS net_mg FROM legs
            WHERE (giver = {AT_OUTSIDE} OR receiver = {AT_OUTSIDE})
                AND occurred_ms >= ? AND occurred_ms < ? GROUP BY lot HAVING net_mg > 0
        """
        return dict(self._query(query, (start_ms, end_ms)))

    def held(self, before_ms: int) -> Iterator[Holding]:
        """What agents have of lots that came from outside before an instant."""
        query = f"""
            SELECT * FROM holdings WHERE rights_units + custody_units > 0 AND lot IN (
                SELECT lot FROM legs WHERE giver = {AT_OUTSIDE} AND occurred_ms < ?
            ) ORDER BY lot, account
        """
        return map(_holding, self._query(query, (before_ms,)))

    def arrivals_by_instant(self) -> dict[int, int]:
        """Net mass from outside, by when it occurred."""
        query = f"""
            SELECT occurred_ms, sum({_NET_MG}) AS net_mg FROM legs
            WHERE {AT_OUTSIDE} IN (giver, receiver) GROUP BY occurred_ms HAVING net_mg > 0
        """
        return dict(self._query(query))

    def holdings_amiss(self) -> list[Holding]:
        """By how much balances differ from the sum of their legs, where they do."""
        query = f"""
            SELECT lot, account, sum(rights_units) AS rights, sum(custody_units) AS custody FROM (
                SELECT lot, receiver AS account, rights_units, custody_units FROM legs
                UNION ALL SELECT lot, giver, -rights_units, -custody_units FROM legs
                UNION ALL SELECT lot, account, -rights_units, -custody_units FROM holdings
            ) WHERE account > {LAST_EDGE} GROUP BY lot, account HAVING rights OR custody
        """
        return [_holding(row) for row in self._query(query)]

    def keys_amiss(self) -> list[KeyRow]:
        """Keys that are not the key of their first entry."""
        # A key that JSON writes as it is stands in the text as it is: only others need decoding.
        query = """
            SELECT keys.* FROM keys LEFT JOIN entries ON seq = first
            WHERE seq IS NULL OR
                instr(text, CAST('"idempotency_key":"' || key || '",' AS BLOB)) = 0 AND iif(
                    json_valid(CAST(text AS TEXT)),
                    json_extract(CAST(text AS TEXT), '$.idempotency_key') IS NOT key, TRUE
                )
        """
        return [_key_row(row) for row in self._query(query)]

    def damage(self) -> list[str]:
        """Damaged pages and indexes, and any difference from the schema this Bioloom makes."""
        found = [what for (what,) in self._query("PRAGMA integrity_check") if what != "ok"]
        damaged = [f"the file is damaged: {what}" for what in found]
        with closing(sqlite3.connect(":memory:")) as fresh:
            fresh.executescript(_schema())
            ours = set(_named(fresh.execute(_SCHEMA_QUERY)))
        theirs = set(_named(self._query(_SCHEMA_QUERY)))
        missing = [
            f"the schema lacks '{what[1]}' as it should be" for what in sorted(ours - theirs)
        ]
        foreign = [f"the schema has a '{what[1]}' of its own" for what in sorted(theirs - ours)]
        return damaged + missing + foreign

    def interrupt(self) -> None:
        """Let every thread's query fail, so that it ends soon."""
        for connection in list(self._opened):
            connection.interrupt()

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in list(self._opened):
            connection.close()
        self._opened.clear()

    def _query(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            found = self._connection.execute(query, values)
        except _FAILURES as failed:
            raise StoreFailed(found=str(failed)) from failed
        return _fetched(found)

    def _select(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        if not values:
            return iter(())
        # As one JSON text, so that there is one statement for any number of values.
        return self._query(query, (msgspec.json.encode(list(values)).decode(),))


def _make(path: Path) -> None:
    """Lay a journal out beside its place, and put it there whole, unless somebody was faster."""
    with TemporaryDirectory(dir=path.parent) as beside:
        made = Path(beside) / path.name
        with closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in _statements(_schema()):
                connection.execute(statement)
            connection.executemany("INSERT INTO agents VALUES (?, ?)", enumerate(BOUNDARY, start=1))
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {LAYOUT}")
            connection.execute("COMMIT")
        with suppress(FileExistsError):
            path.hardlink_to(made)


def _fetched(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    try:
        yield from chain(cursor)  # A chain has nothing to close if nobody reads to the end.
    except _FAILURES as failed:
        raise StoreFailed(found=str(failed)) from failed


def _schema() -> str:
    return resources.files(__package__).joinpath("schema.sql").read_text("utf-8")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would commit before it begins."""
    statement = ""
    for line in script.splitlines(keepends=True):
        if statement.strip() or not line.startswith("--"):
            statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip().rstrip(";")
            statement = ""


def _named(found: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """What a schema has, indexes that SQLite makes by itself among it; blanks do not count."""
    for kind, name, table, sql in found:
        yield kind, name, table, " ".join((sql or "").split())
