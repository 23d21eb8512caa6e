"""`bioloom plan --weeks`: the weeks ahead as one plan."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from rich.console import Console
from rich.markup import escape

from bioloom.circuits.codes.trying import rulebook
from bioloom.circuits.forecasting.forecasting import MOST_MONTHS, HistoryTooShort
from bioloom.circuits.horizon.expecting import (
    DAYS_OF_WEEK,
    as_in_months,
    as_on_mean_days,
    weeks_after,
)
from bioloom.circuits.horizon.naming import Movements
from bioloom.circuits.horizon.planning import Ahead, ahead_json, plan_ahead
from bioloom.circuits.posing import Node
from bioloom.circuits.replanning.surging import surged
from bioloom.doors.answers.plans import AheadPrinted, ExpectedBy
from bioloom.doors.cli.printing import DONE, WANTING, out, percent, print_json, table, tonnes
from bioloom.doors.compose import City
from bioloom.doors.foreseeing.asking import coming_months
from bioloom.doors.foreseeing.firming import firm_weeks, waiting_before
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.refusal import Refusal

# Eleven months: the forecast of twelve covers them, wherever a month ends.
MOST_WEEKS = 47


class WeeksOutOfRange(Refusal):
    """A number of weeks that is no horizon."""

    def __init__(self, *, weeks: int) -> None:
        self.weeks = weeks
        super().__init__(
            what=f"{weeks} weeks cannot be planned ahead.",
            why=f"A horizon has from 1 to {MOST_WEEKS} weeks.",
            remedy="Give a number of weeks such as --weeks 4.",
        )


class WeeksNotProposed(Refusal):
    """A plan of weeks to come was to be proposed."""

    def __init__(self) -> None:
        super().__init__(
            what="A plan of weeks ahead cannot be proposed.",
            why="Adopting it would commit lots that are not there yet.",
            remedy="Leave out --propose, and propose each week when its lots are recorded.",
        )


class _Expected(NamedTuple):
    """What weeks are expected to offer, by what, after which days, and what to mind."""

    by: ExpectedBy
    known: Period
    weeks: tuple[Period, ...]
    offered_mg: list[dict[Node, int]]
    notes: list[str]


def plan_weeks(
    city: City,
    weeks: int,
    known: Period | None,
    *,
    without: Sequence[SiteId],
    backlog: bool,
    as_json: bool,
) -> int:
    """Plan weeks ahead and print them; the exit code.

    Raises:
        WeeksOutOfRange: If there are none, or more than a forecast covers.
        NothingToPlan: If no period is known and the record has no lots.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise WeeksOutOfRange(weeks=weeks)
    expected = _forecast(city, weeks) if known is None else _mean_days(city, weeks, known)
    made = _ahead(city, expected, without, backlog=backlog)
    if as_json:
        days = {"from": expected.known.first, "to": expected.known.last}
        parts = {"known": days, "expected": expected.by, **ahead_json(made)}
        print_json(msgspec.convert(parts | {"notes": expected.notes}, AheadPrinted))
    else:
        _show(city, made, out())
        for note in expected.notes:
            out().print(f"Note: {escape(note)}", soft_wrap=True)
    return DONE if made.checked else WANTING


def _mean_days(city: City, weeks: int, known: Period) -> _Expected:
    """Weeks that offer, day for day, what the mean day of a period did."""
    after = weeks_after(known, weeks)
    offered_mg = as_on_mean_days(city.offered_mg(known), known, after)
    note = f"Expected, not known: that every day offers what the mean day from {known} did."
    return _Expected("mean_day", known, after, offered_mg, [note])


def _forecast(city: City, weeks: int) -> _Expected:
    """Weeks as the forecast of their months has them; by mean days, where too little is known."""
    try:
        # The months that the last of the weeks can reach into: they begin after the newest day,
        # in a month that has begun, or in the one after it.
        made = coming_months(city, min(MOST_MONTHS, 2 + weeks * DAYS_OF_WEEK // 28))
    except HistoryTooShort as short:
        newest = city.newest_month()
        assert newest is not None, "a forecast refuses a city without lots"
        known = Period(first=newest.first, last=_newest_day(city))
        by_days = _mean_days(city, weeks, known)
        return by_days._replace(notes=[*by_days.notes, short.what])
    after = weeks_after(Period(first=made.known.first, last=_newest_day(city)), weeks)
    months_mg = {month: made.offered_mg(month) for month in made.months}
    notes = ["Expected, not known: what `bioloom circuits forecast` tells of their months."]
    if made.left_out:
        notes.append(f"Of {len(made.left_out)} districts' materials nothing is expected.")
    return _Expected("forecast", made.known, after, as_in_months(months_mg, after), notes)


def _newest_day(city: City) -> date:
    """The newest day on which something came in."""
    return max(city.totals().arrived_mg)


def _ahead(city: City, expected: _Expected, without: Sequence[SiteId], *, backlog: bool) -> Ahead:
    """The plan that changes least from those in force; where a surge is reported, more comes.

    What plans in force have committed of these weeks stays. With `backlog` the first week has what
    else districts hold from before as well.
    """
    weeks, declared, plans = expected.weeks, city.journal.declared(), city.plans()
    in_force = [plans.in_force_for(week) for week in weeks]
    ahead = Period(first=weeks[0].first, last=weeks[-1].last)
    coming_mg = [
        surged(of_week, declared, declared.disruptions.touching(week), week)
        for of_week, week in zip(expected.offered_mg, weeks, strict=True)
    ]
    firm = firm_weeks(city, weeks)
    waiting_mg = waiting_before(city, weeks[0]) if backlog else {}
    return plan_ahead(
        declared,
        firm.offered_mg(coming_mg, waiting_mg),
        weeks,
        without=without,
        under_way=[
            tuple(flow for flow in flows if flow.site not in without) for flows in firm.flows
        ],
        in_force=[() if plan is None else plan.flows for plan in in_force],
        codes=rulebook(city.journal, declared, ahead),
    )


def _show(city: City, made: Ahead, console: Console) -> None:
    names = city.journal.declared().districts
    console.print(
        f"[bold]Plan for {made.periods[0].first} to {made.periods[-1].last}[/], "
        "modelled from what is expected"
    )
    if made.without:
        console.print(f"Without {escape(', '.join(made.without))}")
    rows = [
        [str(period), *_totals(done, firm)]
        for period, done, firm in zip(made.periods, made.movements, made.firm, strict=True)
    ]
    columns = [
        "week",
        "#placed t",
        "#of it firm t",
        "#stored t",
        "#unmet t",
        "#residue and products moved t",
    ]
    console.print(table("Weeks", columns, rows))
    shares = [
        [names[district].name, percent(share)] for district, share in sorted(made.service.items())
    ]
    console.print(table("Districts, over all weeks", ["district", "#placed"], shares))
    word = "checks" if made.checked else "DOES NOT CHECK"
    console.print(f"The certificate {word}: largest gap {made.gap:.1e} over all stages.")
    for fault in made.faults:
        console.print(f"[red]{escape(fault)}[/]", soft_wrap=True)


def _totals(done: Movements, firm: Sequence[Flow]) -> list[str]:
    masses: list[list[int]] = [
        [one.mass_mg for one in done.flows],
        [one.mass_mg for one in firm],
        [one.mass_mg for one in done.stored],
        [one.mass_mg for one in done.unmet],
        [one.mass_mg for one in done.onward],
    ]
    return [tonnes(sum(some)) for some in masses]
