"""`bioloom assembly map`: a folder of Polis' files in, groups and what all hold out."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.cli.main import main

HEAD = "timestamp,datetime,comment-id,voter-id,vote\n"


def mapped(capsys: pytest.CaptureFixture[str], folder: Path, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["assembly", "map", str(folder), "--json"]) == code
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def two_camps() -> str:
    """Twelve people who vote against each other on eight statements, and agree on a ninth."""
    rows = [
        f"{person},x,{statement},{person},{1 if statement == 8 else 1 - 2 * (person % 2)}\n"
        for person in range(12)
        for statement in range(9)
    ]
    return HEAD + "".join(rows)


def test_groups_and_what_all_hold_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "votes.csv").write_text(two_camps())
    told = mapped(capsys, tmp_path)
    assert [group["people"] for group in told["groups"]] == [6, 6]
    assert told["consensus"][0]["statement"] == "8"
    assert {member["group"] for member in told["members"]} == {0, 1}
    assert main(["assembly", "map", str(tmp_path)]) == 0
    assert "Group 1: 6 people" in capsys.readouterr().out


def test_packed_files_are_read_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.mkdir()
    packed.mkdir()
    (plain / "votes.csv").write_text(two_camps())
    (packed / "votes.csv.gz").write_bytes(gzip.compress(two_camps().encode()))
    assert mapped(capsys, plain) == mapped(capsys, packed)


def test_real_conversations_are_mapped(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in sorted((data / "assembly" / "polis").iterdir()):
        told = mapped(capsys, folder)
        assert len(told["votes_hash"]) == 64
        assert told["placed"] > 0.5 * told["people"]
        assert len(told["groups"]) >= 2
        assert told["consensus"]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("votes.csv", b"\xff\xfe", "no file of a conversation"),
        ("votes.csv.gz", b"not packed", "no file of a conversation"),
        ("votes.csv", (HEAD + "1,x,0,0,7\n").encode(), "votes.csv, line 2: '7' is no vote"),
        ("else.csv", b"", "so nobody voted"),
    ],
)
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: bytes, found: str
) -> None:
    (tmp_path / name).write_bytes(text)
    assert found in mapped(capsys, tmp_path, code=2)["refused"]["what"]


def test_a_folder_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no such folder" in mapped(capsys, tmp_path / "none", code=2)["refused"]["what"]
