"""By hand: what a form says is recorded once, by who may say it, and mended where it was amiss."""

import re
from collections.abc import Iterator
from hashlib import sha256
from html import unescape

import pytest
from httpx import Response

from bioloom.doors.compose import City, now
from bioloom.doors.giving.labels import LABEL_BITS, new_label
from bioloom.doors.register.opening import open_register
from bioloom.doors.web.app import make_app
from bioloom.ledger.inventory import LotRow, lot
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
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

Form = dict[str, str]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with town_of_neighbours(tmp_path_factory.mktemp("towns") / "town") as city:
        yield city
        assert verify(city.journal.store).holds


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


@pytest.fixture
def number(request: pytest.FixtureRequest) -> str:
    digest = sha256(request.node.nodeid.encode()).hexdigest()
    return new_label(int(digest, 16) % 2**LABEL_BITS)


def sign_in(browser: Client, city: City, agent: AgentId) -> None:
    browser.cookies.clear()
    with open_register(city) as register:
        link = register.sessions.issue_link(agent, by=STEWARD, at=now())
        browser.cookies.set("bioloom", register.sessions.redeem_link(link, at=now()).secret)


def send(browser: Client, path: str, form: Form) -> Response:
    seal = browser.get("/visit").json()["seal"]
    return browser.post(path, data={**form, "seal": seal}, follow_redirects=False)


def gift(number: str, **changed: str) -> Form:
    form = {"number": number, "material": "organics", "count": "2", "measure": "bucket"}
    return form | {"district": "01", "owner": ALDER_ROW} | changed


def found(city: City, number: str) -> LotRow:
    row = lot(city.journal, LotId(f"label:{number}"))
    assert row is not None
    return row


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_a_member_gives_for_their_commons_and_sees_the_lot(
    city: City, browser: Client, number: str
) -> None:
    sign_in(browser, city, ANA)

    answer = send(browser, "/give", gift(number))

    assert answer.status_code == 303
    row = found(city, number)
    assert (row.units, row.stamp, row.reported, row.unit) == (8_000_000, "estimated", "2", "bucket")
    assert row.owners == row.holders == {ALDER_ROW: 8_000_000}
    page = browser.get(answer.headers["location"]).text
    assert "Given, and in the record." in words(page)
    assert 'class="qr"' in page


def test_a_form_sent_twice_is_one_lot_even_after_it_was_corrected(
    city: City, browser: Client, number: str
) -> None:
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number))
    before = city.journal.head().seq
    assert send(browser, "/give", gift(number)).status_code == 303
    assert city.journal.head().seq == before

    correction = gift(number, lot=f"label:{number}", count="3")
    assert send(browser, "/correct", correction).status_code == 303
    assert send(browser, "/give", gift(number)).status_code == 303
    assert city.journal.head().seq == before + 1
    assert found(city, number).units == 12_000_000


def test_nobody_gives_without_signing_in_or_in_a_strangers_name(
    city: City, browser: Client, number: str
) -> None:
    before = city.journal.head().seq
    assert browser.post("/give", data=gift(number)).status_code == 401

    sign_in(browser, city, OLA)
    refused = send(browser, "/give", gift(number))
    assert refused.status_code == 400
    assert "may not give lot" in words(refused.text)
    assert browser.post("/give", data=gift(number)).status_code == 403, "a form without its seal"
    assert city.journal.head().seq == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"count": "none"}, "is not an amount"),
        ({"material": "gold"}, "Material 'gold' is not in the record"),
        ({"district": "99"}, "District '99' is not in the record"),
        ({"number": "0000000001"}, "Look at the label again"),
        ({"label": "0000000001"}, "Look at the label again"),
        ({"when": "earlier", "at": "2999-01-01T10:00"}, "has not come yet"),
        ({"when": "earlier", "at": "yesterday"}, "is not an instant"),
        ({"filled_at": "yesterday"}, "is not an instant"),
        ({"filled_by": "person:ben"}, "Somebody else filled in this form"),
        ({"uncertainty": "400"}, "less sure than 100"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_the_form_stays_filled_in(
    city: City, browser: Client, number: str, changed: Form, said: str
) -> None:
    sign_in(browser, city, ANA)

    answer = send(browser, "/give", gift(number) | changed)

    assert answer.status_code == 400
    assert said in words(answer.text)
    assert 'value="bucket" required checked' in answer.text
    assert not city.journal.store.keys([f"label:{number}"])


def test_a_lot_that_was_given_earlier_happened_then(
    city: City, browser: Client, number: str
) -> None:
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number, when="earlier", at="2026-01-02T23:30"))

    row = found(city, number)
    assert row.occurred_at == "2026-01-02T23:30:00.000Z"
    assert str(row.first_day) == "2026-01-02"


