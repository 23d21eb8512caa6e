"""Kernels: loops over every arc of a city, compiled. Inner loops run along the sites.

Each helper is short and branches on nothing, so that the compiler turns it into vector code.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np

from bioloom.circuits.posing import Floats, Ints
from bioloom.circuits.sifting.tiles import NO_WAY

Loop = TypeVar("Loop", bound=Callable[..., object])


class Laid(NamedTuple):
    """All that an arc costs, at some prices: see `Tiles`; worth is of a tonne of a node served."""

    way: Floats
    at_site: Floats
    reach: Floats
    worth: Floats
    unmet: Floats


# exp(t) is taken as (a polynomial of t / 64) ** 64 for t above -24, and below as if t were -24: off
# by 1e-9 where weights are large, and by less than 1e-10 of the whole where they are small.
_FOLDS, _FAINT = 64.0, -24.0 / 64.0


def compiled(loop: Loop) -> Loop:
    """Compile a loop; the machine code is kept beside the source, where it can be written."""
    return cast("Loop", numba.njit(loop, cache=True, fastmath=True, error_model="numpy"))


@compiled
def _lay(way: Floats, at_site: Floats, reach: float, costs: Floats) -> float:
    """Costs of one node to every site; the least of them."""
    least = NO_WAY
    for site in range(len(way)):
        cost = way[site] + at_site[site]
        cost = cost if way[site] <= reach else NO_WAY
        costs[site] = cost
        least = min(cost, least)
    return least


@compiled
def _weigh(costs: Floats, least: float, sharpness: float) -> float:
    """Turn costs into weights exp((least - cost) / tau), tau = 1 / sharpness; their sum."""
    total = 0.0
    for site in range(len(costs)):
        t = (least - costs[site]) * (sharpness / _FOLDS)
        t = max(t, _FAINT)
        p = 1 + t * (1 + t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120)))))
        p *= p
        p *= p
        p *= p
        p *= p
        p *= p
        p *= p
        costs[site] = p
        total += p
    return total


@compiled
def _send(weights: Floats, scale: float, sent: Floats) -> None:
    for site in range(len(weights)):
        sent[site] += weights[site] * scale


@compiled
def least_costs(laid: Laid, least: Floats) -> None:
    """The least cost of a tonne of each node: at the best site, or unmet."""
    costs = np.empty(laid.way.shape[1])
    for place in range(least.shape[0]):
        for material in range(least.shape[1]):
            reach, worth = laid.reach[place, material], laid.worth[place, material]
            best = _lay(laid.way[place], laid.at_site[material], reach, costs)
            least[place, material] = min(best - worth, laid.unmet[place, material])


@compiled
def smoothed(laid: Laid, supply: Floats, tau: float, sent: Floats, served: Floats) -> float:
    """Least cost of all supply, with the least of each node smoothed by entropy at warmth tau.

    Fills the mass sent of each material to each site, and served of each node.
    """
    costs = np.empty(laid.way.shape[1])
    sent[:] = 0.0
    total = 0.0
    for place in range(supply.shape[0]):
        for material in range(supply.shape[1]):
            mass, worth = supply[place, material], laid.worth[place, material]
            unmet = laid.unmet[place, material] + worth
            reach = laid.reach[place, material]
            best = min(_lay(laid.way[place], laid.at_site[material], reach, costs), unmet)
            weight_unmet = np.exp((best - unmet) / tau)
            weights = _weigh(costs, best, 1 / tau) + weight_unmet
            _send(costs, mass / weights, sent[material])
            served[place, material] = mass * (1 - weight_unmet / weights)
            total += mass * (best - worth - tau * np.log(weights))
    return total


@compiled
def count_below(laid: Laid, ceiling: Floats, many: Ints) -> None:
    """How many arcs of each node cost less than its ceiling."""
    costs = np.empty(laid.way.shape[1])
    for place in range(many.shape[0]):
        for material in range(many.shape[1]):
            _lay(laid.way[place], laid.at_site[material], laid.reach[place, material], costs)
            below = ceiling[place, material] + laid.worth[place, material]
            count = 0
            for site in range(len(costs)):
                count += costs[site] < below
            many[place, material] = count


@compiled
def list_below(laid: Laid, ceiling: Floats, many: Ints, nodes: Ints, sites: Ints) -> None:
    """The arcs that cost less than their node's ceiling, as many as were counted."""
    costs = np.empty(laid.way.shape[1])
    at = 0
    for place in range(many.shape[0]):
        for material in range(many.shape[1]):
            if many[place, material]:
                _lay(laid.way[place], laid.at_site[material], laid.reach[place, material], costs)
                below = ceiling[place, material] + laid.worth[place, material]
                for site in range(len(costs)):
                    if costs[site] < below:
                        nodes[at] = place * many.shape[1] + material
                        sites[at] = site
                        at += 1
