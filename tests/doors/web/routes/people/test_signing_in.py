"""Signing in: a link is good once and only by its button; a form is ours or it does nothing."""

import pytest

from bioloom.doors.compose import City, now
from bioloom.doors.register.register import Register
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.sessions import ABSOLUTE_MS, IDLE_MS
from bioloom.doors.web.app import make_app
from bioloom.doors.web.guards.crossing import read_address
from bioloom.doors.web.visiting import SEAL_HEADER
from tests.doors.web.conftest import Client
from tests.doors.web.routes.people.coming_in import STEWARD, seal, sign_in, who


def test_a_link_that_is_only_looked_at_stays_good(browser: Client, register: Register) -> None:
    link = register.sessions.issue_link(STEWARD, by=STEWARD, at=now())

    for _ in range(3):
        page = browser.get(f"/sign-in/{link}")
        assert page.status_code == 200
        assert "Sign me in" in page.text
    assert who(browser) is None

    assert browser.post("/sign-in/link", data={"link": link}).status_code == 200
    assert who(browser) == STEWARD
    assert "My account" in browser.get("/").text


def test_a_link_signs_in_once(browser: Client, register: Register) -> None:
    link = register.sessions.issue_link(STEWARD, by=STEWARD, at=now())
    browser.post("/sign-in/link", data={"link": link})
    browser.cookies.clear()

    again = browser.post("/sign-in/link", data={"link": link})

    assert again.status_code == 400
    assert "was used or replaced" in again.text
    assert "was used or replaced" in browser.get(f"/sign-in/{link}").text
    assert who(browser) is None


def test_an_old_link_and_a_guessed_one_sign_nobody_in(browser: Client, register: Register) -> None:
    old = register.sessions.issue_link(STEWARD, by=STEWARD, at=later(now(), -2 * DAY_MS))

    for link in (old, "guessed", "é", "x" * 5000):
        assert browser.post("/sign-in/link", data={"link": link}).status_code == 400
    assert browser.post("/sign-in/link").status_code == 400
    assert who(browser) is None


def test_guessing_is_slow(city: City) -> None:
    with Client(make_app(city)) as browser:
        tries = [browser.post("/sign-in/link", data={"link": "guess"}) for _ in range(15)]

    assert [answer.status_code for answer in tries[:10]] == [400] * 10
    assert tries[-1].status_code == 429
    assert "too many tries" in tries[-1].text


def test_the_cookie_is_for_the_server_alone(browser: Client, register: Register) -> None:
    link = register.sessions.issue_link(STEWARD, by=STEWARD, at=now())
    answer = browser.post("/sign-in/link", data={"link": link}, follow_redirects=False)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("bioloom=")
    for word in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_over_tls_the_cookie_is_bound_to_the_host(city: City, register: Register) -> None:
    link = register.sessions.issue_link(STEWARD, by=STEWARD, at=now())
    with Client(make_app(city, address=read_address("https://commons.example"))) as browser:
        answer = browser.post(
            "/sign-in/link",
            data={"link": link},
            headers={"host": "commons.example", "origin": "https://commons.example"},
            follow_redirects=False,
        )

    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-bioloom=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_signing_in_again_ends_the_session_before(browser: Client, register: Register) -> None:
    sign_in(browser, register)
    before = browser.cookies["bioloom"]
    sign_in(browser, register)

    assert browser.cookies["bioloom"] != before
    assert register.sessions.session_of(before, at=now()) is None
    assert who(browser) == STEWARD


@pytest.mark.parametrize("ended_ms", [IDLE_MS, ABSOLUTE_MS])
def test_an_expired_session_is_nobody(browser: Client, register: Register, ended_ms: int) -> None:
    then = later(now(), -ended_ms - 1)
    link = register.sessions.issue_link(STEWARD, by=STEWARD, at=then)
    begun = register.sessions.redeem_link(link, at=then)
    browser.cookies.set("bioloom", begun.secret)

    assert who(browser) is None
    answer = browser.get("/me?lang=es", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=%2Fme%3Flang%3Des",
    )


