"""Returning: when a bound lot was due back and somebody still holds some, that is put on record."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.ledger.accounts.returning import away
from bioloom.ledger.reactions.reaction import Following
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.covenants import CovenantEnacted, ReturnOverdue
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import Instant, day_of, epoch_ms, instant


class Returning:
    """Looks at every midnight, once there is a covenant, for what was due back and is not."""

    name, version = "returning", 1
    folds: Collection[str] = ("CovenantEnacted", "ReturnOverdue")
    hears: Collection[str] = ()

    def __init__(self, zone: ZoneInfo) -> None:
        """Know of nothing yet.

        Args:
            zone: The city's timezone, in which its days end.
        """
        self._zone = zone
        self._next: Instant | None = None
        self._told: set[tuple[str, str, str, date]] = set()

    def react(self, entry: Entry[Any], journal: Journal) -> Iterator[Following]:
        """At midnight: what is overdue and was not told before, once for each day it left."""
        if not isinstance(entry.body, TimerFired):
            return
        told: set[tuple[str, str, str, date]] = set()
        for one in away(journal, self._zone, at=entry.body.due):
            key = (one.covenant, one.lot, one.holder, one.since)
            if not one.is_overdue or key in self._told or key in told:
                continue
            told.add(key)
            body = ReturnOverdue(
                covenant=one.covenant,
                lot=one.lot,
                holder=one.holder,
                since=one.since,
                due=one.due,
                units=one.units,
                base_unit=one.base_unit,
            )
            about = f"{one.covenant}:{one.lot}:{one.holder}:{one.since}"
            yield Following(body=body, about=about, occurred_at=entry.occurred_at)

    def fold(self, entry: Entry[Any]) -> None:
        """Take a covenant in, what was told, or go on to the next midnight."""
        match entry.body:
            case CovenantEnacted():
                self._next = self._next or self._midnight_after(entry.recorded_at)
            case ReturnOverdue() as told:
                self._told.add((told.covenant, told.lot, told.holder, told.since))
            case TimerFired(due=due):
                self._next = self._midnight_after(due)

    def due(self) -> Instant | None:
        """The next midnight, once there is a covenant."""
        return self._next

    def _midnight_after(self, at: Instant) -> Instant:
        following = day_of(epoch_ms(at), self._zone) + timedelta(days=1)
        return instant(datetime.combine(following, time(0), tzinfo=self._zone))
