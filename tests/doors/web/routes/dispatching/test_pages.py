"""Rounds and work on the page: planned, driven, given out, taken, brought and confirmed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.compose import City, open_city
from bioloom.doors.dispatching.orders import orders_known
from bioloom.doors.dispatching.rounds import rounds_known
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import Register
from bioloom.doors.web.app import make_app
from bioloom.doors.web.routes.dispatching import rounds as rounds_of_the_page
from bioloom.ledger.record.verifying import verify
from tests.doors.dispatching.dispatched_city import DAY, TEAM, dispatched_city
from tests.doors.register.guests import guest
from tests.doors.web.conftest import Client
from tests.doors.web.routes.people.coming_in import post, seal, sign_in


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.setattr(rounds_of_the_page, "SEARCH_S", 0.2)
    with open_city(dispatched_city(tmp_path / "city")) as city:
        yield city


@pytest.fixture
def register(city: City) -> Iterator[Register]:
    with open_register(city) as register:
        yield register


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, name
    return found[1]


@pytest.mark.system(7)
def test_a_team_takes_over_what_the_plan_has_due_from_the_round_to_the_word_of_who_receives(
    city: City, browser: Client, register: Register
) -> None:
    zara = guest(register, city, "Zara", scope=TEAM)
    sign_in(browser, register)
    assert "No rounds are planned yet" in browser.get("/rounds").text

    page = post(browser, "/rounds/propose", day=DAY)
    assert "a proposal; nobody drives these yet" in page
    page = post(browser, "/rounds/drive", rounds=field(page, "rounds"))
    assert "these rounds are driven" in page
    page = post(browser, "/work/issue", rounds=field(browser.get("/work").text, "rounds"))
    # A steward gives nobody else's word.
    assert "Take it on for Microorganism" not in page
    sign_in(browser, register, zara)
    page = browser.get("/work").text
    assert "Take it on for Microorganism Alchemies" in page
    order, team = field(page, "order"), field(page, "team")
    post(browser, "/work/take", order=order, team=team)
    page = post(browser, "/work/deliver", order=order)
    assert "brought, to be confirmed" in page
    receiver = orders_known(city).named(order).issued.receiver
    ben = guest(register, city, "Ben", role="operator", scope=receiver)
    sign_in(browser, register, ben)
    page = browser.get("/work").text
    assert "For you to confirm" in page
    page = post(browser, "/work/close", order=order, kg="")

    assert f'<li id="{order}">' in page.split('id="done"')[1]
    closed = orders_known(city).named(order)
    assert (closed.state, closed.team, closed.closed_mg) == ("closed", TEAM, closed.mass_mg)
    told = [e.kind for e in city.journal.read() if e.kind.startswith("WorkOrder")]
    assert told[-3:] == ["WorkOrderTaken", "WorkOrderDelivered", "WorkOrderClosed"]
    assert verify(city.journal.store).holds


def test_rounds_are_on_the_map_of_the_plan_and_for_machines_in_geojson(
    city: City, browser: Client, register: Register
) -> None:
    assert browser.get("/api/rounds").json()["features"] == []
    sign_in(browser, register)
    post(browser, "/rounds/propose", day=DAY)

    plan = browser.get("/plan").text
    assert f'data-rounds="/api/rounds?day={DAY}"' in plan
    assert '<g class="ways"><path class="hue-0"' in plan
    answer = browser.get(f"/api/rounds?day={DAY}")
    assert answer.headers["content-type"].startswith("application/geo+json")
    planned = next(iter(rounds_known(city).planned.values()))
    features = answer.json()["features"]
    lines = [one for one in features if one["geometry"]["type"] == "LineString"]
    trips = sum(halt.doing == "dropoff" for one in planned.routes for halt in one.halts)
    assert len(lines) == trips + len(planned.routes)  # And the way home.
    page = browser.get(f"/rounds?day={DAY}").text
    assert all(f"{one.vehicle} {one.number}" in page for one in planned.routes)


def test_an_order_is_given_back_and_withdrawn_from_the_page(
    city: City, browser: Client, register: Register
) -> None:
    zara = guest(register, city, "Zara", scope=TEAM)
    sign_in(browser, register)
    post(browser, "/work/issue")
    order = next(iter(orders_known(city).orders))
    sign_in(browser, register, zara)
    post(browser, "/work/take", order=order, team=TEAM)

    post(browser, "/work/return", order=order, reason="no_vehicle")
    sign_in(browser, register)
    post(browser, "/work/withdraw", order=order)

    assert orders_known(city).named(order).state == "withdrawn"


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/rounds/propose", {"day": "x"}),
        ("/rounds/propose", {"day": "2001-01-01"}),
        ("/rounds/drive", {"rounds": "x"}),
        ("/work/issue", {"rounds": "x"}),
        ("/work/take", {"order": "x", "team": TEAM}),
        ("/work/return", {"order": "x", "reason": "x"}),
        ("/work/close", {"order": "x", "kg": "1e999999"}),
        ("/work/close", {"order": "x", "kg": "NaN"}),
        ("/work/withdraw", {"order": "x"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    city: City, browser: Client, register: Register, address: str, fields: dict[str, str]
) -> None:
    sign_in(browser, register)
    head = city.journal.head()

    answer = browser.post(address, data={"seal": seal(browser), **fields})

    assert answer.status_code == 400, answer.text
    assert city.journal.head() == head


def test_nobody_dispatches_without_the_role(
    city: City, browser: Client, register: Register
) -> None:
    zara = guest(register, city, "Zara", scope=TEAM)
    for address in ("/rounds/propose", "/work/issue"):
        assert browser.post(address, data={"day": DAY}).status_code == 401
    sign_in(browser, register, zara)
    head = city.journal.head()

    for address in ("/rounds/propose", "/work/issue"):
        answer = browser.post(address, data={"seal": seal(browser), "day": DAY})
        assert answer.status_code == 403
    assert "Give out work" not in browser.get("/work").text
    assert city.journal.head() == head
