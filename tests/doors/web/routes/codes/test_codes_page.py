"""The page of Codes: when each is in force, what it asks and what it costs."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from bioloom.doors.codes.bringing import enact
from bioloom.doors.compose import City, open_city
from bioloom.doors.web.app import make_app
from bioloom.vocabulary.entries.codes import Banned, DistanceLimited, Prioritised, ShareGuaranteed
from bioloom.vocabulary.materials import GroupId
from tests.doors.sample_city import sample_city
from tests.doors.web.conftest import Client
from tests.doors.web.routes.fairness.test_fairness_page import put_in_force


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(sample_city(tmp_path / "city")) as city:
        yield city


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


def test_a_city_without_codes_says_so(browser: Client) -> None:
    assert "No Code was enacted yet" in browser.get("/codes?lang=en").text


def test_every_kind_of_rule_is_told_with_its_days_and_its_cost(city: City, browser: Client) -> None:
    declared = city.journal.declared()
    site, district = next(iter(declared.sites)), next(iter(declared.districts))
    group = GroupId(next(iter(declared.materials.values())).group)
    put_in_force(city, "ban", Banned(sites=(site,)))
    put_in_force(city, "far", DistanceLimited(limit_m=200_000, groups=(group,)))
    put_in_force(city, "order", Prioritised(districts=(district,)))
    later = city.today() + timedelta(days=900)
    put_in_force(city, "share", ShareGuaranteed(group=group, per_mille=10), first=later)

    page = browser.get("/codes?lang=en").text

    assert "Goes no farther than 200 km" in page
    assert f">{declared.sites[site].name}</a>" in page
    assert f">{declared.districts[district].name}</a>" in page
    assert "At least 1.0% of the" in page
    assert page.index("to come") > page.index("in force")
    assert "is placed nowhere than without it" in page or "it costs nothing" in page
    assert date(2020, 1, 1) < later


def test_what_if_that_leaves_no_plan_names_the_code_and_stays_on_its_page(
    city: City, browser: Client
) -> None:
    declared = city.journal.declared()
    group = next(iter(declared.materials.values())).group
    takers = [
        name
        for name, site in declared.sites.items()
        if any(group in intake.accepts for intake in site.intakes)
    ]
    put_in_force(city, "ban", Banned(sites=tuple(takers[1:])))
    put_in_force(city, "share", ShareGuaranteed(group=GroupId(group), per_mille=1))

    answer = browser.get(
        f"/sites/{takers[0]}", params={"lang": "en", "what_if": "down", "at": takers[0]}
    )

    assert answer.status_code == 200
    assert "With just this there is no plan that keeps the Codes in force" in answer.text
    assert "Back to how it is" in answer.text


def test_a_version_tells_what_it_says_otherwise_than_the_one_before(
    city: City, browser: Client
) -> None:
    put_in_force(city, "far", DistanceLimited(limit_m=200_000))
    newest = city.journal.head().seq
    terms = city.journal.at([newest])[newest].body
    nearer = DistanceLimited(limit_m=100_000)
    enact(
        city,
        msgspec.structs.replace(terms, version=2, rules=(nearer,)),
        author=city.settings.steward,
    )

    page = browser.get("/codes?lang=en").text

    assert "Otherwise than in version 1" in page
    assert "<code>rule 1 limit_m</code>" in page
    assert page.index("200000</pre></del>") < page.index("100000</pre></ins>")
