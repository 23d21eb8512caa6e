"""Outages and storms: a plan that stands is made again, beside a plan from nothing.

    python -m benchmarks.circuits_storm [--storm SIZE] [--events N] [--refund]

First, on the city of 24,500 arcs, 1, 3 and 8 sites go down, five times each: from the event to the
proven plan, beside HiGHS on the whole program from a cold start, each time by whichever of its
usual settings is fastest: simplex, simplex without presolve, interior point. Then a storm on the
city of 200,000 arcs: sites go down, rooms are cut, roads close, districts surge, sites come back,
one on top of the other; with `--refund`, also with 20 off the cost of each tonne that stays on its
way. Beside it every event is planned from nothing, by the same sifting, each against
the plan from nothing before it. Every plan is judged by a certificate that shares no code with what
found it. CPU seconds; churn is the mass that left the way on which it was, over all events.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.circuits_scale import whole
from benchmarks.measuring import print_table
from benchmarks.rivals.whole_programs import by_highs
from benchmarks.tiled_cities import CLASSES, SIZES, city
from bioloom.circuits.sifting.certifying import certify
from bioloom.circuits.sifting.finding import Sifted, sift
from bioloom.circuits.sifting.standing import Standing
from bioloom.circuits.sifting.tiles import NO_WAY, InForce, Tiles

OUTAGES, TRIES = (1, 3, 8), 5
REFUND = 20.0  # Per tonne that stays: a fifth of a unit of way.
COLD = ("highs-simplex", "highs-simplex-plain", "highs-ipm")


def main() -> None:
    asked = argparse.ArgumentParser(description="Outages and storms, beside plans from nothing.")
    asked.add_argument("--storm", choices=SIZES, default="M")
    asked.add_argument("--events", type=int, default=50)
    asked.add_argument("--refund", action="store_true", help="also with a refund: minutes more")
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    sift(city(SIZES["S"], seed=1))  # Compiles.
    columns = ["sites down", "ms to the plan", "most ms", "largest gap", "cold HiGHS ms", "times"]
    print_table("Outages on S (median of five)", columns, list(outages()))
    columns = ["", "median s", "most s", "largest gap", "churn t", "cost of the plans"]
    calm = city(SIZES[options.storm])
    storm = list(events(calm, options.events, np.random.default_rng(options.seed)))
    print_table(
        f"A storm of {len(storm)} events on {options.storm}",
        columns,
        [
            weathered(calm, storm, refund=0.0),
            *([weathered(calm, storm, refund=REFUND)] if options.refund else []),
            from_nothing(calm, storm),
        ],
    )


def outages() -> Iterator[list[str]]:
    calm = city(SIZES["S"])
    for many in OUTAGES:
        ours_s, theirs_s, gaps = [], [], []
        for number in range(TRIES):
            random = np.random.default_rng(10 * many + number)
            standing = Standing(calm)
            struck = down(calm, random.choice(calm.way_cost.shape[1], many, replace=False))
            start_s = time.process_time()
            plan = standing.replan(struck)
            ours_s.append(time.process_time() - start_s)
            gaps.append(proven_gap(struck, plan))
            theirs_s.append(cold_highs_s(struck, plan.value))
        ours, theirs = statistics.median(ours_s), statistics.median(theirs_s)
        row = [str(many), f"{1000 * ours:.0f}", f"{1000 * max(ours_s):.0f}", f"{max(gaps):.0e}"]
        yield [*row, f"{1000 * theirs:.0f}", f"{theirs / ours:.0f}"]


def cold_highs_s(tiles: Tiles, value: float) -> float:
    """HiGHS on the whole program from its arrays, at its fastest; it must find the same value."""
    program = {**whole(tiles)}
    times_s = []
    for name in COLD:
        start_s = time.process_time()
        _, found = by_highs(name, program, limit_s=600.0)
        times_s.append(time.process_time() - start_s)
        assert abs(found - value) <= 1e-6 * value
    return min(times_s)


def weathered(calm: Tiles, storm: list[Tiles], *, refund: float) -> list[str]:
    """The storm with a plan that stands."""
    standing = Standing(calm)
    times_s, gaps, churn_t, cost = [], [], 0.0, 0.0
    for tiles in storm:
        before = standing.plan
        start_s = time.process_time()
        plan = standing.replan(tiles, refund)
        times_s.append(time.process_time() - start_s)
        gaps.append(proven_gap(standing.tiles, plan))
        churn_t += left_its_way_t(tiles, before, plan)
        cost += certify(tiles, plan.node, plan.site, plan.mass_t, plan.prices).value
    return _row(f"standing, refund {refund:g}", times_s, gaps, f"{churn_t:,.0f}", f"{cost:,.0f}")


def from_nothing(calm: Tiles, storm: list[Tiles]) -> list[str]:
    """The storm with every plan made from nothing."""
    plan = sift(calm)
    times_s, gaps, churn_t, cost = [], [], 0.0, 0.0
    for tiles in storm:
        before = plan
        start_s = time.process_time()
        plan = sift(tiles)
        times_s.append(time.process_time() - start_s)
        gaps.append(proven_gap(tiles, plan))
        churn_t += left_its_way_t(tiles, before, plan)
        cost += plan.value
    return _row("from nothing", times_s, gaps, f"{churn_t:,.0f}", f"{cost:,.0f}")


def _row(name: str, times_s: list[float], gaps: list[float], *more: str) -> list[str]:
    times = [f"{statistics.median(times_s):.2f}", f"{max(times_s):.2f}"]
    return [name, *times, f"{max(gaps):.0e}", *more]


def proven_gap(tiles: Tiles, plan: Sifted) -> float:
    found = certify(tiles, plan.node, plan.site, plan.mass_t, plan.prices)
    assert not found.faults, found.faults
    assert found.gap <= 1e-6, found.gap
    return max(found.gap, 0.0)


def left_its_way_t(tiles: Tiles, before: Sifted, after: Sifted) -> float:
    """Mass that was on a way and is no more; what is no longer supplied at all counts too."""
    held = InForce(node=before.node, site=before.site, mass_t=before.mass_t, refund=1.0)
    flows = after.node, after.site, after.mass_t, after.prices
    stayed_t = certify(tiles, *flows).value
    stayed_t -= certify(replace(tiles, in_force=held), *flows).value
    return float(before.mass_t.sum()) - stayed_t


def down(tiles: Tiles, sites: np.ndarray) -> Tiles:
    """The city with some sites out of order."""
    room_t = tiles.room_t.reshape(-1, CLASSES).copy()
    room_t[sites] = 0.0
    return replace(tiles, room_t=room_t.ravel())


def events(calm: Tiles, many: int, random: np.random.Generator) -> Iterator[Tiles]:
    """The city after each event, those before it still in force."""
    tiles, sites = calm, calm.way_cost.shape[1]
    for _ in range(many):
        kind = random.choice(["down", "cut", "road", "surge", "back"], p=[0.4, 0.2, 0.2, 0.1, 0.1])
        room_t = tiles.room_t.reshape(sites, CLASSES).copy()
        site = int(random.integers(sites))
        if kind == "down":
            room_t[site] = 0.0
        elif kind == "cut":
            room_t[site] *= 0.5
        elif kind == "back":
            room_t = calm.room_t.reshape(sites, CLASSES).copy()
        places = random.choice(len(calm.way_cost), 20, replace=False)
        way_cost, supply_t = tiles.way_cost.copy(), tiles.supply_t.copy()
        if kind == "road":
            cut = random.choice(sites, sites // 10, replace=False)
            way_cost[places[:, None], cut] = NO_WAY
        elif kind == "surge":
            supply_t[places] *= 1.5
        tiles = replace(tiles, room_t=room_t.ravel(), way_cost=way_cost, supply_t=supply_t)
        yield tiles


if __name__ == "__main__":
    main()
