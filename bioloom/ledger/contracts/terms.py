"""Terms: how long an agreement runs, and when notice must be given, by the calendar alone."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

import msgspec

from bioloom.vocabulary.entries.contracts import AgreementEnded, AgreementMade

ContractStanding = Literal["coming", "in force", "in notice", "expired", "ended", "breached"]
_OVER: tuple[ContractStanding, ...] = ("expired", "ended", "breached")


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """The time for which an agreement is made, or made again."""

    last_day: date
    notice_by: date
    remind_on: date


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month.

    >>> months_later(date(2024, 1, 31), 13)
    datetime.date(2025, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def term_on(made: AgreementMade, day: date) -> Term | None:
    """The term that a day falls into, or the last there is; none where it has no end.

    Renewals are counted from the first last day, so that they do not creep through short months.

    Example:
        A year from January, renewed by the year, with three months of notice:

        >>> from bioloom.vocabulary.agents import AgentId
        >>> from bioloom.vocabulary.entries.contracts import AgreementId
        >>> made = AgreementMade(
        ...     agreement=AgreementId("a"),
        ...     name="Oil",
        ...     parties=(AgentId("north"), AgentId("mill")),
        ...     first_day=date(2024, 1, 1),
        ...     last_day=date(2024, 12, 31),
        ...     renews_months=12,
        ...     notice_days=90,
        ... )
        >>> term = term_on(made, date(2025, 6, 1))
        >>> str(term.last_day), str(term.notice_by)
        ('2025-12-31', '2025-10-02')
    """
    last = made.last_day
    if last is None:
        return None
    if made.renews_months and day > last:
        times = ((day.year - last.year) * 12 + day.month - last.month) // made.renews_months
        renewed = months_later(last, max(1, times) * made.renews_months)
        if renewed < day:
            renewed = months_later(last, (max(1, times) + 1) * made.renews_months)
        last = renewed
    notice_by = last - timedelta(days=made.notice_days)
    return Term(
        last_day=last,
        notice_by=notice_by,
        remind_on=notice_by - timedelta(days=made.remind_days),
    )


def standing_on(made: AgreementMade, ended: AgreementEnded | None, day: date) -> ContractStanding:
    """How an agreement stands on a day."""
    if ended is not None:
        if day <= ended.last_day:
            return "in notice"
        return "breached" if ended.ground == "breach" else "ended"
    if day < made.first_day:
        return "coming"
    term = term_on(made, day)
    return "in force" if term is None or day <= term.last_day else "expired"


def is_over(standing: ContractStanding) -> bool:
    """Whether nothing more is owed under it but what goes back."""
    return standing in _OVER
