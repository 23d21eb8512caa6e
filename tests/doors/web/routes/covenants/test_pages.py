"""Covenants are read by everybody; who is private is named to nobody else, in refusals neither."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from bioloom.doors.compose import City, now
from bioloom.doors.web.app import make_app
from bioloom.ledger.record.outcomes import Refused
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.covenants import CovenantEnacted, CovenantId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotTransferred
from bioloom.vocabulary.lots import SIDES, LotId
from tests.doors.giving.neighbours import (
    ALDER_ROW,
    ANA,
    BEN,
    DIGESTER,
    OLA,
    STEWARD,
    town_of_neighbours,
)
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import sign_in, words

TEXT = "What we gather stays ours.\n<script>And what we make of it.</script>"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with town_of_neighbours(tmp_path_factory.mktemp("towns") / "town") as city:
        yield city


@pytest.fixture(scope="module")
def lot(city: City) -> LotId:
    """A lot of Alder Row that a covenant binds, and that somebody tried to take in two ways."""
    covenant = CovenantEnacted(
        covenant=CovenantId("ours/first"),
        commons=ALDER_ROW,
        title="Ours stays ours",
        text=TEXT,
        text_sha256=sha256(TEXT.encode()).hexdigest(),
        quorum=2,
        signers=(ANA, BEN, DIGESTER),
    )
    told = draft(covenant, "covenant")
    city.journal.record([told], recorded_at=now())
    lot: LotId = next(
        e.body.lot for e in city.journal.read(kinds=["LotArrived"]) if e.body.owner == ALDER_ROW
    )
    for receiver in (DIGESTER, OLA):
        taking = LotTransferred(
            lot=lot, mass_mg=1000, sides=SIDES, giver=ALDER_ROW, receiver=AgentId(receiver)
        )
        [outcome] = city.journal.append([draft(taking, f"take:{receiver}")], recorded_at=now())
        assert isinstance(outcome, Refused)
    return lot


def draft(body: msgspec.Struct, key: str) -> Draft[Any]:
    return Draft(body=body, occurred_at=now(), author=STEWARD, idempotency_key=key)


@pytest.fixture
def browser(city: City, lot: LotId) -> Iterator[Client]:
    assert lot
    with Client(make_app(city)) as client:
        yield client


def test_a_covenant_is_read_in_its_words_and_its_terms(browser: Client) -> None:
    listed = browser.get("/covenants").text
    assert 'href="/covenants/ours%2Ffirst"' in listed
    page = browser.get("/covenants/ours%2Ffirst")
    told = words(page.text)

    assert "What we gather stays ours." in told
    assert "<script>And" not in page.text
    assert "2 of 3 must sign" in told
    assert "Others may hold it for 30 days" in told
    assert sha256(TEXT.encode()).hexdigest() in told
    assert browser.get("/covenants/never").status_code == 404


def test_signers_and_members_who_are_people_are_counted_and_not_named(
    city: City, browser: Client
) -> None:
    anybody = browser.get("/covenants/ours%2Ffirst").text
    assert ANA not in anybody
    assert "; 2 people or households" in words(anybody)
    assert "fewer than ten" in words(anybody)

    sign_in(browser, city, ANA)
    assert ANA in browser.get("/covenants/ours%2Ffirst").text


def test_a_bound_lot_says_so_in_its_passport(browser: Client, lot: LotId) -> None:
    page = words(browser.get(f"/lots/{lot}").text)
    assert "It is bound: it stays among those who belong to Alder Row ." in page
    bound = browser.get(f"/api/passports/{lot}").json()["bound_by"]
    assert [(one["covenant"], one["quorum"]) for one in bound] == [("ours/first", 2)]


def test_what_was_refused_names_organisations_and_nobody_private(
    city: City, browser: Client, lot: LotId
) -> None:
    page = browser.get("/refused").text
    told = words(page)

    assert told.count("It would have become somebody else's who does not belong.") == 2
    assert "A person or a household" in told
    assert OLA not in page
    assert page.count(lot) >= 1
    sign_in(browser, city, OLA)
    assert OLA in browser.get("/refused").text or "Neighbour" in words(browser.get("/refused").text)


@pytest.mark.parametrize("page", ["/covenants", "/covenants/ours%2Ffirst", "/refused"])
def test_the_pages_speak_spanish(browser: Client, page: str) -> None:
    assert '<html lang="es">' in browser.get(f"{page}?lang=es").text


def test_what_is_out_under_a_covenant_is_due_back_on_a_day(
    city: City, lot: LotId, browser: Client
) -> None:
    lending = LotTransferred(
        lot=lot, mass_mg=2000, sides=("custody",), giver=ALDER_ROW, receiver=DIGESTER
    )
    city.journal.record([draft(lending, "lend")], recorded_at=now())
    due = city.today() + timedelta(days=30)

    for whose, reader in ((DIGESTER, OLA), (ALDER_ROW, ANA)):
        sign_in(browser, city, reader)
        page = words(browser.get(f"/me/lots?of={whose}").text)
        assert "Due back under a covenant 2.00 g in the hands of" in page
        assert f"due back on {due.day} {due:%B %Y}" in page
        assert "Ours stays ours" in page
    sign_in(browser, city, BEN)
    assert "Due back" not in words(browser.get("/me/lots").text)
