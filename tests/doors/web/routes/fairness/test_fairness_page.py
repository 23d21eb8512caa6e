"""The page of fairness, and what a plan's page says of the Codes that it keeps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bioloom.circuits.codes import conflicting
from bioloom.circuits.codes.conflicting import CodesConflict
from bioloom.doors.acting import propose_plan
from bioloom.doors.acting import put_in_force as put_plan_in_force
from bioloom.doors.codes.bringing import enact
from bioloom.doors.compose import City, open_city
from bioloom.doors.web.app import make_app
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.codes import Banned, CodeEnacted, CodeId, Rule, ShareGuaranteed
from bioloom.vocabulary.materials import GroupId
from tests.doors.sample_city import sample_city
from tests.doors.stories.made import verdiva
from tests.doors.web.conftest import Client

STEWARD = AgentId("steward")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(sample_city(tmp_path / "city")) as city:
        yield replace(city, settings=msgspec.structs.replace(city.settings, languages=("en", "es")))


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


def put_in_force(city: City, name: str, *rules: Rule, first: date = date(2020, 1, 1)) -> None:
    body = CodeEnacted(
        code=CodeId(name),
        version=1,
        title=f"The {name}",
        rationale="To be tried.",
        rules=rules,
        first_day=first,
    )
    enact(city, body, author=STEWARD)


def test_every_rule_and_every_district_is_told_without_scripts() -> None:
    with open_city(verdiva()) as city, Client(make_app(city)) as client:
        page, spanish = (client.get(f"/fairness?lang={language}").text for language in ("en", "es"))
        districts = city.journal.declared().districts.values()
    assert "The worst first (leximin) <small>the rule in use</small>" in page
    assert all(f">{name}" in page for name in ("Proportional", "Bounded inequality"))
    assert all(district.name in unescape(page) for district in districts)
    assert "Equidad por distrito" in spanish


def test_a_plan_shows_its_codes_and_what_each_costs_as_soon_as_they_are_enacted(
    city: City, browser: Client
) -> None:
    before = browser.get("/plan?lang=en").text
    site = next(iter(city.journal.declared().sites))
    put_in_force(city, "ban", Banned(sites=(site,)))

    page = browser.get("/plan?lang=en").text

    assert "The Codes it keeps" not in before
    assert "The ban <small>ban 1</small>" in page
    load = next(load for load in city.plan().loads if load.site == site)
    assert load.mass_mg == 0


def contradict(city: City) -> None:
    declared = city.journal.declared()
    group = next(iter(declared.materials.values())).group
    put_in_force(city, "share", ShareGuaranteed(group=GroupId(group), per_mille=1))
    put_in_force(city, "ban", Banned(sites=tuple(declared.sites)))


def test_codes_that_cannot_hold_together_are_named_on_the_page(city: City, browser: Client) -> None:
    contradict(city)

    for page in ("/", "/plan", "/fairness", *places_of(city)):
        answer = browser.get(page, params={"lang": "en"})
        assert answer.status_code == 200, page
        assert "No fewer rules than these conflict." in answer.text
        assert "The ban</a>, rule 1 (a ban).\nWithout it all would hold." in answer.text
        assert "bioloom codes show city share" in answer.text
        assert "No plan is in force." in answer.text
    assert "No hay ningún plan vigente." in browser.get("/plan", params={"lang": "es"}).text
    assert "data-live" in browser.get("/").text
    refused = browser.get("/api/plan")
    assert refused.status_code == 409
    assert "rule 1 cannot be kept together" in refused.json()["what"]
    assert browser.get("/health").status_code == 200


def test_beside_a_conflict_stands_the_plan_in_force_with_what_it_sends_where(
    city: City, browser: Client
) -> None:
    proposed = propose_plan(city, city.plan(), author=STEWARD).plan
    put_plan_in_force(city, proposed, author=STEWARD)
    contradict(city)
    flow = city.plans().named(proposed).flows[0]

    told = browser.get("/", params={"lang": "en"}).text
    district, site = (
        browser.get(page, params={"lang": "en"}).text
        for page in (f"/districts/{flow.district}", f"/sites/{flow.site}")
    )

    assert all(proposed in page for page in (told, district, site))
    assert "was put in force before, and stays so" in told
    assert "<table" in district
    assert "<table" in site


def test_a_conflict_is_worked_out_once(
    city: City, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    contradict(city)
    found, asked = conflicting.conflict, list[object]()

    def counted(*given: Any) -> CodesConflict:  # noqa: ANN401  What `conflict` takes.
        asked.append(given)
        return found(*given)

    monkeypatch.setattr(conflicting, "conflict", counted)

    statuses = [browser.get(page).status_code for page in ("/", "/plan", "/api/plan")]

    assert (statuses, len(asked)) == ([200, 200, 409], 1)


def places_of(city: City) -> list[str]:
    declared = city.journal.declared()
    district, site = next(iter(declared.districts)), next(iter(declared.sites))
    return [f"/districts/{district}", f"/sites/{site}"]


def test_the_newest_plan_is_of_the_days_under_the_same_codes(city: City, browser: Client) -> None:
    month = city.newest_month()
    assert month is not None
    site = next(iter(city.journal.declared().sites))
    put_in_force(city, "late", Banned(sites=(site,)), first=month.last)

    cut = browser.get(f"/plan?lang=en&from={month.first}&to={month.last}")

    assert cut.status_code == 409
    assert "Not on all days" in cut.text
    assert city.plan().period.first == month.last
    assert browser.get("/plan?lang=en").status_code == 200
