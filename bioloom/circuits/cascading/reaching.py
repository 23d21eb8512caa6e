"""Reaching: which intakes a district's material may go to, as a plan of the same city has them."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import msgspec

from bioloom.circuits.cascading.courses import Storm
from bioloom.circuits.cascading.standing import by_the_hour
from bioloom.circuits.codes.governing import pose_under
from bioloom.circuits.layout.hindering import Hindrances
from bioloom.circuits.posing import Node
from bioloom.ledger.codes.standing import provisions_of
from bioloom.vocabulary.places import SiteId

# Some room, to see whether any of it is left.
_ANY_MG = 1_000_000
# One intake of a site, by its number there.
Line = tuple[SiteId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where things may go under the Codes and disruptions of a storm, but for what fails in it."""

    # Of each node that offers something, the intakes with room that it may go to, nearest first.
    nearest: dict[Node, list[Line]]
    # What each intake has room for in the storm's period [mg].
    room_mg: dict[Line, int]
    # The intakes to which something may go, also those that have no room of their own.
    lines: frozenset[Line]


def reach_of(storm: Storm) -> Reach:
    """Pose the storm's whole period as a plan does, and read off its ways and rooms.

    Raises:
        OfferUndeclared, YieldUndeclared, YieldsInCircle: As `posing.pose`.
    """
    rules = provisions_of(by_the_hour(storm.codes).versions)
    problem = pose_under(storm.declared, storm.offered_mg, storm.period, rules)
    seen: Counter[SiteId] = Counter()
    lines: list[Line] = []
    for site in problem.sites:
        lines.append((site, seen[site]))
        seen[site] += 1
    room_mg = dict(zip(lines, problem.capacity_mg.tolist(), strict=True))
    shut = _shut(storm)
    used: set[Line] = set()
    ways: defaultdict[Node, list[tuple[float, Line]]] = defaultdict(list)
    for heap, intake, km in zip(
        *(arcs.tolist() for arcs in (problem.arc_node, problem.arc_intake, problem.arc_km)),
        strict=True,
    ):
        line = lines[intake]
        # What sites make goes on within the plan.
        if heap >= len(problem.nodes) or line in shut:
            continue
        used.add(line)
        if room_mg[line]:
            ways[problem.nodes[heap]].append((km, line))
    return Reach(
        nearest={node: [line for _, line in sorted(ways[node])] for node in problem.nodes},
        room_mg=room_mg,
        lines=frozenset(used),
    )


def _shut(storm: Storm) -> set[Line]:
    """The intakes of which disruptions leave nothing."""
    left = Hindrances(storm.declared, [storm.period])
    return {
        (name, number)
        for name, site in storm.declared.sites.items()
        for number, intake in enumerate(site.intakes)
        if not left.room_mg(site, msgspec.structs.replace(intake, capacity_mg_per_day=_ANY_MG), 0)
    }
