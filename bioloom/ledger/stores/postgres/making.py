"""Making a journal in a PostgreSQL database: empty, or beside another whose place it takes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count, groupby
from operator import itemgetter

import psycopg
from psycopg import sql

from bioloom.ledger.stores.alone import JournalNewer, LotHeld
from bioloom.ledger.stores.postgres.connecting import Connection, Connections
from bioloom.ledger.stores.postgres.laying_out import (
    SCHEMA,
    NotAJournalThere,
    find_names_by,
    is_laid_out,
    lay_out,
    layout_of,
    pen_of,
    refuse_another,
)
from bioloom.ledger.stores.postgres.store import ENTRY, PostgresStore, entry_row
from bioloom.ledger.stores.postgres.transactions import PIECE, Transactions
from bioloom.ledger.stores.protocol import LAYOUT, EntryRow

_HELD = """
    SELECT lot, id, rights_units, custody_units FROM holdings JOIN agents ON number = account
    WHERE rights_units <> 0 OR custody_units <> 0 ORDER BY lot
"""
_EVERY_ENTRY = f"{ENTRY} WHERE seq > %s AND seq < %s ORDER BY seq LIMIT {PIECE}"


def make_journal(address: str, *, owner: str | None = None, schema: str = SCHEMA) -> PostgresStore:
    """Make an empty journal in a database, and open it.

    Args:
        address: By which it will be read and written.
        owner: The same database by the role that is to own the journal, and may make schemas;
            otherwise one role is owner and writer.
        schema: Where in the database the journal is to stand.

    Raises:
        JournalThere: If there is one already.
        EncodingUnfit: If the database cannot keep every text.
        ServerFailed: If the server cannot be reached, or the owner may not make schemas.
    """
    writer = _role_of(address)
    owning = Connections(owner or address, schema=schema)
    with closing(owning), owning.lent() as connection, connection.transaction():
        lay_out(connection, schema, address=owning.shown, writer=writer)
    return PostgresStore(address, schema=schema)


class AnewBeside:
    """A journal, if there is one, to which nobody else writes; and an empty one beside it.

    Who reads goes on reading. `anew_beside` opens it.
    """

    def __init__(
        self, connection: Connection, connections: Connections, schema: str, made: PostgresStore
    ) -> None:
        self._connection, self._connections, self._schema = connection, connections, schema
        self.made = made
        self.is_there = is_laid_out(connection, schema)
        self.layout = layout_of(connection, schema) if self.is_there else LAYOUT

    def rows(self) -> Iterator[EntryRow]:
        """Every entry of the journal in order; their table is the same in every layout."""
        found = Transactions(self._connections).by_number(_EVERY_ENTRY, 0, 2**63 - 1, ())
        return map(entry_row, found)

    def held(self) -> Iterator[LotHeld]:
        """What agents have, lot by lot; balances of nothing are left out."""
        return _held(self._connections)

    def held_anew(self) -> Iterator[LotHeld]:
        """What agents have by the journal beside."""
        with closing(Connections(self._connections.address, schema=_beside(self._schema))) as anew:
            yield from _held(anew)

    def replace(self) -> str:
        """Let the journal beside take the place, at one moment; the old one gets another name.

        Returns:
            The name that the old one's schema has now; empty if there was none.
        """
        self.made.close()
        kept, connection = "", self._connection
        with connection.transaction():
            if self.is_there:
                kept = self._kept_name()
                _rename(connection, self._schema, kept)
            _rename(connection, _beside(self._schema), self._schema)
            if kept:
                history = sql.SQL(
                    "INSERT INTO {} SELECT number, made_at FROM {} ON CONFLICT DO NOTHING"
                )
                tables = (sql.Identifier(name, "layouts") for name in (self._schema, kept))
                connection.execute(history.format(*tables))
        return kept

    def _kept_name(self) -> str:
        ends = ("" if number == 1 else f"_{number}" for number in count(1))
        names = (f"{self._schema}_layout_{self.layout}{end}" for end in ends)
        return next(name for name in names if not is_laid_out(self._connection, name))


@contextmanager
def anew_beside(
    address: str, *, owner: str | None = None, schema: str = SCHEMA, is_there: bool
) -> Iterator[AnewBeside]:
    """Have a journal for oneself and an empty one beside it, which is gone at the end of `with`.

    Args:
        address: By which the journal is read and written.
        owner: The same database by the role that owns it, if that is another.
        schema: Where in the database the journal stands.
        is_there: Whether there must be a journal, or must be none.

    Raises:
        NotAJournalThere, JournalThere: If it is otherwise.
        JournalNewer: If a newer Bioloom wrote it; nothing is changed then.
        ServerFailed: If the server cannot be reached, or the role does not own the journal.
    """
    writer, anew = _role_of(address), _beside(schema)
    connections = Connections(owner or address, schema=schema)
    with closing(connections), connections.lent() as connection:
        # Of this connection until it is given back; who wants to write waits for it.
        connection.execute("SELECT pg_advisory_lock(%s)", [pen_of(schema)])
        try:
            if not is_there:
                refuse_another(connection, schema, address=connections.shown)
            elif not is_laid_out(connection, schema):
                raise NotAJournalThere(address=connections.shown)
            elif (layout := layout_of(connection, schema)) > LAYOUT:
                raise JournalNewer(name=connections.shown, layout=layout, known=LAYOUT)
            _drop(connection, anew)  # One that was killed may have left it.
            with connection.transaction():
                lay_out(connection, anew, address=connections.shown, writer=writer)
            with closing(PostgresStore(owner or address, schema=anew)) as made:
                yield AnewBeside(connection, connections, schema, made)
        finally:
            with suppress(psycopg.Error):
                _drop(connection, anew)
                connection.execute("SELECT pg_advisory_unlock(%s)", [pen_of(schema)])


def _beside(schema: str) -> str:
    return f"{schema}_anew"


def _role_of(address: str) -> str:
    connections = Connections(address, schema=SCHEMA)
    with closing(connections), connections.lent() as connection:
        return str(connection.execute("SELECT current_user").fetchall()[0][0])


def _held(connections: Connections) -> Iterator[LotHeld]:
    found = Transactions(connections).streamed(_HELD)
    for lot, rows in groupby(found, key=itemgetter(0)):
        yield lot, {agent: (rights, custody) for _, agent, rights, custody in rows}


def _drop(connection: Connection, schema: str) -> None:
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def _rename(connection: Connection, schema: str, name: str) -> None:
    rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(schema), sql.Identifier(name)))
    find_names_by(connection, name)
