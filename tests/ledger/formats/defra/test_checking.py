"""Digital Waste Tracking: every rule of its specification rejects or warns, at its path."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.defra.checking import judge_bodies
from tests.ledger.formats.defra.bodies import (
    BODY,
    GONE,
    HAZARDS,
    ITEM,
    POPS,
    WEIGHT,
    changed,
    judged,
)

LONG = "x" * 5001
EMPTY: list[object] = [[], {}, None]
OF_AN_ITEM = (
    *("ewcCodes", "wasteDescription", "physicalForm", "numberOfContainers", "typeOfContainers"),
    *("weight", "containsPops", "containsHazardous"),
)
NEEDED = [
    *("$.apiCode", "$.dateTimeReceived", "$.wasteItems", "$.carrier", "$.receiver", "$.receipt"),
    *(f"{ITEM}.{name}" for name in OF_AN_ITEM),
    *(f"{ITEM}.weight.{name}" for name in WEIGHT),
    *(f"{ITEM}.disposalOrRecoveryCodes[0].{name}" for name in ("code", "weight")),
    *(f"{ITEM}.disposalOrRecoveryCodes[0].weight.{name}" for name in WEIGHT),
    *(f"{ITEM}.{name}" for name in ("pops", "hazardous", "hazardous.hazCodes")),
    *(f"{ITEM}.{name}.sourceOfComponents" for name in ("pops", "hazardous")),
    *(f"{ITEM}.pops.components", f"{ITEM}.pops.components[0].code"),
    f"{ITEM}.hazardous.components[0].name",
    *(f"$.carrier.{name}" for name in ("registrationNumber", "organisationName")),
    *("$.carrier.meansOfTransport", "$.carrier.vehicleRegistration", "$.carrier.address.postcode"),
    *("$.brokerOrDealer.organisationName", "$.brokerOrDealer.address.postcode"),
    *("$.receiver.siteName", "$.receiver.authorisationNumber", "$.receipt.address"),
    *("$.receipt.address.fullAddress", "$.receipt.address.postcode"),
    *(f"$.otherReferencesForMovement[0].{name}" for name in ("label", "reference")),
]
WRONG: list[tuple[str, object]] = [
    *(("$.apiCode", value) for value in ("123456", "", 7, None)),
    *(("$.dateTimeReceived", value) for value in ("2026-03-04", "04/03/2026 07:45", "", 20260304)),
    *(("$.dateTimeReceived", f"2026-{rest}") for rest in ("02-30T07:45:00Z", "03-04T07:45:00")),
    *(
        ("$.hazardousWasteConsignmentCode", value)
        for value in ("CJ32LE/A001", "CJ32LEA0001", "SB123456", "SD1234567", "CJ/A 1")
    ),
    ("$.reasonForNoConsignmentCode", "No documentation provided with Waste"),
    ("$.specialHandlingRequirements", LONG),
    ("$.otherReferencesForMovement", None),
    ("$.otherReferencesForMovement[0].label", ""),
    ("$.otherReferencesForMovement[0].reference", None),
    *(("$.wasteItems", value) for value in EMPTY),
    (f"{ITEM}.ewcCodes", []),
    (f"{ITEM}.ewcCodes", ["200101"] * 6),
    (f"{ITEM}.ewcCodes", "200121"),
    *(
        (f"{ITEM}.ewcCodes[0]", value)
        for value in ("20012", "20 01 21", "200121*", "200198", 200121)
    ),
    *((f"{ITEM}.wasteDescription", value) for value in (LONG, "", None)),
    *((f"{ITEM}.physicalForm", value) for value in ("solid", "Slurry", "")),
    *((f"{ITEM}.numberOfContainers", value) for value in (-1, 1.5, "2", None, True)),
    *((f"{ITEM}.typeOfContainers", value) for value in ("ski", "XYZ", "")),
    *((f"{ITEM}.weight.metric", value) for value in ("kg", "tonnes", None)),
    *((f"{ITEM}.weight.amount", value) for value in (0, -1, "1.5", None, True)),
    *((f"{ITEM}.weight.isEstimate", value) for value in ("false", 0, None)),
    *((f"{ITEM}.containsPops", value) for value in ("true", None)),
    (f"{ITEM}.pops.sourceOfComponents", "guidance"),
    (f"{ITEM}.pops.components", []),
    *((f"{ITEM}.pops.components[0].code", value) for value in ("hbb", "Aldrin", "", None)),
    *((f"{ITEM}.pops.components[0].concentration", value) for value in (0, -1, "12")),
    (f"{ITEM}.hazardous.hazCodes", []),
    (f"{ITEM}.hazardous.hazCodes", "HP_1"),
    *((f"{ITEM}.hazardous.hazCodes[0]", value) for value in ("HP1", "HP_16", "hp_1", 1)),
    *((f"{ITEM}.hazardous.components[0].concentration", value) for value in (0, -0.5, "high")),
    *((f"{ITEM}.disposalOrRecoveryCodes[0].code", value) for value in ("r1", "R14", "D16", "")),
    (f"{ITEM}.disposalOrRecoveryCodes", None),
    *(
        ("$.carrier.registrationNumber", value)
        for value in ("CBDX123", "CBDU", "cbdu123", "WCR/R/123456", "SEA/12345", "ROC UT 123456")
    ),
    ("$.carrier.meansOfTransport", "road"),
    ("$.carrier.vehicleRegistration", "AB12 CDE XYZ"),
    *(("$.carrier.emailAddress", value) for value in ("desk", "desk@wheels", "a b@c.uk")),
    *(("$.carrier.address.postcode", value) for value in ("LS14AP", "LS1-4AP", "75001")),
    ("$.brokerOrDealer.registrationNumber", "CBDU"),
    ("$.brokerOrDealer.emailAddress", "nobody"),
    *(
        ("$.receiver.authorisationNumber", value)
        for value in ("EPR/DD2522B", "12345", "PPC/X/1234567")
    ),
    *(("$.receiver.regulatoryPositionStatements[0]", value) for value in (0, -3, 1.5, "343")),
    *(("$.receipt.address.postcode", value) for value in ("D02 X285", "LS101AA", "LS10 1A!")),
    ("$.wasteTrackingId", "25-HRA0B2"),
]
FINE: list[tuple[str, object]] = [
    ("$.dateTimeReceived", "2025-09-15T13:12:28.123+01:00"),
    *(
        ("$.hazardousWasteConsignmentCode", value)
        for value in ("SB1234567", "DA5301234", "123456/12345")
    ),
    ("$.wasteTrackingId", "25HRA0B2"),
    (f"{ITEM}.numberOfContainers", 0),
    (f"{ITEM}.ewcCodes", ["020101", "200108", "200121", "150110", "150109"]),
    (f"{ITEM}.hazardous.hazCodes", ["HP_POP", "HP_1", "HP_1"]),
    (f"{ITEM}.pops", {"sourceOfComponents": "NOT_PROVIDED"}),
    *(
        ("$.carrier.registrationNumber", value)
        for value in ("CBDL6", "WCR/R/1234567", "SCO/123456", "SWE/123456", "ROCLT9999", "ROC LT 9")
    ),
    *(("$.carrier.address.postcode", value) for value in ("w12 7zl", "D6W XY00", "A65F4E2")),
    *(
        ("$.receiver.authorisationNumber", value)
        for value in (
            *("EAWML123456", "ab1234cd", "AB1234CD/D1234", "PPC/A/SEPA1234-5678", "EAS/P/123456"),
            *("WML/L/1234567/01", "P1234/56A/V2", "WPPC 12/34", "WML 07/61 LN/13/02/M/V2"),
            *("WML 19/36/T LN/10/35/T/M", "WML 04/38 PAC/2014/WCL001", "LN/13/02"),
        )
    ),
]
WARNED: list[tuple[str, object]] = [
    (f"{ITEM}.disposalOrRecoveryCodes", GONE),
    (f"{ITEM}.disposalOrRecoveryCodes", []),
    (f"{ITEM}.hazardous.components", []),
    (f"{ITEM}.hazardous.components", GONE),
    (f"{ITEM}.hazardous.components[0].concentration", GONE),
    (f"{ITEM}.pops.components[0].concentration", GONE),
    ("$.colour", "green"),
]


def paths(body: object) -> list[str]:
    return [problem.path for problem in judged(body).problems]


def test_a_body_that_keeps_every_rule_is_accepted() -> None:
    found = judged(BODY)

    assert (found.verdict, found.problems, found.notes) == ("accept", (), ())


@pytest.mark.parametrize("path", NEEDED)
def test_what_is_needed_and_missing_rejects_a_body_at_its_path(path: str) -> None:
    body = changed(path, GONE)

    assert judged(body).verdict == "reject"
    assert path in paths(body)


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_what_breaks_a_rule_rejects_a_body_at_its_path(path: str, value: object) -> None:
    body = changed(path, value)

    assert judged(body).verdict == "reject"
    assert any(found == path or found.startswith(path) for found in paths(body))


@pytest.mark.parametrize(("path", "value"), FINE)
def test_what_the_specification_allows_is_accepted(path: str, value: object) -> None:
    assert judged(changed(path, value)).problems == ()


@pytest.mark.parametrize(("path", "value"), WARNED)
def test_what_is_only_recommended_is_warned_of_at_its_path(path: str, value: object) -> None:
    body = changed(path, value)

    assert judged(body).verdict == "warn"
    assert paths(body) == [path]


@pytest.mark.parametrize(
    ("number", "reason", "verdict"),
    [
        (None, "ON_SITE", "accept"),
        ("", "MARINE", "accept"),
        (None, GONE, "reject"),
        (None, "", "reject"),
        (None, None, "reject"),
        (None, "NONE", "reject"),
        (GONE, "ON_SITE", "reject"),
        ("CBDU6", "ON_SITE", "reject"),
    ],
)
def test_a_carrier_has_a_registration_number_or_says_why_not(
    number: object, reason: object, verdict: str
) -> None:
    body = changed("$.carrier.registrationNumber", number)
    if reason is not GONE:
        body["carrier"]["reasonForNoRegistrationNumber"] = reason

    assert judged(body).verdict == verdict


@pytest.mark.parametrize("code", [GONE, None, ""])
@pytest.mark.parametrize(
    ("ewc_codes", "reason", "verdict"),
    [
        (["020101", "200121"], "HWRC_RECEIPT", "accept"),
        (["020101", "200121"], GONE, "reject"),
        (["020101"], GONE, "accept"),
        (["020101"], "", "accept"),
    ],
)
def test_hazardous_waste_has_a_consignment_code_or_says_why_not(
    code: object, ewc_codes: list[str], reason: object, verdict: str
) -> None:
    body = changed("$.hazardousWasteConsignmentCode", code)
    body["wasteItems"].append(changed(f"{ITEM}.ewcCodes", ewc_codes)["wasteItems"][0])
    body["wasteItems"][0]["ewcCodes"] = ["200108"]
    if reason is not GONE:
        body["reasonForNoConsignmentCode"] = reason

    assert judged(body).verdict == verdict


@pytest.mark.parametrize("means", ["Rail", "Air", "Sea", "Inland Waterway", "Piped", "Other"])
def test_only_what_comes_by_road_has_a_vehicle(means: str) -> None:
    body = changed("$.carrier.meansOfTransport", means)

    assert paths(body) == ["$.carrier.vehicleRegistration"]
    assert judged(changed("$.carrier.vehicleRegistration", GONE, body)).verdict == "accept"


@pytest.mark.parametrize(("flag", "name"), [("Pops", "pops"), ("Hazardous", "hazardous")])
def test_components_are_given_where_and_only_where_they_are_said_to_be(
    flag: str, name: str
) -> None:
    details = POPS if name == "pops" else HAZARDS
    there, without = f"{ITEM}.{name}", {**details, "components": []}

    for source, verdict in {
        "NOT_PROVIDED": "accept",
        "PROVIDED_WITH_WASTE": "warn",
        "GUIDANCE": "reject",
        "OWN_TESTING": "reject",
    }.items():
        body = changed(there, {**without, "sourceOfComponents": source})
        assert judged(body).verdict == verdict, source
    unknown = changed(f"{there}.sourceOfComponents", "NOT_PROVIDED")
    assert paths(unknown) == [f"{there}.components"]
    denied = changed(f"{ITEM}.contains{flag}", False)
    assert paths(denied) == [f"{there}.components"]
    assert judged(changed(there, without, denied)).verdict == "accept"


def test_a_star_without_hazards_and_more_treated_than_received_are_noted() -> None:
    body = changed(f"{ITEM}.containsHazardous", False)
    body["wasteItems"][0]["hazardous"]["components"] = []
    body["wasteItems"][0]["weight"] = {**WEIGHT, "metric": "Kilograms"}
    found = judged(body)

    assert found.verdict == "accept"
    assert [note.path for note in found.notes] == [
        f"{ITEM}.containsHazardous",
        f"{ITEM}.disposalOrRecoveryCodes",
    ]


@pytest.mark.parametrize(
    "path", ["$.apiCode", "$.dateTimeReceived", f"{ITEM}.weight.amount", "$.carrier.emailAddress"]
)
def test_a_placeholder_fits_every_rule_and_is_told(path: str) -> None:
    found = judged(changed(path, "PLACEHOLDER"))

    assert found.verdict == "accept"
    assert [note.path for note in found.notes] == [path]


def test_a_bulk_upload_stands_or_falls_as_a_whole() -> None:
    sender = {"defraCustomerOrganisationId": "PLACEHOLDER"}
    bulk = {**changed("$.apiCode", GONE), "submittingOrganisation": sender}
    update = {**bulk, "wasteTrackingId": "25HRA0B2"}

    assert judged([bulk, bulk]).verdict == "accept"
    assert judged([update, update]).verdict == "accept"
    assert judged([update, bulk]).verdict == "accept"
    assert "sent apart" in judged([update, bulk]).notes[-1].what
    assert paths([bulk, changed("$.apiCode", GONE)]) == ["$[1].submittingOrganisation"]
    assert paths([]) == ["$"]
    assert paths([bulk, 7]) == ["$[1]"]
    assert paths(bulk) == ["$.apiCode"]


@pytest.mark.parametrize("text", [b"", b"7", b"{", b'{"a": 1, "a": 2}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_rejected_as_a_whole(text: bytes) -> None:
    found = judge_bodies("noise.json", text)

    assert found.verdict == "reject"
    assert [problem.path for problem in found.problems] == ["$"]


def test_the_services_own_bodies_get_their_verdicts(data: Path) -> None:
    files = sorted((data / "ledger" / "defra_dwt" / "bodies").glob("*/*.json"))
    expected = {file: file.parent.name for file in files if file.parent.name != "other"}

    assert len(expected) >= 29
    assert {file: judge_bodies(file.name, file.read_bytes()).verdict for file in expected} == (
        expected
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def places(value: Any, path: str = "$") -> list[str]:  # noqa: ANN401  Any JSON value.
    """The paths of all values in a body."""
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [(f"{path}.{name}", one) for name, one in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{at}]", one) for at, one in enumerate(value)]
    return [path for path, _ in inner] + [deep for at, one in inner for deep in places(one, at)]


@given(st.sampled_from(places(BODY)), ANYTHING)
def test_anything_anywhere_in_a_body_is_judged(path: str, value: object) -> None:
    found = judge_bodies("body.json", json.dumps(changed(path, value)).encode())

    assert found.verdict in ("accept", "warn", "reject")
    assert all(problem.path.startswith("$") and problem.what for problem in found.problems)


@given(ANYTHING)
def test_any_document_is_judged(value: object) -> None:
    assert judged(value).verdict in ("warn", "reject")


def test_a_large_bulk_upload_is_judged_once_through() -> None:
    found = judged([BODY] * 500)

    assert (found.verdict, found.problems) == ("accept", ())
