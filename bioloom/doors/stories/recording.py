"""Recording a story's day: in the order in which it happened, and nothing of it turned away."""

from collections.abc import Iterable
from typing import Any

from bioloom.doors.compose import City
from bioloom.ledger.record.outcomes import Recorded
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant


def record_day(city: City, drafts: Iterable[Draft[Any]], *, recorded_at: Instant) -> None:
    """Record what happened on a day; what would happen after it is recorded is left out.

    Args:
        city: The story's city.
        drafts: What happens, in any order.
        recorded_at: When it is recorded.
    """
    happened = [draft for draft in drafts if draft.occurred_at <= recorded_at]
    happened.sort(key=lambda draft: draft.occurred_at)
    outcomes = city.journal.append(happened, recorded_at=recorded_at, correct=True)
    turned_away = [one for one in outcomes if not isinstance(one, Recorded)]
    assert not turned_away, f"the story breaks a law: {turned_away[0]}"
