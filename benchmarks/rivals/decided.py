"""What people decided or reported, as limits of a plan's ways, read again for a judge of plans.

It shares no code with how Bioloom poses its plans. Of rules it knows bans of sites, limits of
distance and guarantees; anything else is refused rather than passed over.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bioloom.circuits.explaining.questions.answers import Change, Found, Lifted
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import Banned, DistanceLimited, Rule, ShareGuaranteed
from bioloom.vocabulary.entries.disruptions import DisruptionReported
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The rules, disruptions and vetoes that stand in some days, but for what is lifted."""

    declared: Declared
    versions: Sequence[Version]
    period: Period
    # Kinds, names, and of a rule its place in its Code; none for all rules of it.
    lifted: Collection[tuple[str, int | None]] = ()

    def but_for(self, changes: Sequence[Change]) -> "Decided":
        """The same without what some changes lift."""
        named = [one.lifted for one in changes if one.lifted is not None]
        return Decided(
            declared=self.declared,
            versions=self.versions,
            period=self.period,
            lifted=[(one.name, one.number) for one in named],
        )

    def lifts(self, found: Found, change: Change) -> list[Change]:
        """A change as others that name each what they lift, where it names nothing itself."""
        if change.kind != "lifted" or change.lifted is not None:
            return [change]
        names: list[tuple[str, int | None]] = [(code, None) for code in found.codes]
        if found.reason == "promised":
            names = [
                (one.code, one.number)
                for version in self.versions
                for one in version.provisions
                if isinstance(one.rule, ShareGuaranteed)
            ]
        return [
            Change(kind="lifted", lifted=Lifted(kind="banned", name=name, number=number, said=""))
            for name, number in names
        ]

    def rules(self) -> Iterator[Rule]:
        """The rules that stand."""
        for version in self.versions:
            for one in version.provisions:
                if not {(one.code, one.number), (one.code, None)} & set(self.lifted):
                    yield one.rule

    def reported(self) -> Iterator[DisruptionReported]:
        """The disruptions that stand, with the last day known of each."""
        for one in self.declared.disruptions.touching(self.period):
            if (one.disruption, None) not in self.lifted:
                yield one

    def room_t(self, site: SiteId, per_day_mg: int) -> float:
        """What an intake has room for, a day at a time [t]."""
        days = [self.period.first + timedelta(days=n) for n in range(self.period.days)]
        left = [
            min(
                (_left(one) for one in self.reported() if one.site == site and _is_on(one, day)),
                default=1.0,
            )
            for day in days
        ]
        return per_day_mg * sum(left) / MG_PER_TONNE

    def barred(self, district: DistrictId, group: str, site: SiteId, km: float) -> bool:
        """Whether nothing of a group may go from a district to a site."""
        for rule in self.rules():
            match rule:
                case Banned(sites=sites, groups=(), materials=(), processes=(), areas=()):
                    if site in sites:
                        return True
                case DistanceLimited(limit_m=limit_m, groups=groups):
                    if km * 1000 > limit_m and (not groups or group in groups):
                        return True
                case ShareGuaranteed():
                    pass
                case _:
                    raise AssertionError(rule)
        part_of = self.declared.districts[district].part_of
        return any(
            one.kind == "road_cut"
            and one.site in (None, site)
            and {district, part_of} & set(one.areas)
            and _is_on(one, self.period.last)
            for one in self.reported()
        )

    def least_share(self, district: DistrictId, group: str) -> float:
        """The share that is guaranteed to a group of a district, 0 to 1."""
        shares = [
            rule.per_mille / 1000
            for rule in self.rules()
            if isinstance(rule, ShareGuaranteed)
            and rule.group == group
            and (not rule.districts or district in rule.districts)
        ]
        return max(shares, default=0.0)

    def most_t(self) -> dict[tuple[str, str, str], float]:
        """The most of a district's material that vetoes let go to a site [t]."""
        return {
            (veto.district, veto.material, veto.site): veto.most_mg
            * self.period.days
            / ((veto.last_day - veto.first_day).days + 1)
            / MG_PER_TONNE
            for veto in self.declared.disruptions.vetoes.values()
            if (veto.veto, None) not in self.lifted
        }


def _left(one: DisruptionReported) -> float:
    return one.per_mille / 1000 if one.kind == "capacity_cut" else float(one.kind != "site_down")


def _is_on(one: DisruptionReported, day: date) -> bool:
    return one.first_day <= day and (one.last_day is None or day <= one.last_day)
