"""New York's open records, end to end: counted and added up by an independent few lines."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from bioloom.doors.compose import City, found_city
from bioloom.doors.findings import FileReport
from bioloom.doors.importing import take_in
from bioloom.vocabulary.places import SiteId

MG_PER_SHORT_TON = 907_184_740
FILES = ("dsny_monthly_tonnage_1990_2022.csv", "sites.csv", "community_districts.geojson")


@pytest.fixture(scope="module")
def imported(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[City, dict[str, FileReport]]]:
    folder = tmp_path_factory.mktemp("cities") / "nyc"
    with found_city(folder, timezone="America/New_York", token="t") as city:
        report = take_in(city, [data / "nyc" / name for name in FILES])
        yield city, {file.kind: file for file in report.files}


@pytest.fixture(scope="module")
def table(data: Path) -> list[dict[str, str]]:
    with (data / "nyc" / FILES[0]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def organics_of(row: dict[str, str]) -> list[str]:
    return [row[column] for column in row if "ORGANIC" in column or "XMAS" in column]


def test_every_row_is_taken_in(imported: tuple[City, dict[str, FileReport]]) -> None:
    city, files = imported

    assert {kind: (file.rows, file.rejected) for kind, file in files.items()} == {
        "districts": (71, 0),
        "sites": (18, 0),
        "tons": (22_641, 0),
    }
    declared = city.journal.declared()
    assert (len(declared.districts), len(declared.areas), len(declared.sites)) == (59, 12, 18)
    assert files["districts"].areas_without_collection == 12


def test_tonnes_add_up_to_what_an_independent_sum_says(
    imported: tuple[City, dict[str, FileReport]], table: list[dict[str, str]]
) -> None:
    expected: dict[str, int] = defaultdict(int)
    for row in table:
        figures = {
            "refuse": [row["REFUSETONSCOLLECTED"]],
            "paper": [row["PAPERTONSCOLLECTED"]],
            "metal_glass_plastic": [row["MGPTONSCOLLECTED"]],
            "organics": organics_of(row),
        }
        for material, cells in figures.items():
            total = sum((Decimal(cell.replace(",", "")) for cell in cells if cell), Decimal(0))
            expected[material] += round(Fraction(total) * MG_PER_SHORT_TON)

    assert imported[1]["tons"].mass_mg == expected


def test_blanks_are_counted_and_not_recorded(
    imported: tuple[City, dict[str, FileReport]], table: list[dict[str, str]]
) -> None:
    columns = ("REFUSETONSCOLLECTED", "PAPERTONSCOLLECTED", "MGPTONSCOLLECTED")
    blank = sum(row[column] == "" for row in table for column in columns)
    blank += sum(not any(organics_of(row)) for row in table)

    report = imported[1]["tons"]
    assert report.not_reported == blank
    assert report.recorded == 4 * len(table) - blank + 4  # The mapping's four materials.


def test_a_thousands_sign_is_read_as_one(
    imported: tuple[City, dict[str, FileReport]], table: list[dict[str, str]]
) -> None:
    (row,) = (row for row in table if row["LEAVESORGANICTONS"] == "1,114.2")
    month = row["MONTH"].replace(" / ", "-")
    key = f"nyc-tonnage:{month}:{row['BOROUGH_ID']}{row['COMMUNITYDISTRICT']}:organics"

    lot = imported[0].journal.current([key])[key].body

    others = [cell for cell in organics_of(row) if cell and cell != "1,114.2"]
    stated = Decimal("1114.2") + sum(map(Decimal, others), Decimal(0))
    assert Decimal(lot.reported) == stated
    assert (lot.unit, lot.mass_mg) == ("short_ton", round(Fraction(stated) * MG_PER_SHORT_TON))


def test_capacities_are_metric_tons_a_day(imported: tuple[City, dict[str, FileReport]]) -> None:
    site = imported[0].journal.declared().sites[SiteId("newtown_creek")]

    assert site.intakes[0].accepts == ("organics",)
    assert site.intakes[0].capacity_mg_per_day == 250 * 10**9
    assert site.residue_per_mille == 50


def test_taking_all_files_in_again_changes_nothing(
    imported: tuple[City, dict[str, FileReport]], data: Path
) -> None:
    city, _ = imported
    head = city.journal.head()

    report = take_in(city, [data / "nyc" / name for name in FILES])

    assert report.is_clean
    assert sum(file.recorded for file in report.files) == 0
    assert city.journal.head() == head
