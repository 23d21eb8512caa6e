"""Rejects: a bad row costs itself alone, and comes back to be corrected."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.compose import City
from bioloom.doors.importing import take_in
from bioloom.doors.taking import Options
from tests.doors.importing_city import (
    HEADER,
    TONS,
    figures,
    tons,
    verdiva,
    wards,
    written,
)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with verdiva(tmp_path) as city:
        yield city


def test_a_file_that_contradicts_itself_has_its_later_row_rejected(city: City) -> None:
    file = tons(city, "2022-11,1,1,,2\n2022-11,2,5,,\n2022-11,1,1,,2\n2022-11,1,9,,2\n")

    for options in (Options(), Options(correct=True)):
        report = take_in(city, [file], options).files[0]

        assert (report.repeated, report.rejected, report.conflicts) == (2, 1, 0)
        assert report.findings[0].line == 5
        assert "Line 2 says something else" in report.findings[0].what
        assert figures(city)["2022-11:1:organics"] == "1"


def test_a_row_with_one_bad_cell_is_rejected_whole_and_taken_in_when_corrected(city: City) -> None:
    report = take_in(city, [tons(city, "2022-11,1,1,,2\n2022-11,2,=1+1,,7\n2022-12,2,,,5\n")])

    assert figures(city).keys() == {"2022-11:1:organics", "2022-11:1:paper", "2022-12:2:paper"}
    assert report.files[0].rejects is not None
    rejects = Path(report.files[0].rejects)
    rows = list(csv.reader(io.StringIO(rejects.read_text("utf-8-sig"))))
    assert rows[0] == ["_line", "_column", "_what", "_remedy", *HEADER.strip().split(",")]
    assert rows[1][:2] == ["3", "GREEN"]
    assert rows[1][4:] == ["2022-11", "2", "=1+1", "", "7"]

    rejects.write_text(rejects.read_text("utf-8-sig").replace("=1+1,,7", "2,,7"), "utf-8-sig")
    again = take_in(city, [rejects])

    assert again.is_clean
    assert figures(city)["2022-11:2:organics"] == "2"


def test_rejects_of_a_file_in_its_own_encoding_are_read_by_the_same_mapping(city: City) -> None:
    form = '[file]\nencoding = "cp1252"\ndelimiter = ";"\nheader_row = 2\n[period]'
    mapping = written(city.folder / "german.toml", TONS.replace("[period]", form))
    header = HEADER.replace(",", ";")
    file = city.folder.parent / "deutsch.csv"
    file.write_bytes(f"Müll\n{header}2022-11;1;Ü;;\n2022-11;2;4;;\n".encode("cp1252"))
    rejects = take_in(city, [file], Options(map_=mapping)).files[0].rejects
    assert rejects is not None

    corrected = Path(rejects).read_bytes().replace("Ü;;".encode(), b"3;;")
    Path(rejects).write_bytes(corrected)
    again = take_in(city, [Path(rejects)], Options(map_=mapping))

    assert again.is_clean
    assert figures(city) == {"2022-11:1:organics": "3", "2022-11:2:organics": "4"}


def test_a_row_of_the_wrong_width_stays_one_in_the_rejects(city: City) -> None:
    rejects = take_in(city, [tons(city, "2022-11,1\n2022-11,1,1,,2,3\n")]).files[0].rejects
    assert rejects is not None

    again = take_in(city, [Path(rejects)])

    assert again.files[0].rejected == 2


def test_rejects_go_when_there_are_none_and_corrections_in_them_are_not_lost(city: City) -> None:
    file = tons(city, "2022-11,3,1,,\n")
    rejects = Path(str(take_in(city, [file]).files[0].rejects))
    rejects.write_text("somebody was at work here")

    take_in(city, [file])

    previous = rejects.with_name(rejects.name + ".previous")
    assert previous.read_text() == "somebody was at work here"
    take_in(city, [written(city.folder.parent / "w.geojson", wards("3"))])
    assert take_in(city, [file]).is_clean
    assert not rejects.exists()


def test_a_rejected_feature_can_be_corrected_and_taken_in(city: City) -> None:
    text = wards("3", "4").replace('"WARD": "3"', '"WARD": ""')
    rejects = take_in(city, [written(city.folder.parent / "w.geojson", text)]).files[0].rejects
    assert rejects is not None
    collection = json.loads(Path(rejects).read_text())
    assert collection["features"][0]["properties"]["_column"] == "WARD"

    collection["features"][0]["properties"]["WARD"] = "3"
    Path(rejects).write_text(json.dumps(collection))

    assert take_in(city, [Path(rejects)]).is_clean
    assert {"1", "2", "3", "4"} == set(city.journal.declared().districts)


@pytest.mark.parametrize(
    "cell",
    [
        *("1e5", "1e999999", "NaN", "Infinity", "-1", "1,11", "1.2.3", "٣", "=SUM(A1)", "0x10"),
        *("1\x002", "1_000", "t", "9" * 61, "9" * 100_000, "9007200000", "\N{MINUS SIGN}1", "+-1"),
    ],
    ids=lambda cell: cell[:12],
)
def test_a_hostile_cell_costs_its_row_and_nothing_else(city: City, cell: str) -> None:
    quoted = f'"{cell}"'
    report = take_in(city, [tons(city, f"2022-10,1,1,,\n2022-11,1,{quoted},,\n2022-12,1,2,,\n")])

    assert (report.files[0].rejected, report.files[0].findings[0].line) == (1, 3)
    assert figures(city).keys() == {"2022-10:1:organics", "2022-12:1:organics"}


@pytest.mark.parametrize("ward", ["", "9", "1\n", "x\x1by", "w" * 300, "../../1"])
def test_a_ward_that_is_not_declared_costs_its_row(city: City, ward: str) -> None:
    report = take_in(city, [tons(city, f'2022-11,"{ward}x",1,,\n2022-11,2,1,,\n')])

    assert (report.files[0].rejected, report.files[0].findings[0].column) == (1, "WARD")
    assert figures(city).keys() == {"2022-11:2:organics"}
