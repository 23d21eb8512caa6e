"""City packs: what one city worked out, taken over by another with its date and its proof."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.capturing.documents import take_in_documents
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, found_city
from bioloom.doors.findings import FileReport
from bioloom.doors.keys.covenants import standing
from bioloom.doors.taking import Options
from bioloom.ledger.formats.packs import Pack, PackUnreadable, body_of, read_pack
from bioloom.ledger.recipes.following import recipe, recipes
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.refusal import Refusal
from tests.ledger.recipes.felt import FELT

DONE, REFUSED = 0, 2
COVENANT = """
covenant = "ours"
commons = "commons:ours"
title = "What we gather stays ours"
text = "It stays among us."
quorum = 2
signers = ["steward", "person:a", "person:b"]
materials = ["wood"]
custody_days = 7
correctors = ["steward"]
"""

NEAR = """
code = "near"
title = "Peelings stay near"
rationale = "Lorries are loud."
first_day = 2025-01-01
[[rules]]
rule = "distance_limited"
limit_m = 3000
groups = ["organics"]
[[rules]]
rule = "banned"
groups = ["organics"]
processes = ["sorting"]
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The pack of a city with materials, kinds of process, a recipe, a covenant and a Code."""
    folder = tmp_path_factory.mktemp("packs")
    city, file, to = str(folder / "verdiva"), folder / "felt.json", folder / "verdiva.pack"
    file.write_text(json.dumps({"@graph": FELT}), encoding="utf-8")
    assert main(["init", city, "--story", "verdiva", "--days", "2"]) == DONE
    assert main(["recipes", "publish", city, str(file), "--licence", "CC-BY-4.0"]) == DONE
    for who, sort in (("commons:ours", "commons"), ("person:a", "person"), ("person:b", "person")):
        assert main(["people", "declare", city, who, sort]) == DONE
    covenant = folder / "covenant.toml"
    covenant.write_text(COVENANT, encoding="utf-8")
    assert main(["covenants", "enact", city, str(covenant)]) == DONE
    near = folder / "near.toml"
    near.write_text(NEAR, encoding="utf-8")
    assert main(["codes", "enact", city, str(near)]) == DONE
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
    kinds = ("MaterialDeclared", "ProcessSpecified", "RecipePublished", "CovenantDrafted")
    assert {item["kind"] for item in pack["items"]} == {*kinds, "CodeDrafted"}
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

    assert (listed.origin, listed.published_at) == (pack["origin"]["city"], origin.recorded_at)
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
    assert listed.origin == pack["origin"]["city"]


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


def test_another_city_adopts_a_covenant_as_a_draft_and_its_own_commons_enacts_it(
    city: City, pack: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = str(city.folder), tmp_path / "verdiva.pack"
    file.write_text(json.dumps(pack), encoding="utf-8")
    assert main(["import", folder, str(file), "--as", "pack"]) == DONE

    (adopted,) = city.journal.read(kinds=["PackAdopted"])
    assert (adopted.author, len(adopted.body.adopted)) == ("steward", len(pack["items"]))
    assert msgspec.to_builtins(adopted.body.origin) == pack["origin"]
    assert standing(city).by_id == {}
    capsys.readouterr()
    assert main(["covenants", "drafts", folder, "ours"]) == DONE
    printed = capsys.readouterr().out
    assert "commons:ours" not in printed

    gaps = tmp_path / "covenant.toml"
    gaps.write_text(printed, encoding="utf-8")
    assert main(["covenants", "enact", folder, str(gaps)]) == REFUSED
    for who, sort in (("commons:quay", "commons"), *((f"p{n}", "person") for n in (1, 2, 3))):
        assert main(["people", "declare", folder, who, sort]) == DONE
    filled = printed.replace("commons:NAME", "commons:quay").replace("person:SIGNER-", "p")
    gaps.write_text(filled, encoding="utf-8")
    assert main(["covenants", "enact", folder, str(gaps)]) == DONE

    terms = standing(city).by_id[CovenantId("ours")].terms
    assert (terms.commons, terms.signers, terms.correctors) == (
        "commons:quay",
        ("p1", "p2", "p3"),
        (),
    )
    assert (terms.materials, terms.custody_days, terms.quorum) == (("wood",), 7, 2)
    capsys.readouterr()
    assert main(["covenants", "drafts", folder, "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)[0]["enacted_as"] == "ours"
    assert verify(city.journal.store).holds


@pytest.mark.system(4)
def test_another_city_adopts_materials_recipes_covenants_and_a_code_which_its_plans_then_keep(
    pack: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = str(tmp_path / "harmony"), tmp_path / "verdiva.pack"
    file.write_text(json.dumps(pack), encoding="utf-8")
    assert main(["init", folder, "--story", "verdiva", "--days", "2"]) == DONE
    assert main(["import", folder, str(file), "--as", "pack"]) == DONE
    capsys.readouterr()
    assert main(["plan", folder, "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["codes"] == []
    assert main(["codes", "drafts", folder, "--json"]) == DONE
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["city"], told["enacted_as"]) == ("Verdiva", None)
    assert told["unknown"] == []
    assert told["draft"]["origin"] == pack["origin"]

    assert main(["codes", "drafts", folder, "near"]) == DONE
    printed = capsys.readouterr().out
    own = tmp_path / "near.toml"
    own.write_text(printed, encoding="utf-8")
    assert main(["codes", "enact", folder, str(own)]) == REFUSED
    own.write_text(printed.replace('"YEAR-MONTH-DAY"', "2025-01-01"), encoding="utf-8")
    assert main(["codes", "enact", folder, str(own)]) == DONE

    capsys.readouterr()
    assert main(["plan", folder, "--json"]) == DONE
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["codes"]] == ["near"]
    assert main(["codes", "drafts", folder, "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)[0]["enacted_as"] == "near"


def test_a_draft_of_a_code_says_what_this_city_has_not_and_cannot_be_senseless(
    city: City, pack: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = {"rule": "banned", "sites": ["mill"], "groups": ["organics"]}
    assert taken(city, changed(pack, "CodeDrafted", rules=[elsewhere])).rejected == 0

    assert main(["codes", "drafts", str(city.folder), "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)[0]["unknown"] == ["site mill"]
    nothing = {"rule": "share_guaranteed", "group": "organics", "per_mille": 0}
    senseless = changed(pack, "CodeDrafted", code="other", rules=[nothing])
    report = taken(city, senseless)
    assert (report.rejected, "per mille is none" in report.findings[-1].what) == (1, True)


def test_codes_of_an_emergency_and_of_other_days_stay_at_home(tmp_path: Path) -> None:
    with found_city(tmp_path / "home", token="t") as city:
        day = city.today()
    before = day.replace(year=day.year - 1, day=1)
    for name, first, more in (
        ("now", day, ""),
        ("storm", day, f"emergency = true\nlast_day = {day}\n"),
        ("past", before, f"last_day = {before}\n"),
    ):
        file = tmp_path / f"{name}.toml"
        head = f'code = "{name}"\ntitle = "T"\nrationale = "{name}"\nfirst_day = {first}\n'
        rule = '[[rules]]\nrule = "distance_limited"\nlimit_m = 9\n'
        file.write_text(head + more + rule, encoding="utf-8")
        assert main(["codes", "enact", str(tmp_path / "home"), str(file)]) == DONE
    to = tmp_path / "home.pack"

    assert main(["export", str(tmp_path / "home"), "--as", "pack", "--out", str(to)]) == DONE

    items = json.loads(to.read_bytes())["items"]
    assert [one["body"]["code"] for one in items if one["kind"] == "CodeDrafted"] == ["now"]


def test_no_pack_names_anybody_or_any_lot(pack: dict[str, Any]) -> None:
    (item,) = [one for one in pack["items"] if one["kind"] == "CovenantDrafted"]

    assert item["body"]["signers"] == 3
    told = json.dumps(item["body"])
    assert not [name for name in ("commons:", "steward", "lots", "signatures") if name in told]


def test_a_draft_goes_on_to_a_third_city_with_its_first_origin(
    city: City, pack: dict[str, Any], tmp_path: Path
) -> None:
    taken(city, pack)
    onward = tmp_path / "onward.pack"
    assert main(["export", str(city.folder), "--as", "pack", "--out", str(onward)]) == DONE

    items = json.loads(onward.read_bytes())["items"]
    (draft,) = [one["body"] for one in items if one["kind"] == "CovenantDrafted"]
    assert draft["origin"] == pack["origin"]


@pytest.mark.parametrize(
    ("changed_to", "found"),
    [
        ({"text": "Anybody may take it."}, "the hash of its text"),
        ({"quorum": 4}, "its quorum"),
        ({"shrinkage_per_mille": 1001}, "its shrinkage"),
        ({"cooling_off_days": -1}, "its days"),
    ],
)
def test_a_draft_that_was_tampered_with_is_refused(
    city: City, pack: dict[str, Any], changed_to: dict[str, Any], found: str
) -> None:
    report = taken(city, changed(pack, "CovenantDrafted", **changed_to))

    assert report.rejected == 1
    assert found in report.findings[-1].what


def test_who_may_not_import_adopts_nothing(city: City, pack: dict[str, Any]) -> None:
    file = city.folder.parent / "some.pack"
    file.write_text(json.dumps(pack), encoding="utf-8")
    assert main(["people", "declare", str(city.folder), "person:eve", "person"]) == DONE
    before = city.journal.head()

    command = ["import", str(city.folder), str(file), "--as", "pack", "--by", "person:eve"]
    assert main(command) == REFUSED

    assert city.journal.head() == before


def test_without_recipes_no_key_is_needed(tmp_path: Path) -> None:
    with found_city(tmp_path / "bare", token="t"):
        pass
    to = tmp_path / "bare.pack"

    assert main(["export", str(tmp_path / "bare"), "--as", "pack", "--out", str(to)]) == DONE
    read = read_pack(to.read_bytes())
    assert read == Pack(format="bioloom-pack/2", origin=read.origin, key=None, items=())
    assert (read.origin.city, read.origin.head_seq > 0) == ("bare", True)


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
