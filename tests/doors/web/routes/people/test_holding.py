"""My lots and my account: what is somebody's own, and nobody else's."""

import csv
from collections.abc import Iterator
from io import StringIO

import pytest

from bioloom.doors.compose import City
from bioloom.doors.giving.labels import new_label
from bioloom.doors.web.app import make_app
from tests.doors.giving.neighbours import ALDER_ROW, ANA, DIGESTER, OLA, town_of_neighbours
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import gift, send, sign_in, words

NUMBER = new_label(2**41 + 3)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with town_of_neighbours(tmp_path_factory.mktemp("towns") / "town") as city:
        yield city


@pytest.fixture(scope="module")
def browser(city: City) -> Iterator[Client]:
    """Ana has given 8 kg and lent 3 of them to the digester."""
    with Client(make_app(city)) as client:
        sign_in(client, city, ANA)
        send(client, "/give", gift(NUMBER, owner=ANA))
        form = {"number": NUMBER, "lot": f"label:{NUMBER}", "giver": ANA, "receiver": DIGESTER}
        send(client, "/hand-on", form | {"way": "hold", "part": "3"})
        yield client


def test_my_lots_tell_what_is_mine_what_is_out_and_what_i_promised(
    city: City, browser: Client
) -> None:
    sign_in(browser, city, ANA)
    promised = words(browser.get("/me/lots").text)
    assert "Kitchen and garden organics, 8.00 kg estimated" in promised
    assert "Promised by you Neighbour promised" in promised

    sign_in(browser, city, OLA)
    form = {"number": NUMBER, "label": NUMBER, "site": "digester"}
    assert send(browser, "/take-in", form).status_code == 303
    held = words(browser.get(f"/me/lots?of={DIGESTER}").text)
    assert "3.00 kg to be given back to Neighbour" in held
    sign_in(browser, city, ANA)
    assert "3.00 kg out, in the hands of" in words(browser.get("/me/lots").text)


def test_an_account_is_a_page_a_table_and_json_with_the_same_lines(
    city: City, browser: Client
) -> None:
    sign_in(browser, city, ANA)
    page = words(browser.get("/me/account").text)
    told = browser.get("/me/account.json").json()
    rows = list(csv.DictReader(StringIO(browser.get("/me/account.csv").text)))

    assert "Yours + 8.00 kg then 8.00 kg" in page
    assert [line["own_units"] for line in told["lines"]][:1] == [8_000_000]
    assert [int(row["own_units"]) for row in rows] == [line["own_units"] for line in told["lines"]]
    assert told["closing"]["mg"][0] == 8_000_000
    nothing = browser.get("/me/account.json?from=2001-01-01&to=2001-01-31").json()
    assert nothing["lines"] == []


@pytest.mark.parametrize("page", ["/me/lots", "/me/account", "/me/account.json", "/me/account.csv"])
def test_nobody_looks_at_somebody_elses(city: City, browser: Client, page: str) -> None:
    sign_in(browser, city, OLA)
    assert browser.get(f"{page}?of={ANA}").status_code == 404
    assert browser.get(f"{page}?of={ALDER_ROW}").status_code == 404
    assert browser.get(f"{page}?of={DIGESTER}").status_code == 200
    sign_in(browser, city, ANA)
    assert browser.get(f"{page}?of={ALDER_ROW}").status_code == 200
