"""Bounding: the least that any plan must cost once every limit has a price. Weak duality."""

from dataclasses import dataclass

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG, Floats
from bioloom.circuits.layout.steps import steps
from bioloom.circuits.layout.storing import HORIZON_ENDS
from bioloom.circuits.posing import Problem
from bioloom.vocabulary.quantities import MG_PER_TONNE


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a tonne of each limit costs who uses it, none below zero."""

    room: Floats
    store: Floats
    lane: Floats
    left: Floats


class Network:
    """The ways that mass can take through a part, in the order in which it passes its heaps."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._step = steps(problem)
        self._arc_step = self._step[problem.arc_node]
        self._wait_step = self._step[problem.stores.giver]
        left_most_mg = problem.yields.left_most_mg
        self._must_go = left_most_mg == 0
        self._may_stay = left_most_mg >= UNLIMITED_MG

    def least(self, way: Floats, wait: Floats, unmet: Floats, prices: Prices) -> float:
        """What all mass costs at least, each tonne on the cheapest of its ways.

        Whatever the prices, no plan costs less: what the limits are worth at them is taken off.

        Args:
            way: What a tonne on each arc costs, shape (arcs,).
            wait: What a tonne on each wait costs, shape (waits,).
            unmet: What a tonne that each node leaves unmet costs, shape (nodes,).
            prices: Of the limits.
        """
        problem, yields, lanes = self._problem, self._problem.yields, self._problem.lanes
        at_hand_mg, left = problem.at_hand_mg, np.where(self._may_stay, 0.0, prices.left)
        way = way + prices.room[problem.arc_intake]
        np.add.at(way, lanes.arc, prices.lane[lanes.lane])
        wait = wait + prices.store[problem.stores.store]
        least = np.concatenate([unmet, np.where(self._must_go, np.inf, left)])
        way = self._cheapest(way, wait, least)
        worth = (
            np.where(at_hand_mg > 0, least, 0.0) @ at_hand_mg
            - prices.room @ problem.capacity_mg
            - prices.store @ problem.stores.capacity_mg
            - prices.lane @ lanes.capacity_mg
            - left @ yields.left_most_mg
        )
        under_way = np.flatnonzero(problem.floor_mg)
        dearer = way[under_way] - least[problem.arc_node[under_way]]
        return float(worth + problem.floor_mg[under_way] @ dearer) / MG_PER_TONNE

    def _cheapest(self, way: Floats, wait: Floats, least: Floats) -> Floats:
        """Lower what a tonne of each heap costs; return what one on each arc costs in the end.

        Heaps come last to first, so that what becomes of a tonne is known when it is looked at.
        """
        problem, stores, yields = self._problem, self._problem.stores, self._problem.yields
        product, share = len(problem.nodes) + yields.product, yields.per_mille / 1000
        way = way.copy()
        for step in range(self._step.max(initial=0), -1, -1):
            arcs = np.flatnonzero(self._arc_step == step)
            # Nothing of what is dear beyond all costs nothing.
            made = np.where(share > 0, share * least[product], 0.0)
            follows = np.bincount(yields.intake, made, len(problem.sites))
            way[arcs] += follows[problem.arc_intake[arcs]]
            np.minimum.at(least, problem.arc_node[arcs], way[arcs])
            waits = np.flatnonzero(self._wait_step == step)
            taker = stores.taker[waits]
            later = np.where(taker == HORIZON_ENDS, 0.0, least[taker])
            np.minimum.at(least, stores.giver[waits], wait[waits] + later)
        return way
