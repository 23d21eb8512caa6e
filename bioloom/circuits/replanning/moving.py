"""Moving: what a plan brings elsewhere than another does, district by district."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bioloom.circuits.posing import Node
from bioloom.vocabulary.entries.circuits import Flow, Unmet
from bioloom.vocabulary.places import SiteId

# Of each node the mass to each site [mg]; to no site goes what is not placed.
Placed = Mapping[Node, Mapping[SiteId | None, int]]


class Moved(NamedTuple):
    """Some mass of a node that goes to one site instead of another."""

    node: Node
    origin: SiteId | None
    site: SiteId | None
    mass_mg: int


def placed(flows: Iterable[Flow], unmet: Iterable[Unmet]) -> Placed:
    """Where a plan brings the mass of each node."""
    found: defaultdict[Node, defaultdict[SiteId | None, int]]
    found = defaultdict(lambda: defaultdict(int))
    for flow in flows:
        found[flow.district, flow.material][flow.site] += flow.mass_mg
    for rest in unmet:
        found[rest.district, rest.material][None] += rest.mass_mg
    return {node: dict(sites) for node, sites in found.items()}


def moves_between(before: Placed, after: Placed) -> Iterator[Moved]:
    """What moves, in the order of names; each milligram once.

    Which milligram of a node comes from which of its sites is nobody's to know: what its sites lose
    is matched with what others gain by their names. What arrived since comes from no site, and what
    is there no longer goes to none.
    """
    for node in sorted({*before, *after}):
        was, now = before.get(node, {}), after.get(node, {})
        change_mg = {site: now.get(site, 0) - was.get(site, 0) for site in {*was, *now}}
        losing = [(site, -mg) for site, mg in sorted(change_mg.items(), key=_name) if mg < 0]
        gaining = [(site, mg) for site, mg in sorted(change_mg.items(), key=_name) if mg > 0]
        more_mg = sum(change_mg.values())
        if more_mg > 0:
            losing.append((None, more_mg))
        if more_mg < 0:
            gaining.append((None, -more_mg))
        yield from _matched(node, losing, gaining)


def _matched(
    node: Node, losing: list[tuple[SiteId | None, int]], gaining: list[tuple[SiteId | None, int]]
) -> Iterator[Moved]:
    found: defaultdict[tuple[SiteId | None, SiteId | None], int] = defaultdict(int)
    while losing and gaining:
        (origin, lost_mg), (site, gained_mg) = losing.pop(), gaining.pop()
        mass_mg = min(lost_mg, gained_mg)
        found[origin, site] += mass_mg
        if lost_mg > mass_mg:
            losing.append((origin, lost_mg - mass_mg))
        if gained_mg > mass_mg:
            gaining.append((site, gained_mg - mass_mg))
    for (origin, site), mass_mg in sorted(found.items(), key=lambda one: tuple(map(str, one[0]))):
        if origin != site:
            yield Moved(node=node, origin=origin, site=site, mass_mg=mass_mg)


def _name(change: tuple[SiteId | None, int]) -> tuple[bool, str]:
    site, _ = change
    return site is None, site or ""
