"""The inventory: which lots there are, what was offered in a period, and what is left over."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.numbering import first_seq_of, lot_number
from bioloom.ledger.record.journal import Journal, entry_of
from bioloom.ledger.stores.protocol import EntryRow
from bioloom.vocabulary.agents import AgentId, commons_of
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period, bounds_ms, day_of, month_of
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.stamps import Stamp

T = TypeVar("T")
Arrival = Entry[LotArrived]
# Lots are looked up so many at a time.
_TOGETHER = 1000


class LotFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lots to list; what is left out does not narrow the list."""

    place: DistrictId | None = None
    material: MaterialId | None = None
    owner: AgentId | None = None
    holder: AgentId | None = None
    first_day: date | None = None
    last_day: date | None = None
    # List only lots made after this entry, to go on where a page ended.
    after: int = 0


class LotRow(msgspec.Struct, frozen=True, kw_only=True):
    """A lot as the record has it now: what arrived, who owns it and who holds it [mg]."""

    lot: LotId
    material: MaterialId
    place: DistrictId
    mass_mg: int
    reported: str
    unit: str
    stamp: Stamp
    first_day: date
    last_day: date
    occurred_at: Instant
    owners: dict[AgentId, int]
    holders: dict[AgentId, int]
    # The entry that made it, and the newest that says what it is.
    made_by: int
    said_by: int


def lots(journal: Journal, which: LotFilter | None = None) -> Iterator[LotRow]:
    """Lots in the order in which they came into the record, as corrected since."""
    which = which or LotFilter()
    made = journal.store.rows(after=which.after, kinds=["LotArrived"])
    for rows in _in_pieces(made, _TOGETHER):
        arrivals = _newest(journal, rows)
        wanted = {first: arrival for first, arrival in arrivals.items() if _fits(arrival, which)}
        yield from (row for row in _with_holdings(journal, wanted) if _belongs(row, which))


def lot(journal: Journal, lot_id: LotId) -> LotRow | None:
    """One lot as the record has it now, or none of that name."""
    known = journal.store.keys([lot_id]).get(lot_id)
    if known is None:
        return None
    arrivals = _newest(journal, journal.store.rows_at([known.first]).values())
    return next(iter(_with_holdings(journal, arrivals)), None)


def offered_mg(
    journal: Journal, period: Period, zone: ZoneInfo, *, backlog: bool = False
) -> dict[tuple[DistrictId, MaterialId], int]:
    """What each district offers of each material: what happened in the period, by mass.

    Args:
        journal: The city's record.
        period: Whole days in the city's timezone.
        zone: The city's timezone.
        backlog: Whether to add the opening stock: what districts still hold from before.
    """
    offered: defaultdict[tuple[DistrictId, MaterialId], int] = defaultdict(int)
    for node, portions in supply_lots(journal, period, zone, backlog=backlog).items():
        offered[node] += sum(portion.mass_mg for portion in portions)
    return dict(offered)


def supply_lots(
    journal: Journal, period: Period, zone: ZoneInfo, *, backlog: bool = False
) -> dict[tuple[DistrictId, MaterialId], list[Portion]]:
    """The lots behind `offered_mg`, oldest first."""
    start_ms, end_ms = bounds_ms(period, zone)
    masses = journal.store.arrived_mg(start_ms, end_ms)
    arrivals = _described(journal, masses)
    if backlog:
        old = _opening_stock(journal, start_ms)
        masses |= {number: mass_mg for number, (_, mass_mg) in old.items()}
        arrivals |= {number: arrival for number, (arrival, _) in old.items()}
    supply: defaultdict[tuple[DistrictId, MaterialId], list[Portion]] = defaultdict(list)
    for number, arrival in sorted(arrivals.items(), key=_age):
        body = arrival.body
        supply[body.place, body.material].append(Portion(lot=body.lot, mass_mg=masses[number]))
    return dict(supply)


def cut_heaps(journal: Journal, period: Period, zone: ZoneInfo) -> int:
    """How many of a period's heaps were gathered partly on days outside it.

    A heap counts as a whole on its last day, so a period that cuts a month through is inexact.
    """
    arrivals = _described(journal, journal.store.arrived_mg(*bounds_ms(period, zone)))
    spans = [
        Period(first=arrival.body.first_day, last=arrival.body.last_day)
        for arrival in arrivals.values()
    ]
    return sum(not period.covers(span) for span in spans)


