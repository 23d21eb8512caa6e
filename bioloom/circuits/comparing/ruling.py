"""Ruling: what a period's plan would be by other rules of fairness, each solved to a proven gap."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import msgspec
import numpy as np

from bioloom.circuits.comparing.shares import Shares
from bioloom.circuits.layout.arrays import no_ints
from bioloom.circuits.posing import Flags, Floats, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.solving.program import PlanUnsolved
from bioloom.circuits.splitting import split
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

RuleName = Literal["leximin", "proportional", "gini", "utilitarian"]

# What a stage reached is kept to within this share, lest the next have no room to move in.
SLACK = 1e-9
# A sum of logarithms, or a Gini coefficient, this close to its bound is at it.
CLOSE = 1e-6
# Both are closed in on by cuts; more than so many and the gap that is left is told.
MOST_CUTS = 200
# Beyond this a comparison takes minutes.
MOST_ARCS = 200_000
_FIRST_TANGENTS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)


class GiniOutOfRange(Refusal):
    """A bound on the Gini coefficient that bounds nothing, or everything."""

    def __init__(self, *, gini: str) -> None:
        self.gini = gini
        super().__init__(
            what=f"{gini[:40]} is no Gini coefficient.",
            why="It is 0 where all have the same, and nearly 1 where one has everything.",
            remedy="Give one from 0 to 1, such as --gini 0.1.",
        )


class ComparisonTooLarge(Refusal):
    """A city so large that comparing rules would take minutes."""

    def __init__(self, *, arcs: int) -> None:
        self.arcs = arcs
        super().__init__(
            what=f"This period has {arcs} ways to compare plans over.",
            why=f"With more than {MOST_ARCS} each further rule would take minutes.",
            remedy="Compare a shorter period, or a part of the city.",
        )


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule would give, and cost. Modelled, not rounded to milligrams.

    Attributes:
        rule: Its name.
        adopted: Whether plans are made by it; of leximin alone.
        unmet_t: What is placed nowhere [t].
        way_t_km: What all goes together [t km].
        least: The least share of any cell that can be served at all [1].
        gini: The Gini coefficient of those cells' shares: 0 where all are alike.
        service: The share of each district, of all that it offers.
        sorted_service: The share of each cell that can be served at all, the least first.
        gap: How far from the best by this rule it can be at most, relative to the aim.
    """

    rule: RuleName
    adopted: bool
    unmet_t: float
    way_t_km: float
    least: float
    gini: float
    service: dict[DistrictId, float]
    sorted_service: tuple[float, ...]
    gap: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The same period by several rules, under the same Codes.

    Attributes:
        rules: Leximin first.
        gini_bound: The bound of the rule "gini".
        unservable: Districts and groups that no plan can serve; no rule counts them.
        impossible: Rules that no plan can keep together with the Codes.
    """

    rules: tuple[Ruled, ...]
    gini_bound: float
    unservable: tuple[tuple[DistrictId, GroupId], ...]
    impossible: tuple[RuleName, ...] = ()


def read_gini(text: str) -> float:
    """A bound on the Gini coefficient as somebody wrote it.

    Raises:
        GiniOutOfRange: If it is none.

    >>> read_gini("0.1")
    0.1
    """
    try:
        gini = float(Fraction(text))
    except (ValueError, ZeroDivisionError, OverflowError) as unreadable:
        raise GiniOutOfRange(gini=text) from unreadable
    if not 0 <= gini <= 1:
        raise GiniOutOfRange(gini=text)
    return gini


def compare(problem: Problem, *, gini: float = 0.1) -> Comparison:
    """Plan a period by leximin and by three other rules, and tell what each gives and costs.

    Proportional: the largest sum of need-weighted logarithms of shares, by which no change helps
    some by a larger percentage than it hurts others. Gini: the least unmet with a Gini coefficient
    of shares within a bound. Utilitarian: the least unmet, whoever it is. Each then goes the least
    way.

    Args:
        problem: A period, under the Codes in force.
        gini: The bound.

    Raises:
        ComparisonTooLarge: If the city is too large for it.
        GuaranteesInfeasible, CommittedTooMuch, PlanUnsolved: As `settling.settle`.

    Source:
        F. P. Kelly, A. K. Maulloo & D. K. H. Tan (1998), Rate control for communication networks,
        J. Oper. Res. Soc. 49(3); the rule is that of J. Nash (1950). W. Ogryczak (2000),
        Inequality measures and equitable approaches to location problems, EJOR 122(2).
    """
    if len(problem.arc_node) > MOST_ARCS:
        raise ComparisonTooLarge(arcs=len(problem.arc_node))
    parts = tuple(map(settle, split(problem)))
    servable = _servable(problem, parts)
    unservable = [cell for cell, can in zip(problem.cells, servable, strict=True) if not can]
    rules = (
        _leximin(problem, parts, servable),
        *(_others(problem, servable, gini) if servable.any() else ()),
    )
    # Of all rules only a bound on how unlike shares are may leave no plan.
    is_bounded = not servable.any() or any(one.rule == "gini" for one in rules)
    return Comparison(
        rules=rules,
        gini_bound=gini,
        unservable=tuple(unservable),
        impossible=() if is_bounded else ("gini",),
    )


def gini_of(shares: Floats) -> float:
    """The Gini coefficient of some shares: half their mean difference over their mean.

    Example:
        >>> gini_of(np.array([0.5, 0.5])), gini_of(np.array([0.0, 1.0]))
        (0.0, 0.5)
    """
    if not shares.sum():
        return 0.0
    ordered = np.sort(shares)
    return max(0.0, float(_weights(ordered) @ ordered / (len(shares) * shares.sum())))


def _weights(shares: Floats) -> Floats:
    """How much each share counts in the sum of all differences, by its place among them."""
    count = len(shares)
    weights = np.empty(count)
    weights[np.argsort(shares, kind="stable")] = 2 * np.arange(1, count + 1) - count - 1
    return weights


def _servable(problem: Problem, parts: tuple[Settled, ...]) -> Flags:
    """The cells that some plan serves: those that leximin serves, were nobody to come first."""
    if problem.rank.size:
        parts = tuple(map(settle, split(replace(problem, rank=no_ints()))))
    share = {cell: served for part in parts for cell, served in part.service().items()}
    return np.array([share[cell] > 0 for cell in problem.cells], dtype=np.bool_)


def _leximin(problem: Problem, parts: tuple[Settled, ...], servable: Flags) -> Ruled:
    share = {cell: served for part in parts for cell, served in part.service().items()}
    way_t_km = sum(float(part.flows_mg @ part.problem.arc_km) for part in parts) / MG_PER_TONNE
    gap = max((proof.gap for part in parts for proof in part.verdict.proofs), default=0.0)
    shares = np.array([share[cell] for cell in problem.cells])
    return _ruled("leximin", problem, servable, shares, way_t_km=way_t_km, gap=gap)


def _others(problem: Problem, servable: Flags, gini: float) -> Iterator[Ruled]:
    shares = Shares(problem)
    gap = _be_proportional(shares, servable)
    shares.hold_shares(shares.shares() - SLACK)
    yield _nearest("proportional", shares, servable, gap)
    shares = Shares(problem)
    try:
        gap = _bound_gini(shares, servable, gini)
        yield _nearest("gini", shares, servable, gap)
    except PlanUnsolved as unsolved:
        if unsolved.status != "Infeasible":
            raise
    shares = Shares(problem)
    shares.limit_short(_above(shares.least_short()))
    yield _nearest("utilitarian", shares, servable, 0.0)


def _be_proportional(shares: Shares, servable: Flags) -> float:
    """Close in on the largest sum of logarithms by tangents, which lie above them; the gap.

    Source:
        J. E. Kelley (1960), The cutting-plane method for solving convex programs, J. SIAM 8(4).
    """
    need = shares.problem.need * servable
    shares.forget_worth(~servable)
    for point in _FIRST_TANGENTS:
        _add_tangents(shares, servable, np.full(len(servable), point))
    gap = np.inf
    for _ in range(MOST_CUTS):
        bound = shares.most_worth(need)
        found = shares.shares()[servable]
        if (found > 0).all():
            gap = float((bound - need[servable] @ np.log(found)) / need.sum())
        if gap <= CLOSE:
            break
        _add_tangents(shares, servable, np.maximum(shares.shares(), 1e-6))
    return max(0.0, gap)


def _add_tangents(shares: Shares, servable: Flags, at: Floats) -> None:
    for cell in np.flatnonzero(servable):
        columns = np.array([shares.worth.start + cell, shares.share.start + cell])
        slope = 1 / at[cell]
        shares.keep(columns, np.array([1.0, -slope]), most=float(np.log(at[cell]) - 1.0))


def _bound_gini(shares: Shares, servable: Flags, gini: float) -> float:
    """Close in on the least unmet within a Gini bound, and on the least way then; the excess left.

    For whoever stands at whatever place, the sum of all differences is at least what it is by the
    places of the plan last found: one row for it, until no more is broken.
    """
    excess = _cut_until_within(shares, servable, gini, shares.least_short)
    shares.limit_short(_above(shares.least_short()))
    return max(excess, _cut_until_within(shares, servable, gini, shares.least_way))


def _cut_until_within(
    shares: Shares, servable: Flags, gini: float, stage: Callable[[], float]
) -> float:
    excess = np.inf
    for _ in range(MOST_CUTS):
        stage()
        found = shares.shares()[servable]
        excess = gini_of(found) - gini
        if excess <= CLOSE:
            break
        weight = np.zeros(len(servable))
        weight[servable] = _weights(found) - gini * len(found)
        shares.keep_shares(weight, 0.0)
    return max(0.0, excess)


def _above(least_t: float) -> float:
    """A little more than a minimum, so that the next stage has room to move in."""
    return least_t + SLACK * max(1.0, least_t)


def _nearest(rule: RuleName, shares: Shares, servable: Flags, gap: float) -> Ruled:
    way_t_km = shares.least_way()
    return _ruled(rule, shares.problem, servable, shares.shares(), way_t_km=way_t_km, gap=gap)


def _ruled(
    rule: RuleName,
    problem: Problem,
    servable: Flags,
    shares: Floats,
    *,
    way_t_km: float,
    gap: float,
) -> Ruled:
    supply_t = problem.supply_mg / MG_PER_TONNE
    offered_t = np.bincount(problem.cell_of_node, supply_t, len(problem.cells))
    # What only the slack between two stages leaves out is no share that anybody lacks.
    shares = np.where(shares >= 1.0 - 2.0 * SLACK, 1.0, shares)
    offered: dict[DistrictId, float] = {}
    served: dict[DistrictId, float] = {}
    for (district, _), tonnes, share in zip(
        problem.cells, offered_t.tolist(), shares.tolist(), strict=True
    ):
        offered[district] = offered.get(district, 0.0) + tonnes
        served[district] = served.get(district, 0.0) + tonnes * share
    counted = np.sort(shares[servable])
    return Ruled(
        rule=rule,
        adopted=rule == "leximin",
        unmet_t=max(0.0, sum(offered.values()) - sum(served.values())),
        way_t_km=float(way_t_km),
        least=float(counted[0]) if counted.size else 0.0,
        gini=gini_of(counted),
        service={
            district: min(1.0, served[district] / tonnes)
            for district, tonnes in sorted(offered.items())
            if tonnes
        },
        sorted_service=tuple(counted.tolist()),
        gap=float(gap),
    )
