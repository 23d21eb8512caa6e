"""Asking why on the command line: sentences for people, figures for machines."""

import json
from pathlib import Path

import pytest

from bioloom.doors.cli.main import main
from tests.doors.sample_city import sample_city

DONE, REFUSED = 0, 2
JUNE = ["--from", "2025-06-01", "--to", "2025-06-30"]


@pytest.fixture
def city(tmp_path: Path) -> str:
    return str(sample_city(tmp_path / "city"))


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = DONE) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == code
    printed = capsys.readouterr()
    assert "bug" not in printed.err, printed.err
    return printed.out if code == DONE else printed.err


def lots_of(capsys: pytest.CaptureFixture[str], city: str) -> list[str]:
    lines = answer(capsys, "lots", city, "--json").splitlines()
    lots = [json.loads(line) for line in lines]
    return [lot["lot"] for lot in lots if lot["last_day"].startswith("2025-06")]


def test_where_a_lot_goes_adds_up_to_the_lot(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    for lot in lots_of(capsys, city):
        told = json.loads(answer(capsys, "circuits", "why", city, "--lot", lot, "--json"))

        goes = told["lot"]["goes"]
        assert sum(one["mass_mg"] for one in goes) == told["lot"]["mass_mg"] > 0
        assert told["found"]
        assert lot in told["says"][0]


def test_a_committed_lot_is_answered_with_its_commitment(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = json.loads(answer(capsys, "plan", city, *JUNE, "--propose", "--json"))
    answer(capsys, "circuits", "adopt", city, made["proposed"])
    lot = lots_of(capsys, city)[0]

    told = json.loads(answer(capsys, "circuits", "why", city, "--lot", lot, "--json"))

    assert told["lot"]["plan"] == made["proposed"]
    assert all(one["commitment"].startswith(made["proposed"]) for one in told["lot"]["goes"])
    assert "committed by the plan in force" in told["says"][0]


def test_what_would_follow_is_told_before_why_it_would_be_so(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["circuits", "why", city, "--site", "digester", *JUNE, "--what-if", "room=digester:5"]

    said = answer(capsys, *asked).splitlines()
    told = json.loads(answer(capsys, *asked, "--json"))

    assert said[1].startswith("With room for 5 t more")
    assert said[2].startswith("Then: ")
    assert [one["kind"] for one in told["changes"]] == ["more_room"]
    assert told["says"] == said[1:]


def test_nothing_is_written_by_asking(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = answer(capsys, "verify", city, "--json")

    answer(capsys, "circuits", "why", city, "--site", "digester", *JUNE)

    assert answer(capsys, "verify", city, "--json") == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "one lot, one district or one site"),
        (["--lot", "a", "--site", "digester"], "one lot, one district or one site"),
        (["--lot", "nope"], "Lot 'nope' is not in the record"),
        (["--district", "nope"], "no district 'nope'"),
        (["--site", "nope"], "no site 'nope'"),
        (["--site", "digester", "--what-if", "fire"], "'fire' cannot be tried"),
        (["--site", "digester", "--from", "2025-06-01"], "both --from and --to"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    city: str, capsys: pytest.CaptureFixture[str], asked: list[str], said: str
) -> None:
    assert said in answer(capsys, "circuits", "why", city, *asked, code=REFUSED)
