"""The inventory: which lots there are, what was offered in a period, and what is left over."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.numbering import first_seq_of, lot_number
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.publishing import FEWEST_HOUSEHOLDS
from bioloom.ledger.record.journal import Journal, entry_of
from bioloom.ledger.record.remembering import numbers_of
from bioloom.ledger.stores.protocol import EntryRow
from bioloom.vocabulary.agents import AgentId, commons_of
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, LotMade
from bioloom.vocabulary.entries.ledger import CityFounded, LotArrived
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period, bounds_ms, day_of, epoch_ms, month_of
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.stamps import Stamp

T = TypeVar("T")
Arrival = Entry[LotArrived]
# What a lot may come into being by.
_MAKING = ("EventHappened", "LotArrived")
# Lots are looked up so many at a time.
_TOGETHER = 1000


class LotFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lots to list; what is left out does not narrow the list."""

    place: DistrictId | None = None
    material: MaterialId | None = None
    owner: AgentId | None = None
    holder: AgentId | None = None
    # Who owns or holds some of it.
    having: AgentId | None = None
    first_day: date | None = None
    last_day: date | None = None
    # List only lots made after this entry, to go on where a page ended.
    after: int = 0


class LotRow(msgspec.Struct, frozen=True, kw_only=True):
    """A lot as the record has it now: what came into being, who owns it and who holds it.

    Amounts are whole base units; `mass_mg` is none where pieces were not weighed.
    """

    lot: LotId
    material: MaterialId
    # A district or a site; empty where none was named.
    place: str
    base_unit: BaseUnit
    units: int
    mass_mg: int | None
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
    zone = _zone(journal)
    for rows in _in_pieces(_made_rows(journal, which), _TOGETHER):
        descriptions = (_described_by(*made, zone) for made in _newest(journal, rows).items())
        wanted = [row for row in descriptions if row is not None and _fits(row, which)]
        yield from (row for row in _with_holdings(journal, wanted) if _belongs(row, which))


def _made_rows(journal: Journal, which: LotFilter) -> Iterator[EntryRow]:
    """The entries by which lots came into being among which those of a filter are."""
    agents = {agent for agent in (which.owner, which.holder, which.having) if agent is not None}
    if not agents:
        yield from journal.store.rows(after=which.after, kinds=_MAKING)
        return
    # Nobody has any of a lot that never passed through their hands.
    known = journal.store.agents()
    legs = journal.store.legs_with([known[agent] for agent in agents if agent in known])
    firsts = {first_seq_of(leg.lot) for leg in legs}
    for some in _in_pieces(sorted(seq for seq in firsts if seq > which.after), _TOGETHER):
        made = journal.store.rows_at(some)
        yield from (made[seq] for seq in sorted(made))


def lot(journal: Journal, lot_id: LotId) -> LotRow | None:
    """One lot as the record has it now, or none of that name."""
    return lots_named(journal, [lot_id]).get(lot_id)


def lots_named(journal: Journal, names: Sequence[LotId]) -> dict[LotId, LotRow]:
    """Those of some lots that there are, as the record has them now."""
    wanted = set(names)
    rows = lots_numbered(journal, sorted(numbers_of(journal.store, names).values()))
    return {row.lot: row for row in rows.values() if row.lot in wanted}


def lots_numbered(journal: Journal, numbers: Sequence[int]) -> dict[int, LotRow]:
    """The lots of some numbers, as the record has them now, by number and in its order."""
    zone = _zone(journal)
    return {
        lot_number(row.made_by): row
        for some in _in_pieces(numbers, _TOGETHER)
        for row in _rows(journal, journal.store.rows_at(list(map(first_seq_of, some))), zone)
    }


