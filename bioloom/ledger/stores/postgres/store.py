"""The journal in a PostgreSQL database: appends in turn, and every commit on the server's disk."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import TypeVar

import msgspec
import psycopg

from bioloom.ledger.numbering import AT_OUTSIDE, LAST_EDGE
from bioloom.ledger.stores.bindings.postgres import PostgresBindings, write_legs
from bioloom.ledger.stores.postgres.connecting import Connections
from bioloom.ledger.stores.postgres.laying_out import SCHEMA, differences, examine
from bioloom.ledger.stores.postgres.transactions import PIECE, Row, Transactions
from bioloom.ledger.stores.protocol import (
    BULK_KINDS,
    Batch,
    EntryRow,
    Holding,
    KeyRow,
    LegRow,
)
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId

_NET_MG = f"sum(CASE giver WHEN {AT_OUTSIDE} THEN rights_units ELSE -rights_units END)::bigint"
ENTRY = "SELECT seq, kind, text, hash FROM entries"
_LEG = (
    "SELECT lot, seq, ordinal, giver, receiver, rights_units, custody_units, occurred_ms FROM legs"
)
_HELD = "SELECT lot, account, rights_units, custody_units FROM holdings"
# Named tuples straight from the driver's tuples.
entry_row = partial(tuple.__new__, EntryRow)
_key_row = partial(tuple.__new__, KeyRow)
_leg_row = partial(tuple.__new__, LegRow)
_holding = partial(tuple.__new__, Holding)

T = TypeVar("T", int, str)


class PostgresStore:
    """One journal in a database, shared by threads, processes and machines."""

    def __init__(self, address: str, *, schema: str = SCHEMA) -> None:
        """Open a journal that is there.

        Args:
            address: Of the database, as libpq reads it: `postgresql://role@host/database`.
            schema: Where in the database the journal stands.

        Raises:
            ServerFailed: If the server cannot be reached.
            NotAJournalThere: If there is no journal.
            JournalOlder, JournalNewer: If another Bioloom wrote it.
        """
        self._connections = Connections(address, schema=schema)
        self._run = Transactions(self._connections)
        self.bindings = PostgresBindings(self._run)
        with ExitStack() as failing:
            failing.callback(self.close)
            with self._connections.lent() as connection:
                examine(connection, schema, address=self._connections.shown)
            failing.pop_all()

    def reading(self) -> AbstractContextManager[None]:
        """Hold one snapshot of the database; who writes is not held up."""
        return self._run.reading()

    def writing(self) -> AbstractContextManager[None]:
        """Wait for one's turn; commit at the end, roll back on any exception.

        Raises:
            OutcomeUnknown: If the server did not say whether it committed.
        """
        return self._run.writing()

    def write(self, batch: Batch) -> None:
        """Add rows. See `Store.write`."""
        assert self._run.is_open, "rows are written inside `writing`"
        with self._run.connection() as connection, connection.cursor() as cursor:
            _copy(cursor, "entries", ("int8", "text", "bytea", "bytea"), batch.entries)
            _copy(cursor, "keys", ("text", "int8", "int8"), batch.keys)
            newest = [(row.newest, row.key) for row in batch.keys_corrected]
            if newest:
                cursor.executemany("UPDATE keys SET newest = %s WHERE key = %s", newest)
            _copy(cursor, "agents", ("int4", "text"), batch.agents)
            _copy(cursor, "lot_names", ("text", "int8"), batch.lot_names)
            _copy(cursor, "mentions", ("text", "int8"), batch.mentions)
            write_legs(cursor, batch, partial(_copy, cursor))
        if batch.entries:
            self._run.wrote(batch.entries[-1])

    def last(self) -> EntryRow | None:
        """The newest entry."""
        found = self._run.all(f"{ENTRY} ORDER BY seq DESC LIMIT 1")
        return next(map(entry_row, found), None)

    def rows(
        self, *, after: int = 0, before: int | None = None, kinds: Collection[str] | None = None
    ) -> Iterator[EntryRow]:
        """Entries in order. See `Store.rows`."""
        query = f"{ENTRY} WHERE seq > %s AND seq < %s"
        if kinds is not None:
            query += " AND kind = ANY(%b::text[])"
            if not set(kinds) & set(BULK_KINDS):
                query += f" AND kind NOT IN ({', '.join(map(repr, BULK_KINDS))})"  # As the index.
        if before is None:  # What is recorded from now on is not among them.
            before = self._run.all("SELECT coalesce(max(seq), 0) + 1 FROM entries")[0][0]
        query += f" ORDER BY seq LIMIT {PIECE}"
        which = [] if kinds is None else [sorted(kinds)]
        return map(entry_row, self._run.by_number(query, after, before, which))

    def rows_at(self, seqs: Sequence[int]) -> dict[int, EntryRow]:
        """Entries by sequence number."""
        found = self._given(f"{ENTRY} WHERE seq = ANY(%b::bigint[])", seqs)
        return {row.seq: row for row in map(entry_row, found)}

    def keys(self, keys: Sequence[str]) -> dict[str, KeyRow]:
        """Those of some idempotency keys that are known."""
        found = self._given("SELECT key, first, newest FROM keys WHERE key = ANY(%b::text[])", keys)
        return {row.key: row for row in map(_key_row, found)}

    def count_keys(self) -> tuple[int, int]:
        """How many keys there are, and how many were corrected."""
        query = "SELECT count(*), count(*) FILTER (WHERE newest <> first) FROM keys"
        total, corrected = self._run.all(query)[0]
        return total, corrected

    def agents(self) -> dict[AgentId, int]:
        """Every numbered agent."""
        return dict(self._run.all("SELECT id, number FROM agents"))

    def lot_numbers(self, names: Sequence[LotId]) -> dict[LotId, int]:
        """Those of some lots that do not bear their entry's key, by name."""
        query = "SELECT lot, number FROM lot_names WHERE lot = ANY(%b::text[])"
        return dict(self._given(query, names))

    def mentions(self, about: Sequence[str]) -> dict[str, list[int]]:
        """Sequence numbers of the entries about each of some things, in order."""
        query = "SELECT about, seq FROM mentions WHERE about = ANY(%b::text[]) ORDER BY about, seq"
        found: dict[str, list[int]] = {}
        for name, seq in self._given(query, about):
            found.setdefault(name, []).append(seq)
        return found

    def count_named(self) -> tuple[int, int]:
        """How many lots bear a name of their own, and how many mentions there are."""
        query = "SELECT (SELECT count(*) FROM lot_names), (SELECT count(*) FROM mentions)"
        lots, mentions = self._run.all(query)[0]
        return lots, mentions

    def legs(self, lot: int) -> list[LegRow]:
        """All legs of one lot, in the order of recording."""
        return list(self.legs_of([lot]))

    def legs_of(self, lots: Sequence[int]) -> Iterator[LegRow]:
        """All legs of some lots, lot by lot, each in the order of recording."""
        query = f"{_LEG} WHERE lot = ANY(%b::bigint[]) ORDER BY lot, seq, ordinal"
        return map(_leg_row, self._given(query, lots))

    def legs_with(self, accounts: Sequence[int]) -> Iterator[LegRow]:
        """All legs in which one of some agents gives or receives. See `Store.legs_with`."""
        some = list(accounts)
        query = (
            f"{_LEG} WHERE giver = ANY(%s::bigint[]) OR receiver = ANY(%s::bigint[])"
            " ORDER BY lot, seq, ordinal"
        )
        return map(_leg_row, self._run.all(query, [some, some]))

    def all_legs(self, *, after: int = 0) -> Iterator[LegRow]:
        """Legs in the order of recording. See `Store.all_legs`."""
        return map(
            _leg_row, self._run.streamed(f"{_LEG} WHERE seq > %s ORDER BY seq, ordinal", [after])
        )

    def legs_of_moved_lots(self) -> Iterator[LegRow]:
        """The legs of those lots that some agent has given on, lot by lot."""
        moved = f"SELECT lot FROM legs WHERE giver > {LAST_EDGE}"
        query = f"{_LEG} WHERE lot IN ({moved}) ORDER BY lot, seq, ordinal"
        return map(_leg_row, self._run.streamed(query))

    def holdings(self, lots: Sequence[int]) -> list[Holding]:
        """What agents have of some lots."""
        query = f"{_HELD} WHERE lot = ANY(%b::bigint[]) AND rights_units + custody_units > 0"
        return list(map(_holding, self._given(query, lots)))

    def arrived_mg(self, start_ms: int, end_ms: int) -> dict[int, int]:
        """Net mass from outside, by lot. See `Store.arrived_mg`."""
        query = f"""
            SELECT lot, {_NET_MG} FROM legs WHERE (giver = {AT_OUTSIDE} OR receiver = {AT_OUTSIDE})
                AND occurred_ms >= %s AND occurred_ms < %s
            GROUP BY lot HAVING {_NET_MG} > 0
        """
        return dict(self._run.all(query, [start_ms, end_ms]))

    def held(self, before_ms: int) -> Iterator[Holding]:
        """What agents have of lots that came from outside before an instant."""
        query = f"""
            {_HELD} WHERE rights_units + custody_units > 0 AND lot IN (
                SELECT lot FROM legs WHERE giver = {AT_OUTSIDE} AND occurred_ms < %s
            ) ORDER BY lot, account
        """
        return map(_holding, self._run.streamed(query, [before_ms]))

    def arrivals_by_instant(self) -> dict[int, int]:
        """Net mass from outside, by when it occurred."""
        query = f"""
            SELECT occurred_ms, {_NET_MG} FROM legs WHERE {AT_OUTSIDE} IN (giver, receiver)
            GROUP BY occurred_ms HAVING {_NET_MG} > 0
        """
        return dict(self._run.all(query))

    def holdings_amiss(self) -> list[Holding]:
        """By how much balances differ from the sum of their legs, where they do."""
        query = f"""
            SELECT lot, account, sum(rights), sum(custody) FROM (
                SELECT lot, receiver AS account, rights_units AS rights, custody_units AS custody
                FROM legs
                UNION ALL SELECT lot, giver, -rights_units, -custody_units FROM legs
                UNION ALL SELECT lot, account, -rights_units, -custody_units FROM holdings
            ) AS posted WHERE account > {LAST_EDGE}
            GROUP BY lot, account HAVING sum(rights) <> 0 OR sum(custody) <> 0
        """
        return [Holding(*map(int, row)) for row in self._run.all(query)]

    def keys_amiss(self) -> list[KeyRow]:
        """Keys that are not the key of their first entry."""
        # A key that JSON writes as it is stands in the text as it is: only others need decoding.
        query = """
            SELECT key, first, newest, text FROM keys LEFT JOIN entries ON seq = first
            WHERE seq IS NULL
                OR position(convert_to('"idempotency_key":"' || key || '",', 'UTF8') IN text) = 0
        """
        found = self._run.streamed(query)
        return [_key_row(row[:3]) for row in found if _key_in(row[3]) != row[0]]

    def damage(self) -> list[str]:
        """Any difference from the schema this Bioloom makes, and from what others may do in it."""
        with self._connections.lent() as connection:
            return list(differences(connection, self._connections.schema))

    def interrupt(self) -> None:
        """Let every thread's query fail, so that it ends soon."""
        self._connections.interrupt()

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    def _given(self, query: str, values: Iterable[T]) -> list[Row]:
        """What a query finds of some values."""
        # No database keeps a text with a null character, so it has none to find.
        known = [value for value in values if not (isinstance(value, str) and "\0" in value)]
        return self._run.all(query, [sorted(known)]) if known else []


def _copy(
    cursor: psycopg.Cursor[Row], table: str, types: Sequence[str], rows: Sequence[Row]
) -> None:
    if not rows:
        return
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)".encode()) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _key_in(text: bytes | None) -> str | None:
    """The idempotency key that an entry's text has, if it has one."""
    try:
        return msgspec.json.decode(text or b"", type=_Keyed).idempotency_key
    except msgspec.DecodeError:
        return None


class _Keyed(msgspec.Struct):
    idempotency_key: str
