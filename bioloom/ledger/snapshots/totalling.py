"""Totalling: how running totals go on with the entries of a record."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.ledger.events.mentioning import lots_made
from bioloom.ledger.legs import legs_of
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.record.journal import Journal, entry_of
from bioloom.ledger.record.remembering import numbers_of
from bioloom.ledger.snapshots.totals import (
    Had,
    Kind,
    OfAgent,
    OfArrival,
    OfPlace,
    Passed,
    Totals,
)
from bioloom.vocabulary.agents import BOUNDARY, OUTSIDE, AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessClosed
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import Leg, LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, day_of, epoch_ms

_TOGETHER = 2_000
_EDGE = frozenset(BOUNDARY)
_LOSSES = Kind(MaterialId("losses"), MILLIGRAM, "")


class TotalsFold:
    """The fold of a record into `Totals`, by the days of a city's own clock."""

    name = "totals"
    shape = Totals

    def __init__(self, zone: ZoneInfo) -> None:
        self.version = f"3 {zone.key}"
        self._zone = zone

    def begin(self) -> Totals:
        """Nothing happened yet."""
        return Totals()

    def go_on(self, state: Totals, journal: Journal, *, after: int, until: int) -> Totals:
        """The totals with some more entries. See `Fold.go_on`.

        An entry that makes a lot is counted under what it says itself. All others are counted under
        what the newest such entry says; where that is other than it was at `after`, what had been
        counted of the lot until then moves over.
        """
        going = _Going(state.copy(), journal, self._zone)
        rows = journal.store.rows(after=after, before=until + 1)
        while some := list(islice(rows, _TOGETHER)):
            going.take([entry_of(row) for row in some])
        going.move_over(after)
        return going.done()


