"""Weighbridge tickets: a load is measured, somebody's, and in the hands of a site."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from bioloom.doors.compose import City
from bioloom.doors.findings import FileReport
from bioloom.doors.importing import take_in
from bioloom.doors.taking import Options
from bioloom.ledger.formats.mapping import MappingUnreadable, read_mapping
from bioloom.ledger.formats.starting import draft_mapping
from bioloom.ledger.inventory import LotRow, lot
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from tests.doors.importing_city import verdiva, written

TICKETS = """
kind = "tickets"
source = "scale"
stamp = "measured"
[match]
columns = ["Ticket", "Gross", "Tare", "Net"]
[[materials]]
id = "organics"
name = "Organics"
group = "organics"
low_code = "20 01 08"
[ticket]
number = "Ticket"
at = "Time"
gross = "Gross"
tare = "Tare"
net = "Net"
unit = { value = "kg" }
division = { value = "20" }
material = "Code"
district = "From"
carrier = "Carrier"
site = "Site"
"""
HEADER = "Ticket,Time,Gross,Tare,Net,Code,From,Carrier,Site"
GOOD = "1,2024-10-02 07:45,12000,8000,4000,20 01 08,1,Green Wheels,yard"
KG_MG = 1_000_000


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with verdiva(tmp_path) as city:
        site = "SITE,LAT,LON,TAKES,YEARLY,RESIDUE\nyard,50.5,10.5,organics,1000,0\n"
        take_in(city, [written(tmp_path / "sites.csv", site)])
        (city.folder / "mappings" / "tickets.toml").write_text(TICKETS, encoding="utf-8")
        yield city


def taken(city: City, *rows: str, correct: bool = False, dry_run: bool = False) -> FileReport:
    file = written(city.folder.parent / "tickets.csv", "\n".join([HEADER, *rows]))
    return take_in(city, [file], Options(correct=correct, dry_run=dry_run)).files[0]


def load(city: City, ticket: str = "1") -> LotRow:
    row = lot(city.journal, LotId(f"scale:{ticket}"))
    assert row is not None
    return row


def test_a_ticket_is_a_measured_load_of_the_district_in_the_hands_of_the_site(city: City) -> None:
    report = taken(city, GOOD)

    assert (report.rejected, report.conflicts) == (0, 0)
    row = load(city)
    assert row.owners == {"commons:1": 4000 * KG_MG}
    assert row.holders == {"site:yard": 4000 * KG_MG}
    assert (row.material, row.place, row.stamp) == ("organics", "1", "measured")
    # Berlin is two hours ahead in October.
    assert row.occurred_at == "2024-10-02T05:45:00.000Z"
    (arrived,) = (entry.body for entry in city.journal.read(kinds=["LotArrived"]))
    assert isinstance(arrived, LotArrived)
    # A division of 20 kg over the root of twelve.
    assert arrived.uncertainty_mg == 5_773_503
    assert arrived.holder == "carrier:Green Wheels"
    (moved,) = (entry.body for entry in city.journal.read(kinds=["EventHappened"]))
    assert isinstance(moved, EventHappened)
    assert (moved.action, moved.to_place) == ("transferCustody", "yard")


def test_the_same_tickets_again_change_nothing(city: City) -> None:
    taken(city, GOOD, GOOD.replace("1,", "2,", 1))
    seq = city.journal.head().seq

    report = taken(city, GOOD, GOOD.replace("1,", "2,", 1))

    assert (report.recorded, report.same) == (0, 5)
    assert city.journal.head().seq == seq


def test_a_dry_run_records_nothing(city: City) -> None:
    seq = city.journal.head().seq

    assert taken(city, GOOD, dry_run=True).recorded > 0
    assert city.journal.head().seq == seq


@pytest.mark.parametrize("kilograms", [3000, 5000])
def test_a_corrected_weight_is_a_conflict_until_it_is_taken_as_a_correction(
    city: City, kilograms: int
) -> None:
    changed = GOOD.replace("12000", str(8000 + kilograms)).replace("4000", str(kilograms))
    taken(city, GOOD)

    assert taken(city, changed).conflicts == 2
    assert load(city).mass_mg == 4000 * KG_MG
    report = taken(city, changed, correct=True)

    assert (report.corrected, report.rejected) == (2, 0)
    assert load(city).owners == {"commons:1": kilograms * KG_MG}
    assert load(city).holders == {"site:yard": kilograms * KG_MG}


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (GOOD.replace("4000", "4100"), "Net", "less tare 8000 is 4000 kg, and net says 4100"),
        (GOOD.replace("2024-10-02 07:45", "2nd of October"), "Time", "day and time"),
        (GOOD.replace("20 01 08", "20 01 99"), "Code", "Material '20 01 99'"),
        (GOOD.replace("yard", "moon"), "Site", "Site 'moon'"),
        (GOOD.replace(",1,Green", ",9,Green"), "From", "District '9'"),
        (GOOD.replace("8000,4000", "13000,-1000"), "Net", "below zero"),
        (GOOD.replace("12000", "9" * 61), "Gross", "a number of at most"),
        (GOOD.replace("12000", "NaN"), "Gross", "NaN"),
        (GOOD.replace("1,", ",", 1), "Ticket", "a ticket's number"),
    ],
)
def test_a_ticket_that_contradicts_itself_is_rejected_with_its_column(
    city: City, row: str, column: str, what: str
) -> None:
    report = taken(city, row, GOOD)

    assert report.rejected == 1
    (finding,) = report.findings
    assert (finding.line, finding.column) == (2, column)
    assert what in finding.what
    assert load(city).mass_mg == 4000 * KG_MG


def test_a_workbook_of_tickets_is_read_like_a_table(city: City, tmp_path: Path) -> None:
    book = Workbook()
    for row in (HEADER, GOOD):
        book.active.append(row.split(","))
    book.save(tmp_path / "tickets.xlsx")

    assert take_in(city, [tmp_path / "tickets.xlsx"]).is_clean
    assert load(city).mass_mg == 4000 * KG_MG


def test_a_first_draft_of_a_mapping_knows_tickets_by_their_weights() -> None:
    drafted = draft_mapping(BytesIO(f"{HEADER}\n{GOOD}\n".encode()), "csv")

    assert 'kind = "tickets"' in drafted
    assert read_mapping(drafted.encode(), name="draft").source == "my-city"


def test_a_mapping_without_weights_is_refused() -> None:
    without = TICKETS.replace('net = "Net"\n', "").replace('tare = "Tare"\n', "")
    with pytest.raises(MappingUnreadable, match="needs either `net`"):
        read_mapping(without.encode(), name="tickets")
