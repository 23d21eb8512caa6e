"""Comparing: the plan with each proposed facility beside the plan without any."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from bioloom.circuits.codes.trying import NO_CODES, Rulebook
from bioloom.circuits.planning import Plan
from bioloom.circuits.siting.proposals import Facility, Zone
from bioloom.circuits.siting.touching import (
    Outside,
    ZoneTouched,
    outside,
    rules_touched,
    zones_of,
    zones_touched,
)
from bioloom.ledger.codes.standing import provisions_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, great_circle_km


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What changes for a district: its service of all, and of its worst group, and its mean way.

    A way is that of a mean tonne placed [km]; None where nothing is.
    """

    district: DistrictId
    service: float
    service_then: float
    worst: float
    worst_then: float
    km: float | None
    km_then: float | None


class CodeTouched(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of a Code in force that says something about a facility, and what its Code changes.

    Attributes:
        rule: Its place among the rules of the Code, the first is 1.
        taken_without_mg: What the facility would take in the period were the whole Code not in
            force, by a plan of its own [mg].
        unmet_without_mg: What of all would then not be placed [mg].
        checked: Whether the checker vouches for that plan.
    """

    code: CodeId
    rule: int
    says: str
    taken_without_mg: int
    unmet_without_mg: int
    checked: bool


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed facility, what it changes, and what it touches."""

    name: str
    accepts: tuple[GroupId, ...]
    capacity_mg: int
    # What it would take in the period, and what of all is not placed without and with it [mg].
    taken_mg: int
    unmet_mg: int
    unmet_then_mg: int
    # All ways together [t km].
    ways_t_km: float
    ways_then_t_km: float
    # The service of the worst-served district's group, and then.
    least: float
    least_then: float
    # Whether the checker vouches for the plan with it, and for those without Codes that touch it.
    checked: bool
    changes: tuple[Change, ...]
    zones: tuple[ZoneTouched, ...]
    codes: tuple[CodeTouched, ...]
    # People where it is felt, of zones that state how many live in them; none if none does.
    people: int | None
    # None where its ground lies in a district's outline.
    outside: Outside | None


class Siting(msgspec.Struct, frozen=True, kw_only=True):
    """Proposed facilities, each compared with the city as it is; in the order of the map."""

    period: Period
    options: tuple[Option, ...]
    # Whether the checker vouches for the plan without any.
    checked: bool


def compare(
    declared: Declared,
    facilities: Sequence[Facility],
    *,
    planned: Callable[[Declared, Rulebook], Plan],
    zones: Iterable[Zone] = (),
    codes: Rulebook = NO_CODES,
) -> Siting:
    """Plan the city as it is and with each facility in turn, and look at what each touches.

    Args:
        declared: The city's districts, areas, sites and materials.
        facilities: What is proposed; each is tried alone.
        planned: Plans a city under Codes, for the period that is compared.
        zones: Areas to look out for, besides those of the record.
        codes: The Codes in force.
    """
    base = planned(declared, codes)
    looked_at = [*zones, *zones_of(declared)]
    options = []
    for facility in facilities:
        site = facility.site
        then = replace(declared, sites={**declared.sites, site.site: site})
        options.append(
            _option(
                facility,
                (declared, base),
                (then, planned(then, codes)),
                zones_touched(facility, looked_at),
                list(_codes(facility, then, planned, codes)),
            )
        )
    return Siting(period=base.period, options=tuple(options), checked=base.checked)


def _codes(
    facility: Facility,
    then: Declared,
    planned: Callable[[Declared, Rulebook], Plan],
    codes: Rulebook,
) -> Iterator[CodeTouched]:
    """The Codes that touch a facility, each left out once to see what it changes."""
    without: dict[CodeId, Plan] = {}
    for touched, says in rules_touched(facility, provisions_of(codes.versions), then):
        code = touched.code
        if code not in without:
            others = [version for version in codes.versions if version.terms.code != code]
            without[code] = planned(then, replace(codes, versions=others))
        yield CodeTouched(
            code=code,
            rule=touched.number,
            says=says,
            taken_without_mg=_taken_mg(facility, without[code]),
            unmet_without_mg=_unmet_mg(without[code]),
            checked=without[code].checked,
        )


def _taken_mg(facility: Facility, made: Plan) -> int:
    return sum(flow.mass_mg for flow in made.flows if flow.site == facility.site.site)


def _unmet_mg(made: Plan) -> int:
    return sum(rest.mass_mg for rest in made.unmet)


def _option(
    facility: Facility,
    before: tuple[Declared, Plan],
    after: tuple[Declared, Plan],
    zones: list[ZoneTouched],
    codes: list[CodeTouched],
) -> Option:
    (_, base), (_, made) = before, after
    ways, ways_then = _ways_t_km(*before), _ways_t_km(*after)
    site = facility.site
    counted = [zone.people for zone in zones if zone.people is not None]
    return Option(
        name=site.name,
        accepts=tuple(group for intake in site.intakes for group in intake.accepts),
        capacity_mg=sum(one.capacity_mg_per_day for one in site.intakes) * made.period.days,
        taken_mg=_taken_mg(facility, made),
        unmet_mg=_unmet_mg(base),
        unmet_then_mg=_unmet_mg(made),
        ways_t_km=sum(ways.values()),
        ways_then_t_km=sum(ways_then.values()),
        least=_least(base),
        least_then=_least(made),
        checked=made.checked and all(code.checked for code in codes),
        changes=tuple(
            Change(
                district=district,
                service=share,
                service_then=made.service[district],
                worst=min(base.service_by_group[district].values()),
                worst_then=min(made.service_by_group[district].values()),
                km=_mean(ways[district], base, district),
                km_then=_mean(ways_then[district], made, district),
            )
            for district, share in base.service.items()
        ),
        zones=tuple(zones),
        codes=tuple(codes),
        people=sum(counted) if counted else None,
        outside=outside(facility, before[0]),
    )


def _least(made: Plan) -> float:
    return min(
        (share for groups in made.service_by_group.values() for share in groups.values()),
        default=1.0,
    )


def _ways_t_km(declared: Declared, made: Plan) -> defaultdict[DistrictId, float]:
    ways: defaultdict[DistrictId, float] = defaultdict(float)
    for flow in made.flows:
        begin, end = declared.districts[flow.district].point, declared.sites[flow.site].point
        ways[flow.district] += flow.mass_mg / 1e9 * great_circle_km(begin, end)
    return ways


def _mean(ways_t_km: float, made: Plan, district: DistrictId) -> float | None:
    placed_mg = sum(flow.mass_mg for flow in made.flows if flow.district == district)
    return ways_t_km / (placed_mg / 1e9) if placed_mg else None
