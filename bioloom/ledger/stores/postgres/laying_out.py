"""Laying a journal out in a database: its schema, who may do what, and whether all is as it was."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib import resources

from psycopg import sql

from bioloom.ledger.stores.alone import JournalNewer, JournalOlder
from bioloom.ledger.stores.postgres.connecting import Connection
from bioloom.ledger.stores.protocol import LAYOUT
from bioloom.vocabulary.agents import BOUNDARY
from bioloom.vocabulary.refusal import Refusal

# Where in a database a journal stands.
SCHEMA = "bioloom"
_UTF8 = "UTF8"
# What a writer needs and no more: balances are kept by a function that has its owner's rights.
_ADDED_TO = (
    *("entries", "keys", "agents", "lot_names", "mentions", "legs"),
    *("covenants", "covenant_members", "bound", "away"),
)
# What is said once of a row that is there: which entry is newest, and what ended.
_SAID_LATER = {"keys": "newest", "covenants": "ended_seq", "covenant_members": "until_seq"}
# Everything that a schema has, in words; the same words for the same schema in every version.
_DESCRIPTION = r"""
    WITH here AS (SELECT oid, nspname FROM pg_namespace WHERE oid = %(schema)s::regnamespace),
    tables AS (SELECT class.* FROM pg_class AS class JOIN here ON relnamespace = here.oid)
    SELECT 'table', relname::text, concat_ws(' ', relkind, nullif(relpersistence, %(usual)s)),
        (SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod),
            CASE WHEN attnotnull THEN 'NOT NULL' END, collname,
            pg_get_expr(adbin, adrelid)), ', ' ORDER BY attnum)
        FROM pg_attribute LEFT JOIN pg_collation ON pg_collation.oid = attcollation
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = tables.oid AND attnum > 0 AND NOT attisdropped)
    FROM tables WHERE relkind NOT IN ('i', 'I', 'S', 't')
    UNION ALL SELECT 'index', tables.relname, indisvalid::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN tables ON tables.oid = indexrelid WHERE relkind IN ('i', 'I')
    UNION ALL SELECT 'constraint', tables.relname || '.' || conname, convalidated::text,
        pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN tables ON tables.oid = conrelid WHERE contype NOT IN ('n', 't')
    UNION ALL SELECT 'trigger', tgname, tgenabled::text, pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN tables ON tables.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL SELECT 'rule', rulename, ev_enabled::text, pg_get_ruledef(pg_rewrite.oid)
    FROM pg_rewrite JOIN tables ON tables.oid = ev_class WHERE rulename <> '_RETURN'
    UNION ALL SELECT 'function', proname,
        concat_ws(' ', prosecdef, array_to_string(proconfig, ' ')), prosrc
    FROM pg_proc JOIN here ON pronamespace = here.oid
    UNION ALL SELECT 'view or sequence', tables.relname, relkind::text, NULL
    FROM tables WHERE relkind = 'S'
"""
# Rights to more than a writer has, in the hands of somebody who does not own the table.
_TOO_FREE = """
    SELECT DISTINCT coalesce(rolname, 'everybody'), lower(privilege_type), relname
    FROM pg_class CROSS JOIN aclexplode(relacl) LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE relnamespace = %s::regnamespace AND grantee <> relowner AND relkind IN ('r', 'p')
        AND privilege_type <> 'SELECT' AND NOT (privilege_type = 'INSERT' AND relname = ANY(%s))
    ORDER BY 1, 2, 3
"""


class NotAJournalThere(Refusal):
    """A database in which there is no journal."""

    def __init__(self, *, address: str) -> None:
        self.address = address
        super().__init__(
            what=f"There is no journal in {address}.",
            why="An empty journal in its place would pass for a city without a past.",
            remedy="Name the right database, or restore a backup: "
            "`bioloom restore FILE DIR --journal ADDRESS`.",
        )


class JournalThere(Refusal):
    """A journal should be made in a database that has one already."""

    def __init__(self, *, address: str) -> None:
        self.address = address
        super().__init__(
            what=f"There is a journal in {address} already.",
            why="A new one must not overwrite it, and two cities cannot share one.",
            remedy="Name another database: `createdb` makes one.",
        )


class EncodingUnfit(Refusal):
    """A database that cannot keep every text."""

    def __init__(self, *, address: str, encoding: str) -> None:
        self.address, self.encoding = address, encoding
        super().__init__(
            what=f"{address} keeps texts as {encoding}.",
            why="Names in all the world's scripts are to be kept as they are.",
            remedy="Make a database with `createdb --encoding UTF8 --template template0`.",
        )


def is_laid_out(connection: Connection, schema: str) -> bool:
    """Whether there is a journal, or something that goes by the name of one."""
    query = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)"
    return connection.execute(query, [schema]).fetchone() == (True,)


def pen_of(schema: str) -> int:
    """The number of the lock that whoever writes to a journal holds."""
    return int.from_bytes(sha256(schema.encode()).digest()[:8], signed=True)


def wait_for_the_pen(connection: Connection, schema: str) -> None:
    """Wait until nobody else writes to a journal, and let nobody until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [pen_of(schema)])


def refuse_another(connection: Connection, schema: str, *, address: str) -> None:
    """See that there is no journal yet.

    Raises:
        JournalThere: If there is one.
    """
    if is_laid_out(connection, schema):
        raise JournalThere(address=address)


