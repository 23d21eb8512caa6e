"""Heads and proofs that a city gives out, and what somebody outside makes of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cryptography
import pytest

from bioloom.doors.cli.proofs.checking import program
from bioloom.doors.compose import found_city
from tests.doors.proofs.town import DONE, REFUSED, WANTING, Town


def test_a_new_city_signs_its_heads_and_whoever_has_the_key_can_check_them(town: Town) -> None:
    town.grow("peel")
    head = town.head("first.head")

    assert Path(head).read_text("utf-8").splitlines()[1] == "4"
    assert town.run("check", head, "--key", town.key) == DONE
    assert "The head of 4 entries is signed by the key." in town.out
    assert town.answer("head", town.at)["note"] == Path(head).read_text("utf-8")


def test_an_entry_is_proven_by_a_file_alone_from_one_head_to_the_next(town: Town) -> None:
    town.grow("peel", "leaves")
    head = town.head("first.head")
    town.grow(*(f"lot {number}" for number in range(600)))
    proof = town.proof(5, "leaves.proof", "--since", head)

    checked = town.answer("check", proof, "--key", town.key, "--head", head)

    assert checked["proven"]
    assert json.loads(checked["entry"])["idempotency_key"] == "leaves"
    assert checked["size"] == 605
    assert any("goes on from the head of 5 entries" in one for one in checked["said"])
    assert len(Path(proof).read_bytes()) < 4_000


def test_an_entry_is_named_by_its_id_as_well(town: Town) -> None:
    by_number = town.answer("prove", town.at, "2")

    name = json.loads(by_number["text"])["id"]

    assert town.answer("prove", town.at, name) == by_number


@pytest.mark.parametrize("entry", ["99", "0", "peel", "00000000-0000-89b7-80ce-820000000002"])
def test_an_entry_that_is_not_there_is_refused(town: Town, entry: str) -> None:
    assert town.answer("prove", town.at, entry, code=REFUSED)["refused"]["kind"] == "EntryMissing"


def test_the_program_that_is_printed_needs_no_bioloom(town: Town, tmp_path: Path) -> None:
    """Run by an interpreter that finds nothing but `cryptography` and what that needs."""
    town.grow("peel")
    head = town.head("first.head")
    town.grow("leaves")
    proof = town.proof(4, "peel.proof", "--since", head)
    assert town.run("check", "--script") == DONE
    script = tmp_path / "check_proof.py"
    script.write_text(town.out, encoding="utf-8")
    packages = tmp_path / "packages"
    packages.mkdir()
    for found in Path(cryptography.__file__).parents[1].iterdir():
        if found.name.startswith(("cryptography", "cffi", "_cffi", "pycparser")):
            (packages / found.name).symlink_to(found)

    def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-S", str(script), *arguments],
            env={"PYTHONPATH": str(packages), "PATH": os.environ["PATH"]},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert "bioloom." not in "".join(line for line in town.out.splitlines() if "import" in line)
    good = alone(proof, town.key, head)
    assert (good.returncode, good.stderr) == (0, "")
    assert "Entry 4 is in it" in good.stdout
    text = Path(proof).read_text("utf-8")
    Path(proof).write_text(text.replace("organics", "textiles"), encoding="utf-8")
    forged = alone(proof, town.key, head)
    assert (forged.returncode, forged.stdout) == (1, "")
    assert "NOT PROVEN: Entry 4 is not in the record" in forged.stderr
    assert program() == town.out


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["check"], "CheckIncomplete"),
        (["check", "nowhere", "--key", "a+b+c"], "FileUnusable"),
        (["check", "{head}", "--key", "a+b+c"], "KeyTextUnreadable"),
        (["check", "{head}", "--key", "nowhere"], "FileUnusable"),
        (["prove", "{city}", "1", "--since", "{city}/city.toml"], "HeadUnreadable"),
        (["head", "{city}", "--out", "{city}"], "FileUnusable"),
        (["witness", "{city}", "{head}", "--key", "{key}"], "NotWitnessed"),
        (["keys", "witness", "a b", "{city}/key"], "WitnessNameUnfit"),
        (["keys", "witness", "ana", "{city}/city.toml"], "KeyFileUnusable"),
        (["keys", "make", "{city}"], "KeyInForce"),
        (["keys", "rotate", "{city}", "--as", "nobody"], "AgentUnknown"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_way_to_go_on(
    town: Town, arguments: list[str], kind: str
) -> None:
    head = town.head("first.head")
    told = [one.format(city=town.at, head=head, key=town.key) for one in arguments]

    assert town.answer(*told, code=REFUSED)["refused"]["kind"] == kind


def test_a_file_that_is_no_proof_is_found_wanting(town: Town) -> None:
    for text in ("", "{}", "[1]", "{", "peel\n\n", '{"format":"bioloom-proof/1"}'):
        Path(town.file("a file")).write_text(text, encoding="utf-8")

        assert town.run("check", town.file("a file"), "--key", town.key) == WANTING


def test_an_older_city_without_a_key_gets_one(town: Town, tmp_path: Path) -> None:
    older = str(tmp_path / "older")
    found_city(Path(older), token="t").close()

    assert town.answer("head", older, code=REFUSED)["refused"]["kind"] == "NoKeyInForce"
    assert town.run("keys", "make", older) == DONE
    assert town.run("head", older) == DONE


def test_a_snapshot_of_the_tree_that_is_damaged_or_gone_is_made_again(town: Town) -> None:
    town.grow(*(f"lot {number}" for number in range(600)))
    first = town.answer("head", town.at)
    (tiles,) = (town.folder / "snapshots" / "tree").iterdir()
    whole = tiles.read_bytes()

    for damaged in (bytes(len(whole)), whole[:40], None):
        tiles.unlink() if damaged is None else tiles.write_bytes(damaged)
        assert town.answer("head", town.at) == first
        assert town.run("prove", town.at, "300") == DONE
        assert tiles.read_bytes() == whole
    assert town.problems() == []
