"""Rounds as GeoJSON (RFC 7946): a line for each load, and a point for each halt.

Lines are straight from halt to halt: which streets a vehicle takes is not known here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bioloom.vocabulary.entries.rounds import Halt, Round, RoundsPlanned
from bioloom.vocabulary.places import Point

Feature = dict[str, Any]


def rounds_geojson(
    planned: RoundsPlanned, points: Mapping[str, Point], depots: Mapping[str, str]
) -> dict[str, Any]:
    """The feature collection of rounds.

    Args:
        planned: The rounds.
        points: Where each place is.
        depots: The depot of each class of vehicles.
    """
    features = [
        feature
        for number, one in enumerate(planned.routes, start=1)
        for feature in _features(one, number, points, depots[one.vehicle])
    ]
    return {"type": "FeatureCollection", "features": features}


def _features(one: Round, route: int, points: Mapping[str, Point], depot: str) -> Iterator[Feature]:
    name = f"{one.vehicle} {one.number}"
    told: Feature = {"route": route, "vehicle": one.vehicle, "number": one.number}
    path, trip = [depot], 1
    for number, halt in enumerate(one.halts, start=1):
        path.append(halt.place)
        yield _feature(
            f"{name}/halt/{number}",
            {"type": "Point", "coordinates": _position(points[halt.place])},
            told | {"trip": trip} | _told(halt),
        )
        if halt.doing == "dropoff":
            yield _line(name, told | {"trip": trip}, path, points)
            path, trip = [halt.place], trip + 1
    yield _line(name, told | {"trip": trip}, [*path, depot], points)


def _line(name: str, told: Feature, path: list[str], points: Mapping[str, Point]) -> Feature:
    coordinates = [_position(points[place]) for place in path]
    return _feature(
        f"{name}/trip/{told['trip']}",
        {"type": "LineString", "coordinates": coordinates},
        told | {"places": path},
    )


def _feature(name: str, geometry: Feature, properties: Feature) -> Feature:
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": properties}


def _told(halt: Halt) -> Feature:
    return {
        "place": halt.place,
        "doing": halt.doing,
        "arrives": clock(halt.arrives_s),
        "leaves": clock(halt.leaves_s),
        "loads_mg": {load.material: load.mass_mg for load in halt.loads},
    }


def _position(point: Point) -> tuple[float, float]:
    return point.longitude_deg, point.latitude_deg


def clock(second: int) -> str:
    """A second of the day as hours and minutes; after midnight, of the next day.

    >>> clock(6 * 3600 + 90), clock(25 * 3600)
    ('06:01', '01:00 +1')
    """
    days, second = divmod(second, 24 * 3600)
    return f"{second // 3600:02}:{second // 60 % 60:02}" + (f" +{days}" if days else "")
