"""Dating: nothing is recorded as having happened that is still to come."""

from datetime import date, timedelta
from typing import Any

from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import (
    EventHappened,
    EventReversed,
    ProcessClosed,
    ProcessOpened,
)
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.periods import Instant, epoch_ms, from_epoch_ms
from bioloom.vocabulary.refusal import Refusal

# Clocks differ, and midnight comes at other times elsewhere.
_AHEAD = timedelta(days=1)
_DATED = (EventHappened, EventReversed, ProcessOpened, ProcessClosed, LotTransferred)


class StillToCome(Refusal):
    """Something is said to have happened that lies in the future."""

    def __init__(self, *, at: str, latest: Instant) -> None:
        self.at, self.latest = at, latest
        super().__init__(
            what=f"It is said to have happened on {at}, which is still to come.",
            why="What was not done yet counts for nothing, and would stand in the way meanwhile.",
            remedy="Correct the date, or record a promise of it.",
        )


def latest_of(recorded_at: Instant) -> Instant:
    """The latest instant at which something recorded at another may have happened.

    >>> latest_of(Instant("2024-02-28T23:00:00.000Z"))
    '2024-02-29T23:00:00.000Z'
    """
    return from_epoch_ms(epoch_ms(recorded_at) + int(_AHEAD.total_seconds()) * 1000)


def judge_date(draft: Draft[Any], *, latest: Instant) -> None:
    """See that something happened before it is recorded.

    A heap that is still being gathered counts on its last day: its first must have come.

    Args:
        draft: What is to be recorded.
        latest: The latest instant at which it may have happened: see `latest_of`.

    Raises:
        StillToCome: If it did not happen yet.
    """
    body = draft.body
    if isinstance(body, _DATED) and draft.occurred_at > latest:
        raise StillToCome(at=draft.occurred_at, latest=latest)
    if isinstance(body, LotArrived) and draft.occurred_at > latest:
        until = date.fromisoformat(latest[:10])
        if body.first_day > until:
            raise StillToCome(at=body.first_day.isoformat(), latest=latest)
