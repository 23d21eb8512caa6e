"""Days: what came in, what was taken in, made, lost and left unaccounted for, day by day."""

from copy import deepcopy
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import all_mentions
from bioloom.vocabulary.agents import UNACCOUNTED, AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, base_of
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed, ProcessClosed
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import day_of, epoch_ms
from bioloom.vocabulary.stamps import Stamp


class Day(msgspec.Struct, kw_only=True):
    """One day's totals [mg]. A correction counts on the day that it is about."""

    arrived_mg: dict[MaterialId, int] = {}
    # By whose it is, so that what few households gave can be left out of what is shown.
    given_mg: dict[AgentId, int] = {}
    # By who received custody of it.
    received_mg: dict[AgentId, int] = {}
    made_mg: int = 0
    # Declared losses and residuals, by where they went; below zero where they came from there.
    lost_mg: dict[AgentId, int] = {}
    # What its figures stand on.
    stamps: set[Stamp] = set()
    entries: int = 0


class Days(msgspec.Struct, kw_only=True):
    """Totals by day of the city's own clock, in ISO 8601, so that they sort as days do."""

    days: dict[str, Day] = {}
    # The newest entry that is about a promise, a claim or a process.
    mentioned_at: int = 0

    def since(self, first: date) -> dict[str, Day]:
        """The totals of a day and of all after it."""
        wanted = first.isoformat()
        return {name: day for name, day in self.days.items() if name >= wanted}


class DaysFold:
    """The fold of a record into `Days`; see `ledger/snapshots/snapshotting.py`."""

    name = "days"
    shape = Days

    def __init__(self, zone: ZoneInfo) -> None:
        self.version = f"2 {zone.key}"
        self._zone = zone

    def begin(self) -> Days:
        """Nothing happened yet."""
        return Days()

    def go_on(self, state: Days, journal: Journal, *, after: int, until: int) -> Days:
        """The totals with some more entries. See `Fold.go_on`."""
        going = _Going(state, self._zone)
        for entry in journal.read(after=after, before=until + 1):
            undone = entry.corrects
            if isinstance(entry.body, EventReversed):
                undone = entry.body.entry
            before = None if undone is None else journal.by_id(undone)
            going.take(entry, before)
        return Days(days=going.days, mentioned_at=going.mentioned_at)


class _Going:
    """Totals on their way over some entries; days that they touch are copied first."""

    def __init__(self, state: Days, zone: ZoneInfo) -> None:
        self.days, self.mentioned_at = dict(state.days), state.mentioned_at
        self._touched: set[str] = set()
        self._name = lru_cache(maxsize=4096)(lambda at: day_of(epoch_ms(at), zone).isoformat())

    def take(self, entry: Entry[Any], before: Entry[Any] | None) -> None:
        """Count an entry, and out what it corrects or takes back."""
        self._day(entry).entries += 1
        if before is not None:
            _count(self._day(before), before.body, -1)
        _count(self._day(entry), entry.body, 1)
        if all_mentions(entry.body, before):
            self.mentioned_at = entry.seq

    def _day(self, entry: Entry[Any]) -> Day:
        name = self._name(entry.occurred_at)
        if name not in self._touched:
            self._touched.add(name)
            self.days[name] = deepcopy(self.days.get(name, Day()))
        return self.days[name]


def _count(day: Day, body: object, sign: int) -> None:
    match body:
        case LotArrived():
            _add(day.arrived_mg, body.material, sign * body.mass_mg)
            _add(day.given_mg, body.owner, sign * body.mass_mg)
            day.stamps.add(body.stamp)
        case LotTransferred() if "custody" in body.sides:
            _add(day.received_mg, body.receiver, sign * body.mass_mg)
        case EventHappened():
            _count_event(day, body, sign)
        case ProcessClosed():
            for loss in body.losses:
                _add(day.lost_mg, loss.to, sign * loss.mass_mg)
            _add(day.lost_mg, UNACCOUNTED, sign * body.residual_mg)


def _count_event(day: Day, body: EventHappened, sign: int) -> None:
    if body.lot is None or body.quantity is None or not _is_mass(body):
        return
    day.stamps.add(body.stamp)
    units = sign * body.quantity.units
    if body.action in ("transfer", "transferCustody"):
        _add(day.received_mg, body.receiver, units)
    if body.action == "produce":
        day.made_mg += units


def _is_mass(body: EventHappened) -> bool:
    return body.quantity is not None and base_of(body.quantity.unit)[0] == MILLIGRAM


def _add(totals: dict[Any, int], name: str, mass_mg: int) -> None:
    totals[name] = totals.get(name, 0) + mass_mg
    if not totals[name]:
        del totals[name]
