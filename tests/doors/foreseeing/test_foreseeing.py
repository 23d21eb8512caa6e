"""Foreseeing at the doors: what is asked of a city keeps to its Codes and to what has happened."""

import json
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import open_city
from tests.doors.sample_city import sample_city

BAN = """\
code = "shore"
title = "No digestion"
rationale = "So decided."
first_day = 2020-01-01

[[rules]]
rule = "banned"
sites = ["digester"]
"""
NEAR = """\
code = "near"
title = "What is wet stays near"
rationale = "So decided."
first_day = 2020-01-01

[[rules]]
rule = "distance_limited"
groups = ["organics"]
limit_m = 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sample_city(tmp_path / "city")


def write(at: Path, text: str) -> str:
    at.write_text(text)
    return str(at)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:  # noqa: ANN401  Any JSON value.
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def a_map(at: Path) -> str:
    properties = {"name": "Yard", "accepts": ["organics"], "capacity_t_per_day": 20}
    place = {"type": "Point", "coordinates": [-29.98, 30.01]}
    feature = {"type": "Feature", "properties": properties, "geometry": place}
    return write(at, json.dumps({"type": "FeatureCollection", "features": [feature]}))


def waits_mg(told: dict[str, Any], course: str) -> int:
    waiting: int = told[course]["hours"][-1]["waiting_mg"]
    return waiting


def test_a_cascade_keeps_to_the_codes_in_force_on_the_day_and_to_those_tried(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ban, city = write(tmp_path / "ban.toml", BAN), str(folder)
    ask = ("circuits", "cascade", city, "--hours", "2", "--more", "0")
    free = answer(capsys, *ask)
    down = answer(capsys, *ask, "--down", "digester")

    tried = answer(capsys, *ask, "--with-code", ban)
    answer(capsys, "codes", "enact", city, ban)
    held, without = answer(capsys, *ask), answer(capsys, *ask, "--without-code", "shore")

    assert held["codes"] == tried["codes"] == ["shore"]
    assert held["rerouted"] == tried["rerouted"]
    assert without["rerouted"] == free["rerouted"]
    assert waits_mg(free, "rerouted") < waits_mg(held, "rerouted") == waits_mg(down, "rerouted")


def test_a_cascade_begins_with_what_is_down_on_its_day(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ("circuits", "cascade", str(folder), "--hours", "2", "--more", "0", "--day")
    words = ["--kind", "site_down", "--site", "digester", "--reason", "Flooded."]
    down = answer(capsys, *ask, "2025-12-10", "--down", "digester")

    answer(capsys, "circuits", "disrupt", str(folder), "flood", *words, "--from", "2025-12-10")

    before, flooded = (answer(capsys, *ask, day) for day in ("2025-12-09", "2025-12-10"))
    assert (before["disruptions"], flooded["disruptions"]) == ([], ["flood"])
    assert flooded["undisturbed"]["hours"] == down["rerouted"]["hours"]
    assert waits_mg(before, "undisturbed") < waits_mg(flooded, "undisturbed")


def test_a_distance_limit_holds_when_a_proposed_facility_is_tried(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    near, yard = write(tmp_path / "near.toml", NEAR), a_map(tmp_path / "yard.geojson")
    ask = ("circuits", "siting", str(folder), yard)

    [free] = answer(capsys, *ask)["options"]
    [held] = answer(capsys, *ask, "--with-code", near)["options"]

    assert free["taken_mg"] > 0 == held["taken_mg"]
    [touched] = held["codes"]
    assert touched["taken_without_mg"] == free["taken_mg"]
    assert touched["unmet_without_mg"] == free["unmet_then_mg"] < held["unmet_then_mg"]


def test_a_down_site_is_down_in_the_siting_comparison(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    yard = a_map(tmp_path / "yard.geojson")
    words = ["--kind", "site_down", "--site", "digester", "--reason", "Flooded."]
    [before] = answer(capsys, "circuits", "siting", str(folder), yard)["options"]

    answer(capsys, "circuits", "disrupt", str(folder), "flood", *words, "--from", "2025-12-01")

    [after] = answer(capsys, "circuits", "siting", str(folder), yard)["options"]
    with open_city(folder) as city:
        planned = city.plan(explain=False)
    assert after["unmet_mg"] == sum(rest.mass_mg for rest in planned.unmet) > before["unmet_mg"]
