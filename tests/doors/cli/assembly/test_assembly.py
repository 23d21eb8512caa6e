"""`bioloom assembly`: ballots become winners, and a certificate that anybody can check."""

import json
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.cli.printing import DONE, REFUSED, WANTING
from tests.assembly.pabulib.files import APPROVAL

VOTES = "\n".join(
    [f"{n};a,b;30;North" for n in range(12)]
    + [f"{n};c;40;South" for n in range(12, 22)]
    + [f"{n};b;50;South" for n in range(22, 24)]
)
FILE = f"{APPROVAL.split('1;a,b')[0]}{VOTES}\n".replace("budget;1000.50", "budget;700")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "verdiva.pb").write_text(FILE, "utf-8")
    return tmp_path


def answered(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = DONE) -> Any:  # noqa: ANN401
    capsys.readouterr()
    assert main(["assembly", *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_count_says_who_won_what_it_costs_and_who_got_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answered(capsys, "count", "verdiva.pb", "--by", "district")

    assert set(told["winners"]) == {"b", "c"}
    assert (told["cost"], told["per_unit"], told["budget"]) == (4505, 10, 7000)
    assert told["unheard_share"] == 0
    assert told["beside"]["rule"] == "greedy"
    assert told["categories"] == {"access": 4005, "play": 500}
    assert [group["group"] for group in told["groups"]] == ["North", "South"]
    assert json.loads((here / told["certificate"]).read_bytes())["winners"] == told["winners"]


def test_the_certificate_holds_for_its_file_and_for_no_other(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    won = answered(capsys, "count", "verdiva.pb", "--certificate", "proof.json")["winners"]
    (here / "other.pb").write_text(FILE.replace("22;b;50", "22;a;50"), "utf-8")

    proven = answered(capsys, "check", "proof.json", "verdiva.pb")
    refused = answered(capsys, "check", "proof.json", "other.pb", code=WANTING)

    assert proven == {"holds": True, "winners": won, "cost": 4505, "reason": ""}
    assert not refused["holds"]
    assert "does not hold" in refused["reason"]


@pytest.mark.parametrize("rule", ["greedy", "phragmen", "maximin-support"])
def test_other_rules_stand_beside_without_a_certificate(
    here: Path, capsys: pytest.CaptureFixture[str], rule: str
) -> None:
    told = answered(capsys, "count", "verdiva.pb", "--rule", rule)

    assert told["certificate"] is None
    assert told["cost"] <= told["budget"]
    assert not list(here.glob("*.json"))


@pytest.mark.usefixtures("here")
def test_what_a_loser_lacked_and_how_firm_a_winner_is_are_told_if_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = answered(
        capsys, "count", "verdiva.pb", "--completion", "none", "--lacks", "--draws", "5"
    )

    trees, ramp, _ = told["projects"]
    assert not trees["won"]
    assert 0 <= trees["wins_at_cost"] < trees["cost"]
    assert trees["wins_at_budget"] > told["budget"]
    assert 0 <= ramp["drawn_share"] <= 1
    assert told["draws"] == 5


@pytest.mark.usefixtures("here")
def test_people_read_a_table_and_who_got_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["assembly", "count", "verdiva.pb"]) == DONE
    told = capsys.readouterr().out
    assert main(["assembly", "check", "verdiva.certificate.json", "verdiva.pb"]) == DONE

    assert "Voters with nothing funded: 0.0 %" in told
    assert "450.5 of 700" in told
    assert "2 projects are proven" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["count", "nowhere.pb"], "FileMissing"),
        (["count", "bad.pb"], "NotPabulib"),
        (["count", "verdiva.pb", "--by", "shoe-size"], "NoSuchColumn"),
        (["count", "verdiva.pb", "--utility", "points"], "UtilityNotTold"),
        (["count", "verdiva.pb", "--rule", "greedy", "--draws", "3"], "OnlyOfEqualShares"),
        (["count", "verdiva.pb", "--certificate", "no/such/folder"], "NotWritable"),
        (["count", "verdiva.pb", "--completion", "more"], "NotUnderstood"),
        (["check", "verdiva.pb", "verdiva.pb"], "NoCertificate"),
        (["check", "list.json", "verdiva.pb"], "NoCertificate"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], kind: str
) -> None:
    (here / "bad.pb").write_text(FILE.replace("600", "much"), "utf-8")
    (here / "list.json").write_text("[]", "utf-8")

    refused = answered(capsys, *arguments, code=REFUSED)["refused"]

    assert refused["kind"] == kind
    assert "bad.pb" in refused["what"] or kind != "NotPabulib"


def test_a_certificate_of_nonsense_is_found_wanting(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "nonsense.json").write_text('{"rounds": 7}', "utf-8")

    checked = answered(capsys, "check", "nonsense.json", "verdiva.pb", code=WANTING)

    assert "malformed" in checked["reason"]
