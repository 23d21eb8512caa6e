"""Connections to a PostgreSQL database: borrowed, given back, and words for what goes wrong."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bioloom.ledger.stores.protocol import StoreFailed
from bioloom.vocabulary.refusal import Refusal

Connection = psycopg.Connection[tuple[Any, ...]]

_CONNECT_S = 10
# As long as whoever wants SQLite's pen waits for it.
_PATIENCE = "60s"
_MOST_FREE = 8


class ServerFailed(StoreFailed):
    """A database server could not be reached, or could not do its work."""

    def __init__(self, *, address: str, found: str) -> None:
        self.address, self.found = address, found
        Refusal.__init__(
            self,
            what=f"The journal in {address} cannot be read or written: {found}.",
            why="What was acknowledged before stays as it is; nothing was recorded now.",
            remedy="See that the server runs and the role may do this, and try again.",
        )


class OutcomeUnknown(StoreFailed):
    """The connection was lost while the server confirmed a commit, and stays lost."""

    def __init__(self, *, address: str, found: str) -> None:
        self.address, self.found = address, found
        Refusal.__init__(
            self,
            what=f"{address} did not say whether it recorded this: {found}.",
            why="The connection was lost while the server confirmed it.",
            remedy="Submit the same again once the server answers: what is recorded already is "
            "told by its key, and not recorded twice.",
        )


def shown(address: str) -> str:
    """An address as it may be shown to anybody: without its password.

    >>> shown("postgresql://ana:secret@db/nyc?connect_timeout=5")
    'postgresql://ana@db/nyc'
    """
    try:
        said = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return "the address in its settings"
    user = f"{said['user']}@" if said.get("user") else ""
    port = f":{said['port']}" if said.get("port") else ""
    return f"postgresql://{user}{said.get('host') or ''}{port}/{said.get('dbname') or ''}"


def said_by(failed: psycopg.Error) -> str:
    """What a server or its driver says of a failure, on one line."""
    if isinstance(failed, errors.QueryCanceled):
        return "interrupted"
    if isinstance(failed, errors.LockNotAvailable):
        return "somebody else has been writing for a minute"
    said = failed.diag.message_primary or str(failed) or type(failed).__name__
    return " ".join(said.split()).rstrip(".")


class Connections:
    """Connections to one database. Each is used by one thread at a time, and gone with the last."""

    def __init__(self, address: str, *, schema: str) -> None:
        self.address, self.shown, self.schema = address, shown(address), schema
        self.interruptions = 0
        self._lock = threading.Lock()
        self._free: list[Connection] = []
        self._lent: set[Connection] = set()

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """Borrow a connection in which no transaction is open; what fails is told as a refusal.

        Raises:
            ServerFailed: If the server cannot be reached, or fails inside.
        """
        with self._lock:
            connection = self._free.pop() if self._free else None
        with self.failures():
            connection = connection or self._connect()
            with self._lock:
                self._lent.add(connection)
            try:
                yield connection
            finally:
                self._take_back(connection)

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Tell whatever the database says inside as a refusal."""
        try:
            yield
        except psycopg.Error as failed:
            raise ServerFailed(address=self.shown, found=said_by(failed)) from failed

    def interrupt(self) -> None:
        """Let every query that runs now fail."""
        with self._lock:
            self.interruptions += 1
            lent = list(self._lent)
        for connection in lent:
            with suppress(psycopg.Error):
                connection.cancel_safe()

    def close(self) -> None:
        """Close every connection; a new one is made if somebody asks again."""
        with self._lock:
            every = [*self._free, *self._lent]
            self._free.clear()
            self._lent.clear()
        for connection in every:
            connection.close()

    def _connect(self) -> Connection:
        connection = psycopg.connect(
            make_conninfo(self.address, client_encoding="utf8"),
            autocommit=True,
            connect_timeout=_CONNECT_S,
            application_name="bioloom",
        )
        settings = {
            "search_path": self.schema,
            "synchronous_commit": "on",
            "lock_timeout": _PATIENCE,
            "TimeZone": "UTC",
        }
        set_each = ", ".join("set_config(%s, %s, false)" for _ in settings)
        values = [text for setting in settings.items() for text in setting]
        connection.execute(f"SELECT {set_each}".encode(), values)
        return connection

    def _take_back(self, connection: Connection) -> None:
        with self._lock:
            self._lent.discard(connection)
            is_idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
            if is_idle and len(self._free) < _MOST_FREE:
                self._free.append(connection)
                return
            # One that broke was not the only one: the server was away.
            dropped = [connection, *self._free] if connection.broken else [connection]
            if connection.broken:
                self._free.clear()
        for one in dropped:
            one.close()
