"""The map: everything drawn lies in its frame, however the city is shaped."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.web.views.city_map import FRAME_PX, draw_map, level_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId, commons_of
from bioloom.vocabulary.entries.ledger import DistrictDeclared, SiteDeclared
from bioloom.vocabulary.places import DistrictId, Point, Position, SiteId

positions = st.tuples(
    st.floats(min_value=-179, max_value=179), st.floats(min_value=-80, max_value=80)
)


def city_of(ring: list[Position], sites: list[Position]) -> Declared:
    district = DistrictId("bay")
    closed = (*ring, ring[0])
    point = Point(longitude_deg=ring[0][0], latitude_deg=ring[0][1])
    return Declared(
        districts={
            district: DistrictDeclared(
                district=district,
                name="Bay",
                part_of=None,
                outline=((closed,),),
                point=point,
                need_per_mille=1000,
                commons=commons_of(district),
                stamp="generated",
            )
        },
        sites={
            SiteId(f"{n}"): SiteDeclared(
                site=SiteId(f"{n}"),
                name=f"Site {n}",
                point=Point(longitude_deg=longitude_deg, latitude_deg=latitude_deg),
                process="composting",
                intakes=(),
                residue_per_mille=0,
                operator=AgentId("somebody"),
                stamp="generated",
            )
            for n, (longitude_deg, latitude_deg) in enumerate(sites)
        },
    )


@given(ring=st.lists(positions, min_size=3, max_size=6), sites=st.lists(positions, max_size=4))
def test_everything_drawn_lies_in_the_frame_and_the_rest_is_named(
    ring: list[Position], sites: list[Position]
) -> None:
    drawn = draw_map(city_of(ring, sites), {})

    assert drawn is not None
    for start in re.findall(r"M([-\d.e]+) ([-\d.e]+)l", drawn.districts[0].path):
        assert 0 <= float(start[0]) <= FRAME_PX
        assert 0 <= float(start[1]) <= drawn.height_px
    for mark in drawn.sites:
        assert 0 <= mark.x_px <= FRAME_PX
        assert 0 <= mark.y_px <= drawn.height_px
    assert {mark.id for mark in drawn.sites} | set(drawn.beyond) == {
        SiteId(f"{n}") for n in range(len(sites))
    }


def test_a_square_on_the_equator_is_drawn_as_a_square() -> None:
    drawn = draw_map(city_of([(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01)], []), {})

    assert drawn is not None
    assert drawn.districts[0].path == "M14 986l972 0 0 -972 -972 0 z"


def test_a_site_far_from_the_city_does_not_shrink_it() -> None:
    ring = [(0.0, 0.0), (0.01, 0.0), (0.01, 0.01)]
    drawn = draw_map(city_of(ring, [(0.005, 0.005), (5.0, 5.0)]), {}, without=[SiteId("0")])

    assert drawn is not None
    assert [(mark.id, mark.left_out) for mark in drawn.sites] == [("0", True)]
    assert drawn.beyond == ("1",)


def test_a_city_without_districts_has_no_map() -> None:
    assert draw_map(Declared(), {}) is None


@given(share=st.floats(min_value=0, max_value=1))
def test_only_a_district_served_in_full_is_shown_as_full(share: float) -> None:
    assert (level_of(share) == "full") == (share == 1)
    assert (level_of(share) == "none") == (share == 0)
