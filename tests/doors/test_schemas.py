"""Schemas: what a command prints with `--json` is what `docs/schemas` says, and nothing less."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bioloom.doors.cli.main import main
from tools.schemas import ANSWERS, FOLDER, stale


def validator(answer: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / f"{answer}.json").read_bytes()))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas") / "city"
    assert main(["init", str(folder), "--sample"]) == 0
    return folder


@pytest.fixture
def answers(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What every command prints."""

    def printed(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main([*arguments, "--json"]) == code
        return capsys.readouterr().out

    at = str(city)
    sites = tmp_path / "sites.csv"
    sites.write_text(
        "site,name,borough,latitude,longitude,accepts,process,capacity_t_per_day,residue_share\n"
        "heap,Heap,North,30.01,-29.9,organics,composting,2,0.03\n"
        "bad,Bad,North,30.01,-29.9,organics,composting,much,0.03\n"
    )
    capsys.readouterr()
    assert main(["import", at, str(sites), "--progress", "json", "--dry-run"]) == 1
    proposed = json.loads(printed("plan", at, "--propose"))
    first = printed("lots", at).splitlines()[0]
    found = {
        "init": json.loads(printed("init", str(tmp_path / "new"))),
        "plan": proposed,
        "circuits-plans": json.loads(printed("circuits", "plans", at)),
        "lots": json.loads(first),
        "trace": json.loads(printed("trace", at, json.loads(first)["lot"])),
        "verify": json.loads(printed("verify", at)),
        "refused": json.loads(printed("lots", str(tmp_path / "nowhere"), code=2)),
    }
    if not found["circuits-plans"][0]["in_force"]:
        adopted = printed("circuits", "adopt", at, proposed["proposed"])
        found["circuits-adopt"] = json.loads(adopted)
    main(["import", at, str(sites), "--json", "--progress", "json"])
    told = capsys.readouterr()
    found["import"] = json.loads(told.out)
    if told.err:
        found["import-progress"] = json.loads(told.err.splitlines()[0])
    return found


def test_the_schemas_are_those_of_the_commands() -> None:
    assert stale() == []


def test_every_answer_is_as_its_schema_says(answers: dict[str, Any]) -> None:
    assert answers.keys() == ANSWERS.keys()
    for answer, value in answers.items():
        validator(answer).validate(value)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_lacks_something_is_found(answer: str) -> None:
    wanting: object = [{}] if answer == "circuits-plans" else {}
    assert not validator(answer).is_valid(wanting)
    assert not validator(answer).is_valid("a text")
