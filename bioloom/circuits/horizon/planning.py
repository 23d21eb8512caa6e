"""Planning ahead: several periods as one plan, between which mass may wait."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from bioloom.circuits.codes.conflicting import settle_under
from bioloom.circuits.codes.governing import govern
from bioloom.circuits.codes.trying import NO_CODES, Rulebook
from bioloom.circuits.horizon.naming import (
    Movements,
    faults_of,
    movements,
    service_of,
    stages_of,
)
from bioloom.circuits.layout.yielding import Product
from bioloom.circuits.posing import Node, Problem, pose_ahead
from bioloom.ledger.codes.standing import provisions_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow, Stage
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What waits when a horizon begins [mg]: in districts, and at sites of what they made."""

    nodes: Mapping[Node, int]
    products: Mapping[Product, int]


NO_STOCK = Stock(nodes={}, products={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A plan of several periods, with one proof for all of them."""

    periods: tuple[Period, ...]
    without: tuple[SiteId, ...]
    problem: Problem
    # By period.
    movements: tuple[Movements, ...]
    # By period, the flows that were decided before.
    firm: tuple[tuple[Flow, ...], ...]
    # Share of all that is offered over the horizon that is placed within it.
    service: Mapping[DistrictId, float]
    service_by_group: Mapping[DistrictId, Mapping[GroupId, float]]
    stages: tuple[Stage, ...]
    # The checker's word, its largest relative gap, and what it found wrong.
    checked: bool
    gap: float
    faults: tuple[str, ...]


def plan_ahead(
    declared: Declared,
    offered_mg: Sequence[Mapping[Node, int]],
    periods: Sequence[Period],
    *,
    without: Collection[SiteId] = (),
    stock: Stock = NO_STOCK,
    under_way: Sequence[tuple[Flow, ...]] = (),
    in_force: Sequence[tuple[Flow, ...]] = (),
    codes: Rulebook = NO_CODES,
) -> Ahead:
    """Plan periods that follow each other, as fairly over all of them as can be.

    Args:
        declared: The city's districts, sites, vehicles and materials.
        offered_mg: For each period what each district offers, or is expected to [mg].
        periods: Their days.
        without: Sites to leave out.
        stock: What waits from before; it is offered in the first period.
        under_way: For each period the flows that are firm.
        in_force: For each period the flows from which to change least.
        codes: The Codes that it keeps; a guarantee holds over all periods together.

    Raises:
        CodesConflict: If the Codes cannot be kept together.
        SiteUnknown, OfferUndeclared, YieldUndeclared, YieldsInCircle: As `posing.pose`.
        CommittedTooMuch, PlanUnsolved: As `solving.stages.solve`.
    """
    left_out = tuple(sorted(set(without)))
    posed = pose_ahead(
        declared,
        [together(offered_mg[0], stock.nodes), *offered_mg[1:]],
        periods,
        without=left_out,
        in_force=in_force,
        under_way=under_way,
        stock_mg={product: mass for product, mass in stock.products.items() if mass},
    )
    days = Period(first=periods[0].first, last=periods[-1].last)
    under = partial(govern, posed, declared, days=days)
    provisions = provisions_of(codes.versions)
    parts, problem = settle_under(under, provisions), under(provisions)
    service, by_group = service_of(parts)
    stages, faults = stages_of(parts), faults_of(parts)
    return Ahead(
        periods=tuple(periods),
        without=left_out,
        problem=problem,
        movements=tuple(movements(parts, number) for number in range(len(periods))),
        firm=tuple(under_way) or ((),) * len(periods),
        service=service,
        service_by_group=by_group,
        stages=stages,
        checked=not faults,
        gap=max((stage.gap for stage in stages), default=0.0),
        faults=faults,
    )


def ahead_json(made: Ahead) -> dict[str, Any]:
    """The plan as `bioloom plan --weeks N --json` prints it."""
    parts = {
        "weeks": [
            {
                "period": {"from": period.first, "to": period.last},
                "flows": done.flows,
                "firm": firm,
                "unmet": done.unmet,
                "stored": done.stored,
                "onward": done.onward,
                "products": done.products,
            }
            for period, done, firm in zip(made.periods, made.movements, made.firm, strict=True)
        ],
        "service": made.service,
        "service_by_group": made.service_by_group,
        "certificate": {"checked": made.checked, "gap": made.gap, "stages": made.stages},
        "without": made.without,
        "faults": made.faults,
    }
    plain: dict[str, Any] = msgspec.to_builtins(parts)
    return plain


def together(one: Mapping[Node, int], other: Mapping[Node, int]) -> dict[Node, int]:
    """Two masses of each node as one."""
    return {node: one.get(node, 0) + other.get(node, 0) for node in {*one, *other}}
