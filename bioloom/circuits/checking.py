"""Checking: whether a plan is one, and how far it can be from the best, from raw arrays alone.

This file shares no code with solving. It believes no level and no price that it is told: it takes
the levels from the flows themselves, and turns any prices at all into a bound that holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bioloom.circuits.posing import Flags, Floats, Ints, Problem
from bioloom.vocabulary.quantities import MG_PER_TONNE

Aim = Literal["fairness", "hazard", "cost", "change"]

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
    # Of a tonne at each node; used for "change" alone.
    supply_price: Floats
    # Of a hazardous tonne unmet, and of a tonne-kilometre, once earlier stages have set them.
    hazard_price: float = 0.0
    cost_price: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A stage as the checker found it.

    `value` is the plan's own, in the aim's unit (need-weighted unmet share, t, t km, t); no plan
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


def check(problem: Problem, flows_mg: Ints, unmet_mg: Ints, claims: Sequence[Claim]) -> Verdict:
    """Judge a plan by the arrays of its problem; any fault found is named.

    Args:
        problem: What was to be decided.
        flows_mg: Mass on each arc [mg], shape (arcs,).
        unmet_mg: Mass of each node that nobody takes [mg], shape (nodes,).
        claims: The stages in the order in which they were solved.
    """
    faults = _infeasible(problem, flows_mg, unmet_mg)
    if faults:
        return Verdict(proofs=(), faults=faults)
    judge = _Judge(problem, flows_mg, unmet_mg)
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


def _infeasible(problem: Problem, flows_mg: Ints, unmet_mg: Ints) -> tuple[str, ...]:
    """What of the plan is impossible. Rounding may add a milligram to an intake for each arc."""
    if flows_mg.shape != problem.arc_node.shape or unmet_mg.shape != problem.supply_mg.shape:
        return ("the plan is not one of this problem",)
    faults = []
    if (flows_mg < 0).any() or (unmet_mg < 0).any():
        faults.append("a mass is below zero")
    placed_mg = unmet_mg.copy()
    np.add.at(placed_mg, problem.arc_node, flows_mg)
    if (placed_mg != problem.supply_mg).any():
        faults.append("flows and unmet do not add up to what is offered")
    spare_mg = problem.capacity_mg.copy()
    np.add.at(spare_mg, problem.arc_intake, 1 - flows_mg)
    if (spare_mg < 0).any():
        faults.append("an intake is to take more than its capacity")
    return tuple(faults)


def _complete(problem: Problem, claims: Sequence[Claim]) -> bool:
    """Whether the aims are all there and in their order."""
    aims = [claim.aim for claim in claims if claim.aim != "fairness"]
    wanted = ["hazard"] * bool(problem.hazardous.any()) + ["cost"]
    wanted += ["change"] * bool(problem.in_force_mg.any())
    fair = [claim.aim == "fairness" for claim in claims]
    in_order = fair == sorted(fair, reverse=True)
    return not problem.arc_node.size or (in_order and aims == wanted)


class _Judge:
    """The levels that the plan itself shows, and the bounds that hold for whoever keeps them."""

    def __init__(self, problem: Problem, flows_mg: Ints, unmet_mg: Ints) -> None:
        self.problem = problem
        self.flows_mg, self.unmet_mg = flows_mg, unmet_mg
        self.faults: list[str] = []
        self.supply_t = problem.supply_mg / MG_PER_TONNE
        cells = len(problem.cells)
        self.offered_t = np.bincount(problem.cell_of_node, self.supply_t, cells)
        self.unmet_t = np.bincount(problem.cell_of_node, unmet_mg / MG_PER_TONNE, cells)
        # Rounding moved each node by less than a milligram: a level is not held to that.
        grain_t = np.bincount(problem.cell_of_node, minlength=cells) / MG_PER_TONNE
        self.rounded_t = np.maximum(0.0, self.unmet_t - grain_t)
        # Most unmet of each cell [t], of all that is hazardous [t], and most of all ways [t km].
        self.limit_t = np.full(cells, np.inf)
        self.hazard_limit_t: float | None = None
        self.cost_limit_t_km: float | None = None

    def undecided(self) -> Flags:
        """Cells that no stage has held yet; none of a part in which nothing can be decided."""
        free: Flags = np.isinf(self.limit_t) & bool(self.problem.arc_node.size)
        return free

    def prove(self, claim: Claim) -> Proof:
        """Value and bound of one stage; afterwards its value is a limit to the stages to come."""
        match claim.aim:
            case "fairness":
                return self._prove_fairness(claim)
            case "hazard":
                value, grain = self._hazard()
                bound = self._bound(claim, unmet_cost=self.problem.hazardous.astype(np.float64))
                self.hazard_limit_t = value
            case "cost":
                value, grain = self._cost()
                bound = self._bound(claim, way_cost=self.problem.arc_km)
                self.cost_limit_t_km = value
            case "change":
                value, grain = self._change()
                bound = self._bound_of_change(claim)
        return _proof(claim.aim, value, bound, grain)

    def _prove_fairness(self, claim: Claim) -> Proof:
        """The worst of the cells not yet held, and the least that it can be.

        The prices of those cells, weighed by what a share of each is in tonnes, are scaled to 1,
        for that makes the level itself drop out of the Lagrangian.
        """
        active = np.isinf(self.limit_t)
        tonnes_per_level = self.offered_t / self.problem.need
        value = float(np.max((self.unmet_t / tonnes_per_level)[active], initial=0.0))
        rounded = float(np.max((self.rounded_t / tonnes_per_level)[active], initial=0.0))
        price = np.maximum(0.0, claim.unmet_price)
        scale = float(price[active] @ tonnes_per_level[active])
        bound = self._bound(claim, scale=1 / scale) if scale > 0 else 0.0
        held = claim.held & active
        if rounded > TOLERANCE and self._might_rise(
            held, (rounded - bound) * scale, price * active
        ):
            self.faults.append("a cell is held at a level that it might leave")
        self.limit_t[held] = rounded * tonnes_per_level[held]
        return _proof("fairness", value, bound, value - rounded)

    def _might_rise(self, held: Flags, slack: float, price: Floats) -> bool:
        """Whether some held cell might do better: its price is how much the level minds it."""
        proven = TOLERANCE * self.offered_t.sum() * price[held]
        return bool(((slack > proven) | (price[held] <= FAINTEST * price.max())).any())

    def _hazard(self) -> tuple[float, float]:
        mass_mg = self.unmet_mg[self.problem.hazardous]
        return mass_mg.sum() / MG_PER_TONNE, mass_mg.size / MG_PER_TONNE

    def _cost(self) -> tuple[float, float]:
        km = self.problem.arc_km
        return float(self.flows_mg @ km) / MG_PER_TONNE, float(km.sum()) / MG_PER_TONNE

    def _change(self) -> tuple[float, float]:
        moved_mg = np.abs(self.flows_mg - self.problem.in_force_mg)
        return moved_mg.sum() / MG_PER_TONNE, moved_mg.size / MG_PER_TONNE

    def _bound(
        self,
        claim: Claim,
        *,
        unmet_cost: Floats | float = 0.0,
        way_cost: Floats | float = 0.0,
        scale: float = 1.0,
    ) -> float:
        """A weak-duality bound: whatever the prices, no plan within the limits costs less.

        Each node sends all its mass where cost and prices together are least; what the rooms and
        limits are worth at those prices is then taken off. Prices below zero count as zero, and so
        do prices of limits that no stage has set yet.
        """
        problem = self.problem
        room = np.maximum(0.0, claim.room_price) * scale
        unmet = np.maximum(0.0, claim.unmet_price) * scale
        hazard, hazard_worth = _priced(claim.hazard_price, self.hazard_limit_t)
        cost, cost_worth = _priced(claim.cost_price, self.cost_limit_t_km)
        least = unmet_cost + unmet[problem.cell_of_node] + hazard * problem.hazardous
        by_way = way_cost + room[problem.arc_intake] + cost * problem.arc_km
        np.minimum.at(least, problem.arc_node, by_way)
        limited = np.isfinite(self.limit_t)
        return float(
            self.supply_t @ least
            - room @ (problem.capacity_mg / MG_PER_TONNE)
            - unmet[limited] @ self.limit_t[limited]
            - hazard_worth
            - cost_worth
        )

    def _bound_of_change(self, claim: Claim) -> float:
        """As `_bound`: a distance |x - y| is at least s (x - y) for any slope s from -1 to 1."""
        problem = self.problem
        cost, _ = _priced(claim.cost_price, self.cost_limit_t_km)
        price = np.maximum(0.0, claim.room_price)[problem.arc_intake] + cost * problem.arc_km
        slope = np.clip(claim.supply_price[problem.arc_node] - price, -1.0, 1.0)
        kept = float(slope @ problem.in_force_mg) / MG_PER_TONNE
        return self._bound(claim, way_cost=slope) - kept


def _priced(price: float, limit: float | None) -> tuple[float, float]:
    """The price that counts, and what the limit is worth at it."""
    if limit is None:
        return 0.0, 0.0
    counted = max(0.0, price)
    return counted, counted * limit


def _proof(aim: Aim, value: float, bound: float, grain: float) -> Proof:
    # No aim can be below zero, so a weaker bound than that says nothing.
    bound = max(0.0, bound)
    unit = max(1.0, abs(value))
    # A bound above the value by a float's last digits is no gap.
    gap = max(0.0, value - bound) / unit
    return Proof(aim=aim, value=value, bound=bound, gap=gap, rounding=grain / unit)
