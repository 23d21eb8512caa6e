"""Places: distances over the sphere, against published ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.vocabulary.places import EARTH_RADIUS_KM, Point, great_circle_km

points = st.builds(Point, longitude_deg=st.floats(-180, 180), latitude_deg=st.floats(-90, 90))
HALF_AROUND_KM = 3.141592653589793 * EARTH_RADIUS_KM


def at(latitude_deg: float, longitude_deg: float) -> Point:
    return Point(latitude_deg=latitude_deg, longitude_deg=longitude_deg)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        # JFK to LAX and to LHR, as the Great Circle Mapper (gcmap.com) gives them for the WGS 84
        # ellipsoid: 2,475 and 3,451 statute miles.
        (at(40.639722, -73.778889), at(33.942500, -118.408056), 2475 * 1.609344),
        (at(40.639722, -73.778889), at(51.477500, -0.461389), 3451 * 1.609344),
    ],
)
def test_ways_between_airports_are_within_six_in_a_thousand(
    one: Point, other: Point, km: float
) -> None:
    assert great_circle_km(one, other) == pytest.approx(km, rel=0.006)


def test_a_quarter_of_the_equator_and_of_a_meridian_are_alike() -> None:
    quarter_km = HALF_AROUND_KM / 2

    assert great_circle_km(at(0, 0), at(0, 90)) == pytest.approx(quarter_km, rel=1e-12)
    assert great_circle_km(at(0, 17), at(90, 0)) == pytest.approx(quarter_km, rel=1e-12)
    assert great_circle_km(at(0, 179.5), at(0, -179.5)) == pytest.approx(quarter_km / 90, rel=1e-9)


@given(one=points, other=points, third=points)
def test_a_distance_is_the_same_both_ways_and_no_detour_is_shorter(
    one: Point, other: Point, third: Point
) -> None:
    straight_km = great_circle_km(one, other)

    assert great_circle_km(one, one) == 0
    assert straight_km == pytest.approx(great_circle_km(other, one))
    assert 0 <= straight_km <= HALF_AROUND_KM * (1 + 1e-12)
    detour_km = great_circle_km(one, third) + great_circle_km(third, other)
    assert straight_km <= detour_km + 1e-3  # Near the antipode haversine keeps metres only.
