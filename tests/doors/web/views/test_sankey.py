"""The Sankey: what goes into a bar comes out of it, and nothing overlaps."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.web.views.sankey import UNMET, Stream, draw_sankey

streams = st.lists(
    st.builds(
        Stream,
        place=st.sampled_from(["bay", "hill", "port"]),
        material=st.sampled_from(["organics", "paper"]),
        site=st.sampled_from(["mill", "compost", None]),
        mass_mg=st.integers(min_value=1, max_value=10**15),
    ),
    min_size=1,
    max_size=12,
)


@given(streams=streams)
def test_bands_add_up_to_their_bars_on_either_side(streams: list[Stream]) -> None:
    drawn = draw_sankey(streams, ["organics", "paper"])

    assert drawn is not None
    given_mg: dict[str, int] = defaultdict(int)
    taken_mg: dict[str, int] = defaultdict(int)
    for band in drawn.bands:
        given_mg[band.giver] += band.mass_mg
        taken_mg[band.receiver] += band.mass_mg
    for bar in drawn.bars:
        if bar.column < 2:
            assert given_mg[bar.id] == bar.mass_mg
        if bar.column > 0:
            assert taken_mg[bar.id] == bar.mass_mg


@given(streams=streams)
def test_bars_of_a_column_lie_apart_and_inside_the_frame(streams: list[Stream]) -> None:
    drawn = draw_sankey(streams, [])

    assert drawn is not None
    for column in range(3):
        bars = [bar for bar in drawn.bars if bar.column == column]
        for above, below in pairwise(bars):
            assert above.y_px + above.height_px < below.y_px
        assert bars[0].y_px >= 0
        assert bars[-1].y_px + bars[-1].height_px <= drawn.height_px


def test_what_is_unmet_stands_last_and_sites_beside_their_material() -> None:
    ways = [("organics", None, 9), ("paper", "mill", 5), ("organics", "compost", 1)]
    drawn = draw_sankey(
        [Stream(place="bay", material=m, site=s, mass_mg=mass) for m, s, mass in ways],
        ["organics", "paper"],
    )

    assert drawn is not None
    sites = [bar.id for bar in drawn.bars if bar.column == 2]
    assert sites == ["site:compost", "site:mill", UNMET]


def test_a_site_that_calls_itself_unmet_is_still_a_site() -> None:
    drawn = draw_sankey([Stream(place="bay", material="m", site=UNMET, mass_mg=1)], [])

    assert drawn is not None
    assert drawn.bars[-1].id == f"site:{UNMET}"


@pytest.mark.parametrize("mass_mg", [None, 0])
def test_no_mass_makes_no_drawing(mass_mg: int | None) -> None:
    nothing = [] if mass_mg is None else [Stream(place="a", material="b", site=None, mass_mg=0)]

    assert draw_sankey(nothing, []) is None
