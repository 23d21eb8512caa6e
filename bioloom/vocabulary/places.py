"""Places: points, outlines and the distance between two of them. Degrees are WGS 84."""

from math import asin, cos, radians, sin, sqrt
from typing import NewType

import msgspec

DistrictId = NewType("DistrictId", str)
SiteId = NewType("SiteId", str)

# IUGG mean earth radius R1. The sphere is within 0.6 % of the ellipsoid.
EARTH_RADIUS_KM = 6371.0088

Position = tuple[float, float]
# Polygons of rings of (longitude, latitude), as in a GeoJSON MultiPolygon.
Outline = tuple[tuple[tuple[Position, ...], ...], ...]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A position in decimal degrees."""

    longitude_deg: float
    latitude_deg: float


def great_circle_km(one: Point, other: Point) -> float:
    """The distance over the sphere between two points [km], by the haversine formula.

    Example:
        A degree of latitude is about 111 km:

        >>> north = Point(longitude_deg=0.0, latitude_deg=1.0)
        >>> round(great_circle_km(Point(longitude_deg=0.0, latitude_deg=0.0), north), 1)
        111.2

    Source:
        R. W. Sinnott (1984), Virtues of the Haversine, Sky and Telescope 68(2).
    """
    lat_one, lat_other = radians(one.latitude_deg), radians(other.latitude_deg)
    half_lat = (lat_other - lat_one) / 2
    half_lon = radians(other.longitude_deg - one.longitude_deg) / 2
    chord = sin(half_lat) ** 2 + cos(lat_one) * cos(lat_other) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))
