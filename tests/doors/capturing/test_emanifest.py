"""Manifests in a city's record: lots and custody, once, through every state, and out again."""

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.capturing.documents import take_in_documents
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, found_city
from bioloom.doors.findings import FileReport
from bioloom.doors.taking import Options
from bioloom.ledger.formats.emanifest.carrying import not_carried
from bioloom.ledger.formats.emanifest.judging import judge_manifests
from bioloom.ledger.inventory import lot
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from tests.ledger.formats.emanifest.sample_manifest import SIGNED, manifest, with_line

SLUDGE, DIESEL = LotId("emanifest:123456789ELC:1"), LotId("emanifest:123456789ELC:2:ml")
REJECTED = LotId("emanifest:223456789ELC:1")
GENERATOR, FACILITY, LAST = "epa:VATEST000004", "epa:VAD000532119", "epa:VATEST000002"
KG_MG = 1_000_000


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "city", token="t") as city:
        yield city


def taken(city: City, *manifests: object, correct: bool = False) -> FileReport:
    file = city.folder.parent / "manifests.json"
    file.write_text(json.dumps(manifests), encoding="utf-8")
    options = Options(as_="emanifest", correct=correct)
    report = take_in_documents(city, [file], options).files[0]
    assert verify(city.journal.store).holds
    return report


def has(city: City, name: LotId) -> tuple[dict[AgentId, int], dict[AgentId, int]]:
    """Who owns how much of a lot, and who holds how much of it."""
    row = lot(city.journal, name)
    assert row is not None
    return row.owners, row.holders


def signed_until(transporters: int) -> dict[str, Any]:
    """The manifest as it is while it is under way: signed by so many transporters, no facility."""
    made = manifest(status="InTransit")
    for site in [*made["transporters"][transporters:], made["designatedFacility"]]:
        del site["paperSignatureInfo"]
    return made


def test_a_signed_manifest_becomes_lots_that_its_facility_has(city: City) -> None:
    report = taken(city, SIGNED)

    assert (report.rejected, report.conflicts) == (0, 0)
    assert has(city, SLUDGE) == ({FACILITY: 500 * KG_MG}, {FACILITY: 500 * KG_MG})
    # 55 US gallons: a volume, for nobody states a density.
    assert has(city, DIESEL) == ({FACILITY: 208_198}, {FACILITY: 208_198})
    assert "generator.contact" in report.not_carried


def test_the_same_manifest_twice_is_one(city: City) -> None:
    taken(city, SIGNED)
    before = city.journal.head().seq

    assert taken(city, SIGNED).same == 1
    # One entry: that the file, which is another, was taken in.
    assert city.journal.head().seq == before


def test_a_manifest_is_followed_from_signature_to_signature(city: City) -> None:
    taken(city, signed_until(1))
    assert has(city, SLUDGE) == ({GENERATOR: 500 * KG_MG}, {"epa:VATEST000001": 500 * KG_MG})

    assert taken(city, signed_until(2)).conflicts == 1, "same status, and no later update"
    assert taken(city, SIGNED).corrected > 0
    assert has(city, SLUDGE) == ({FACILITY: 500 * KG_MG}, {FACILITY: 500 * KG_MG})

    assert taken(city, signed_until(1)).rejected == 1, "the record has a later state"
    taken(city, signed_until(1), correct=True)
    assert has(city, SLUDGE)[1] == {"epa:VATEST000001": 500 * KG_MG}


@pytest.mark.parametrize("kilograms", [400, 900])
def test_a_corrected_version_replaces_the_figure_and_links_to_it(
    city: City, kilograms: int
) -> None:
    taken(city, SIGNED)
    amount = SIGNED["wastes"][0]["quantity"] | {"quantity": kilograms}
    corrected = with_line(1, quantity=amount) | {
        "status": "Corrected",
        "correctionInfo": {"versionNumber": 2},
    }

    assert taken(city, corrected).rejected == 0

    assert has(city, SLUDGE) == ({FACILITY: kilograms * KG_MG}, {FACILITY: kilograms * KG_MG})
    entry = city.journal.current(["emanifest:123456789ELC"])["emanifest:123456789ELC"]
    assert entry.corrects is not None


