"""Courses: what becomes of a city hour by hour once sites fail, and how a day falls into hours."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import msgspec

from bioloom.circuits.codes.trying import NO_CODES, Rulebook
from bioloom.circuits.posing import Cell, Node
from bioloom.ledger.codes.standing import provisions_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import CodeId, ShareGuaranteed
from bioloom.vocabulary.entries.disruptions import MoveVetoed
from bioloom.vocabulary.entries.ledger import SiteDeclared, Storage, VehiclesDeclared, Yield
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId

HOURS_PER_DAY = 24
Owner = TypeVar("Owner", DistrictId, GroupId)


class Down(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A site that takes nothing more from an hour on; the first hour is 0."""

    site: SiteId
    hour: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What is followed: a city, what it offers in a period [mg], what fails, for how many hours.

    The period's mass comes evenly over its hours, and a site's room of a day falls evenly into 24.
    Every hour is under the same Codes, and the disruptions of its days.
    """

    declared: Declared
    offered_mg: Mapping[Node, int]
    period: Period
    down: tuple[Down, ...] = ()
    hours: int = HOURS_PER_DAY
    codes: Rulebook = NO_CODES

    def arriving_mg(self, hour: int) -> dict[Node, int]:
        """What each district discards in an hour [mg]."""
        hours = HOURS_PER_DAY * self.period.days
        return {node: of_hour(mass, hour, hours) for node, mass in self.offered_mg.items()}

    def closed_in(self, hour: int) -> set[SiteId]:
        """The sites that are said to be down in an hour."""
        return {one.site for one in self.down if one.hour <= hour}

    def failures(self) -> tuple["Failure", ...]:
        """The failures that were said to come."""
        return tuple(
            Failure(site=one.site, hour=one.hour, cause="down", load_mg=0, room_mg=0)
            for one in self.down
        )


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A site that fell out: because it was said to, or because too much came to it.

    The load is what was at the site in that hour, the room what it could work off in it [mg].
    """

    site: SiteId
    hour: int
    cause: Literal["down", "overload"]
    load_mg: int
    room_mg: int


class Hour(msgspec.Struct, frozen=True, kw_only=True):
    """An hour of a city: what was discarded and worked off in it, and what is left at its end.

    From hour 0 on, all that arrived is what was taken, what waits in districts and what is held.
    """

    hour: int
    arrived_mg: int
    taken_mg: int
    # In districts, and at sites that could not work it off in the hour.
    waiting_mg: int
    held_mg: int


class GuaranteeMissed(msgspec.Struct, frozen=True, kw_only=True):
    """A share that a Code guarantees a district of a period, and that is not placed by the end.

    No hour is bound by it: what waits may still be placed in the rest of the period.
    """

    code: CodeId
    # Its place among the rules of the Code, the first is 1.
    rule: int
    district: DistrictId
    group: GroupId
    guaranteed_per_mille: int
    # What does not wait of all that the hours brought [1].
    placed: float


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a city when sites fail."""

    failures: tuple[Failure, ...]
    hours: tuple[Hour, ...]
    # What waits in each district at the end of every hour [mg].
    build_up_mg: dict[DistrictId, tuple[int, ...]]
    # The same of each group.
    build_up_by_group_mg: dict[GroupId, tuple[int, ...]]
    # The first hour at whose end a district's storage cannot hold what waits, of those that have
    # any: more than all of it, or more of a group than what takes that group.
    storage_passed: dict[DistrictId, int]
    missed: tuple[GuaranteeMissed, ...] = ()
    # Whether the checker vouches for every plan of it, and their largest gap.
    checked: bool = True
    gap: float = 0.0

    @property
    def left_mg(self) -> int:
        """What is not worked off at the end, wherever it is."""
        return self.hours[-1].waiting_mg + self.hours[-1].held_mg


def of_hour(mass_mg: int, hour: int, hours: int) -> int:
    """What of a mass falls to one of so many equal hours; over all of them it adds up exactly.

    >>> [of_hour(10, hour, 4) for hour in range(4)]
    [2, 3, 2, 3]
    """
    return mass_mg * (hour + 1) // hours - mass_mg * hour // hours


def in_hour(declared: Declared, hour: int) -> Declared:
    """The city with what it can do in one hour of a day as what it can do in a day.

    Sites' rooms, what they may keep of what they make, vehicles, and what vetoes let go. Nothing is
    stored over an hour's end: what finds no room waits, and what a site makes must go on within the
    hour.
    """
    known = declared.disruptions
    vetoes = {name: _veto_in_hour(veto, hour) for name, veto in known.vetoes.items()}
    return replace(
        declared,
        disruptions=replace(known, vetoes=vetoes),
        districts={
            name: msgspec.structs.replace(district, storage=())
            for name, district in declared.districts.items()
        },
        sites={name: _site_in_hour(site, hour) for name, site in declared.sites.items()},
        vehicles={
            name: _vehicles_in_hour(vehicles, hour) for name, vehicles in declared.vehicles.items()
        },
    )


def _site_in_hour(site: SiteDeclared, hour: int) -> SiteDeclared:
    intakes = tuple(
        msgspec.structs.replace(
            intake,
            capacity_mg_per_day=of_hour(
                intake.capacity_mg_per_day, hour % HOURS_PER_DAY, HOURS_PER_DAY
            ),
            yields=tuple(_yield_in_hour(made, hour) for made in intake.yields),
        )
        for intake in site.intakes
    )
    return msgspec.structs.replace(site, intakes=intakes, storage=())


def _yield_in_hour(made: Yield, hour: int) -> Yield:
    if made.stays_mg_per_day is None:
        return made
    stays_mg = of_hour(made.stays_mg_per_day, hour % HOURS_PER_DAY, HOURS_PER_DAY)
    return msgspec.structs.replace(made, stays_mg_per_day=stays_mg)


def _vehicles_in_hour(vehicles: VehiclesDeclared, hour: int) -> VehiclesDeclared:
    """One vehicle with the hour's part of what all of them carry in all their trips of a day."""
    of_day_mg = vehicles.count * vehicles.trips_per_day * vehicles.payload_mg
    payload_mg = of_hour(of_day_mg, hour % HOURS_PER_DAY, HOURS_PER_DAY)
    return msgspec.structs.replace(vehicles, count=1, trips_per_day=1, payload_mg=payload_mg)


