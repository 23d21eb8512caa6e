"""Returning: what is out of those whom a covenant names, with whom, since when and due when."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.covenants.laws.returning import due_ms, held_since
from bioloom.ledger.covenants.standing import covenants_of
from bioloom.ledger.events.mentioning import lots_made
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant, day_of, epoch_ms


class AwayLot(msgspec.Struct, frozen=True, kw_only=True):
    """Some of a bound lot that somebody holds who does not belong, since and until a day."""

    covenant: CovenantId
    lot: LotId
    holder: AgentId
    since: date
    due: date
    units: int
    base_unit: BaseUnit
    is_overdue: bool


def away(journal: Journal, zone: ZoneInfo, *, at: Instant) -> list[AwayLot]:
    """What is out under covenants that bind now, the oldest first.

    Args:
        journal: The city's record.
        zone: The timezone of its days.
        at: Now.
    """
    found = _away(journal, zone, at_ms=epoch_ms(at))
    return sorted(found, key=lambda one: (one.since, one.due, one.covenant, one.lot, one.holder))


def _away(journal: Journal, zone: ZoneInfo, *, at_ms: int) -> Iterator[AwayLot]:
    store = journal.store
    covenants = covenants_of(store)
    names = {number: agent for agent, number in store.agents().items()}
    rows = store.bindings.all_away()
    bound = store.bindings.bound(sorted({row.lot for row in rows}))
    units = {(row.lot, row.covenant): row.base_unit for row in bound}
    made_by = journal.at([first_seq_of(row.lot) for row in rows])
    for row in rows:
        covenant = covenants.by_number[row.covenant]
        if not covenant.binds(at_ms):
            continue
        inside = {number for number, name in names.items() if covenant.counts(name, at_ms)}
        entry = made_by[first_seq_of(row.lot)]
        lot = LotId(next(iter(lots_made(entry.body)), entry.idempotency_key))
        held = held_since(store.legs(row.lot), inside.__contains__)
        for since_ms, some in held.get(row.account, []):
            due_at_ms = due_ms(since_ms, covenant)
            yield AwayLot(
                covenant=covenant.terms.covenant,
                lot=lot,
                holder=names[row.account],
                since=day_of(since_ms, zone),
                due=day_of(due_at_ms, zone),
                units=some,
                base_unit=units[row.lot, row.covenant],
                is_overdue=due_at_ms < at_ms,
            )
