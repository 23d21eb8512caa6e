"""Why on the pages: tried before it is said, in the reader's language, without scripts."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from bioloom.doors.asking.why import Question, why
from bioloom.doors.codes.bringing import enact
from bioloom.doors.compose import City, open_city
from bioloom.doors.web.app import make_app
from bioloom.doors.web.asking import Wish
from bioloom.doors.web.desk import ANSWERS_KEPT, Desk
from bioloom.ledger.inventory import lots
from bioloom.vocabulary.entries.codes import Banned, CodeEnacted, CodeId
from bioloom.vocabulary.periods import month_of
from tests.doors.sample_city import sample_city
from tests.doors.web.conftest import Client


@pytest.fixture
def town(tmp_path: Path) -> Iterator[City]:
    with open_city(sample_city(tmp_path / "city")) as town:
        yield town


@pytest.fixture
def browser(town: City) -> Iterator[Client]:
    with Client(make_app(town)) as client:
        yield client


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_a_district_and_a_site_are_answered_as_on_the_command_line(
    town: City, browser: Client
) -> None:
    for district in town.journal.declared().districts:
        text = words(browser.get(f"/districts/{district}?lang=en").text)
        told = why(town, Question(about="district", name=district))
        assert all(says in text for says in told.says)
    for site in town.journal.declared().sites:
        text = words(browser.get(f"/sites/{site}?lang=en").text)
        assert all(says in text for says in why(town, Question(about="site", name=site)).says)


def test_a_lot_is_answered_when_somebody_asks(town: City, browser: Client) -> None:
    lot = next(lots(town.journal)).lot
    told = why(town, Question(about="lot", name=lot))

    plain = browser.get(f"/lots/{lot}?lang=en").text
    asked = words(browser.get(f"/lots/{lot}?lang=en&ask=why").text)

    assert told.says[0] not in words(plain)
    assert 'name="ask" value="why"' in plain
    assert all(says in asked for says in told.says)


def test_a_what_if_is_asked_with_a_form_and_its_answer_says_what_follows(
    town: City, browser: Client
) -> None:
    site, name = next((one.site, one.name) for one in town.journal.declared().sites.values())

    page = browser.get(
        f"/sites/{site}", params={"lang": "en", "what_if": "room", "at": site, "tonnes": "5"}
    ).text

    assert f"With room for 5 t more at {name}" in words(page)
    assert "Then: " in words(page)
    assert "Back to how it is" in words(page)


def test_an_answer_is_in_the_language_of_its_reader(client: Client) -> None:
    page = words(client.get("/sites/compost?lang=es&what_if=down&at=compost").text)

    assert "Sin Compost" in page
    assert "Entonces: Este plan prescinde de Compost" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"what_if": "room", "at": "nowhere", "tonnes": "5"}, "There is no site 'nowhere'"),
        ({"what_if": "offer", "by": "x", "of": "y", "tonnes": "5"}, "is no district and material"),
        ({"what_if": "storm"}, "'storm' cannot be tried"),
    ],
)
def test_a_what_if_that_cannot_be_is_refused_with_its_reason(
    town: City, browser: Client, asked: dict[str, str], said: str
) -> None:
    district = next(iter(town.journal.declared().districts))

    answer = browser.get(f"/districts/{district}", params={"lang": "en", **asked})

    assert 400 <= answer.status_code < 500
    assert said in words(answer.text)


def test_an_answer_is_made_once_and_only_so_many_are_kept(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, standing = Desk(town), Desk(town).standing()
    district = next(iter(standing.declared.districts))
    first = desk.why(standing, "district", district, Wish())
    assert desk.why(standing, "district", district, Wish()) is first

    monkeypatch.setattr("bioloom.doors.web.desk.ANSWERS_KEPT", 1)
    desk.why(standing, "site", next(iter(standing.declared.sites)), Wish())

    assert ANSWERS_KEPT == 256
    assert desk.why(standing, "district", district, Wish()) is not first


def test_a_lot_of_a_month_that_a_code_cuts_is_answered_for_its_days_with_the_same_codes(
    town: City,
) -> None:
    row = next(lots(town.journal))
    month = month_of(row.last_day)
    body = CodeEnacted(
        code=CodeId("ban"),
        version=1,
        title="A ban",
        rationale="To be tried.",
        rules=(Banned(sites=(next(iter(town.journal.declared().sites)),)),),
        first_day=row.last_day,
        last_day=row.last_day,
    )
    enact(town, body, author=town.settings.steward)

    told = why(town, Question(about="lot", name=row.lot))

    assert (told.first, told.last) == (row.last_day, row.last_day)
    assert month.days > 1
