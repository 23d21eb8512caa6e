"""Finding: what commons and organisations have at hand, by material, place, distance and words."""

from collections.abc import Callable, Iterable
from functools import cache
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


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """How many lots fit a search, and some of them."""

    count: int
    finds: list[Find]


def find(
    rows: Iterable[AtHand],
    search: Search,
    declared: Declared,
    *,
    is_private: Callable[[AgentId], bool],
    promised: frozenset[LotId] = frozenset(),
    first: int = 0,
    most: int = 50,
) -> Found:
    """The lots that fit a search, the nearest first, else the newest.

    A lot in which somebody private has a part is left out, whoever looks.

    Args:
        rows: What is at hand, the newest first.
        search: What is looked for.
        declared: The city's places and materials.
        is_private: Whose lots are not shown.
        promised: Lots that are promised to somebody already.
        first: How many of those that fit are passed over.
        most: How many are told.
    """
    looking = _Looking(search, declared, is_private)
    fitting = [row for row in rows if looking.fits(row)]
    if looking.here is not None:
        fitting.sort(key=lambda row: looking.distance_km(row.place) or 0)
        fitting.sort(key=lambda row: looking.distance_km(row.place) is None)
    return Found(
        count=len(fitting),
        finds=[
            Find(
                row=row,
                material=looking.material(row.material),
                place=looking.place(row.place),
                distance_km=looking.distance_km(row.place),
                is_promised=row.lot in promised,
            )
            for row in fitting[first : first + most]
        ],
    )


class _Looking:
    """One search; what is the same for many lots is found out once."""

    def __init__(
        self, search: Search, declared: Declared, is_private: Callable[[AgentId], bool]
    ) -> None:
        self._search, self._declared = search, declared
        self._words = search.words.casefold().split()
        self._places = {str(one.district): one for one in declared.districts.values()} | {
            str(one.site): one for one in declared.sites.values()
        }
        found = self._places.get(search.near)
        self.here = None if found is None else found.point
        self._is_private = cache(is_private)
        self.distance_km = cache(self._distance_km)
        self._text = cache(self._plain)

    def fits(self, row: AtHand) -> bool:
        """Whether a lot is one of those that are looked for, and everybody's to see."""
        search = self._search
        if search.material not in ("", row.material) or search.place not in ("", row.place):
            return False
        if any(map(self._is_private, row.owners)) or any(map(self._is_private, row.holders)):
            return False
        text = self._text(row.material, row.place) if self._words else ""
        return all(word in text or word in row.lot.casefold() for word in self._words)

    def material(self, material: MaterialId) -> str:
        """What a material is called."""
        told = self._declared.materials.get(material)
        return told.name if told else material

    def place(self, place: str) -> str:
        """What a place is called."""
        told = self._places.get(place)
        return told.name if told else place

    def _plain(self, material: MaterialId, place: str) -> str:
        return f"{self.material(material)} {self.place(place)}".casefold()

    def _distance_km(self, place: str) -> float | None:
        there = self._places.get(place)
        if self.here is None or there is None:
            return None
        return distance_km(self.here, there.point)


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
