"""Ways: from great circles, or out of a table of roads that must be whole."""

import pytest

from bioloom.circuits.rounds.ways import RoadMissing, RoadUnreadable, great_circle_ways, read_roads
from bioloom.ledger.formats.rows import ColumnsMissing, Row
from bioloom.vocabulary.places import Point

HEADER = ("from", "to", "metres", "seconds")


def rows(*lines: str) -> list[Row]:
    return [Row(number, tuple(line.split())) for number, line in enumerate(lines, start=2)]


def test_modelled_ways_are_great_circles_times_the_detour() -> None:
    points = {
        "a": Point(longitude_deg=0.0, latitude_deg=0.0),
        "b": Point(longitude_deg=0.0, latitude_deg=1.0),
    }

    ways = great_circle_ways(points, detour_per_mille=1500)

    assert ways.stamp == "modelled"
    assert ways.metres[0, 1] == pytest.approx(1.5 * 111_195, abs=2)
    # A kilometre at 20 km/h takes three minutes, rounded up.
    assert ways.durations_s(20_000)[0, 1] == -(-int(ways.metres[0, 1]) * 3600 // 20_000)


def test_a_table_of_roads_is_taken_as_it_is_one_way_and_back() -> None:
    ways = read_roads(HEADER, rows("a b 100 60", "b a 250 90", "a c 1 1"), ("a", "b"))

    assert ways.stamp == "reported"
    assert ways.metres.tolist() == [[0, 100], [250, 0]]
    assert ways.durations_s(1).tolist() == [[0, 60], [90, 0]]


def test_a_way_that_is_missing_or_unreadable_is_refused_by_name() -> None:
    with pytest.raises(RoadMissing, match="no way from 'b' to 'a'"):
        read_roads(HEADER, rows("a b 100 60"), ("a", "b"))
    with pytest.raises(RoadUnreadable, match=r"Line 2 .* has '-5' for metres"):
        read_roads(HEADER, rows("a b -5 60"), ("a", "b"))
    with pytest.raises(ColumnsMissing, match="metres"):
        read_roads(("from", "to"), rows("a b"), ("a", "b"))