def test_a_correction_stands_beside_what_was_said(city: City, browser: Client, number: str) -> None:
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number))
    page = browser.get(f"/correct?lot=label:{number}").text
    assert 'name="count" inputmode="decimal"' in page
    assert 'value="2"' in page

    form = gift(number, lot=f"label:{number}", count="5", measure="kg")
    assert send(browser, "/correct", form).status_code == 303

    line = words(browser.get(f"/lots/label:{number}").text)
    assert "came into the record. 2 buckets estimated" in line
    assert "came into the record. 5 kg measured" in line
    assert "corrects an earlier entry" in line


def test_only_who_gave_it_or_a_steward_corrects(city: City, browser: Client, number: str) -> None:
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number))
    form = gift(number, lot=f"label:{number}", count="5")
    for agent, status in ((BEN, 403), (OLA, 403), (STEWARD, 303)):
        sign_in(browser, city, agent)
        assert send(browser, "/correct", form).status_code == status, agent


def test_taking_back_asks_for_a_reason(city: City, browser: Client, number: str) -> None:
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number))
    row = found(city, number)
    entry = city.journal.at([row.made_by])[row.made_by].id
    form = {"lot": row.lot, "entry": entry}

    refused = send(browser, "/take-back", form)
    assert refused.status_code == 400
    assert "No reason is given" in words(refused.text)

    assert send(browser, "/take-back", form | {"reason": "duplicate"}).status_code == 303
    assert found(city, number).holders == {}
    assert send(browser, "/take-back", form | {"reason": "duplicate"}).status_code == 303


def handed_to_the_digester(browser: Client, city: City, number: str, **changed: str) -> Form:
    """Ana's own lot of 8 kg, promised to Ola's digester."""
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number, owner=ANA))
    form = {"number": number, "lot": f"label:{number}", "giver": ANA, "receiver": DIGESTER}
    answer = send(browser, "/hand-on", form | {"way": "hold"} | changed)
    assert answer.headers["location"].endswith("?said=promised")
    return form


def test_a_lot_changes_hands_by_the_word_of_both(city: City, browser: Client, number: str) -> None:
    handed_to_the_digester(browser, city, number)
    assert found(city, number).holders == {ANA: 8_000_000}

    sign_in(browser, city, OLA)
    form = {"number": number, "label": number, "site": "digester"}
    answer = send(browser, "/take-in", form)

    assert answer.headers["location"].endswith("?said=taken_in")
    row = found(city, number)
    assert (row.owners, row.holders) == ({ANA: 8_000_000}, {DIGESTER: 8_000_000})
    head = city.journal.head().seq
    assert send(browser, "/take-in", form).status_code == 303
    assert city.journal.head().seq == head, "the same form again"
    again = send(browser, "/take-in", form | {"number": new_label(1)})
    assert "No lot with this number is on its way to you" in words(again.text)


@pytest.mark.parametrize(("kg", "action"), [("7.5", "lower"), ("9", "raise")])
def test_what_the_scale_shows_otherwise_is_raised_or_lowered(
    city: City, browser: Client, number: str, kg: str, action: str
) -> None:
    handed_to_the_digester(browser, city, number)
    sign_in(browser, city, OLA)

    send(
        browser,
        "/take-in",
        {"number": number, "label": number, "site": "digester", "weighed": kg},
    )

    units = int(float(kg) * 1_000_000)
    row = found(city, number)
    assert (row.owners, row.holders) == ({ANA: units}, {DIGESTER: units})
    weighing, moved = list(city.journal.read(after=city.journal.head().seq - 2))
    assert (weighing.body.action, weighing.body.quantity.units) == (action, abs(units - 8_000_000))
    assert (moved.body.action, moved.body.stamp) == ("transferCustody", "measured")
    assert weighing.cause == moved.cause is not None


def test_a_part_is_lent_and_the_rest_stays(city: City, browser: Client, number: str) -> None:
    handed_to_the_digester(browser, city, number, way="hold", part="3")
    sign_in(browser, city, OLA)
    send(browser, "/take-in", {"number": number, "label": number, "site": "digester"})

    row = found(city, number)
    assert row.owners == {ANA: 8_000_000}
    assert row.holders == {ANA: 5_000_000, DIGESTER: 3_000_000}


