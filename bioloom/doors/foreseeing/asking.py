"""Asking an open city what has not happened: storms, coming months, proposed facilities."""

from collections.abc import Collection, Sequence
from datetime import date

from bioloom.circuits.cascading.cascading import Cascade, cascade
from bioloom.circuits.cascading.courses import Down
from bioloom.circuits.codes.trying import NO_TRIAL, Rulebook, Trial
from bioloom.circuits.forecasting.forecasting import MOST_KNOWN, Forecast, forecast
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.siting.comparing import Siting, compare
from bioloom.circuits.siting.proposals import Facility, Zone
from bioloom.doors.compose import City, NothingToPlan
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.periods import Period


def storm_in(
    city: City,
    period: Period | None,
    *,
    day: date | None = None,
    trial: Trial = NO_TRIAL,
    down: Collection[Down],
    hours: int,
    tolerance_per_mille: int,
    more_mg_per_day: int,
    most_tried: int,
) -> Cascade:
    """Follow a city for some hours in which sites fail; see `cascading.cascade`.

    It is followed under the Codes and disruptions of a day: today's, or that day of the period
    which is nearest to today, unless given.

    Raises:
        NothingToPlan: If no period is given and the record has no lots.
        CodeUnknown, CodeAmiss, CodeNamesUnknown: If a Code cannot be tried, or left out.
        SiteUnknown, HoursOutOfRange, ToleranceBelowZero: As told there.
    """
    period = period or city.newest_month()
    if period is None:
        raise NothingToPlan
    day = day or min(max(city.today(), period.first), period.last)
    asked = city.figures(period, trial=trial, on=day)
    return cascade(
        asked.declared,
        asked.offered_mg,
        period,
        day=day,
        codes=asked.codes,
        down=down,
        hours=hours,
        tolerance_per_mille=tolerance_per_mille,
        more_mg_per_day=more_mg_per_day,
        most_tried=most_tried,
    )


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

    Every plan is that of `City.plan`, under the Codes and disruptions of its days.

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
        )

    return compare(asked.declared, facilities, planned=planned, zones=zones, codes=asked.codes)
