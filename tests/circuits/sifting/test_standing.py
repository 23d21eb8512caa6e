"""Standing: whatever happens to a plan, the next one is as good as one made from nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.circuits.sifting.certifying import certify
from bioloom.circuits.sifting.standing import Standing
from bioloom.circuits.sifting.tiles import NO_WAY, InForce, Tiles
from bioloom.circuits.solving.program import PlanUnsolved
from tests.circuits.sifting.cities import down, tiles_of
from tests.circuits.sifting.test_finding import check_best


def struck(tiles: Tiles, event: str, random: np.random.Generator) -> Tiles:
    site = int(random.integers(tiles.way_cost.shape[1]))
    place = int(random.integers(tiles.way_cost.shape[0]))
    match event:
        case "down":
            return down(tiles, site)
        case "road cut":
            way_cost = tiles.way_cost.copy()
            way_cost[place, random.random(way_cost.shape[1]) < 0.6] = NO_WAY
            return replace(tiles, way_cost=way_cost)
        case "surge":
            return replace(tiles, supply_t=tiles.supply_t * random.uniform(0.5, 2.0))
        case "ban":
            site_cost = tiles.site_cost.copy()
            site_cost[:, site] = NO_WAY
            return replace(tiles, site_cost=site_cost)
        case _:
            return replace(tiles, floor_t=tiles.floor_t * 1.5)


EVENTS = st.lists(
    st.sampled_from(["down", "road cut", "surge", "ban", "floors"]), min_size=1, max_size=4
)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), events=EVENTS, refund=st.sampled_from([0.0, 5.0, 300.0]))
def test_each_plan_of_a_storm_is_as_cheap_as_one_from_nothing(
    seed: int, events: list[str], refund: float
) -> None:
    random = np.random.default_rng(seed)
    calm = tiles_of(seed=seed)
    standing = Standing(calm)

    for event in events:
        tiles = struck(calm, event, random)
        plan = standing.replan(tiles, refund)
        check_best(standing.tiles, plan)

    assert standing.replan(calm).value == pytest.approx(Standing(calm).plan.value, rel=1e-6)


def test_a_refund_keeps_mass_where_it_is_and_costs_no_more_than_it_refunds() -> None:
    calm = tiles_of(places=12, seed=7)
    struck_city = down(calm, 1)
    moved_t, cost = {}, {}
    for refund in (0.0, 20.0):
        standing = Standing(calm)
        before = standing.plan
        after = standing.replan(struck_city, refund)
        held = InForce(node=before.node, site=before.site, mass_t=before.mass_t, refund=1.0)
        flows = after.node, after.site, after.mass_t, after.prices
        cost[refund] = certify(struck_city, *flows).value
        stayed_t = cost[refund] - certify(replace(struck_city, in_force=held), *flows).value
        moved_t[refund] = float(before.mass_t.sum()) - stayed_t

    assert moved_t[20.0] < moved_t[0.0]
    assert cost[20.0] - cost[0.0] <= 20.0 * (moved_t[0.0] - moved_t[20.0]) + 1e-6


def test_a_master_program_that_does_not_come_to_an_end_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bioloom.circuits.solving.program.MOST_SECONDS", 0.0)

    with pytest.raises(PlanUnsolved, match="stopped with 'Time limit reached'"):
        Standing(tiles_of(seed=7))
