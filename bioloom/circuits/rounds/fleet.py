"""The fleet: which vehicles a city has declared, and when its places can be visited."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bioloom.ledger.declared import Declared
from bioloom.ledger.declaring import OutOfRange, judge_point
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.rounds import HoursDeclared, VehicleClassDeclared, VehicleId
from bioloom.vocabulary.places import DistrictId, Point, SiteId
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal

FLEET_KINDS = ("VehicleClassDeclared", "HoursDeclared")
DAY_S = 24 * 3600
# A shift may end after midnight, but within the next day.
LONGEST_SHIFT_END_S = 2 * DAY_S
# Nothing on a road is faster, larger or dearer: a figure beyond is a slip of a unit.
MOST_VEHICLES = 10_000
FASTEST_M_PER_H = 200_000
DEAREST = 10**9


class PlaceUnknown(Refusal):
    """A place that is neither a district nor a site of the city."""

    def __init__(self, *, place: str) -> None:
        self.place = place
        super().__init__(
            what=f"There is no district and no site '{place[:80]}'.",
            why="Rounds start, halt and end at places whose position the city knows.",
            remedy="Name a declared district or site by its id, or import it first.",
        )


class NoFleet(Refusal):
    """Rounds are asked of a city that has declared no vehicle."""

    def __init__(self) -> None:
        super().__init__(
            what="No vehicle of this city is declared.",
            why="Rounds say which vehicle fetches what.",
            remedy="Declare some: `bioloom circuits fleet DIR vehicles.csv`.",
        )


@dataclass(slots=True, kw_only=True)
class Fleet:
    """A city's vehicles and visiting hours: a fold over the record."""

    vehicles: dict[VehicleId, VehicleClassDeclared] = field(default_factory=dict)
    hours: dict[str, HoursDeclared] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; a later declaration of the same thing replaces the earlier."""
        match entry.body:
            case VehicleClassDeclared() as vehicle:
                self.vehicles[vehicle.vehicle] = vehicle
            case HoursDeclared() as hours:
                self.hours[hours.place] = hours

    def in_use(self) -> tuple[VehicleClassDeclared, ...]:
        """The classes that have a vehicle, in the order of their ids.

        Raises:
            NoFleet: If there is none.
        """
        found = tuple(self.vehicles[name] for name in sorted(self.vehicles))
        found = tuple(vehicle for vehicle in found if vehicle.count)
        if not found:
            raise NoFleet
        return found


def fleet_of(entries: Iterable[Entry[Any]]) -> Fleet:
    """Fold entries in the order of the record."""
    fleet = Fleet()
    for entry in entries:
        fleet.fold(entry)
    return fleet


def point_of(place: str, declared: Declared, fleet: Fleet) -> Point:
    """Where a vehicle halts at a place.

    Raises:
        PlaceUnknown: If it is neither a district nor a site.
    """
    known: Point | None = None
    if place in declared.districts:
        known = declared.districts[DistrictId(place)].point
    elif place in declared.sites:
        known = declared.sites[SiteId(place)].point
    if known is None:
        raise PlaceUnknown(place=place)
    hours = fleet.hours.get(place)
    return known if hours is None or hours.point is None else hours.point


def judge_vehicle(vehicle: VehicleClassDeclared, declared: Declared) -> None:
    """Hold a vehicle's figures against what a vehicle can be, and its depot against the city.

    Raises:
        OutOfRange: If a figure has no meaning.
        PlaceUnknown: If its depot is no place of the city.
    """
    point_of(vehicle.depot, declared, Fleet())
    checks = (
        ("count", vehicle.count, 0, MOST_VEHICLES, "vehicles"),
        ("capacity", vehicle.capacity_mg, 1, LARGEST_MG, "mg"),
        ("start", vehicle.from_s, 0, DAY_S, "s after midnight"),
        ("end", vehicle.to_s, vehicle.from_s + 1, LONGEST_SHIFT_END_S, "s after midnight"),
        ("trips", vehicle.trips, 1, 100, "loads a day"),
        ("speed", vehicle.speed_m_per_h, 1, FASTEST_M_PER_H, "m/h"),
        ("loading time", vehicle.loading_s, 0, DAY_S, "s"),
        ("unloading time", vehicle.unloading_s, 0, DAY_S, "s"),
        ("cost a kilometre", vehicle.cost_per_km, 0, DEAREST, "minor units"),
        ("cost a round", vehicle.cost_per_round, 0, DEAREST, "minor units"),
    )
    _judge(vehicle.vehicle, checks)
    if not vehicle.carries:
        raise OutOfRange(
            name=vehicle.vehicle, field="groups", value="empty", allowed="one group or more"
        )


def judge_hours(hours: HoursDeclared, declared: Declared) -> None:
    """Hold hours against what a day can be, and their place against the city.

    Raises:
        OutOfRange: If they begin after they end, or a time has no meaning.
        PlaceUnknown: If their place is none of the city.
        PointOffTheMap: If their point is not on earth.
    """
    point_of(hours.place, declared, Fleet())
    checks = (
        ("opening", hours.from_s, 0, DAY_S, "s after midnight"),
        ("closing", hours.to_s, hours.from_s, LONGEST_SHIFT_END_S, "s after midnight"),
        ("handling time", hours.handling_s, 0, DAY_S, "s"),
    )
    _judge(hours.place, checks)
    if hours.point is not None:
        judge_point(hours.place, hours.point)


def _judge(name: str, checks: Iterable[tuple[str, int, int, int, str]]) -> None:
    for what, value, least, most, unit in checks:
        if not least <= value <= most:
            raise OutOfRange(
                name=name,
                field=what,
                value=f"{value} {unit}",
                allowed=f"between {least} and {most} {unit}",
            )
