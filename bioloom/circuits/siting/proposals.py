"""Proposals: facilities and zones, as a map (GeoJSON) states them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

import msgspec

from bioloom.ledger.formats.geojson import MapEmpty, open_geojson, place_of
from bioloom.vocabulary.agents import operator_of
from bioloom.vocabulary.entries.ledger import Intake, SiteDeclared
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import Outline, Point, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

T = TypeVar("T", bound=msgspec.Struct)
# Between groups in one text, as in tables of sites.
_SEPARATOR = ";"
# Farther than any chimney is felt, and more than any site of a city takes.
LARGEST_RADIUS_M, LARGEST_T_PER_DAY = 100_000.0, 1e6


class FeatureAmiss(Refusal):
    """A feature of a map of proposals or zones that says something impossible."""

    def __init__(self, *, path: str, fault: str) -> None:
        self.path, self.fault = path, fault
        super().__init__(
            what=f"{path}: {fault}.",
            why="What is compared must be what is proposed, to the last feature.",
            remedy="Correct the map at that path; docs/how-to/site-a-facility.md lists its words.",
        )


class _Stated(msgspec.Struct, forbid_unknown_fields=False):
    """What a feature states of a facility."""

    name: str
    # Groups as a list, or as tables of sites have them: "organics; paper".
    accepts: list[str] | str
    capacity_t_per_day: float
    process: str = "proposed"
    residue: float = 0.0
    # As tables of sites call it.
    residue_share: float | None = None
    radius_m: float = 0.0


class _StatedZone(msgspec.Struct, forbid_unknown_fields=False):
    """What a feature states of a zone."""

    name: str
    kind: str = "zone"
    population: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A facility that is proposed: the site it would be, its ground, and how far it is felt."""

    site: SiteDeclared
    # Empty where the map has only a point.
    outline: Outline
    radius_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """An area that is protected, inhabited, or marked for another reason."""

    name: str
    kind: str
    outline: Outline
    # How many people live in it, where that is stated.
    population: int | None = None


def read_facilities(stream: BinaryIO, *, groups: Collection[GroupId]) -> tuple[Facility, ...]:
    """The facilities of a map, in its order.

    Args:
        stream: A GeoJSON FeatureCollection of points or areas.
        groups: The groups of materials that the city has.

    Raises:
        FeatureAmiss: If a feature states something impossible; it names the path.
        FileDamaged, MapTooLarge, CoordinatesNotDegrees: As `open_geojson`.
    """
    read: list[Facility] = []
    for path, feature in _features(stream):
        stated = _stated(feature, path)
        for fault_path, fault in _faults(stated, groups):
            raise FeatureAmiss(path=f"{path}.properties.{fault_path}", fault=fault)
        outline, point = _place(feature, path)
        read.append(
            Facility(
                site=_site(stated, point, len(read) + 1),
                outline=outline,
                radius_m=stated.radius_m,
            )
        )
    return tuple(read)


def read_zones(stream: BinaryIO) -> tuple[Zone, ...]:
    """The zones of a map, in its order.

    Raises:
        FeatureAmiss: If a feature is no area, or has no name; it names the path.
        FileDamaged, MapTooLarge, CoordinatesNotDegrees: As `open_geojson`.
    """
    zones = []
    for path, feature in _features(stream):
        stated = _convert(feature, path, _StatedZone)
        outline, _ = _place(feature, path)
        if not outline:
            raise FeatureAmiss(path=f"{path}.geometry", fault="a zone is an area, not a point")
        if stated.population is not None and stated.population < 0:
            raise FeatureAmiss(path=f"{path}.properties.population", fault="it is below zero")
        zone = Zone(
            name=stated.name, kind=stated.kind, outline=outline, population=stated.population
        )
        zones.append(zone)
    return tuple(zones)


def _features(stream: BinaryIO) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        features = open_geojson(stream).features
    except MapEmpty as empty:
        raise FeatureAmiss(path="features", fault="the map has none") from empty
    for number, feature in enumerate(features):
        yield f"features[{number}]", feature


def _stated(feature: dict[str, Any], path: str) -> _Stated:
    stated = _convert(feature, path, _Stated)
    if isinstance(stated.accepts, str):
        named = [group.strip() for group in stated.accepts.split(_SEPARATOR)]
        stated.accepts = [group for group in named if group]
    if stated.residue_share is not None:
        stated.residue = stated.residue_share
    return stated


def _convert(feature: dict[str, Any], path: str, kind: type[T]) -> T:
    try:
        return msgspec.convert(feature.get("properties") or {}, kind)
    except msgspec.ValidationError as fault:
        raise FeatureAmiss(path=f"{path}.properties", fault=str(fault)) from fault


def _place(feature: dict[str, Any], path: str) -> tuple[Outline, Point]:
    try:
        return place_of(feature.get("geometry"))
    except Refusal as refusal:
        raise FeatureAmiss(path=f"{path}.geometry", fault=refusal.what.rstrip(".")) from refusal


def _faults(stated: _Stated, groups: Collection[GroupId]) -> Iterator[tuple[str, str]]:
    if not stated.accepts:
        yield "accepts", "it names no group, so nothing could come"
    for group in stated.accepts:
        if group not in groups:
            known = ", ".join(sorted(groups)) or "none"
            yield "accepts", f"the city has no group '{group}', but {known}"
    # Written so that a NaN, which compares false, is refused too.
    if not 0 < stated.capacity_t_per_day <= LARGEST_T_PER_DAY:
        yield "capacity_t_per_day", "it is not above zero, or absurdly large"
    if not 0 <= stated.residue <= 1:
        yield "residue", "it is not a share from 0 to 1"
    if not 0 <= stated.radius_m <= LARGEST_RADIUS_M:
        yield "radius_m", f"it is not from 0 to {LARGEST_RADIUS_M:.0f}"


def _site(stated: _Stated, point: Point, number: int) -> SiteDeclared:
    name = f"proposed:{number}"
    return SiteDeclared(
        site=SiteId(name),
        name=stated.name,
        point=point,
        process=stated.process,
        intakes=(
            Intake(
                accepts=tuple(dict.fromkeys(GroupId(group) for group in stated.accepts)),
                capacity_mg_per_day=round(stated.capacity_t_per_day * MG_PER_TONNE),
            ),
        ),
        residue_per_mille=round(stated.residue * 1000),
        operator=operator_of(name),
        stamp="estimated",
    )
