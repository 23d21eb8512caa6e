"""Splitting: parts of a problem that share nothing, which are planned one by one."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from bioloom.circuits.layout.hauling import Lanes
from bioloom.circuits.layout.storing import HORIZON_ENDS, Stores
from bioloom.circuits.layout.yielding import Yields
from bioloom.circuits.posing import Flags, Ints, Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which of its things belong to a part of a problem."""

    cells: Flags
    intakes: Flags
    products: Flags
    stores: Flags
    lanes: Flags


def split(problem: Problem) -> tuple[Problem, ...]:
    """The parts of a problem that share no room, store, product or lane.

    The fairest plan of independent parts is the fairest plan of each: sorting their service
    together and comparing it from the worst up finds no gain that sorting one part does not. Cells
    of which nothing can move come together, as the one part without arcs.
    """
    things = len(problem.cells), len(problem.sites), len(problem.yields.products)
    limits = len(problem.stores.capacity_mg), len(problem.lanes.capacity_mg)
    starts = np.cumsum([*things, *limits])
    part_of = _joined(problem, starts)
    bare = np.ones(len(problem.cells), dtype=np.bool_)
    for giver in (problem.arc_node, problem.stores.giver):
        bare[problem.cell_of_node[giver[giver < len(problem.nodes)]]] = False
    part_of[: len(problem.cells)][bare] = starts[-1]
    return tuple(
        _part(problem, _Chosen(*np.split(part_of == part, starts[:-1])))
        for part in np.unique(part_of[: len(problem.cells)])
    )


def _joined(problem: Problem, starts: Ints) -> Ints:
    """The part of each cell, intake, product, store and lane: the first of those it has to do with.

    They are numbered on from kind to kind; `starts` says where each kind but the first begins.
    """
    intake, product, store, lane, end = starts.tolist()
    stores, yields, lanes = problem.stores, problem.yields, problem.lanes
    heap = np.concatenate([problem.cell_of_node, np.arange(product, store)])
    goes_on = stores.taker != HORIZON_ENDS
    joins = [
        (heap[problem.arc_node], intake + problem.arc_intake),
        (intake + yields.intake, product + yields.product),
        (heap[stores.giver], store + stores.store),
        (heap[stores.giver[goes_on]], heap[stores.taker[goes_on]]),
        (intake + problem.arc_intake[lanes.arc], lane + lanes.lane),
    ]
    ones, others = (np.concatenate(side) for side in zip(*joins, strict=True))
    part_of: Ints = np.arange(end)
    settled = False
    while not settled:
        before = part_of.copy()
        np.minimum.at(part_of, ones, part_of[others])
        np.minimum.at(part_of, others, part_of[ones])
        settled = bool(np.array_equal(before, part_of))
    return part_of


def _part(problem: Problem, chosen: _Chosen) -> Problem:
    """The problem of some cells alone, and of all that they have to do with."""
    nodes = chosen.cells[problem.cell_of_node]
    heaps = np.concatenate([nodes, chosen.products])
    arcs = heaps[problem.arc_node]
    return Problem(
        nodes=_pick(problem.nodes, nodes),
        cells=_pick(problem.cells, chosen.cells),
        sites=_pick(problem.sites, chosen.intakes),
        supply_mg=problem.supply_mg[nodes],
        hazardous=problem.hazardous[nodes],
        cell_of_node=_renumber(chosen.cells)[problem.cell_of_node[nodes]],
        need=problem.need[chosen.cells],
        capacity_mg=problem.capacity_mg[chosen.intakes],
        arc_node=_renumber(heaps)[problem.arc_node[arcs]],
        arc_intake=_renumber(chosen.intakes)[problem.arc_intake[arcs]],
        arc_km=problem.arc_km[arcs],
        in_force_mg=problem.in_force_mg[arcs],
        node_period=_some(problem.node_period, nodes),
        intake_period=_some(problem.intake_period, chosen.intakes),
        stores=_stores(problem.stores, heaps, chosen.stores),
        yields=_yields(problem.yields, chosen),
        lanes=_lanes(problem.lanes, arcs, chosen.lanes),
        floor_mg=_some(problem.floor_mg, arcs),
        most_unmet_mg=_some(problem.most_unmet_mg, chosen.cells),
        rank=_some(problem.rank, chosen.cells),
        bonds=_pick(problem.bonds, nodes) if problem.bonds else (),
    )


def keep_arcs(problem: Problem, kept: Flags) -> Problem:
    """A problem without some of its arcs.

    Args:
        problem: Any problem.
        kept: Which arcs stay, shape (arcs,).
    """
    return replace(
        problem,
        arc_node=problem.arc_node[kept],
        arc_intake=problem.arc_intake[kept],
        arc_km=problem.arc_km[kept],
        in_force_mg=problem.in_force_mg[kept],
        lanes=_lanes(problem.lanes, kept, np.ones(len(problem.lanes.capacity_mg), dtype=np.bool_)),
        floor_mg=_some(problem.floor_mg, kept),
    )


def _stores(stores: Stores, heaps: Flags, chosen: Flags) -> Stores:
    waits = heaps[stores.giver]
    number = np.append(_renumber(heaps), HORIZON_ENDS)
    return Stores(
        capacity_mg=stores.capacity_mg[chosen],
        store=_renumber(chosen)[stores.store[waits]],
        giver=number[stores.giver[waits]],
        taker=number[stores.taker[waits]],
    )


def _yields(yields: Yields, chosen: _Chosen) -> Yields:
    kept = chosen.products[yields.product]
    return Yields(
        products=_pick(yields.products, chosen.products),
        period=yields.period[chosen.products],
        left_most_mg=yields.left_most_mg[chosen.products],
        stock_mg=_some(yields.stock_mg, chosen.products),
        intake=_renumber(chosen.intakes)[yields.intake[kept]],
        product=_renumber(chosen.products)[yields.product[kept]],
        per_mille=yields.per_mille[kept],
    )


def _lanes(lanes: Lanes, arcs: Flags, chosen: Flags) -> Lanes:
    kept = arcs[lanes.arc]
    return Lanes(
        capacity_mg=lanes.capacity_mg[chosen],
        lane=_renumber(chosen)[lanes.lane[kept]],
        arc=_renumber(arcs)[lanes.arc[kept]],
    )


def _some(values: Ints, chosen: Flags) -> Ints:
    """The chosen ones of an array that may be empty as a whole."""
    return values[chosen] if values.size else values


def _pick(things: tuple[T, ...], chosen: Flags) -> tuple[T, ...]:
    return tuple(thing for thing, keep in zip(things, chosen, strict=True) if keep)


def _renumber(chosen: Flags) -> Ints:
    numbers: Ints = np.cumsum(chosen, dtype=np.int64) - 1
    return numbers
