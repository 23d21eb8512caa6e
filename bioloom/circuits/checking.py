"""Checking: whether a plan is one, and how far it can be from the best, from raw arrays alone.

This file shares no code with solving. It believes no level and no price that it is told: it takes
the levels from the flows themselves, and turns any prices at all into a bound that holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG, no_floats
from bioloom.circuits.layout.masses import Masses, short_of
from bioloom.circuits.layout.storing import HORIZON_ENDS
from bioloom.circuits.posing import Flags, Floats, Problem
from bioloom.circuits.proving.bounding import Network, Prices
from bioloom.circuits.proving.possible import impossible
from bioloom.vocabulary.quantities import MG_PER_TONNE

Aim = Literal["fairness", "hazard", "cost", "waiting", "change"]

# The largest relative gap, and the largest share of all mass that a cell held at its level could
# still gain, with which a plan counts as checked.
TOLERANCE = 1e-6
# A price fainter than this share of the largest could hide behind what rounding moves.
FAINTEST = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One stage of a plan as its solver tells it: the aim, and the prices said to prove it.

    Prices are in units of the aim per tonne; in fairness any multiple of them will do. `held` are
    the cells that this stage of fairness says can do no better than its level; it is all false for
    other aims.
    """

    aim: Aim
    held: Flags
    # Of a tonne of room in each intake, and of a tonne that each cell leaves unmet.
    room_price: Floats
    unmet_price: Floats
    # Of a tonne at each heap; used for "change" alone.
    supply_price: Floats
    # Of a hazardous tonne unmet, and of a tonne-kilometre, once earlier stages have set them.
    hazard_price: float = 0.0
    cost_price: float = 0.0
    # Of a tonne of room in each store and lane, and for each product to stay; of a tonne beyond
    # what each cell is guaranteed, while it pushes the level; of a tonne that waits for a period.
    # Empty is nothing.
    store_price: Floats = field(default_factory=no_floats)
    lane_price: Floats = field(default_factory=no_floats)
    left_price: Floats = field(default_factory=no_floats)
    guarantee_price: Floats = field(default_factory=no_floats)
    waiting_price: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A stage as the checker found it.

    `value` is the plan's own, in the aim's unit (need-weighted unmet share, t, t km, t over a
    period, t); no plan
    that keeps the earlier stages' values can pass `bound`; `gap` is their distance over
    max(1, value), and `rounding` what of it whole milligrams alone could explain.
    """

    aim: Aim
    value: float
    bound: float
    gap: float
    rounding: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the checker says of a plan: its stages, and every fault in words."""

    proofs: tuple[Proof, ...]
    faults: tuple[str, ...]

    @property
    def checked(self) -> bool:
        """Whether the plan is feasible, and best in every stage within the tolerance."""
        return not self.faults


def check(problem: Problem, masses: Masses, claims: Sequence[Claim]) -> Verdict:
    """Judge a plan by the arrays of its problem; any fault found is named.

    Args:
        problem: What was to be decided.
        masses: The plan.
        claims: The stages in the order in which they were solved.
    """
    faults = impossible(problem, masses)
    if faults:
        return Verdict(proofs=(), faults=faults)
    judge = _Judge(problem, masses)
    proofs = tuple(judge.prove(claim) for claim in claims)
    faults = tuple(judge.faults) + tuple(
        f"{proof.aim} is {proof.value:.9g}, but the bound is {proof.bound:.9g}"
        for proof in proofs
        # So that a gap that is no number is a fault, too.
        if not proof.gap <= TOLERANCE + proof.rounding
    )
    if not judge.undecided().any() and _complete(problem, claims):
        return Verdict(proofs=proofs, faults=faults)
    return Verdict(proofs=proofs, faults=(*faults, "a stage of the plan is missing"))


def _decides(problem: Problem) -> bool:
    """Whether anything can be decided."""
    return bool(problem.arc_node.size or problem.stores.giver.size)


def _complete(problem: Problem, claims: Sequence[Claim]) -> bool:
    """Whether the aims are all there and in their order."""
    aims = [claim.aim for claim in claims if claim.aim != "fairness"]
    wanted = ["hazard"] * bool(problem.hazardous.any()) + ["cost"]
    wanted += ["waiting"] * bool(problem.stores.giver.size)
    wanted += ["change"] * bool(problem.in_force_mg.any())
    fair = [claim.aim == "fairness" for claim in claims]
    in_order = fair == sorted(fair, reverse=True)
    return not _decides(problem) or (in_order and aims == wanted)


