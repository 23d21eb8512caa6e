"""Maps (GeoJSON, RFC 7946): features, their properties as text, and outlines that are valid."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec
import shapely
from shapely.geometry.polygon import orient

from bioloom.ledger.formats.rows import Rejected
from bioloom.ledger.formats.sheets import FileDamaged
from bioloom.vocabulary.places import Outline, Point
from bioloom.vocabulary.refusal import Refusal

# A map is held in memory as a whole.
LARGEST_MAP_BYTES = 256 * 1024**2
FEATURE_ID = "feature.id"
# No city lies outside these latitudes; American positions with the two swapped do.
_SOUTHERNMOST_DEG, _NORTHERNMOST_DEG = -60.0, 85.0
_WGS84 = ("CRS84", ":4326", "WGS84")


class MapTooLarge(Refusal):
    """A map that would not fit in a modest memory."""

    def __init__(self) -> None:
        super().__init__(
            what=f"The map is larger than {LARGEST_MAP_BYTES // 1024**2} MB.",
            why="A map is read as a whole.",
            remedy="Simplify its outlines: 1 m is finer than any plan needs.",
        )


class MapEmpty(Refusal):
    """A map on which there is nothing."""

    def __init__(self) -> None:
        super().__init__(
            what="The map has no features.",
            why="Each place is a feature of it.",
            remedy="Export it again, and see that nothing filters its features.",
        )


class CoordinatesNotDegrees(Refusal):
    """Positions that are not longitude and latitude in degrees."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The map's positions are not longitude and latitude: {found}.",
            why="Distances would be wrong, and with them every plan.",
            remedy="Export it in WGS 84 (EPSG:4326), longitude first.",
        )


