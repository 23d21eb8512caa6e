"""Measuring: after its last day an effect is held against the record; missed, it comes back."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.ledger.inventory import offered_mg
from bioloom.ledger.reactions.reaction import Following
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.proposals import (
    EffectDeclared,
    EffectId,
    EffectMeasured,
    ExpectsEffect,
    ItemReturned,
)
from bioloom.vocabulary.periods import Instant, Period, instant


class Measuring:
    """Waits for the end of the last day of each effect that a decision declared."""

    name, version = "measuring", 1
    folds: Collection[str] = ("EffectDeclared",)
    hears: Collection[str] = ()

    def __init__(self, zone: ZoneInfo) -> None:
        """Know of nothing yet.

        Args:
            zone: The city's timezone, in which its days end.
        """
        self._zone = zone
        self._waiting: dict[EffectId, EffectDeclared] = {}

    def react(self, entry: Entry[Any], journal: Journal) -> Iterator[Following]:
        """When a day has ended: what the record shows of each effect whose last day it was."""
        if not isinstance(entry.body, TimerFired):
            return
        for declared in self._ended(entry.body.due):
            measured = measure(declared, journal, self._zone, as_of_seq=entry.seq)
            at = entry.occurred_at
            yield Following(body=measured, about=declared.effect, occurred_at=at)
            if not measured.is_met:
                returned = ItemReturned(
                    assembly=declared.assembly,
                    effect=declared.effect,
                    decision=declared.decision,
                    found_mg=measured.found_mg,
                )
                about = f"{declared.effect}:returned"
                yield Following(body=returned, about=about, occurred_at=at)

    def fold(self, entry: Entry[Any]) -> None:
        """Take an effect in, or let those go that were measured."""
        match entry.body:
            case EffectDeclared() as declared:
                self._waiting[declared.effect] = declared
            case TimerFired(due=due):
                for declared in self._ended(due):
                    del self._waiting[declared.effect]

    def due(self) -> Instant | None:
        """The end of the first last day."""
        days = [one.expects.last_day for one in self._waiting.values()]
        return self._end_of(min(days)) if days else None

    def _ended(self, at: Instant) -> list[EffectDeclared]:
        return [one for one in self._waiting.values() if self._end_of(one.expects.last_day) <= at]

    def _end_of(self, day: date) -> Instant:
        # The calendar's own last day has no morning after.
        following = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
        return instant(datetime.combine(following, time(0), tzinfo=self._zone))


def measure(
    declared: EffectDeclared, journal: Journal, zone: ZoneInfo, *, as_of_seq: int
) -> EffectMeasured:
    """What the record shows of an effect.

    Args:
        declared: What was to follow.
        journal: The record.
        zone: The city's timezone.
        as_of_seq: The newest entry.
    """
    found_mg = offered_of(declared.expects, journal, zone)
    target_mg = declared.expects.target_mg
    is_met = found_mg >= target_mg if declared.expects.is_at_least else found_mg <= target_mg
    return EffectMeasured(
        effect=declared.effect, found_mg=found_mg, is_met=is_met, as_of_seq=as_of_seq
    )


def offered_of(expects: ExpectsEffect, journal: Journal, zone: ZoneInfo) -> int:
    """The mass that some districts offered of some materials in the days of an effect [mg].

    As in a plan, what fewer than ten households are behind is left out.
    """
    period = Period(first=expects.first_day, last=expects.last_day)
    return sum(
        mass_mg
        for (district, material), mass_mg in offered_mg(journal, period, zone).items()
        if district in expects.districts and material in expects.materials
    )
