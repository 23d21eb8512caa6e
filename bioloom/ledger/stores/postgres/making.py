"""Making a journal in a PostgreSQL database: by its owner, for whoever is to write to it."""

from contextlib import closing

from bioloom.ledger.stores.postgres.connecting import Connections
from bioloom.ledger.stores.postgres.laying_out import SCHEMA, lay_out
from bioloom.ledger.stores.postgres.store import PostgresStore


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
    writing = Connections(address, schema=schema)
    owning = Connections(owner or address, schema=schema)
    with closing(writing), closing(owning):
        with writing.lent() as connection:
            (writer,) = connection.execute("SELECT current_user").fetchall()[0]
        with owning.lent() as connection, connection.transaction():
            lay_out(connection, schema, address=owning.shown, writer=str(writer))
    return PostgresStore(address, schema=schema)
