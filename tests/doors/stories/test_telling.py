"""Telling a story: the same every time, whole or not at all."""

from datetime import date
from pathlib import Path

import pytest

from bioloom.doors.compose import open_city
from bioloom.doors.stores.folders import CityThere
from bioloom.doors.stories.telling import found_story

FIRST = date(2025, 12, 27)


def head_of(folder: Path, *, seed: int) -> str:
    found_story("verdiva", folder, seed=seed, first=FIRST)
    with open_city(folder) as city:
        return city.journal.head().hash


def texts_of(folder: Path) -> list[bytes]:
    with open_city(folder) as city:
        return [row.text for row in city.journal.store.rows()]


def test_the_same_seed_gives_the_same_record_byte_for_byte(tmp_path: Path) -> None:
    heads = {head_of(tmp_path / name, seed=24) for name in ("one", "other")}

    assert len(heads) == 1
    assert texts_of(tmp_path / "one") == texts_of(tmp_path / "other")


def test_another_seed_gives_another_city(tmp_path: Path) -> None:
    assert head_of(tmp_path / "one", seed=24) != head_of(tmp_path / "other", seed=25)


def test_a_story_that_is_interrupted_leaves_an_empty_folder(tmp_path: Path) -> None:
    def interrupted(_: date) -> None:
        raise KeyboardInterrupt("by hand")

    with pytest.raises(KeyboardInterrupt, match="by hand"):
        found_story("verdiva", tmp_path / "city", first=FIRST, told=interrupted)

    assert list(tmp_path.rglob("*")) == [tmp_path / "city"]
    assert head_of(tmp_path / "city", seed=24)


def test_a_story_is_not_told_over_a_city(tmp_path: Path) -> None:
    head_of(tmp_path / "city", seed=24)

    with pytest.raises(CityThere, match="has a city already"):
        found_story("verdiva", tmp_path / "city", first=FIRST)


def test_a_made_up_city_has_its_own_today(tmp_path: Path) -> None:
    head_of(tmp_path / "city", seed=24)

    with open_city(tmp_path / "city") as city:
        assert city.today() == date(2025, 12, 31)
        assert city.clock() == "2025-12-31T12:00:00.000Z"
