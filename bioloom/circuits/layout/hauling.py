"""Hauling: how much the vehicles between two areas can carry."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG, Ints, no_ints
from bioloom.vocabulary.entries.ledger import VehiclesDeclared
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import SiteId


class Way(NamedTuple):
    """An arc as vehicles see it: where it begins (a place, and what that is part of) and ends."""

    begin: frozenset[str]
    end: SiteId
    group: GroupId
    period: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Limits on what arcs carry together."""

    # Lanes: the most that all their arcs carry in the period [mg].
    capacity_mg: Ints = field(default_factory=no_ints)
    # Which arcs belong to which lane, as pairs; an arc may belong to several.
    lane: Ints = field(default_factory=no_ints)
    arc: Ints = field(default_factory=no_ints)


def pose_lanes(
    ways: Sequence[Way], vehicles: Iterable[VehiclesDeclared], days: Sequence[int]
) -> Lanes:
    """The limits of declared vehicles on arcs. Arcs between areas without any are not limited.

    Vehicles of several kinds between the same areas carry different groups. They can carry some
    masses together exactly if, for each union of the kinds that could take some groups, the groups
    that only these can take fit into them; so there is a lane for each such union.

    Args:
        ways: Where each arc goes from and to, its group and its period.
        vehicles: What was declared.
        days: How many days each period has.

    Source:
        D. Gale (1957), A theorem on flows in networks, Pacific J. Math. 7(2).
    """
    between: defaultdict[tuple[tuple[str, ...], tuple[SiteId, ...]], list[VehiclesDeclared]]
    between = defaultdict(list)
    for one in vehicles:
        between[tuple(sorted(one.origins)), tuple(sorted(one.destinations))].append(one)
    capacity_mg: list[int] = []
    pairs: list[tuple[int, int]] = []
    for (origins, destinations), fleet in sorted(between.items()):
        for period, length in enumerate(days):
            carriers = {
                arc: _carriers(way.group, fleet)
                for arc, way in enumerate(ways)
                if way.period == period
                and (not origins or way.begin.intersection(origins))
                and (not destinations or way.end in destinations)
            }
            for union in _unions(carriers):
                pairs += [(len(capacity_mg), arc) for arc, by in carriers.items() if by <= union]
                room_mg = sum(_daily_mg(fleet[kind]) for kind in union) * length
                capacity_mg.append(min(room_mg, UNLIMITED_MG))
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T.copy()
    return Lanes(capacity_mg=np.array(capacity_mg, dtype=np.int64), lane=columns[0], arc=columns[1])


def with_room_for(lanes: Lanes, going_mg: Ints) -> Lanes:
    """Lanes that carry at least what goes on their arcs already: there was a vehicle for it."""
    coming_mg = np.zeros_like(lanes.capacity_mg)
    np.add.at(coming_mg, lanes.lane, going_mg[lanes.arc])
    return replace(lanes, capacity_mg=np.maximum(lanes.capacity_mg, coming_mg))


def with_limits(lanes: Lanes, most_mg: Mapping[tuple[int, ...], int]) -> Lanes:
    """Lanes, and for each arc, or few of them, that have a limit of their own another.

    Args:
        lanes: The limits there are.
        most_mg: The most that some arcs carry together, by their index.
    """
    count = len(lanes.capacity_mg)
    own = np.repeat(np.arange(count, count + len(most_mg)), [len(arcs) for arcs in most_mg])
    arc = np.array([arc for arcs in most_mg for arc in arcs], dtype=np.int64)
    return Lanes(
        capacity_mg=np.append(lanes.capacity_mg, np.array(list(most_mg.values()), dtype=np.int64)),
        lane=np.append(lanes.lane, own),
        arc=np.append(lanes.arc, arc),
    )


def _carriers(group: GroupId, fleet: Sequence[VehiclesDeclared]) -> frozenset[int]:
    return frozenset(
        kind for kind, one in enumerate(fleet) if not one.carries or group in one.carries
    )


def _unions(carriers: Mapping[int, frozenset[int]]) -> list[frozenset[int]]:
    """Every union of some of the sets of carriers, in a fixed order."""
    unions: set[frozenset[int]] = set()
    for by in set(carriers.values()):
        unions |= {by | union for union in unions} | {by}
    return sorted(unions, key=lambda union: (len(union), sorted(union)))


def _daily_mg(one: VehiclesDeclared) -> int:
    return one.count * one.trips_per_day * one.payload_mg
