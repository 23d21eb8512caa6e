"""The page of cascades: complete without scripts, under the Codes, and bounded."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from bioloom.circuits.cascading.courses import Down
from bioloom.doors.codes.bringing import enact
from bioloom.doors.compose import City, open_city
from bioloom.doors.foreseeing.asking import Storm, StormTooLarge, storm_in
from bioloom.doors.web.app import make_app
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.codes import Banned, CodeEnacted, CodeId, ShareGuaranteed
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.doors.sample_city import sample_city
from tests.doors.web.conftest import Client

ASKED = "/cascade?site=digester&hours=6&lang=en"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(sample_city(tmp_path / "city")) as city:
        yield city


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def enacted(city: City, *rules: Banned | ShareGuaranteed) -> None:
    terms = CodeEnacted(
        code=CodeId("shore"),
        version=1,
        title="Shore",
        rationale="So decided.",
        rules=rules,
        first_day=date(2020, 1, 1),
    )
    enact(city, terms, author=AgentId("steward"))


def test_the_page_is_a_form_until_it_is_sent(browser: Client) -> None:
    page = browser.get("/cascade?lang=en").text

    assert '<select name="site">' in page
    assert "Three courses" not in page


def test_a_chart_has_a_title_a_description_and_a_table_of_the_same_figures(
    browser: Client,
) -> None:
    page = browser.get(ASKED).text

    [chart] = re.findall(r'<svg [^>]*role="img".*?</svg>', page, re.DOTALL)
    named = re.search(r'aria-labelledby="(\S+) (\S+)"', chart)
    assert named is not None
    assert f'<title id="{named[1]}">What is not worked off, by the hour</title>' in chart
    assert f'<desc id="{named[2]}">Three curves' in chart
    assert chart.count('class="curve curve-') == 3
    assert page.count('<th scope="row" class="n">') == 6
    assert '<th scope="row"><a href="/districts/' in page


def test_what_it_says_is_what_the_command_line_says(city: City, browser: Client) -> None:
    page = words(browser.get("/cascade?site=digester&hours=6&tolerance=0&lang=en").text)
    asked = Storm(
        down=(Down(site=SiteId("digester")),),
        hours=6,
        tolerance_per_mille=0,
        more_mg_per_day=MG_PER_TONNE,
        most_tried=6,
    )

    found = storm_in(city, asked)

    failing = [one for one in found.overflowed.failures if one.cause == "overload"]
    assert re.search(rf"Left to itself [\d,]+ [\d.]+% \S+ \S+ {len(failing)} ", page)
    best = city.journal.declared().sites[found.tried.reinforcements[0].site].name
    assert f"more room a day at {best} would prevent most" in page
    assert "Every plan was checked." in page


def test_codes_are_kept_and_guarantees_that_are_not_are_told(city: City, browser: Client) -> None:
    before = browser.get("/cascade?site=&hours=6&lang=en").text
    enacted(
        city,
        Banned(sites=(SiteId("digester"),)),
        ShareGuaranteed(group=GroupId("organics"), per_mille=1000),
    )

    after = browser.get("/cascade?site=&hours=6&lang=en").text

    assert "Guarantees not kept by the end" not in before
    assert "Codes: shore." in words(after)
    assert "Guarantees not kept by the end" in after


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("site=moon&hours=6", "no site"),
        ("site=&hours=7", "none of the choices"),
        ("site=&hours=6&tolerance=-5", "none of the choices"),
        ("site=&hours=6&day=tomorrow", "is not a date"),
    ],
)
def test_what_cannot_be_followed_is_refused_on_a_page(
    browser: Client, asked: str, found: str
) -> None:
    answer = browser.get(f"/cascade?{asked}&lang=en")

    assert answer.status_code in (400, 404)
    assert found in unescape(answer.text)


def test_a_city_too_large_for_a_page_is_refused_and_fewer_places_are_tried_before(
    city: City,
) -> None:
    asked = Storm(hours=6, more_mg_per_day=MG_PER_TONNE, most_tried=6)
    ways = 24 * 5 * len(city.journal.declared().sites)

    with pytest.raises(StormTooLarge, match="too many for a page"):
        storm_in(city, asked, most_steps=ways * 6 * 2 - 1)
    some = storm_in(city, asked, most_steps=ways * 6 * 3).tried

    assert len(some.reinforcements) == 1
    assert some.untried


def test_the_same_question_is_followed_once_while_the_record_stands_still(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = browser.get(ASKED).text
    monkeypatch.setattr("bioloom.doors.web.desk.storm_in", None)

    assert browser.get(ASKED).text == first


def test_a_city_without_sites_has_nothing_to_follow(empty_client: Client) -> None:
    page = empty_client.get("/cascade?hours=6&lang=en")

    assert page.status_code == 200
    assert "Nothing can be followed yet" in page.text
