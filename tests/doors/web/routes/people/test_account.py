"""One's own account: tokens, recovery codes, passkeys, and being forgotten."""

import re

import pytest
from litestar import Litestar

from bioloom.doors.compose import City, now
from bioloom.doors.register.deciding import decide
from bioloom.doors.register.register import Register
from bioloom.doors.web.app import make_app
from bioloom.doors.web.guards.crossing import read_address
from bioloom.doors.web.visiting import SEAL_HEADER
from bioloom.ledger.people.deciding import join
from bioloom.ledger.people.people import people_of
from bioloom.ledger.record.verifying import verify
from tests.doors.register.guests import guest
from tests.doors.web.authenticator import Authenticator
from tests.doors.web.conftest import Client
from tests.doors.web.routes.people.coming_in import (
    NORTH,
    SOUTH,
    STEWARD,
    post,
    seal,
    shown_once,
    sign_in,
    who,
)

PUBLIC = "https://commons.example"


def public(city: City) -> Litestar:
    return make_app(city, address=read_address(PUBLIC))


def test_a_token_is_shown_once_and_acts_until_it_is_revoked(
    browser: Client, register: Register
) -> None:
    sign_in(browser, register)
    answer = browser.post(
        "/me/tokens", data={"seal": seal(browser), "name": "scales", "days": "30", "read": "yes"}
    )
    assert answer.headers["cache-control"] == "no-store"
    [token] = shown_once(answer.text)
    asking = {"authorization": f"Bearer {token}"}
    account = browser.get("/me").text
    assert token not in account
    assert "scales" in account

    assert browser.get("/api/head", headers=asking).status_code == 200
    # A program deals with no people, whatever its owner may do.
    for address in ("/me", "/people", "/invite", "/lots"):
        answer = browser.get(address, headers=asking, follow_redirects=False)
        assert answer.status_code == 401
        assert "A page takes no token" in answer.text
    assert browser.post("/me/tokens", headers=asking).status_code == 401

    named = re.search(r'name="token" value="(\w+)"', account)
    assert named is not None
    post(browser, "/me/tokens/revoke", token=named[1])
    assert browser.get("/api/head", headers=asking).status_code == 401


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "days": "30", "read": "yes"},
        {"name": "x", "days": "0", "read": "yes"},
        {"name": "x", "days": "366", "read": "yes"},
        {"name": "x", "days": "²", "read": "yes"},
        {"name": "x", "days": "30"},
        {"name": "x", "days": "30", "everything": "yes"},
    ],
)
def test_a_token_without_an_end_or_a_use_is_refused(
    browser: Client, register: Register, fields: dict[str, str]
) -> None:
    sign_in(browser, register)

    answer = browser.post("/me/tokens", data={"seal": seal(browser), **fields})

    assert answer.status_code == 400
    assert "What to do:" in answer.text


def test_a_recovery_code_is_good_once(browser: Client, register: Register) -> None:
    sign_in(browser, register)
    codes = shown_once(post(browser, "/me/codes"))
    assert len(codes) == 8
    post(browser, "/sign-out")

    post(browser, "/sign-in/code", code=codes[0].lower().replace("-", " "), next="/lots")
    assert who(browser) == "steward"
    assert "7 codes" in browser.get("/me").text
    post(browser, "/sign-out")
    again = browser.post("/sign-in/code", data={"code": codes[0]})
    assert again.status_code == 400
    assert "not known here, or was used" in again.text
    assert who(browser) is None


