"""`bioloom assembly unheard`: tables and a conversation in, who is heard less out."""

import json
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.cli.main import main

POPULATION = "group,people,source,day\nnorth,5000,census,2025-12-31\nsouth,4000,census,2025-12-31\n"
ON = ("--on", "2026-03-01")


def unheard(capsys: pytest.CaptureFixture[str], folder: Path, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["assembly", "unheard", str(folder), *ON, "--json"]) == code
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def spring(folder: Path, took: str = "north,500\nsouth,200\n", population: str = "") -> Path:
    """Tables of a spring in which the south took part less."""
    folder.mkdir(exist_ok=True)
    (folder / "population.csv").write_text(POPULATION + population)
    (folder / "participation.csv").write_text("group,people\n" + took)
    return folder


def test_who_takes_part_less_is_told_of_those_who_live_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = unheard(capsys, spring(tmp_path))
    north, south = told["shares"]
    assert (north["is_less"], south["is_less"]) == (False, True)
    assert (south["share"], south["rest_share"], south["missing"]) == (0.05, 0.1, 200)
    assert south["low"] < 0.05 < south["high"]
    assert told["sources"] == [
        {"source": "census", "day": "2025-12-31", "groups": ["north", "south"]}
    ]
    assert "participation" not in told["unmeasured"]


def test_figures_of_few_people_and_what_would_betray_them_are_not_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = spring(
        tmp_path,
        "north,500\nsouth,200\nhill,3\nlane,2\n",
        "hill,40,census,2025-12-31\nlane,7,census,2025-12-31\n",
    )
    told = unheard(capsys, folder)
    by_group = {one["group"]: one for one in told["shares"]}
    assert [name for name, one in by_group.items() if one["is_suppressed"]] == [
        *("south", "hill", "lane"),
    ]
    assert by_group["hill"]["heard"] is None
    assert by_group["lane"]["is_less"] is None
    assert by_group["south"]["is_less"] is True
    assert told["compared"] == 3
    assert main(["assembly", "unheard", str(folder), *ON]) == 0
    printed = capsys.readouterr().out
    assert "not told" in printed
    assert "500" in printed
    assert "200" not in printed


def test_who_still_waits_and_whose_language_is_rejected_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["statement,author,said,group,language,outcome,answered"]
    for n in range(120):
        is_late = n % 3 == 0
        answered = "" if is_late else f"2026-02-{1 + n % 9:02}"
        outcome = "rejected" if is_late and n % 2 else "kept"
        rows.append(
            f"s{n},a{n},2026-02-01,{'east' if is_late else 'west'},"
            f"{'qu' if is_late else 'es'},{outcome},{answered}"
        )
    (tmp_path / "statements.csv").write_text("\n".join(rows))
    told = unheard(capsys, tmp_path)
    assert {one["group"] for one in told["waits"] if one["is_less"]} == {"east"}
    assert {(one["measure"], one["group"]) for one in told["shares"] if one["is_less"]} == {
        ("kept by group", "east"),
        ("kept by language", "qu"),
    }
    east = told["waits"][0]
    assert (east["answered"], east["of"], east["median_days"]) == (0, 40, None)
    assert main(["assembly", "unheard", str(tmp_path), *ON]) == 0
    assert "? days" in capsys.readouterr().out


def test_statements_that_few_saw_are_told_of_a_real_conversation(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in sorted((data / "assembly" / "polis").iterdir()):
        told = unheard(capsys, folder)
        assert all(thin["seen"] < 20 for thin in told["thin"])
        assert {one["measure"] for one in told["shares"]} <= {"seen"}


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("participation.csv", "group,people\nnorth,-1\n", "participation.csv, line 2: Expected"),
        ("participation.csv", "group,people\nnorth\n", "line 2: it has other columns"),
        ("participation.csv", "group,people\n", "participation.csv: it has no rows"),
        ("participation.csv", "group,people\nnorth,5\n", "there is no group 'south'"),
        ("population.csv", "group,people\nnorth,5\n", "missing required field `source`"),
        ("steps.csv", "step,group,people\na,n,5\nb,n,6\n", "of 'n' it counts 6 of 5"),
        ("votes.csv", "x\n", "votes.csv, line 1: there is no column"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, found: str
) -> None:
    (spring(tmp_path) / name).write_text(text)
    assert found in unheard(capsys, tmp_path, code=2)["refused"]["what"]


def test_a_folder_with_nothing_of_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no table and no conversation" in unheard(capsys, tmp_path, 2)["refused"]["what"]
    assert "no such folder" in unheard(capsys, tmp_path / "none", 2)["refused"]["what"]
