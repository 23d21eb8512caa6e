"""Naming: the arrays of a plan become movements of a period, by the names of the record."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from bioloom.circuits.layout.bonds import UNBOUND, Bond
from bioloom.circuits.layout.masses import made_mg, short_of
from bioloom.circuits.layout.yielding import Product
from bioloom.circuits.posing import Ints, Node
from bioloom.circuits.settling import Settled
from bioloom.vocabulary.entries.circuits import BoundMass, Flow, Onward, Stage, Stored, Unmet
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId


class Produced(msgspec.Struct, frozen=True, kw_only=True):
    """What a site makes of a material; of that and its store, what it keeps and what stays."""

    site: SiteId
    material: MaterialId
    mass_mg: int
    stored_mg: int
    left_mg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """What a plan does in one period, in the order of names."""

    flows: tuple[Flow, ...]
    unmet: tuple[Unmet, ...]
    stored: tuple[Stored, ...]
    onward: tuple[Onward, ...]
    products: tuple[Produced, ...]


def movements(parts: Sequence[Settled], period: int = 0) -> Movements:
    """What some parts do in a period, counted from 0."""
    flows: defaultdict[tuple[DistrictId, MaterialId, SiteId], Counter[Bond]]
    flows = defaultdict(Counter)
    unmet: Counter[Node] = Counter()
    stored: defaultdict[Node, int] = defaultdict(int)
    onward: defaultdict[tuple[SiteId, MaterialId, SiteId], int] = defaultdict(int)
    products: list[Produced] = []
    for part in parts:
        here = _Here(part, period)
        for node, bond, site, mass_mg in here.flows():
            flows[*node, site][bond] += mass_mg
        for product, site, mass_mg in here.onward():
            onward[*product, site] += mass_mg
        for node, mass_mg in here.stored():
            stored[node] += mass_mg
        for node, mass_mg in here.unmet():
            unmet[node] += mass_mg
        products += here.products()
    return Movements(
        flows=tuple(_flow(*way, mass_mg) for way, mass_mg in sorted(flows.items())),
        unmet=tuple(
            Unmet(district=district, material=material, mass_mg=mass)
            for (district, material), mass in sorted(unmet.items())
        ),
        stored=tuple(
            Stored(district=district, material=material, mass_mg=mass)
            for (district, material), mass in sorted(stored.items())
        ),
        onward=tuple(
            Onward(origin=origin, material=material, site=site, mass_mg=mass)
            for (origin, material, site), mass in sorted(onward.items())
        ),
        products=tuple(sorted(products, key=lambda made: (made.site, made.material))),
    )


def _flow(district: DistrictId, material: MaterialId, site: SiteId, mass_mg: Counter[Bond]) -> Flow:
    return Flow(
        district=district,
        material=material,
        site=site,
        mass_mg=mass_mg.total(),
        covenants=tuple(
            BoundMass(covenants=bond.covenants, mass_mg=mass, releases=bond.releases)
            for bond, mass in sorted(mass_mg.items())
            if bond.covenants
        ),
    )


class _Here:
    """One part in one period."""

    def __init__(self, part: Settled, period: int) -> None:
        self._problem, self._masses = part.problem, part.masses
        problem, nodes = part.problem, len(part.problem.nodes)
        of_node = problem.node_period if problem.node_period.size else np.zeros(nodes, np.int64)
        self._now = np.concatenate([of_node, problem.yields.period]) == period

    def _moved(self, heap: Ints, mass_mg: Ints, *, products: bool) -> Iterator[tuple[int, int]]:
        """Index and heap of each mass above zero, of nodes or of products."""
        first = len(self._problem.nodes)
        moved = np.flatnonzero((mass_mg > 0) & self._now[heap] & ((heap >= first) == products))
        for index in moved.tolist():
            yield index, int(heap[index]) - (first if products else 0)

    def flows(self) -> Iterator[tuple[Node, Bond, SiteId, int]]:
        """What goes from each node to a site, and what binds it [mg]."""
        problem, flows_mg = self._problem, self._masses.flows_mg
        for arc, node in self._moved(problem.arc_node, flows_mg, products=False):
            site = problem.sites[problem.arc_intake[arc]]
            bond = problem.bonds[node] if problem.bonds else UNBOUND
            yield problem.nodes[node], bond, site, int(flows_mg[arc])

    def onward(self) -> Iterator[tuple[Product, SiteId, int]]:
        """What goes of each product to another site [mg]."""
        problem, flows_mg = self._problem, self._masses.flows_mg
        for arc, product in self._moved(problem.arc_node, flows_mg, products=True):
            site = problem.sites[problem.arc_intake[arc]]
            yield problem.yields.products[product], site, int(flows_mg[arc])

    def stored(self) -> Iterator[tuple[Node, int]]:
        """What waits of each node [mg]; a node may wait in several stores."""
        stored_mg = self._masses.stored_mg
        for wait, node in self._moved(self._problem.stores.giver, stored_mg, products=False):
            yield self._problem.nodes[node], int(stored_mg[wait])

    def unmet(self) -> Iterator[tuple[Node, int]]:
        """What of each node goes nowhere [mg]."""
        unmet_mg = self._masses.unmet_mg
        found = self._moved(np.arange(len(unmet_mg)), unmet_mg, products=False)
        return ((self._problem.nodes[node], int(unmet_mg[node])) for node, _ in found)

    def products(self) -> list[Produced]:
        """All that sites could make here."""
        problem, masses = self._problem, self._masses
        names, nodes = problem.yields.products, len(problem.nodes)
        stored_mg = np.zeros(problem.heaps, dtype=np.int64)
        np.add.at(stored_mg, problem.stores.giver, masses.stored_mg)
        made = made_mg(problem, masses.flows_mg).tolist()
        return [
            Produced(
                site=names[product][0],
                material=names[product][1],
                mass_mg=made[product],
                stored_mg=int(stored_mg[nodes + product]),
                left_mg=int(masses.left_mg[product]),
            )
            for product in np.flatnonzero(self._now[nodes:]).tolist()
        ]


def service_of(
    parts: Sequence[Settled],
) -> tuple[dict[DistrictId, float], dict[DistrictId, dict[GroupId, float]]]:
    """The share of what it offers that each district has placed, of all and by group.

    Shares of whole milligrams, so that a district placed in full is at 1 and not nearly.
    """
    offered_mg: defaultdict[DistrictId, int] = defaultdict(int)
    short_mg: defaultdict[DistrictId, int] = defaultdict(int)
    by_group: defaultdict[DistrictId, dict[GroupId, float]] = defaultdict(dict)
    for part in parts:
        problem, masses = part.problem, part.masses
        offered = np.zeros(len(problem.cells), dtype=np.int64)
        np.add.at(offered, problem.cell_of_node, problem.supply_mg)
        short = short_of(problem, masses.unmet_mg, masses.stored_mg)
        shares = zip(problem.cells, offered.tolist(), short.tolist(), strict=True)
        for (district, group), of_cell_mg, lacks_mg in shares:
            offered_mg[district] += of_cell_mg
            short_mg[district] += lacks_mg
            by_group[district][group] = (of_cell_mg - lacks_mg) / of_cell_mg
    return (
        {name: (mass - short_mg[name]) / mass for name, mass in sorted(offered_mg.items())},
        {name: dict(sorted(shares.items())) for name, shares in sorted(by_group.items())},
    )


def stages_of(parts: Sequence[Settled]) -> tuple[Stage, ...]:
    """The checker's stages by name: the groups of the part, and the aim with its round."""
    stages: list[Stage] = []
    seen: defaultdict[str, int] = defaultdict(int)
    for part in parts:
        groups = "+".join(sorted({group for _, group in part.problem.cells}))
        for proof in part.verdict.proofs:
            name = f"{groups}: {proof.aim}"
            seen[name] += 1
            stages.append(
                Stage(
                    name=f"{name} {seen[name]}",
                    value=proof.value,
                    bound=proof.bound,
                    gap=proof.gap,
                )
            )
    return tuple(stages)


def faults_of(parts: Sequence[Settled]) -> tuple[str, ...]:
    """All that the checker found wrong; a plan without faults is vouched for."""
    return tuple(fault for part in parts for fault in part.verdict.faults)
