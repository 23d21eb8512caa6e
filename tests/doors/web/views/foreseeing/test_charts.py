"""Charts: what is drawn stands where its mass says."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.web.views.foreseeing.charts import (
    BOTTOM_PX,
    HEIGHT_PX,
    TOP_PX,
    WIDTH_PX,
    draw_curves,
    draw_small,
    round_up,
)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


@given(row=st.lists(st.integers(1, 10**18), min_size=1, max_size=60))
def test_a_curve_begins_at_nothing_and_ends_at_its_last_mass(row: list[int]) -> None:
    chart = draw_curves({"one": row})

    assert chart is not None
    [path] = chart.paths
    drawn = points(path.d)
    floor_px = HEIGHT_PX - BOTTOM_PX
    assert drawn[0] == (0.0, floor_px)
    assert len(drawn) == len(row) + 1
    top = chart.ticks[-1]
    last_px = floor_px - (floor_px - TOP_PX) * row[-1] / top.mass_mg
    assert abs(drawn[-1][0] - WIDTH_PX) < 0.1
    assert abs(drawn[-1][1] - last_px) < 0.1
    assert all(TOP_PX - 0.1 <= y_px <= floor_px + 0.1 for _, y_px in drawn)


@given(mass_mg=st.integers(1, 10**18))
def test_an_axis_ends_above_its_largest_mass_and_not_far_above(mass_mg: int) -> None:
    top_mg = round_up(mass_mg)

    assert mass_mg <= top_mg <= max(2 * mass_mg, mass_mg + 1)


def test_where_nothing_is_there_nothing_is_drawn() -> None:
    assert draw_curves({"one": [0, 0]}) is None
    assert draw_curves({}) is None


def test_small_curves_of_one_scale_can_be_compared() -> None:
    low, high = draw_small([5, 10], 20), draw_small([10, 20], 20)

    assert points(low) == [(0.0, 23.0), (50.0, 17.5), (100.0, 12.0)]
    assert points(high)[-1] == (100.0, 1.0)
