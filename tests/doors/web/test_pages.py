"""Pages: complete on the server, honest about what figures stand on, and inert to hostile names."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from bioloom.doors.compose import City
from bioloom.doors.web.app import make_app
from bioloom.ledger.record.journal import Journal
from tests.doors.web.conftest import Client
from tests.doors.web.hostile_city import MARKUP, ODD_DISTRICT, SHA256

LOT = "verdiva:2025-11:north:organics"
ODD_LOT = f"verdiva:2025-11:{quote(ODD_DISTRICT, safe='')}:organics"
PAGES = [
    "/",
    "/codes",
    "/control",
    "/fairness",
    "/cascade",
    "/siting",
    "/cascade?site=compost&hours=6",
    "/plan",
    "/plan?from=2025-11-01&to=2025-11-30&without=compost",
    "/plan?from=2020-01-01&to=2020-01-31",
    "/districts/south",
    f"/districts/{quote(ODD_DISTRICT, safe='')}",
    f"/districts/{quote(ODD_DISTRICT, safe='')}?what_if=offer&of=paper&tonnes=3"
    f"&by={quote(ODD_DISTRICT, safe='')}",
    "/districts/idle",
    "/sites/compost",
    "/sites/compost?without=compost",
    "/sites/compost?what_if=room&at=compost&tonnes=5",
    "/lots",
    "/lots?place=south&material=paper&from=2025-12-01&to=2025-12-31",
    f"/lots/{quote(LOT, safe=':')}",
    f"/lots/{quote(LOT, safe=':')}?ask=why",
    f"/lots/{quote(ODD_LOT, safe=':')}",
    "/assembly",
    "/rounds",
    "/rounds?day=2025-12-01",
    "/work",
    "/record",
    "/record/1",
    "/record/5",
    "/schema",
    "/give",
    "/scan",
    "/take-in",
    "/labels",
    "/queue",
]


def words(html: str) -> str:
    """What a reader sees, without the tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_in_both_languages_and_marks_the_city_as_generated(
    client: Client, page: str
) -> None:
    for language, banner in [("en", "Practice city"), ("es", "Ciudad de práctica")]:
        answer = client.get(page, headers={"accept-language": language})

        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert banner in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_names_from_files_are_never_markup(client: Client, page: str) -> None:
    text = client.get(page).text

    assert MARKUP not in text
    assert "&lt;script&gt;alert" in text
    assert not re.search(r"<script(?![^>]* src=)", text)
    assert not re.search(r"<[^>]+ (?:style|on\w+)=", text)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_every_page_leads_somewhere(client: Client, page: str) -> None:
    links = {
        unescape(link) for link in re.findall(r'(?:href|src)="([^"]+)"', client.get(page).text)
    }
    inner = sorted(link for link in links if not link.startswith("#"))
    assert inner

    for link in inner:
        assert link.startswith("/")
        assert client.get(link).status_code == 200, link


def test_the_plan_shows_offered_placed_and_unmet_with_what_they_stand_on(client: Client) -> None:
    text = words(client.get("/plan").text)

    assert "Balance of December 2025" in text
    # 300 t of each material; 31 days of 5 t a day are placed of the organics.
    assert re.search(r"Organics 20 01 08 300 generated 155 generated 145 generated 51\.7%", text)
    assert "Of 600 t that were offered in December 2025, 455 t (75.8%) are placed" in text
    assert "Least served are 3 districts alike: 51.7% of their organics is placed" in text


def test_today_tells_its_pulse_with_what_it_stands_on_and_what_waits(client: Client) -> None:
    text = words(client.get("/").text)

    assert re.search(r"Brought into the record \S+ kg generated|Brought into the record 0 kg", text)
    assert "What needs hands Nothing waits." in text
    assert "Try it Sign in" in text


def test_today_lists_every_district_and_site_beside_the_map(client: Client) -> None:
    page = client.get("/").text
    lists = page[page.index('id="districts"') :]

    for name in ["North", "South", "Odd", "Idle", "Compost", "Mill", "Far mill"]:
        assert name in lists
    assert "Too far away to be drawn: far" in page


def test_the_plan_page_has_every_flow_the_reasons_and_the_proof(client: Client) -> None:
    page = client.get("/plan?from=2025-11-01&to=2025-11-30").text
    text = words(page)

    assert "not placed" in text
    assert text.count("Compost <script>") >= 4
    assert 'lang="en">Of 1' in page
    assert "Checked: every flow is possible and no milligram is lost." in text
    assert "organics: fairness 1" in text
    # A correction of 100 t to 110 t counts.
    assert re.search(r"Organics 20 01 08 310 ", text)


def test_a_trial_says_what_it_leaves_out_and_offers_to_plan_other_months(client: Client) -> None:
    page = client.get("/plan?from=2025-12-01&to=2025-12-31&without=compost").text

    assert "This is a trial: it leaves out Compost" in words(page)
    assert 'value="compost" checked' in page
    assert 'rel="prev">← November 2025' in page
    assert 'rel="next"' not in page


def test_lots_are_narrowed_and_go_on_where_a_page_ended(client: Client) -> None:
    text = client.get("/lots?place=north&material=organics").text

    assert text.count('href="/lots/') == 2
    assert "No lot fits." in client.get("/lots?material=paper&to=1999-01-01").text


def test_a_lot_tells_its_line_with_its_file_and_its_correction(client: Client) -> None:
    text = words(client.get(f"/lots/{LOT}").text)

    assert "tons.csv (verdiva, entry" in text
    assert SHA256 in text
    assert "corrects an earlier entry" in text
    assert "corrected since" in text
    assert "Amount 110 t generated" in text
    assert "List of Waste 20 01 08 biodegradable kitchen and canteen waste" in text


def test_the_record_shows_its_head_and_how_to_check_it(client: Client, city: City) -> None:
    head = city.journal.head()
    text = client.get("/record").text

    assert head.hash in text
    assert "bioloom verify verdiva" in text
    assert f'href="/record/{head.seq}"' in text


def test_an_empty_city_says_what_to_type(empty_client: Client) -> None:
    for page in ("/", "/plan"):
        answer = empty_client.get(page)

        assert answer.status_code == 200
        assert "bioloom import empty districts.geojson" in answer.text
        assert "bioloom init verdiva --story verdiva" in answer.text
    for page in ("/lots", "/record", "/schema", "/record/1"):
        assert empty_client.get(page).status_code == 200


def test_a_language_that_was_chosen_stays_chosen(client: Client) -> None:
    page = client.get("/plan?lang=es&without=compost", headers={"accept-language": "en"}).text

    assert '<html lang="es">' in page
    assert 'href="/lots?lang=es"' in page
    assert '<input type="hidden" name="lang" value="es">' in page
    assert 'href="/plan?without=compost&amp;lang=en"' in page


@pytest.mark.parametrize(
    ("page", "status", "says"),
    [
        ("/plan?from=2025-11-01", 400, "The period has no 'to'"),
        ("/plan?from=2025-13-01&to=2025-12-01", 400, "is not a date (from)"),
        ("/plan?from=0001-01-01&to=0001-01-02", 400, "is not a date (from)"),
        ("/plan?from=2025-12-31&to=2025-12-01", 400, "Swap the two dates"),
        ("/plan?from=1990-01-01&to=2025-12-01", 400, "shorter period"),
        ("/plan?without=nowhere", 400, "nowhere"),
        ("/lots?from=x", 400, "is not a date (from)"),
        ("/lots?after=-1", 400, "is not an entry's number"),
        ("/record?before=%C2%B2", 400, "is not an entry's number"),
        ("/record/0", 400, "is not an entry's number"),
        ("/record/999999", 404, "no entry"),
        ("/districts/x%3Cb%3E", 404, "no district"),
        ("/sites/x", 404, "no site"),
        ("/lots/x", 404, "'x'"),
        ("/nope", 404, "no page"),
        ("/static/old/style.css", 404, "no file"),
    ],
)
def test_what_cannot_be_shown_says_what_why_and_what_to_do(
    client: Client, page: str, status: int, says: str
) -> None:
    answer = client.get(page)

    assert answer.status_code == status
    assert says in words(answer.text)
    assert "What to do:" in answer.text
    assert "<b>" not in answer.text
    assert "Traceback" not in answer.text


def test_our_own_mistake_is_told_with_an_id_and_logged(
    city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Journal) -> None:
        assert False, "a bug"  # noqa: B011, PT015

    monkeypatch.setattr(Journal, "head", broken)
    with Client(make_app(city), raise_server_exceptions=False) as client:
        page, api = client.get("/"), client.get("/health")

    assert (page.status_code, api.status_code) == (500, 500)
    found = re.search(r"error ([0-9a-f]{8})", page.text)
    assert found is not None
    assert found[1] in caplog.text
    assert "Traceback" not in page.text
    assert api.json()["what"].startswith("Bioloom made a mistake")
