"""Asking an open city what has not happened: storms, coming months, proposed facilities."""

from collections.abc import Sequence
from datetime import date

import msgspec

from bioloom.circuits.cascading.cascading import Cascade, cascade
from bioloom.circuits.cascading.courses import HOURS_PER_DAY, Down
from bioloom.circuits.codes.trying import NO_TRIAL, Rulebook, Trial
from bioloom.circuits.forecasting.forecasting import MOST_KNOWN, Forecast, forecast
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.replanning.trying import Figures
from bioloom.circuits.siting.comparing import Siting, compare
from bioloom.circuits.siting.proposals import Facility, Zone
from bioloom.doors.compose import City, NothingToPlan
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.refusal import Refusal

# As it stands, and with what fails.
_COURSES = 2


class StormTooLarge(Refusal):
    """A cascade of so many ways and hours that a page would wait for it too long."""

    def __init__(self, *, ways: int, hours: int) -> None:
        self.ways, self.hours = ways, hours
        super().__init__(
            what=f"{ways} ways over {hours} hours are too many for a page.",
            why="Every hour is planned anew, and the other pages must stay quick.",
            remedy="Ask for fewer hours, or use `bioloom circuits cascade DIR`.",
        )


class Storm(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a city in which sites fail; see `cascading.cascade`."""

    period: Period | None = None
    # Of the period's days the nearest to today, unless given.
    day: date | None = None
    down: tuple[Down, ...] = ()
    hours: int = HOURS_PER_DAY
    tolerance_per_mille: int = 200
    more_mg_per_day: int = 0
    most_tried: int = 12


def storm_in(
    city: City, asked: Storm, *, trial: Trial = NO_TRIAL, most_steps: int | None = None
) -> Cascade:
    """Follow a city for some hours in which sites fail; see `cascading.cascade`.

    Args:
        city: An open city.
        asked: What is asked.
        trial: Codes to try, or to leave out.
        most_steps: How many ways in how many hours may be planned at most, all courses together.
            Where there is more, fewer places are tried for more room, and then it is refused.

    Raises:
        StormTooLarge: If there is more to do than that.
        NothingToPlan: If no period is given and the record has no lots.
        CodeUnknown, CodeAmiss, CodeNamesUnknown: If a Code cannot be tried, or left out.
        SiteUnknown, HoursOutOfRange, ToleranceBelowZero: As told there.
    """
    period = asked.period or city.newest_month()
    if period is None:
        raise NothingToPlan
    day = asked.day or min(max(city.today(), period.first), period.last)
    figures = city.figures(period, trial=trial, on=day)
    tries = asked.most_tried if asked.more_mg_per_day else 0
    if most_steps is not None:
        tries = min(tries, _tries(figures, asked.hours, most_steps))
    return cascade(
        figures.declared,
        figures.offered_mg,
        period,
        day=day,
        codes=figures.codes,
        down=asked.down,
        hours=asked.hours,
        tolerance_per_mille=asked.tolerance_per_mille,
        more_mg_per_day=asked.more_mg_per_day,
        most_tried=tries,
    )


def _tries(figures: Figures, hours: int, most_steps: int) -> int:
    """How many places can be tried for more room besides the two courses."""
    ways = len(figures.offered_mg) * sum(
        len(site.intakes) for site in figures.declared.sites.values()
    )
    courses = most_steps // max(1, ways * max(1, hours))
    if courses < _COURSES:
        raise StormTooLarge(ways=ways, hours=hours)
    return courses - _COURSES


def coming_months(city: City, months: int) -> Forecast:
    """Forecast coming months from the whole ones known; see `forecasting.forecast`.

    A month is whole once something came in on its last day or after it.

    Raises:
        NothingToPlan: If the record has no lots.
        MonthsOutOfRange, HistoryTooShort: As told there.
    """
    totals = city.totals()
    if not totals.arrived_mg:
        raise NothingToPlan
    newest = max(totals.arrived_mg)
    whole = [month for month in totals.months_mg() if month.last <= newest]
    return forecast({month: city.offered_mg(month) for month in whole[-MOST_KNOWN:]}, months)


def siting_in(
    city: City,
    facilities: Sequence[Facility],
    period: Period | None = None,
    *,
    zones: Sequence[Zone] = (),
    trial: Trial = NO_TRIAL,
) -> Siting:
    """Compare proposed facilities with a city as it is; see `siting.comparing.compare`.

    Every plan keeps what that of `City.plan` does: Codes, disruptions and covenants. Nobody belongs
    yet under a covenant for a facility that is proposed.

    Raises:
        NothingToPlan: If no period is given and the record has no lots.
        As `City.plan`.
    """
    asked = city.figures(period, trial=trial)
    in_force = city.plans().in_force_for(asked.period)

    def planned(declared: Declared, codes: Rulebook) -> Plan:
        return plan(
            declared,
            asked.offered_mg,
            asked.period,
            in_force=() if in_force is None else in_force.flows,
            explain=False,
            codes=codes,
            bound=asked.bonds.heaps,
        )

    return compare(asked.declared, facilities, planned=planned, zones=zones, codes=asked.codes)
