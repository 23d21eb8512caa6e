"""A lot's passport: exact shares of where it came from, and nothing of what is not the reader's."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

from bioloom.doors.compose import City, now
from bioloom.doors.web.app import make_app
from bioloom.doors.web.guards.crossing import Address
from bioloom.ledger.declaring import declare
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import read_amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import EventHappened, LotMade
from bioloom.vocabulary.entries.ledger import AgentDeclared, LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import day_of, epoch_ms
from bioloom.vocabulary.places import DistrictId
from tests.doors.giving.neighbours import ALDER_ROW, ANA, OLA, STEWARD, town_of_neighbours
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import sign_in, words


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with town_of_neighbours(tmp_path_factory.mktemp("towns") / "town") as city:
        homes = [AgentId(f"household:{n}") for n in range(10)]
        bodies = [AgentDeclared(agent=home, name="A home", sort="household") for home in homes]
        drafts = [
            declare(body, key=body.agent, author=STEWARD, at=now()) for body in reversed(bodies)
        ]
        city.journal.record(drafts, recorded_at=now())
        pour(city, "few", [*homes[:9], ALDER_ROW])
        pour(city, "many", [*homes, ALDER_ROW])
        yield city


def pour(city: City, heap: str, givers: list[AgentId]) -> None:
    """One kilogram of each giver, poured into one heap of Alder Row's."""
    at = now()
    for number, giver in enumerate(givers):
        arrived = LotArrived(
            lot=LotId(f"{heap}:{number}"),
            material=MaterialId("organics"),
            place=DistrictId("01"),
            owner=giver,
            holder=giver,
            mass_mg=1_000_000,
            reported="1",
            unit="kg",
            stamp="measured",
            first_day=day_of(epoch_ms(at), city.settings.zone),
            last_day=day_of(epoch_ms(at), city.settings.zone),
        )
        poured = EventHappened(
            action="transfer",
            provider=giver,
            receiver=ALDER_ROW,
            stamp="measured",
            lot=arrived.lot,
            to_lot=LotId(heap),
            quantity=read_amount(Decimal(1), "kg")[0],
            made=LotMade(lot=LotId(heap), material=MaterialId("organics"), place="01")
            if number == 0
            else None,
        )
        told = (("here", arrived), ("there", poured))
        drafts = [
            Draft(
                body=body,
                occurred_at=at,
                author=STEWARD,
                idempotency_key=arrived.lot if name == "here" else f"{arrived.lot}:{name}",
            )
            for name, body in told
        ]
        city.journal.record(drafts, recorded_at=at)


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


def test_households_are_one_share_and_only_where_they_are_ten(browser: Client) -> None:
    many = browser.get("/api/passports/many").json()["came_from"]

    assert [(one["kind"], one["share"]) for one in many["parts"]] == [
        ("households", "10/11"),
        ("place", "1/11"),
    ]
    assert sum(Fraction(one["share"]) for one in many["parts"]) == 1
    assert sum(one["units"] for one in many["parts"]) == 11_000_000
    discarded = browser.get("/api/passports/many").json()["discarded_by"]["parts"]
    assert [(one["kind"], one["owner"], one["share"]) for one in discarded] == [
        ("households", None, "10/11"),
        ("agent", ALDER_ROW, "1/11"),
    ]
    page = words(browser.get("/lots/many").text)
    assert "Who discarded it" in page
    assert "90.9% Of households (10 lots) · 10.0 kg" in page
    assert "household:3" not in browser.get("/lots/many").text


def test_the_rest_of_few_households_is_told_to_nobody_but_whom_it_is_of(
    city: City, browser: Client
) -> None:
    few = browser.get("/api/passports/few").json()
    assert (
        few["came_from"]
        == few["made_of"]
        == few["discarded_by"]
        == {"parts": [], "hidden": "households"}
    )
    assert "fewer than ten households" in words(browser.get("/lots/few").text)

    sign_in(browser, city, AgentId("household:3"))
    assert "fewer than ten households" in words(browser.get("/lots/few").text)
    assert browser.get("/lots/few:3").status_code == 200
    went_to = browser.get("/lots/few:3").text
    assert re.search(r'100% *</span> <span><a href="/lots/few">few</a>', went_to)


def test_a_line_is_told_in_the_readers_language(browser: Client) -> None:
    english = words(browser.get("/lots/many").text)
    assert "Alder Row put 1.00 kg of Kitchen and garden organics into another lot." in english
    spanish = words(browser.get("/lots/many?lang=es").text)

    assert "Pasaporte del lote many" in spanish
    assert "Alder Row pasó 1,00 kg de Kitchen and garden organics a otro lote." in spanish
    assert "Del lote many:10" in spanish


def test_nobody_is_offered_what_would_be_refused(city: City, browser: Client) -> None:
    assert "/hand-on" not in browser.get("/lots/many").text

    sign_in(browser, city, OLA)
    page = browser.get("/lots/many").text
    assert not re.search(r"/hand-on|/correct\?|/take-back|/take-in\?", page)
    sign_in(browser, city, ANA)
    assert "/hand-on" not in browser.get("/lots/many").text, "a member does not give it away"
    sign_in(browser, city, STEWARD)
    page = browser.get("/lots/many").text
    assert "/hand-on" in page
    assert "/take-back" in page


def test_whoever_may_not_correct_a_lot_is_not_shown_the_form(city: City, browser: Client) -> None:
    entry = city.journal.current(["many:10:there"])["many:10:there"]
    asked = f"/take-back?lot=many:10&entry={entry.id}"
    sign_in(browser, city, OLA)

    assert browser.get("/correct?lot=many").status_code in (400, 403)
    assert browser.get(asked).status_code == 403
    sign_in(browser, city, STEWARD)
    assert browser.get(asked).status_code == 200


def test_a_code_leads_to_where_people_reach_the_server(city: City) -> None:
    address = Address(origin="https://commons.example.org")
    with Client(make_app(city, address=address)) as client:
        page = words(client.get("/lots/many").text)

    assert "https://commons.example.org/l/" in page
    assert "127.0.0.1" not in page


def test_provenance_tells_each_reader_what_the_pages_tell_them(city: City, browser: Client) -> None:
    asked = "/api/provenance/few?direction=back"
    public = browser.get(asked)
    home, other = AgentId("household:3"), AgentId("household:4")

    assert "agent:commons%3A01" in public.json()["agent"]
    assert "household" not in public.text
    assert "few%3A3" not in public.text
    assert browser.get("/api/provenance/few:3").status_code == 404
    sign_in(browser, city, home)
    own = browser.get(asked)
    assert {"lot:few%3A3", "lot:few"} <= set(own.json()["entity"])
    assert str(other) not in own.text
