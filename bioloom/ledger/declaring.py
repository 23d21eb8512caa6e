"""Declaring districts, areas, sites, materials and agents: each is judged, then one entry."""

from typing import TypeVar

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import DistrictDeclared, MaterialDeclared, SiteDeclared
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import Point
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.wastes.listing import listed_waste

B = TypeVar("B", bound=msgspec.Struct)


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
        OutOfRange: If a need is below 1, or a residue or capacity is impossible.
        LowCodeUnreadable: If a material's List-of-Waste code has no such form.
        LowCodeUnknown: If the list has no such entry.
    """
    match body:
        case DistrictDeclared():
            _judge_district(body)
        case SiteDeclared():
            _judge_site(body)
        case MaterialDeclared() if body.low_code is not None:
            body = msgspec.structs.replace(body, low_code=listed_waste(body.low_code).code)
    return Draft(body=body, occurred_at=at, author=author, idempotency_key=key, cause=cause)


def _judge_point(name: str, point: Point) -> None:
    # Written so that a NaN, which compares false, is refused too.
    if not (abs(point.latitude_deg) <= 90 and abs(point.longitude_deg) <= 180):
        raise PointOffTheMap(name=name, point=point)


def _judge_district(district: DistrictDeclared) -> None:
    _judge_point(district.name, district.point)
    if district.need_per_mille < 1000:
        raise OutOfRange(
            name=district.name,
            field="need",
            value=district.need_per_mille / 1000,
            allowed="1 or more",
        )


def _judge_site(site: SiteDeclared) -> None:
    _judge_point(site.name, site.point)
    if not 0 <= site.residue_per_mille <= 1000:
        raise OutOfRange(
            name=site.name,
            field="residue share",
            value=site.residue_per_mille / 1000,
            allowed="between 0 and 1",
        )
    for intake in site.intakes:
        if not 0 <= intake.capacity_mg_per_day <= LARGEST_MG:
            raise OutOfRange(
                name=site.name,
                field="capacity a day",
                value=f"{intake.capacity_mg_per_day} mg",
                allowed="0 or more, and below 9,007,199 t",
            )