def _veto_in_hour(veto: MoveVetoed, hour: int) -> MoveVetoed:
    days = (veto.last_day - veto.first_day).days + 1
    most_mg = of_hour(veto.most_mg // days, hour % HOURS_PER_DAY, HOURS_PER_DAY)
    return msgspec.structs.replace(veto, most_mg=most_mg, last_day=veto.first_day)


def per_hour(
    waiting_mg: Sequence[Mapping[Node, int]], owner_of: Mapping[Node, Owner]
) -> dict[Owner, tuple[int, ...]]:
    """What waits at the end of each hour, added up by an owner of nodes: district or group."""
    rows = {owner: [0] * len(waiting_mg) for owner in sorted(set(owner_of.values()))}
    for hour, waiting in enumerate(waiting_mg):
        for node, mass_mg in waiting.items():
            rows[owner_of[node]][hour] += mass_mg
    return {owner: tuple(row) for owner, row in rows.items()}


def course_of(
    storm: Storm,
    hours: Sequence[Hour],
    waiting_mg: Sequence[Mapping[Node, int]],
    failures: Sequence[Failure],
) -> Course:
    """Put hours together, with what waits of each node at their ends [mg]."""
    nodes, materials = storm.offered_mg, storm.declared.materials
    return Course(
        failures=tuple(
            sorted(failures, key=lambda failure: (failure.hour, failure.cause, failure.site))
        ),
        hours=tuple(hours),
        build_up_mg=per_hour(waiting_mg, {node: node[0] for node in nodes}),
        build_up_by_group_mg=per_hour(
            waiting_mg, {node: materials[node[1]].group for node in nodes}
        ),
        storage_passed=_storage_passed(storm.declared, waiting_mg),
        missed=tuple(_missed(storm, waiting_mg[-1])),
    )


def _missed(storm: Storm, waiting_mg: Mapping[Node, int]) -> Iterator[GuaranteeMissed]:
    came: Counter[Cell] = Counter()
    waits: Counter[Cell] = Counter()
    for hour in range(storm.hours):
        for (district, material), mass_mg in storm.arriving_mg(hour).items():
            came[district, storm.declared.materials[material].group] += mass_mg
    for (district, material), mass_mg in waiting_mg.items():
        waits[district, storm.declared.materials[material].group] += mass_mg
    for provision in provisions_of(storm.codes.versions):
        rule = provision.rule
        if not isinstance(rule, ShareGuaranteed):
            continue
        for (district, group), mass_mg in sorted(came.items()):
            named = group == rule.group and (not rule.districts or district in rule.districts)
            placed_mg = mass_mg - waits[district, group]
            if named and placed_mg * 1000 < mass_mg * rule.per_mille:
                yield GuaranteeMissed(
                    code=provision.code,
                    rule=provision.number,
                    district=district,
                    group=group,
                    guaranteed_per_mille=rule.per_mille,
                    placed=placed_mg / mass_mg,
                )


def _storage_passed(
    declared: Declared, waiting_mg: Sequence[Mapping[Node, int]]
) -> dict[DistrictId, int]:
    passed: dict[DistrictId, int] = {}
    for hour, waiting in enumerate(waiting_mg):
        by_group: defaultdict[DistrictId, Counter[GroupId]] = defaultdict(Counter)
        for (district, material), mass_mg in waiting.items():
            by_group[district][declared.materials[material].group] += mass_mg
        for district, groups in sorted(by_group.items()):
            if _is_too_much(declared.districts[district].storage, groups):
                passed.setdefault(district, hour)
    return passed


def _is_too_much(storage: Sequence[Storage], waiting_mg: Mapping[GroupId, int]) -> bool:
    """Whether storage certainly cannot hold what waits; never, where there is none."""
    if not storage:
        return False
    if sum(waiting_mg.values()) > sum(one.capacity_mg for one in storage):
        return True
    return any(
        mass_mg > sum(one.capacity_mg for one in storage if one.takes(group))
        for group, mass_mg in waiting_mg.items()
    )
