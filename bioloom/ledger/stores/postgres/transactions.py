"""Transactions on a PostgreSQL database: of which thread, in whose turn, and whether they ended."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from uuid import uuid4

import psycopg

from bioloom.ledger.stores.postgres.connecting import (
    Connection,
    Connections,
    OutcomeUnknown,
    ServerFailed,
    said_by,
)
from bioloom.ledger.stores.postgres.laying_out import examine, wait_for_the_pen
from bioloom.ledger.stores.protocol import EntryRow

# So many rows are fetched at a time; a larger number only takes more memory.
PIECE = 1_000
Row = tuple[Any, ...]


class Transactions:
    """What each thread reads and writes, inside a transaction of its own or statement by statement.

    Everything here raises ServerFailed if the server cannot be reached, or fails.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        # What this thread's transaction runs on, and the last entry it has written.
        self._local = threading.local()

    @property
    def is_open(self) -> bool:
        """Whether this thread is inside a transaction."""
        return getattr(self._local, "connection", None) is not None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold one snapshot of the database; who writes is not held up."""
        with self._connections.lent() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            with self._running_on(connection):
                yield
            connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Wait for one's turn; commit at the end, roll back on any exception.

        Raises:
            OutcomeUnknown: If the server did not say whether it committed.
        """
        with self._connections.lent() as connection:
            # Each statement sees what was committed before it: the first after the lock sees all.
            connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            wait_for_the_pen(connection, self._connections.schema)
            # Somebody may have made the journal anew since it was opened.
            examine(connection, self._connections.schema, address=self._connections.shown)
            with self._running_on(connection):
                yield
            self._commit(connection)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """This thread's transaction, or else a connection on which each statement is its own."""
        if self.is_open:
            with self._connections.failures():
                yield self._local.connection
        else:
            with self._connections.lent() as borrowed:
                yield borrowed

    def wrote(self, entry: EntryRow) -> None:
        """Note the last entry of this transaction, by which it is told whether it was committed."""
        self._local.written = entry

    def all(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """All that a query finds."""
        with self.connection() as connection:
            return connection.execute(query.encode(), values, binary=True).fetchall()

    def streamed(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """What a query finds, by a cursor of the server: memory does not grow with it."""
        interruptions = self._connections.interruptions
        with ExitStack() as ending:
            if not self.is_open:
                # Not this thread's: it may read and write other things in between.
                connection = ending.enter_context(self._connections.lent())
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                ending.callback(_roll_back, connection)
            else:
                connection = ending.enter_context(self.connection())
            cursor = ending.enter_context(connection.cursor(uuid4().hex, binary=True))
            cursor.execute(query.encode(), values)
            while found := cursor.fetchmany(PIECE):
                yield from found
                self.go_on(since=interruptions)

    def by_number(
        self, query: str, after: int, before: int, values: Sequence[object]
    ) -> Iterator[Row]:
        """What a query finds that begins with a number, each piece from where the last ended.

        No transaction stays open meanwhile, however long the reader takes.

        Args:
            query: Of the first `PIECE` rows with numbers between two bounds, in order.
            after: Numbers are above this.
            before: Numbers are below this.
            values: What else the query asks for.
        """
        interruptions = self._connections.interruptions
        while True:
            found = self.all(query, [after, before, *values])
            yield from found
            if len(found) < PIECE:
                return
            self.go_on(since=interruptions)
            after = found[-1][0]

    def go_on(self, *, since: int) -> None:
        """See that nobody has interrupted what is read."""
        if self._connections.interruptions != since:
            raise ServerFailed(address=self._connections.shown, found="interrupted")

    @contextmanager
    def _running_on(self, connection: Connection) -> Iterator[None]:
        """Let this thread's queries run in a transaction; roll it back if anything fails."""
        self._local.connection, self._local.written = connection, None
        with ExitStack() as failing:
            failing.callback(_roll_back, connection)
            try:
                yield
            finally:
                self._local.connection = None
            failing.pop_all()

    def _commit(self, connection: Connection) -> None:
        """Commit; where the connection is lost meanwhile, find out whether the server did."""
        written: EntryRow | None = self._local.written
        try:
            connection.execute("COMMIT")
        except psycopg.OperationalError as lost:
            if written is None or not connection.broken or not self._was_recorded(written, lost):
                raise

    def _was_recorded(self, row: EntryRow, lost: psycopg.Error) -> bool:
        """Whether an entry is in the record, once whoever was writing it has ended."""
        query = "SELECT hash FROM entries WHERE seq = %s"
        try:
            with self._connections.lent() as connection, connection.transaction():
                wait_for_the_pen(connection, self._connections.schema)
                found = connection.execute(query, [row.seq], binary=True).fetchone()
        except ServerFailed as failed:
            raise OutcomeUnknown(address=self._connections.shown, found=said_by(lost)) from failed
        # A hash stands on all entries before it, so it cannot be another's.
        return found == (row.hash,)


def _roll_back(connection: Connection) -> None:
    with suppress(psycopg.Error):  # What went wrong before says more.
        connection.execute("ROLLBACK")
