"""The map: districts and sites as shapes in a flat frame, drawn on the server."""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians, sqrt
from typing import Literal

import msgspec

from bioloom.ledger.declared import Declared
from bioloom.vocabulary.places import DistrictId, Outline, Point, Position, SiteId

# How well the worst-served group of a district is served; each has a colour and a pattern.
Level = Literal["full", "high", "middle", "low", "none", "idle"]
LEVELS: tuple[Level, ...] = ("full", "high", "middle", "low", "none", "idle")

FRAME_PX = 1000.0
MARGIN_PX = 14.0
# Corners nearer to each other than this cannot be told apart on a screen.
FINEST_PX = 0.8
SMALLEST_MARK_PX = 5.0
LARGEST_MARK_PX = 22.0
# A site farther off than this share of the districts' extent is listed, not drawn.
FARTHEST = 0.25
HUES = 8


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """A district or an area without collection, as the path of an SVG."""

    id: str
    name: str
    path: str
    level: Level
    share: float | None = None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A site as a disc whose area stands for what it can take a day."""

    id: SiteId
    name: str
    x_px: float
    y_px: float
    radius_px: float
    left_out: bool


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Where a vehicle drives in a day, as the path of an SVG, in one of eight colours."""

    name: str
    path: str
    hue: int


class CityMap(msgspec.Struct, frozen=True, kw_only=True):
    """All that is drawn, in a frame 1000 px wide; the page scales it."""

    height_px: float
    districts: tuple[Shape, ...]
    areas: tuple[Shape, ...]
    sites: tuple[Mark, ...]
    ways: tuple[Way, ...]
    # Sites too far from every district to be drawn without shrinking the city to a dot.
    beyond: tuple[SiteId, ...]
    levels: tuple[Level, ...]


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """An equirectangular projection: good to a few pixels over the extent of a city.

    Cities across the 180th meridian are drawn torn in two.
    """

    west_deg: float
    north_deg: float
    px_per_deg: float
    squeeze: float
    height_px: float

    def place(self, longitude_deg: float, latitude_deg: float) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        x_px = MARGIN_PX + (longitude_deg - self.west_deg) * self.squeeze * self.px_per_deg
        y_px = MARGIN_PX + (self.north_deg - latitude_deg) * self.px_per_deg
        return round(x_px, 1), round(y_px, 1)


def draw_map(
    declared: Declared,
    worst_share: Mapping[DistrictId, float],
    without: Iterable[SiteId] = (),
    ways: Iterable[tuple[str, Sequence[Point]]] = (),
) -> CityMap | None:
    """Draw a city; None if it has no district to draw.

    Args:
        declared: Its districts, areas and sites.
        worst_share: The service of each district's worst-served group, 0 to 1.
        without: Sites left out of the plan, which are drawn hollow.
        ways: What vehicles are called, and where they come by.
    """
    corners = [
        position
        for district in declared.districts.values()
        for polygon in district.outline
        for position in polygon[0]
    ]
    if not corners:
        return None
    near = {site: s.point for site, s in declared.sites.items() if _is_near(s.point, corners)}
    frame = _frame_around([*corners, *((p.longitude_deg, p.latitude_deg) for p in near.values())])
    districts = tuple(
        Shape(
            id=district.district,
            name=district.name,
            path=_path(district.outline, frame),
            level=level_of(worst_share.get(district.district)),
            share=worst_share.get(district.district),
        )
        for district in declared.districts.values()
    )
    areas = tuple(
        Shape(id=area.area, name=area.name, path=_path(area.outline, frame), level="idle")
        for area in declared.areas.values()
    )
    present = {shape.level for shape in districts}
    return CityMap(
        height_px=frame.height_px,
        districts=districts,
        areas=areas,
        sites=_marks(declared, near, frame, set(without)),
        ways=tuple(_way(name, number, path, frame) for number, (name, path) in enumerate(ways)),
        beyond=tuple(site for site in declared.sites if site not in near),
        levels=tuple(level for level in LEVELS if level in present),
    )


