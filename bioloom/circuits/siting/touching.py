"""Touching: which zones, districts and Codes a proposed facility meets."""

from collections.abc import Iterable, Iterator
from math import cos, radians

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from bioloom.circuits.siting.proposals import Facility, Zone
from bioloom.ledger.codes.lying import sites_in
from bioloom.ledger.codes.standing import Provision
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import Banned, DistanceLimited
from bioloom.vocabulary.places import EARTH_RADIUS_KM, DistrictId, Outline, Point, great_circle_km

M_PER_DEGREE = radians(EARTH_RADIUS_KM * 1000)
# Sides of what stands for a circle: its area is within 0.2 % of one.
_QUARTER_SIDES = 16


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """A facility whose ground no district's outline holds: the district whose point is nearest."""

    district: DistrictId
    km: float


class ZoneTouched(msgspec.Struct, frozen=True, kw_only=True):
    """A zone that the ground of a facility, or where it is felt, has a part in.

    `on_ground` tells the ground, or the point, itself; the share is that of the zone that lies
    where the facility is felt, and people count in that proportion, as if they lived evenly in it.
    A point without a radius has no area: it touches the zones it lies in, and counts no people.
    """

    name: str
    kind: str
    on_ground: bool
    area_m2: int
    share: float
    people: int | None


def felt(facility: Facility) -> BaseGeometry:
    """Where a facility is felt: its ground and what is within its radius [m, on `plane`]."""
    here = facility.site.point
    ground = _shape(facility.outline, here) if facility.outline else shapely.Point(0, 0)
    if not facility.radius_m:
        # A buffer of nothing around a point is empty, though the point is somewhere.
        return ground
    return shapely.buffer(ground, facility.radius_m, quad_segs=_QUARTER_SIDES)


def zones_touched(facility: Facility, zones: Iterable[Zone]) -> list[ZoneTouched]:
    """The zones met, those under the ground first, then by area.

    Areas are measured on a plane that touches the earth at the facility: within 20 km of it and
    away from the poles they are within 1 %.
    """
    here = facility.site.point
    ground = _shape(facility.outline, here) if facility.outline else shapely.Point(0, 0)
    around = felt(facility)
    touched = []
    for zone in zones:
        shape = _shape(zone.outline, here)
        if not shape.intersects(around):
            continue
        area = shape.intersection(around).area
        share = float(area / shape.area) if shape.area else 0.0
        touched.append(
            ZoneTouched(
                name=zone.name,
                kind=zone.kind,
                on_ground=bool(shape.intersects(ground)),
                area_m2=round(area),
                share=share,
                people=_people(zone, around, share),
            )
        )
    return sorted(touched, key=lambda one: (not one.on_ground, -one.area_m2, one.name))


def _people(zone: Zone, around: BaseGeometry, share: float) -> int | None:
    """How many of a zone live where the facility is felt; none for a point, which has no area."""
    return None if zone.population is None or not around.area else round(zone.population * share)


def outside(facility: Facility, declared: Declared) -> Outside | None:
    """How far the nearest district is from a facility that touches no district's outline.

    Ways are great circles to the points of districts, as the map of a city may be anywhere.
    """
    here = facility.site.point
    ground = _shape(facility.outline, here) if facility.outline else shapely.Point(0, 0)
    districts = declared.districts.values()
    if any(one.outline and _shape(one.outline, here).intersects(ground) for one in districts):
        return None
    away = ((great_circle_km(one.point, here), one.district) for one in districts)
    km, nearest = min(away, default=(0.0, None))
    return None if nearest is None else Outside(district=nearest, km=km)


def zones_of(declared: Declared) -> Iterator[Zone]:
    """The zones of a city's own record: mapped areas and districts."""
    for area in declared.areas.values():
        yield Zone(name=area.name, kind="area", outline=area.outline)
    for district in declared.districts.values():
        if district.outline:
            yield Zone(name=district.name, kind="district", outline=district.outline)


def rules_touched(
    facility: Facility, provisions: Iterable[Provision], declared: Declared
) -> Iterator[tuple[Provision, str]]:
    """The rules that forbid something of what the facility is for, or keep districts from it.

    Args:
        facility: What is proposed.
        provisions: The rules in force.
        declared: The city with the facility.
    """
    for provision in provisions:
        says = _says(facility, provision, declared)
        if says:
            yield provision, says


def _says(facility: Facility, provision: Provision, declared: Declared) -> str | None:
    match provision.rule:
        case Banned() as ban:
            return _bans(facility, ban, declared)
        case DistanceLimited() as limit:
            return _keeps_off(facility, limit, declared)
        case _:
            # Guarantees and priorities speak of districts and groups; service tells what they get.
            return None


def _bans(facility: Facility, ban: Banned, declared: Declared) -> str | None:
    here = facility.site.site
    inside = [area for area in ban.areas if here in sites_in(declared, [area])]
    if facility.site.process not in ban.processes and not inside:
        return None
    accepts = {group for intake in facility.site.intakes for group in intake.accepts}
    of_materials = {declared.materials[m].group for m in ban.materials if m in declared.materials}
    things = sorted(accepts & {*ban.groups, *of_materials}) if ban.groups or ban.materials else []
    if (ban.groups or ban.materials) and not things:
        return None
    where = f"in {', '.join(inside)}" if inside else f"to {facility.site.process}"
    return f"bans {', '.join(things) or 'everything'} {where}"


def _keeps_off(facility: Facility, limit: DistanceLimited, declared: Declared) -> str | None:
    accepts = {group for intake in facility.site.intakes for group in intake.accepts}
    groups = sorted(accepts & set(limit.groups)) if limit.groups else sorted(accepts)
    here = facility.site.point
    beyond = sum(
        great_circle_km(one.point, here) * 1000 > limit.limit_m
        for one in declared.districts.values()
    )
    if not groups or not beyond:
        return None
    return (
        f"keeps {', '.join(groups)} of {beyond} of {len(declared.districts)} districts away, "
        f"which are farther than {limit.limit_m} m"
    )


def _shape(outline: Outline, here: Point) -> BaseGeometry:
    """An outline on a plane in metres whose origin is a point."""
    east = M_PER_DEGREE * cos(radians(here.latitude_deg))
    polygons = [
        shapely.Polygon(rings[0], rings[1:])
        for rings in (
            [
                [
                    (
                        (longitude - here.longitude_deg) * east,
                        (latitude - here.latitude_deg) * M_PER_DEGREE,
                    )
                    for longitude, latitude in ring
                ]
                for ring in polygon
            ]
            for polygon in outline
        )
    ]
    return shapely.union_all(polygons)
