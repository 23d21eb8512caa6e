"""Posing: a city's facts of one period become the arrays that a plan is solved and checked on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.entries.ledger import Intake
from bioloom.vocabulary.materials import GroupId, MaterialId, is_hazardous
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId, great_circle_km
from bioloom.vocabulary.refusal import Refusal

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Node = tuple[DistrictId, MaterialId]
Cell = tuple[DistrictId, GroupId]
T = TypeVar("T")

# A room beyond this is no limit to any city, and sums of masses below it stay inside int64.
UNLIMITED_MG = 2**62


class SiteUnknown(Refusal):
    """A site that was named is not declared in this city."""

    def __init__(self, *, site: str, known: Collection[str]) -> None:
        self.site, self.known = site, tuple(sorted(known))
        super().__init__(
            what=f"There is no site '{site}'.",
            why="A plan that leaves out a site the city does not have would show nothing.",
            remedy=f"Name one of: {', '.join(self.known) or 'no site is declared yet'}.",
        )


class OfferUndeclared(Refusal):
    """Mass is offered from a district, or of a material, that is not declared."""

    def __init__(self, *, word: str, name: str) -> None:
        self.word, self.name = word, name
        super().__init__(
            what=f"The record offers mass of the {word} '{name}', which is not declared.",
            why="Without its declaration nobody knows where it may go.",
            remedy=f"Import the {word} '{name}' first.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a plan must decide, as plain arrays.

    A node is the mass that one district offers of one material; its nodes of one group make a
    cell, over which fairness is counted. An intake is the room of one site for the groups that it
    accepts; an arc is a node that may go to an intake.
    """

    nodes: tuple[Node, ...]
    cells: tuple[Cell, ...]
    # The site of each intake.
    sites: tuple[SiteId, ...]
    # Nodes: mass offered [mg, > 0], hazardous or not, and index of the cell.
    supply_mg: Ints
    hazardous: Flags
    cell_of_node: Ints
    # Cells: weight of the district's need [1, >= 1].
    need: Floats
    # Intakes: room in the whole period [mg].
    capacity_mg: Ints
    # Arcs, sorted by node: index of node and intake, way [km], flow of the plan in force [mg].
    arc_node: Ints
    arc_intake: Ints
    arc_km: Floats
    in_force_mg: Ints


def pose(
    declared: Declared,
    offered_mg: Mapping[Node, int],
    period: Period,
    *,
    without: Collection[SiteId] = (),
    in_force: tuple[Flow, ...] = (),
) -> Problem:
    """Put the facts of a period into arrays, in the order of the ids and of nothing else.

    A node of mass 0 is left out: where nothing was offered there is no share. The way of an arc is
    the great circle from the district's representative point to the site.

    Raises:
        SiteUnknown: If a site to leave out is not declared.
        OfferUndeclared: If a district or material that offers mass is not declared.
    """
    nodes = tuple(sorted(node for node, mass_mg in offered_mg.items() if mass_mg > 0))
    _require_declared(declared, nodes)
    cell_of = {(d, m): (d, declared.materials[m].group) for d, m in nodes}
    cells = tuple(sorted(set(cell_of.values())))
    number = {cell: index for index, cell in enumerate(cells)}
    intakes = _open_intakes(declared, without)
    sites = tuple(site for site, _ in intakes)
    arcs = [
        (i, k)
        for i, node in enumerate(nodes)
        for k, (_, intake) in enumerate(intakes)
        if cell_of[node][1] in intake.accepts
    ]
    room_mg = [min(fact.capacity_mg_per_day * period.days, UNLIMITED_MG) for _, fact in intakes]
    need = [declared.districts[district].need_per_mille / 1000 for district, _ in cells]
    return Problem(
        nodes=nodes,
        cells=cells,
        sites=sites,
        supply_mg=np.array([offered_mg[node] for node in nodes], dtype=np.int64),
        hazardous=_hazardous(declared, nodes),
        cell_of_node=np.array([number[cell_of[node]] for node in nodes], dtype=np.int64),
        need=np.array(need, dtype=np.float64),
        capacity_mg=np.array(room_mg, dtype=np.int64),
        arc_node=np.array([i for i, _ in arcs], dtype=np.int64),
        arc_intake=np.array([k for _, k in arcs], dtype=np.int64),
        arc_km=_ways_km(declared, nodes, sites, arcs),
        in_force_mg=_in_force_mg(nodes, sites, arcs, in_force),
    )


