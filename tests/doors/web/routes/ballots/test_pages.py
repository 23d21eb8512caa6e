"""A ballot on its page: drawn signed in, cast from anywhere, and counted for everybody to see."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from bioloom.doors.assembly.balloting import close_in, open_box, open_in, tally_in
from bioloom.doors.compose import City
from bioloom.doors.keys.signing import Signer
from bioloom.doors.web.app import make_app
from bioloom.vocabulary.entries.ballots import Rule
from tests.doors.assembly.voting_city import AFTER, STEWARD, Clock, asked, person, voting_city
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import send, sign_in

PARK = "/assembly/ballots/park"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def city(tmp_path: Path, clock: Clock) -> Iterator[City]:
    with replace(voting_city(tmp_path / "city", 4), told_time=clock) as made:
        Signer(made).make_key(author=STEWARD)
        yield made


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city), raise_server_exceptions=False) as client:
        yield client


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def ask(city: City, rule: Rule = "majority") -> None:
    with open_box(city) as box:
        open_in(city, box, asked(rule), by=STEWARD)


def drawn(browser: Client, city: City, number: int) -> str:
    """The credential that somebody is shown once."""
    sign_in(browser, city, person(number))
    answer = send(browser, "/assembly/vote/draw", {"ballot": "park"})
    assert answer.headers["cache-control"] == "no-store"
    found = re.search(r'name="credential"[^>]* value="([^"]{43})"', answer.text)
    assert found, answer.text
    return found[1]


def test_a_ballot_is_drawn_cast_and_told_of_on_its_page(
    city: City, browser: Client, clock: Clock
) -> None:
    ask(city)
    assert "Sign in to get a ballot" in words(browser.get(PARK).text)
    for number, answer in enumerate(("yes", "yes", "")):
        credential = drawn(browser, city, number)
        form = {"ballot": "park", "credential": credential, "answer": answer}
        cast = send(browser, "/assembly/vote/cast", form)
        assert cast.status_code == 303, cast.text
        page = browser.get(cast.headers["location"]).text
        assert "Your ballot is in, as entry" in words(page)
        link = re.search(r'href="(/api/proofs/\d+)"', page)
        assert link
        assert browser.get(link[1]).json()["format"] == "bioloom-proof/1"
    page = words(browser.get(PARK).text)
    assert "Ballots that are in: 3" in page
    assert "What came of it" not in page

    clock.at = AFTER
    close_in(city, "park", by=STEWARD)
    with open_box(city) as box:
        tally_in(city, box, "park", by=STEWARD)
    page = words(browser.get(PARK).text)
    assert "Decided." in page
    assert re.search(r"Yes \(\s*wins\s*\) 2 No 0", page)
    assert "Contadas: 3. De ellas en blanco: 1." in words(browser.get(f"{PARK}?lang=es").text)


def test_who_is_signed_out_casts_with_a_credential_alone(city: City, browser: Client) -> None:
    ask(city)
    credential = drawn(browser, city, 0)
    browser.cookies.clear()

    form = {"ballot": "park", "credential": credential, "answer": "no"}
    answer = browser.post("/assembly/vote/cast", data=form, follow_redirects=False)

    assert answer.status_code == 303, answer.text


def test_a_ranked_ballot_is_filled_in_by_numbers(city: City, browser: Client) -> None:
    ask(city, "schulze")
    credential = drawn(browser, city, 0)
    form = {"ballot": "park", "credential": credential, "rank:b": "1", "rank:a": "2", "rank:c": ""}

    twice = send(browser, "/assembly/vote/cast", form | {"rank:c": "2"})
    assert twice.status_code == 400
    assert "two options have the same rank" in words(twice.text)
    assert send(browser, "/assembly/vote/cast", form).status_code == 303
    with open_box(city) as box:
        (sealed,) = box.contents(asked().ballot).values()
    assert sealed.text == b'{"marks":["b","a"]}'


def test_an_approval_ballot_is_filled_in_by_marks(city: City, browser: Client) -> None:
    ask(city, "approval")
    form = {"ballot": "park", "credential": drawn(browser, city, 0), "mark:d": "1", "mark:a": "1"}

    assert send(browser, "/assembly/vote/cast", form).status_code == 303
    with open_box(city) as box:
        (sealed,) = box.contents(asked().ballot).values()
    assert sealed.text == b'{"marks":["a","d"]}'


def test_an_exposed_credential_is_exchanged_on_the_page(city: City, browser: Client) -> None:
    ask(city)
    stolen = drawn(browser, city, 0)
    form = {"ballot": "park", "credential": stolen}
    answer = send(browser, "/assembly/vote/exchange", form)

    assert answer.status_code == 200
    assert stolen not in answer.text
    again = send(browser, "/assembly/vote/cast", form | {"answer": "yes"})
    assert "was voided before" in words(again.text)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"credential": "A" * 43}, "none that was drawn"),
        ({"credential": "short"}, "no credential"),
        ({"credential": "A" * 1_000_000}, "no 'credential'"),
        ({"ballot": "pond"}, "no ballot 'pond'"),
        ({"answer": "<script>alert(1)</script>"}, "does not stand on it"),
    ],
)
def test_what_cannot_be_counted_is_refused_and_never_markup(
    changed: dict[str, str], found: str, city: City, browser: Client
) -> None:
    ask(city)
    form = {"ballot": "park", "credential": drawn(browser, city, 0), "answer": "yes"} | changed
    answer = send(browser, "/assembly/vote/cast", form)

    assert answer.status_code in (400, 403, 404)
    assert found in words(answer.text)
    assert "<script>alert" not in answer.text


def test_who_may_not_vote_gets_no_ballot_and_nobody_gets_two(city: City, browser: Client) -> None:
    ask(city)
    sign_in(browser, city, STEWARD)
    assert "You do not belong to those who vote here" in words(browser.get(PARK).text)
    refused = send(browser, "/assembly/vote/draw", {"ballot": "park"})
    assert "may not vote" in words(refused.text)
    drawn(browser, city, 0)
    assert "You have drawn your ballot" in words(browser.get(PARK).text)
    again = send(browser, "/assembly/vote/draw", {"ballot": "park"})
    assert "has drawn a credential" in words(again.text)


def test_the_list_of_ballots_says_where_each_stands(city: City, browser: Client) -> None:
    assert "Nobody has opened a ballot yet." in words(browser.get("/assembly/ballots").text)
    ask(city)
    assert "Open · Closes" in words(browser.get("/assembly/ballots").text)
    assert browser.get("/assembly/ballots/nowhere").status_code == 404
