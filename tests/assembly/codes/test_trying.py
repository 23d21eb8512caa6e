"""A Code tried on the past: what it would have refused, and what each plan would have been."""

from dataclasses import replace
from datetime import date

import pytest

from bioloom.assembly.codes.trying import refused_of, tried_on
from bioloom.circuits.codes.trying import Rulebook
from bioloom.circuits.replanning.trying import Figures
from bioloom.ledger.codes.handling import Handling, Places
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.entries.codes import Banned, DistanceLimited, ShareGuaranteed
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.circuits.cities import ONE_DAY, offer_t
from tests.circuits.codes.test_governing import FAR, NEAR, NORTH, ORGANICS, PEEL, city, version

DAY = ONE_DAY.first
LIMIT = version(DistanceLimited(limit_m=5_000))


def figures() -> Figures:
    return Figures(declared=city(), offered_mg=offer_t(north_peel=6.0), period=ONE_DAY)


def handled() -> list[tuple[int, str, Handling]]:
    places = Places(city())
    flows = [
        Flow(district=NORTH, material=PEEL, site=NEAR, mass_mg=4 * MG_PER_TONNE),
        Flow(district=NORTH, material=PEEL, site=FAR, mass_mg=2 * MG_PER_TONNE),
    ]
    return [(7, "PlanProposed", places.flow(flow, DAY)) for flow in flows]


def test_what_would_have_gone_too_far_is_counted_with_the_rule_that_it_breaks() -> None:
    found = refused_of(LIMIT.terms, handled(), most_listed=5)["PlanProposed"]

    assert (found.acts, found.refused, found.refused_mg) == (2, 1, 2 * MG_PER_TONNE)
    assert [(one.seq, one.rule, one.handling.site) for one in found.listed] == [(7, 1, FAR)]


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        (Banned(sites=(FAR,)), 1),
        (Banned(groups=(ORGANICS,), sites=(NEAR, FAR)), 2),
        (Banned(processes=("another",)), 0),
        (ShareGuaranteed(group=ORGANICS, per_mille=1000), 0),
    ],
)
def test_a_ban_refuses_what_is_named_and_a_guarantee_no_single_act(
    rule: Banned | ShareGuaranteed, refused: int
) -> None:
    found = refused_of(version(rule).terms, handled(), most_listed=0)["PlanProposed"]

    assert (found.refused, found.listed) == (refused, [])


def test_an_event_is_at_the_place_it_tells_or_at_its_receivers_only_one() -> None:
    declared = city()
    event = EventHappened(
        action="transfer",
        provider=declared.districts[NORTH].commons,
        receiver=declared.sites[FAR].operator,
        stamp="generated",
        lot=LotId("heap"),
        quantity=Amount(units=5, reported="5", unit="mg"),
    )

    done = Places(declared).event(event, PEEL, mass_mg=5, day=DAY)

    assert (done.origin, done.site, done.group) == (NORTH, FAR, ORGANICS)
    assert done.way_km == pytest.approx(20, rel=1e-3)


def test_each_period_is_planned_as_it_was_and_as_it_is_tried() -> None:
    was = figures()

    tried = tried_on(was, replace(was, codes=Rulebook(versions=[LIMIT])))

    assert tried.as_it_was is not None
    assert tried.as_tried is not None
    assert (tried.as_it_was.placed_mg, tried.as_tried.placed_mg) == (
        6 * MG_PER_TONNE,
        4 * MG_PER_TONNE,
    )
    assert (tried.as_tried.unplaced_mg, tried.moved_mg) == (2 * MG_PER_TONNE, 2 * MG_PER_TONNE)
    assert tried.as_tried.least_served == (NORTH, ORGANICS)
    assert tried.as_tried.least_share == pytest.approx(4 / 6)
    assert tried.as_tried.checked


def test_where_no_plan_keeps_the_codes_the_conflict_stands_in_its_place() -> None:
    both = [LIMIT, version(ShareGuaranteed(group=ORGANICS, per_mille=900), code="share")]

    tried = tried_on(figures(), replace(figures(), codes=Rulebook(versions=both)))

    assert tried.as_tried is None
    assert "cannot be kept together" in str(tried.conflict_as_tried)


def test_a_period_in_which_nothing_was_offered_has_no_plan() -> None:
    empty = replace(figures(), offered_mg={})

    tried = tried_on(empty, empty)

    assert (tried.offered_mg, tried.as_it_was, tried.conflict_as_it_was) == (0, None, None)
    assert tried.period.first == date(2024, 5, 1)