def _open_intakes(declared: Declared, without: Collection[SiteId]) -> list[tuple[SiteId, Intake]]:
    for site in without:
        if site not in declared.sites:
            raise SiteUnknown(site=site, known=declared.sites)
    return [
        (site, intake)
        for site, fact in sorted(declared.sites.items())
        if site not in without
        for intake in fact.intakes
    ]


def _hazardous(declared: Declared, nodes: tuple[Node, ...]) -> Flags:
    codes = [declared.materials[material].low_code for _, material in nodes]
    return np.array([is_hazardous(code) for code in codes], dtype=np.bool_)


def _require_declared(declared: Declared, nodes: tuple[Node, ...]) -> None:
    for district, material in nodes:
        if district not in declared.districts:
            raise OfferUndeclared(word="district", name=district)
        if material not in declared.materials:
            raise OfferUndeclared(word="material", name=material)


def _ways_km(
    declared: Declared,
    nodes: tuple[Node, ...],
    sites: tuple[SiteId, ...],
    arcs: list[tuple[int, int]],
) -> Floats:
    pairs = {(nodes[i][0], sites[k]) for i, k in arcs}
    way_km = {
        (district, site): great_circle_km(
            declared.districts[district].point, declared.sites[site].point
        )
        for district, site in pairs
    }
    return np.array([way_km[nodes[i][0], sites[k]] for i, k in arcs], dtype=np.float64)


def _in_force_mg(
    nodes: tuple[Node, ...],
    sites: tuple[SiteId, ...],
    arcs: list[tuple[int, int]],
    in_force: tuple[Flow, ...],
) -> Ints:
    """The flow in force on each arc; a flow whose arc is gone can only change, so it is no term."""
    waiting = {(flow.district, flow.material, flow.site): flow.mass_mg for flow in in_force}
    # Popped: where a site has two intakes for a group, the first of them stands for the site.
    return np.array([waiting.pop((*nodes[i], sites[k]), 0) for i, k in arcs], dtype=np.int64)


def split(problem: Problem) -> tuple[Problem, ...]:
    """The parts of a problem that share no room, to be planned one by one.

    The fairest plan of independent parts is the fairest plan of each: sorting their service
    together and comparing it from the worst up finds no gain that sorting one part does not. Cells
    that no intake accepts come together, as the one part without arcs.
    """
    cell_of_arc = problem.cell_of_node[problem.arc_node]
    part_of_cell = np.arange(len(problem.cells))
    part_of_intake = np.full(len(problem.sites), len(problem.cells))
    settled = False
    while not settled:
        before = part_of_cell.copy()
        np.minimum.at(part_of_intake, problem.arc_intake, part_of_cell[cell_of_arc])
        np.minimum.at(part_of_cell, cell_of_arc, part_of_intake[problem.arc_intake])
        settled = bool(np.array_equal(before, part_of_cell))
    bare = np.ones(len(problem.cells), dtype=np.bool_)
    bare[cell_of_arc] = False
    part_of_cell[bare] = len(problem.cells)
    return tuple(_part(problem, part_of_cell == part) for part in np.unique(part_of_cell))


def _part(problem: Problem, cells: Flags) -> Problem:
    """The problem of some cells alone, and of the intakes that they reach."""
    nodes = cells[problem.cell_of_node]
    arcs = nodes[problem.arc_node]
    intakes = np.zeros(len(problem.sites), dtype=np.bool_)
    intakes[problem.arc_intake[arcs]] = True
    return Problem(
        nodes=_pick(problem.nodes, nodes),
        cells=_pick(problem.cells, cells),
        sites=_pick(problem.sites, intakes),
        supply_mg=problem.supply_mg[nodes],
        hazardous=problem.hazardous[nodes],
        cell_of_node=_renumber(cells)[problem.cell_of_node[nodes]],
        need=problem.need[cells],
        capacity_mg=problem.capacity_mg[intakes],
        arc_node=_renumber(nodes)[problem.arc_node[arcs]],
        arc_intake=_renumber(intakes)[problem.arc_intake[arcs]],
        arc_km=problem.arc_km[arcs],
        in_force_mg=problem.in_force_mg[arcs],
    )


def _pick(things: tuple[T, ...], chosen: Flags) -> tuple[T, ...]:
    return tuple(thing for thing, keep in zip(things, chosen, strict=True) if keep)


def _renumber(chosen: Flags) -> Ints:
    numbers: Ints = np.cumsum(chosen, dtype=np.int64) - 1
    return numbers
