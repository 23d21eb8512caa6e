"""Find and ask: what is at hand is found by what it is and where, and asked for by one's word."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.compose import City
from bioloom.doors.giving.labels import new_label
from bioloom.doors.web.app import make_app
from bioloom.doors.web.views.finding import distance_km
from bioloom.ledger.accounts.at_hand import Shelves
from bioloom.ledger.inventory import lots
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.places import Point
from tests.doors.giving.neighbours import ALDER_ROW, ANA, BEN, OLA, STEWARD, town_of_neighbours
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import gift, send, sign_in, words
from tests.ledger.records import LATER, histories, journal_of

OURS, MINE = new_label(2**42 + 1), new_label(2**42 + 2)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with town_of_neighbours(tmp_path_factory.mktemp("towns") / "town") as city:
        yield city


@pytest.fixture(scope="module")
def browser(city: City) -> Iterator[Client]:
    """Ana has given a lot for Alder Row, and one of her own."""
    with Client(make_app(city)) as client:
        sign_in(client, city, ANA)
        send(client, "/give", gift(OURS, owner=ALDER_ROW, count="7"))
        send(client, "/give", gift(MINE, owner=ANA))
        yield client


def test_what_a_commons_has_is_found_and_a_persons_is_not(browser: Client) -> None:
    page = browser.get("/find?material=organics&place=01").text
    assert f"/lots/label:{OURS}" in page
    assert MINE not in page
    assert f"label:{OURS}" in browser.get(f"/find?words={OURS.lower()}+organics").text
    assert "0 lots found" in words(browser.get("/find?words=unobtainium").text)


def test_the_nearest_is_first_and_pages_go_on(browser: Client) -> None:
    page = words(browser.get("/find?near=01").text)
    assert "0.0 km away" in page
    following = browser.get("/find?near=01&page=2").text
    assert "page=1" in following
    assert browser.get("/find?page=999999&near=nowhere").status_code == 200
    assert browser.get("/find?page=x").status_code == 200


def test_whoever_asks_gives_their_word_and_the_holder_sees_it(city: City, browser: Client) -> None:
    sign_in(browser, city, BEN)
    form = {"number": OURS, "lot": f"label:{OURS}", "fetcher": BEN, "due": "2030-01-01"}
    assert send(browser, "/ask", form).headers["location"].endswith("?said=asked")
    head = city.journal.head().seq
    assert send(browser, "/ask", form).status_code == 303
    assert city.journal.head().seq == head, "the same form again"

    assert "promised" in words(browser.get(f"/find?words={OURS}").text)
    sign_in(browser, city, STEWARD)
    assert "Due on 1 January 2030." in words(browser.get(f"/me/lots?of={ALDER_ROW}").text) or (
        browser.get(f"/me/lots?of={ALDER_ROW}").status_code == 404
    )


def test_what_a_person_promised_is_not_told_to_everybody(city: City, browser: Client) -> None:
    sign_in(browser, city, BEN)
    form = {"number": new_label(2**42 + 3), "lot": f"label:{OURS}", "fetcher": BEN}
    assert send(browser, "/ask", form | {"due": str(city.today())}).status_code == 303
    browser.cookies.clear()
    for page in ("/", "/waiting", "/now", f"/lots/label:{OURS}"):
        assert "Neighbour" not in browser.get(page).text, page


def test_nobody_asks_in_a_strangers_name_or_for_what_is_not_to_be_known(
    city: City, browser: Client
) -> None:
    sign_in(browser, city, OLA)
    form = {"number": MINE, "lot": f"label:{OURS}", "fetcher": BEN, "due": "2030-01-01"}
    assert "may not promise" in words(send(browser, "/ask", form).text)
    assert send(browser, "/ask", form | {"lot": f"label:{MINE}"}).status_code == 404
    assert browser.get(f"/ask?lot=label:{MINE}").status_code == 404
    assert browser.get(f"/ask?lot=label:{OURS}").status_code == 200


@given(histories, st.integers(0, 24))
def test_what_is_at_hand_is_kept_up_as_if_it_were_read_anew(
    history: list[Draft[Any]], cut: int
) -> None:
    journal, shelves = journal_of(), Shelves()
    for number, draft in enumerate(history):
        journal.append([draft], recorded_at=LATER, correct=True)
        if number == cut:
            shelves.rows(journal)

    assert shelves.rows(journal) == Shelves().rows(journal)
    owned = [row for row in lots(journal) if row.owners]
    assert {row.lot for row in shelves.rows(journal)} == {row.lot for row in owned}


def test_distances_are_those_of_a_sphere() -> None:
    london = Point(longitude_deg=-0.1278, latitude_deg=51.5074)
    paris = Point(longitude_deg=2.3522, latitude_deg=48.8566)
    assert distance_km(london, paris) == pytest.approx(343.6, abs=0.5)
