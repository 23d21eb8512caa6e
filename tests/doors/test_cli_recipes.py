"""`bioloom recipes` and its pages: published once, dated for good, proven to anybody."""

import json
from pathlib import Path

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import open_city
from bioloom.doors.web.app import make_app
from tests.doors.sample_city import sample_city
from tests.doors.web.conftest import Client
from tests.ledger.recipes.felt import FELT

DONE, REFUSED = 0, 2


@pytest.fixture
def city(tmp_path: Path) -> str:
    (tmp_path / "felt.json").write_text(json.dumps({"@graph": FELT}), encoding="utf-8")
    return str(sample_city(tmp_path / "city"))


def published(capsys: pytest.CaptureFixture[str], city: str, *more: str) -> dict[str, str]:
    file = str(Path(city).parent / "felt.json")
    command = ["recipes", "publish", city, file, "--licence", "CC-BY-SA-4.0", "--json", *more]
    assert main(command) == DONE
    told: dict[str, str] = json.loads(capsys.readouterr().out)
    return told


def test_a_recipe_keeps_its_first_date(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = published(capsys, city)

    assert published(capsys, city) == first
    assert main(["recipes", "list", city]) == DONE
    assert "Felt of rags" in capsys.readouterr().out
    assert main(["recipes", "show", city, first["recipe"][:8]]) == DONE
    assert "Pressing" in capsys.readouterr().out


def test_its_date_is_proven_to_whoever_has_the_key(
    city: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["keys", "make", city, "--json"]) == DONE
    key = json.loads(capsys.readouterr().out)["key"]
    seq, proof = published(capsys, city)["seq"], str(tmp_path / "felt.proof")

    assert main(["prove", city, str(seq), "--out", proof]) == DONE
    assert main(["check", proof, "--key", key]) == DONE


@pytest.mark.parametrize(
    "more", [["--licence", "CC-BY-NC-4.0"], ["--licence", "MIT", "--predecessor", "0000000"]]
)
def test_what_cannot_be_published_is_refused(city: str, more: list[str]) -> None:
    file = str(Path(city).parent / "felt.json")

    assert main(["recipes", "publish", city, file, *more]) == REFUSED


def test_the_pages_show_a_recipe_to_anybody(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = published(capsys, city)["recipe"]

    with open_city(Path(city)) as opened, Client(make_app(opened)) as client:
        listed, shown = client.get("/recipes"), client.get(f"/recipes/{recipe}")
        assert (listed.status_code, shown.status_code) == (200, 200)
        assert f"/recipes/{recipe}" in listed.text
        assert "Carding" in shown.text
        assert "CC-BY-SA-4.0" in shown.text
        assert client.get("/recipes/none").status_code == 404
