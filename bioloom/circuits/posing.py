"""Posing: a city's facts of some periods become the arrays a plan is solved and checked on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bioloom.circuits.layout.arrays import UNLIMITED_MG, no_ints
from bioloom.circuits.layout.bonds import Bond, Bound
from bioloom.circuits.layout.hauling import Lanes, Way, pose_lanes, with_limits, with_room_for
from bioloom.circuits.layout.hindering import Hindrances
from bioloom.circuits.layout.offering import Offer, laid_on, offers_of, open_to
from bioloom.circuits.layout.reaching import reached
from bioloom.circuits.layout.storing import Heap, Sort, Stores, pose_stores
from bioloom.circuits.layout.yielding import Product, Yields, pose_yields
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.entries.ledger import Intake, SiteDeclared, Storage
from bioloom.vocabulary.materials import GroupId, MaterialId, is_hazardous
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, Point, SiteId, great_circle_km
from bioloom.vocabulary.refusal import Refusal

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Node = tuple[DistrictId, MaterialId]
Cell = tuple[DistrictId, GroupId]


class SiteUnknown(Refusal):
    """A site that was named is not declared in this city."""

    def __init__(self, *, site: str, known: Collection[str]) -> None:
        self.site, self.known = site, tuple(sorted(known))
        super().__init__(
            what=f"There is no site '{site}'.",
            why="A plan that leaves out a site the city does not have would show nothing.",
            remedy=f"Name one of: {', '.join(self.known) or 'no site is declared yet'}.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a plan must decide, as plain arrays.

    A node is the mass that one district offers of one material in one period, and that the same
    covenants bind; its nodes of one group make a cell, over which fairness is counted, all periods
    together. An intake is the room of one site in one period for the groups that it accepts; an arc
    is a node, or a product of a site, that may go to an intake. Nodes and products are called
    heaps, and products count on after the nodes. What a city has not is empty.
    """

    nodes: tuple[Node, ...]
    cells: tuple[Cell, ...]
    # The site of each intake.
    sites: tuple[SiteId, ...]
    # Nodes: mass offered [mg, > 0, or 0 where it may wait from before], hazardous or not, and index
    # of the cell.
    supply_mg: Ints
    hazardous: Flags
    cell_of_node: Ints
    # Cells: weight of the district's need [1, >= 1].
    need: Floats
    # Intakes: room in the whole period [mg].
    capacity_mg: Ints
    # Arcs, sorted by heap: index of heap and intake, way [km], flow of the plan in force [mg].
    arc_node: Ints
    arc_intake: Ints
    arc_km: Floats
    in_force_mg: Ints
    # Period of each node and intake [index].
    node_period: Ints = field(default_factory=no_ints)
    intake_period: Ints = field(default_factory=no_ints)
    stores: Stores = field(default_factory=Stores)
    yields: Yields = field(default_factory=Yields)
    lanes: Lanes = field(default_factory=Lanes)
    # Arcs: what is under way already and cannot be taken back [mg].
    floor_mg: Ints = field(default_factory=no_ints)
    # Cells: the most that may not be served [mg], UNLIMITED_MG where nothing is guaranteed; and
    # their rank: those of a lower one are made as fair as can be before the others are.
    most_unmet_mg: Ints = field(default_factory=no_ints)
    rank: Ints = field(default_factory=no_ints)
    # Nodes: what covenants bind each by; empty where none is bound.
    bonds: tuple[Bond, ...] = ()

    @property
    def at_hand_mg(self) -> Ints:
        """What each heap has without anything being done [mg], shape (heaps,)."""
        stock_mg = self.yields.stock_mg
        stock_mg = (
            stock_mg if stock_mg.size else np.zeros(len(self.yields.products), dtype=np.int64)
        )
        return np.concatenate([self.supply_mg, stock_mg])

    @property
    def cell_of_arc(self) -> Ints:
        """The cell whose mass each arc carries; -1 where it carries what a site makes."""
        products = np.full(len(self.yields.products), -1, dtype=np.int64)
        return np.concatenate([self.cell_of_node, products])[self.arc_node]

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return int(self.node_period.max(initial=0)) + 1

    @property
    def heaps(self) -> int:
        """How many nodes and products there are."""
        return len(self.nodes) + len(self.yields.products)


