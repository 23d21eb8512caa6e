"""The flows of a plan as a Sankey diagram: places, materials and sites in three columns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

WIDTH_PX = 1000.0
BAR_PX = 12.0
# Where each column's bars stand; labels of the outer columns need the rest.
COLUMNS_PX = (230.0, 470.0, 716.0)
# All mass together is this high.
MASS_PX = 420.0
# A bar thinner than its label still gets the label's height.
LABEL_PX = 19.0
GAP_PX = 9.0
THINNEST_PX = 0.8

UNMET = "unmet"


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass from a place, of a material, to a site; or to nowhere if the site is None."""

    place: str
    material: str
    site: str | None
    mass_mg: int


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One place, material or site, as high as its mass."""

    id: str
    column: int
    x_px: float
    y_px: float
    height_px: float
    mass_mg: int


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """The mass between two bars, as the path of an SVG and its thickness."""

    giver: str
    receiver: str
    material: str
    path: str
    thickness_px: float
    mass_mg: int


class Sankey(msgspec.Struct, frozen=True, kw_only=True):
    """All that is drawn, in a frame 1000 px wide."""

    height_px: float
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]


def draw_sankey(streams: Iterable[Stream], materials: Sequence[str]) -> Sankey | None:
    """Lay streams out; None where there is no mass to draw.

    Args:
        streams: What the plan moves, and what it leaves.
        materials: The materials in the order in which they are to stand.

    The two sides of every bar add up to its mass, as far as mass flows through it.
    """
    given: dict[tuple[str, str], int] = defaultdict(int)
    taken: dict[tuple[str, str], int] = defaultdict(int)
    for stream in streams:
        given[stream.place, stream.material] += stream.mass_mg
        taken[stream.material, f"site:{stream.site}" if stream.site else UNMET] += stream.mass_mg
    total_mg = sum(given.values())
    if total_mg == 0:
        return None
    rank = {material: place for place, material in enumerate(materials)}
    places = sorted({place for place, _ in given})
    middles = sorted({material for _, material in given}, key=lambda m: (rank.get(m, 999), m))
    sites = _in_order({site for _, site in taken}, taken, middles)
    px_per_mg = MASS_PX / total_mg
    columns = [
        _column(0, places, _sums(given, 0), px_per_mg),
        _column(1, middles, _sums(given, 1), px_per_mg),
        _column(2, sites, _sums(taken, 1), px_per_mg),
    ]
    height_px = max(_bottom(column) for column in columns) + LABEL_PX
    bars = [bar for column in columns for bar in _centred(column, height_px)]
    by_id = {(bar.column, bar.id): bar for bar in bars}
    bands = [
        *_bands(given, 0, [(p, m) for p in places for m in middles], by_id, px_per_mg),
        *_bands(taken, 1, [(m, s) for m in middles for s in sites], by_id, px_per_mg),
    ]
    return Sankey(height_px=round(height_px, 1), bars=tuple(bars), bands=tuple(bands))


def _sums(masses: Mapping[tuple[str, str], int], end: int) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for ends, mass_mg in masses.items():
        sums[ends[end]] += mass_mg
    return sums


def _in_order(
    sites: set[str], taken: Mapping[tuple[str, str], int], middles: Sequence[str]
) -> list[str]:
    """Sites beside the material they take most of, the largest first; what is left over last."""

    def standing(site: str) -> tuple[bool, int, int, str]:
        masses = [taken.get((material, site), 0) for material in middles]
        return site == UNMET, masses.index(max(masses)), -sum(masses), site

    return sorted(sites, key=standing)


def _column(
    column: int, ids: Sequence[str], masses: Mapping[str, int], px_per_mg: float
) -> list[Bar]:
    bars, y_px = [], 0.0
    for name in ids:
        height_px = max(THINNEST_PX, masses[name] * px_per_mg)
        slot_px = max(height_px, LABEL_PX)
        bars.append(
            Bar(
                id=name,
                column=column,
                x_px=COLUMNS_PX[column],
                y_px=y_px + (slot_px - height_px) / 2,
                height_px=height_px,
                mass_mg=masses[name],
            )
        )
        y_px += slot_px + GAP_PX
    return bars


def _bottom(bars: Sequence[Bar]) -> float:
    return max(bar.y_px + bar.height_px for bar in bars)


def _centred(bars: Sequence[Bar], height_px: float) -> list[Bar]:
    down_px = (height_px - _bottom(bars)) / 2
    return [msgspec.structs.replace(bar, y_px=bar.y_px + down_px) for bar in bars]


def _bands(
    masses: Mapping[tuple[str, str], int],
    column: int,
    order: Iterable[tuple[str, str]],
    bars: Mapping[tuple[int, str], Bar],
    px_per_mg: float,
) -> Iterable[Band]:
    """Bands between a column and the next, stacked on each bar in the order given."""
    filled_px: dict[tuple[int, str], float] = defaultdict(float)
    for giver, receiver in order:
        mass_mg = masses.get((giver, receiver), 0)
        if mass_mg == 0:
            continue
        exact_px = mass_mg * px_per_mg
        start, end = bars[column, giver], bars[column + 1, receiver]
        y_start = start.y_px + filled_px[column, giver] + exact_px / 2
        y_end = end.y_px + filled_px[column + 1, receiver] + exact_px / 2
        filled_px[column, giver] += exact_px
        filled_px[column + 1, receiver] += exact_px
        yield Band(
            giver=giver,
            receiver=receiver,
            material=receiver if column == 0 else giver,
            path=_curve(start.x_px + BAR_PX, y_start, end.x_px, y_end),
            thickness_px=round(max(THINNEST_PX, exact_px), 2),
            mass_mg=mass_mg,
        )


def _curve(x_start: float, y_start: float, x_end: float, y_end: float) -> str:
    middle = (x_start + x_end) / 2
    return (
        f"M{x_start:g} {y_start:.1f}C{middle:g} {y_start:.1f} {middle:g} {y_end:.1f} "
        f"{x_end:g} {y_end:.1f}"
    )
