"""The 14 production approval scenarios of Digital Waste Tracking, out of a ledger.

Each is recorded in a city by entries, written, and held against the service's own OpenAPI document
and against what its scenario expects.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator, FormatChecker

from bioloom.doors.compose import City
from tests.doors.defra.yard import BROKER, exported, hazards, item, pops, receive, treated, yard
from tests.ledger.formats.defra.bodies import judged

REASONS = ["NON_HAZ_WASTE_TRANSFER", "NO_DOC_WITH_WASTE", "HWRC_RECEIPT"]
NO_NUMBER: dict[str, Any] = {"registration": None}
NO_NOTE = {"reason_for_no_consignment_code": "NO_DOC_WITH_WASTE"}
NOTE = {"consignment_code": "SB1234567"}
HAZARDOUS = item("a", "20 01 21*", hazards=hazards("Mercury", "Lead"))
BOTH = item("a", "20 01 21*", hazards=hazards("Mercury"), pops=pops("CHL"))

# What is recorded: waste items, and what else the receipt says.
SCENARIOS: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "R01": ([item("a")], {}),
    "R02": ([item("a"), item("b", "20 01 08")], {}),
    "R03": ([item("a")], {"carrier": {"means": "Road", "vehicle": "AB12 CDE"}}),
    "R04": ([item("a", treatments=[])], {}),
    "R05": ([item("a", treatments=[treated("R1"), treated("D5")])], {}),
    "R07": ([item("a", "02 01 01", "20 01 08")], {}),
    "C01": ([item("a")], {"carrier": NO_NUMBER}),
    "C02": ([item("a")], {"carrier": NO_NUMBER | {"reason_for_no_registration": "ON_SITE"}}),
    "B01": ([item("a")], {"broker": {"agent": BROKER, "name": "Broker & Daughters"}}),
    "P01": ([item("a", pops=pops("CHL", "TOX"))], {}),
    "H01": ([HAZARDOUS], NOTE),
    "H02": ([HAZARDOUS], {}),
    "H03": ([HAZARDOUS], NO_NOTE),
    "X01": ([BOTH], NOTE),
}
EXPECTED = dict.fromkeys(SCENARIOS, "accept") | {"R04": "warn", "C01": "reject", "H02": "reject"}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with yard(tmp_path / "city") as city:
        yield city


@pytest.fixture(scope="session")
def openapi(data: Path) -> Draft4Validator:
    """The schema of a body, with the two things mended that the document itself says otherwise."""
    text = (data / "ledger" / "defra_dwt" / "Receipt API.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    request = document["components"]["requestBodies"]["receiveMovementRequest"]
    schema = request["content"]["application/json"]["schema"]
    # Its enumeration has the words of the table above it; its example and its rules have the codes.
    schema["properties"]["reasonForNoConsignmentCode"]["enum"] = REASONS
    # What OpenAPI 3.0 calls nullable.
    number = document["components"]["schemas"]["carrier"]["properties"]["registrationNumber"]
    assert number.pop("nullable")
    number["type"] = ["string", "null"]
    return Draft4Validator(
        {"allOf": [schema], "components": document["components"]}, format_checker=FormatChecker()
    )


def body_of(city: City, scenario: str) -> dict[str, Any]:
    items, more = SCENARIOS[scenario]
    assert receive(city, *items, **more).outcome == "recorded"
    (body,) = exported(city)
    return body


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_each_scenario_comes_out_of_a_ledger_with_its_verdict(city: City, scenario: str) -> None:
    found = judged(body_of(city, scenario))

    assert found.verdict == EXPECTED[scenario], found.problems
    paths = [problem.path for problem in found.problems]
    assert paths == {
        "R04": ["$.wasteItems[0].disposalOrRecoveryCodes"],
        "C01": ["$.carrier.reasonForNoRegistrationNumber"],
        "H02": ["$.reasonForNoConsignmentCode"],
    }.get(scenario, [])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_each_scenario_is_as_the_services_own_document_says(
    city: City, scenario: str, openapi: Draft4Validator
) -> None:
    body = body_of(city, scenario)

    # That C01 and H02 are rejected is a rule in words, which no schema says.
    assert [error.message for error in openapi.iter_errors(body)] == []
    assert not openapi.is_valid({**body, "wasteItems": []})


def test_each_scenario_has_what_its_name_says(city: City, tmp_path: Path) -> None:
    bodies = {"R01": body_of(city, "R01")}
    for scenario in SCENARIOS.keys() - {"R01"}:
        with yard(tmp_path / scenario) as other:
            bodies[scenario] = body_of(other, scenario)
    first = {name: body["wasteItems"][0] for name, body in bodies.items()}

    assert [len(bodies[name]["wasteItems"]) for name in ("R01", "R02")] == [1, 2]
    assert (first["R01"]["containsPops"], first["R01"]["containsHazardous"]) == (False, False)
    assert len(first["R01"]["disposalOrRecoveryCodes"]) == 1
    assert bodies["R03"]["carrier"]["meansOfTransport"] == "Road"
    assert "disposalOrRecoveryCodes" not in first["R04"]
    assert [one["code"] for one in first["R05"]["disposalOrRecoveryCodes"]] == ["R1", "D5"]
    assert first["R07"]["ewcCodes"] == ["020101", "200108"]
    assert bodies["C01"]["carrier"]["registrationNumber"] is None
    assert bodies["C02"]["carrier"]["reasonForNoRegistrationNumber"] == "ON_SITE"
    assert bodies["B01"]["brokerOrDealer"] == {"organisationName": "Broker & Daughters"}
    assert [one["code"] for one in first["P01"]["pops"]["components"]] == ["CHL", "TOX"]
    assert [one["name"] for one in first["H01"]["hazardous"]["components"]] == ["Mercury", "Lead"]
    assert "reasonForNoConsignmentCode" not in bodies["H02"]
    assert bodies["H03"]["reasonForNoConsignmentCode"] == "NO_DOC_WITH_WASTE"
    assert first["X01"]["containsPops"] is first["X01"]["containsHazardous"] is True
    assert first["R01"]["weight"] == {"metric": "Tonnes", "amount": 2.5, "isEstimate": False}