def pose(
    declared: Declared,
    offered_mg: Mapping[Node, int],
    period: Period,
    *,
    without: Collection[SiteId] = (),
    in_force: tuple[Flow, ...] = (),
    under_way: tuple[Flow, ...] = (),
    bound: Bound | None = None,
) -> Problem:
    """Put the facts of a period into arrays, in the order of the ids and of nothing else.

    A node of mass 0 is left out: where nothing was offered there is no share. The way of an arc is
    the great circle from the district's representative point to the site. What covenants bind, of
    what is offered, has ways only to where they let it go.

    Raises:
        SiteUnknown: If a site to leave out is not declared.
        OfferUndeclared: If a district or material that offers mass is not declared.
        YieldUndeclared: If a material that a site makes is not declared.
        YieldsInCircle: If sites take on what each other make.
    """
    return pose_ahead(
        declared,
        [offered_mg],
        [period],
        without=without,
        in_force=[in_force],
        under_way=[under_way],
        bound=bound,
    )


def pose_ahead(
    declared: Declared,
    offered_mg: Sequence[Mapping[Node, int]],
    periods: Sequence[Period],
    *,
    without: Collection[SiteId] = (),
    in_force: Sequence[tuple[Flow, ...]] = (),
    under_way: Sequence[tuple[Flow, ...]] = (),
    stock_mg: Mapping[Product, int] | None = None,
    bound: Bound | None = None,
) -> Problem:
    """As `pose`, of several periods, one after the other, between which mass may be stored.

    A flow in force or under way whose arc is gone, as to a site left out, is no term of the plan.

    Args:
        declared: The city's districts, sites, vehicles and materials.
        offered_mg: For each period what each district offers of each material [mg].
        periods: Their days.
        without: Sites to leave out.
        in_force: For each period the flows from which to change least.
        under_way: For each period the flows that cannot be taken back.
        stock_mg: What sites have in store of what they make, when the first period begins [mg].
        bound: What covenants bind, where there is one period.

    Raises:
        SiteUnknown, OfferUndeclared, YieldUndeclared, YieldsInCircle: As `pose`.
    """
    assert not bound or len(periods) == 1, "bonds are followed over one period"
    offers = offers_of(declared, offered_mg, bound or {})
    city = _City(declared, offers, periods, without, stock_mg=stock_mg or {}, under_way=under_way)
    nodes = [offer.node for offer in offers]
    cell_of = {(d, m): (d, declared.materials[m].group) for d, m in nodes}
    cells = tuple(sorted(set(cell_of.values())))
    number = {cell: index for index, cell in enumerate(cells)}
    need = [declared.districts[district].need_per_mille / 1000 for district, _ in cells]
    return Problem(
        nodes=tuple(nodes),
        cells=cells,
        sites=city.sites * len(periods),
        supply_mg=_ints([offer.mass_mg for offer in offers]),
        hazardous=_hazardous(declared, [material for _, material in nodes]),
        cell_of_node=_ints([number[cell_of[node]] for node in nodes]),
        need=np.array(need, dtype=np.float64),
        capacity_mg=city.room_mg(),
        arc_node=city.arc_heap,
        arc_intake=city.arc_intake,
        arc_km=city.ways_km(),
        in_force_mg=city.masses_mg(in_force),
        node_period=_ints([offer.period for offer in offers]),
        intake_period=np.repeat(np.arange(len(periods)), len(city.intakes)),
        stores=city.stores(),
        yields=city.yields,
        lanes=city.lanes(),
        floor_mg=city.masses_mg(under_way, are_gone=True) if any(under_way) else no_ints(),
        bonds=tuple(offer.bond for offer in offers) if city.is_bound else (),
    )