def lay_out(connection: Connection, schema: str, *, address: str, writer: str) -> None:
    """Make an empty journal. Inside a transaction of a role that may create schemas.

    Args:
        connection: Of the role that is to own the journal.
        schema: Its name.
        address: The database, as it may be shown.
        writer: The role that is to read and add to it; the owner itself, where there is only one.

    Raises:
        JournalThere: If there is one already.
        EncodingUnfit: If the database cannot keep every text.
    """
    # One after the other: whoever comes second sees what the first has made.
    wait_for_the_pen(connection, schema)
    refuse_another(connection, schema, address=address)
    encoding = str(connection.execute("SHOW server_encoding").fetchall()[0][0])
    if encoding != _UTF8:
        raise EncodingUnfit(address=address, encoding=encoding)
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    connection.execute("SELECT set_config('search_path', %s, true)", [schema])
    connection.execute(_script(schema, path=f"{schema}, pg_temp"))
    agents = list(enumerate(BOUNDARY, start=1))
    connection.cursor().executemany("INSERT INTO agents VALUES (%s, %s)", agents)
    connection.execute("INSERT INTO layouts VALUES (%s)", [LAYOUT])
    _let_write(connection, schema, writer)


def examine(connection: Connection, schema: str, *, address: str) -> None:
    """See that a journal of this layout is there.

    Raises:
        NotAJournalThere: If there is none.
        JournalOlder, JournalNewer: If another Bioloom wrote it.
    """
    if not is_laid_out(connection, schema):
        raise NotAJournalThere(address=address)
    layout = layout_of(connection, schema)
    if layout < LAYOUT:
        raise JournalOlder(name=address, layout=layout)
    if layout > LAYOUT:
        raise JournalNewer(name=address, layout=layout, known=LAYOUT)


def layout_of(connection: Connection, schema: str) -> int:
    """The layout of a journal; 0 where none is recorded."""
    query = sql.SQL("SELECT coalesce(max(number), 0) FROM {}")
    found = connection.execute(query.format(sql.Identifier(schema, "layouts"))).fetchall()
    return int(found[0][0])


def differences(connection: Connection, schema: str) -> Iterator[str]:
    """How a schema differs from the one that this Bioloom makes, in words.

    Made anew for comparison among temporary tables, of which nothing stays.
    """
    with connection.transaction(force_rollback=True):
        connection.execute("SELECT set_config('search_path', 'pg_temp', true)")
        connection.execute(_script("pg_temp", path="pg_temp"))
        found = connection.execute("SELECT pg_my_temp_schema()::regnamespace::text").fetchall()
        ours = set(_described(connection, str(found[0][0]), path="pg_temp", usual="t"))
    theirs = set(_described(connection, schema, path=f"{schema}, pg_temp", usual="p"))
    for what in sorted(_names(ours - theirs)):
        yield f"the schema lacks '{what}' as it should be"
    for what in sorted(_names(theirs - ours)):
        yield f"the schema has a '{what}' of its own"
    for role, right, table in connection.execute(_TOO_FREE, [schema, list(_ADDED_TO)]):
        yield f"'{role}' has the right to {right} '{table}'"


def find_names_by(connection: Connection, schema: str) -> None:
    """Let a journal's functions look in its schema, after that was given another name."""
    found = connection.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = %s::regnamespace", [schema]
    )
    for (name,) in found.fetchall():
        function = sql.Identifier(schema, str(name))
        path = sql.Identifier(schema)
        connection.execute(
            sql.SQL("ALTER FUNCTION {} SET search_path = {}, pg_temp").format(function, path)
        )


def _let_write(connection: Connection, schema: str, writer: str) -> None:
    (owner,) = connection.execute("SELECT current_user").fetchall()[0]
    if writer == owner:
        return
    role, place = sql.Identifier(writer), sql.Identifier(schema)
    for grant in (
        "GRANT USAGE ON SCHEMA {} TO {}",
        "GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}",
    ):
        connection.execute(sql.SQL(grant).format(place, role))
    for table in _ADDED_TO:
        connection.execute(
            sql.SQL("GRANT INSERT ON {} TO {}").format(sql.Identifier(schema, table), role)
        )
    for table, column in _SAID_LATER.items():
        grant_one = sql.SQL("GRANT UPDATE ({}) ON {} TO {}")
        where = sql.Identifier(schema, table)
        connection.execute(grant_one.format(sql.Identifier(column), where, role))


def _script(schema: str, *, path: str) -> bytes:
    text = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
    return text.replace("{schema}", schema).replace("{path}", path).encode()


def _described(
    connection: Connection, schema: str, *, path: str, usual: str
) -> Iterator[tuple[str, str, str]]:
    """What a schema has: kind, name, and all else; where it stands does not count."""
    found = connection.execute(_DESCRIPTION, {"schema": schema, "usual": usual})
    for kind, name, state, definition in found.fetchall():
        words = f"{state} {definition}"
        # Temporary tables are told by a name that stands for whichever schema has them.
        for where in (f"{schema}.", "pg_temp.", path):
            words = words.replace(where, "")
        yield str(kind), str(name), words


def _names(described: Iterable[tuple[str, str, str]]) -> set[str]:
    return {name for _, name, _ in described}