def _rows(journal: Journal, made: Mapping[int, EntryRow], zone: ZoneInfo) -> Iterator[LotRow]:
    entries = _newest(journal, [made[seq] for seq in sorted(made)])
    rows = (_described_by(*one, zone) for one in entries.items())
    return _with_holdings(journal, [row for row in rows if row is not None])


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
    journal: Journal,
    period: Period,
    zone: ZoneInfo,
    *,
    backlog: bool = False,
    moved_mg: Mapping[LotId, int] = MappingProxyType({}),
) -> dict[tuple[DistrictId, MaterialId], list[Portion]]:
    """The lots behind `offered_mg`, oldest first.

    A plan is public, and so is what it is made of: where fewer than ten households are behind what
    a district has of a material, theirs is left out. It stays theirs, and is in their own records.

    Args:
        journal: The city's record.
        period: Whole days in the city's timezone.
        zone: The city's timezone.
        backlog: Whether to add the opening stock.
        moved_mg: What of the opening stock counts besides what is held of it; of lots that came
            later it says nothing. Less than 0: what does not count.
    """
    start_ms, end_ms = bounds_ms(period, zone)
    masses = journal.store.arrived_mg(start_ms, end_ms)
    arrivals = _described(journal, masses)
    if backlog:
        old = opening_stock(journal, start_ms, moved_mg)
        masses |= {number: mass_mg for number, (_, mass_mg) in old.items()}
        arrivals |= {number: arrival for number, (arrival, _) in old.items()}
    supply: defaultdict[tuple[DistrictId, MaterialId], list[Portion]] = defaultdict(list)
    for number, arrival in sorted(without_few(journal, arrivals).items(), key=_age):
        body = arrival.body
        supply[body.place, body.material].append(Portion(lot=body.lot, mass_mg=masses[number]))
    return dict(supply)


def without_few(journal: Journal, arrivals: Mapping[int, Arrival]) -> dict[int, Arrival]:
    """Without what fewer than ten households have of a material in a district."""
    people = people_of(journal)
    households: defaultdict[tuple[DistrictId, MaterialId], set[AgentId]] = defaultdict(set)
    for body in (arrival.body for arrival in arrivals.values()):
        if people.is_private(body.owner):
            households[body.place, body.material].add(body.owner)
    few = {node for node, behind in households.items() if len(behind) < FEWEST_HOUSEHOLDS}
    return {
        number: arrival
        for number, arrival in arrivals.items()
        if (arrival.body.place, arrival.body.material) not in few
        or not people.is_private(arrival.body.owner)
    }


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


def opening_stock(
    journal: Journal, start_ms: int, moved_mg: Mapping[LotId, int] = MappingProxyType({})
) -> dict[int, tuple[Arrival, int]]:
    """Lots from before an instant that are still in their own district's hands, and how much.

    Beside these, what counts although it was moved.
    """
    agents = {number: agent for agent, number in journal.store.agents().items()}
    held = {
        (holding.lot, agents[holding.account]): holding.custody_units
        for holding in journal.store.held(start_ms)
    }
    moved = numbers_of(journal.store, list(moved_mg)).values() if moved_mg else ()
    arrivals = _described(journal, dict.fromkeys((*(number for number, _ in held), *moved)))
    stock = {
        number: (
            arrival,
            held.get((number, commons_of(arrival.body.place)), 0)
            + moved_mg.get(arrival.body.lot, 0),
        )
        for number, arrival in arrivals.items()
        if epoch_ms(arrival.occurred_at) < start_ms
    }
    return {
        number: (arrival, mass_mg) for number, (arrival, mass_mg) in stock.items() if mass_mg > 0
    }


def _described(journal: Journal, numbers: Iterable[int]) -> dict[int, Arrival]:
    """What the record says now of some lots, by number."""
    described: dict[int, Arrival] = {}
    for some in _in_pieces(numbers, _TOGETHER):
        rows = journal.store.rows_at([first_seq_of(number) for number in some]).values()
        described |= {
            lot_number(first): entry
            for first, entry in _newest(journal, rows).items()
            if isinstance(entry.body, LotArrived)
        }
    return described


