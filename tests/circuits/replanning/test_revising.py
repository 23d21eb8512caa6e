"""Revising: least change, nothing under way taken back, and no reason that was not shown."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.circuits.planning import plan
from bioloom.circuits.replanning.keeping import Kept
from bioloom.circuits.replanning.moving import moves_between, placed
from bioloom.circuits.replanning.revising import Revision, propose_revision, revise
from bioloom.circuits.replanning.trying import Before
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.entries.disruptions import DisruptionEnded
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import offer_t
from tests.circuits.replanning.disturbed import (
    OFFERED,
    TEN_DAYS,
    disrupted,
    figures,
    in_force,
    town,
    vetoed,
)

A_TONNE = 10**9
SITES = [None, SiteId("a"), SiteId("b"), SiteId("c")]
NODE = DistrictId("north"), MaterialId("peel")


@pytest.fixture
def city() -> Declared:
    return town()


def moves_t(revision: Revision) -> dict[tuple[str, str | None, str | None], float]:
    return {
        (move.material, move.origin, move.site): move.mass_mg / A_TONNE for move in revision.moves
    }


def test_nothing_happened_so_nothing_moves_and_nothing_is_solved(city: Declared) -> None:
    before, _ = in_force(city)
    kept = Kept()

    revision = revise(figures(city), before, kept=kept)

    assert (revision.moves, revision.untouched, kept.solved) == ((), 2, 0)
    assert revision.plan.checked
    assert before.proposed is not None
    assert revision.plan.stages == before.proposed.stages


def test_a_site_that_is_down_moves_what_went_there_and_says_so(city: Declared) -> None:
    before, _ = in_force(city)
    disrupted(city, "site_down", site="near")

    revision = revise(figures(city), before)

    assert moves_t(revision) == {("peel", "near", "far"): 40}
    [move] = revision.moves
    assert move.reason == (
        "40 t of peel of North go to Far (12.0 km) instead of Near (1.0 km): Near is down from "
        "2024-05-01 (Storm.); without that, they would go to Near."
    )
    assert (revision.untouched, len(revision.plan.parts)) == (1, 2)
    assert revision.plan.checked


def test_the_revision_is_the_plan_that_would_be_made_from_nothing(city: Declared) -> None:
    before, _ = in_force(city)
    disrupted(city, "capacity_cut", site="near", per_mille=250)

    revision = revise(figures(city), before)
    anew = plan(city, OFFERED, TEN_DAYS, explain=False)

    assert revision.plan.service == anew.service
    assert revision.plan.flows == anew.flows


def test_what_went_already_stays_though_its_road_is_cut(city: Declared) -> None:
    before, _ = in_force(city)
    gone = Flow(district=NODE[0], material=NODE[1], site=SiteId("near"), mass_mg=12 * A_TONNE)
    disrupted(city, "road_cut", areas=("north",), site="near", first=4)

    revision = revise(figures(city), replace(before, under_way=(gone,)))

    assert moves_t(revision) == {("peel", "near", "far"): 28}
    assert gone in revision.plan.flows
    assert revision.plan.checked


def test_two_that_would_each_do_are_told_as_no_single_cause(city: Declared) -> None:
    before, _ = in_force(city)
    disrupted(city, "site_down", site="near")
    disrupted(city, "road_cut", areas=("north",), site="near")

    [move] = revise(figures(city), before).moves

    assert "no single cause, but 2 together" in move.reason


def test_what_ended_brings_things_back_and_is_named(city: Declared) -> None:
    body = disrupted(city, "site_down", site="near")
    before, _ = in_force(city)
    city.disruptions.fold(
        DisruptionEnded(disruption=body.disruption, last_day=None, reason="A false alarm.")
    )

    [move] = revise(figures(city), before).moves

    assert (move.origin, move.site) == ("far", "near")
    assert "it never was that Near is down" in move.reason


def test_a_veto_is_kept_and_named(city: Declared) -> None:
    before, _ = in_force(city)
    disrupted(city, "site_down", site="near")
    vetoed(city, "north", "peel", "far")

    [move] = revise(figures(city), before).moves

    assert (move.origin, move.site, move.mass_mg) == ("near", None, 40 * A_TONNE)
    assert "without that, they would go to Near" in move.reason


def test_more_that_is_offered_is_told_as_that(city: Declared) -> None:
    before, _ = in_force(city)
    more = replace(figures(city), offered_mg={**OFFERED, **offer_t(south_peel=50)})

    [move] = revise(more, before).moves

    assert (move.origin, move.site, move.mass_mg) == (None, "far", 10 * A_TONNE)
    assert "other mass is offered" in move.reason


def test_a_proposal_names_what_it_revises_and_the_figures_without_what_is_under_way(
    city: Declared,
) -> None:
    before, _ = in_force(city)
    gone = Flow(district=NODE[0], material=NODE[1], site=SiteId("near"), mass_mg=12 * A_TONNE)
    disrupted(city, "road_cut", areas=("north",), site="near", first=4)

    plain = revise(figures(city), before)
    proposed = propose_revision(
        revise(figures(city), replace(before, under_way=(gone,))), plan="after"
    )

    assert proposed.revises == "before"
    assert proposed.inputs_sha256 == plain.inputs_sha256
    assert sum(part.stages for part in proposed.parts) == len(proposed.stages)


def test_a_proof_made_while_something_was_under_way_is_not_passed_on_when_it_came_back(
    city: Declared,
) -> None:
    before, _ = in_force(city)
    disrupted(city, "site_down", site="near")
    down = propose_revision(revise(figures(city), before), plan="down")
    gone = Flow(district=NODE[0], material=NODE[1], site=SiteId("far"), mass_mg=20 * A_TONNE)
    standing = Before(flows=down.flows, unmet=down.unmet, proposed=down, under_way=(gone,))
    up = propose_revision(revise(figures(town()), standing), plan="up")
    again = Before(flows=up.flows, unmet=up.unmet, proposed=up)

    on_its_way = revise(figures(town()), replace(again, under_way=(gone,)))
    returned = revise(figures(town()), again)

    assert (on_its_way.moves, on_its_way.untouched) == ((), 2)
    assert [(one.origin, one.site, one.mass_mg) for one in returned.moves] == [
        ("far", "near", gone.mass_mg)
    ]


masses = st.dictionaries(st.sampled_from(SITES), st.integers(1, 50), max_size=4)


@given(was=masses, now=masses)
def test_moves_take_the_one_plan_to_the_other_milligram_by_milligram(
    was: dict[SiteId | None, int], now: dict[SiteId | None, int]
) -> None:
    moved = list(moves_between({NODE: was}, {NODE: now}))

    after = dict(was)
    for move in moved:
        after[move.origin] = after.get(move.origin, 0) - move.mass_mg
        after[move.site] = after.get(move.site, 0) + move.mass_mg
    assert all(after.get(site, 0) == now.get(site, 0) for site in SITES if site is not None)
    assert all(move.origin != move.site and move.mass_mg > 0 for move in moved)


kinds = st.tuples(st.sampled_from(["near", "far", "kiln"]), st.integers(0, 999), st.integers(1, 10))


@settings(max_examples=25, deadline=None)
@given(events=st.lists(kinds, max_size=3))
def test_whatever_is_cut_the_revision_is_checked_and_as_fair_as_a_plan_from_nothing(
    events: list[tuple[str, int, int]],
) -> None:
    city = town()
    before, _ = in_force(city)
    for site, left, first in events:
        disrupted(city, "capacity_cut", site=site, per_mille=left, first=first)

    revision = revise(figures(city), before)

    anew = plan(city, OFFERED, TEN_DAYS, explain=False)
    assert revision.plan.checked
    assert revision.plan.service == pytest.approx(anew.service, abs=1e-6)
    told = placed(revision.plan.flows, revision.plan.unmet)
    assert {node: sum(sites.values()) for node, sites in told.items()} == OFFERED
