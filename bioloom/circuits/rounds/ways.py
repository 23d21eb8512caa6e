"""Ways: how far it is from each place to each other, by a table of roads or as the crow flies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bioloom.ledger.formats.rows import Row, require_columns
from bioloom.vocabulary.places import Point, great_circle_km
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

Ints = NDArray[np.int64]
# A road is longer than the crow flies. An assumption: averages of whole countries lie mostly
# between 1.2 and 1.6 (Ballou, Rahardja & Sakai 2002, Selected country circuity factors for road
# travel distance estimation, Transportation Research Part A 36(9)).
DETOUR_PER_MILLE = 1300
_COLUMNS = ("from", "to", "metres")


class RoadUnreadable(Refusal):
    """A row of a table of roads that does not say how far it is."""

    def __init__(self, *, line: int, column: str, text: str) -> None:
        self.line, self.column, self.text = line, column, text
        super().__init__(
            what=f"Line {line} of the table of roads has '{text[:20]}' for {column}.",
            why="A way that is read wrongly would send vehicles astray.",
            remedy="Give metres (and seconds, if they are known) as whole numbers.",
        )


class RoadMissing(Refusal):
    """A table of roads without a way that the rounds may need."""

    def __init__(self, *, start: str, end: str) -> None:
        self.start, self.end = start, end
        super().__init__(
            what=f"The table of roads has no way from '{start}' to '{end}'.",
            why="Rounds need the way between any two of their places, in both directions.",
            remedy="Add the row, or leave the table out: ways are then modelled.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Distances between places [m], and times where a table gives them [s]; row to column."""

    places: tuple[str, ...]
    metres: Ints
    seconds: Ints | None
    stamp: Stamp
    detour_per_mille: int | None

    def durations_s(self, speed_m_per_h: int) -> Ints:
        """How long each way takes at a speed, or as the table says; seconds are rounded up."""
        if self.seconds is not None:
            return self.seconds
        durations_s: Ints = -(-self.metres * 3600 // speed_m_per_h)
        return durations_s


def great_circle_ways(
    points: Mapping[str, Point], *, detour_per_mille: int = DETOUR_PER_MILLE
) -> Ways:
    """Ways modelled from great circles, longer by a detour; whole metres, rounded.

    Example:
        >>> a, b = (Point(longitude_deg=0.0, latitude_deg=y) for y in (0.0, 0.01))
        >>> great_circle_ways({"a": a, "b": b}, detour_per_mille=1000).metres.tolist()
        [[0, 1112], [1112, 0]]
    """
    places = tuple(points)
    metres = [
        [round(great_circle_km(points[one], points[other]) * detour_per_mille) for other in places]
        for one in places
    ]
    return Ways(
        places=places,
        metres=np.array(metres, dtype=np.int64).reshape(len(places), len(places)),
        seconds=None,
        stamp="modelled",
        detour_per_mille=detour_per_mille,
    )


def read_roads(header: Sequence[str], rows: Iterable[Row], places: Sequence[str]) -> Ways:
    """Ways between places by a table; rows of other places are passed over.

    Args:
        header: The table's columns: from, to, metres and, maybe, seconds.
        rows: Its rows.
        places: Between which ways are needed.

    Raises:
        ColumnsMissing: If a column is missing.
        RoadUnreadable: If a number is none.
        RoadMissing: If a way between two of the places is not there.
    """
    require_columns(header, _COLUMNS)
    column = {name: index for index, name in enumerate(header)}
    index = {place: number for number, place in enumerate(places)}
    names = ("metres", "seconds") if "seconds" in column else ("metres",)
    found = np.full((len(names), len(places), len(places)), -1, dtype=np.int64)
    for plane in found:
        np.fill_diagonal(plane, 0)
    for row in rows:
        cells = row.cells
        start, end = index.get(cells[column["from"]]), index.get(cells[column["to"]])
        if start is not None and end is not None:
            found[:, start, end] = [_whole(cells[column[name]], name, row.line) for name in names]
    gaps = np.argwhere(found[0] < 0)
    if len(gaps):
        start, end = gaps[0].tolist()
        raise RoadMissing(start=places[start], end=places[end])
    return Ways(
        places=tuple(places),
        metres=found[0],
        seconds=found[1] if len(names) > 1 else None,
        stamp="reported",
        detour_per_mille=None,
    )


def _whole(text: str, name: str, line: int) -> int:
    # No way on earth is longer than around it.
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise RoadUnreadable(line=line, column=name, text=text)
    return int(text)
