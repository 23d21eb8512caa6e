"""Yielding: what sites make of what they take, products and residue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG, Ints, no_ints
from bioloom.vocabulary.entries.ledger import Intake, MaterialDeclared, SiteDeclared
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.refusal import Refusal

Product = tuple[SiteId, MaterialId]


class YieldUndeclared(Refusal):
    """A site makes a material that is not declared."""

    def __init__(self, *, site: str, material: str) -> None:
        self.site, self.material = site, material
        super().__init__(
            what=f"'{site}' makes '{material}', which is not declared.",
            why="Without its declaration nobody knows which sites take it on.",
            remedy=f"Declare the material '{material}', or correct what the site makes.",
        )


class YieldsInCircle(Refusal):
    """Sites take on what each other make, so that mass could go round for ever."""

    def __init__(self, *, sites: Sequence[str]) -> None:
        self.sites = tuple(sites)
        super().__init__(
            what=f"What they make would go in a circle: {' to '.join(self.sites)}.",
            why="Mass could go round within a period without ever arriving.",
            remedy="Put what one of them makes in a group that the others do not take.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Yields:
    """What intakes make of what they take; a product stays where it is made, or is used on."""

    # Products: site and material, period [index], and how much of it may stay at the site [mg]:
    # none of a residue.
    products: tuple[Product, ...] = ()
    period: Ints = field(default_factory=no_ints)
    left_most_mg: Ints = field(default_factory=no_ints)
    # What is in store of it when the first period begins [mg]; empty where nothing is.
    stock_mg: Ints = field(default_factory=no_ints)
    # Yields: index of the intake and of the product, and how much of a thousand becomes it.
    intake: Ints = field(default_factory=no_ints)
    product: Ints = field(default_factory=no_ints)
    per_mille: Ints = field(default_factory=no_ints)


def made_of(site: SiteDeclared, intake: Intake) -> Iterator[tuple[MaterialId, int, int | None]]:
    """Material, per mille and what of it may stay a day [mg] of all that an intake makes."""
    for one in intake.yields:
        yield one.material, one.per_mille, one.stays_mg_per_day
    if site.residue_material is not None and site.residue_per_mille:
        yield site.residue_material, site.residue_per_mille, 0


def pose_yields(
    intakes: Sequence[tuple[SiteDeclared, Intake]],
    materials: Mapping[MaterialId, MaterialDeclared],
    days: Sequence[int],
    stock_mg: Mapping[Product, int],
) -> Yields:
    """The products of the intakes in every period; intakes count on from period to period.

    Where several intakes of a site make a material, what of it may stay is the most any says.

    Args:
        intakes: Those of one period.
        materials: All that are declared.
        days: How many days each period has.
        stock_mg: What sites have in store of what they make; more than that is not asked for.

    Raises:
        YieldUndeclared: If a product is not declared.
        YieldsInCircle: If sites take on what each other make.
    """
    stays: dict[Product, int] = {}
    facts: list[tuple[int, Product, int]] = []
    for k, (site, intake) in enumerate(intakes):
        for material, per_mille, stays_mg in made_of(site, intake):
            if material not in materials:
                raise YieldUndeclared(site=site.site, material=material)
            product = site.site, material
            room_mg = UNLIMITED_MG if stays_mg is None else stays_mg
            stays[product] = max(stays.get(product, 0), room_mg)
            facts.append((k, product, per_mille))
    _require_no_circle(intakes, materials)
    names = sorted(stays)
    number = {product: index for index, product in enumerate(names)}
    periods = range(len(days))
    columns = np.array(
        [
            (t * len(intakes) + k, t * len(names) + number[product], per_mille)
            for t in periods
            for k, product, per_mille in facts
        ],
        dtype=np.int64,
    ).reshape(-1, 3).T.copy()  # fmt: skip
    left_most = [min(stays[product] * days[t], UNLIMITED_MG) for t in periods for product in names]
    return Yields(
        products=tuple(names) * len(days),
        period=np.repeat(np.arange(len(days)), len(names)),
        left_most_mg=np.array(left_most, dtype=np.int64),
        stock_mg=_stock_mg(names, len(days), stock_mg),
        intake=columns[0],
        product=columns[1],
        per_mille=columns[2],
    )


def _stock_mg(names: Sequence[Product], periods: int, stock_mg: Mapping[Product, int]) -> Ints:
    if not stock_mg:
        return no_ints()
    first = [stock_mg.get(product, 0) for product in names]
    return np.array(first + [0] * (len(names) * (periods - 1)), dtype=np.int64)


def _require_no_circle(
    intakes: Sequence[tuple[SiteDeclared, Intake]],
    materials: Mapping[MaterialId, MaterialDeclared],
) -> None:
    takers: dict[GroupId, set[int]] = {}
    for k, (_, intake) in enumerate(intakes):
        for group in intake.accepts:
            takers.setdefault(group, set()).add(k)
    following: dict[int, set[int]] = {}
    for k, (site, intake) in enumerate(intakes):
        groups = {materials[material].group for material, _, _ in made_of(site, intake)}
        reached = {taker for group in groups for taker in takers.get(group, ())}
        following[k] = {taker for taker in reached if intakes[taker][0].site != site.site}
    try:
        TopologicalSorter(following).prepare()
    except CycleError as circle:
        sites = [intakes[k][0].site for k in reversed(circle.args[1])]
        raise YieldsInCircle(sites=sites) from circle