def level_of(share: float | None) -> Level:
    """The class a service share is shown in.

    Example:
        >>> level_of(1.0), level_of(0.999), level_of(0.62), level_of(None)
        ('full', 'high', 'middle', 'idle')
    """
    if share is None:
        return "idle"
    if share >= 1:
        return "full"
    if share >= 0.9:
        return "high"
    if share >= 0.5:
        return "middle"
    return "low" if share > 0 else "none"


def _is_near(point: Point, corners: list[Position]) -> bool:
    west, east = min(c[0] for c in corners), max(c[0] for c in corners)
    south, north = min(c[1] for c in corners), max(c[1] for c in corners)
    wide, high = FARTHEST * (east - west), FARTHEST * (north - south)
    return (
        west - wide <= point.longitude_deg <= east + wide
        and south - high <= point.latitude_deg <= north + high
    )


def _frame_around(corners: list[Position]) -> Frame:
    west, east = min(c[0] for c in corners), max(c[0] for c in corners)
    south, north = min(c[1] for c in corners), max(c[1] for c in corners)
    squeeze = cos(radians((south + north) / 2))
    # A tall city is made as high as it is wide, so that it still fits on a screen.
    extent_deg = max((east - west) * squeeze, north - south, 1e-9)
    px_per_deg = (FRAME_PX - 2 * MARGIN_PX) / extent_deg
    spare_deg = (extent_deg / squeeze - (east - west)) / 2
    height_px = round((north - south) * px_per_deg + 2 * MARGIN_PX, 1)
    return Frame(
        west_deg=west - spare_deg,
        north_deg=north,
        px_per_deg=px_per_deg,
        squeeze=squeeze,
        height_px=height_px,
    )


def _way(name: str, number: int, points: Sequence[Point], frame: Frame) -> Way:
    places = [frame.place(point.longitude_deg, point.latitude_deg) for point in points]
    return Way(name=name, hue=number % HUES, path=f"M{_steps(places)}" if places else "")


def _path(outline: Outline, frame: Frame) -> str:
    rings = [_ring(ring, frame) for polygon in outline for ring in polygon]
    return "".join(f"M{_steps(ring)}z" for ring in rings if len(ring) >= 3)


def _ring(ring: tuple[Position, ...], frame: Frame) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for longitude_deg, latitude_deg in ring[:-1]:
        x, y = frame.place(longitude_deg, latitude_deg)
        if not kept or (x - kept[-1][0]) ** 2 + (y - kept[-1][1]) ** 2 >= FINEST_PX**2:
            kept.append((x, y))
    return kept


def _steps(ring: list[tuple[float, float]]) -> str:
    # Differences of rounded places: shorter text, and no error adds up.
    (x, y), *others = ring
    words = [f"{x:g} {y:g}l"]
    for next_x, next_y in others:
        words.append(f"{round(next_x - x, 1):g} {round(next_y - y, 1):g} ")
        x, y = next_x, next_y
    return "".join(words)


def _marks(
    declared: Declared, near: Mapping[SiteId, Point], frame: Frame, without: set[SiteId]
) -> tuple[Mark, ...]:
    capacity = {
        site: sum(intake.capacity_mg_per_day for intake in declared.sites[site].intakes)
        for site in near
    }
    largest = max([1, *capacity.values()])
    marks = []
    # The largest first, so that a small one is never hidden below.
    for site in sorted(near, key=lambda site: (-capacity[site], site)):
        x_px, y_px = frame.place(near[site].longitude_deg, near[site].latitude_deg)
        radius_px = max(SMALLEST_MARK_PX, LARGEST_MARK_PX * sqrt(capacity[site] / largest))
        marks.append(
            Mark(
                id=site,
                name=declared.sites[site].name,
                x_px=x_px,
                y_px=y_px,
                radius_px=round(radius_px, 1),
                left_out=site in without,
            )
        )
    return tuple(marks)