def months(journal: Journal, zone: ZoneInfo) -> dict[Period, int]:
    """The calendar months in which lots happened, oldest first, with the mass of each [mg]."""
    masses: defaultdict[Period, int] = defaultdict(int)
    for occurred_ms, mass_mg in journal.store.arrivals_by_instant().items():
        masses[month_of(day_of(occurred_ms, zone))] += mass_mg
    return dict(sorted(masses.items(), key=lambda month: month[0].first))


def _opening_stock(journal: Journal, start_ms: int) -> dict[int, tuple[Arrival, int]]:
    """Lots from before an instant that are still in their own district's hands, and how much."""
    agents = {number: agent for agent, number in journal.store.agents().items()}
    held = {
        (holding.lot, agents[holding.account]): holding.custody_units
        for holding in journal.store.held(start_ms)
    }
    arrivals = _described(journal, [number for number, _ in held])
    stock = {
        number: (arrival, held.get((number, commons_of(arrival.body.place)), 0))
        for number, arrival in arrivals.items()
    }
    return {number: (arrival, mass_mg) for number, (arrival, mass_mg) in stock.items() if mass_mg}


def _described(journal: Journal, numbers: Iterable[int]) -> dict[int, Arrival]:
    """What the record says now of some lots, by number."""
    described: dict[int, Arrival] = {}
    for some in _in_pieces(numbers, _TOGETHER):
        rows = journal.store.rows_at([first_seq_of(number) for number in some]).values()
        newest = _newest(journal, rows)
        described |= {lot_number(first): arrival for first, arrival in newest.items()}
    return described


def _newest(journal: Journal, rows: Iterable[EntryRow]) -> dict[int, Arrival]:
    """By the first entry of each lot among some entries, the newest that says what it is."""
    firsts = [entry for entry in map(entry_of, rows) if entry.corrects is None]
    known = journal.store.keys([entry.idempotency_key for entry in firsts])
    corrected = [row.newest for row in known.values() if row.newest != row.first]
    newer = journal.at(corrected)
    return {
        entry.seq: newer.get(known[entry.idempotency_key].newest, entry)
        for entry in firsts
        if isinstance(entry.body, LotArrived)
    }


def _with_holdings(journal: Journal, arrivals: dict[int, Arrival]) -> Iterator[LotRow]:
    agents = {number: agent for agent, number in journal.store.agents().items()}
    owners: defaultdict[int, dict[AgentId, int]] = defaultdict(dict)
    holders: defaultdict[int, dict[AgentId, int]] = defaultdict(dict)
    for holding in journal.store.holdings([lot_number(first) for first in arrivals]):
        first, agent = first_seq_of(holding.lot), agents[holding.account]
        if holding.rights_units:
            owners[first][agent] = holding.rights_units
        if holding.custody_units:
            holders[first][agent] = holding.custody_units
    for first, arrival in arrivals.items():
        yield _row(first, arrival, owners[first], holders[first])


def _row(
    first: int, arrival: Arrival, owners: dict[AgentId, int], holders: dict[AgentId, int]
) -> LotRow:
    body = arrival.body
    return LotRow(
        lot=body.lot,
        material=body.material,
        place=body.place,
        mass_mg=body.mass_mg,
        reported=body.reported,
        unit=body.unit,
        stamp=body.stamp,
        first_day=body.first_day,
        last_day=body.last_day,
        occurred_at=arrival.occurred_at,
        owners=owners,
        holders=holders,
        made_by=first,
        said_by=arrival.seq,
    )


def _fits(arrival: Arrival, which: LotFilter) -> bool:
    body = arrival.body
    return (
        which.place in (None, body.place)
        and which.material in (None, body.material)
        and (which.first_day is None or which.first_day <= body.last_day)
        and (which.last_day is None or body.first_day <= which.last_day)
    )


def _belongs(row: LotRow, which: LotFilter) -> bool:
    return (which.owner is None or which.owner in row.owners) and (
        which.holder is None or which.holder in row.holders
    )


def _age(numbered: tuple[int, Arrival]) -> tuple[Instant, LotId]:
    return numbered[1].occurred_at, numbered[1].body.lot


def _in_pieces(values: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece
