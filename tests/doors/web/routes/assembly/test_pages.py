"""Pages of an assembly: signed, said, voted and objected to by plain forms, by its people only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.compose import City, open_city
from bioloom.doors.web.app import make_app
from tests.doors.assembly.town_hall import ANA, BEN, CEM, CROWD, OLA, busy_hall, does, town_hall
from tests.doors.web.conftest import Client
from tests.doors.web.routes.hands.test_hands import send, sign_in, words

MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = busy_hall(town_hall(tmp_path_factory.mktemp("halls") / "town"))
    hostile = ["--title", MARKUP, "--text", f"{MARKUP}\n\n'\"><img src=x onerror=alert(1)>"]
    does(folder, "petition", "hall", "a/b?c", *hostile, by=CEM)
    does(folder, "say", "talk", MARKUP, by=CEM)
    nine = str(folder.with_suffix(".nine.toml"))
    does(folder, "revise", "trees", nine, "--reason", MARKUP, by=ANA)
    return folder


@pytest.fixture(scope="module")
def city(folder: Path) -> Iterator[City]:
    with open_city(folder) as city:
        yield city


@pytest.fixture(scope="module")
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


PAGES = [
    "/assembly",
    "/assembly/petitions/shade",
    "/assembly/petitions/a%2Fb%3Fc",
    "/assembly/proposals/trees",
    "/assembly/proposals/done",
    "/assembly/talks/talk",
    "/assembly/room/free",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("language", "title"), [("en", "Assemblies"), ("es", "Asambleas")])
def test_every_page_is_whole_in_both_languages_and_inert(
    browser: Client, page: str, language: str, title: str
) -> None:
    answer = browser.get(page, headers={"accept-language": language})

    assert answer.status_code == 200, answer.text
    assert title in answer.text
    assert MARKUP not in answer.text
    assert "<img" not in answer.text
    assert "style=" not in answer.text


def test_the_line_of_stages_says_how_far_a_proposal_came(browser: Client) -> None:
    text = words(browser.get("/assembly").text)

    assert "Proposal done Vote done Code in force done Funded now Effect waiting" in text
    assert "Proposal done Objections now Vote waiting" in text
    assert "1 of 3 signed" in text
    assert "Restore" not in text


def test_a_proposal_shows_what_changed_and_what_it_does(browser: Client) -> None:
    page = browser.get("/assembly/proposals/trees").text

    assert "<del>Ten trees</del>" in page
    assert "<ins>Nine trees</ins>" in page
    assert "Saplings, 500.00" in words(page).replace(" ,", ",")
    assert "The square needs light." in page
    assert "It lets light through." in page


def test_the_moderation_log_gives_reasons_and_appeals_and_not_the_text(browser: Client) -> None:
    text = words(browser.get("/assembly/talks/talk").text)

    assert "Statement 2 was taken off: repeats. Said before." in text
    assert "Appeal: I meant another street." in text
    assert text.count("Birches.") == 1


def test_whoever_is_no_part_of_it_sees_no_forms_and_is_refused(browser: Client, city: City) -> None:
    vote = {"talk": "talk", "statement": "1", "says": "agree"}
    before = city.journal.head()
    assert browser.post("/assembly/vote", data=vote).status_code in (401, 403)
    sign_in(browser, city, OLA)
    for page in PAGES:
        assert 'action="/assembly/' not in browser.get(page).text
    assert send(browser, "/assembly/vote", vote).status_code == 403
    assert send(browser, "/assembly/sign", {"petition": "shade"}).status_code == 403
    objects = {"proposal": "free", "text": "No."}
    assert send(browser, "/assembly/object", objects).status_code == 403
    assert send(browser, "/assembly/say", {"talk": "talk", "text": "No."}).status_code == 403
    assert city.journal.head() == before


def test_a_member_signs_says_votes_objects_and_settles_by_forms(
    browser: Client, city: City
) -> None:
    sign_in(browser, city, CROWD[0])
    assert "/assembly/sign" in browser.get("/assembly/petitions/shade").text
    assert send(browser, "/assembly/sign", {"petition": "shade"}).status_code == 303
    assert "2 of 3 signed" in words(browser.get("/assembly/petitions/shade").text)
    assert send(browser, "/assembly/sign", {"petition": "shade"}).status_code == 400
    assert send(browser, "/assembly/unsign", {"petition": "shade"}).status_code == 303

    vote = {"talk": "talk", "statement": "1", "says": "agree"}
    for says in ("agree", "disagree"):
        assert send(browser, "/assembly/vote", vote | {"says": says}).status_code == 303
    page = browser.get("/assembly/talks/talk").text
    assert "0 agree, 1 disagree, 0 pass" in words(page)
    assert 'value="disagree" aria-pressed="true"' in page
    said = {"talk": "talk", "text": "Oaks, too."}
    assert send(browser, "/assembly/say", said).status_code == 303
    assert "Oaks, too." in browser.get("/assembly/talks/talk").text

    objects = {"proposal": "free", "text": "Not here."}
    assert send(browser, "/assembly/object", objects).status_code == 303
    page = browser.get("/assembly/proposals/free").text
    assert "It is settled" in page
    settles = {"proposal": "free", "objection": "free:1", "how": "settled"}
    assert send(browser, "/assembly/settle", settles).status_code == 303
    assert "settled" in words(browser.get("/assembly/proposals/free").text)
    assert CROWD[0] not in page


def test_a_room_votes_before_a_projector_and_two_people_count(browser: Client, city: City) -> None:
    room = "/assembly/room/hands"
    does(city.folder, "propose", "hall", "hands", str(city.folder.with_suffix(".toml")), by=ANA)
    counted = {"proposal": "hands", "approving": "7", "against": "1"}
    counted |= {"abstaining": "0", "invalid": "1"}
    assert "Not counted yet." in words(browser.get(room).text)
    sign_in(browser, city, ANA)
    assert send(browser, "/assembly/count", counted).status_code == 403
    sign_in(browser, city, BEN)
    assert send(browser, "/assembly/count", counted | {"against": "-1"}).status_code == 400
    assert send(browser, "/assembly/count", counted | {"against": "2"}).status_code == 303
    assert "One has counted." in words(browser.get(room).text)
    assert 'action="/assembly/count"' not in browser.get(room).text
    sign_in(browser, city, CEM)
    assert send(browser, "/assembly/count", counted).status_code == 303
    assert "both count again" in words(browser.get(room).text)
    for who in (CEM, BEN):
        sign_in(browser, city, who)
        assert send(browser, "/assembly/count", counted).status_code == 303
    assert "7 for, 1 against, 0 abstained, 1 invalid" in words(browser.get(room).text)
    assert send(browser, "/assembly/decide", {"proposal": "hands"}).status_code == 403
    sign_in(browser, city, ANA)
    assert send(browser, "/assembly/decide", {"proposal": "hands"}).status_code == 303
    assert "Adopted." in words(browser.get(room).text)


def test_who_made_a_statement_appeals_once_and_what_is_too_long_is_refused(
    browser: Client, city: City
) -> None:
    sign_in(browser, city, CEM)
    assert 'action="/assembly/appeal"' in browser.get("/assembly/talks/talk").text
    appeals = {"talk": "talk", "statement": "2", "text": "It was another one."}
    assert send(browser, "/assembly/appeal", appeals).status_code == 303
    assert send(browser, "/assembly/appeal", appeals).status_code == 400
    sign_in(browser, city, BEN)
    assert send(browser, "/assembly/appeal", appeals).status_code == 400
    endless = {"talk": "talk", "text": "x" * 501}
    assert send(browser, "/assembly/say", endless).status_code == 400
    assert "Closed" not in browser.get("/assembly/talks/talk").text


@pytest.mark.parametrize(
    "page", ["/assembly/petitions/no", "/assembly/proposals/no", "/assembly/talks/no"]
)
def test_what_is_not_there_is_said_to_be_so(browser: Client, page: str) -> None:
    answer = browser.get(page)

    assert answer.status_code == 404
    assert "There is no" in answer.text
