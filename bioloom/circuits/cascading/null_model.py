"""The null model of cascades: load redistributed by shortest paths, with no plan and no masses."""

from collections.abc import Collection, Mapping

import msgspec
import rustworkx

from bioloom.vocabulary.places import DistrictId, SiteId

# Loads are sums of shares of paths; a load that is above by less than this is equal.
_SAME = 1e-9


class NullModel(msgspec.Struct, frozen=True, kw_only=True):
    """What fails in a network whose places all pass on to each other by the shortest paths."""

    tolerance_per_mille: int
    # The places that fail in each round after those said to, in rounds.
    rounds: tuple[tuple[str, ...], ...]
    sites_failed: tuple[SiteId, ...]
    districts_failed: tuple[DistrictId, ...]
    # Places in the largest part still joined, of all that there were [1].
    joined: float


def motter_lai(
    ways: Mapping[DistrictId, Collection[SiteId]],
    sites: Collection[SiteId],
    *,
    down: Collection[SiteId],
    tolerance_per_mille: int,
) -> NullModel:
    """Let overload spread: a place bears (1 + tolerance) times the load it had at first.

    Places are the sites, and the districts that offer something, each joined to those sites to
    which something of it may go. The load of a place is the number of shortest paths through it,
    ends included, between any two places. Those overloaded fail together, and loads are counted
    anew, until none is. More tolerance can mean more failures: who fails early relieves others.

    Source:
        Motter & Lai (2002), Cascade-based attacks on complex networks, Phys. Rev. E 66, 065102.
    """
    graph, number = network(ways, sites)
    places = {index: place for place, index in number.items()}
    before = rustworkx.betweenness_centrality(graph, normalized=False, endpoints=True)
    bearable = {at: load * (1000 + tolerance_per_mille) / 1000 for at, load in before.items()}
    graph.remove_nodes_from([number["site", site] for site in down if ("site", site) in number])
    rounds: list[tuple[str, ...]] = []
    failed: list[tuple[str, str]] = []
    while over := _overloaded(graph, bearable):
        graph.remove_nodes_from(over)
        failed.extend(places[at] for at in over)
        rounds.append(tuple(sorted(places[at][1] for at in over)))
    parts = rustworkx.connected_components(graph)
    return NullModel(
        tolerance_per_mille=tolerance_per_mille,
        rounds=tuple(rounds),
        sites_failed=tuple(sorted(SiteId(name) for sort, name in failed if sort == "site")),
        districts_failed=tuple(
            sorted(DistrictId(name) for sort, name in failed if sort == "district")
        ),
        joined=max(map(len, parts), default=0) / max(1, len(number)),
    )


def network(
    ways: Mapping[DistrictId, Collection[SiteId]], sites: Collection[SiteId]
) -> tuple["rustworkx.PyGraph[None, None]", dict[tuple[str, str], int]]:
    """Who may send something to whom, and the number of each place in the graph."""
    graph: rustworkx.PyGraph[None, None] = rustworkx.PyGraph(multigraph=False)
    names: list[tuple[str, str]] = [("district", name) for name in sorted(ways)]
    names.extend(("site", name) for name in sorted(sites))
    number = dict(zip(names, graph.add_nodes_from([None] * len(names)), strict=True))
    for district, ends in ways.items():
        for site in ends:
            graph.add_edge(number["district", district], number["site", site], None)
    return graph, number


def _overloaded(graph: "rustworkx.PyGraph[None, None]", bearable: dict[int, float]) -> list[int]:
    loads = rustworkx.betweenness_centrality(graph, normalized=False, endpoints=True)
    return [at for at, load in loads.items() if load > bearable[at] * (1 + _SAME)]
