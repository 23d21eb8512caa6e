"""Pages of contracts: those of organisations are public, those of people are their parties'."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from bioloom.doors.compose import City, now
from bioloom.doors.web.app import make_app
from bioloom.doors.web.routes.contracts.pages import PAGE_CONTRACTS
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, read_amount
from bioloom.vocabulary.entries.contracts import AgreementId, AgreementMade, TakeBack
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened, PromiseMade
from bioloom.vocabulary.lots import LotId
from tests.doors.giving.neighbours import ALDER_ROW, ANA, BEN, DIGESTER, town_of_neighbours
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import sign_in, words

PUBLIC, PRIVATE = AgreementId("peel/2026"), AgreementId("jam")
PROMISE = CommitmentId("peel")


def agreement(name: str, *parties: AgentId, promised: bool = False) -> AgreementMade:
    return AgreementMade(
        agreement=AgreementId(name),
        name=f"Contract {name}",
        parties=parties,
        first_day=date(2020, 1, 1),
        last_day=date(2020, 12, 31),
        renews_months=12,
        notice_days=30,
        commitments=(PROMISE,) if promised else (),
        take_backs=(TakeBack(by=parties[0], of=parties[1]),),
    )


def tell(city: City, *told: tuple[str, AgentId, msgspec.Struct]) -> None:
    drafts = [
        Draft(body=body, occurred_at=now(), author=author, idempotency_key=key)
        for key, author, body in told
    ]
    city.journal.record(drafts, recorded_at=now())


@pytest.fixture(scope="module")
def lot(city: City) -> LotId:
    """A lot of which Alder Row gave 3 kg to the digester under a public contract."""
    found: LotId = next(
        e.body.lot for e in city.journal.read(kinds=["LotArrived"]) if e.body.owner == ALDER_ROW
    )
    amount, _ = read_amount(Decimal(3), "kg")
    promise = PromiseMade(
        commitment=PROMISE,
        action="transfer",
        base_unit=MILLIGRAM,
        amount=amount,
        provider=ALDER_ROW,
        receiver=DIGESTER,
    )
    giving = EventHappened(
        action="transfer",
        lot=found,
        quantity=amount,
        fulfills=(PROMISE,),
        stamp="measured",
        provider=ALDER_ROW,
        receiver=DIGESTER,
    )
    tell(
        city,
        ("promise", ALDER_ROW, promise),
        ("public", ALDER_ROW, agreement(PUBLIC, ALDER_ROW, DIGESTER, promised=True)),
        ("private", ANA, agreement(PRIVATE, ANA, BEN)),
        ("giving", ALDER_ROW, giving),
    )
    return found


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with town_of_neighbours(tmp_path_factory.mktemp("towns") / "town") as city:
        yield city


@pytest.fixture
def browser(city: City, lot: LotId) -> Iterator[Client]:
    assert lot
    with Client(make_app(city)) as client:
        yield client


def test_a_contract_of_organisations_says_until_when_and_what_would_go_back(
    browser: Client, lot: LotId
) -> None:
    assert 'href="/contracts/peel%2F2026"' in browser.get("/contracts").text
    page = browser.get("/contracts/peel%2F2026")
    told = words(page.text)

    assert "in force" in told
    assert "Alder Row may take back from" in told
    assert "3.00 kg would go back" in told
    assert lot in page.text


def test_a_contract_of_people_is_there_for_its_parties_only(city: City, browser: Client) -> None:
    assert "Contract jam" not in browser.get("/contracts").text
    refused = browser.get("/contracts/jam")
    assert refused.status_code == 404
    assert words(refused.text) == words(browser.get("/contracts/nil").text).replace("nil", "jam")

    sign_in(browser, city, ANA)
    assert "Contract jam" in browser.get("/contracts").text
    assert "By the record now, nothing would go back." in browser.get("/contracts/jam").text


def test_contracts_are_read_page_by_page_and_none_is_left_out(city: City, browser: Client) -> None:
    names = [f"more-{number}" for number in range(PAGE_CONTRACTS + 5)]
    told = [(name, ALDER_ROW, agreement(name, ALDER_ROW, DIGESTER)) for name in names]
    tell(city, *told)

    address, found = "/contracts", list[str]()
    while address:
        page = browser.get(address).text
        rows = page.count('<li>\n<p><a href="/contracts/')
        assert rows <= PAGE_CONTRACTS
        found += [name for name in [*names, "peel%2F2026"] if f'"/contracts/{name}"' in page]
        following = re.search(r'href="(/contracts\?after=\d+)"', page)
        address = following[1] if following else ""

    assert sorted(found) == sorted([*names, "peel%2F2026"])


@pytest.mark.parametrize("page", ["/contracts", "/contracts/peel%2F2026"])
def test_the_pages_speak_spanish(browser: Client, page: str) -> None:
    assert '<html lang="es">' in browser.get(f"{page}?lang=es").text
