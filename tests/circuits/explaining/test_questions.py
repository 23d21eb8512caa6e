"""Questions: why and what if, and every claim of an answer can be had from a plan made anew."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.codes.trying import Rulebook
from bioloom.circuits.explaining.questions.answers import Change, Found, Trial
from bioloom.circuits.explaining.questions.asking import Questions
from bioloom.circuits.explaining.questions.changing import Changes, WhatIfUnread, read_change
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.posing import Node, SiteUnknown
from bioloom.doors.asking.telling import Teller
from bioloom.doors.web.speaking import speak
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import Banned
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import (
    ONE_DAY,
    add_district,
    add_material,
    add_site,
    add_vehicles,
    offer_t,
)
from tests.circuits.codes.test_governing import version

NORTH, SOUTH, PEEL = DistrictId("north"), DistrictId("south"), GroupId("peel")
HEAP, DIGESTER = SiteId("heap"), SiteId("digester")
T = 10**9


@pytest.fixture
def city() -> Declared:
    city = Declared()
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_material(city, "peel")
    return city


def asked(city: Declared, **offered_t: float) -> Questions:
    return Questions(planned(city, offer_t(**offered_t)).trials)


def planned(city: Declared, offered: dict[Node, int]) -> Plan:
    made = plan(city, offered, ONE_DAY, explain=False)
    assert made.checked
    return made


def tell(found: Found, city: Declared, language: str = "en") -> tuple[str, ...]:
    return Teller(city, speak(language)).say(found)


def test_a_ban_everywhere_is_told_of_the_district_and_of_the_site_with_what_lifting_it_gives(
    city: Declared,
) -> None:
    add_site(city, "heap", "peel", t_per_day=4, km=1.0)
    codes = Rulebook(versions=[version(Banned(groups=(PEEL,), sites=(HEAP,)), code="quiet")])
    made = plan(city, offer_t(north_peel=8), ONE_DAY, explain=False, codes=codes)

    questions = Questions(made.trials)
    found, of_site = questions.about_district(NORTH), questions.about_site(HEAP)

    assert (found.reason, found.site, of_site.reason) == ("banned", HEAP, "banned")
    assert found.trials[0].then.service == 0.5
    assert tell(found, city) == (
        "Of 8 t of peel of North, 0% is placed: the Code “Quiet” bans it from Heap; without that, "
        "50.0% would be placed.",
    )
    assert tell(of_site, city) == (
        "Nothing comes to Heap: the Code “Quiet” bans it from Heap; without that, 4 t more would "
        "be placed and all ways together would be 4 t km longer.",
    )
    assert "sin eso" in tell(of_site, city, "es")[0]


def test_a_full_site_is_named_with_about_the_least_room_that_would_do(city: Declared) -> None:
    add_site(city, "heap", "peel", t_per_day=1)
    add_site(city, "digester", "peel", t_per_day=9)

    found = asked(city, north_peel=16).about_district(NORTH)

    assert (found.reason, found.site, found.trials[0].change.mass_mg) == ("full", DIGESTER, 6 * T)
    assert tell(found, city) == (
        "Of 16 t of peel of North, 62.5% is placed: Digester is full; with room for 6 t more "
        "there, all of it would be placed.",
    )


def test_what_goes_past_a_full_site_is_told_what_sending_it_there_would_do(city: Declared) -> None:
    add_site(city, "heap", "peel", km=1, t_per_day=5)
    add_site(city, "digester", "peel", km=30)

    found = asked(city, north_peel=3, south_peel=4).about_district(SOUTH)

    assert tell(found, city) == (
        "Peel of South goes to Digester (20 km) past Heap (9 km), which is full; with room for "
        "2 t more there, none would have to go farther.",
        "Were 4 t of the peel of South sent to Heap all the same, all ways together would be "
        "36 t km longer.",
    )


def test_what_goes_to_the_nearest_site_is_told_what_that_site_is_worth(city: Declared) -> None:
    add_site(city, "heap", "peel", km=1)
    add_site(city, "digester", "peel", km=30)

    found = asked(city, north_peel=2).about_district(NORTH)

    assert tell(found, city) == (
        "Peel of North goes to Heap (1 km), the nearest site that takes it.",
        "Without Heap, all ways together would be 58 t km longer.",
    )


def test_where_another_plan_is_as_good_nothing_is_said_to_decide(city: Declared) -> None:
    add_site(city, "heap", "peel", km=5, t_per_day=2)
    add_site(city, "digester", "peel", km=50)
    # Both are as far from both sites, so whose peel goes past the heap is all one.
    add_district(city, "south", km=0)
    questions = asked(city, north_peel=2, south_peel=2)

    reasons = {
        questions.about_group(district, PEEL, goes_to=DIGESTER).reason
        for district in (NORTH, SOUTH)
    }

    assert reasons == {"equal"}


def test_vehicles_that_are_too_few_are_named_and_not_the_site_they_go_to(city: Declared) -> None:
    add_site(city, "heap", "peel", km=1)
    add_site(city, "digester", "peel", km=30)
    add_vehicles(city, "carts", origins=("north",), destinations=("heap",), t_per_day=2)

    found = asked(city, north_peel=5).about_district(NORTH)

    assert (found.reason, found.site, found.goes_to) == ("vehicles", HEAP, DIGESTER)
    assert found.trials[0].then.past_mg == 0
    assert "the vehicles that could carry it there" in tell(found, city)[0]


def test_a_material_that_no_site_takes_and_a_district_without_any_are_told_so(
    city: Declared,
) -> None:
    questions = asked(city, north_peel=5)

    assert questions.about_district(NORTH).reason == "nowhere"
    assert questions.about_district(SOUTH).reason == "nothing"


def test_a_site_is_told_what_more_room_would_bring_and_who_would_lose_without_it(
    city: Declared,
) -> None:
    add_site(city, "heap", "peel", km=1, t_per_day=4)
    add_site(city, "digester", "peel", km=30, t_per_day=9)
    questions = asked(city, north_peel=6, south_peel=6)

    assert tell(questions.about_site(HEAP), city) == (
        "Heap takes 4 t; it has room for 4 t. With room for 8 t more at Heap, all ways together "
        "would be 124 t km shorter.",
        "Without Heap, 3 t less would be placed, the peel of North would fall from 100% to 75.0% "
        "and all ways together would be 41 t km longer.",
    )
    enough = questions.about_site(DIGESTER)
    assert (enough.reason, enough.mass_mg) == ("enough", 8 * T)


def test_a_what_if_says_what_changes_and_for_whom(city: Declared) -> None:
    add_site(city, "heap", "peel", km=1, t_per_day=4)
    add_site(city, "digester", "peel", km=30, t_per_day=9)
    offered = offer_t(north_peel=6, south_peel=6)
    change = read_change("down=heap", city)
    then = plan(city, offered, ONE_DAY, explain=False, changes=Changes((change,)))
    questions = Questions(planned(city, offered).trials)

    found = questions.unlike(then.trials, change, questions.cells_of(NORTH))

    assert tell(found, city)[0] == (
        "Without Heap, 75.0% of the peel of North would be placed; now it is 100%."
    )


def test_room_that_nobody_needs_changes_nothing(city: Declared) -> None:
    add_site(city, "heap", "peel", km=1)
    offered = offer_t(north_peel=6)
    change = read_change("room=heap:5", city)
    then = plan(city, offered, ONE_DAY, explain=False, changes=Changes((change,)))

    found = Questions(planned(city, offered).trials).unlike(then.trials, change, [(NORTH, PEEL)])

    assert found.reason == "unchanged"
    assert tell(found, city) == ("With room for 5 t more at Heap, nothing would change.",)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("up=heap", "none of the forms"),
        ("down=", "none of the forms"),
        ("room=heap", "none of the forms"),
        ("room=heap:much", "no number"),
        ("room=heap:-1", "no mass above zero"),
        ("room=heap:nan", "no mass above zero"),
        ("offer=north:3", "no two things"),
        ("offer=north/gold:3", "no district and material"),
        ("send=west/peel:heap:1", "no district 'west'"),
        ("send=north/peel:1", "none of the forms"),
    ],
)
def test_a_what_if_that_cannot_be_read_is_refused_with_its_forms(
    city: Declared, said: str, found: str
) -> None:
    add_site(city, "heap", "peel")

    with pytest.raises(WhatIfUnread, match=found):
        read_change(said, city)


def test_a_what_if_about_a_site_that_is_not_there_names_those_that_are(city: Declared) -> None:
    add_site(city, "heap", "peel")

    with pytest.raises(SiteUnknown, match="heap"):
        read_change("down=hill", city)


def test_more_than_there_is_cannot_be_sent(city: Declared) -> None:
    add_site(city, "heap", "peel")
    change = read_change("send=north/peel:heap:7", city)

    with pytest.raises(WhatIfUnread, match="so much of it is not offered"):
        plan(city, offer_t(north_peel=6), ONE_DAY, changes=Changes((change,)))


tenths = st.integers(1, 300).map(lambda tenths: tenths / 10)


@given(offers=st.tuples(tenths, tenths), rooms=st.tuples(tenths, tenths, tenths))
def test_whatever_an_answer_claims_a_plan_from_a_cold_start_gives(
    offers: tuple[float, float], rooms: tuple[float, float, float]
) -> None:
    city = Declared()
    add_material(city, "peel")
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    for name, km, room in zip(("bank", "bridge", "mill"), (0, 4, 11), rooms, strict=True):
        add_site(city, name, "peel", km=km, t_per_day=room)
    offered = offer_t(north_peel=offers[0], south_peel=offers[1])
    questions = Questions(planned(city, offered).trials)
    answers = [questions.about_district(district) for district in (NORTH, SOUTH)]
    answers += [questions.about_site(site) for site in city.sites]

    for found in answers:
        for trial in found.trials:
            check_against(partial(plan, city, offered, ONE_DAY, explain=False), found, trial)


def check_against(planning: partial[Plan], found: Found, trial: Trial) -> None:
    """What a trial says was before and would be then is what plans made anew say."""
    changes: tuple[Change, ...] = () if trial.change.kind == "none" else (trial.change,)
    for made, figures in (
        (planning(), trial.before),
        (planning(changes=Changes(changes)), trial.then),
    ):
        assert made.checked
        assert trial.checked
        shares = {d: groups[PEEL] for d, groups in made.service_by_group.items()}
        share = min(shares.values()) if found.district is None else shares[found.district]
        assert share == pytest.approx(figures.service, abs=1e-6)
        assert sum(unmet.mass_mg for unmet in made.unmet) == pytest.approx(figures.unmet_mg, abs=9)
        [cost] = [stage.value for stage in made.stages if ": cost" in stage.name]
        assert cost == pytest.approx(figures.way_t_km, rel=1e-6, abs=1e-6)
