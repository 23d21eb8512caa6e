"""The null model: loads by counting every shortest path, and what more tolerance does."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.circuits.cascading.null_model import NullModel, motter_lai
from bioloom.vocabulary.places import DistrictId, SiteId

# Which materials each district offers and each site takes.
Network = tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]
Graph = dict[str, set[str]]


def fail(network: Network, *down: str, tolerance_per_mille: int) -> NullModel:
    offered, taken = network
    sites = [SiteId(f"s{number}") for number in range(len(taken))]
    ways = {
        DistrictId(f"d{number}"): {
            site for site, takes in zip(sites, taken, strict=True) if materials & takes
        }
        for number, materials in enumerate(offered)
    }
    failing = [SiteId(site) for site in down]
    return motter_lai(ways, sites, down=failing, tolerance_per_mille=tolerance_per_mille)


def graph_of(network: Network) -> Graph:
    offered, taken = network
    graph: Graph = {f"d{number}": set() for number in range(len(offered))}
    graph |= {f"s{number}": set() for number in range(len(taken))}
    for i, materials in enumerate(offered):
        for k, takes in enumerate(taken):
            if materials & takes:
                graph[f"d{i}"].add(f"s{k}")
                graph[f"s{k}"].add(f"d{i}")
    return graph


def shortest_paths(graph: Graph, one: str, other: str) -> list[list[str]]:
    """All of them, by trying every path, the shorter first."""
    going = [[one]]
    while going:
        if there := [path for path in going if path[-1] == other]:
            return there
        going = [[*path, end] for path in going for end in graph[path[-1]] - set(path)]
    return []


def loads(graph: Graph) -> dict[str, Fraction]:
    """How many shortest paths go through each place, ends included; equal ones share."""
    load: defaultdict[str, Fraction] = defaultdict(Fraction)
    for one, other in combinations(graph, 2):
        paths = shortest_paths(graph, one, other)
        for path in paths:
            for place in path:
                load[place] += Fraction(1, len(paths))
    return load


def without(graph: Graph, gone: set[str]) -> Graph:
    return {place: ends - gone for place, ends in graph.items() if place not in gone}


def rounds_of(network: Network, down: set[str], tolerance_per_mille: int) -> list[tuple[str, ...]]:
    """The rounds of failures, by counting paths."""
    graph = graph_of(network)
    bearable = {
        place: load * (1000 + tolerance_per_mille) / 1000 for place, load in loads(graph).items()
    }
    graph = without(graph, down)
    rounds = []
    while over := {place for place, load in loads(graph).items() if load > bearable[place]}:
        rounds.append(tuple(sorted(over)))
        graph = without(graph, over)
    return rounds


some = st.frozensets(st.sampled_from("abc"), min_size=1)
networks: st.SearchStrategy[Network] = st.tuples(
    st.lists(some, min_size=1, max_size=4).map(tuple),
    st.lists(some, min_size=1, max_size=4).map(tuple),
)


@given(network=networks, tolerance_per_mille=st.sampled_from([0, 100, 500, 2000]))
@settings(max_examples=100)
def test_who_fails_in_which_round_is_as_by_counting_every_shortest_path(
    network: Network, tolerance_per_mille: int
) -> None:
    told = fail(network, "s0", tolerance_per_mille=tolerance_per_mille)

    assert list(told.rounds) == rounds_of(network, {"s0"}, tolerance_per_mille)
    assert sorted(told.sites_failed + told.districts_failed) == sorted(
        place for failed in told.rounds for place in failed
    )


@given(network=networks)
@settings(max_examples=60)
def test_where_nothing_is_down_nothing_fails(network: Network) -> None:
    assert fail(network, tolerance_per_mille=0).rounds == ()


@given(network=networks)
@settings(max_examples=60)
def test_a_place_that_bears_every_path_there_is_never_fails(network: Network) -> None:
    assert fail(network, "s0", tolerance_per_mille=100_000).rounds == ()


def test_more_tolerance_can_mean_more_failures() -> None:
    offered = (frozenset("abc"), frozenset("a"), frozenset("c"), frozenset("c"))
    taken = (
        *(frozenset("abc"), frozenset("b"), frozenset("ac")),
        *(frozenset("c"), frozenset("ab")),
    )

    strict = fail((offered, taken), "s0", tolerance_per_mille=0)
    lenient = fail((offered, taken), "s0", tolerance_per_mille=50)

    # s2 and s3 together leave s4 less to do than s2 alone.
    assert strict.rounds == (("s2", "s3"),)
    assert lenient.rounds == (("s2",), ("s3", "s4"))
