"""Asking an open city what has not happened: storms, coming months, proposed facilities."""

from collections.abc import Collection, Sequence

from bioloom.circuits.cascading.cascading import Cascade, cascade
from bioloom.circuits.cascading.courses import Down
from bioloom.circuits.forecasting.forecasting import MOST_KNOWN, Forecast, forecast
from bioloom.circuits.planning import plan
from bioloom.circuits.siting.comparing import Siting, compare
from bioloom.circuits.siting.proposals import Facility, Zone
from bioloom.doors.compose import City, NothingToPlan
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import provisions_of
from bioloom.vocabulary.periods import Period


def storm_in(
    city: City,
    period: Period | None,
    *,
    down: Collection[Down],
    hours: int,
    tolerance_per_mille: int,
    more_mg_per_day: int,
    most_tried: int,
) -> Cascade:
    """Follow a city for some hours in which sites fail; see `cascading.cascade`.

    Raises:
        NothingToPlan: If no period is given and the record has no lots.
        SiteUnknown, HoursOutOfRange, ToleranceBelowZero: As told there.
    """
    period = period or _newest_month(city)
    return cascade(
        city.journal.declared(),
        city.offered_mg(period),
        period,
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
) -> Siting:
    """Compare proposed facilities with a city as it is; see `siting.comparing.compare`.

    Codes are those in force on the last day of the period.

    Raises:
        NothingToPlan: If no period is given and the record has no lots.
    """
    period = period or _newest_month(city)
    offered = city.offered_mg(period)
    return compare(
        city.journal.declared(),
        facilities,
        planned=lambda declared: plan(declared, offered, period, explain=False),
        zones=zones,
        provisions=provisions_of(codes_of(city.journal).in_force(period.last)),
    )


def _newest_month(city: City) -> Period:
    newest = city.newest_month()
    if newest is None:
        raise NothingToPlan
    return newest