@pytest.mark.parametrize("asked", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_a_code_leads_nowhere_else(browser: Client, register: Register, asked: str) -> None:
    sign_in(browser, register)
    [code, *_] = shown_once(post(browser, "/me/codes"))
    told = {"seal": seal(browser), "code": code, "next": asked}

    answer = browser.post("/sign-in/code", data=told, follow_redirects=False)

    assert answer.headers["location"] == "/me"


def test_a_passkey_is_added_used_and_removed(city: City, register: Register) -> None:
    with Client(public(city), base_url=PUBLIC) as browser:
        device = Authenticator(origin=PUBLIC)
        sign_in(browser, register)
        sealed = {SEAL_HEADER: seal(browser)}
        asked = browser.post("/me/passkeys/question", headers=sealed)
        assert asked.headers["cache-control"] == "no-store"
        made = browser.post("/me/passkeys", headers=sealed, content=device.make(asked.content))
        assert made.status_code == 200
        again = browser.post("/me/passkeys", headers=sealed, content=device.make(asked.content))
        assert "no question that is open" in again.text
        post(browser, "/sign-out")

        question = browser.post("/sign-in/passkey/question").content
        answer = device.show(question)
        assert browser.post("/sign-in/passkey", content=answer).status_code == 200
        assert who(browser) == "steward"

        post(browser, "/sign-out")
        replayed = browser.post("/sign-in/passkey", content=answer)
        assert replayed.status_code == 400
        assert who(browser) is None

        sign_in(browser, register)
        named = re.search(r'name="passkey" value="(\w+)"', browser.get("/me").text)
        assert named is not None
        post(browser, "/me/passkeys/remove", passkey=named[1])
        post(browser, "/sign-out")
        question = browser.post("/sign-in/passkey/question").content
        unknown = browser.post("/sign-in/passkey", content=device.show(question))
        assert "not known here" in unknown.text


def test_a_passkey_that_one_person_was_asked_for_is_not_another_persons(
    city: City, register: Register
) -> None:
    ana = guest(register, city, "Ana", scope=NORTH)
    device = Authenticator(origin=PUBLIC)
    with (
        Client(public(city), base_url=PUBLIC) as hers,
        Client(public(city), base_url=PUBLIC) as browser,
    ):
        sign_in(hers, register, ana)
        sign_in(browser, register)
        asked = hers.post("/me/passkeys/question", headers={SEAL_HEADER: seal(hers)}).content
        stolen = browser.post(
            "/me/passkeys", headers={SEAL_HEADER: seal(browser)}, content=device.make(asked)
        )

    assert stolen.status_code == 400
    assert register.passkeys.passkeys_of(ana) == []


def test_passkeys_say_where_they_work(browser: Client) -> None:
    answer = browser.post("/sign-in/passkey/question")

    assert answer.status_code == 400
    assert "http://localhost" in answer.text
    assert "has no passkeys" in browser.get("/sign-in").text


def test_whoever_is_forgotten_is_nowhere_and_the_record_still_holds(
    city: City, browser: Client, register: Register
) -> None:
    ana = guest(register, city, "Ana Unforgettable", scope=NORTH)
    sign_in(browser, register, ana)
    assert "Ana Unforgettable" in browser.get("/me").text
    unsure = browser.post("/me/forget", data={"seal": seal(browser)})
    assert unsure.status_code == 400

    page = post(browser, "/me/forget", sure="yes")

    assert "You are forgotten" in page
    assert "Sign in" in page
    assert who(browser) is None
    assert register.name_of(ana) is None
    assert verify(city.journal.store).holds
    for file in city.folder.rglob("*"):
        assert not file.is_file() or b"Unforgettable" not in file.read_bytes()


def test_who_was_made_a_member_is_asked_for_their_word(
    city: City, browser: Client, register: Register
) -> None:
    ana, ben = guest(register, city, "Ana"), guest(register, city, "Ben")
    decide(city, STEWARD, lambda deed: [join(ana, SOUTH, deed=deed)])
    fields = {"member": ana, "group": SOUTH}

    sign_in(browser, register, ben)
    assert "Your word is asked for" not in browser.get("/me").text
    theirs = browser.post("/me/accept", data={"seal": seal(browser), **fields})
    assert theirs.status_code == 403
    with Client(make_app(city)) as phone:
        sign_in(phone, register, ana)
        page = phone.get("/me").text
        assert "Your word is asked for" in page
        assert "you can leave only once you own nothing that is bound" in page
        assert "Se pide su palabra" in phone.get("/me?lang=es").text
        assert "Your word is asked for" not in post(phone, "/me/accept", **fields)
    people = people_of(city.journal)
    assert people.gave_word(ana, SOUTH, on=now())
    # They came by an invitation, and so by their own word.
    assert people.gave_word(ana, NORTH, on=now())
