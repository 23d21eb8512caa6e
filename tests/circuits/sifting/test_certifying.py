"""Certifying: what is wrong with a plan is named, and no prices make a bound that is too high."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.circuits.sifting.certifying import certify
from bioloom.circuits.sifting.finding import sift
from bioloom.circuits.sifting.tiles import Tiles
from tests.circuits.sifting.cities import tiles_of

TILES = tiles_of(seed=5)
PLAN = sift(TILES)


def test_a_plan_from_nothing_is_told_by_hand() -> None:
    # All stays unmet: every tonne costs 400, and what the floors ask for 1600 more.
    nodes = np.arange(TILES.supply_t.size)
    supply = TILES.supply_t.ravel()

    found = certify(TILES, nodes, np.full(len(nodes), -1), supply, np.zeros(len(TILES.limits())))

    assert found.faults == ()
    assert found.value == pytest.approx(400 * supply.sum() + 1600 * TILES.floor_t.sum())


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), width=st.sampled_from([1.0, 100.0, 10_000.0]))
def test_no_prices_give_a_bound_above_the_best_plan(seed: int, width: float) -> None:
    prices = np.random.default_rng(seed).normal(0, width, len(TILES.limits()))

    found = certify(TILES, PLAN.node, PLAN.site, PLAN.mass_t, prices)

    assert found.bound <= found.value * (1 + 1e-9)


@pytest.mark.parametrize(
    ("fault", "tiles"),
    [
        ("add up to the supply", replace(TILES, supply_t=TILES.supply_t * 0.9)),
        ("no way", replace(TILES, reach=np.zeros_like(TILES.reach))),
        ("room takes more", replace(TILES, room_t=TILES.room_t * 0.5)),
        ("more residue", replace(TILES, residue_t=TILES.residue_t * 0.1)),
    ],
)
def test_a_plan_of_other_figures_has_its_fault_named(fault: str, tiles: Tiles) -> None:
    found = certify(tiles, PLAN.node, PLAN.site, PLAN.mass_t, PLAN.prices)

    assert any(fault in word for word in found.faults)


def test_a_mass_below_zero_is_a_fault() -> None:
    found = certify(TILES, PLAN.node, PLAN.site, -PLAN.mass_t, PLAN.prices)

    assert "a mass is below zero" in found.faults


@pytest.mark.parametrize("figure", [np.nan, np.inf])
def test_masses_and_prices_that_are_no_numbers_are_a_fault(figure: float) -> None:
    mass_t, prices = PLAN.mass_t.copy(), PLAN.prices.copy()
    mass_t[0] = prices[0] = figure

    for flows in ((mass_t, PLAN.prices), (PLAN.mass_t, prices)):
        found = certify(TILES, PLAN.node, PLAN.site, *flows)
        assert "a mass or a price is no number" in found.faults
