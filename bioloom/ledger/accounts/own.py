"""Own: what somebody took and gave, line by line, with what they then had."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.inventory import LotRow, lots_numbered
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period, day_of


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry changed of what somebody owns and of what they hold.

    Changes are above zero for what came and below for what went. Balances are of all that is
    counted in the same unit, after this line.
    """

    day: date
    seq: int
    lot: LotId
    material: MaterialId
    base_unit: BaseUnit
    own_units: int
    held_units: int
    own_balance_units: int
    held_balance_units: int
    # Whom it came from or went to; none for the city's edge, and where several were.
    other: AgentId | None


class OwnAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of a period, and what somebody had before and after it, by unit: own, and held."""

    agents: list[AgentId]
    opening: dict[BaseUnit, tuple[int, int]]
    lines: list[AccountLine]
    closing: dict[BaseUnit, tuple[int, int]]


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    occurred_ms: int
    seq: int
    lot: int
    own_units: int
    held_units: int
    other: int | None


def own_account(
    journal: Journal, agents: Collection[AgentId], zone: ZoneInfo, period: Period | None = None
) -> OwnAccount:
    """What came to some agents together and what went from them, in the order of happening.

    What they gave each other changes nothing for them together. A correction stands as a line of
    its own on the day that it is about.

    Args:
        journal: The city's record.
        agents: Somebody, or a household and its people.
        zone: The city's timezone.
        period: Whole days; all of the record unless given.
    """
    numbers = journal.store.agents()
    accounts = {numbers[agent] for agent in agents if agent in numbers}
    names = {number: agent for agent, number in numbers.items()}
    changes = sorted(
        _changes(journal.store.legs_with(sorted(accounts)), accounts),
        key=lambda change: (change.occurred_ms, change.seq, change.lot),
    )
    rows = lots_numbered(journal, sorted({change.lot for change in changes}))
    opening: dict[BaseUnit, tuple[int, int]] = {}
    balances: dict[BaseUnit, tuple[int, int]] = {}
    lines = []
    for change in changes:
        day, row = day_of(change.occurred_ms, zone), rows.get(change.lot)
        if period is not None and day > period.last:
            break
        if row is None:  # A correction says that there never was such a lot: its legs cancel.
            continue
        own, held = balances.get(row.base_unit, (0, 0))
        balances[row.base_unit] = own + change.own_units, held + change.held_units
        if period is not None and day < period.first:
            opening = dict(balances)
        else:
            other = names.get(change.other or 0)
            lines.append(_line(change, row, day, balances[row.base_unit], other))
    return OwnAccount(agents=list(agents), opening=opening, lines=lines, closing=balances)


def _line(
    change: _Change, row: LotRow, day: date, balance: tuple[int, int], other: AgentId | None
) -> AccountLine:
    return AccountLine(
        day=day,
        seq=change.seq,
        lot=row.lot,
        material=row.material,
        base_unit=row.base_unit,
        own_units=change.own_units,
        held_units=change.held_units,
        own_balance_units=balance[0],
        held_balance_units=balance[1],
        other=None if other in BOUNDARY else other,
    )


def _changes(legs: Iterable[LegRow], accounts: set[int]) -> Iterable[_Change]:
    """By entry and lot, what some accounts together gained; nothing where nothing changed."""

    def entry_and_lot(leg: LegRow) -> tuple[int, int, int]:
        return leg.seq, leg.lot, leg.occurred_ms

    for (seq, lot, occurred_ms), some in groupby(sorted(legs, key=entry_and_lot), entry_and_lot):
        own_units = held_units = 0
        others = set[int]()
        for leg in some:
            sign = (leg.receiver in accounts) - (leg.giver in accounts)
            own_units += sign * leg.rights_units
            held_units += sign * leg.custody_units
            others |= {leg.giver, leg.receiver} - accounts
        if own_units or held_units:
            yield _Change(
                occurred_ms=occurred_ms,
                seq=seq,
                lot=lot,
                own_units=own_units,
                held_units=held_units,
                other=others.pop() if len(others) == 1 else None,
            )


def totals(lines: Iterable[AccountLine]) -> dict[MaterialId, tuple[int, int]]:
    """What was taken and what was given of each material that is weighed [mg], by its owners.

    Example:
        >>> totals([])
        {}
    """
    found: dict[MaterialId, tuple[int, int]] = {}
    for line in lines:
        if line.base_unit == MILLIGRAM and line.own_units:
            took, gave = found.get(line.material, (0, 0))
            units = line.own_units
            found[line.material] = took + max(0, units), gave + max(0, -units)
    return found
