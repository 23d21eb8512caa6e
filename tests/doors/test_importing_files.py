"""Files: any table in any form, chosen and refused before anything is recorded."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from bioloom.doors.capturing.documents import take_in_documents
from bioloom.doors.cli.importing import import_
from bioloom.doors.compose import City
from bioloom.doors.importing import take_in
from bioloom.doors.mappings import (
    DocumentUnnamed,
    FileMissing,
    MappingsCompete,
    MappingUnknown,
    NoMappingMatches,
)
from bioloom.doors.taking import Options
from bioloom.ledger.formats.mapping import MappingUnreadable
from bioloom.ledger.formats.reading import FormatUnknown, KindNeedsFormat
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.refusal import Refusal
from tests.doors.importing_city import HEADER, TONS, tons, verdiva, wards, written


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with verdiva(tmp_path) as city:
        yield city


def test_sites_may_take_several_groups_and_state_capacity_by_the_year(city: City) -> None:
    file = written(
        city.folder.parent / "sites.csv",
        "SITE,LAT,LON,TAKES,YEARLY,RESIDUE\n"
        "heap,50.5,10.5,organics / paper,366,12.5\n"
        "off,95,10.5,organics,1,0\n"
        "fine,50.5,10.5,organics,1,0.25\n"
        "none,50.5,10.5,/,1,0\n",
    )

    report = take_in(city, [file]).files[0]

    site = city.journal.declared().sites[SiteId("heap")]
    assert site.intakes[0].accepts == ("organics", "paper")
    assert site.intakes[0].capacity_mg_per_day == 366_000_000_000 // 365
    assert site.residue_per_mille == 125
    assert [(one.line, one.column) for one in report.findings] == [
        (3, "LAT + LON"),
        (4, "RESIDUE"),
        (5, "TAKES"),
    ]


def test_a_long_table_is_read_by_a_translation_of_its_words(city: City) -> None:
    mapping = written(
        city.folder / "long.toml",
        TONS[: TONS.index("[[amounts]]")]
        + '[[amounts]]\ncolumns = ["AMOUNT"]\nmaterial = "STREAM"\nunit = "UNIT"\n'
        + '[translate.material]\n"Old paper" = "paper"\n[translate.unit]\nkilos = "kg"\n',
    )
    file = written(
        city.folder.parent / "long.csv",
        'MONTH,WARD,STREAM,AMOUNT,UNIT\n2022-11,1,Old paper,"1,500",kilos\n'
        "2022-11,1,glass,2,t\n2022-11,2,paper,2,ells\n",
    )

    report = take_in(city, [file], Options(map_=mapping)).files[0]

    assert report.mass_mg == {"paper": 1_500_000_000}
    assert [(one.line, one.column) for one in report.findings] == [(3, "STREAM"), (4, "UNIT")]


def test_a_workbook_and_a_parquet_file_change_nothing_after_their_csv(city: City) -> None:
    take_in(city, [tons(city, "2022-11,1,24.0,,0.5\n2022-11,2,1114.2,,\n")])
    head = city.journal.head()
    table = {
        "MONTH": ["2022-11", "2022-11"],
        "WARD": [1, 2],
        "GREEN": [24.0, 1114.2],
        "LEAVES": pa.array([None, None], pa.float64()),
        "PAPER": [0.5, None],
    }
    parquet.write_table(pa.table(table), city.folder.parent / "twin.parquet")
    book = openpyxl.Workbook()
    book.active.append(HEADER.strip().split(","))
    book.active.append(["2022-11", 1, 24.0, None, 0.5])
    book.active.append(["2022-11", 2, 1114.2, None, None])
    book.save(city.folder.parent / "twin.xlsx")

    report = take_in(city, [city.folder.parent / "twin.parquet", city.folder.parent / "twin.xlsx"])

    assert report.is_clean
    assert [file.same for file in report.files] == [5, 5]
    assert city.journal.head() == head


def test_a_wrong_name_stops_before_the_first_entry(city: City) -> None:
    head = city.journal.head()
    good, missing = tons(city, "2022-11,1,1,,\n"), city.folder / "nowhere.csv"

    with pytest.raises(FileMissing, match=r"nowhere\.csv"):
        take_in(city, [good, missing])

    assert city.journal.head() == head


def test_only_files_are_read(city: City, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nothing")
    (tmp_path / "link.csv").symlink_to(tons(city, "2022-11,1,1,,\n"))

    for name in ("pipe.csv", "folder.csv", "gone.csv"):
        with pytest.raises(FileMissing, match=name):
            take_in(city, [tmp_path / name])
    assert take_in(city, [tmp_path / "link.csv"]).is_clean


def test_a_file_name_cannot_lead_rejects_out_of_their_folder(city: City) -> None:
    file = tons(city, "2022-11,x,1,,\n", "..\\..%2f\x1b[31m\n.csv")

    rejects = take_in(city, [file]).files[0].rejects

    assert rejects is not None
    assert Path(rejects).parent == city.folder / "rejects"
    assert Path(rejects).name.isprintable()


def test_a_file_no_mapping_knows_is_refused_with_what_it_has(city: City) -> None:
    with pytest.raises(NoMappingMatches, match=r"'SOMETHING'.*--draft-map"):
        take_in(city, [written(city.folder.parent / "x.csv", "SOMETHING,ELSE\n1,2\n")])


def test_a_file_two_mappings_know_needs_a_word(city: City) -> None:
    written(city.folder / "mappings" / "other.toml", TONS.replace("verdiva-tons", "other"))
    file = tons(city, "2022-11,1,1,,\n")

    with pytest.raises(MappingsCompete, match="other and tons"):
        take_in(city, [file])
    assert take_in(city, [file], Options(as_="tons")).is_clean


@pytest.mark.parametrize(
    ("name", "options", "refusal", "match"),
    [
        ("x.csv", Options(as_="nothing"), MappingUnknown, "no mapping named 'nothing'.*defra"),
        ("x.csv", Options(map_=Path("/nowhere.toml")), FileMissing, "nowhere"),
        ("x.csv", Options(as_="wards"), KindNeedsFormat, "mapping of districts"),
        ("x.csv", Options(as_="sites"), Refusal, "lacks 'SITE'"),
        ("x.docx", Options(), FormatUnknown, "docx"),
        ("x.xlsx", Options(as_="tons"), Refusal, "XLSX"),
        ("x.geojson", Options(as_="wards"), Refusal, "GeoJSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    city: City, name: str, options: Options, refusal: type[Refusal], match: str
) -> None:
    with pytest.raises(refusal, match=match):
        take_in(city, [tons(city, "2022-11,1,1,,\n", name)], options)


def test_a_broken_mapping_of_the_city_is_named(city: City) -> None:
    written(city.folder / "mappings" / "broken.toml", "kind = ")

    with pytest.raises(MappingUnreadable, match="'broken'"):
        take_in(city, [tons(city, "2022-11,1,1,,\n")])


def test_the_command_prints_json_and_says_by_its_code_what_came_of_it(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tons(city, "2022-11,1,1,,\n2022-11,x,1,,\n")

    code = import_(city.folder, [file], json=True, progress="json")

    told = capsys.readouterr()
    report = json.loads(told.out)
    assert (code, report["files"][0]["rejected"]) == (1, 1)
    acknowledged = json.loads(told.err.splitlines()[-1])["acknowledged"]
    assert acknowledged == {"seq": report["head_seq"], "hash": report["head_hash"]}


def test_the_command_tells_a_person_every_count_and_the_way_on(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"2022-11,x{number},1,,\n" for number in range(25))

    code = import_(city.folder, [tons(city, "2022-11,1,1,,\n" + rows)])

    told = capsys.readouterr().out
    assert code == 1
    assert "rejected (line 3, WARD): District 'x0' is not in the record." in told
    assert "… and 5 more" in told
    assert "tonnes of organics" in told
    assert import_(city.folder, [tons(city, "2022-11,1,1,,\n")], dry_run=True) == 0
    assert "nothing was recorded" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["tons.csv", "long.csv", "wards.geojson", "sites.csv", "lorries.csv"]
)
def test_a_drafted_mapping_reads_the_file_it_was_drafted_for(
    city: City, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    texts = {
        "tons.csv": HEADER.replace(",", ";") + "2022-11;1;1;;2\n",
        "long.csv": "Month,Ward,Material,Amount,Unit\n2022-11,1,Papier & Küche,2,kg\n",
        "wards.geojson": wards("1"),
        "sites.csv": "SITE,LAT,LON,TAKES,CAPACITY\nheap,50.5,10.5,organics,1\n",
        "lorries.csv": "Lorries;From;Payload t;Trips\nsmall;;3.5;2\n",
    }
    file = written(city.folder.parent / name, texts[name])

    assert import_(city.folder, [file], draft_map=True) == 0

    mapping = written(city.folder.parent / "draft.toml", capsys.readouterr().out)
    report = take_in(city, [file], Options(map_=mapping, dry_run=True))
    assert report.files[0].rejected == 0
    assert report.files[0].recorded + report.files[0].same > 0


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("told.json", '{"@context": "x", "type": "EPCISDocument"}', "epcis"),
        ("told.xml", '\ufeff<?xml version="1.0"?>\n<epcis:EPCISDocument/>', "epcis"),
        ("told.yaml", "'@context':\n  - https://w3id.org/valueflows/ont/vf#\n", "valueflows"),
    ],
)
def test_whoever_forgets_what_a_document_is_is_told_what_to_add(
    city: City, name: str, text: str, form: str
) -> None:
    file = written(city.folder.parent / name, text)

    with pytest.raises(DocumentUnnamed, match=f"'{name}'.* --as {form}"):
        take_in(city, [file])


def test_of_several_files_the_one_refused_is_named(city: City) -> None:
    broken = written(city.folder.parent / "broken.json", '{"a": 1')

    with pytest.raises(Refusal, match=r"'broken\.json': It cannot be read as JSON"):
        take_in_documents(city, [broken], Options(as_="epcis"))
    with pytest.raises(Refusal, match=r"'broken\.json': It cannot be read as a GeoJSON"):
        take_in(city, [broken])