class _City:
    """What is there in each period, and which heaps may go to which intakes."""

    def __init__(
        self,
        declared: Declared,
        offers: Sequence[Offer],
        periods: Sequence[Period],
        without: Collection[SiteId],
        *,
        stock_mg: Mapping[Product, int],
        under_way: Sequence[tuple[Flow, ...]],
    ) -> None:
        self._declared, self._days = declared, [period.days for period in periods]
        self._hindrances = Hindrances(declared, periods)
        self.intakes = _open_intakes(declared, without)
        self.sites = tuple(site.site for site, _ in self.intakes)
        self.yields = pose_yields(self.intakes, declared.materials, self._days, stock_mg)
        self._offers = offers
        self.is_bound = any(offer.sites is not None for offer in offers)
        products = zip(self.yields.products, self.yields.period.tolist(), strict=True)
        self.heaps: list[Heap] = [
            *(("district", *one.node, self._group(one.node[1]), one.period) for one in offers),
            *(("site", site, m, self._group(m), t) for (site, m), t in products),
        ]
        node, intake = reached(self.heaps, self.intakes)
        if self.is_bound:
            free = open_to(offers, node, lambda arc: self._site_at(intake[arc]))
            node, intake = node[free], intake[free]
        going_mg = self._masses_on(node, intake, under_way, are_gone=True)
        # What is under way cannot be taken back, so its way stays, for as much as that.
        most_mg = {
            arcs: max(most_mg, sum(int(going_mg[arc]) for arc in arcs))
            for arcs, most_mg in self._most_mg(node, intake).items()
        }
        is_open = np.ones(len(node), dtype=np.bool_)
        is_open[[arc for arcs, most in most_mg.items() if most == 0 for arc in arcs]] = False
        self.arc_heap, self.arc_intake = node[is_open], intake[is_open]
        self._going_mg = going_mg[is_open]
        place = np.cumsum(is_open) - 1
        self._limits = {
            tuple(int(place[arc]) for arc in arcs): most for arcs, most in most_mg.items() if most
        }

    def _open_at(self, intake: Ints) -> Ints:
        """The open intake that each intake of some period is."""
        number: Ints = intake % max(1, len(self.intakes))
        return number

    def _site_at(self, intake: int) -> SiteId:
        return self.sites[intake % max(1, len(self.intakes))]

    def _most_mg(self, node: Ints, intake: Ints) -> dict[tuple[int, ...], int]:
        """The most that arcs may carry which something limits; those of one way together."""
        if not self._hindrances.any():
            return {}
        most_mg: dict[tuple[int, ...], int] = {}
        arcs_of: dict[tuple[int, Node, int], tuple[int, ...]] = {}
        # Millions of arcs, of which an event touches few.
        touched = [self._hindrances.touches(*one.node, one.period) for one in self._offers]
        of_nodes = np.flatnonzero(np.isin(node, np.flatnonzero(touched)))
        for arc, i, k in zip(
            *(a.tolist() for a in (of_nodes, node[of_nodes], self._open_at(intake)[of_nodes])),
            strict=True,
        ):
            offer = self._offers[i]
            district, material = offer.node
            most = self._hindrances.most_mg(district, material, self.sites[k], offer.period)
            if most is not None:
                way = offer.period, offer.node, k
                most_mg.pop(before := arcs_of.get(way, ()), None)
                arcs_of[way] = *before, arc
                most_mg[arcs_of[way]] = most
        return most_mg

    def _group(self, material: MaterialId) -> GroupId:
        return self._declared.materials[material].group

    def room_mg(self) -> Ints:
        """What each intake has room for in each period; what has come already had room."""
        coming_mg = np.zeros(len(self.intakes) * len(self._days), dtype=np.int64)
        np.add.at(coming_mg, self.arc_intake, self._going_mg)
        going_mg = coming_mg.tolist()
        room_mg: list[int] = []
        for t in range(len(self._days)):
            for site, intake in self.intakes:
                cut_mg = self._hindrances.room_mg(site, intake, t)
                room_mg.append(min(max(cut_mg, going_mg[len(room_mg)]), UNLIMITED_MG))
        return _ints(room_mg)

    def stores(self) -> Stores:
        """The stores of all places that are there."""
        storage: dict[tuple[Sort, str], Sequence[Storage]] = {
            **{("district", name): one.storage for name, one in self._declared.districts.items()},
            **{("site", site.site): site.storage for site, _ in self.intakes},
        }
        return pose_stores(self.heaps, storage, len(self._days))

    def lanes(self) -> Lanes:
        """What the vehicles declared can carry on the arcs."""
        parts = {name: one.part_of or name for name, one in self._declared.districts.items()}
        # Who has no vehicles has no lanes, and may have millions of arcs.
        arcs = zip(self.arc_heap.tolist(), self._open_at(self.arc_intake).tolist(), strict=True)
        ways = [
            Way(
                begin=frozenset((place, parts[DistrictId(place)] if sort == "district" else place)),
                end=self.sites[k],
                group=group,
                period=t,
            )
            for i, k in (arcs if self._declared.vehicles else ())
            for sort, place, _, group, t in [self.heaps[i]]
        ]
        lanes = pose_lanes(ways, self._declared.vehicles.values(), self._days)
        return with_limits(with_room_for(lanes, self._going_mg), self._limits)

    def ways_km(self) -> Floats:
        """The length of every arc, measured once for each two places."""
        declared = self._declared
        points: dict[tuple[Sort, str], Point] = {
            **{("district", name): one.point for name, one in declared.districts.items()},
            **{("site", name): one.point for name, one in declared.sites.items()},
        }
        places = list(dict.fromkeys((sort, place) for sort, place, *_ in self.heaps))
        number = {place: index for index, place in enumerate(places)}
        begin = _ints([number[sort, place] for sort, place, *_ in self.heaps])[self.arc_heap]
        pair = begin * max(1, len(self.sites)) + self._open_at(self.arc_intake)
        pairs, which = np.unique(pair, return_inverse=True)
        way_km = [
            great_circle_km(points[places[one]], points["site", self.sites[k]])
            for one, k in zip(
                *(side.tolist() for side in np.divmod(pairs, max(1, len(self.sites)))), strict=True
            )
        ]
        km: Floats = np.array(way_km, dtype=np.float64)[which]
        return km

    def masses_mg(self, flows: Sequence[tuple[Flow, ...]], *, are_gone: bool = False) -> Ints:
        """Given flows on each arc; a flow whose arc is gone can only change, so it is no term."""
        return self._masses_on(self.arc_heap, self.arc_intake, flows, are_gone=are_gone)

    def _masses_on(
        self, heap: Ints, intake: Ints, flows: Sequence[tuple[Flow, ...]], *, are_gone: bool
    ) -> Ints:
        def site_of(arc: int) -> SiteId:
            return self._site_at(intake[arc])

        return laid_on(self._offers, heap, site_of, flows, are_gone=are_gone)


def _open_intakes(
    declared: Declared, without: Collection[SiteId]
) -> list[tuple[SiteDeclared, Intake]]:
    for site in without:
        if site not in declared.sites:
            raise SiteUnknown(site=site, known=declared.sites)
    return [
        (fact, intake)
        for site, fact in sorted(declared.sites.items())
        if site not in without
        for intake in fact.intakes
    ]


def _hazardous(declared: Declared, materials: Sequence[MaterialId]) -> Flags:
    codes = [declared.materials[material].low_code for material in materials]
    return np.array([is_hazardous(code) for code in codes], dtype=np.bool_)


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)
