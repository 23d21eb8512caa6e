"""Yards of the control room: what waits in each district, and how much of it for long."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from bioloom.ledger.accounts.waiting import Waiting
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.stamps import Stamp

Node = tuple[DistrictId, MaterialId]
K = TypeVar("K")


class WaitingBar(msgspec.Struct, frozen=True, kw_only=True):
    """What waits, and what of it came in before the last week [mg]; both as shares of the most."""

    waiting_mg: int
    old_mg: int
    share: float
    old_share: float


class YardRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a district's commons has in its hands."""

    district: DistrictId
    name: str
    bar: WaitingBar


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """What waits of a group of materials in all districts."""

    group: GroupId
    bar: WaitingBar


class Yards(msgspec.Struct, frozen=True, kw_only=True):
    """What waits in the city, the most first."""

    waiting_mg: int
    old_mg: int
    districts: tuple[YardRow, ...]
    groups: tuple[GroupRow, ...]
    stamps: tuple[Stamp, ...]


def view_yards(
    declared: Declared, waiting: Mapping[Node, Waiting], old: Mapping[Node, Waiting]
) -> Yards:
    """Arrange what waits for reading.

    Args:
        declared: The city's districts and materials.
        waiting: What waits now, by district and material.
        old: What of it came in before the last week.
    """
    by_district, old_by_district = Counter[DistrictId](), Counter[DistrictId]()
    by_group, old_by_group = Counter[GroupId](), Counter[GroupId]()
    for in_district, in_group, found in (
        (by_district, by_group, waiting),
        (old_by_district, old_by_group, old),
    ):
        for (district, material), here in found.items():
            in_district[district] += here.mass_mg
            in_group[declared.materials[material].group] += here.mass_mg
    return Yards(
        waiting_mg=by_district.total(),
        old_mg=old_by_district.total(),
        districts=tuple(
            YardRow(district=district, name=declared.districts[district].name, bar=bar)
            for district, bar in _bars(by_district, old_by_district)
        ),
        groups=tuple(
            GroupRow(group=group, bar=bar) for group, bar in _bars(by_group, old_by_group)
        ),
        stamps=tuple(sorted({stamp for here in waiting.values() for stamp in here.stamps})),
    )


def _bars(waiting_mg: "Counter[K]", old_mg: "Counter[K]") -> Iterator[tuple[K, WaitingBar]]:
    most_mg = max(waiting_mg.values(), default=0) or 1
    for name, mass_mg in waiting_mg.most_common():
        yield (
            name,
            WaitingBar(
                waiting_mg=mass_mg,
                old_mg=old_mg[name],
                share=mass_mg / most_mg,
                old_share=old_mg[name] / most_mg,
            ),
        )
