"""Receipts in a city's record: taken in once, corrected with links, written, and due."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.cli.main import main
from bioloom.doors.compose import City
from bioloom.ledger.formats.defra.deadlines import ReceiptDue, due_day, receipts_due
from bioloom.ledger.formats.defra.writing import receipts_of
from bioloom.ledger.formats.linked.strict import DocumentUnreadable
from bioloom.ledger.inventory import lot as lot_row
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from tests.doors.defra.yard import (
    YARD,
    exported,
    item,
    lot,
    receipt,
    receive,
    taken,
    tell,
    treated,
    yard,
)
from tests.ledger.formats.defra.bodies import BODY, GONE, ITEM, changed
from tests.ledger.formats.defra.test_checking import ANYTHING, places

DONE, WANTING, REFUSED = 0, 1, 2
MOVEMENT = "defra:EPR%2FDD2522BF:ticket%204711"
LOT = LotId(f"{MOVEMENT}:1")
KG_MG = 1_000_000
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with yard(tmp_path / "city") as city:
        yield city


def due(city: City, today: date = date(2026, 3, 4)) -> list[ReceiptDue]:
    receipts = receipts_of(city.journal.standing())
    return list(receipts_due(receipts, zone=LONDON, today=today))


def kept(body: dict[str, Any]) -> dict[str, Any]:
    """What of a body the record carries, with its way of writing when it was."""
    made = json.loads(json.dumps(body))
    for party in ("carrier", "brokerOrDealer", "receiver"):
        for name in ("emailAddress", "phoneNumber"):
            made.get(party, {}).pop(name, None)
    made.pop("submittingOrganisation", None)
    at = made["dateTimeReceived"].replace(":00Z", ":00.000Z")
    return {**made, "apiCode": BODY["apiCode"], "dateTimeReceived": at}


def test_a_load_is_the_sites_as_weighed_and_says_who_brought_it(city: City) -> None:
    report = taken(city, BODY)

    assert (report.rejected, report.conflicts, report.mass_mg) == (
        0,
        0,
        {"low-200121": 1500 * KG_MG},
    )
    assert report.not_carried == ["apiCode", "carrier.emailAddress", "carrier.phoneNumber"]
    row = lot_row(city.journal, LOT)
    assert row is not None
    assert (row.stamp, row.reported, row.unit) == ("measured", "1.5", "t")
    site = "dwt:EPR%2FDD2522BF"
    assert row.owners == row.holders == {site: 1500 * KG_MG}
    agents = city.journal.declared().agents
    assert (agents[row.holders.popitem()[0]], agents[AgentId("carrier:Green Wheels Ltd")]) == (
        "North yard",
        "Green Wheels Ltd",
    )


def test_the_same_file_twice_changes_nothing(city: City) -> None:
    taken(city, BODY)
    before = city.journal.head()

    assert taken(city, BODY).same == 1
    assert city.journal.head() == before


def test_another_weight_is_a_conflict_until_it_is_taken_as_a_correction(city: City) -> None:
    taken(city, BODY)
    lighter = changed(f"{ITEM}.weight.amount", 0.5)

    report = taken(city, lighter)
    assert (report.conflicts, report.corrected) == (1, 0)
    assert "1.5" in report.findings[0].what
    assert taken(city, lighter, correct=True).rejected == 0

    row = lot_row(city.journal, LOT)
    assert row is not None
    assert row.owners == {"dwt:EPR%2FDD2522BF": 500 * KG_MG}
    assert exported(city) == [kept(lighter)]


@pytest.mark.parametrize(
    "correction",
    [
        changed(f"{ITEM}.ewcCodes", ["200101"]),
        changed("$.wasteItems", [BODY["wasteItems"][0], BODY["wasteItems"][0]]),
        changed("$.dateTimeReceived", "2026-03-04T09:00:00.000Z"),
        changed("$.carrier.organisationName", "Blue Wheels Ltd"),
        changed("$.brokerOrDealer", GONE),
    ],
)
def test_what_is_corrected_is_linked_and_can_be_corrected_back(
    city: City, correction: dict[str, Any]
) -> None:
    original = changed("$.dateTimeReceived", "2026-03-04T07:45:00.000Z")
    taken(city, original)

    assert taken(city, correction).conflicts == 1
    assert taken(city, correction, correct=True).rejected == 0
    assert taken(city, correction).same == 1
    entry = city.journal.current([f"receipt:{MOVEMENT}"])[f"receipt:{MOVEMENT}"]
    assert entry.corrects is not None
    assert taken(city, original, correct=True).rejected == 0
    assert exported(city) == [kept(original)]


def test_a_body_with_errors_is_rejected_with_its_paths_and_stops_no_other(city: City) -> None:
    report = taken(city, changed("$.carrier.meansOfTransport", "Rail"), BODY)

    assert (report.rows, report.rejected) == (2, 1)
    assert [finding.column for finding in report.findings] == ["$[0].carrier.vehicleRegistration"]
    assert len(exported(city)) == 1


def test_a_placeholder_is_refused_unless_it_says_only_who_sends(city: City) -> None:
    report = taken(city, changed("$.dateTimeReceived", "PLACEHOLDER"))
    assert (report.rejected, report.recorded) == (1, 0)
    assert "$.dateTimeReceived is a placeholder" in report.findings[0].what

    assert taken(city, changed("$.apiCode", "PLACEHOLDER")).rejected == 0


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{ITEM}.numberOfContainers", 10**20),
        ("$.receiver.regulatoryPositionStatements", [2**53]),
        (f"{ITEM}.weight.amount", 10**12),
        (f"{ITEM}.disposalOrRecoveryCodes[0].weight.amount", 10**55),
        ("$.yourUniqueReference", "x" * 5000),
        ("$.carrier.organisationName", "Green\0Wheels"),
        ("$.dateTimeReceived", "9999-12-31T23:59:59Z"),
        ("$.dateTimeReceived", "0001-01-01T00:00:00Z"),
    ],
)
def test_what_no_record_could_keep_is_refused_and_leaves_nothing(
    city: City, path: str, value: object
) -> None:
    assert taken(city, changed(path, value)).rejected == 1
    assert exported(city) == []


@pytest.fixture(scope="module")
def one_city() -> Iterator[City]:
    with TemporaryDirectory() as folder, yard(Path(folder) / "city") as city:
        yield city


@settings(max_examples=60)
@given(st.sampled_from(places(BODY)), ANYTHING)
def test_anything_anywhere_in_a_body_is_taken_in_or_refused(
    one_city: City, path: str, value: object
) -> None:
    try:
        report = taken(one_city, changed(path, value))
    except DocumentUnreadable:
        return  # Infinity, or a number beyond all range, is no JSON.

    assert report.rows == 1
    told = report.rejected + report.conflicts + report.same + bool(report.recorded)
    assert told >= 1
    assert all(body["wasteItems"] for body in exported(one_city))


def test_a_dry_run_records_nothing(city: City) -> None:
    before = city.journal.head()

    assert taken(city, BODY, dry_run=True).recorded > 0
    assert city.journal.head() == before


def test_the_services_own_bodies_come_out_as_they_went_in(data: Path, city: City) -> None:
    files = sorted((data / "ledger" / "defra_dwt" / "bodies").glob("[aw]*/*Recieve_*.json"))
    at = "2026-03-04T07:45:00.000Z"
    for number, file in enumerate(files):
        body = json.loads(file.read_text(encoding="utf-8"))
        told = {**body, "dateTimeReceived": at, "yourUniqueReference": str(number)}

        assert taken(city, told).rejected == 0
        out = exported(city)[-1]
        # Where there are no components, saying so is as good as an empty object.
        assert out == kept(told), file.name
    assert len(files) >= 8


def test_what_is_sent_later_names_its_tracking_id(city: City) -> None:
    receive(city, item("a"))
    assert [one.want for one in due(city)] == ["not reported"]
    assert len(exported(city, due=True)) == 1

    folder = str(city.folder)
    assert main(["receipts", "reported", folder, "4711", "26HRA0B2"]) == DONE
    assert main(["receipts", "reported", folder, "4711", "26HRA0B2"]) == DONE
    assert exported(city, due=True) == []
    assert due(city) == []
    assert exported(city)[0]["wasteTrackingId"] == "26HRA0B2"


def test_a_receipt_corrected_since_it_was_reported_is_due_again(city: City) -> None:
    taken(city, {**BODY, "wasteTrackingId": "26HRA0B2"})
    assert due(city) == []

    taken(city, changed(f"{ITEM}.weight.amount", 0.5), correct=True)

    assert [one.want for one in due(city)] == ["corrected since it was reported"]
    (body,) = exported(city, due=True)
    assert (body["wasteTrackingId"], body["wasteItems"][0]["weight"]["amount"]) == ("26HRA0B2", 0.5)
    assert main(["receipts", "reported", str(city.folder), MOVEMENT, "26HRA0B2"]) == DONE
    assert due(city) == []


def test_codes_of_treatment_that_were_not_known_are_due_with_the_receipt(city: City) -> None:
    taken(city, {**changed(f"{ITEM}.disposalOrRecoveryCodes", GONE), "wasteTrackingId": "26HRA0B2"})

    (wanting,) = due(city, date(2026, 3, 7))
    assert (wanting.want, wanting.due, wanting.overdue) == (
        "treatment not reported",
        date(2026, 3, 6),
        True,
    )


def test_what_was_turned_away_is_no_receipt_and_the_next_movement_names_it(city: City) -> None:
    receive(city, item("a"), item("b"))
    rejected = city.journal.current(["a"])["a"]
    told = {"entry": rejected.id, "reason": "rejected"}
    assert tell(city, "EventReversed", "a:back", told, at="2026-03-04T08:00:00Z").outcome == (
        "recorded"
    )
    (body,) = exported(city)
    assert len(body["wasteItems"]) == 1

    again = receipt(item("c"), movement="4712", follows="4711", reference="ticket 4712")
    lot(city, "c")
    assert tell(city, "WasteReceived", "receipt:4712", again).outcome == "recorded"
    assert exported(city)[1]["otherReferencesForMovement"] == [
        {"label": "Follows movement", "reference": "4711"}
    ]


def test_a_receipt_turned_away_as_a_whole_after_it_was_reported_is_told(city: City) -> None:
    receive(city, item("a"))
    main(["receipts", "reported", str(city.folder), "4711", "26HRA0B2"])
    told = {"entry": city.journal.current(["a"])["a"].id, "reason": "rejected"}
    tell(city, "EventReversed", "a:back", told, at="2026-03-04T08:00:00Z")

    assert exported(city) == []
    assert [one.want for one in due(city)] == ["turned away since it was reported"]


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (receipt(item("nowhere")), "Lot 'nowhere'"),
        (receipt(), "it names no lot"),
        (receipt(item("a"), item("a")), "a lot twice"),
        (receipt(item("a", "20 01 98")), "no entry '20 01 98'"),
        (receipt(item("a", treatments=[treated("R1", "much")])), "'much' is no number"),
        (receipt(item("a", treatments=[treated("R1", "1e999999999")])), "is no number"),
        (receipt(item("a"), follows="4710"), "no receipt of the movement '4710'"),
        (receipt(item("a") | {"colour": "green"}), "unknown field `colour`"),
    ],
)
def test_a_receipt_that_cannot_be_so_is_refused(
    city: City, told: dict[str, Any], what: str
) -> None:
    lot(city, "a")

    refused = tell(city, "WasteReceived", "receipt:4711", told)

    assert refused.outcome == "refused"
    assert what in str(refused.what)


def test_a_movement_has_one_receipt_and_only_that_can_be_reported(city: City) -> None:
    receive(city, item("a"))

    assert "another receipt" in str(tell(city, "WasteReceived", "x", receipt(item("a"))).what)
    word = {"movement": "4711", "receiver": YARD, "entry": "none", "tracking_id": "26HRA0B2"}
    assert "no receipt" in str(tell(city, "ReceiptReported", "y", word).what)
    assert main(["receipts", "reported", str(city.folder), "4710", "26HRA0B2"]) == REFUSED
    assert main(["receipts", "reported", str(city.folder), "4711", "26-1"]) == REFUSED


def test_a_weight_in_other_units_comes_out_in_grams_and_what_is_not_measured_as_estimate(
    city: City,
) -> None:
    lot(city, "a", "10", unit="lb", stamp="reported")
    tell(city, "WasteReceived", "receipt:4711", receipt(item("a")))

    (body,) = exported(city)
    assert body["wasteItems"][0]["weight"] == {
        "metric": "Grams",
        "amount": 4535.924,
        "isEstimate": True,
    }


def test_export_says_what_the_service_would_reject(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "bodies.json", str(city.folder)
    receive(city, item("a"))

    assert main(["export", folder, "--as", "defra", "--out", str(file)]) == DONE
    assert "placeholder" in capsys.readouterr().err
    assert main(["format", "check", str(file), "--as", "defra"]) == DONE
    lot(city, "b")
    more = receipt(item("b"), movement="4712", carrier={"registration": None})
    tell(city, "WasteReceived", "receipt:4712", more)
    assert main(["export", folder, "--as", "defra", "--out", str(file)]) == WANTING
    assert main(["export", folder, "--as", "defra", "--api-code", "123456"]) == REFUSED
    assert main(["export", folder, "--as", "epcis", "--due"]) == REFUSED


def test_due_lists_what_is_to_be_reported_and_by_when(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    receive(city, item("a"))

    code = main(["receipts", "due", str(city.folder), "--json"])

    (told,) = json.loads(capsys.readouterr().out)
    assert (told["movement"], told["received"], told["due"]) == ("4711", "2026-03-04", "2026-03-06")
    assert code == (WANTING if told["overdue"] else DONE)
    assert main(["receipts", "due", str(city.folder), "--holiday", "2026-03-05"]) == code
    assert "2026-03-09" in capsys.readouterr().out


@given(st.dates(max_value=date(9999, 12, 1)), st.sets(st.dates(), max_size=3))
def test_the_last_day_is_the_second_working_day_after(received: date, holidays: set[date]) -> None:
    last = due_day(received, holidays)
    days = [date.fromordinal(day) for day in range(received.toordinal() + 1, last.toordinal() + 1)]
    working = [day for day in days if day.weekday() < 5 and day not in holidays]

    assert len(working) == 2
    assert working[-1] == last


def test_what_came_late_in_the_evening_counts_by_the_citys_own_day(city: City) -> None:
    taken(city, changed("$.dateTimeReceived", "2026-07-06T23:30:00Z"))

    assert due(city)[0].received == date(2026, 7, 7)
