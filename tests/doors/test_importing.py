"""Importing: good rows are recorded, and nothing happens twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.compose import City, found_city
from bioloom.doors.importing import take_in
from bioloom.doors.taking import Options, Progress
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.ledger import FileTaken
from tests.doors.importing_city import TONS, WARDS, figures, tons, verdiva, wards, written


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with verdiva(tmp_path) as city:
        yield city


def test_blanks_are_not_reported_and_zeros_are(city: City) -> None:
    report = take_in(city, [tons(city, "2022-11,1,,,0\n2022-11,2,1.5,,\n2022-12,1,0.5,0.25,\n")])

    assert figures(city) == {
        "2022-11:1:paper": "0",
        "2022-11:2:organics": "1.5",
        "2022-12:1:organics": "0.75",
    }
    assert (report.files[0].recorded, report.files[0].not_reported) == (2 + 3, 3)
    assert report.files[0].mass_mg == {"paper": 0, "organics": 2_250_000_000}


def test_districts_come_first_in_whatever_order_the_files_are_named(tmp_path: Path) -> None:
    with found_city(tmp_path / "verdiva", token="t") as city:
        (city.folder / "mappings").mkdir()
        (city.folder / "mappings" / "wards.toml").write_text(WARDS)
        (city.folder / "mappings" / "tons.toml").write_text(TONS)
        files = [tons(city, "2022-11,1,1,,\n"), written(tmp_path / "w.geojson", wards("1"))]

        report = take_in(city, files)

        assert [file.kind for file in report.files] == ["districts", "tons"]
        assert report.is_clean


def test_an_area_without_collection_is_told_and_is_no_district(city: City) -> None:
    declared = city.journal.declared()

    assert set(declared.districts) == {"1", "2"}
    assert set(declared.areas) == {"park"}


def test_the_same_file_twice_changes_nothing(city: City) -> None:
    file = tons(city, "2022-11,1,1,,2\n2022-11,2,1.50,,\n")
    take_in(city, [file])
    head = city.journal.head()

    report = take_in(city, [file], Options(correct=True))

    assert city.journal.head() == head
    # Two materials of the mapping and three figures.
    assert (report.files[0].same, report.files[0].recorded) == (5, 0)


def test_every_entry_of_a_file_names_the_file_as_its_cause(city: City) -> None:
    take_in(city, [tons(city, "2022-11,1,1,,2\n")])

    (*_, taken) = city.journal.read(kinds=["FileTaken"])
    assert isinstance(taken.body, FileTaken)
    assert taken.body.name == "tons.csv"
    assert {entry.cause for entry in city.journal.read(kinds=["LotArrived"])} == {taken.id}


def test_an_import_that_died_after_naming_its_file_is_completed(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tons(city, "2022-11,1,1,,2\n")

    class _PulledPlugError(Exception):
        """The machine stops."""

    def pulled(*_: object, **__: object) -> None:
        raise _PulledPlugError("out of power")

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "append", pulled)
        with pytest.raises(_PulledPlugError, match="out of power"):
            take_in(city, [file])

    take_in(city, [file])

    files = list(city.journal.read(kinds=["FileTaken"]))
    assert [entry.body.name for entry in files].count("tons.csv") == 1
    assert {entry.cause for entry in city.journal.read(kinds=["LotArrived"])} == {files[-1].id}


def test_a_changed_figure_is_a_conflict_until_it_is_a_correction(city: City) -> None:
    take_in(city, [tons(city, "2022-11,1,1,,2\n")])
    changed = tons(city, "2022-11,1,1,,3\n", "changed.csv")

    report = take_in(city, [changed])

    (finding,) = report.files[0].findings
    assert (finding.line, finding.column, finding.nature) == (2, "PAPER", "conflict")
    assert "2 t" in finding.what
    assert "3 t" in finding.what
    assert "--correct" in finding.remedy
    assert not report.is_clean
    assert figures(city)["2022-11:1:paper"] == "2"

    corrected = take_in(city, [changed], Options(correct=True))

    assert (corrected.files[0].corrected, corrected.is_clean) == (1, True)
    assert figures(city)["2022-11:1:paper"] == "3"


def test_a_correction_can_be_corrected_back(city: City) -> None:
    first, second = (tons(city, f"2022-11,1,{mass},,\n", f"{mass}.csv") for mass in (1, 2))

    for file in (first, second, first):
        take_in(city, [file], Options(correct=True))

    lots = list(city.journal.read(kinds=["LotArrived"]))
    assert [lot.body.reported for lot in lots] == ["1", "2", "1"]
    assert [lot.corrects for lot in lots] == [None, lots[0].id, lots[1].id]


def test_a_changed_declaration_is_a_conflict_that_says_what_differs(city: City) -> None:
    file = written(city.folder.parent / "new.geojson", wards("1", need=1.5))

    report = take_in(city, [file])

    (finding,) = report.files[0].findings
    assert "need_per_mille 1000" in finding.what
    assert "need_per_mille 1500" in finding.what
    assert take_in(city, [file], Options(correct=True)).files[0].corrected == 1


def test_a_dry_run_counts_the_same_and_changes_nothing(city: City, tmp_path: Path) -> None:
    take_in(city, [tons(city, "2022-11,1,1,,2\n")])
    head, folder = city.journal.head(), sorted(city.folder.rglob("*"))
    files = [
        tons(city, "2022-11,1,9,,2\n2022-11,3,1,,\n2022-11,x,1,,\n", "more.csv"),
        written(tmp_path / "w.geojson", wards("3")),
    ]

    dry = take_in(city, files, Options(dry_run=True))

    assert city.journal.head() == head
    assert sorted(city.folder.rglob("*")) == folder
    real = take_in(city, files)
    for planned, done in zip(dry.files, real.files, strict=True):
        done.rejects = None
        assert planned == done


def test_what_is_told_to_be_durable_is_the_head(city: City) -> None:
    heard: list[Progress] = []

    take_in(city, [tons(city, "2022-11,1,1,,\n2022-11,2,1,,\n")], told=heard.append)

    assert heard[-1].acknowledged == city.journal.head()
    assert heard[-1].line == 3
    assert heard[-1].read_bytes == heard[-1].size_bytes
