"""Admitting: an address that nobody spoke for answers nobody, and no stranger's name is served."""

import pytest
from litestar import get

from bioloom.doors.compose import City
from bioloom.doors.web.app import make_app
from bioloom.doors.web.guards import needs
from bioloom.doors.web.guards.admitting import without_a_need
from tests.doors.web.conftest import Client


def test_every_address_says_what_it_needs(city: City) -> None:
    app = make_app(city)

    assert without_a_need(app) == []
    served = {
        f"{method} {route.path_format}"
        for route in app.routes
        for method in getattr(route, "methods", ())
    }
    assert needs.NEEDS.keys() <= served


def test_an_app_with_an_address_that_nobody_spoke_for_does_not_start(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = {address: need for address, need in needs.NEEDS.items() if address != "GET /lots"}
    monkeypatch.setattr("bioloom.doors.web.guards.admitting.NEEDS", fewer)

    with pytest.raises(AssertionError, match="GET /lots"):
        make_app(city)


def test_an_address_that_came_later_answers_nobody(city: City) -> None:
    @get("/later")
    async def later() -> str:
        return "open"

    app = make_app(city)
    app.register(later)
    with Client(app, raise_server_exceptions=False) as client:
        answer = client.get("/later")

    assert answer.status_code == 404
    assert "There is no page" in answer.text


@pytest.mark.parametrize("address", ["/", "/lots", "/api/lots", "/health", "/static/x/style.css"])
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8000", ""])
def test_a_name_that_somebody_made_to_point_here_is_not_served(
    client: Client, address: str, host: str
) -> None:
    answer = client.get(address, headers={"host": host})

    assert answer.status_code == 421
    assert "Nothing is served here under the name" in answer.text


@pytest.mark.parametrize("shown", ["Bearer nonsense", "Basic YTpi", "Bearer ", "x"])
def test_a_token_that_is_none_is_refused_even_where_nobody_needs_one(
    client: Client, shown: str
) -> None:
    answer = client.get("/api/head", headers={"authorization": shown})

    assert answer.status_code == 401
    assert "token" in answer.json()["what"]