class _Going:
    """Totals on their way over some entries."""

    def __init__(self, totals: Totals, journal: Journal, zone: ZoneInfo) -> None:
        self.totals, self._journal, self._zone = totals, journal, zone
        self._day = lru_cache(maxsize=4096)(self._day_of)  # A month's lots share one instant.
        self._touched: set[date] = set()
        # Lots that are said to be something else than at first, and what they were.
        self._redescribed: dict[LotId, Kind] = {}

    def take(self, entries: list[Entry[Any]]) -> None:
        """Count some entries, and out what they replace."""
        undone = [entry.corrects for entry in entries if entry.corrects is not None]
        replaced = {entry_id: self._journal.by_id(entry_id) for entry_id in undone}
        statements = [(entry, 1) for entry in entries]
        for entry in entries:
            before = replaced.get(entry.corrects or "")
            if before is not None:
                statements.append((before, -1))
                self._note_kinds(before, entry)
        kinds = self._kinds_in(entry.body for entry, _ in statements)
        for entry, sign in statements:
            self._count(entry, sign, kinds)

    def done(self) -> Totals:
        """The totals, without the days on which nothing arrived after all."""
        arrived_mg = self.totals.arrived_mg
        for day in self._touched:
            if not arrived_mg[day]:
                del arrived_mg[day]
        return self.totals

    def move_over(self, after: int) -> None:
        """Count under its new kind what was counted of a lot under another until an entry."""
        for lot, before in self._redescribed.items():
            (now,) = kinds_of(self._journal, [lot]).values() or (None,)
            if now == before:
                continue
            number = numbers_of(self._journal.store, [lot])[lot]
            seqs = sorted({leg.seq for leg in self._journal.store.legs(number) if leg.seq <= after})
            for entry in self._journal.at(seqs).values():
                for one, sign in self._statements(entry):
                    if lot not in _own_kinds(one.body):
                        self._count(one, -sign, {lot: before})
                        self._count(one, sign, {} if now is None else {lot: now})

    def _statements(self, entry: Entry[Any]) -> Iterator[tuple[Entry[Any], int]]:
        yield entry, 1
        replaced = None if entry.corrects is None else self._journal.by_id(entry.corrects)
        if replaced is not None:
            yield replaced, -1

    def _note_kinds(self, before: Entry[Any], after: Entry[Any]) -> None:
        then, now = _own_kinds(before.body), _own_kinds(after.body)
        for lot, kind in then.items():
            if now.get(lot) != kind:
                self._redescribed.setdefault(lot, kind)

    def _kinds_in(self, bodies: Iterable[object]) -> dict[LotId, Kind]:
        """What those lots are that some entries move and did not make."""
        lots = {
            leg.lot for body in bodies if not isinstance(body, LotArrived) for leg in legs_of(body)
        }
        return kinds_of(self._journal, sorted(lots)) if lots else {}

    def _count(self, entry: Entry[Any], sign: int, kinds: dict[LotId, Kind]) -> None:
        body = entry.body
        legs = legs_of(body)
        if not legs:
            return
        day, own = self._day(entry.occurred_at), _own_kinds(body)
        for leg in legs:
            kind = own.get(leg.lot) or kinds.get(leg.lot)
            if kind is not None:
                self._count_leg(leg, kind, day, sign)
        if isinstance(body, LotArrived):
            of = (body.place, body.material, body.stamp, body.owner)
            _add(self._arrived_on(day), of, sign * body.mass_mg)

    def _count_leg(self, leg: Leg, kind: Kind, day: date, sign: int) -> None:
        rights, custody = sign * leg.rights_units, sign * leg.custody_units
        self._count_agent(leg.giver, kind, Had(0, rights, 0, custody))
        self._count_agent(leg.receiver, kind, Had(rights, 0, custody, 0))
        if leg.giver in _EDGE and leg.receiver not in _EDGE:
            self._count_place(kind, day, Passed(rights, 0))
        if leg.receiver in _EDGE and leg.giver not in _EDGE:
            self._count_place(kind, day, Passed(0, rights))
        if leg.receiver == OUTSIDE:
            _add(self.totals.departed_units, day, rights)

    def _count_agent(self, agent: AgentId, kind: Kind, more: Had) -> None:
        of, agents = OfAgent(agent, kind.material, kind.base_unit), self.totals.agents
        one = agents.get(of)
        had = more if one is None else Had(*[a + b for a, b in zip(one, more, strict=True)])
        if any(had):
            agents[of] = had
        else:
            agents.pop(of, None)

    def _count_place(self, kind: Kind, day: date, more: Passed) -> None:
        places, month = self.totals.places, day.replace(day=1)
        of = OfPlace(month, kind.place, kind.material, kind.base_unit)
        one = places.get(of, Passed())
        passed = Passed(one[0] + more[0], one[1] + more[1])
        if any(passed):
            places[of] = passed
        else:
            places.pop(of, None)

    def _arrived_on(self, day: date) -> dict[OfArrival, int]:
        """A day's arrivals; others may be reading those of the state before."""
        if day not in self._touched:
            self._touched.add(day)
            self.totals.arrived_mg[day] = dict(self.totals.arrived_mg.get(day, {}))
        return self.totals.arrived_mg[day]

    def _day_of(self, moment: Instant) -> date:
        return day_of(epoch_ms(moment), self._zone)


def kinds_of(journal: Journal, lots: list[LotId]) -> dict[LotId, Kind]:
    """What the record says now of some lots; those that it does not know are left out."""
    numbers = numbers_of(journal.store, lots)
    firsts = journal.at([first_seq_of(number) for number in numbers.values()])
    newest = journal.current([entry.idempotency_key for entry in firsts.values()])
    kinds: dict[LotId, Kind] = {}
    for lot, number in numbers.items():
        entry = newest[firsts[first_seq_of(number)].idempotency_key]
        kinds |= {made: kind for made, kind in _own_kinds(entry.body).items() if made == lot}
    return kinds


def _own_kinds(body: object) -> dict[LotId, Kind]:
    """What an entry says of the lot that it makes."""
    match body:
        case LotArrived():
            return {body.lot: Kind(body.material, MILLIGRAM, body.place)}
        case EventHappened(made=made) if made is not None:
            return {made.lot: Kind(made.material, made.base_unit, made.place or "")}
        case ProcessClosed():
            return dict.fromkeys(lots_made(body), _LOSSES)
    return {}


def _add(sums: dict[Any, int], of: object, units: int) -> None:
    sums[of] = sums.get(of, 0) + units
    if not sums[of]:
        del sums[of]
