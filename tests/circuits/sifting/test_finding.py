"""Finding: a sifted plan costs what the whole program costs, and its certificate says so."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.circuits.sifting.certifying import certify
from bioloom.circuits.sifting.finding import Sifted, sift
from bioloom.circuits.sifting.tiles import NO_WAY, Tiles
from tests.circuits.sifting.cities import least_cost, tiles_of


def check_best(tiles: Tiles, plan: Sifted) -> None:
    found = certify(tiles, plan.node, plan.site, plan.mass_t, plan.prices)
    assert found.faults == ()
    assert abs(found.gap) <= 1e-6
    assert found.value == pytest.approx(least_cost(tiles), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), tight=st.sampled_from([0.2, 0.8, 3.0]))
def test_a_sifted_plan_is_as_cheap_as_that_of_the_whole_program(seed: int, tight: float) -> None:
    tiles = tiles_of(seed=seed, tight=tight)

    check_best(tiles, sift(tiles))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_prices_that_are_far_off_lead_to_the_same_plan(seed: int) -> None:
    tiles = tiles_of(seed=seed)
    rows = len(tiles.limits())

    for prices in (np.zeros(rows), np.random.default_rng(seed).uniform(0, 1600, rows)):
        check_best(tiles, sift(tiles, prices))


def test_what_no_site_accepts_stays_unmet_and_is_no_fault() -> None:
    tiles = tiles_of(seed=3)
    nowhere = replace(tiles, site_cost=np.full_like(tiles.site_cost, NO_WAY))

    plan = sift(nowhere)

    assert set(plan.site.tolist()) == {-1}
    check_best(nowhere, plan)


def test_a_city_without_any_room_or_supply_has_a_plan() -> None:
    tiles = tiles_of(seed=4)
    for bare in (
        replace(tiles, room_t=np.zeros_like(tiles.room_t)),
        replace(tiles, supply_t=np.zeros_like(tiles.supply_t)),
    ):
        check_best(bare, sift(bare))
