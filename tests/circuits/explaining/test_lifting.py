"""Codes, disruptions and vetoes as causes: each is named because a plan without it gives more."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.codes.trying import NO_CODES, Rulebook
from bioloom.circuits.explaining.questions.answers import Found
from bioloom.circuits.explaining.questions.asking import Questions
from bioloom.circuits.explaining.questions.lifting import MOST_LIFTED
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.posing import Node
from bioloom.doors.asking.telling import Teller
from bioloom.doors.web.speaking import speak
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.declared import Declared
from bioloom.ledger.disruptions.disrupted import Disrupted, Disruptions
from bioloom.vocabulary.agents import operator_of
from bioloom.vocabulary.entries.codes import (
    Banned,
    CodeEnacted,
    CodeId,
    DistanceLimited,
    Prioritised,
    Rule,
    ShareGuaranteed,
)
from bioloom.vocabulary.entries.disruptions import DisruptionReported, MoveVetoed, VetoId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import ONE_DAY, add_district, add_material, add_site, offer_t

NORTH, SOUTH, PEEL = DistrictId("north"), DistrictId("south"), GroupId("peel")
HEAP, FAR = SiteId("heap"), SiteId("far")
T = 10**9


@pytest.fixture
def city() -> Declared:
    city = Declared()
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_material(city, "peel")
    add_site(city, "heap", "peel", km=1, t_per_day=9)
    add_site(city, "far", "peel", km=30, t_per_day=9)
    return city


def book(*rules: Rule) -> Rulebook:
    terms = CodeEnacted(
        code=CodeId("code"),
        version=1,
        title="A clean shore",
        rationale="To be tried.",
        rules=rules,
        first_day=date(2020, 1, 1),
    )
    return Rulebook(versions=[Version(seq=1, terms=terms, last_day=None)])


def disrupted(city: Declared, **what: object) -> Declared:
    told = {"disruption": "storm", "first_day": ONE_DAY.first, "reason": "A flood.", **what}
    body = msgspec.convert(told, DisruptionReported)
    reported = {body.disruption: Disrupted(reported=body)}
    return replace(city, disruptions=Disruptions(reported=reported))


def vetoed(city: Declared, most_t: int = 0) -> Declared:
    body = MoveVetoed(
        veto=VetoId("no"),
        plan="a plan",
        district=NORTH,
        material=MaterialId("peel"),
        site=HEAP,
        most_mg=most_t * T,
        first_day=ONE_DAY.first,
        last_day=ONE_DAY.last,
        reason="The street is under water",
    )
    return replace(city, disruptions=Disruptions(vetoes={body.veto: body}))


def asked(city: Declared, codes: Rulebook = NO_CODES, **offered_t: float) -> Questions:
    made = plan(city, offer_t(**offered_t), ONE_DAY, explain=False, codes=codes)
    assert made.checked
    return Questions(made.trials)


def said(found: Found, city: Declared) -> str:
    return " ".join(Teller(city, speak("en")).say(found))


def test_a_ban_is_named_with_what_would_be_placed_without_it(city: Declared) -> None:
    codes = book(Banned(sites=(HEAP,)))

    found = asked(city, codes, north_peel=12).about_district(NORTH)

    assert (found.reason, found.site) == ("banned", HEAP)
    assert said(found, city) == (
        "Of 12 t of peel of North, 75.0% is placed: the Code “A clean shore” bans it from Heap; "
        "without that, all of it would be placed."
    )


def test_a_ban_is_named_where_it_sends_material_farther(city: Declared) -> None:
    found = asked(city, book(Banned(sites=(HEAP,))), north_peel=4).about_district(NORTH)

    assert said(found, city) == (
        "Peel of North goes to Far (30 km), not to Heap (1 km): the Code “A clean shore” bans it "
        "from Heap; without that, none would have to go farther than there."
    )


def test_a_limit_of_distance_is_named_for_the_district_that_it_cuts_off(city: Declared) -> None:
    codes = book(DistanceLimited(limit_m=25_000))

    found = asked(city, codes, north_peel=12).about_district(NORTH)

    assert (found.reason, found.site) == ("too_far", FAR)
    assert found.trials[0].then.service == 1.0


def test_a_guarantee_to_others_is_named_by_its_code(city: Declared) -> None:
    codes = book(ShareGuaranteed(group=PEEL, per_mille=1000, districts=(SOUTH,)))

    found = asked(city, codes, north_peel=18, south_peel=6).about_district(NORTH)

    assert found.reason == "guaranteed"
    assert found.trials[0].before.service == pytest.approx(2 / 3)
    assert "guarantees others a share" in said(found, city)
    assert "75.0% would be placed" in said(found, city)


def test_others_that_come_first_are_named_by_their_code(city: Declared) -> None:
    found = asked(city, book(Prioritised(districts=(SOUTH,))), north_peel=18, south_peel=6)

    assert "puts others first" in said(found.about_district(NORTH), city)


@pytest.mark.parametrize(
    ("what", "reason", "words"),
    [
        ({"kind": "site_down", "site": HEAP}, "site_down", "Heap is down (“A flood”)"),
        (
            {"kind": "capacity_cut", "site": HEAP, "per_mille": 500},
            "capacity_cut",
            "Heap has less room (“A flood”)",
        ),
        (
            {"kind": "road_cut", "site": HEAP, "areas": ("north",)},
            "road_cut",
            "the road to Heap is cut (“A flood”)",
        ),
        (
            {"kind": "blockade", "agent": operator_of("heap")},
            "blockade",
            "Heap cannot be reached for a blockade (“A flood”)",
        ),
    ],
)
def test_a_disruption_is_named_in_the_words_of_who_reported_it(
    city: Declared, what: dict[str, object], reason: str, words: str
) -> None:
    hit = disrupted(city, **what)

    short = asked(hit, north_peel=16).about_district(NORTH)
    there = asked(hit, north_peel=8).about_district(NORTH)
    site = asked(hit, north_peel=16).about_site(HEAP)

    assert {found.reason for found in (short, there)} == {reason}
    assert words in said(short, hit)
    assert words in said(there, hit)
    assert "all of it would be placed" in said(short, hit)
    # From the site's side a cut road is one too, and a full one not.
    assert site.reason == reason
    keeps = "What keeps more from coming: " if site.mass_mg else "Nothing comes to Heap: "
    assert f"{keeps}{words}" in said(site, hit)


@pytest.mark.parametrize("most_t", [0, 3])
def test_a_veto_is_named_with_its_reason_whether_it_lets_some_through_or_none(
    city: Declared, most_t: int
) -> None:
    found = asked(vetoed(city, most_t), north_peel=8).about_group(NORTH, PEEL, FAR)

    assert found.reason == "vetoed"
    assert "more of it to Heap was vetoed (“The street is under water”)" in said(found, city)
    assert found.trials[0].before.past_mg == (8 - most_t) * T
    assert found.trials[0].then.past_mg == 0


def test_what_hinders_nothing_is_not_named(city: Declared) -> None:
    codes = book(Banned(sites=(FAR,)))

    found = asked(city, codes, north_peel=4).about_district(NORTH)

    assert (found.reason, found.goes_to) == ("nearest", HEAP)


def test_a_site_that_is_banned_for_all_is_never_said_to_have_been_offered_nothing(
    city: Declared,
) -> None:
    found = asked(city, book(Banned(sites=(FAR,))), north_peel=4).about_site(FAR)

    assert found.reason == "banned"
    assert "without that, nothing would change" in said(found, city)


def test_only_so_many_are_tried(city: Declared) -> None:
    codes = book(*[DistanceLimited(limit_m=25_000)] * (MOST_LIFTED + 3))
    trials = plan(city, offer_t(north_peel=4), ONE_DAY, explain=False, codes=codes).trials

    assert len(list(trials.lifting.about(district=NORTH))) == MOST_LIFTED


tenths = st.integers(1, 200).map(lambda tenths: tenths / 10)


@given(offers=st.tuples(tenths, tenths), per_mille=st.integers(0, 999), limit_km=st.integers(1, 40))
def test_whatever_is_said_of_a_code_or_a_disruption_a_plan_without_it_gives(
    offers: tuple[float, float], per_mille: int, limit_km: int
) -> None:
    city = Declared()
    add_material(city, "peel")
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_site(city, "heap", "peel", km=1, t_per_day=9)
    add_site(city, "far", "peel", km=30, t_per_day=9)
    hit = disrupted(city, kind="capacity_cut", site=HEAP, per_mille=per_mille)
    codes = book(DistanceLimited(limit_m=1000 * limit_km))
    offered = offer_t(north_peel=offers[0], south_peel=offers[1])
    questions = Questions(planned(hit, offered, codes).trials)

    for district in (NORTH, SOUTH):
        found = questions.about_district(district)
        lifted = found.trials[0].change.lifted if found.trials else None
        if lifted is not None:
            without = {
                "too_far": (hit, NO_CODES),
                "capacity_cut": (city, codes),
            }
            then = planned(without[lifted.kind][0], offered, without[lifted.kind][1])
            trial = found.trials[0]
            share = then.service_by_group[district][PEEL]
            assert share == pytest.approx(trial.then.service, abs=1e-6)
            assert sum(rest.mass_mg for rest in then.unmet) == pytest.approx(
                trial.then.unmet_mg, abs=9
            )


def planned(city: Declared, offered: dict[Node, int], codes: Rulebook) -> Plan:
    return plan(city, offered, ONE_DAY, explain=False, codes=codes)
