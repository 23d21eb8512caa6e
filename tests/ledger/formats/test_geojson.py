"""Maps: every outline that is kept is valid, and holds the point that stands for it."""

import io
import json
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.geojson import (
    CoordinatesNotDegrees,
    Feature,
    MapEmpty,
    OutlineUnusable,
    features_of,
    open_geojson,
)
from bioloom.ledger.formats.rows import Rejected
from bioloom.ledger.formats.sheets import FileDamaged

SQUARE = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
BOW_TIE = [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]


def collection(*geometries: object, **others: object) -> bytes:
    features = [
        {"type": "Feature", "id": number, "properties": {"name": "x"}, "geometry": geometry}
        for number, geometry in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **others}).encode()


def polygon(ring: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def read(text: bytes) -> list[Feature | Rejected]:
    return list(features_of(open_geojson(io.BytesIO(text))))


positions = st.tuples(
    st.floats(min_value=-179, max_value=179), st.floats(min_value=-59, max_value=84)
)


@given(ring=st.lists(positions, min_size=3, max_size=8))
def test_an_outline_is_valid_with_its_point_inside_or_refused(
    ring: list[tuple[float, float]],
) -> None:
    (found,) = read(collection(polygon([list(position) for position in [*ring, ring[0]]])))

    if isinstance(found, Rejected):
        assert isinstance(found.refusal, OutlineUnusable)
        return
    shape = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in found.outline])
    assert shape.is_valid
    assert shape.area > 0
    point = shapely.Point(found.point.longitude_deg, found.point.latitude_deg)
    assert shape.distance(point) < 1e-9


def test_a_square_keeps_its_corners_and_turns_counterclockwise() -> None:
    (found,) = read(collection(polygon(SQUARE)))

    assert isinstance(found, Feature)
    assert set(found.outline[0][0]) == {(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)}
    assert shapely.LinearRing(found.outline[0][0]).is_ccw
    assert not found.mended


def test_a_bow_tie_is_mended_to_its_two_wings() -> None:
    (found,) = read(collection(polygon(BOW_TIE)))

    assert isinstance(found, Feature)
    assert found.mended
    assert len(found.outline) == 2


def test_heights_are_left_out() -> None:
    (found,) = read(collection(polygon([[*position, 12.5] for position in SQUARE])))

    assert isinstance(found, Feature)
    assert all(len(position) == 2 for position in found.outline[0][0])


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0], [1], [2], [0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "Polygon", "coordinates": "far"},
    ],
)
def test_a_feature_that_encloses_nothing_is_rejected_alone(geometry: object) -> None:
    first, second = read(collection(geometry, polygon(SQUARE)))

    assert isinstance(first, Rejected)
    assert isinstance(first.refusal, OutlineUnusable)
    assert isinstance(second, Feature)


@pytest.mark.parametrize(
    "position",
    [[40.7, -74.0], [987_000.0, 211_000.0], [2.3, 99.0], [200.0, 10.0]],
    ids=["New York with the two swapped", "feet", "beyond the pole", "beyond the date line"],
)
def test_positions_that_are_not_degrees_are_rejected(position: list[float]) -> None:
    (found,) = read(collection(polygon([position, *SQUARE[1:-1], position])))

    assert isinstance(found, Rejected)
    assert isinstance(found.refusal, CoordinatesNotDegrees)


def test_a_map_that_names_another_coordinate_system_is_refused() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2263"}}

    with pytest.raises(CoordinatesNotDegrees, match="2263"):
        read(collection(polygon(SQUARE), crs=crs))


def test_a_map_that_names_wgs_84_is_read() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}

    assert isinstance(read(collection(polygon(SQUARE), crs=crs))[0], Feature)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b'{"type": "Feature"}',
        b'{"type": "FeatureCollection", "features": [1]}',
        b'{"type": "FeatureCollection", "features": [{"x": NaN}]}',
        b'{"type": "FeatureCollection", "features": [{"x": 1e999}]}',
        b'{"type": "FeatureCollection", "features": [' + b"[" * 100_000,
        b'{"type": "FeatureCollection", "features": [{"x": "\xff"}]}',
    ],
)
def test_what_is_no_map_is_refused(text: bytes) -> None:
    with pytest.raises(FileDamaged, match="GeoJSON FeatureCollection"):
        read(text)


def test_a_map_without_features_is_refused() -> None:
    with pytest.raises(MapEmpty, match="no features"):
        read(collection())
