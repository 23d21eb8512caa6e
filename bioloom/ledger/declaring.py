"""Declaring districts, areas, sites, materials and agents: each is judged, then one entry."""

from typing import TypeVar

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import (
    DistrictDeclared,
    Intake,
    MaterialDeclared,
    SiteDeclared,
    Storage,
    VehiclesDeclared,
)
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import Point
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.wastes.listing import listed_waste

B = TypeVar("B", bound=msgspec.Struct)
# More vehicles of a kind, or trips of one a day, are a slip of a column.
MOST_TRIPS = 100_000


class PointOffTheMap(Refusal):
    """A position that is not on earth."""

    def __init__(self, *, name: str, point: Point) -> None:
        self.name, self.point = name, point
        super().__init__(
            what=f"'{name}' lies at {point.latitude_deg}, {point.longitude_deg}.",
            why="Latitudes go from -90 to 90 degrees and longitudes from -180 to 180.",
            remedy="Give decimal degrees (WGS 84), and see that the two are not swapped.",
        )


class OutOfRange(Refusal):
    """A declared number outside the range in which it has a meaning."""

    def __init__(self, *, name: str, field: str, value: object, allowed: str) -> None:
        self.name, self.field, self.value = name, field, value
        super().__init__(
            what=f"{field} of '{name}' is {value}.",
            why=f"It must be {allowed}.",
            remedy="Correct the figure, or its unit in the mapping.",
        )


class ResidueAlsoMade(Refusal):
    """A site names one material as what it makes and as its residue."""

    def __init__(self, *, site: str, material: str) -> None:
        self.site, self.material = site, material
        super().__init__(
            what=f"'{material}' is both what '{site}' makes and its residue.",
            why="What it makes may stay there, and residue must find another place.",
            remedy="Name two materials, or leave one of the two out.",
        )


def declare(
    body: B, *, key: str, author: AgentId, at: Instant, cause: str | None = None
) -> Draft[B]:
    """Judge a declaration and return the entry to record.

    Args:
        body: Any of the declarations in `vocabulary/entries/ledger.py`.
        key: Its source and natural key, such as "nyc-sites:newtown_creek".
        author: Who declares it.
        at: When it was declared.
        cause: The id of the entry it comes from, such as a file taken in.

    Raises:
        PointOffTheMap: If it lies off the map.
        OutOfRange: If a need is below 1, or a residue, yield, capacity or count is impossible.
        ResidueAlsoMade: If a site's residue is also something it makes to be used.
        LowCodeUnreadable: If a material's List-of-Waste code has no such form.
        LowCodeUnknown: If the list has no such entry.
    """
    match body:
        case DistrictDeclared():
            _judge_district(body)
        case SiteDeclared():
            _judge_site(body)
        case VehiclesDeclared():
            _judge_vehicles(body)
        case MaterialDeclared() if body.low_code is not None:
            body = msgspec.structs.replace(body, low_code=listed_waste(body.low_code).code)
    return Draft(body=body, occurred_at=at, author=author, idempotency_key=key, cause=cause)


def judge_point(name: str, point: Point) -> None:
    """See that a position is on earth.

    Raises:
        PointOffTheMap: If it is not.
    """
    # Written so that a NaN, which compares false, is refused too.
    if not (abs(point.latitude_deg) <= 90 and abs(point.longitude_deg) <= 180):
        raise PointOffTheMap(name=name, point=point)


def _judge_district(district: DistrictDeclared) -> None:
    judge_point(district.name, district.point)
    if district.need_per_mille < 1000:
        raise OutOfRange(
            name=district.name,
            field="need",
            value=district.need_per_mille / 1000,
            allowed="1 or more",
        )
    _judge_storage(district.name, district.storage)


def _judge_storage(name: str, storage: tuple[Storage, ...]) -> None:
    for kept in storage:
        _judge_mass(name, "storage", kept.capacity_mg)


def _judge_mass(name: str, field: str, mass_mg: int) -> None:
    if not 0 <= mass_mg <= LARGEST_MG:
        raise OutOfRange(
            name=name,
            field=field,
            value=f"{mass_mg} mg",
            allowed="0 or more, and below 9,007,199 t",
        )


def _judge_vehicles(vehicles: VehiclesDeclared) -> None:
    for field, number in (("count", vehicles.count), ("trips a day", vehicles.trips_per_day)):
        if not 0 <= number <= MOST_TRIPS:
            raise OutOfRange(
                name=vehicles.vehicles,
                field=field,
                value=number,
                allowed=f"a whole number from 0 to {MOST_TRIPS:,}",
            )
    _judge_mass(vehicles.vehicles, "payload", vehicles.payload_mg)


def _judge_site(site: SiteDeclared) -> None:
    judge_point(site.name, site.point)
    if not 0 <= site.residue_per_mille <= 1000:
        raise OutOfRange(
            name=site.name,
            field="residue share",
            value=site.residue_per_mille / 1000,
            allowed="between 0 and 1",
        )
    _judge_storage(site.name, site.storage)
    for intake in site.intakes:
        _judge_mass(site.name, "capacity a day", intake.capacity_mg_per_day)
        _judge_yields(site, intake)


def _judge_yields(site: SiteDeclared, intake: Intake) -> None:
    """See that no intake makes more than it takes, nor of a residue something to be used."""
    shares = [made.per_mille for made in intake.yields]
    if any(share < 1 for share in shares) or sum(shares) + site.residue_per_mille > 1000:
        told = [f"{made.per_mille / 1000} {made.material}" for made in intake.yields]
        raise OutOfRange(
            name=site.name,
            field="what it makes",
            value=f"{', '.join(told)} and {site.residue_per_mille / 1000} residue",
            allowed="more than 0 each, and with its residue 1 at most",
        )
    for made in intake.yields:
        if made.material == site.residue_material:
            raise ResidueAlsoMade(site=site.name, material=made.material)
        _judge_mass(
            site.name, f"what may stay of {made.material} a day", made.stays_mg_per_day or 0
        )