def test_another_transporter_and_a_line_less_are_corrected_too(city: City) -> None:
    taken(city, SIGNED)
    corrected = manifest(status="Corrected", correctionInfo={"versionNumber": 1})
    corrected["transporters"][0]["epaSiteId"] = "VATEST000077"
    del corrected["wastes"][1]

    assert taken(city, corrected).rejected == 0
    assert has(city, SLUDGE)[1] == {FACILITY: 500 * KG_MG}
    assert has(city, DIESEL) == ({}, {})


def test_a_density_makes_a_mass_of_a_volume_exactly(city: City) -> None:
    density = {"density": 8.34, "densityUnitOfMeasurement": {"code": "1"}}
    taken(city, with_line(2, br=True, brInfo=density))

    mass_mg = round(55 * Decimal("8.34") * Decimal("453592.37"))
    assert has(city, LotId("emanifest:123456789ELC:2"))[0] == {FACILITY: mass_mg}


def rejecting(kind: str, *, on_site: bool, **more: object) -> dict[str, Any]:
    info = {"rejectionType": kind, "transporterOnSite": on_site} | more
    return manifest(rejection=True, rejectionInfo=info)


def shipping_on(kilograms: int) -> dict[str, Any]:
    """The manifest under which a part of the first one's sludge goes to another facility."""
    amount = SIGNED["wastes"][0]["quantity"] | {"quantity": kilograms}
    made = with_line(1, quantity=amount) | {
        "manifestTrackingNumber": "223456789ELC",
        "containsPreviousRejectOrResidue": True,
        "additionalInfo": {"originalManifestTrackingNumbers": ["123456789ELC"]},
    }
    del made["wastes"][1]
    made = deepcopy(made)
    made["transporters"] = made["transporters"][:1]
    made["designatedFacility"]["epaSiteId"] = "VATESTTSDF03"
    for day, site in enumerate([made["generator"], *made["transporters"]], start=5):
        site["paperSignatureInfo"]["signatureDate"] = f"2026-03-{day:02}T04:00:00.000+0000"
    made["designatedFacility"]["paperSignatureInfo"]["signatureDate"] = "2026-03-09T04:00:00Z"
    return made


def test_of_a_load_rejected_in_part_the_rest_stays_and_the_part_goes_its_way(city: City) -> None:
    partly = rejecting("PartialReject", on_site=False, newManifestTrackingNumbers=["223456789ELC"])

    # In whatever order a document lists them.
    report = taken(city, shipping_on(120), partly)

    assert report.rejected == 0, report.findings
    assert has(city, SLUDGE) == ({FACILITY: 380 * KG_MG}, {FACILITY: 380 * KG_MG})
    other = "epa:VATESTTSDF03"
    assert has(city, REJECTED) == ({other: 120 * KG_MG}, {other: 120 * KG_MG})


def test_more_than_there_was_is_never_shipped_on(city: City) -> None:
    partly = rejecting("PartialReject", on_site=False, newManifestTrackingNumbers=["223456789ELC"])

    assert taken(city, partly, shipping_on(501)).rejected == 1
    assert has(city, SLUDGE)[0] == {FACILITY: 500 * KG_MG}


def test_what_continues_an_unknown_manifest_is_refused(city: City) -> None:
    report = taken(city, shipping_on(120))

    assert "could be part of 0 lots" in report.findings[0].what


