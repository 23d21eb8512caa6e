"""Hindering: what disruptions and vetoes leave of rooms and ways in some periods."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.disruptions import DisruptionReported, MoveVetoed
from bioloom.vocabulary.entries.ledger import Intake, SiteDeclared
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId

_WHOLE = 1000


class Hindrances:
    """Disruptions by the day, and vetoes, as a plan of some periods meets them.

    A way that is closed on the last day of a period is closed to what has not gone yet. One that is
    open again by then is no limit: what is to go there waits.
    """

    def __init__(self, declared: Declared, periods: Sequence[Period]) -> None:
        self._declared, self._periods = declared, periods
        touching = [declared.disruptions.touching(period) for period in periods]
        self._at_sites = [
            [one for one in some if one.site is not None or one.agent is not None]
            for some in touching
        ]
        self._closing = [
            [
                one
                for one in some
                if one.areas and one.kind in ("road_cut", "blockade") and _lasts(one, period)
            ]
            for some, period in zip(touching, periods, strict=True)
        ]
        self._vetoes: defaultdict[tuple[DistrictId, MaterialId, SiteId], list[MoveVetoed]]
        self._vetoes = defaultdict(list)
        for veto in declared.disruptions.vetoes.values():
            self._vetoes[veto.district, veto.material, veto.site].append(veto)
        self._vetoed = {(district, material) for district, material, _ in self._vetoes}

    def room_mg(self, site: SiteDeclared, intake: Intake, t: int) -> int:
        """What an intake has room for in the days of a period, the tightest cut of each counted.

        Example:
            100 mg a day, of which 250 in a thousand are left on 2 of 10 days, are 850 mg.
        """
        period = self._periods[t]
        cuts = [one for one in self._at_sites[t] if _cuts(one, site, intake)]
        if not cuts:
            return intake.capacity_mg_per_day * period.days
        days = [period.first + timedelta(days=number) for number in range(period.days)]
        left = sum(
            min((_left(one) for one in cuts if is_on(one, day)), default=_WHOLE) for day in days
        )
        return intake.capacity_mg_per_day * left // _WHOLE

    def any(self) -> bool:
        """Whether any way is closed or vetoed."""
        return bool(self._vetoes) or any(self._closing)

    def touches(self, district: DistrictId, material: MaterialId, t: int) -> bool:
        """Whether any way of a material from a district may be closed or vetoed."""
        part = self._declared.districts[district].part_of
        closed = any({district, part}.intersection(one.areas) for one in self._closing[t])
        return closed or (district, material) in self._vetoed

    def most_mg(
        self, district: DistrictId, material: MaterialId, site: SiteId, t: int
    ) -> int | None:
        """The most of a material that may go from a district to a site; none without a limit."""
        part = self._declared.districts[district].part_of
        for one in self._closing[t]:
            if {district, part}.intersection(one.areas) and one.site in (None, site):
                return 0
        days = self._periods[t].days
        return min(
            (
                one.most_mg * days // ((one.last_day - one.first_day).days + 1)
                for one in self._vetoes.get((district, material, site), ())
            ),
            default=None,
        )


def _cuts(one: DisruptionReported, site: SiteDeclared, intake: Intake) -> bool:
    """Whether a disruption takes room from an intake."""
    match one.kind:
        case "site_down":
            return one.site == site.site
        case "capacity_cut":
            return one.site == site.site and (one.group is None or one.group in intake.accepts)
        case "blockade":
            return one.agent is not None and one.agent == site.operator
        case _:
            return False


def _left(one: DisruptionReported) -> int:
    return one.per_mille if one.kind == "capacity_cut" else 0


def is_on(one: DisruptionReported, day: date) -> bool:
    """Whether a disruption is in force on a day."""
    return one.first_day <= day and (one.last_day is None or day <= one.last_day)


def _lasts(one: DisruptionReported, period: Period) -> bool:
    return one.last_day is None or one.last_day >= period.last
