"""Flows of whole numbers from projects to the ballots that support them: can they bear the load?"""

from typing import NamedTuple

import numpy as np

from bioloom.assembly.budgets.kernels import compiled
from bioloom.assembly.budgets.stakes import Flags, Ints

NOBODY = -1


class Network(NamedTuple):
    """Edges from projects to ballots, by project; and the same edges by ballot.

    The edges of project p are `starts[p]` up to `starts[p + 1]`, each to the ballot in `who` and
    from the project in `whose`. Those of ballot g are `edges[begins[g]]` up to `begins[g + 1]`.
    """

    starts: Ints
    who: Ints
    whose: Ints
    begins: Ints
    edges: Ints


class Flow(NamedTuple):
    """What flows along each edge, what each project has left to send, what each ballot can bear.

    All are changed as the flow grows.
    """

    along: Ints
    excess: Ints
    spare: Ints


class Search(NamedTuple):
    """How far projects and ballots are from what is left over, and where looking goes on.

    `next_edge` of a project and `next_back` of a ballot are the edges to be tried next. The way so
    far leads along `down`, from a project to a ballot, and `back`, from that to another project.
    """

    of_project: Ints
    of_ballot: Ints
    next_edge: Ints
    next_back: Ints
    down: Ints
    back: Ints


@compiled
def send(network: Network, flow: Flow, reached: Flags) -> None:
    """Send as much as can be sent, along all shortest ways at once, then longer ones (Dinic).

    Marks the projects that are reached by what could not be sent: they and the ballots that support
    them are the cut.
    """
    projects, ballots = len(flow.excess), len(flow.spare)
    search = Search(
        np.empty(projects, np.int64),
        np.empty(ballots, np.int64),
        np.empty(projects, np.int64),
        np.empty(ballots, np.int64),
        np.empty(projects + 1, np.int64),
        np.empty(projects + 1, np.int64),
    )
    while _measure(network, flow, search):
        search.next_edge[:] = network.starts[:-1]
        search.next_back[:] = network.begins[:-1]
        for project in range(projects):
            while flow.excess[project] > 0:
                depth = _find(network, flow, search, project)
                if depth == NOBODY:
                    break
                _push(network, flow, search, project, depth)
    reached[:] = search.of_project != NOBODY


@compiled
def _measure(network: Network, flow: Flow, search: Search) -> bool:
    """How far everything is from what is left over; whether anybody reached can bear more."""
    search.of_project[:] = NOBODY
    search.of_ballot[:] = NOBODY
    queue = np.empty(len(flow.excess), np.int64)
    first, last, bears = 0, 0, False
    for project in range(len(flow.excess)):
        if flow.excess[project] > 0:
            search.of_project[project] = 0
            queue[last] = project
            last += 1
    while first < last:
        project = queue[first]
        first += 1
        far = search.of_project[project] + 1
        for edge in range(network.starts[project], network.starts[project + 1]):
            ballot = network.who[edge]
            if search.of_ballot[ballot] != NOBODY:
                continue
            search.of_ballot[ballot] = far
            bears = bears or flow.spare[ballot] > 0
            for at in range(network.begins[ballot], network.begins[ballot + 1]):
                other = network.whose[network.edges[at]]
                if search.of_project[other] == NOBODY and flow.along[network.edges[at]] > 0:
                    search.of_project[other] = far + 1
                    queue[last] = other
                    last += 1
    return bears


@compiled
def _find(network: Network, flow: Flow, search: Search, project: int) -> int:
    """Find a way from a project to a ballot that can bear more; its length, or -1.

    What leads nowhere is not tried again until distances are measured anew.
    """
    depth = 0
    while True:
        edge = search.next_edge[project]
        if edge == network.starts[project + 1]:
            if depth == 0:
                return NOBODY
            depth -= 1
            search.next_back[network.who[search.down[depth]]] += 1
            project = network.whose[search.down[depth]]
            continue
        ballot = network.who[edge]
        search.down[depth] = edge
        if search.of_ballot[ballot] != search.of_project[project] + 1:
            search.next_edge[project] += 1
            continue
        if flow.spare[ballot] > 0:
            return depth
        other = _behind(network, flow, search, ballot)
        if other == NOBODY:
            search.next_edge[project] += 1
        else:
            search.back[depth] = network.edges[search.next_back[ballot]]
            depth += 1
            project = other


@compiled
def _behind(network: Network, flow: Flow, search: Search, ballot: int) -> int:
    """The next project that could take its load off a ballot, or -1."""
    while search.next_back[ballot] < network.begins[ballot + 1]:
        edge = network.edges[search.next_back[ballot]]
        other = network.whose[edge]
        if flow.along[edge] > 0 and search.of_project[other] == search.of_ballot[ballot] + 1:
            return int(other)
        search.next_back[ballot] += 1
    return NOBODY


@compiled
def _push(network: Network, flow: Flow, search: Search, project: int, depth: int) -> None:
    """Send as much along the way found as its narrowest place lets through."""
    end = network.who[search.down[depth]]
    most = min(flow.excess[project], flow.spare[end])
    for at in range(depth):
        most = min(most, flow.along[search.back[at]])
    flow.excess[project] -= most
    flow.spare[end] -= most
    for at in range(depth):
        flow.along[search.down[at]] += most
        flow.along[search.back[at]] -= most
    flow.along[search.down[depth]] += most
