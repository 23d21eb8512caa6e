"""What a lot's passport says of where it came from, and to whom it says of whom."""

from collections.abc import Iterator
from typing import Any

import pytest

from bioloom.doors.capturing.told import Kind, Told, read_told
from bioloom.doors.compose import City, now
from bioloom.doors.recording import record_told
from bioloom.doors.web.app import make_app
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from tests.doors.giving.neighbours import ALDER_ROW, ANA, OLA, STEWARD, town_of_neighbours
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import sign_in, words
from tests.ledger.custody.mill import GREEN

MODEL: dict[str, Any] = {
    "declaration": "apart",
    "characteristic": GREEN,
    "definition": "Grown on the allotments.",
    "model": "segregated",
    "operator": ALDER_ROW,
    "site": "01",
    "materials": ["organics"],
    "first_day": "2024-01-01",
}


def event(action: str, lot: str, *, by: AgentId, **more: object) -> dict[str, Any]:
    amount = {"reported": "1", "unit": "kg"}
    about = {"provider": by, "receiver": by, "stamp": "measured", "lot": lot, "quantity": amount}
    return {"action": action} | about | more


def made(lot: str) -> dict[str, Any]:
    return {"made": {"lot": lot, "material": "organics"}}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Ana's peel is poured into a heap of Alder Row's, and said to come from the allotments."""
    with town_of_neighbours(tmp_path_factory.mktemp("towns") / "town") as city:
        tell(city, ANA, ("EventHappened", event("raise", "peel", by=ANA, **made("peel"))))
        tell(city, ANA, ("CharacteristicDeclared", declared("peel", ANA)))
        poured = event("transfer", "peel", by=ANA, to_lot="heap", **made("heap"))
        body = read_told(
            Told(kind="EventHappened", key="poured", body=poured | {"receiver": ALDER_ROW})
        )
        # As if Alder Row had said yes before.
        draft = Draft(body=body, occurred_at=now(), author=ANA, idempotency_key="poured")
        city.journal.record([draft], recorded_at=now())
        own = event("raise", "own", by=ALDER_ROW, **made("own"))
        tell(city, STEWARD, ("EventHappened", own))
        tell(city, STEWARD, ("CharacteristicDeclared", declared("own", ALDER_ROW)))
        tell(city, STEWARD, ("CustodyModelDeclared", MODEL))
        tell(city, STEWARD, ("CustodyClaimed", claimed("heap")), ("CustodyClaimed", claimed("own")))
        yield city


def declared(lot: str, by: AgentId) -> dict[str, Any]:
    said = {"declarer": by, "evidence": "seen at the gate"}
    return {"lot": lot, "characteristic": GREEN} | said


def claimed(lot: str) -> dict[str, Any]:
    amount = {"quantity": {"reported": "1", "unit": "kg"}, "operator": ALDER_ROW}
    return {"declaration": "apart", "characteristic": GREEN, "lot": lot} | amount


def tell(city: City, author: AgentId, *said: tuple[Kind, dict[str, Any]]) -> None:
    """Record things, all of which must be."""
    items = [Told(kind=kind, key=f"{kind}:{body.get('lot')}", body=body) for kind, body in said]
    became = record_told(city, items, author=author)
    assert {one.outcome for one in became} == {"recorded"}, became


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


def test_a_passport_says_what_is_claimed_and_by_whose_word(browser: Client) -> None:
    page = words(browser.get("/lots/own").text)
    spanish = words(browser.get("/lots/own?lang=es").text)
    (claim,) = browser.get("/api/passports/own").json()["custody"]["claims"]

    assert f"{GREEN} : 1.00 kg of it, made of nothing else, claimed by Alder Row" in page
    assert "so it came in, by the word of Alder Row (seen at the gate)" in page
    assert "hecho de nada más, declarado por Alder Row (segregado)" in spanish
    assert (claim["model"], claim["units"]) == ("segregated", 1_000_000)


def test_a_claim_does_not_tell_of_whose_peel_it_is_made(city: City, browser: Client) -> None:
    entry = city.journal.current(["CustodyClaimed:heap"])["CustodyClaimed:heap"]
    page = browser.get("/lots/heap").text
    asked = browser.get(f"/record/{entry.seq}")

    assert "made of nothing else" in words(page)
    assert "peel" not in page
    assert asked.status_code == 404
    assert "peel" not in asked.text
    assert browser.get("/lots/peel").status_code == 404
    sign_in(browser, city, ANA)
    assert "by the word of" in words(browser.get("/lots/peel").text)


def test_who_may_not_speak_for_a_commons_declares_nothing_of_it(city: City) -> None:
    other = Told(kind="CustodyModelDeclared", key="other", body=MODEL | {"declaration": "other"})
    (became,) = record_told(city, [other], author=OLA)

    assert became.outcome == "refused"
    assert "may not declare custody" in str(became.what)