class OutlineUnusable(Refusal):
    """A feature whose geometry encloses nothing."""

    def __init__(self, *, fault: str) -> None:
        self.fault = fault
        super().__init__(
            what=f"The feature has no usable outline: {fault}.",
            why="A district is an area, and distances are measured from a point inside it.",
            remedy="Give it a Polygon or MultiPolygon.",
        )


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature as decoded, with its properties as text, a valid outline and a point inside it."""

    number: int
    decoded: dict[str, Any]
    properties: dict[str, str]
    outline: Outline
    point: Point
    mended: bool


@dataclass(frozen=True, slots=True)
class Map:
    """The names of all properties, `feature.id` among them, and the features in their order."""

    properties: tuple[str, ...]
    features: tuple[dict[str, Any], ...]


class _Collection(msgspec.Struct, tag="FeatureCollection", tag_field="type"):
    features: list[dict[str, Any]]
    crs: Any = None


class _Point(msgspec.Struct, tag="Point", tag_field="type"):
    coordinates: list[float]


class _Polygon(msgspec.Struct, tag="Polygon", tag_field="type"):
    coordinates: list[list[list[float]]]


class _MultiPolygon(msgspec.Struct, tag="MultiPolygon", tag_field="type"):
    coordinates: list[list[list[list[float]]]]


def open_geojson(stream: BinaryIO) -> Map:
    """Decode a FeatureCollection.

    Raises:
        FileDamaged: If it is not JSON or no FeatureCollection.
        MapTooLarge: If it is larger than 256 MB.
        CoordinatesNotDegrees: If it names a coordinate system other than WGS 84.
        MapEmpty: If it has no features.
    """
    text = stream.read(LARGEST_MAP_BYTES + 1)
    if len(text) > LARGEST_MAP_BYTES:
        raise MapTooLarge
    try:
        decoded = msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"), type=_Collection)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise FileDamaged(form="a GeoJSON FeatureCollection", fault=str(fault)) from fault
    system = str(decoded.crs or "CRS84").replace(" ", "").upper()
    if not any(name in system for name in _WGS84):
        raise CoordinatesNotDegrees(found=f"it names {system[:80]}")
    if not decoded.features:
        raise MapEmpty
    names = dict.fromkeys(name for one in decoded.features for name in _properties(one))
    return Map(properties=tuple(names), features=tuple(decoded.features))


def features_of(city_map: Map) -> Iterator[Feature | Rejected]:
    """Every feature of a map, or why it cannot be used; numbered from 1."""
    for number, decoded in enumerate(city_map.features, start=1):
        try:
            outline, point, mended = _outline(decoded.get("geometry"))
        except Refusal as refusal:
            yield Rejected(number, "geometry", refusal, decoded)
            continue
        yield Feature(
            number=number,
            decoded=decoded,
            properties=_properties(decoded),
            outline=outline,
            point=point,
            mended=mended,
        )


def place_of(geometry: object) -> tuple[Outline, Point]:
    """A place on a map: a point, which has no outline, or an area with a point inside it.

    Raises:
        OutlineUnusable: If it is neither, or encloses nothing.
        CoordinatesNotDegrees: If a position is not on earth.
    """
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        outline, inside, _ = _outline(geometry)
        return outline, inside
    try:
        position = msgspec.convert(geometry, _Point).coordinates
    except msgspec.ValidationError as fault:
        raise OutlineUnusable(fault=str(fault)) from fault
    _judge_position(position)
    return (), Point(longitude_deg=position[0], latitude_deg=position[1])


def _properties(feature: dict[str, Any]) -> dict[str, str]:
    stated = feature.get("properties")
    properties = stated if isinstance(stated, dict) else {}
    return {name: _text(value) for name, value in properties.items()} | {
        FEATURE_ID: _text(feature.get("id"))
    }


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def _outline(geometry: object) -> tuple[Outline, Point, bool]:
    """A geometry's polygons, a point inside them, and whether they had to be mended."""
    try:
        given = msgspec.convert(geometry, _Polygon | _MultiPolygon)
    except msgspec.ValidationError as fault:
        raise OutlineUnusable(fault=str(fault)) from fault
    polygons = [given.coordinates] if isinstance(given, _Polygon) else given.coordinates
    for position in (position for rings in polygons for ring in rings for position in ring):
        _judge_position(position)
    try:
        shape = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in _flat(polygons)])
    except (ValueError, shapely.errors.ShapelyError) as fault:
        raise OutlineUnusable(fault=str(fault)) from fault
    mended = not shape.is_valid
    parts = shapely.get_parts(shapely.make_valid(shape) if mended else shape)
    areas = [area for part in parts for area in shapely.get_parts(part) if _encloses(area)]
    if not areas:
        raise OutlineUnusable(fault="it encloses no area")
    inside = shapely.MultiPolygon(areas).representative_point()
    point = Point(longitude_deg=inside.x, latitude_deg=inside.y)
    return tuple(_rings(area) for area in areas), point, mended


def _flat(polygons: list[list[list[list[float]]]]) -> list[list[list[list[float]]]]:
    """Polygons without heights, and without those that have no ring."""
    return [[[at[:2] for at in ring] for ring in rings] for rings in polygons if rings]


def _judge_position(position: list[float]) -> None:
    if len(position) < 2:
        raise OutlineUnusable(fault="a position needs a longitude and a latitude")
    longitude, latitude = position[:2]
    # Written so that a NaN, which compares false, is refused too.
    on_earth = abs(longitude) <= 180 and _SOUTHERNMOST_DEG <= latitude <= _NORTHERNMOST_DEG
    if not on_earth:
        raise CoordinatesNotDegrees(found=f"one is {longitude}, {latitude}")


def _encloses(shape: shapely.Geometry) -> bool:
    return isinstance(shape, shapely.Polygon) and bool(shape.area > 0)


def _rings(polygon: shapely.Polygon) -> tuple[tuple[tuple[float, float], ...], ...]:
    # Counterclockwise outside, clockwise inside, as RFC 7946 asks.
    turned = orient(polygon)
    return tuple(tuple(ring.coords) for ring in (turned.exterior, *turned.interiors))
