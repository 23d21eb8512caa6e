"""Overdue: when the day a commitment was due is past, what is left of it is put on record."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.ledger.events.facts import in_force
from bioloom.ledger.events.mentioning import commitment_name
from bioloom.ledger.events.promising import owed
from bioloom.ledger.events.replaced import Replaced
from bioloom.ledger.reactions.reaction import Following
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.circuits import CommitmentEnded, CommitmentMade, PlanAdopted
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import CommitmentId, CommitmentOverdue, PromiseMade
from bioloom.vocabulary.periods import Instant, instant


class Overdue:
    """Waits for the end of each day on which a commitment is due.

    Commitments of a plan that another has replaced are not waited for, nor those that were ended.
    """

    name, version = "overdue", 1
    folds: Collection[str] = (
        *("CommitmentMade", "PromiseMade"),
        *("PlanAdopted", "CommitmentEnded"),
    )
    hears: Collection[str] = ()

    def __init__(self, zone: ZoneInfo) -> None:
        """Know of nothing yet.

        Args:
            zone: The city's timezone, in which its days end.
        """
        self._zone = zone
        # The commitments, each with itself if it is a plan's, by the day they are due.
        self._waiting: dict[date, dict[CommitmentId, CommitmentMade | None]] = {}
        self._replaced = Replaced()

    def react(self, entry: Entry[Any], journal: Journal) -> Iterator[Following]:
        """When a day has ended: each commitment that was due and is not fulfilled."""
        if not isinstance(entry.body, TimerFired):
            return
        for day in self._days_ended(entry.body.due):
            for commitment in self._waiting[day]:
                today = day + timedelta(days=1)
                overdue = _overdue(commitment, journal, self._replaced, today=today)
                if overdue is not None:
                    yield Following(body=overdue, about=commitment, occurred_at=entry.occurred_at)

    def fold(self, entry: Entry[Any]) -> None:
        """Take a commitment in, or let those go that are no longer waited for."""
        match entry.body:
            case CommitmentMade() as made:
                self._wait_for(CommitmentId(made.commitment), made.due, made)
            case PromiseMade() as made:
                self._wait_for(made.commitment, made.due, None)
            case PlanAdopted() | CommitmentEnded() as body:
                self._replaced.fold(body)
                for waiting in self._waiting.values():
                    for commitment in [one for one, made in waiting.items() if self._is_gone(made)]:
                        del waiting[commitment]
            case TimerFired() as fired:
                for day in self._days_ended(fired.due):
                    del self._waiting[day]
        self._waiting = {day: waiting for day, waiting in self._waiting.items() if waiting}

    def due(self) -> Instant | None:
        """The end of the first day on which something is due."""
        return self._end_of(min(self._waiting)) if self._waiting else None

    def _is_gone(self, made: CommitmentMade | None) -> bool:
        return made is not None and self._replaced.has(made)

    def _wait_for(
        self, commitment: CommitmentId, due: date | None, of_plan: CommitmentMade | None
    ) -> None:
        for waiting in self._waiting.values():
            waiting.pop(commitment, None)  # A correction may name another day.
        if due is not None:
            self._waiting.setdefault(due, {})[commitment] = of_plan

    def _days_ended(self, at: Instant) -> list[date]:
        return [day for day in sorted(self._waiting) if self._end_of(day) <= at]

    def _end_of(self, day: date) -> Instant:
        # The calendar's own last day has no morning after.
        following = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
        return instant(datetime.combine(following, time(0), tzinfo=self._zone))


def _overdue(
    commitment: CommitmentId, journal: Journal, replaced: Replaced, *, today: date
) -> CommitmentOverdue | None:
    name = commitment_name(commitment)
    entries = in_force(name, journal.at(journal.store.mentions([name]).get(name, [])).values())
    kinds = (CommitmentMade, PromiseMade)
    made = next((entry.body for entry in entries if isinstance(entry.body, kinds)), None)
    if made is None or made.due is None:
        return None  # Taken back since.
    stands = replaced.as_it_stands(made) if isinstance(made, CommitmentMade) else made
    known = owed(stands, entries, today=today)
    if known.standing != "overdue":
        return None
    return CommitmentOverdue(
        commitment=commitment,
        due=made.due,
        left_units=known.units - known.done_units,
        base_unit=known.base_unit,
    )
