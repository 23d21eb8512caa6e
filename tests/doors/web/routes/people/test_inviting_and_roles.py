"""Inviting and roles: one person a link, and nobody gives what is not theirs to give."""

import re

import pytest

from bioloom.doors.compose import City, now
from bioloom.doors.register.inviting import invite
from bioloom.doors.register.register import Register
from bioloom.doors.web.app import make_app
from bioloom.ledger.people.people import Office, people_of
from bioloom.vocabulary.agents import AgentId
from tests.doors.register.guests import guest
from tests.doors.web.conftest import Client
from tests.doors.web.routes.people.coming_in import (
    NORTH,
    SOUTH,
    post,
    seal,
    shown_once,
    sign_in,
    who,
)


def refused(browser: Client, address: str, **fields: str) -> str:
    answer = browser.post(address, data={"seal": seal(browser), **fields})
    assert answer.status_code in (400, 403), answer.text
    assert "What to do:" in answer.text
    return answer.text


def offices(city: City, agent: str | None) -> frozenset[Office]:
    assert agent is not None
    return people_of(city.journal).offices_of(AgentId(agent), on=now())


def test_the_invited_choose_a_name_that_the_record_never_has(
    city: City, browser: Client, register: Register
) -> None:
    sign_in(browser, register)
    page = post(browser, "/invite", scope=NORTH, role="operator", days="7")
    [link] = shown_once(page)
    assert link.startswith("http://127.0.0.1:8000/invitations/")

    with Client(make_app(city)) as phone:
        shown = phone.get(link)
        assert "To North, as operator." in shown.text
        secret = link.rsplit("/", 1)[1]
        unnamed = phone.post("/invitations", data={"invitation": secret, "name": " "})
        assert unnamed.status_code == 400
        post(phone, "/invitations", invitation=secret, name="Ana Unrecorded")
        ana = who(phone)
        assert offices(city, ana) == {Office("operator", NORTH)}
        assert "Ana Unrecorded" in phone.get("/me").text
        assert "operator of North" in phone.get("/me").text
    assert not any(b"Unrecorded" in row.text for row in city.journal.store.rows())
    with Client(make_app(city)) as other:
        again = other.post("/invitations", data={"invitation": secret, "name": "Eve"})
        assert again.status_code == 400
        assert "was accepted or taken back" in again.text
    assert "Ana Unrecorded" in browser.get("/people").text


def test_an_invitation_that_is_taken_back_lets_nobody_in(
    browser: Client, register: Register
) -> None:
    sign_in(browser, register)
    [link] = shown_once(post(browser, "/invite", scope=NORTH, role="member", days="1"))
    named = re.search(r'name="invitation" value="(\w+)"', browser.get("/invite").text)
    assert named is not None

    post(browser, "/invite/withdraw", invitation=named[1])

    assert browser.get(link).status_code == 400


def test_somebody_who_is_in_already_joins_as_themselves(
    city: City, browser: Client, register: Register
) -> None:
    ana = guest(register, city, "Ana")
    invited = invite(register, city, Office("operator", SOUTH), by=AgentId("steward"))
    sign_in(browser, register, ana)
    assert "Choose a name" not in browser.get(f"/invitations/{invited.secret}").text

    post(browser, "/invitations", invitation=invited.secret)

    assert who(browser) == ana
    assert offices(city, ana) == {Office("operator", SOUTH)}


def test_a_steward_of_one_commons_is_nobody_in_another(
    city: City, browser: Client, register: Register
) -> None:
    northern = guest(register, city, "Nora", role="steward")
    southern = guest(register, city, "Sami", scope=SOUTH)
    sign_in(browser, register, northern)

    page = browser.get("/people").text
    assert "Nora" in page
    assert "Sami" not in page
    assert southern not in page
    assert "South" not in browser.get("/invite").text
    post(browser, "/people/grant", agent=southern, role="operator", scope=NORTH)
    for fields in (
        {"agent": southern, "role": "operator", "scope": SOUTH},
        {"agent": southern, "role": "steward", "scope": ""},
        {"agent": northern, "role": "operator", "scope": SOUTH},
    ):
        assert "may not" in refused(browser, "/people/grant", **fields)
    refused(browser, "/invite", scope=SOUTH, role="member", days="7")
    refused(browser, "/people/link", agent=southern)
    refused(browser, "/people/link", agent="steward")


def test_nobody_gives_a_role_to_themselves(city: City, browser: Client, register: Register) -> None:
    northern = guest(register, city, "Nora", role="steward")
    sign_in(browser, register, northern)

    told = refused(browser, "/people/grant", agent=northern, role="operator", scope=NORTH)

    assert "would make itself operator" in told


def test_a_role_that_is_withdrawn_counts_no_more_in_an_old_session(
    city: City, browser: Client, register: Register
) -> None:
    northern = guest(register, city, "Nora", role="steward")
    member = guest(register, city, "Mo")
    with Client(make_app(city)) as hers:
        sign_in(hers, register, northern)
        assert hers.get("/people").status_code == 200
        sign_in(browser, register)
        post(browser, "/people/withdraw", agent=northern, role="steward", scope=NORTH)

        assert hers.get("/people").status_code == 404
        refused(hers, "/people/grant", agent=member, role="operator", scope=NORTH)
        refused(hers, "/invite", scope=NORTH, role="member", days="7")
    assert offices(city, member) == frozenset()


def test_a_member_looks_after_nobody(city: City, browser: Client, register: Register) -> None:
    sign_in(browser, register, guest(register, city, "Mo"))

    assert browser.get("/people").status_code == 404
    assert "Nothing in the record lets you invite anybody" in browser.get("/invite").text
    account = browser.get("/me").text
    assert "/people" not in account
    assert "/invite" not in account


def test_a_steward_helps_somebody_who_lost_every_way_in(
    city: City, browser: Client, register: Register
) -> None:
    mo = guest(register, city, "Mo")
    sign_in(browser, register)

    [link] = shown_once(post(browser, "/people/link", agent=mo))

    with Client(make_app(city)) as phone:
        assert phone.get(link).status_code == 200
        post(phone, "/sign-in/link", link=link.rsplit("/", 1)[1])
        assert who(phone) == mo


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/people/grant", {"agent": "person:x", "role": "king", "scope": NORTH}),
        ("/people/grant", {"agent": "person:x", "role": "member"}),
        ("/people/grant", {"agent": "person:x", "role": "member", "scope": "nowhere"}),
        ("/people/withdraw", {"agent": "steward", "role": "steward", "scope": ""}),
        ("/invite", {"scope": NORTH, "role": "member", "days": "31"}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_way_to_go_on(
    browser: Client, register: Register, address: str, fields: dict[str, str]
) -> None:
    sign_in(browser, register)

    answer = browser.post(address, data={"seal": seal(browser), **fields})

    assert answer.status_code in (400, 403)
    assert "What to do:" in answer.text
