"""Deadlines: which receipts are still to be reported, and by when."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.formats.defra.writing import Receipts
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import day_of, epoch_ms

_WORKING_DAYS = 2
_SATURDAY = 5

Want = Literal[
    "not reported",
    "corrected since it was reported",
    # Nothing of it is left to be sent: the service has no way to take a receipt back.
    "turned away since it was reported",
    "treatment not reported",
]


class ReceiptDue(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt of which something is still to be reported, and the last day for it."""

    movement: str
    receiver: AgentId
    received: date
    due: date
    overdue: bool
    want: Want


def due_day(received: date, holidays: Collection[date] = ()) -> date:
    """The last day to report a receipt: the second working day after it arrived.

    Saturdays, Sundays and the holidays given are no working days. Without the bank holidays of the
    site's nation a day may come out too early, and never too late.

    Example:
        Received on a Monday, it is to be reported by Wednesday:

        >>> due_day(date(2026, 3, 2)).isoformat()
        '2026-03-04'
        >>> due_day(date(2026, 4, 2), [date(2026, 4, 3), date(2026, 4, 6)]).isoformat()
        '2026-04-08'

    Source:
        Receipt of Waste API, FAQ, "Timing for submission".
    """
    day, left = received, _WORKING_DAYS
    while left and day < date.max:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY and day not in holidays
    return day


def receipts_due(
    receipts: Receipts, *, zone: ZoneInfo, today: date, holidays: Collection[date] = ()
) -> Iterator[ReceiptDue]:
    """The receipts of which something is still to be reported, in the order of the record.

    Disposal and recovery codes that were not known at the gate are due with the receipt. Waste by
    pipeline counts from the day its receipt is dated: the end of its consignment note's period.

    Args:
        receipts: The receipts of a record.
        zone: The city's timezone, in which a day is meant.
        today: The day on which it is asked.
        holidays: Days that are no working days, besides Saturdays and Sundays.
    """
    for movement, entry in receipts.received.items():
        want = _want(receipts, movement)
        if want is None:
            continue
        received = day_of(epoch_ms(entry.occurred_at), zone)
        due = due_day(received, holidays)
        yield ReceiptDue(
            movement=movement,
            receiver=entry.body.receiver,
            received=received,
            due=due,
            overdue=today > due,
            want=want,
        )


def _want(receipts: Receipts, movement: str) -> Want | None:
    items = receipts.items(movement)
    if movement not in receipts.reported:
        return "not reported" if items else None
    if not items:
        return "turned away since it was reported" if receipts.turned_away(movement) else None
    if receipts.is_to_be_sent(movement):
        return "corrected since it was reported"
    return None if all(item.treatments for item in items) else "treatment not reported"
