"""Trying a Code on a city's past: the record read, planned twice a period, and nothing written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bioloom.assembly.codes.trying import ASSUMED, PeriodTried, Refused, refused_of, tried_on
from bioloom.circuits.codes.trying import Trial, rulebook
from bioloom.doors.answers.codes import CodeTried, KindTried, RefusedTold
from bioloom.doors.compose import City, NothingToPlan
from bioloom.ledger.codes.enacting import see_that_can_be, see_that_superseded_are
from bioloom.ledger.codes.handling import Handling, Places
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.record.remembering import numbers_of, recall
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.entries.codes import CodeEnacted
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Period, day_of, epoch_ms, month_of
from bioloom.vocabulary.refusal import Refusal

# A longer past is tried in parts; each month is planned twice.
MOST_MONTHS = 36
# So many of each kind that it would have refused are listed; all are counted.
MOST_LISTED = 20


class PastTooLong(Refusal):
    """More months than are tried at once."""

    def __init__(self, *, months: int) -> None:
        self.months = months
        super().__init__(
            what=f"That is {months} months, and at most {MOST_MONTHS} are tried at once.",
            why="Each month is planned twice, and the answer would be long in coming.",
            remedy="Give the first and the last day of a shorter time with --from and --to.",
        )


def try_code(city: City, draft: CodeEnacted, days: Period | None = None) -> CodeTried:
    """What a Code would have refused, and what each month's plan would have been under it.

    Args:
        city: An open city, in which nothing is written.
        draft: The Code, as if it had been in force on all of the days.
        days: The days; the three newest months with lots unless given.

    Raises:
        NothingToPlan: If no days are given and the record has no lots.
        PastTooLong: If they are more than three years.
        CodeAmiss, CodeNamesUnknown: If the Code cannot be.
    """
    see_that_can_be(draft, city.journal.declared())
    see_that_superseded_are(draft, codes_of(city.journal).by_id.keys())
    days = days or _newest_quarter(city)
    months = list(_months(days))
    if len(months) > MOST_MONTHS:
        raise PastTooLong(months=len(months))
    kinds = refused_of(draft, _handled(city, days), most_listed=MOST_LISTED)
    return CodeTried(
        code=draft.code,
        period=days,
        kinds=[
            KindTried(kind=kind, acts=one.acts, refused=one.refused, refused_mg=one.refused_mg)
            for kind, one in sorted(kinds.items())
        ],
        refused=[_told(one) for kind in sorted(kinds) for one in kinds[kind].listed],
        periods=[
            _tried(city, draft, piece) for month in months for piece in _pieces(city, draft, month)
        ],
        assumed=list(ASSUMED),
    )


def _tried(city: City, draft: CodeEnacted, period: Period) -> PeriodTried:
    was = city.figures(period)
    trial = Trial(drafts=[draft], without=draft.supersedes)
    codes = rulebook(city.journal, was.declared, period, trial)
    return tried_on(was, replace(was, codes=codes))


def _told(one: Refused) -> RefusedTold:
    done = one.handling
    return RefusedTold(
        seq=one.seq,
        kind=one.kind,
        rule=one.rule,
        action=done.action,
        material=done.material,
        site=done.site,
        mass_mg=done.mass_mg,
        day=done.day,
    )


def _newest_quarter(city: City) -> Period:
    months = list(city.totals().months_mg())[-3:]
    if not months:
        raise NothingToPlan
    return Period(first=months[0].first, last=months[-1].last)


def _months(days: Period) -> Iterator[Period]:
    """The calendar months of some days, the first and the last cut to them."""
    first = days.first
    while first <= days.last:
        month = month_of(first)
        yield Period(first=first, last=min(month.last, days.last))
        first = month.last + timedelta(days=1)


def _pieces(city: City, draft: CodeEnacted, month: Period) -> list[Period]:
    """Cut where Codes begin or end, with the one that is tried or without it."""
    known = codes_of(city.journal)
    others = {draft.code, *draft.supersedes} & known.by_id.keys()
    return [piece for whole in known.pieces(month) for piece in known.without(others).pieces(whole)]


def _handled(city: City, days: Period) -> Iterator[tuple[int, str, Handling]]:
    """What was done, and proposed, on some days; what was taken back or corrected is left out."""
    places = Places(city.journal.declared())
    for proposed in city.journal.read(kinds=[PlanProposed.__name__]):
        body: PlanProposed = proposed.body
        if days.covers(Period(first=body.first_day, last=body.last_day)):
            for flow in body.flows:
                yield proposed.seq, proposed.kind, places.flow(flow, body.first_day)
    events = _events(city, days)
    facts = recall(city.journal.store)
    lots = {lot for _, lot, _ in events}
    facts.prepare_lots(numbers_of(city.journal.store, sorted(lots)).values())
    for day, lot, entry in events:
        event = entry.body
        known = facts.kind_of(lot)
        if known is not None:
            units = None if event.quantity is None else event.quantity.units
            mass_mg = units if known[1] == MILLIGRAM else event.mass_mg
            yield entry.seq, entry.kind, places.event(event, known[0], mass_mg=mass_mg, day=day)


def _events(city: City, days: Period) -> list[tuple[date, LotId, Entry[EventHappened]]]:
    """The events of lots on some days that stand."""
    gone: set[str] = set()
    found: list[tuple[date, LotId, Entry[EventHappened]]] = []
    for entry in city.journal.read(kinds=[EventHappened.__name__, EventReversed.__name__]):
        if isinstance(entry.body, EventReversed):
            gone.add(entry.body.entry)
            continue
        if entry.corrects is not None:
            gone.add(entry.corrects)
        day = day_of(epoch_ms(entry.occurred_at), city.settings.zone)
        lot = entry.body.lot
        if lot is not None and days.has(day):
            found.append((day, lot, entry))
    return [one for one in found if one[2].id not in gone]
