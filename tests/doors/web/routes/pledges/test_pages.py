"""A street's pledge: joined by people's own word on the page, kept by what they discard."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, now
from bioloom.doors.giving.labels import new_label
from bioloom.doors.web.app import make_app
from bioloom.ledger.declaring import declare
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import MembershipBegan
from bioloom.vocabulary.periods import Instant
from tests.doors.giving.neighbours import ALDER_ROW, ANA, OLA, town_of_neighbours
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import gift, send, sign_in, words

HOMES = [AgentId(f"household:{number:02}") for number in range(12)]
HOME = HOMES[0]
DONE, REFUSED = 0, 2


@pytest.fixture
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with town_of_neighbours(tmp_path_factory.mktemp("towns") / "town") as city:
        at, steward = now(), city.settings.steward
        bodies = [
            *(AgentDeclared(agent=home, name=home, sort="household") for home in HOMES),
            *(MembershipBegan(member=home, group=ALDER_ROW) for home in HOMES),
            MembershipBegan(member=ANA, group=HOME),
        ]
        drafts = [
            declare(body, key=f"street:{number}", author=steward, at=at)
            for number, body in enumerate(bodies)
        ]
        city.journal.record(drafts, recorded_at=at)
        yield city
        assert verify(city.journal.store).holds


def make(city: City, *more: str) -> int:
    """The street's pledge, from today for two weeks."""
    today = city.today()
    days = ["--from", str(today), "--to", str(today + timedelta(days=13))]
    said = ["--commons", ALDER_ROW, "--title", "Apart", "--text", "We keep organics apart."]
    aim = ["--counted", "organics", "--against", "refuse", "--share", "80"]
    command = ["pledges", "make", str(city.folder), "apart", *said, *aim, *days, *more]
    return main(command)


def told(city: City, capsys: pytest.CaptureFixture[str], *command: str) -> Any:  # noqa: ANN401
    """What a command prints as JSON."""
    capsys.readouterr()
    assert main([*command[:2], str(city.folder), *command[2:], "--json"]) == DONE
    return json.loads(capsys.readouterr().out)


def in_days(city: City, days: int) -> City:
    """The same city, as it will stand after some days."""
    at = Instant(f"{city.today() + timedelta(days=days)}T12:00:00.000Z")
    return replace(city, settings=msgspec.structs.replace(city.settings, clock_stands_at=at))


def discards(browser: Client, number: int, owner: AgentId, material: str, count: int) -> str:
    """What somebody gives on the page, and where that leads."""
    form = gift(new_label(number), owner=owner, material=material, count=str(count), measure="kg")
    answer = send(browser, "/give", form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


@pytest.mark.system(3)
def test_a_street_pledges_gives_keeps_its_word_and_renews_it(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make(city) == DONE
    with Client(make_app(city)) as browser:
        assert "Sign in to join" in words(browser.get("/pledges/apart").text)
        sign_in(browser, city, ANA)
        page = browser.get("/pledges/apart").text
        assert 'class="qr"' in page
        assert f'value="{HOME}"' in page
        assert send(browser, "/pledges/join", {"pledge": "apart", "who": HOME}).status_code == 303
        for home in HOMES[1:]:
            command = ["pledges", "join", str(city.folder), "apart", "--as", home]
            assert main(command) == DONE
        for number, home in enumerate(HOMES):
            sign_in(browser, city, ANA if home == HOME else home)
            lot = discards(browser, 2 * number + 1, home, "organics", 9)
            discards(browser, 2 * number + 2, home, "refuse", 1)
        assert 'class="qr"' in browser.get(lot).text
        sign_in(browser, city, ANA)
        account = browser.get(f"/me/account.json?of={HOME}").json()
        assert [line["own_units"] for line in account["lines"]] == [9_000_000, 1_000_000]
        assert "Nothing can be told yet." in words(browser.get("/pledges").text)

    with Client(make_app(in_days(city, 7))) as later:
        page = words(later.get("/pledges/apart").text)
        assert "12 have joined" in page
        assert "Reached." in page
        assert "108 kg for it, 12.0 kg against it." in page
        assert "108 kg a favor" in words(later.get("/pledges/apart?lang=es").text)

    first, last = city.today() + timedelta(days=14), city.today() + timedelta(days=27)
    told(city, capsys, "pledges", "renew", "apart", "--from", str(first), "--to", str(last))
    shown = told(city, capsys, "pledges", "show", "apart")
    assert [(one["season"], one["joined"]) for one in shown["seasons"]] == [(2, 0), (1, 12)]
    told(city, capsys, "pledges", "join", "apart", "--who", HOME, "--as", ANA)
    assert told(city, capsys, "pledges", "list")[0]["seasons"][0]["joined"] is None


def test_nine_households_are_told_nothing_of(city: City) -> None:
    assert make(city) == DONE
    for home in HOMES[:9]:
        assert main(["pledges", "join", str(city.folder), "apart", "--as", home]) == DONE
    with Client(make_app(city)) as browser:
        for number, home in enumerate(HOMES[:9]):
            sign_in(browser, city, home)
            discards(browser, number + 1, home, "organics", 9)
    with Client(make_app(in_days(city, 20))) as later:
        page = words(later.get("/pledges/apart").text)

    assert "Nothing can be told yet." in page
    assert "fewer than ten households have joined" in page
    assert "81" not in page


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (["make"], "may not promise"),
        (["renew", "apart", "--from", "2100-01-01", "--to", "2100-02-01"], "may not promise"),
        (["join", "apart", "--who", HOME], "may not promise"),
        (["leave", "apart", "--who", HOME], "may not promise"),
        (["join", "apart"], "does not belong to"),
    ],
)
def test_who_is_no_part_of_it_says_nothing_for_others(
    city: City, command: list[str], found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make(city) == DONE
    before = city.journal.head()

    if command == ["make"]:
        code = make(city, "--as", OLA)
    else:
        code = main(["pledges", command[0], str(city.folder), *command[1:], "--as", OLA])

    assert code == REFUSED
    assert found in capsys.readouterr().err
    assert city.journal.head() == before


def test_a_stranger_joins_nothing_by_the_page_either(city: City) -> None:
    assert make(city) == DONE
    with Client(make_app(city)) as browser:
        form = {"pledge": "apart", "who": HOME}
        assert browser.post("/pledges/join", data=form).status_code in (401, 403)
        sign_in(browser, city, OLA)
        assert send(browser, "/pledges/join", form).status_code == 403
        nowhere = {"pledge": "elsewhere", "who": OLA}
        assert send(browser, "/pledges/join", nowhere).status_code == 404
        assert browser.get("/pledges/elsewhere").status_code == 404
    assert "PledgeJoined" not in {entry.kind for entry in city.journal.read()}


def test_nobody_reads_who_has_joined(city: City) -> None:
    assert make(city) == DONE
    assert main(["pledges", "join", str(city.folder), "apart", "--who", HOME, "--as", ANA]) == DONE
    seq = city.journal.head().seq
    with Client(make_app(city)) as browser:
        assert browser.get(f"/record/{seq}").status_code == 404
        assert HOME not in browser.get("/pledges/apart").text
        sign_in(browser, city, OLA)
        assert browser.get(f"/record/{seq}").status_code == 404
        sign_in(browser, city, ANA)
        assert browser.get(f"/record/{seq}").status_code == 200
