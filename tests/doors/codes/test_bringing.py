"""Codes at the command line: a file brought twice is one version, and names stay as they are."""

from pathlib import Path

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import open_city
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import Version
from tests.doors.sample_city import sample_city

NEAR = """
code = "v"
title = "Near"
rationale = "Lorries are loud."
first_day = 2025-12-01
{more}
[[rules]]
rule = "distance_limited"
limit_m = 30000
"""


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return sample_city(tmp_path / "city")


def enact(city: Path, more: str = "") -> int:
    file = city.parent / "near.toml"
    file.write_text(NEAR.format(more=more))
    return main(["codes", "enact", str(city), str(file)])


def repeal(city: Path) -> int:
    days = ["--last-day", "2025-12-31", "--reason", "Quiet lorries."]
    return main(["codes", "repeal", str(city), "v", *days])


def versions(folder: Path) -> list[Version]:
    with open_city(folder) as city:
        return codes_of(city.journal).versions("v")


@pytest.mark.parametrize("more", ["", "version = 1"])
def test_a_file_enacted_twice_is_one_version(city: Path, more: str) -> None:
    assert [enact(city, more) for _ in range(2)] == [0, 0]
    assert len(versions(city)) == 1


def test_a_file_with_other_terms_is_the_next_version(city: Path) -> None:
    enact(city)
    enact(city, "last_day = 2026-01-31")
    assert [one.terms.version for one in versions(city)] == [1, 2]


def test_a_code_repealed_twice_is_repealed_once_and_its_file_may_be_enacted_again(
    city: Path,
) -> None:
    assert [enact(city), repeal(city), repeal(city), enact(city)] == [0, 0, 0, 0]
    assert [one.repealed is None for one in versions(city)] == [False, True]


def test_a_refusal_prints_a_name_between_colons_as_it_is(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enact(city)
    capsys.readouterr()

    assert enact(city, "version = 1\nlast_day = 2026-01-31") == 2

    assert "'code:v:1'" in capsys.readouterr().err
