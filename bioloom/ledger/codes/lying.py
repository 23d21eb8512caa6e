"""Lying: which sites lie in a district or a mapped area."""

from collections.abc import Collection

from bioloom.ledger.declared import Declared
from bioloom.vocabulary.places import Outline, Point, SiteId


def sites_in(declared: Declared, areas: Collection[str]) -> set[SiteId]:
    """The sites whose point lies inside the outline of any of some districts or mapped areas."""
    outlines = [
        place.outline
        for places in (declared.areas, declared.districts)
        for name, place in places.items()
        if name in areas
    ]
    return {
        name
        for name, site in declared.sites.items()
        if any(lies_in(site.point, outline) for outline in outlines)
    }


def areas_of(declared: Declared, site: SiteId) -> frozenset[str]:
    """The districts and mapped areas in whose outline a site's point lies."""
    point = declared.sites[site].point
    return frozenset(
        name
        for places in (declared.areas, declared.districts)
        for name, place in places.items()
        if lies_in(point, place.outline)
    )


def lies_in(point: Point, outline: Outline) -> bool:
    """Whether a point is inside an outline: a line from it to the east crosses it an odd number.

    Straight lines between positions in degrees, as GeoJSON (RFC 7946) has them; holes count.

    Example:
        >>> square = ((((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)),),)
        >>> lies_in(Point(longitude_deg=1.0, latitude_deg=1.0), square)
        True
        >>> lies_in(Point(longitude_deg=3.0, latitude_deg=1.0), square)
        False

    Source:
        M. Shimrat (1962), Algorithm 112: Position of point relative to polygon, CACM 5(8).
    """
    x_deg, y_deg = point.longitude_deg, point.latitude_deg
    inside = False
    for ring in (ring for polygon in outline for ring in polygon):
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if (y1 > y_deg) != (y2 > y_deg) and x_deg < x1 + (y_deg - y1) / (y2 - y1) * (x2 - x1):
                inside = not inside
    return inside
