"""City packs: what one city worked out, taken over by another with its date and its proof."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.capturing.documents import take_in_documents
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, found_city
from bioloom.doors.findings import FileReport
from bioloom.doors.taking import Options
from bioloom.ledger.formats.packs import Pack, PackUnreadable, body_of, read_pack
from bioloom.ledger.recipes.following import recipe, recipes
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.refusal import Refusal
from tests.ledger.recipes.felt import FELT

DONE = 0


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The pack of a city with materials, kinds of process and a recipe."""
    folder = tmp_path_factory.mktemp("packs")
    city, file, to = str(folder / "verdiva"), folder / "felt.json", folder / "verdiva.pack"
    file.write_text(json.dumps({"@graph": FELT}), encoding="utf-8")
    assert main(["init", city, "--story", "verdiva", "--days", "2"]) == DONE
    assert main(["recipes", "publish", city, str(file), "--licence", "CC-BY-4.0"]) == DONE
    assert main(["export", city, "--as", "pack", "--out", str(to)]) == DONE
    made: dict[str, Any] = json.loads(to.read_bytes())
    return made


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "other", token="t") as city:
        yield city


def taken(city: City, pack: object, *, correct: bool = False) -> FileReport:
    file = city.folder.parent / "some.pack"
    file.write_text(json.dumps(pack), encoding="utf-8")
    return take_in_documents(city, [file], Options(as_="pack", correct=correct)).files[0]


def changed(pack: dict[str, Any], kind: str, **fields: object) -> dict[str, Any]:
    """The pack with another body of its first item of a kind."""
    made = deepcopy(pack)
    next(item for item in made["items"] if item["kind"] == kind)["body"] |= fields
    return made


def test_another_city_takes_a_pack_over_once(city: City, pack: dict[str, Any]) -> None:
    report = taken(city, pack)

    assert (report.rejected, report.conflicts) == (0, 0), report.findings
    assert {item["kind"] for item in pack["items"]} == {
        *("MaterialDeclared", "ProcessSpecified", "RecipePublished")
    }
    assert report.recorded == len(pack["items"])
    assert city.journal.declared().materials
    assert taken(city, pack).same == len(pack["items"])
    assert verify(city.journal.store).holds


def test_the_date_of_the_origin_is_proven_to_whoever_has_its_key(
    city: City, pack: dict[str, Any], tmp_path: Path
) -> None:
    taken(city, pack)
    (listed,) = recipes(city.journal)
    origin = recipe(city.journal, listed.recipe).body.origin
    assert origin is not None

    assert (listed.origin, listed.published_at) == (pack["city"], origin.recorded_at)
    proof = tmp_path / "felt.proof"
    proof.write_text(origin.proof, encoding="utf-8")
    assert main(["check", str(proof), "--key", pack["key"]]) == DONE


def test_a_third_city_keeps_the_first_ones_proof(
    city: City, pack: dict[str, Any], tmp_path: Path
) -> None:
    taken(city, pack)
    onward = tmp_path / "onward.pack"
    assert main(["export", str(city.folder), "--as", "pack", "--out", str(onward)]) == DONE

    with found_city(tmp_path / "third", token="t") as third:
        assert taken(third, json.loads(onward.read_bytes())).rejected == 0
        (listed,) = recipes(third.journal)
    assert listed.origin == pack["city"]


def test_a_forged_recipe_date_or_key_is_refused(city: City, pack: dict[str, Any]) -> None:
    other_key = deepcopy(pack)
    other_key["key"] = "verdiva+00000000+AAAA"
    earlier = deepcopy(pack)
    item = next(one for one in earlier["items"] if one["kind"] == "RecipePublished")
    item["recorded_at"] = "1999-01-01T00:00:00.000Z"
    renamed = changed(pack, "RecipePublished", name="Felt, mine")

    for forged in (other_key, earlier, renamed):
        report = taken(city, forged)
        assert report.rejected == 1
        assert "is not proven" in report.findings[-1].what
    assert list(recipes(city.journal)) == []


def test_what_the_city_has_otherwise_is_a_conflict(city: City, pack: dict[str, Any]) -> None:
    taken(city, pack)
    renamed = changed(pack, "MaterialDeclared", name="Another name")

    assert taken(city, renamed).conflicts == 1
    assert taken(city, renamed, correct=True).corrected == 1


def test_without_recipes_no_key_is_needed(tmp_path: Path) -> None:
    with found_city(tmp_path / "bare", token="t"):
        pass
    to = tmp_path / "bare.pack"

    assert main(["export", str(tmp_path / "bare"), "--as", "pack", "--out", str(to)]) == DONE
    assert read_pack(to.read_bytes()) == Pack(
        format="bioloom-pack/1", city="bare", key=None, items=()
    )


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"format": "zip"}', b"\xff"])
def test_what_is_no_pack_is_refused(text: bytes) -> None:
    with pytest.raises(PackUnreadable, match="no city pack"):
        read_pack(text)


@settings(max_examples=50)
@given(
    st.sampled_from(["kind", "seq", "recorded_at", "body", "proof"]),
    st.none() | st.integers() | st.text(max_size=9) | st.just({"recipe": "x"}),
)
def test_whatever_stands_in_an_item_it_is_taken_or_refused(
    pack: dict[str, Any], field: str, held: object
) -> None:
    made = deepcopy(pack)
    made["items"][-1][field] = held

    with suppress(Refusal):
        read = read_pack(json.dumps(made).encode())
        key, _ = body_of(read.items[-1], read)
        assert key
