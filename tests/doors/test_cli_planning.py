"""The command line that plans: what it prints, and how a plan comes into force."""

import json
from pathlib import Path

import pytest

from bioloom.doors.cli.main import main
from tests.doors.sample_city import sample_city

DONE, REFUSED = 0, 2
MOVES = ("flows", "unmet", "stored")


@pytest.fixture
def city(tmp_path: Path) -> str:
    return str(sample_city(tmp_path / "city"))


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(list(arguments))
    printed = capsys.readouterr()
    assert "bug" not in printed.err, printed.err
    return code, printed.out


def test_a_new_city_is_made_filled_and_planned_by_three_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "glow")

    code, out = answer(capsys, "init", folder, "--story", "verdiva", "--days", "20", "--json")
    made = json.loads(out)
    assert (code, made["stamp"], made["folder"]) == (DONE, "generated", folder)

    code, out = answer(capsys, "plan", folder)
    assert code == DONE
    assert "The certificate checks" in out


def test_an_empty_city_says_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "glow")

    code, out = answer(capsys, "init", folder, "--timezone", "America/New_York")
    assert code == DONE
    assert f"bioloom import {folder}" in out

    assert answer(capsys, "plan", folder)[0] == REFUSED


def test_a_plan_as_json_closes_and_is_certified(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ["--from", "2025-06-01", "--to", "2025-06-30"]

    code, out = answer(capsys, "plan", city, *days, "--json")

    made = json.loads(out)
    assert code == DONE
    assert made["period"] == {"from": "2025-06-01", "to": "2025-06-30"}
    assert made["certificate"]["checked"] is True
    assert made["certificate"]["gap"] == max(
        stage["gap"] for stage in made["certificate"]["stages"]
    )
    assert len(made["service"]) == len(made["reasons"]) == 24
    lots = answer(capsys, "lots", city, *days, "--json")[1].splitlines()
    assert sum(json.loads(lot)["mass_mg"] for lot in lots) == sum(
        flow["mass_mg"] for flow in made["flows"] + made["unmet"]
    )


def test_planning_writes_nothing(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = answer(capsys, "verify", city, "--json")[1]

    answer(capsys, "plan", city, "--without", "digester", "pulp", "--json")

    assert answer(capsys, "verify", city, "--json")[1] == before


def test_a_proposal_is_listed_and_comes_into_force_once(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    proposed = json.loads(answer(capsys, "plan", city, "--propose", "--json")[1])["proposed"]
    assert f"circuits adopt {city} {proposed}" in answer(capsys, "plan", city, "--propose")[1]

    (listed,) = json.loads(answer(capsys, "circuits", "plans", city, "--json")[1])
    assert (listed["plan"], listed["in_force"]) == (proposed, False)

    code, out = answer(capsys, "circuits", "adopt", city, proposed, "--json")
    assert code == DONE
    commitments = json.loads(out)["commitments"]
    assert sum(made["mass_mg"] for made in commitments) == listed["placed_mg"]

    assert "in force" in answer(capsys, "circuits", "plans", city)[1]
    assert answer(capsys, "circuits", "adopt", city, proposed)[0] == REFUSED
    assert answer(capsys, "verify", city)[0] == DONE


def test_a_plan_that_leaves_sites_out_is_shown_and_not_proposed(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Without digester" in answer(capsys, "plan", city, "--without", "digester")[1]

    code, out = answer(capsys, "plan", city, "--without", "digester", "--propose", "--json")

    assert code == REFUSED
    assert json.loads(out)["refused"]["kind"] == "PlanOnlyTried"


def test_a_period_that_cuts_a_heap_through_says_so(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = answer(capsys, "plan", city, "--from", "2025-06-15", "--to", "2025-06-30")

    assert code == DONE
    assert "gathered partly outside" in out


def test_weeks_after_some_days_are_expected_to_be_like_their_mean_day(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ["--from", "2025-06-01", "--to", "2025-06-30"]
    month = json.loads(answer(capsys, "plan", city, *days, "--json")[1])

    code, out = answer(capsys, "plan", city, *days, "--weeks", "2", "--json")

    made = json.loads(out)
    assert (code, made["expected"], made["certificate"]["checked"]) == (DONE, "mean_day", True)
    assert [week["period"]["from"] for week in made["weeks"]] == ["2025-07-01", "2025-07-08"]
    of_month, of_weeks = (
        sum(move["mass_mg"] for plan in plans for name in MOVES for move in plan.get(name, []))
        for plans in ([month], made["weeks"])
    )
    # But for the milligram that each node may lose to the division.
    assert of_weeks == pytest.approx(of_month * 14 / 30, abs=1000)
    assert made["service"].keys() == month["service"].keys()


def test_weeks_are_forecast_where_enough_months_are_known_or_it_is_said_that_not(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = json.loads(answer(capsys, "plan", city, "--weeks", "2", "--backlog", "--json")[1])

    told = " ".join(made["notes"])
    assert ("forecast" if made["expected"] == "forecast" else "months are known") in told
    assert "The certificate checks" in answer(capsys, "plan", city, "--weeks", "2")[1]


@pytest.mark.parametrize("asked", [["0"], ["48"], ["-1"], ["2", "--propose"]])
def test_weeks_that_cannot_be_planned_or_proposed_are_refused(
    city: str, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    assert answer(capsys, "plan", city, "--weeks", *asked)[0] == REFUSED
