"""Offering: the supply nodes of some periods: district, material and covenant set."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bioloom.circuits.layout.arrays import Flags, Ints
from bioloom.circuits.layout.bonds import UNBOUND, Bond, Bound
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.refusal import Refusal

_Node = tuple[DistrictId, MaterialId]


class OfferUndeclared(Refusal):
    """Mass is offered from a district, or of a material, that is not declared."""

    def __init__(self, *, word: str, name: str) -> None:
        self.word, self.name = word, name
        super().__init__(
            what=f"The record offers mass of the {word} '{name}', which is not declared.",
            why="Without its declaration nobody knows where it may go.",
            remedy=f"Import the {word} '{name}' first.",
        )


class Offer(NamedTuple):
    """What a district offers of a material in a period under one bond, and where that may go.

    It may go to any site where none are named.
    """

    period: int
    node: _Node
    bond: Bond
    mass_mg: int
    sites: frozenset[SiteId] | None


def offers_of(
    declared: Declared, offered_mg: Sequence[Mapping[_Node, int]], bound: Bound
) -> list[Offer]:
    """The nodes of each period: what is offered, and what may wait there from before.

    Args:
        declared: The city.
        offered_mg: For each period what each district offers [mg].
        bound: What of that covenants bind, where there is one period; if less is offered than they
            bind, all of it is bound, by the first of the bonds.

    Raises:
        OfferUndeclared: If a district or material that offers mass is not declared.
    """
    found: list[Offer] = []
    for period, node in _nodes(declared, offered_mg):
        rest_mg = offered_mg[period].get(node, 0)
        for heap in bound.get(node, ()):
            mass_mg = min(heap.mass_mg, rest_mg)
            rest_mg -= mass_mg
            if mass_mg:
                found.append(Offer(period, node, heap.bond, mass_mg, heap.sites))
        if rest_mg or not offered_mg[period].get(node, 0):
            found.append(Offer(period, node, UNBOUND, rest_mg, None))
    return sorted(found, key=lambda offer: offer[:3])


def open_to(offers: Sequence[Offer], heap: Ints, site_of: Callable[[int], SiteId]) -> Flags:
    """The arcs that no covenant forbids, shape (arcs,).

    Args:
        offers: The nodes.
        heap: The heap of each arc; nodes come before what sites make.
        site_of: The site to which an arc leads.
    """
    is_open = np.ones(len(heap), dtype=np.bool_)
    for number, offer in enumerate(offers):
        if offer.sites is not None:
            for arc in range(*np.searchsorted(heap, [number, number + 1])):
                is_open[arc] = site_of(arc) in offer.sites
    return is_open


def laid_on(
    offers: Sequence[Offer],
    heap: Ints,
    site_of: Callable[[int], SiteId],
    flows: Sequence[tuple[Flow, ...]],
    *,
    are_gone: bool = False,
) -> Ints:
    """Given flows of each period on each arc [mg], shape (arcs,); no arc, no mass.

    Where a flow that is planned does not say what of it is bound, as it was not at that time, what
    is bound now counts first, as far as it may go there; only which of equal plans changes least
    depends on that. Of what is gone, what is not said to be bound is not.
    """
    numbers: defaultdict[tuple[int, _Node], list[int]] = defaultdict(list)
    for number, offer in reversed([*enumerate(offers)]):
        numbers[offer.period, offer.node].append(number)
    mass_mg = np.zeros(len(heap), dtype=np.int64)
    for t, of_period in enumerate(flows):
        for flow in of_period:
            arcs = [
                (offers[number], arc)
                for number in numbers.get((t, (flow.district, flow.material)), [])
                if (arc := _arc(number, flow.site, heap, site_of)) is not None
            ]
            for arc, share_mg in _shares(flow, arcs, are_gone):
                mass_mg[arc] = share_mg
    return mass_mg


def _arc(number: int, site: SiteId, heap: Ints, site_of: Callable[[int], SiteId]) -> int | None:
    """Where a site has two intakes for a group, the first stands for the site."""
    first, last = np.searchsorted(heap, [number, number + 1])
    return next((arc for arc in range(first, last) if site_of(arc) == site), None)


def _shares(
    flow: Flow, arcs: Sequence[tuple[Offer, int]], is_gone: bool
) -> Iterator[tuple[int, int]]:
    """What of a flow goes on each arc; the last of them, unbound if any is, takes the rest."""
    told_mg = {Bond(one.covenants, one.releases): one.mass_mg for one in flow.covenants}
    left_mg = flow.mass_mg
    for place, (offer, arc) in enumerate(arcs, start=1):
        most_mg = told_mg.get(offer.bond, 0) if told_mg or is_gone else offer.mass_mg
        share_mg = left_mg if place == len(arcs) else min(left_mg, most_mg)
        left_mg -= share_mg
        yield arc, share_mg


def _nodes(
    declared: Declared, offered_mg: Sequence[Mapping[_Node, int]]
) -> Iterator[tuple[int, _Node]]:
    waiting: set[_Node] = set()
    for period, offered in enumerate(offered_mg):
        nodes = waiting | {node for node, mass_mg in offered.items() if mass_mg > 0}
        _require_declared(declared, nodes)
        yield from ((period, node) for node in nodes)
        waiting = {(d, m) for d, m in nodes if _may_wait(declared, d, m)}


def _may_wait(declared: Declared, district: DistrictId, material: MaterialId) -> bool:
    group = declared.materials[material].group
    return any(storage.takes(group) for storage in declared.districts[district].storage)


def _require_declared(declared: Declared, nodes: Collection[_Node]) -> None:
    for district, material in sorted(nodes):
        if district not in declared.districts:
            raise OfferUndeclared(word="district", name=district)
        if material not in declared.materials:
            raise OfferUndeclared(word="material", name=material)
