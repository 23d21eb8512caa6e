"""Entries of collection rounds: vehicles, when places can be visited, and the rounds of a day.

Times of day are whole seconds after midnight in the city's own timezone, ways whole metres.
"""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, Point, SiteId
from bioloom.vocabulary.stamps import Stamp

VehicleId = NewType("VehicleId", str)

# Of what is on the way: fetched at a district, or brought to a site (vf:pickup, vf:dropoff).
Doing = Literal["pickup", "dropoff"]
Unfetched = Literal["no_vehicle", "out_of_reach", "no_time_left"]


class VehicleClassDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """So many vehicles of one class work for the city, a shift a day. None of them: out of use.

    These drive rounds; what can be carried between areas in all is `VehiclesDeclared`, for plans.

    `carries` are the groups of materials that one may carry, one of them in a load. `trips` is how
    many loads it brings in a day at most. Costs are whole minor units of the city's currency.
    """

    vehicle: VehicleId
    name: str
    count: int
    capacity_mg: int
    carries: tuple[GroupId, ...]
    # A district or a site, where it starts and where it ends.
    depot: str
    from_s: int
    to_s: int
    trips: int
    speed_m_per_h: int
    # How long it stands at a district, and at a site.
    loading_s: int
    unloading_s: int
    cost_per_km: int
    cost_per_round: int
    stamp: Stamp


class HoursDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a vehicle may come to a district or a site, both ends included, and where exactly.

    `handling_s` is what a load takes there beyond the vehicle's own time of loading.
    """

    place: str
    from_s: int
    to_s: int
    stamp: Stamp
    point: Point | None = None
    handling_s: int = 0


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass of a material on a vehicle."""

    material: MaterialId
    mass_mg: int


class Halt(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle comes to a place, and leaves it when it has loaded or unloaded."""

    place: str
    doing: Doing
    arrives_s: int
    leaves_s: int
    loads: tuple[Load, ...]


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one vehicle does in a day, from its depot and back."""

    vehicle: VehicleId
    # Which of its class, from 1.
    number: int
    leaves_s: int
    returns_s: int
    halts: tuple[Halt, ...]
    way_m: int


class NotFetched(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass that no round fetches that day, and why."""

    district: DistrictId
    material: MaterialId
    site: SiteId
    mass_mg: int
    reason: Unfetched


class RoundsPlanned(msgspec.Struct, frozen=True, kw_only=True):
    """Rounds of a day that people may put in force: what a plan has due, and who fetches it.

    `inputs_sha256` names what is due, the vehicles and the hours that they follow from, and
    `ways_sha256` the ways. `ways` says what those stand on: modelled from great circles times
    `detour_per_mille`, or reported by a table of roads.
    """

    rounds: str
    plan: str
    day: date
    inputs_sha256: str
    ways_sha256: str
    routes: tuple[Round, ...]
    not_fetched: tuple[NotFetched, ...]
    ways: Stamp
    detour_per_mille: int | None
    way_m: int
    cost: int


class RoundsAdopted(msgspec.Struct, frozen=True, kw_only=True):
    """Planned rounds are in force for their day, in place of any adopted for it before."""

    rounds: str
    supersedes: str | None
