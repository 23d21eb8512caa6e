"""Rows about covenants in SQLite. What they forbid is enforced by the triggers of `schema.sql`."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from bioloom.ledger.numbering import AT_NOWHERE, AT_OUTSIDE
from bioloom.ledger.stores.bindings.ordering import in_order
from bioloom.ledger.stores.bindings.rows import (
    AwayRow,
    BalanceRow,
    Bindings,
    BoundRow,
    Content,
    CovenantRow,
    EndRow,
    LeaverRow,
    MemberRow,
    StoreForbade,
    owning,
)
from bioloom.ledger.stores.protocol import Batch, StoreOverdrawn
from bioloom.vocabulary.amounts import BaseUnit

_GIVEN = "(SELECT value FROM json_each(?))"
_BIND = "INSERT INTO bound VALUES (?, ?, ?, ?, ?, ?)"
_bound_row = partial(tuple.__new__, BoundRow)
_Query = Callable[[str, Sequence[object]], Iterator[tuple[Any, ...]]]


class SqliteBindings:
    """What a journal file has about covenants."""

    def __init__(self, query: _Query, select: _Query) -> None:
        """Answer by a store's own connections.

        Args:
            query: Runs a query with its values.
            select: Runs one over any number of values.
        """
        self._query, self._select = query, select

    def has_any(self) -> bool:
        """Whether there ever was a covenant."""
        return next(self._query("SELECT 1 FROM covenants LIMIT 1", ()), None) is not None

    def bound(self, lots: Sequence[int]) -> list[BoundRow]:
        """By which covenants some lots are bound."""
        query = f"SELECT * FROM bound WHERE lot IN {_GIVEN}"
        return list(map(_bound_row, self._select(query, lots)))

    def bound_by(self, covenant: int, *, after: int, most: int) -> list[int]:
        """So many of the lots that a covenant binds, in order, after one."""
        query = "SELECT lot FROM bound WHERE covenant = ? AND lot > ? ORDER BY lot LIMIT ?"
        return [int(lot) for (lot,) in self._query(query, (covenant, after, most))]

    def owners(
        self, before: int | None, *, among: Collection[int] | None = None
    ) -> Iterator[tuple[int, dict[int, int]]]:
        """Every lot with who owns how much of it. See `BindingsKept.owners`."""
        some = None if among is None else f"({', '.join(map(str, sorted(among)))})"
        if before is None:
            which = "" if some is None else f" AND account IN {some}"
            query = (
                f"SELECT lot, account, rights_units FROM holdings WHERE rights_units > 0{which}"
                " ORDER BY lot, account"
            )
            for lot, rows in groupby(self._query(query, ()), key=itemgetter(0)):
                yield lot, {account: units for _, account, units in rows}
            return
        which = "" if some is None else f" AND (giver IN {some} OR receiver IN {some})"
        query = f"""
            SELECT lot, giver, receiver, rights_units FROM legs
            WHERE seq < ? AND rights_units > 0{which} ORDER BY lot
        """
        for lot, rows in groupby(self._query(query, (before,)), key=itemgetter(0)):
            units: dict[int, int] = {}
            for _, giver, receiver, moved in rows:
                units[giver] = units.get(giver, 0) - moved
                units[receiver] = units.get(receiver, 0) + moved
            yield lot, owning(units, among)

    def balance(self, covenant: int, base_unit: BaseUnit) -> BalanceRow:
        """What came in and shrank under a covenant, in a unit."""
        query = """
            SELECT covenant, base_unit, in_units, shrunk_units FROM covenant_balances
            WHERE covenant = ? AND base_unit = ?
        """
        found = next(self._query(query, (covenant, base_unit)), None)
        return BalanceRow(covenant, base_unit, 0, 0) if found is None else BalanceRow(*found)

    def away_with(self, account: int) -> list[AwayRow]:
        """The bound lots of which an account has custody that does not belong."""
        query = """
            SELECT covenant, account, lot, seq FROM away JOIN holdings USING (lot, account)
            WHERE account = ? AND custody_units > 0
        """
        return [AwayRow(*row) for row in self._query(query, (account,))]

    def all_away(self) -> list[AwayRow]:
        """All of them."""
        query = "SELECT covenant, account, lot, seq FROM away ORDER BY seq, account, lot, covenant"
        return [AwayRow(*row) for row in self._query(query, ())]

    def content(self) -> Content:
        """All rows but bound lots. See `BindingsKept.content`."""
        terms = "number, seq, id, until_ms, keeps_custody, shrinkage_per_mille"
        covenants = self._query(f"SELECT {terms} FROM covenants ORDER BY number", ())
        ended = "SELECT number, ended_seq FROM covenants WHERE ended_seq IS NOT NULL ORDER BY 1"
        members = (
            "SELECT covenant, account, from_ms, seq FROM covenant_members"
            " ORDER BY covenant, account, seq"
        )
        left = (
            "SELECT covenant, account, until_seq FROM covenant_members"
            " WHERE until_seq IS NOT NULL ORDER BY covenant, account, until_seq"
        )
        return Content(
            [CovenantRow(*row) for row in covenants],
            [EndRow(*row) for row in self._query(ended, ())],
            [MemberRow(*row) for row in self._query(members, ())],
            [LeaverRow(*row) for row in self._query(left, ())],
        )

    def count_bound(self) -> int:
        """How many rows of bound lots there are."""
        (count,) = next(self._query("SELECT count(*) FROM bound", ()))
        return int(count)

    def balances_amiss(self) -> list[BalanceRow]:
        """By how much balances differ from the sum of their legs, where they do."""
        query = f"""
            SELECT covenant, base_unit, CAST(sum(came) AS BIGINT), CAST(sum(gone) AS BIGINT) FROM (
                SELECT covenant, base_unit, in_units AS came, 0 AS gone FROM bound
                UNION ALL SELECT bound.covenant, base_unit,
                    CASE {AT_OUTSIDE} WHEN giver THEN rights_units
                        WHEN receiver THEN -rights_units ELSE 0 END,
                    CASE {AT_NOWHERE} WHEN receiver THEN rights_units
                        WHEN giver THEN -rights_units ELSE 0 END
                FROM bound JOIN covenants ON number = covenant
                    JOIN legs ON legs.lot = bound.lot AND legs.seq > bound.seq - is_made
                WHERE occurred_ms < until_ms AND (ended_seq IS NULL OR legs.seq <= ended_seq)
                UNION ALL SELECT covenant, base_unit, -in_units, -shrunk_units
                FROM covenant_balances
            ) AS posted GROUP BY covenant, base_unit HAVING sum(came) <> 0 OR sum(gone) <> 0
        """
        return [BalanceRow(*row) for row in self._query(query, ())]


def write_legs(connection: sqlite3.Connection, batch: Batch) -> None:
    """Add a batch's legs and its rows about covenants, in the order in which they count.

    Raises:
        StoreOverdrawn, StoreForbade: If a trigger refuses a leg.
    """
    try:
        for legs, rows in in_order(batch.legs, batch.bindings):
            connection.executemany("INSERT INTO legs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", legs)
            _write_rows(connection, rows)
    except sqlite3.IntegrityError as refused:
        if "covenant" in str(refused):
            raise StoreForbade from refused
        assert "overdraft" in str(refused), refused
        raise StoreOverdrawn from refused


def _write_rows(connection: sqlite3.Connection, rows: Bindings) -> None:
    for statement, some in (*statements(rows), (_BIND, rows.bound)):
        if some:
            connection.executemany(statement, some)


def statements(rows: Bindings) -> Iterator[tuple[str, Sequence[tuple[object, ...]]]]:
    """What is to be said to a database about some rows, bound lots apart, in this order."""
    ended = [(row.seq, row.covenant) for row in rows.ended]
    members = [(row.covenant, row.account, row.seq, row.from_ms) for row in rows.members]
    left = [(row.seq, row.covenant, row.account, row.seq) for row in rows.left]
    away = [(row.account, row.lot, row.covenant, row.seq) for row in rows.away]
    yield "INSERT INTO covenants VALUES (?, ?, ?, ?, ?, ?, NULL)", rows.covenants
    yield "UPDATE covenants SET ended_seq = ? WHERE number = ?", ended
    yield "INSERT INTO covenant_members VALUES (?, ?, ?, ?, NULL)", members
    yield (
        # Somebody may join and leave again, and join once more, in one transaction.
        "UPDATE covenant_members SET until_seq = ?"
        " WHERE covenant = ? AND account = ? AND until_seq IS NULL AND seq < ?",
        left,
    )
    yield "INSERT INTO away VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", away
