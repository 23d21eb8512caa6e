"""Composing: a city is made once, in a folder of its own, and opened only as it is."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import bioloom
from bioloom.doors.compose import NothingToPlan, found_city, open_city
from bioloom.doors.stores.folders import CityThere, FolderUnusable
from bioloom.doors.stores.settings import (
    CityMissing,
    CityUnreadable,
    JournalMissing,
    TimezoneUnknown,
)
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.sqlite import NotAJournal


@pytest.fixture
def verdiva(tmp_path: Path) -> Path:
    folder = tmp_path / "verdiva"
    found_city(folder, timezone="Europe/Berlin", languages=("de", "en"), token="t").close()
    return folder


def test_a_new_city_is_what_was_asked_for(verdiva: Path) -> None:
    with bioloom.open(verdiva) as city:
        founded = city.journal.declared().founded
        assert founded is not None
        assert (founded.name, founded.timezone, founded.stamp) == (
            "verdiva",
            "Europe/Berlin",
            "reported",
        )
        assert city.settings.zone == ZoneInfo("Europe/Berlin")
        assert city.settings.languages == ("de", "en")
        assert city.journal.declared().agents == {city.settings.steward: "Steward"}
        assert verify(city.journal.store).holds


@pytest.mark.parametrize("name", ['Łódź "2"', "a\\b", "line\nbreak", "🌱"])
def test_a_name_is_kept_however_it_is_spelled(tmp_path: Path, name: str) -> None:
    found_city(tmp_path / "city", name=name, token="t").close()

    with open_city(tmp_path / "city") as city:
        assert city.settings.name == name


def test_two_cities_of_one_name_have_ids_of_their_own(tmp_path: Path) -> None:
    ids = []
    for token in ("one", "other"):
        with found_city(tmp_path / token, name="verdiva", token=token) as city:
            ids.append(city.journal.at([1])[1].id[14:])

    assert ids[0] != ids[1]


def test_a_city_is_not_made_twice(verdiva: Path) -> None:
    with pytest.raises(CityThere, match="has a city already"):
        found_city(verdiva, token="t")


def test_a_city_is_not_made_among_other_things(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all")

    with pytest.raises(CityThere, match="is not empty"):
        found_city(tmp_path, token="t")

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_city_is_not_made_in_a_file_or_below_one(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")

    with pytest.raises(CityThere, match="is a file"):
        found_city(file, token="t")
    with pytest.raises(FolderUnusable, match="Not a directory"):
        found_city(file / "city", token="t")


def test_a_city_needs_a_timezone_that_exists(tmp_path: Path) -> None:
    for timezone in ("Mars/Olympus", "", "../../etc/passwd", "/etc/passwd"):
        with pytest.raises(TimezoneUnknown, match="is not a timezone"):
            found_city(tmp_path / "city", timezone=timezone, token="t")

    assert not (tmp_path / "city").exists()


def test_a_folder_without_settings_has_no_city(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(CityMissing, match="There is no city"):
            open_city(folder)


def test_a_file_is_no_city(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CityMissing, match="There is no city"):
        open_city(tmp_path / "file")


@pytest.mark.parametrize(
    "settings",
    [b"", b"name = ", b'name = "x"\nnmae = 1', b"name = 3", b"\xff\xfe", b'[name]\n"a" = 1'],
)
def test_settings_that_cannot_be_read_are_not_guessed_at(verdiva: Path, settings: bytes) -> None:
    (verdiva / "city.toml").write_bytes(settings)

    with pytest.raises(CityUnreadable, match="cannot be read") as refusal:
        open_city(verdiva)

    assert str(verdiva / "city.toml") in refusal.value.remedy


def test_settings_that_are_a_folder_cannot_be_read(verdiva: Path) -> None:
    (verdiva / "city.toml").unlink()
    (verdiva / "city.toml").mkdir()

    with pytest.raises(CityUnreadable, match="Is a directory"):
        open_city(verdiva)


def test_settings_with_a_wrong_timezone_are_refused(verdiva: Path) -> None:
    (verdiva / "city.toml").write_text('name = "x"\ntimezone = "Mars/Olympus"\n')

    with pytest.raises(TimezoneUnknown, match="'Mars/Olympus'"):
        open_city(verdiva)


def test_a_missing_journal_is_not_replaced_by_an_empty_one(verdiva: Path) -> None:
    (verdiva / "journal.db").unlink()

    with pytest.raises(JournalMissing, match=r"journal 'journal\.db' is not there"):
        open_city(verdiva)

    assert not (verdiva / "journal.db").exists()


@pytest.mark.parametrize("found", [b"no database " * 99, b"SQLite format 3\x00" + b"\xff" * 99])
def test_a_journal_that_is_something_else_is_left_alone(verdiva: Path, found: bytes) -> None:
    (verdiva / "journal.db").write_bytes(found)

    with pytest.raises(NotAJournal, match="cannot be read as a journal"):
        open_city(verdiva)

    assert (verdiva / "journal.db").read_bytes() == found


def test_without_lots_there_is_nothing_to_plan(verdiva: Path) -> None:
    with open_city(verdiva) as city, pytest.raises(NothingToPlan, match="No lots are recorded"):
        city.plan()
