"""Judging manifests: EPA's own examples, one rule at a time, and whatever else is sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.emanifest.judging import judge_manifests
from tests.ledger.formats.emanifest.sample_manifest import SIGNED, manifest, with_line

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


def problems(document: object) -> set[tuple[str, str]]:
    judged = judge_manifests("m.json", json.dumps(document).encode())
    return {(problem.level, problem.path) for problem in judged.problems}


def test_a_manifest_that_everyone_signed_is_accepted() -> None:
    judged = judge_manifests("m.json", json.dumps(SIGNED).encode())

    assert (judged.verdict, judged.problems) == ("accept", ())


def test_the_examples_of_the_agency_are_judged_as_it_judges_them(data: Path) -> None:
    for file in sorted((data / "ledger" / "emanifest").rglob("*.json")):
        judged = judge_manifests(file.name, file.read_bytes())
        if "save-valid" in file.name or "update-valid" in file.name:
            is_answer = file.name.endswith("response.json")
            assert (judged.verdict == "reject") == is_answer, judged
        else:
            assert judged.verdict == "reject", judged


def test_what_the_agency_finds_in_its_invalid_example_is_found(data: Path) -> None:
    folder = data / "ledger" / "emanifest" / "manifest-save-return-examples"
    answer = json.loads((folder / "emanifest-return-failure-example.json").read_bytes())
    fields = {
        error["field"].replace("Emanifest.wastes.0", "$.wastes[0]") for error in answer["errors"]
    }

    judged = judge_manifests("x", (folder / "emanifest-save-invalid-example.json").read_bytes())
    paths = {problem.path for problem in judged.problems}

    assert all(any(path.startswith(field) for path in paths) for field in fields)


@pytest.mark.parametrize(
    ("document", "level", "path"),
    [
        (manifest(manifestTrackingNumber="12ELC"), "error", "$.manifestTrackingNumber"),
        (manifest(manifestTrackingNumber=None), "error", "$.manifestTrackingNumber"),
        (manifest(submissionType=None), "error", "$.submissionType"),
        (manifest(status="Sent"), "error", "$.status"),
        (manifest(transporters=[]), "error", "$.transporters"),
        (manifest(transporters=SIGNED["transporters"][1:]), "error", "$.transporters"),
        (manifest(designatedFacility={}), "error", "$.designatedFacility"),
        (manifest(generator={"name": "Dyer"}, colour=1), "error", "$.colour"),
        (manifest(discrepancy=True), "warning", "$.discrepancy"),
        (manifest(rejection=True), "error", "$.rejectionInfo"),
        (manifest(rejection=True, rejectionInfo={}), "error", "$.rejectionInfo.rejectionType"),
        (manifest(rejectionInfo={}), "warning", "$.rejectionInfo"),
        (manifest(residue=True), "warning", "$.residueNewManifestTrackingNumbers"),
        (manifest(shippedDate="yesterday"), "error", "$.shippedDate"),
        (
            manifest(containsPreviousRejectOrResidue=True),
            "error",
            "$.additionalInfo.originalManifestTrackingNumbers",
        ),
        (manifest(**{"import": True}), "error", "$.importInfo"),
        (with_line(1, wasteDescription=None), "error", "$.wastes[0].wasteDescription"),
        (with_line(2, dotInformation=None), "error", "$.wastes[1].dotInformation"),
        (with_line(1, managementMethod=None), "error", "$.wastes[0].managementMethod"),
        (with_line(1, lineNumber=2), "error", "$.wastes"),
        (with_line(2, lineNumber=3), "warning", "$.wastes"),
        (with_line(1, pcb=True), "warning", "$.wastes[0].pcbInfos"),
        (with_line(1, hazardousWaste=None), "warning", "$.wastes[0].hazardousWaste"),
        (with_line(1, br=True), "error", "$.wastes[0].brInfo"),
        (with_line(1, quantity=None), "error", "$.wastes[0].quantity"),
        (
            with_line(1, quantity={"quantity": 5}),
            "error",
            "$.wastes[0].quantity.unitOfMeasurement",
        ),
        (
            with_line(2, br=True, brInfo={"density": 8.345}),
            "error",
            "$.wastes[1].brInfo.density",
        ),
        (
            with_line(2, br=True, brInfo={"density": 8.3}),
            "error",
            "$.wastes[1].brInfo.densityUnitOfMeasurement",
        ),
        (
            with_line(1, discrepancyResidueInfo={"wasteQuantity": True}),
            "error",
            "$.wastes[0].discrepancyResidueInfo.discrepancyComments",
        ),
        (
            with_line(1, additionalInfo={"consentNumber": "123456I12345"}),
            "warning",
            "$.wastes[0].additionalInfo.consentNumber",
        ),
    ],
)
def test_each_rule_is_told_where_it_is_broken(
    document: dict[str, Any], level: str, path: str
) -> None:
    assert (level, path) in problems(document)


def test_short_tons_that_say_they_are_tonnes_are_not_guessed() -> None:
    unit = {"code": "T", "description": "Metric Tons (1000 Kilograms)"}
    amount = SIGNED["wastes"][0]["quantity"] | {"unitOfMeasurement": unit}

    path = "$.wastes[0].quantity.unitOfMeasurement.description"
    assert ("error", path) in problems(with_line(1, quantity=amount))


def test_in_a_list_of_manifests_each_problem_has_its_place() -> None:
    assert ("error", "$[1].colour") in problems([SIGNED, manifest(colour="blue")])


def test_a_draft_may_lack_what_is_not_known_yet() -> None:
    draft = {"status": "Pending", "submissionType": "Hybrid", "wastes": []}

    assert problems(draft) == set()


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"[1]", b"{}", b"\xff", b'{"wastes": NaN}'])
def test_what_is_no_manifest_is_told_as_such(text: bytes) -> None:
    judged = judge_manifests("m.json", text)

    assert judged.verdict == "reject"
    assert [problem.path for problem in judged.problems] == ["$"]


@given(st.dictionaries(st.sampled_from(sorted(SIGNED)), ANYTHING, max_size=4))
def test_whatever_stands_in_a_field_is_judged_and_never_a_crash(changes: dict[str, Any]) -> None:
    document = json.dumps(manifest() | changes).encode()

    assert judge_manifests("m.json", document).verdict in ("accept", "warn", "reject")


@given(
    st.sampled_from(sorted({*SIGNED["wastes"][0], "brInfo", "pcbInfos", "discrepancyResidueInfo"})),
    ANYTHING,
)
def test_whatever_stands_in_a_line_is_judged_and_never_a_crash(field: str, held: object) -> None:
    made = manifest()
    made["wastes"][0][field] = held

    judged = judge_manifests("m.json", json.dumps(made).encode())

    assert judged.verdict in ("accept", "warn", "reject")
