"""Ending: before an agreement ends or renews itself, the record says so while there is time."""

from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.ledger.contracts.terms import Term, term_on
from bioloom.ledger.reactions.reaction import Following
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.contracts import (
    AgreementEnded,
    AgreementEnding,
    AgreementId,
    AgreementMade,
)
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import Instant, instant


class Ending:
    """Waits for the day on which the parties of each agreement are to be reminded, term by term."""

    name, version = "ending", 1
    folds: Collection[str] = ("AgreementMade", "AgreementEnded")
    hears: Collection[str] = ()

    def __init__(self, zone: ZoneInfo) -> None:
        """Know of nothing yet.

        Args:
            zone: The city's timezone, in which its days begin.
        """
        self._zone = zone
        # The next term of each agreement of which nobody was reminded.
        self._waiting: dict[AgreementId, tuple[AgreementMade, Term]] = {}

    def react(self, entry: Entry[Any], journal: Journal) -> Iterator[Following]:
        """When the day has come: each agreement that is about to end."""
        del journal
        if not isinstance(entry.body, TimerFired):
            return
        for made, term in self._reached(entry.body.due):
            ending = AgreementEnding(
                agreement=made.agreement,
                last_day=term.last_day,
                notice_by=term.notice_by,
                renews=made.renews_months > 0,
            )
            about = f"{made.agreement} {term.last_day}"
            yield Following(body=ending, about=about, occurred_at=entry.occurred_at)

    def fold(self, entry: Entry[Any]) -> None:
        """Take an agreement in, or go on to its next term."""
        match entry.body:
            case AgreementMade() as made:
                self._wait_for(made, term_on(made, made.first_day))
            case AgreementEnded() as ended:
                self._waiting.pop(ended.agreement, None)
            case TimerFired() as fired:
                for made, term in self._reached(fired.due):
                    following = term_on(made, term.last_day + timedelta(days=1))
                    self._wait_for(made, following if following != term else None)

    def due(self) -> Instant | None:
        """The beginning of the first day on which somebody is to be reminded."""
        return min((self._begin_of(term) for _, term in self._waiting.values()), default=None)

    def _wait_for(self, made: AgreementMade, term: Term | None) -> None:
        self._waiting.pop(made.agreement, None)
        if term is not None:
            self._waiting[made.agreement] = (made, term)

    def _reached(self, at: Instant) -> list[tuple[AgreementMade, Term]]:
        return [(made, term) for made, term in self._waiting.values() if self._begin_of(term) <= at]

    def _begin_of(self, term: Term) -> Instant:
        return instant(datetime.combine(term.remind_on, time(0), tzinfo=self._zone))
