"""Charts of masses over hours, large and small, as the paths of an SVG."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

WIDTH_PX, HEIGHT_PX = 640.0, 260.0
# Free above and below what is drawn, for the figures of the axes.
TOP_PX, BOTTOM_PX = 24.0, 30.0
_STEPS = tuple(map(Decimal, ("1", "1.2", "1.6", "2", "2.4", "3", "4", "5", "6", "8", "10")))


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """A line across the chart, at a height that stands for a mass."""

    y_px: float
    mass_mg: int


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """An hour under the chart; how many have passed."""

    x_px: float
    hours: int


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """A curve of one name."""

    name: str
    d: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """All that is drawn, in a frame of `WIDTH_PX` by `HEIGHT_PX`."""

    paths: tuple[Path, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def draw_curves(rows: Mapping[str, Sequence[int]]) -> Chart | None:
    """A curve for each row of masses at the ends of hours; each begins at nothing.

    None where there is nothing to draw, as where all masses are 0.
    """
    top_mg = max((mass_mg for row in rows.values() for mass_mg in row), default=0)
    if top_mg == 0:
        return None
    frame = _Frame(top_mg, max(map(len, rows.values())))
    paths = [Path(name=name, d=_line(frame.points((0, *row)))) for name, row in rows.items()]
    return frame.chart(paths)


def draw_small(row: Sequence[int], top_mg: int) -> str:
    """A row's curve in a frame of 100 by 24, of whose height the top is a mass above 0."""
    points = [
        (100 * hour / len(row), 23 - 22 * mass_mg / top_mg)
        for hour, mass_mg in enumerate((0, *row))
    ]
    return _line(points)


def round_up(mass_mg: int) -> int:
    """A mass that is easily halved and not below another, nor much above it.

    >>> round_up(3_141), round_up(4_000), round_up(21_000)
    (4000, 4000, 24000)
    """
    power = Decimal(1).scaleb(Decimal(mass_mg).adjusted())
    return int(next(step * power for step in _STEPS if step * power >= mass_mg))


class _Frame:
    """Where a mass at the end of an hour stands."""

    def __init__(self, top_mg: int, hours: int) -> None:
        self._top_mg, self._hours = round_up(top_mg), hours

    def points(self, masses_mg: Sequence[int]) -> list[tuple[float, float]]:
        """Where masses at the ends of hours stand, the first before any hour."""
        return [(self._x_px(hour), self._y_px(mass)) for hour, mass in enumerate(masses_mg)]

    def _x_px(self, hours: int) -> float:
        return WIDTH_PX * hours / self._hours

    def _y_px(self, mass_mg: int) -> float:
        room_px = HEIGHT_PX - TOP_PX - BOTTOM_PX
        return TOP_PX + room_px * (1 - mass_mg / self._top_mg)

    def chart(self, paths: Sequence[Path]) -> Chart:
        """What is drawn, with its axes."""
        masses_mg = (0, self._top_mg // 2, self._top_mg)
        return Chart(
            paths=tuple(paths),
            ticks=tuple(Tick(y_px=self._y_px(mass), mass_mg=mass) for mass in masses_mg),
            marks=tuple(
                Mark(x_px=self._x_px(hours), hours=hours)
                for hours in sorted({0, self._hours // 2, self._hours})
            ),
        )


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x_px:.1f} {y_px:.1f}" for x_px, y_px in points)
