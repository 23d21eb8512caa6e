"""Finding: what commons and organisations have at hand, by material, place, distance and words."""

from collections.abc import Callable, Iterable, Mapping
from math import asin, cos, radians, sin, sqrt

import msgspec

from bioloom.ledger.accounts.at_hand import AtHand
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import Point

_EARTH_KM = 6371.0088


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; empty parts do not narrow it. `near` puts what is nearest first."""

    words: str = ""
    material: str = ""
    place: str = ""
    near: str = ""


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """A lot that was found."""

    row: AtHand
    material: str
    place: str
    # As the crow flies, from the middle of a district; none where a place has no position.
    distance_km: float | None
    is_promised: bool


def find(
    rows: Iterable[AtHand],
    search: Search,
    declared: Declared,
    *,
    is_private: Callable[[AgentId], bool],
    promised: frozenset[LotId] = frozenset(),
) -> list[Find]:
    """The lots that fit a search, the nearest first, else the newest.

    A lot in which somebody private has a part is left out, whoever looks.

    Args:
        rows: What is at hand, the newest first.
        search: What is looked for.
        declared: The city's places and materials.
        is_private: Whose lots are not shown.
        promised: Lots that are promised to somebody already.
    """
    private = dict[AgentId, bool]()
    points, names = _points(declared), _names(declared)
    wanted, here = search.words.casefold().split(), points.get(search.near)
    found = []
    for row in rows:
        if (search.material and row.material != search.material) or (
            search.place and row.place != search.place
        ):
            continue
        for agent in (*row.owners, *row.holders):
            if agent not in private:
                private[agent] = is_private(agent)
        if any(private[agent] for agent in (*row.owners, *row.holders)):
            continue
        material, place = _material(row.material, declared), names.get(row.place, row.place)
        text = f"{material} {place} {row.lot}".casefold()
        if not all(word in text for word in wanted):
            continue
        there = points.get(row.place)
        found.append(
            Find(
                row=row,
                material=material,
                place=place,
                distance_km=None if here is None or there is None else distance_km(here, there),
                is_promised=row.lot in promised,
            )
        )
    if here is not None:
        found.sort(key=lambda one: (one.distance_km is None, one.distance_km or 0))
    return found


def distance_km(one: Point, other: Point) -> float:
    """How far two places are from each other on a sphere, as the crow flies.

    Example:
        A degree of longitude at the equator:

        >>> round(distance_km(Point(longitude_deg=0, latitude_deg=0),
        ...                   Point(longitude_deg=1, latitude_deg=0)), 1)
        111.2

    Source:
        R. W. Sinnott (1984), Virtues of the haversine, Sky and Telescope 68(2).
    """
    south, north = radians(one.latitude_deg), radians(other.latitude_deg)
    east = radians(other.longitude_deg - one.longitude_deg)
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(chord))


def _points(declared: Declared) -> Mapping[str, Point]:
    districts = {str(one.district): one.point for one in declared.districts.values()}
    return districts | {str(one.site): one.point for one in declared.sites.values()}


def _names(declared: Declared) -> Mapping[str, str]:
    districts = {str(one.district): one.name for one in declared.districts.values()}
    return districts | {str(one.site): one.name for one in declared.sites.values()}


def _material(material: MaterialId, declared: Declared) -> str:
    told = declared.materials.get(material)
    return told.name if told else material
