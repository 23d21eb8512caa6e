"""Answers for machines: as described, with safe headers, cached where they cannot change."""

import gzip
import re
from datetime import date
from typing import Any

import jsonschema
import msgspec
import pytest

from bioloom.circuits.planning import plan_json
from bioloom.doors.compose import City, now
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.web.app import make_app
from bioloom.doors.web.assets import Asset, Assets
from bioloom.doors.web.guards.needs import NEEDS
from bioloom.vocabulary.periods import month_of
from tests.doors.web.conftest import Client

LOT = "verdiva:2025-11:north:organics"


@pytest.fixture(scope="module")
def described(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/schema/openapi.json").json()
    return answer


def test_every_described_address_answers_as_described(
    client: Client, described: dict[str, Any]
) -> None:
    assert {"/health", "/api/plan", "/api/lots/{lot}"} <= set(described["paths"])

    # What is for those who are signed in, or writes, has tests of its own.
    open_to_all = {p: i for p, i in described["paths"].items() if NEEDS.get(f"GET {p}") == "anyone"}
    for path, item in open_to_all.items():
        answer = client.get(path.replace("{lot}", LOT).replace("{seq}", "1"))
        assert answer.status_code == 200, path
        [(kind, content)] = item["get"]["responses"]["200"]["content"].items()
        told = answer.json() if kind.endswith("json") else answer.text
        schema = {**content["schema"], "components": described["components"]}
        jsonschema.validate(told, schema)


def test_the_description_refers_only_to_what_it_has(described: dict[str, Any]) -> None:
    text = msgspec.json.encode(described).decode()
    references = set(re.findall(r'"\$ref":"#/components/schemas/([^"]+)"', text))

    assert references
    assert references <= set(described["components"]["schemas"])
    assert described["openapi"].startswith("3.1")


def test_the_plan_of_the_api_is_the_plan_of_the_command(client: Client, city: City) -> None:
    answer = client.get("/api/plan", params={"from": "2025-11-01", "to": "2025-11-30"}).json()
    plan = city.plan(month_of(date(2025, 11, 1)))

    assert answer == msgspec.json.decode(msgspec.json.encode(plan_json(plan)))


def test_the_balance_closes_to_the_milligram(client: Client) -> None:
    balance = client.get("/api/balance").json()

    assert [line["material"] for line in balance["materials"]] == ["organics", "paper"]
    for line in balance["materials"]:
        assert line["offered_mg"] == line["placed_mg"] + line["unmet_mg"] == 300 * 10**9
    # Capacities hold to a milligram an arc, and there are three.
    assert abs(balance["materials"][0]["placed_mg"] - 31 * 5 * 10**9) <= 3


def test_places_are_geojson(client: Client) -> None:
    districts, sites = client.get("/api/districts"), client.get("/api/sites")

    assert districts.headers["content-type"].startswith("application/geo+json")
    levels = {f["id"]: f["properties"]["level"] for f in districts.json()["features"]}
    assert levels["north"] == "middle"
    assert levels["idle"] == "idle"
    assert {f["geometry"]["type"] for f in sites.json()["features"]} == {"Point"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/plan?from=2025-11-01", 400),
        ("/api/plan?without=nowhere", 400),
        ("/api/lots?after=x", 400),
        ("/api/lots/x", 404),
        ("/api/nothing", 404),
    ],
)
def test_machines_are_refused_in_json(client: Client, address: str, status: int) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    assert set(answer.json()) == {"status", "what", "why", "remedy"}


def test_what_needs_a_token_is_described_so(described: dict[str, Any]) -> None:
    operations = {
        f"{method.upper()} {path}": operation
        for path, item in described["paths"].items()
        for method, operation in item.items()
    }
    needing = {name for name, one in operations.items() if one.get("security") == [{"token": []}]}

    assert needing == {name for name in operations if NEEDS[name] == "signed in"}
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for name, operation in operations.items():
        documented = {"400", "401", "404", "409", "421", "500", "503"}
        assert operation["responses"].keys() >= documented
        assert ("403" in operation["responses"]) == (name in needing)
    assert operations["POST /api/capture"]["requestBody"]["required"]


def test_a_method_that_an_address_does_not_have_is_told_those_that_it_has(client: Client) -> None:
    answer = client.put("/api/plan")

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "OPTIONS"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"\xff", "400 JSON is malformed: invalid character (byte 0)."),
        (b"[]", "400 data: Expected `object`, got `array`."),
        (b'{"told": [{"kind": "Dance"}]}', "400 told[0].kind: Invalid enum value 'Dance'."),
    ],
)
def test_a_body_that_cannot_be_read_is_told_where(city: City, body: bytes, found: str) -> None:
    with Client(make_app(city)) as client, open_register(city) as register:
        at, agent = now(), city.settings.steward
        until = later(at, DAY_MS)
        secret = register.tokens.issue(agent, "t", ("record",), expires_at=until, at=at).secret
        headers = {"authorization": f"Bearer {secret}"}
        answer = client.post("/api/events", content=body, headers=headers)

    assert (answer.status_code, answer.json()["what"]) == (400, found)


def test_lots_go_on_after_the_last_of_a_page(client: Client) -> None:
    lots = client.get("/api/lots").json()

    assert len(lots["lots"]) == 12
    assert lots["next"] is None
    after = lots["lots"][4]["made_by"]
    rest = client.get(f"/api/lots?after={after}").json()
    assert [lot["lot"] for lot in rest["lots"]] == [lot["lot"] for lot in lots["lots"][5:]]


def test_a_city_without_lots_has_places_but_no_plan(empty_client: Client) -> None:
    assert empty_client.get("/api/districts").json() == {
        "features": [],
        "type": "FeatureCollection",
    }
    assert empty_client.get("/api/plan").status_code == 400


@pytest.mark.parametrize("address", ["/", "/nope", "/api/head", "/health", "/metrics", "/schema"])
def test_every_answer_has_the_headers_that_keep_strangers_out(client: Client, address: str) -> None:
    headers = client.get(address).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-cache"


def test_assets_are_kept_for_ever_under_an_address_that_changes_with_them(client: Client) -> None:
    page = client.get("/").text
    found = re.search(r'href="(/static/([0-9a-f]{12})/style\.css)"', page)
    assert found is not None
    answer = client.get(found[1], headers={"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert ":root" in answer.text
    other = Assets({"a.css": Asset(media_type="text/css", variants={"": b"b"})})
    assert other.version != found[2]


def test_the_pages_need_no_island(city: City) -> None:
    files = {
        name: Asset(media_type="text/plain", variants={"": b"x", "gzip": gzip.compress(b"x")})
        for name in ("style.css", "loader.js", "live.js", "favicon.svg")
    }
    with Client(make_app(city, assets=Assets(files))) as client:
        page = client.get("/").text

    assert "data-opens" not in page
    assert "<svg" in page


def test_metrics_count_by_route_and_never_by_id(city: City) -> None:
    with Client(make_app(city)) as client:
        client.get(f"/lots/{LOT}")
        client.get("/api/plan")
        client.get("/api/plan")
        client.request("BREW", "/lots")
        text = client.get("/metrics").text

    assert 'bioloom_http_requests_total{method="GET",route="/lots/{lot}",status="200"} 1.0' in text
    assert LOT not in text
    assert "BREW" not in text
    assert "bioloom_plan_seconds_count 1.0" in text
    assert f"bioloom_entries {city.journal.head().seq}.0" in text


def test_two_apps_count_apart(city: City, client: Client) -> None:
    client.get("/health")
    with Client(make_app(city)) as other:
        assert "/health" not in other.get("/metrics").text
