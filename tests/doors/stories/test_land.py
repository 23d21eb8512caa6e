"""The land of Verdiva: districts that share borders, overlap nowhere, and lie in no real place."""

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.stories.verdiva.places import districts, sites
from bioloom.vocabulary.places import Outline


def shape(outline: Outline) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in outline])


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000))
def test_districts_overlap_nowhere_and_each_has_neighbours(seed: int) -> None:
    shapes = [shape(district.body.outline) for district in districts(seed)]
    land = shapely.union_all(shapes)

    assert len(shapes) == 24
    assert all(one.is_valid for one in shapes)
    # To the rounding of their corners: a millionth of a degree is a tenth of a metre.
    assert abs(sum(one.area for one in shapes) - land.area) < 1e-5 * land.area
    for one in shapes:
        borders = [one.intersection(other).length for other in shapes if other is not one]
        assert max(borders) > 1e-3


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000))
def test_every_district_has_its_point_inside(seed: int) -> None:
    for district in districts(seed):
        point = district.body.point
        inside = shapely.Point(point.longitude_deg, point.latitude_deg)
        assert shape(district.body.outline).contains(inside)


def test_verdiva_lies_in_the_open_atlantic() -> None:
    points = [district.body.point for district in districts(24)] + [site.point for site in sites()]

    assert all(-30.1 < point.longitude_deg < -29.7 for point in points)
    assert all(29.9 < point.latitude_deg < 30.2 for point in points)


def test_every_site_stands_on_land() -> None:
    land = shapely.union_all([shape(district.body.outline) for district in districts(24)])

    for site in sites():
        assert land.contains(shapely.Point(site.point.longitude_deg, site.point.latitude_deg))


def test_who_has_least_counts_for_more_and_nobody_for_less() -> None:
    needs = {one.means_per_mille: one.body.need_per_mille for one in districts(24)}

    by_means = [needs[means] for means in sorted(needs)]
    assert by_means == sorted(by_means, reverse=True)
    assert min(by_means) == 1000 < max(by_means)