def test_a_load_rejected_on_the_truck_stays_on_it_until_the_other_facility_signs(
    city: City,
) -> None:
    other = deepcopy(SIGNED["designatedFacility"]) | {"epaSiteId": "VATESTTSDF03"}
    way = {"alternateDesignatedFacilityType": "Tsdf", "alternateDesignatedFacility": other}
    del other["paperSignatureInfo"]
    taken(city, rejecting("FullReject", on_site=True, **way))
    assert has(city, SLUDGE) == ({GENERATOR: 500 * KG_MG}, {LAST: 500 * KG_MG})

    other["paperSignatureInfo"] = {"signatureDate": "2026-03-08T04:00:00Z"}
    taken(city, rejecting("FullReject", on_site=True, **way), correct=True)
    assert has(city, SLUDGE)[1] == {"epa:VATESTTSDF03": 500 * KG_MG}


def test_a_load_sent_back_is_its_generators_again(city: City) -> None:
    signed = {"signatureDate": "2026-03-08T04:00:00Z"}
    way = {"alternateDesignatedFacilityType": "Generator", "generatorPaperSignature": signed}

    taken(city, rejecting("FullReject", on_site=False, **way))

    assert has(city, SLUDGE) == ({GENERATOR: 500 * KG_MG}, {GENERATOR: 500 * KG_MG})


def test_what_is_written_is_what_was_read_but_for_what_is_named(
    city: City, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    taken(city, SIGNED)

    assert main(["export", str(city.folder), "--as", "emanifest"]) == 0

    (written,) = json.loads(capsysbinary.readouterr().out)
    expected = manifest()
    for site in [expected["generator"], *expected["transporters"], expected["designatedFacility"]]:
        del site["contact"], site["paperSignatureInfo"]["printedName"]
    del expected["wastes"][0]["additionalInfo"]["comments"]
    assert written == expected
    assert not_carried(written) == []


def test_the_examples_of_the_agency_are_read_recorded_and_written(
    data: Path, city: City, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    files = [
        file
        for file in sorted((data / "ledger" / "emanifest").rglob("*-valid-*.json"))
        if not file.name.endswith("response.json")
    ]
    for number, file in enumerate(files):
        # What has no number yet is known by what it says, and two of these say the same.
        example = json.loads(file.read_bytes()) | {"potentialShipDate": f"2026-01-{number + 1:02}"}
        if example.get("manifestTrackingNumber") == "CHANGE ME":
            example["manifestTrackingNumber"] = f"{number:09}ELC"
        assert taken(city, example).rejected == 0, file.name

    assert main(["export", str(city.folder), "--as", "emanifest"]) == 0

    text = capsysbinary.readouterr().out
    assert len(json.loads(text)) == len(files)
    assert judge_manifests("written.json", text).verdict != "reject"
    again = taken(city, *json.loads(text))
    assert (again.same, again.not_carried) == (len(files), [])


@settings(max_examples=15)
@given(
    st.dictionaries(
        st.sampled_from(["rejectionInfo", "additionalInfo", "correctionInfo", "importInfo"]),
        st.just({}) | st.none() | st.integers() | st.just({"newManifestTrackingNumbers": []}),
    ),
    st.booleans(),
    st.permutations(range(1, 8)),
    st.integers(0, 99_999_999_999),
    st.sampled_from("PTKMGLYN"),
)
def test_whatever_a_manifest_says_it_is_recorded_soundly_or_refused(
    changes: dict[str, Any], rejected: bool, days: list[int], number: int, unit: str
) -> None:
    amount = SIGNED["wastes"][0]["quantity"] | {"quantity": number}
    made = with_line(1, quantity=amount | {"unitOfMeasurement": {"code": unit}})
    sites = [made["generator"], *made["transporters"], made["designatedFacility"]]
    for site, day in zip(sites, days, strict=False):
        site["paperSignatureInfo"]["signatureDate"] = f"2026-03-{day:02}T04:00:00Z"
    with TemporaryDirectory() as folder, found_city(Path(folder) / "city", token="t") as city:
        report = taken(city, made | {"rejection": rejected} | changes)

    assert report.rejected or report.recorded
