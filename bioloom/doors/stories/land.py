"""The land: districts grown cell by cell on two banks of a river, around a bay."""

from collections import defaultdict
from math import cos, hypot, sin
from random import Random

import shapely
from shapely.geometry.polygon import orient

from bioloom.vocabulary.places import Outline, Point, Position

# A made-up shore in the open Atlantic, so that nobody mistakes it for a real place.
_WEST_DEG, _SOUTH_DEG = -30.00, 30.00
# The land is drawn on a sheet of 15 by 11 km; a kilometre in degrees at 30 degrees north.
_WIDTH_KM, _HEIGHT_KM = 15.0, 11.0
_DEG_PER_KM_EAST, _DEG_PER_KM_NORTH = 0.010382, 0.008993
# Small cells grow together into districts, so that borders bend as borders do.
_SMALL_CELLS = 1500
_BAY_KM = (11.6, 1.2, 3.3)

XY = tuple[float, float]


def grow(centres: tuple[XY, ...], seed: int) -> list[tuple[Outline, Point]]:
    """The outline of each district, and a point inside it, around a rough centre.

    Neighbours share their borders: each small cell of land belongs to the centre that is nearest
    by a bent measure. The river and the bay belong to nobody.

    Args:
        centres: Kilometres east and north of the sheet's corner, one for each district.
        seed: The same seed gives the same land.
    """
    random = Random(seed)  # noqa: S311  A made-up city, not a secret.
    dots = [
        (random.uniform(0, _WIDTH_KM), random.uniform(0, _HEIGHT_KM)) for _ in range(_SMALL_CELLS)
    ]
    sheet = shapely.box(0, 0, _WIDTH_KM, _HEIGHT_KM)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(dots), extend_to=sheet)
    grown: defaultdict[int, list[shapely.Geometry]] = defaultdict(list)
    for cell in shapely.get_parts(cells):
        middle = cell.centroid
        if _is_land(middle.x, middle.y) and cell.within(sheet):
            grown[_nearest(centres, middle.x, middle.y)].append(cell)
    return [_placed(shapely.union_all(grown[number])) for number in range(len(centres))]


def at(east_km: float, north_km: float) -> Point:
    """A place on the sheet in degrees."""
    longitude_deg, latitude_deg = _degrees((east_km, north_km))
    return Point(longitude_deg=longitude_deg, latitude_deg=latitude_deg)


def _is_land(east: float, north: float) -> bool:
    # The shore waves; the river comes from the north-west and widens towards the bay.
    shore = 0.9 + 0.35 * sin(1.3 * east) + 0.2 * cos(2.9 * east)
    inland = 0.8 + 0.3 * sin(1.1 * north)
    bay_east, bay_north, bay_radius = _BAY_KM
    in_bay = hypot((east - bay_east) / 1.15, north - bay_north) < bay_radius
    bank = abs(north - _river(east))
    in_river = east < bay_east and bank < 0.16 + 0.018 * east
    on_sheet = inland < east < _WIDTH_KM - inland / 2 and shore < north < _HEIGHT_KM - 0.6 * inland
    return on_sheet and not in_bay and not in_river


def _river(east: float) -> float:
    return 8.6 - 0.55 * east + 0.7 * sin(0.75 * east)


def _nearest(centres: tuple[XY, ...], east: float, north: float) -> int:
    bent_east = east + 0.35 * sin(1.9 * north) + 0.12 * sin(5.3 * north + east)
    bent_north = north + 0.35 * cos(1.7 * east) + 0.12 * cos(4.7 * east - north)
    # Nobody's district lies across the river.
    bank = north > _river(east)
    return min(
        range(len(centres)),
        key=lambda number: (
            hypot(bent_east - centres[number][0], bent_north - centres[number][1])
            + (3.0 if (centres[number][1] > _river(centres[number][0])) != bank else 0.0)
        ),
    )


def _placed(shape: shapely.Geometry) -> tuple[Outline, Point]:
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    # Crumbs that the river cut off are left to the water.
    kept = [orient(part) for part in parts if part.area > parts[0].area / 50]
    outline = tuple(
        tuple(
            tuple(_degrees(position) for position in ring.coords)
            for ring in (part.exterior, *part.interiors)
        )
        for part in kept
    )
    inside = kept[0].representative_point()
    return outline, at(inside.x, inside.y)


def _degrees(position: tuple[float, ...]) -> Position:
    return (
        round(_WEST_DEG + position[0] * _DEG_PER_KM_EAST, 6),
        round(_SOUTH_DEG + position[1] * _DEG_PER_KM_NORTH, 6),
    )