def _newest(journal: Journal, rows: Iterable[EntryRow]) -> dict[int, Entry[Any]]:
    """By the first entry of each lot among some entries, the newest that says what it is."""
    firsts = [entry for entry in map(entry_of, rows) if entry.corrects is None]
    firsts = [entry for entry in firsts if isinstance(entry.body, LotArrived) or _made(entry)]
    known = journal.store.keys([entry.idempotency_key for entry in firsts])
    corrected = [row.newest for row in known.values() if row.newest != row.first]
    newer = journal.at(corrected)
    return {entry.seq: newer.get(known[entry.idempotency_key].newest, entry) for entry in firsts}


def _made(entry: Entry[Any]) -> LotMade | None:
    return entry.body.made if isinstance(entry.body, EventHappened) else None


def _zone(journal: Journal) -> ZoneInfo:
    """The timezone a city was founded in, by which the days of single events are told."""
    first = journal.at([1]).get(1)
    founded = first.body if first is not None else None
    return ZoneInfo(founded.timezone if isinstance(founded, CityFounded) else "UTC")


def _with_holdings(journal: Journal, rows: Sequence[LotRow]) -> Iterator[LotRow]:
    agents = {number: agent for agent, number in journal.store.agents().items()}
    by_number = {lot_number(row.made_by): row for row in rows}
    for holding in journal.store.holdings(list(by_number)):
        row, agent = by_number[holding.lot], agents[holding.account]
        if holding.rights_units:
            row.owners[agent] = holding.rights_units
        if holding.custody_units:
            row.holders[agent] = holding.custody_units
    yield from rows


def _described_by(first: int, entry: Entry[Any], zone: ZoneInfo) -> LotRow | None:
    """A lot by the newest entry that says what it is, without its holdings."""
    if isinstance(entry.body, LotArrived):
        return _row_arrived(first, entry, entry.body)
    return _row_made(first, entry, entry.body, zone)


def _row_arrived(first: int, entry: Entry[Any], body: LotArrived) -> LotRow:
    return LotRow(
        lot=body.lot,
        material=body.material,
        place=body.place,
        base_unit=MILLIGRAM,
        units=body.mass_mg,
        mass_mg=body.mass_mg,
        reported=body.reported,
        unit=body.unit,
        stamp=body.stamp,
        first_day=body.first_day,
        last_day=body.last_day,
        occurred_at=entry.occurred_at,
        owners={},
        holders={},
        made_by=first,
        said_by=entry.seq,
    )


def _row_made(first: int, entry: Entry[Any], body: EventHappened, zone: ZoneInfo) -> LotRow | None:
    made = body.made
    if made is None or body.quantity is None:  # A correction may say that it made none.
        return None
    day = day_of(epoch_ms(entry.occurred_at), zone)
    return LotRow(
        lot=made.lot,
        material=made.material,
        place=made.place or "",
        base_unit=made.base_unit,
        units=body.quantity.units,
        mass_mg=body.quantity.units if made.base_unit == MILLIGRAM else made.mass_mg,
        reported=body.quantity.reported,
        unit=body.quantity.unit,
        stamp=body.stamp,
        first_day=day,
        last_day=day,
        occurred_at=entry.occurred_at,
        owners={},
        holders={},
        made_by=first,
        said_by=entry.seq,
    )


def _fits(row: LotRow, which: LotFilter) -> bool:
    return (
        which.place in (None, row.place)
        and which.material in (None, row.material)
        and (which.first_day is None or which.first_day <= row.last_day)
        and (which.last_day is None or row.first_day <= which.last_day)
    )


def _belongs(row: LotRow, which: LotFilter) -> bool:
    return (
        (which.owner is None or which.owner in row.owners)
        and (which.holder is None or which.holder in row.holders)
        and (which.having is None or which.having in {*row.owners, *row.holders})
    )


def _age(numbered: tuple[int, Arrival]) -> tuple[Instant, LotId]:
    return numbered[1].occurred_at, numbered[1].body.lot


def _in_pieces(values: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece
