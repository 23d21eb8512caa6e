"""Kernels: loops over every arc of a city, compiled. Inner loops run along the sites.

Each helper is short and branches on nothing, so that the compiler turns it into vector code.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np

from bioloom.circuits.posing import Flags, Floats, Ints
from bioloom.circuits.sifting.tiles import NO_WAY

Loop = TypeVar("Loop", bound=Callable[..., object])

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
def least_costs(
    way: Floats, at_site: Floats, reach: Floats, worth: Floats, unmet: Floats, least: Floats
) -> None:
    """The least cost of a tonne of each node: at the best site, or unmet."""
    costs = np.empty(way.shape[1])
    for place in range(least.shape[0]):
        for material in range(least.shape[1]):
            best = _lay(way[place], at_site[material], reach[place, material], costs)
            least[place, material] = min(best - worth[place, material], unmet[place, material])


@compiled
def smoothed(
    way: Floats,
    at_site: Floats,
    reach: Floats,
    worth: Floats,
    unmet: Floats,
    supply: Floats,
    tau: float,
    sent: Floats,
    served: Floats,
) -> float:
    """Least cost of all supply, with the least of each node smoothed by entropy at warmth tau.

    Fills the mass sent of each material to each site, and served of each node.
    """
    costs = np.empty(way.shape[1])
    sent[:] = 0.0
    total = 0.0
    for place in range(supply.shape[0]):
        for material in range(supply.shape[1]):
            mass, refund = supply[place, material], worth[place, material]
            kept = unmet[place, material] + refund
            best = _lay(way[place], at_site[material], reach[place, material], costs)
            best = min(best, kept)
            weight_kept = np.exp((best - kept) / tau)
            weights = _weigh(costs, best, 1 / tau) + weight_kept
            _send(costs, mass / weights, sent[material])
            served[place, material] = mass * (1 - weight_kept / weights)
            total += mass * (best - refund - tau * np.log(weights))
    return total


@compiled
def count_below(way: Floats, at_site: Floats, reach: Floats, ceiling: Floats, many: Ints) -> None:
    """How many arcs of each node cost less than its ceiling."""
    costs = np.empty(way.shape[1])
    for place in range(many.shape[0]):
        for material in range(many.shape[1]):
            _lay(way[place], at_site[material], reach[place, material], costs)
            count = 0
            for site in range(len(costs)):
                count += costs[site] < ceiling[place, material]
            many[place, material] = count


@compiled
def list_below(
    way: Floats,
    at_site: Floats,
    reach: Floats,
    ceiling: Floats,
    wanted: Flags,
    nodes: Ints,
    sites: Ints,
) -> None:
    """The arcs of wanted nodes that cost less than their ceiling, as many as were counted."""
    costs = np.empty(way.shape[1])
    at = 0
    for place in range(wanted.shape[0]):
        for material in range(wanted.shape[1]):
            if wanted[place, material]:
                _lay(way[place], at_site[material], reach[place, material], costs)
                for site in range(len(costs)):
                    if costs[site] < ceiling[place, material]:
                        nodes[at] = place * wanted.shape[1] + material
                        sites[at] = site
                        at += 1
