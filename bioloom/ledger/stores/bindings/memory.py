"""Rows about covenants in memory, and what they forbid, said once more without SQL."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from bioloom.ledger.numbering import (
    AT_INSIDE,
    AT_NOWHERE,
    AT_OUTSIDE,
    LAST_EDGE,
)
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
from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.amounts import BaseUnit


@dataclass
class BindingTables:
    """The rows themselves, which a store copies before each transaction."""

    covenants: dict[int, CovenantRow] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    members: list[MemberRow] = field(default_factory=list)
    left: list[LeaverRow] = field(default_factory=list)
    open: dict[tuple[int, int], int] = field(default_factory=dict)
    bound: dict[int, dict[int, BoundRow]] = field(default_factory=dict)
    away: dict[tuple[int, int, int], AwayRow] = field(default_factory=dict)
    balances: dict[tuple[int, BaseUnit], tuple[int, int]] = field(default_factory=dict)

    def add(self, rows: Bindings) -> None:
        """Take rows in."""
        self.covenants |= {row.number: row for row in rows.covenants}
        self.ended |= {row.covenant: row.seq for row in rows.ended}
        self.left += rows.left
        self.members += rows.members
        # Somebody may join and leave again before any leg comes between.
        both: list[MemberRow | LeaverRow] = [*rows.members, *rows.left]
        for row in sorted(both, key=attrgetter("seq")):
            if isinstance(row, MemberRow):
                self.open[row.covenant, row.account] = row.from_ms
            else:
                self.open.pop((row.covenant, row.account), None)
        for bound in rows.bound:
            self.bound.setdefault(bound.lot, {})[bound.covenant] = bound
            self._count(bound.covenant, bound.base_unit, bound.in_units, 0)
        for away in rows.away:
            self.away.setdefault((away.account, away.lot, away.covenant), away)

    def admit(self, leg: LegRow, *, is_undoing: bool, is_closing: bool) -> None:
        """Judge a leg before it is added.

        Args:
            leg: The leg.
            is_undoing: Whether its entry is a correction or a reversal.
            is_closing: Whether its entry is the end of a process.

        Raises:
            StoreForbade: If a covenant forbids it.
        """
        for row in self.bound.get(leg.lot, {}).values():
            covenant = self.covenants[row.covenant]
            if row.covenant in self.ended or leg.occurred_ms >= covenant.until_ms:
                continue
            if not self._may_go(leg, covenant, is_undoing=is_undoing, is_closing=is_closing):
                raise StoreForbade
            came = leg.rights_units * ((leg.giver == AT_OUTSIDE) - (leg.receiver == AT_OUTSIDE))
            gone = leg.rights_units * ((leg.receiver == AT_NOWHERE) - (leg.giver == AT_NOWHERE))
            self._count(row.covenant, row.base_unit, came, gone)

    def _may_go(
        self, leg: LegRow, covenant: CovenantRow, *, is_undoing: bool, is_closing: bool
    ) -> bool:
        if leg.receiver > LAST_EDGE:
            from_ms = self.open.get((covenant.number, leg.receiver))
            belongs = from_ms is not None and from_ms <= leg.occurred_ms
            return belongs or not (leg.rights_units or (leg.custody_units and covenant[4]))
        is_declared = is_closing and leg.receiver != AT_OUTSIDE
        return leg.receiver in (AT_INSIDE, AT_NOWHERE) or is_undoing or is_declared

    def _count(self, covenant: int, base_unit: BaseUnit, came: int, gone: int) -> None:
        in_units, shrunk_units = self.balances.get((covenant, base_unit), (0, 0))
        in_units, shrunk_units = in_units + came, shrunk_units + gone
        if shrunk_units * 1000 > max(in_units, 0) * self.covenants[covenant].shrinkage_per_mille:
            raise StoreForbade
        self.balances[covenant, base_unit] = in_units, shrunk_units


class MemoryBindings:
    """What a store in memory has about covenants."""

    def __init__(
        self, tables: Callable[[], BindingTables], legs: Callable[[], list[LegRow]]
    ) -> None:
        """Answer from a store's tables as they are when it is asked."""
        self._tables, self._legs = tables, legs

    def has_any(self) -> bool:
        """Whether there ever was a covenant."""
        return bool(self._tables().covenants)

    def bound(self, lots: Sequence[int]) -> list[BoundRow]:
        """By which covenants some lots are bound."""
        bound = self._tables().bound
        return [row for lot in lots for row in bound.get(lot, {}).values()]

    def bound_by(self, covenant: int, *, after: int, most: int) -> list[int]:
        """So many of the lots that a covenant binds, in order, after one."""
        bound = self._tables().bound.items()
        return sorted(lot for lot, rows in bound if lot > after and covenant in rows)[:most]

    def owners(
        self, before: int | None, *, among: Collection[int] | None = None
    ) -> Iterator[tuple[int, dict[int, int]]]:
        """Every lot with who owns how much of it. See `BindingsKept.owners`."""
        units: dict[int, dict[int, int]] = {}
        for leg in self._legs():
            if leg.rights_units and (before is None or leg.seq < before):
                of_lot = units.setdefault(leg.lot, {})
                of_lot[leg.giver] = of_lot.get(leg.giver, 0) - leg.rights_units
                of_lot[leg.receiver] = of_lot.get(leg.receiver, 0) + leg.rights_units
        for lot, accounts in sorted(units.items()):
            yield lot, owning(accounts, among)

    def balance(self, covenant: int, base_unit: BaseUnit) -> BalanceRow:
        """What came in and shrank under a covenant, in a unit."""
        units = self._tables().balances.get((covenant, base_unit), (0, 0))
        return BalanceRow(covenant, base_unit, *units)

    def away_with(self, account: int) -> list[AwayRow]:
        """The bound lots of which an account that does not belong got custody."""
        return [row for row in self.all_away() if row.account == account]

    def all_away(self) -> list[AwayRow]:
        """All of them."""
        rows = self._tables().away.values()
        return sorted(rows, key=lambda row: (row.seq, row.account, row.lot, row.covenant))

    def content(self) -> Content:
        """All rows but bound lots. See `BindingsKept.content`."""
        tables = self._tables()
        return Content(
            sorted(tables.covenants.values()),
            sorted(EndRow(*row) for row in tables.ended.items()),
            sorted(tables.members, key=lambda row: (row.covenant, row.account, row.seq)),
            sorted(tables.left),
        )

    def count_bound(self) -> int:
        """How many rows of bound lots there are."""
        return sum(map(len, self._tables().bound.values()))

    def balances_amiss(self) -> list[BalanceRow]:
        """Nothing: only this store itself writes them."""
        return []
