"""Plans from the page: proposed and adopted by who may, and by nobody else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.acting import adopt_plan, propose_plan
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, open_city
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import Register
from bioloom.doors.replanning.acting import propose_replanned, replan
from bioloom.doors.web.app import make_app
from bioloom.vocabulary.agents import AgentId
from tests.doors.register.guests import guest
from tests.doors.sample_city import sample_city
from tests.doors.web.conftest import Client
from tests.doors.web.routes.people.coming_in import post, seal, sign_in

DECEMBER = {"from": "2025-12-01", "to": "2025-12-31"}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(sample_city(tmp_path / "city")) as city:
        yield city


@pytest.fixture
def register(city: City) -> Iterator[Register]:
    with open_register(city) as register:
        yield register


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


def test_a_steward_proposes_a_plan_and_adopts_it(
    city: City, browser: Client, register: Register
) -> None:
    assert "Propose this plan" not in browser.get("/plan").text
    sign_in(browser, register)
    assert "Propose this plan" in browser.get("/plan").text
    # A trial may be looked at and is never proposed.
    assert "Propose this plan" not in browser.get("/plan?without=digester").text

    page = post(browser, "/plan/propose", **DECEMBER)
    page = post(browser, "/plan/propose", **DECEMBER)
    [name] = re.findall(r'name="plan" value="([^"]+)"', page)
    assert list(city.plans().proposed) == [name]
    page = post(browser, "/plan/adopt", plan=name)

    assert city.plans().in_force == [name]
    assert "in force" in page
    authors = {entry.author for entry in city.journal.read(kinds=["PlanAdopted"])}
    assert authors == {"steward"}
    again = browser.post("/plan/adopt", data={"seal": seal(browser), "plan": name})
    assert again.status_code == 400
    assert "was adopted before" in again.text


def test_nobody_else_proposes_or_adopts(city: City, browser: Client, register: Register) -> None:
    commons = next(iter(city.journal.declared().districts.values())).commons
    head = city.journal.head()
    for fields, address in ((DECEMBER, "/plan/propose"), ({"plan": "x"}, "/plan/adopt")):
        assert browser.post(address, data=fields).status_code == 401
    member = guest(register, city, "Mo", role="steward", scope=AgentId(commons))
    head = city.journal.head()
    sign_in(browser, register, member)
    assert "Propose this plan" not in browser.get("/plan").text

    for fields, address in ((DECEMBER, "/plan/propose"), ({"plan": "x"}, "/plan/adopt")):
        answer = browser.post(address, data={"seal": seal(browser), **fields})
        assert answer.status_code == 403
        assert "may not" in answer.text
    assert city.journal.head() == head


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"from": "2025-12-01"},
        {"from": "x", "to": "y"},
        {"from": "1990-01-01", "to": "2025-12-31"},
    ],
)
def test_a_period_that_is_none_is_refused(
    browser: Client, register: Register, fields: dict[str, str]
) -> None:
    sign_in(browser, register)

    answer = browser.post("/plan/propose", data={"seal": seal(browser), **fields})

    assert answer.status_code == 400


@pytest.fixture
def flooded(city: City, capsys: pytest.CaptureFixture[str]) -> City:
    """The city with a plan in force, and its digester under water for ten days of it."""
    steward = AgentId("steward")
    adopt_plan(city, propose_plan(city, city.plan(), author=steward).plan, author=steward)
    flood = ["--kind", "site_down", "--site", "digester", "--reason", "Flooded."]
    days = ["--from", "2025-12-11", "--to", "2025-12-20"]
    assert main(["circuits", "disrupt", str(city.folder), "flood", *flood, *days]) == 0
    capsys.readouterr()
    return city


def plan_shown(page: str) -> str:
    [name] = set(re.findall(r'name="plan" value="([^"]+)"', page))
    return str(name)


def test_a_steward_vetoes_a_move_accepts_the_plan_without_it_and_lifts_the_veto(
    flooded: City, browser: Client, register: Register
) -> None:
    sign_in(browser, register)
    page = post(browser, "/plan/replan", **DECEMBER)
    assert "Weir digester is down from 2025-12-11 to 2025-12-20 (Flooded.)" in page
    first = plan_shown(page)
    move = next(one for one in flooded.plans().named(first).moves if one.origin and one.site)
    assert move.site is not None
    names = {"district": move.district, "material": move.material, "site": move.site}

    page = post(browser, "/plan/veto", plan=first, reason="The lane is too narrow.", **names)

    second = plan_shown(page)
    way = move.district, move.material, move.site
    moves = flooded.plans().named(second).moves
    assert way not in {(one.district, one.material, one.site) for one in moves}
    assert "The lane is too narrow." in page
    assert "in force" in post(browser, "/plan/adopt", plan=second)
    assert flooded.plans().in_force == [second]
    [veto] = flooded.journal.declared().disruptions.vetoes
    post(browser, "/plan/lift", veto=veto, reason="It was widened.")
    assert flooded.journal.declared().disruptions.vetoes == {}


def test_a_revision_is_read_by_everybody_and_offers_nothing_to_who_may_not(
    flooded: City, browser: Client
) -> None:
    plan = propose_replanned(flooded, replan(flooded), author=AgentId("steward")).plan

    read = browser.get(f"/plan/revisions/{plan}")

    assert read.status_code == 200
    assert "Flooded." in read.text
    assert "/plan/veto" not in read.text
    assert f"/plan/revisions/{plan}" in browser.get("/plan").text
    assert browser.get("/plan/revisions/none").status_code == 404