def test_what_is_given_for_good_needs_somebody_who_may_own_it_for_the_site(
    city: City, browser: Client, number: str
) -> None:
    handed_to_the_digester(browser, city, number, way="keep")
    form = {"number": number, "label": number, "site": "digester"}
    sign_in(browser, city, OLA)
    assert "may not transfer rights" in words(send(browser, "/take-in", form).text)

    sign_in(browser, city, STEWARD)
    assert send(browser, "/take-in", form).status_code == 303
    assert found(city, number).owners == {DIGESTER: 8_000_000}


def test_nobody_takes_in_what_was_not_promised_to_them_nor_learns_that_it_exists(
    city: City, browser: Client, number: str
) -> None:
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number, owner=ANA))
    form = {"number": number, "site": "digester"}
    sign_in(browser, city, OLA)
    not_promised = send(browser, "/take-in", form | {"label": number})
    not_there = send(browser, "/take-in", form | {"label": new_label(12345)})
    assert "No lot with this number is on its way" in words(not_promised.text)
    assert "No lot with this number is on its way" in words(not_there.text)
    for page in ("/hand-on", "/correct"):
        assert browser.get(f"{page}?lot=label:{number}").status_code == 404
        assert browser.get(f"{page}?lot=label:{new_label(12345)}").status_code == 404

    sign_in(browser, city, ANA)
    taken = send(browser, "/take-in", form | {"label": number})
    assert taken.status_code == 400
    assert found(city, number).holders == {ANA: 8_000_000}


def test_who_stands_for_both_sides_hands_over_at_once(
    city: City, browser: Client, number: str
) -> None:
    sign_in(browser, city, STEWARD)
    send(browser, "/give", gift(number))
    form = {"number": number, "lot": f"label:{number}", "giver": ALDER_ROW, "receiver": DIGESTER}

    answer = send(browser, "/hand-on", form | {"way": "keep"})

    assert answer.headers["location"].endswith("?said=handed_on")
    assert found(city, number).owners == {DIGESTER: 8_000_000}


def test_a_member_does_not_give_away_what_is_the_commons(
    city: City, browser: Client, number: str
) -> None:
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number))
    form = {"number": number, "lot": f"label:{number}", "giver": ALDER_ROW, "receiver": DIGESTER}

    answer = send(browser, "/hand-on", form | {"way": "keep"})

    assert answer.status_code == 400
    assert "may not transfer rights" in words(answer.text)


def test_a_label_leads_to_its_lot_or_to_the_form_that_gives_one(
    city: City, browser: Client, number: str
) -> None:
    free = browser.get(f"/l/{number.lower()}", follow_redirects=False)
    assert free.headers["location"] == f"/give?label={number[:5]}-{number[5:]}"
    sign_in(browser, city, ANA)
    send(browser, "/give", gift(number))

    assert browser.get(f"/l/{number}").status_code == 200
    assert browser.get(f"/l?number={number[:5]}-{number[5:]}").url.path == f"/lots/label:{number}"
    assert browser.get("/l/0000000001").status_code == 400
    assert browser.get("/l/").url.path == "/scan"


def test_a_lot_from_a_file_has_a_number_to_scan_as_well(city: City, browser: Client) -> None:
    name = next(e.body.lot for e in city.journal.read() if e.kind == "LotArrived")
    page = browser.get(f"/lots/{name}").text
    shown = re.search(r'class="number">([0-9A-Z]+)<', page)
    assert shown is not None

    assert browser.get(f"/l/{shown[1]}").url.path == f"/lots/{name}"


def test_only_the_scanning_page_may_use_a_camera(browser: Client) -> None:
    assert "camera=(self)" in browser.get("/scan").headers["permissions-policy"]
    assert "camera=()" in browser.get("/give").headers["permissions-policy"]


def test_the_copy_that_a_phone_keeps_has_no_seal_and_no_number(city: City, browser: Client) -> None:
    sign_in(browser, city, ANA)
    for page in ("/give", "/take-in", "/scan", "/queue"):
        text = browser.get(f"{page}?kept=1").text
        assert 'name="seal"' not in text
    assert 'name="number" value=""' in browser.get("/give?kept=1").text
    assert 'name="seal"' in browser.get("/give").text
