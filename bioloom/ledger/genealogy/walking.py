"""Walking: all that a lot was made of, or all that was made of it, nearest first."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from bioloom.ledger.genealogy.edges import Edges, EdgesFold
from bioloom.ledger.snapshots.snapshotting import Snapshots
from bioloom.vocabulary.lots import Direction


class Kindred(NamedTuple):
    """Lots, nearest first, each with what leads to it; all of shape (lots,).

    Attributes:
        lots: Numbers of lots.
        of: The lot one step nearer to the one that was asked for.
        via: The process or transfer between; see `edges.process_node` and `edges.transfer_node`.
        depth: How many steps it is away.
    """

    lots: NDArray[np.int64]
    of: NDArray[np.int64]
    via: NDArray[np.int64]
    depth: NDArray[np.int64]


class Genealogy:
    """The edges of a record, indexed in both directions."""

    def __init__(self, edges: Edges) -> None:
        _, tails, heads = edges.arrays()
        self._nodes, ends = np.unique(np.concatenate([tails, heads]), return_inverse=True)
        tail_at, head_at = ends[: len(tails)], ends[len(tails) :]
        size = len(self._nodes)
        # As the search would have them anyway, so that it copies nothing.
        weights = np.ones(len(tails), dtype=np.float64)
        self._forward = csr_array((weights, (tail_at, head_at)), shape=(size, size))
        self._back = csr_array((weights, (head_at, tail_at)), shape=(size, size))

    def kin(self, lot: int, direction: Direction) -> Kindred:
        """All kin of a lot in one direction: one breadth-first search, whatever their number.

        What several lots went into together is counted as made of each of them.
        """
        at = int(np.searchsorted(self._nodes, lot))
        if at == len(self._nodes) or self._nodes[at] != lot:
            nothing = np.empty(0, dtype=np.int64)
            return Kindred(nothing, nothing, nothing, nothing)
        graph = self._back if direction == "back" else self._forward
        order, before = breadth_first_order(graph, at, directed=True, return_predecessors=True)
        is_lot = self._nodes[order] > 0
        is_lot[0] = False  # The lot itself.
        found = order[is_lot]
        between = before[found]
        return Kindred(
            lots=self._nodes[found],
            of=self._nodes[before[between]],
            via=self._nodes[between],
            depth=_depths(order, before)[is_lot] // 2,
        )


def genealogy_of(snapshots: Snapshots) -> Genealogy:
    """That of a record as of its end; read and indexed once, and again when something was made."""
    return snapshots.index(EdgesFold(), Genealogy)


def _depths(order: NDArray[np.int32], before: NDArray[np.int32]) -> NDArray[np.int64]:
    """How many edges each node is away, in the order of a breadth-first search."""
    place = np.empty(len(before), dtype=np.int64)
    place[order] = np.arange(len(order))
    parents = place[before[order[1:]]]  # Never decreasing, as the search goes outward.
    depths = np.zeros(len(order), dtype=np.int64)
    begin, end, depth = 0, 1, 0
    while end < len(order):
        begin, end = end, 1 + int(np.searchsorted(parents, end))
        depth += 1
        depths[begin:end] = depth
    return depths