def test_signing_out_ends_the_session_on_the_server_too(
    browser: Client, register: Register
) -> None:
    sign_in(browser, register)
    secret = browser.cookies["bioloom"]

    answer = browser.post("/sign-out", data={"seal": seal(browser)})

    assert answer.status_code == 200
    assert who(browser) is None
    assert register.sessions.session_of(secret, at=now()) is None


def test_one_session_ends_the_others(city: City, browser: Client, register: Register) -> None:
    register.sessions.end_all(STEWARD)
    with Client(make_app(city)) as phone, Client(make_app(city)) as kiosk:
        for device in (phone, kiosk, browser):
            sign_in(device, register)
        account = browser.get("/me").text
        assert account.count("elsewhere") == 2
        here = register.sessions.session_of(browser.cookies["bioloom"], at=now())
        assert here is not None
        all_of_them = register.sessions.sessions_of(STEWARD, at=now())
        first = next(session.id for session in all_of_them if session.id != here.id)
        browser.post("/me/sessions/end", data={"session": first, "seal": seal(browser)})
        assert [who(phone), who(kiosk)].count(STEWARD) == 1
        browser.post("/me/sessions/end", data={"seal": seal(browser)})
        assert (who(phone), who(kiosk), who(browser)) == (None, None, STEWARD)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8000"},
    ],
)
def test_what_another_sites_page_sends_does_nothing(
    browser: Client, register: Register, headers: dict[str, str]
) -> None:
    sign_in(browser, register)
    sealed = {"seal": seal(browser)}

    for address in ("/sign-out", "/me/sessions/end", "/sign-in/link"):
        answer = browser.post(address, data=sealed, headers=headers)
        assert answer.status_code == 403
        assert "another site" in answer.text
    assert who(browser) == STEWARD


def test_a_form_without_this_sessions_seal_does_nothing(
    city: City, browser: Client, register: Register
) -> None:
    sign_in(browser, register)
    with Client(make_app(city)) as other:
        sign_in(other, register)
        others = seal(other)

    for sealed in ({}, {"seal": ""}, {"seal": "x"}, {"seal": others}):
        answer = browser.post("/sign-out", data=sealed)
        assert answer.status_code == 403
        assert "from before you signed in" in answer.text
    assert browser.post("/sign-out", headers={SEAL_HEADER: others}).status_code == 403
    assert who(browser) == STEWARD
    assert browser.post("/sign-out", headers={SEAL_HEADER: seal(browser)}).status_code == 200
    assert who(browser) is None


def test_nobody_signs_out_nobody(browser: Client) -> None:
    assert browser.post("/sign-out").status_code == 401


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("/plan?a=b", "/plan?a=b"), ("https://evil.example", "/"), ("//evil.example", "/")],
)
def test_after_signing_in_one_stays_on_this_server(browser: Client, asked: str, kept: str) -> None:
    page = browser.get("/sign-in", params={"next": asked}).text

    assert 'value="https://evil' not in page
    assert ("only for people who are signed in" in page) == (kept != "/")


def test_what_one_reader_sees_is_kept_for_no_other(browser: Client, register: Register) -> None:
    assert browser.get("/").headers["cache-control"] == "no-cache"
    sign_in(browser, register)

    headers = browser.get("/").headers
    assert headers["cache-control"] == "private, no-cache"
    assert "Cookie" in headers["vary"]
    assert browser.get("/visit").headers["cache-control"] == "no-store"


def test_whoever_signs_in_is_told_what_they_may_do(browser: Client, register: Register) -> None:
    sign_in(browser, register)

    for language, told in [("en", "steward of the whole city"), ("es", "de toda la ciudad")]:
        page = browser.get("/me", headers={"accept-language": language}).text
        assert told in page
        assert "steward" in page
