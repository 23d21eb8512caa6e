"""Rows about covenants in PostgreSQL. What they forbid is enforced by its schema's triggers."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import psycopg
from psycopg import errors

from bioloom.ledger.stores.bindings.ordering import in_order
from bioloom.ledger.stores.bindings.rows import Bindings, BoundRow, StoreForbade
from bioloom.ledger.stores.bindings.sqlite import SqliteBindings, statements
from bioloom.ledger.stores.postgres.transactions import Row, Transactions
from bioloom.ledger.stores.protocol import Batch, StoreOverdrawn

_LEG = ("int8", "int8", *("int4",) * 3, *("int8",) * 3)
_BOUND = ("int8", "int4", "text", "int8", "int4", "int8")
_FORBIDDEN = ("covenant", "covenant_shrinkage")
# Puts rows into a table, by the names of its columns' types.
Copying = Callable[[str, Sequence[str], Sequence[Row]], None]


class PostgresBindings(SqliteBindings):
    """What a journal in a database has about covenants: the questions are those of a file's."""

    def __init__(self, run: Transactions) -> None:
        """Answer by a store's own transactions."""
        self._run = run
        super().__init__(self._ask, self._ask)

    def bound(self, lots: Sequence[int]) -> list[BoundRow]:
        """By which covenants some lots are bound."""
        query = (
            "SELECT lot, covenant, base_unit, seq, is_made, in_units FROM bound"
            " WHERE lot = ANY(%b::bigint[])"
        )
        return [BoundRow(*row) for row in self._run.all(query, [list(lots)])] if lots else []

    def owners(
        self, before: int | None, *, among: Collection[int] | None = None
    ) -> Iterator[tuple[int, dict[int, int]]]:
        """Every lot with who owns how much of it. See `BindingsKept.owners`."""
        return SqliteBindings(self._stream, self._stream).owners(before, among=among)

    def _ask(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        return iter(self._run.all(query.replace("?", "%s"), values))

    def _stream(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        return self._run.streamed(query.replace("?", "%s"), values)


def write_legs(cursor: psycopg.Cursor[Row], batch: Batch, copy: Copying) -> None:
    """Add a batch's legs and its rows about covenants, in the order in which they count.

    Args:
        cursor: Inside the transaction.
        batch: The rows.
        copy: Puts rows into a table.

    Raises:
        StoreOverdrawn, StoreForbade: If a trigger refuses a leg.
    """
    pieces = list(in_order(batch.legs, batch.bindings))
    try:
        if len(pieces) == 1:
            copy("legs", _LEG, batch.legs)
            _write_rows(cursor, batch.bindings)
            return
        # Many small pieces: none waits for the answer to the one before.
        with cursor.connection.pipeline():
            for legs, rows in pieces:
                _insert(cursor, "legs", _LEG, legs)
                _write_rows(cursor, rows)
    except errors.CheckViolation as refused:
        if refused.diag.constraint_name in _FORBIDDEN:
            raise StoreForbade from refused
        if refused.diag.constraint_name == "overdraft":
            raise StoreOverdrawn from refused
        raise


def _write_rows(cursor: psycopg.Cursor[Row], rows: Bindings) -> None:
    for statement, some in statements(rows):
        if some:
            cursor.executemany(statement.replace("?", "%s").encode(), some)
    _insert(cursor, "bound", _BOUND, rows.bound)


def _insert(
    cursor: psycopg.Cursor[Row], table: str, types: Sequence[str], rows: Sequence[Row]
) -> None:
    """Put rows into a table by one statement, which judges them together."""
    if rows:
        columns = ", ".join(f"%b::{kind}[]" for kind in types)
        statement = f"INSERT INTO {table} SELECT * FROM unnest({columns})"
        cursor.execute(statement.encode(), list(map(list, zip(*rows, strict=True))))