class _Judge:
    """The levels that the plan itself shows, and the bounds that hold for whoever keeps them."""

    def __init__(self, problem: Problem, masses: Masses) -> None:
        self.problem, self.masses, self.network = problem, masses, Network(problem)
        self.faults: list[str] = []
        cells, stores = len(problem.cells), problem.stores
        self.of_nodes = stores.giver < len(problem.nodes)
        self.ends = self.of_nodes & (stores.taker == HORIZON_ENDS)
        self.offered_t = np.bincount(problem.cell_of_node, problem.supply_mg / MG_PER_TONNE, cells)
        self.short_t = short_of(
            problem, masses.unmet_mg / MG_PER_TONNE, masses.stored_mg / MG_PER_TONNE
        )
        # Rounding moved each node and each wait by less than a milligram: a level is not held to
        # that.
        moved = short_of(
            problem, np.ones(len(problem.nodes)), np.zeros(len(stores.giver))
        ) + np.bincount(problem.cell_of_node[stores.giver[self.of_nodes]], minlength=cells)
        self.rounded_t = np.maximum(0.0, self.short_t - moved / MG_PER_TONNE)
        self.unmet_periods = problem.periods + 1.0
        self.held = np.zeros(cells, dtype=np.bool_)
        # Most of each cell that is not served [t], of all that is hazardous [t], of all ways
        # [t km], and of all that waits [t over a period].
        most_mg = problem.most_unmet_mg if problem.most_unmet_mg.size else np.full(cells, np.inf)
        self.limit_t = np.where(most_mg < UNLIMITED_MG, most_mg / MG_PER_TONNE, np.inf)
        self.hazard_limit_t: float | None = None
        self.cost_limit_t_km: float | None = None
        self.waiting_limit_t: float | None = None

    def undecided(self) -> Flags:
        """Cells that no stage has held yet; none of a part in which nothing can be decided."""
        free: Flags = ~self.held & _decides(self.problem)
        return free

    def prove(self, claim: Claim) -> Proof:
        """Value and bound of one stage; afterwards its value is a limit to the stages to come."""
        # Prices may be whatever was claimed: what they make infinite, or no number, is no bound.
        with np.errstate(over="ignore", invalid="ignore"):
            return self._prove(claim)

    def _prove(self, claim: Claim) -> Proof:
        problem = self.problem
        match claim.aim:
            case "fairness":
                return self._prove_fairness(claim)
            case "hazard":
                value, grain = self._hazard()
                bound = self._bound(claim, unmet_cost=problem.hazardous.astype(np.float64))
                self.hazard_limit_t = value
            case "cost":
                value, grain = self._cost()
                bound = self._bound(claim, way_cost=problem.arc_km)
                self.cost_limit_t_km = value
            case "waiting":
                value, grain = self._waiting()
                bound = self._bound(claim, wait_cost=1.0, unmet_cost=self.unmet_periods)
                self.waiting_limit_t = value
            case "change":
                value, grain = self._change()
                bound = self._bound_of_change(claim)
        return _proof(claim.aim, value, bound, grain)

    def _active(self) -> Flags:
        """The cells that push the level now: of those not held yet the ones that come first."""
        undecided = ~self.held
        rank = self.problem.rank
        if not rank.size or not undecided.any():
            return undecided
        active: Flags = undecided & (rank == rank[undecided].min())
        return active

    def _prove_fairness(self, claim: Claim) -> Proof:
        """The worst of the cells not yet held, and the least that it can be.

        The prices of those cells, weighed by what a share of each is in tonnes, are scaled to 1,
        for that makes the level itself drop out of the Lagrangian.
        """
        active = self._active()
        tonnes_per_level = self.offered_t / self.problem.need
        value = float(np.max((self.short_t / tonnes_per_level)[active], initial=0.0))
        rounded = float(np.max((self.rounded_t / tonnes_per_level)[active], initial=0.0))
        price = np.maximum(0.0, claim.unmet_price)
        scale = float(price[active] @ tonnes_per_level[active])
        bound = self._bound(claim, scale=1 / scale, active=active) if scale > 0 else 0.0
        held = claim.held & active
        if rounded > TOLERANCE and self._might_rise(
            held, (rounded - bound) * scale, price * active
        ):
            self.faults.append("a cell is held at a level that it might leave")
        self.limit_t[held] = np.minimum(self.limit_t, rounded * tonnes_per_level)[held]
        self.held |= held
        return _proof("fairness", value, bound, value - rounded)

    def _might_rise(self, held: Flags, slack: float, price: Floats) -> bool:
        """Whether some held cell might do better: its price is how much the level minds it."""
        proven = TOLERANCE * self.offered_t.sum() * price[held]
        return bool((~(slack <= proven) | (price[held] <= FAINTEST * price.max())).any())

    def _hazard(self) -> tuple[float, float]:
        mass_mg = self.masses.unmet_mg[self.problem.hazardous]
        return mass_mg.sum() / MG_PER_TONNE, mass_mg.size / MG_PER_TONNE

    def _cost(self) -> tuple[float, float]:
        km = self.problem.arc_km
        return float(self.masses.flows_mg @ km) / MG_PER_TONNE, float(km.sum()) / MG_PER_TONNE

    def _waiting(self) -> tuple[float, float]:
        """Every mass by the periods it waits; what is unmet waits one more than there are."""
        stored_mg, unmet_mg = self.masses.stored_mg, self.masses.unmet_mg
        waits_mg = float(stored_mg.sum()) + self.unmet_periods * float(unmet_mg.sum())
        grains = stored_mg.size + self.unmet_periods * unmet_mg.size
        return waits_mg / MG_PER_TONNE, grains / MG_PER_TONNE

    def _change(self) -> tuple[float, float]:
        moved_mg = np.abs(self.masses.flows_mg - self.problem.in_force_mg)
        return moved_mg.sum() / MG_PER_TONNE, moved_mg.size / MG_PER_TONNE

    def _bound(
        self,
        claim: Claim,
        *,
        unmet_cost: Floats | float = 0.0,
        way_cost: Floats | float = 0.0,
        wait_cost: float = 0.0,
        scale: float = 1.0,
        active: Flags | None = None,
    ) -> float:
        """A weak-duality bound: whatever the prices, no plan within the limits costs less.

        Prices below zero count as zero, and so do prices of limits that no stage has set yet.
        """
        problem = self.problem
        pushes = np.zeros(len(problem.cells), dtype=np.bool_) if active is None else active
        limited = _at_least_zero(claim.unmet_price, len(pushes)) * np.isfinite(self.limit_t)
        # A cell that pushes the level has its price for that; a guarantee has one of its own.
        promised = _at_least_zero(claim.guarantee_price, len(pushes)) * np.isfinite(self.limit_t)
        limit = np.where(pushes, promised, limited) * scale
        short = limit + np.where(pushes, np.maximum(0.0, claim.unmet_price), 0.0) * scale
        hazard, hazard_worth = _priced(claim.hazard_price, self.hazard_limit_t)
        cost, cost_worth = _priced(claim.cost_price, self.cost_limit_t_km)
        waiting, waiting_worth = _priced(claim.waiting_price, self.waiting_limit_t)
        wait = np.full(len(self.ends), wait_cost + waiting)
        wait[self.ends] += short[problem.cell_of_node[problem.stores.giver[self.ends]]]
        finite = np.isfinite(self.limit_t)
        return (
            self.network.least(
                way_cost + cost * problem.arc_km,
                wait,
                unmet_cost
                + short[problem.cell_of_node]
                + hazard * problem.hazardous
                + waiting * self.unmet_periods,
                self._prices(claim, scale),
            )
            - float(limit[finite] @ self.limit_t[finite])
            - hazard_worth
            - cost_worth
            - waiting_worth
        )

    def _prices(self, claim: Claim, scale: float) -> Prices:
        problem = self.problem
        return Prices(
            room=_at_least_zero(claim.room_price, len(problem.sites)) * scale,
            store=_at_least_zero(claim.store_price, len(problem.stores.capacity_mg)) * scale,
            lane=_at_least_zero(claim.lane_price, len(problem.lanes.capacity_mg)) * scale,
            left=_at_least_zero(claim.left_price, len(problem.yields.products)) * scale,
        )

    def _bound_of_change(self, claim: Claim) -> float:
        """As `_bound`: a distance |x - y| is at least s (x - y) for any slope s from -1 to 1."""
        problem, yields, lanes = self.problem, self.problem.yields, self.problem.lanes
        cost, _ = _priced(claim.cost_price, self.cost_limit_t_km)
        prices = self._prices(claim, 1.0)
        made = claim.supply_price[len(problem.nodes) + yields.product] * yields.per_mille / 1000
        follows = prices.room + np.bincount(yields.intake, made, len(problem.sites))
        price = follows[problem.arc_intake] + cost * problem.arc_km
        np.add.at(price, lanes.arc, prices.lane[lanes.lane])
        slope = np.clip(claim.supply_price[problem.arc_node] - price, -1.0, 1.0)
        if problem.floor_mg.size:
            slope[problem.floor_mg > problem.in_force_mg] = 1.0
        kept = float(slope @ problem.in_force_mg) / MG_PER_TONNE
        return self._bound(claim, way_cost=slope) - kept


def _at_least_zero(price: Floats, length: int) -> Floats:
    """Prices none below zero; none at all are zeros."""
    return np.maximum(0.0, price) if price.size else np.zeros(length)


def _priced(price: float, limit: float | None) -> tuple[float, float]:
    """The price that counts, and what the limit is worth at it."""
    if limit is None:
        return 0.0, 0.0
    counted = max(0.0, price)
    return counted, counted * limit


def _proof(aim: Aim, value: float, bound: float, grain: float) -> Proof:
    unit = max(1.0, abs(value))
    if bound < np.inf:
        # No aim can be below zero, so a weaker bound than that says nothing.
        bound = max(0.0, bound)
        # A bound above the value by a float's last digits is no gap.
        gap = max(0.0, value - bound) / unit
    else:
        # No number, or beyond all: prices that give such a bound prove nothing, not even a zero.
        bound, gap = 0.0, np.inf
    return Proof(
        aim=aim, value=float(value), bound=float(bound), gap=float(gap), rounding=grain / unit
    )
