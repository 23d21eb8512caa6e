"""The page of proposed facilities: compared as the record stands, and nothing written."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.codes.bringing import enact
from bioloom.doors.compose import City, open_city
from bioloom.doors.web.app import make_app
from bioloom.doors.web.routes.foreseeing.siting import MOST_FACILITIES
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.codes import Banned, CodeEnacted, CodeId, DistanceLimited, Rule
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId
from tests.doors.sample_city import sample_city
from tests.doors.web.conftest import Client
from tests.doors.web.hostile_city import make_city

ORGANICS = GroupId("organics")


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


def a_map(*features: tuple[dict[str, Any], dict[str, Any]]) -> str:
    told = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for properties, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": told})


def a_place(name: str, at: tuple[float, float], **said: object) -> Any:  # noqa: ANN401  Any GeoJSON.
    properties = {
        "name": name,
        "accepts": ["organics"],
        "capacity_t_per_day": 20,
        "process": "fermentation",
        "radius_m": 300,
    }
    return properties | said, {"type": "Point", "coordinates": list(at)}


def a_zone(name: str, around: tuple[float, float], half_deg: float, **said: object) -> Any:  # noqa: ANN401  Any GeoJSON.
    (x, y), d = around, half_deg
    ring = [[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]]
    return {"name": name, **said}, {"type": "Polygon", "coordinates": [ring]}


def middle_of(city: City, district: str) -> tuple[float, float]:
    point = city.journal.declared().districts[DistrictId(district)].point
    return point.longitude_deg, point.latitude_deg


def put_in_force(city: City, name: str, *rules: Rule) -> None:
    terms = CodeEnacted(
        code=CodeId(name),
        version=1,
        title=name.title(),
        rationale="So decided.",
        rules=rules,
        first_day=date(2020, 1, 1),
    )
    enact(city, terms, author=AgentId("steward"))


@pytest.mark.system(26)
def test_a_facility_on_a_biodiverse_zone_is_compared_with_other_places(
    city: City, browser: Client
) -> None:
    """Somebody announces a fermenter in the reserve; two other places are put beside it."""
    shore, hill, far = (middle_of(city, name) for name in ("01", "10", "24"))
    put_in_force(city, "reserve", Banned(groups=(ORGANICS,), areas=("01",)))
    put_in_force(city, "near", DistanceLimited(groups=(ORGANICS,), limit_m=20_000))
    places = a_map(a_place("Shore", shore), a_place("Hill", hill), a_place("Far", far))
    layers = a_map(
        a_zone("Heron reserve", shore, 0.004, kind="protected"),
        a_zone("Reed water", (shore[0] + 0.003, shore[1]), 0.002, kind="water"),
        a_zone("Hill town", hill, 0.01, kind="town", population=4000),
    )
    head = city.journal.head()

    page = browser.post("/siting?lang=en", data={"map": places, "layers": layers}).text

    assert city.journal.head() == head
    sections = [words(part) for part in page.split('<section id="option-')[1:]]
    shore_says, hill_says, far_says = sections
    assert "protected Heron reserve : stands on it" in shore_says
    assert "water Reed water : " in shore_says
    assert "reserve, rule 1 bans organics in 01" in shore_says
    assert re.search(r"town Hill town : stands on it; .*?About \d+ people", hill_says)
    assert "reserve, rule 1" not in hill_says + far_says
    rows = re.findall(r'<tr><th scope="row"><a href="#option-\d">.*?</tr>', page, re.DOTALL)
    takes = {words(row).split()[0]: words(row).split()[1] for row in rows}
    # The Code keeps everything from the shore; the others take what they can.
    assert takes["Shore"] == "0"
    assert takes["Hill"] == takes["Far"] == "620"
    # Without the Code it would take as much as they.
    assert re.search(r"bans organics in 01 620 ", shore_says)
    assert "districts something changes" in hill_says
    assert "Nothing changes for any district." in shore_says
    assert "Every plan was checked." in words(page)


def test_a_map_may_be_uploaded_and_the_page_speaks_spanish(tmp_path: Path) -> None:
    file = ("yard.geojson", a_map(a_place("Yard", (0.02, 40.005))).encode(), "application/json")

    with make_city(tmp_path / "city") as city, Client(make_app(city)) as client:
        page = client.post("/siting?lang=es", files={"map_file": file}, data={"map": ""}).text

    assert "Dónde poner una planta" in page
    assert "Yard" in words(page)
    assert "Lado a lado" in page


def test_the_example_of_the_page_can_be_sent_as_it_stands(browser: Client) -> None:
    form = browser.get("/siting?lang=en").text
    [example] = re.findall(r'<textarea name="map"[^>]*>(.*?)</textarea>', form, re.DOTALL)

    answer = browser.post("/siting?lang=en", data={"map": unescape(example)})

    assert answer.status_code == 200
    assert "Side by side" in answer.text


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({}, "The form has no 'map'"),
        ({"map": "{"}, "GeoJSON"),
        ({"map": a_map(a_place("A", (0.0, 0.0), accepts=["gold"]))}, "no group 'gold'"),
        (
            {"map": a_map(a_place("A", (0.0, 0.0))), "layers": a_map(a_place("A", (0.0, 0.0)))},
            "a zone is an area",
        ),
        (
            {"map": a_map(*[a_place("A", (0.0, 0.0))] * (MOST_FACILITIES + 1))},
            f"The map has {MOST_FACILITIES + 1} facilities",
        ),
        ({"map": a_map(a_place("A", (0.0, 0.0))), "from": "2025-12-01"}, "The period has no 'to'"),
    ],
)
def test_what_cannot_be_compared_is_refused_beside_what_was_sent(
    browser: Client, sent: dict[str, str], found: str
) -> None:
    answer = browser.post("/siting?lang=en", data=sent)

    assert answer.status_code == 400
    page = unescape(answer.text)
    assert found in page
    assert sent.get("map", "") in page


def test_another_sites_page_cannot_send_the_form(browser: Client) -> None:
    answer = browser.post("/siting", data={"map": "{}"}, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
