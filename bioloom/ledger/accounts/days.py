"""Days: what came in, what was taken in, made, lost and left unaccounted for, day by day."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

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

    def fold(
        self,
        entry: Entry[Any],
        zone: ZoneInfo,
        earlier: Callable[[str], Entry[Any] | None],
    ) -> None:
        """Take one entry in, in the order of the record.

        Args:
            entry: The next entry.
            zone: The city's timezone.
            earlier: An entry by its id, for what is corrected or taken back.
        """
        self._day(entry, zone).entries += 1
        undone = entry.corrects
        if isinstance(entry.body, EventReversed):
            undone = entry.body.entry
        if undone is not None and (before := earlier(undone)) is not None:
            _count(self._day(before, zone), before.body, -1)
        _count(self._day(entry, zone), entry.body, 1)

    def since(self, first: date) -> dict[str, Day]:
        """A copy of the totals of a day and of all after it."""
        wanted = first.isoformat()
        return {name: deepcopy(day) for name, day in self.days.items() if name >= wanted}

    def _day(self, entry: Entry[Any], zone: ZoneInfo) -> Day:
        name = day_of(epoch_ms(entry.occurred_at), zone).isoformat()
        return self.days.setdefault(name, Day())


def _count(day: Day, body: object, sign: int) -> None:
    match body:
        case LotArrived():
            _add(day.arrived_mg, body.material, sign * body.mass_mg)
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
