"""Schemas: what a command prints with `--json` is what `docs/schemas` says, no less and no more."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bioloom.doors.cli.main import main
from tests.doors.answers_of_ballots import of_ballots
from tests.doors.answers_of_budgets import of_budgets
from tests.doors.answers_of_plans import of_plans
from tests.doors.assembly.answers_of_assemblies import of_assemblies
from tests.doors.sample_city import sample_city
from tests.doors.test_cli_formats import GRAIN, SHIPMENT
from tests.ledger.formats.defra.bodies import BODY
from tests.ledger.recipes.felt import FELT
from tools.schemas import ANSWERS, FOLDER, stale

SITES = """\
site,name,borough,latitude,longitude,accepts,process,capacity_t_per_day,residue_share
heap,Heap,North,30.01,-29.9,organics,composting,2,0.03
bad,Bad,North,30.01,-29.9,organics,composting,much,0.03
"""

Answers = dict[str, Any]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    """What a command prints, on stdout and on stderr."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    told = capsys.readouterr()
    return told.out, told.err


@pytest.fixture
def answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Answers:
    """One answer of every command, in the order in which a steward would give them."""
    at, sites = str(tmp_path / "city"), tmp_path / "sites.csv"
    sites.write_text(SITES, encoding="utf-8")

    def answer(*arguments: str, code: int = 0) -> Any:  # noqa: ANN401  Any JSON value.
        return json.loads(printed(capsys, *arguments, code=code)[0])

    founded = answer("init", str(tmp_path / "verdiva"), "--story", "verdiva", "--days", "3")
    sample_city(Path(at))
    about_plans = of_plans(answer, at, tmp_path)
    lot = json.loads(printed(capsys, "lots", at)[0].splitlines()[0])
    about_people = of_people(answer, at)
    report, progress = printed(capsys, "import", at, str(sites), "--progress", "json", code=1)
    return {
        "init": founded,
        **about_plans,
        "play": answer("play", "verdiva"),
        "play-carnival": answer("play", "carnival"),
        "loop": answer("loop", at, "--once"),
        "lots": lot,
        "trace": answer("trace", at, lot["lot"]),
        **of_recording(answer, at, tmp_path, lot["lot"]),
        "import": json.loads(report),
        "import-progress": json.loads(progress.splitlines()[0]),
        "verify": answer("verify", at),
        "totals": answer("totals", at, "--material", "organics"),
        "backup": answer("backup", at, f"{at}.bioloom", "--no-register"),
        "restore": answer("restore", f"{at}.bioloom", f"{at}-restored"),
        "rebuild": answer("rebuild", f"{at}-restored"),
        **of_formats(answer, tmp_path),
        **of_assemblies(answer, tmp_path),
        **of_ballots(answer, tmp_path),
        **of_budgets(answer, tmp_path),
        **about_people,
        **of_recipes(answer, at, tmp_path),
        **of_covenants(answer, at, tmp_path),
        **about_proofs(answer, at),
        "refused": answer("lots", str(tmp_path / "nowhere"), code=2),
    }


def of_formats(answer: Callable[..., Any], folder: Path) -> Answers:
    shipment, grain = folder / "shipment.json", folder / "grain.json"
    shipment.write_text(json.dumps(SHIPMENT), encoding="utf-8")
    grain.write_text(json.dumps({"@graph": GRAIN}), encoding="utf-8")
    return {
        "format-check": answer("format", "check", str(shipment), code=1),
        "format-hash": answer("format", "hash", str(shipment)),
        "format-replay": answer("format", "replay", str(grain), code=1),
        **of_receipts(answer, folder),
        "format-waste-code": answer("format", "waste-code", "20 01 08"),
    }


def of_receipts(answer: Callable[..., Any], folder: Path) -> Answers:
    """Answers about a receipt of waste that came long ago."""
    at, file = str(folder / "yard"), folder / "body.json"
    file.write_text(json.dumps(BODY), encoding="utf-8")
    answer("init", at)
    answer("import", at, str(file), "--as", "defra")
    listed = answer("receipts", "due", at, code=1)
    movement = listed[0]["movement"]
    return {
        "receipts-due": listed,
        "receipts-reported": answer("receipts", "reported", at, movement, "26HRA0B2"),
    }


def of_recipes(answer: Callable[..., Any], at: str, folder: Path) -> Answers:
    file = folder / "felt.json"
    file.write_text(json.dumps({"@graph": FELT}), encoding="utf-8")
    published = answer("recipes", "publish", at, str(file), "--licence", "CC-BY-4.0")
    return {
        "recipes-publish": published,
        "recipes-list": answer("recipes", "list", at),
        "recipes-show": answer("recipes", "show", at, published["recipe"]),
        **of_pledges(answer, at),
        **of_codes(answer, at, folder),
    }


def of_codes(answer: Callable[..., Any], at: str, folder: Path) -> Answers:
    file = folder / "near.toml"
    file.write_text(
        'code = "near"\ntitle = "Near"\nrationale = "Loud."\nfirst_day = 2100-01-01\n'
        '[[rules]]\nrule = "distance_limited"\nlimit_m = 10000\ngroups = ["organics"]\n'
    )
    return {
        "circuits-fairness": answer("circuits", "fairness", at),
        "codes-enact": answer("codes", "enact", at, str(file)),
        "codes-list": answer("codes", "list", at),
        "codes-repeal": answer(
            "codes", "repeal", at, "near", "--last-day", "2100-02-01", "--reason", "Quiet."
        ),
        "codes-show": answer("codes", "show", at, "near"),
        "codes-try": answer("codes", "try", at, str(file)),
    }


def of_pledges(answer: Callable[..., Any], at: str) -> Answers:
    answer("people", "declare", at, "commons:street", "commons")
    aim = ["--counted", "organics", "--more-kg", "5", "--from", "2100-01-01", "--to", "2100-02-01"]
    said = ["--commons", "commons:street", "--title", "Apart", "--text", "We keep it apart."]
    answer("pledges", "make", at, "apart", *said, *aim)
    return {
        "pledges-list": answer("pledges", "list", at),
        "pledges-show": answer("pledges", "show", at, "apart"),
    }


def of_covenants(answer: Callable[..., Any], at: str, folder: Path) -> Answers:
    """One answer of every command about covenants; the steward signs alone."""
    own, said = str(folder / "own.key"), folder / "end.json"
    answer("people", "rotate-key", at, own, "--old", f"{at}.own")
    decided = answer("covenants", "enact", at, str(bound_by_steward(folder)))
    answer("record", at, str(lent_out(folder)))
    ending = folder / "end.toml"
    ending.write_text('act = "end"\ncovenant = "ours"\nreason = "Done."\n')
    refused = answer("covenants", "end", at, str(ending), code=2)
    assert refused["refused"]["kind"] == "CovenantForbids"
    return {
        "covenants-template": answer("covenants", "template"),
        "covenants-decided": decided,
        "covenants-list": answer("covenants", "list", at),
        "covenants-show": answer("covenants", "show", at, "ours"),
        "covenants-message": answer("covenants", "message", at, str(ending), "--out", str(said)),
        "covenants-sign": answer("covenants", "sign", str(said), "--key", own),
        **drafts(answer, folder),
        "covenants-refusals": answer("covenants", "refusals", at),
        "covenants-away": answer("covenants", "away", at),
    }


def drafts(answer: Callable[..., Any], folder: Path) -> Answers:
    """What another city takes over of a covenant and a Code."""
    pack, own, other = str(folder / "some.pack"), str(folder / "own"), str(folder / "harbour")
    answer("init", own)
    answer("people", "declare", own, "site:pulp", "organisation")
    answer("covenants", "enact", own, str(bound_by_steward(folder)))
    limit = '[[rules]]\nrule = "distance_limited"\nlimit_m = 9\n'
    code = folder / "far.toml"
    code.write_text('code = "far"\ntitle = "F"\nrationale = "F"\nfirst_day = 2000-01-01\n' + limit)
    answer("codes", "enact", own, str(code))
    assert main(["export", own, "--as", "pack", "--out", pack]) == 0
    answer("init", other)
    answer("import", other, pack, "--as", "pack")
    return {
        "covenants-drafts": answer("covenants", "drafts", other),
        "codes-drafts": answer("codes", "drafts", other),
    }


def bound_by_steward(folder: Path) -> Path:
    file = folder / "covenant.toml"
    file.write_text(
        'covenant = "ours"\ncommons = "site:pulp"\ntitle = "Ours"\ntext = "It stays."\n'
        'quorum = 1\nsigners = ["steward"]\n'
    )
    return file


def lent_out(folder: Path) -> Path:
    """A beam of the pulp works, some of which the steward holds."""
    beam = {"provider": "site:pulp", "stamp": "measured", "lot": "beam"}
    some = {"quantity": {"reported": "1", "unit": "kg"}}
    made = {"action": "raise", "receiver": "site:pulp", "made": {"lot": "beam", "material": "wood"}}
    lent = {"action": "transferCustody", "receiver": "steward"}
    items = [
        {"kind": "EventHappened", "key": body["action"], "body": beam | some | body}
        for body in (made, lent)
    ]
    file = folder / "lent.jsonl"
    file.write_text("\n".join(map(json.dumps, items)))
    return file


def of_recording(answer: Callable[..., Any], at: str, folder: Path, lot: str) -> Answers:
    recorded = answer("record", at, str(told_event(folder)))
    taken = answer("take-back", at, recorded[0]["id"], "--reason", "mistake", "--cascade")
    days = {"first_day": "2024-01-01", "last_day": "2024-12-31"}
    agreed = {"agreement": "oil", "name": "Oil", "parties": ["steward", "site:pulp"]}
    item = {"kind": "AgreementMade", "key": "a", "body": agreed | days}
    (folder / "agreed.jsonl").write_text("\n".join(map(json.dumps, [item, *MILLING])))
    assert main(["record", at, str(folder / "agreed.jsonl")]) == 0
    return {
        **of_regrouping(answer, at, folder),
        "record": recorded,
        "take-back": taken,
        "estimates": answer("estimates", at, lot),
        "conserved": answer("conserved", at, "mill-1"),
        "contracts-list": answer("contracts", "list", at),
        "contracts-show": answer("contracts", "show", at, "oil"),
        "custody-show": answer("custody", "show", at),
        "contracts-due": answer("contracts", "due", at, "--on", "2024-12-01"),
    }


def of_regrouping(answer: Callable[..., Any], at: str, folder: Path) -> Answers:
    file = folder / "beams.jsonl"
    some = {"quantity": {"reported": "2", "unit": "kg"}, "stamp": "measured"}
    told = some | {"action": "raise", "provider": "steward", "receiver": "steward"}
    bodies = [told | {"lot": name, "made": {"lot": name, "material": "wood"}} for name in "xy"]
    items = [{"kind": "EventHappened", "key": one["lot"], "body": one} for one in bodies]
    file.write_text("\n".join(map(json.dumps, items)))
    answer("record", at, str(file))
    return {
        "combine": answer("combine", at, "xs-and-ys", "x", "y"),
        "separate": answer("separate", at, "xs-and-ys", "z=1 kg"),
    }


MILLING = [
    {
        "kind": "ProcessSpecified",
        "key": "mill",
        "body": {
            "specification": "mill",
            "name": "Milling",
            "definition": "Rags are ground.",
            "tolerance_per_mille": 0,
            "conserves": [{"element": "carbon", "tolerance_per_mille": 5}],
        },
    },
    {
        "kind": "ProcessOpened",
        "key": "mill-1",
        "body": {"process": "mill-1", "specification": "mill", "operator": "steward"},
    },
]


def told_event(folder: Path) -> Path:
    work = {"reported": "1", "unit": "h"}
    body = {"action": "work", "provider": "steward", "receiver": "steward", "stamp": "measured"}
    item = {"kind": "EventHappened", "key": "work", "body": body | {"effort": work}}
    file = folder / "told.jsonl"
    file.write_text(json.dumps(item))
    return file


def of_people(answer: Callable[..., Any], at: str) -> Answers:
    """One answer of every command about people."""
    token = answer("people", "token", at, "scales", "--scope", "record")
    return {
        "people-list": answer("people", "list", at),
        "people-decided": answer("people", "grant", at, "site:pulp", "steward"),
        "people-link": answer("people", "link", at),
        "people-invite": answer("people", "invite", at),
        "people-token": token,
        "people-rotate-key": answer("people", "rotate-key", at, f"{at}.own"),
        "people-revoke": answer("people", "revoke", at, token["id"]),
        "people-forget": answer("people", "forget", at, "site:pulp"),
    }


def about_proofs(answer: Callable[..., Any], at: str) -> Answers:
    """Answers about heads, proofs and keys; the head is held by a witness."""
    own, mine = answer("keys", "make", at), f"{at}.key"
    made, signed = answer("keys", "witness", "library", mine), answer("head", at)
    Path(f"{at}.head").write_text(signed["note"], encoding="utf-8")
    assert main(["prove", at, "2", "--since", f"{at}.head", "--out", f"{at}.proof"]) == 0
    cosigning = [
        "cosign",
        f"{at}.head",
        "--with",
        mine,
        "--key",
        own["key"],
        "--out",
        f"{at}.cosigned",
    ]
    assert main(cosigning) == 0
    return {
        "keys-make": own,
        "keys-witness": made,
        "head": signed,
        "prove": answer("prove", at, "2", "--since", f"{at}.head"),
        "check": answer("check", f"{at}.proof", "--key", own["key"]),
        "witness": answer("witness", at, f"{at}.cosigned", "--key", made["key"]),
        "keys-rotate": answer("keys", "rotate", at),
        "keys-withdraw": answer("keys", "withdraw", at, "--reason", "lost"),
        "keys-show": answer("keys", "show", at),
    }


def validator(answer: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / f"{answer}.json").read_bytes()))


def spoilt(value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  Any JSON value.
    """The value again and again, each time with one thing about it wrong, and what that is."""
    if isinstance(value, list):
        first, *others = value
        yield from ((f"[0]{what}", [wrong, *others]) for what, wrong in spoilt(first))
        return
    assert isinstance(value, dict)
    yield " has another field", value | {"another": 0}
    for field in value:
        yield f" lacks {field}", {name: one for name, one in value.items() if name != field}
        yield f".{field} is of another type", value | {field: [[0]]}


def test_the_schemas_are_those_of_the_types_that_are_printed() -> None:
    assert stale() == []


def test_no_schema_is_left_of_an_answer_that_is_no_more() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == ANSWERS.keys()


def test_every_schema_is_one() -> None:
    for answer in ANSWERS:
        Draft202012Validator.check_schema(validator(answer).schema)


def test_every_answer_is_as_its_schema_says_and_fails_once_one_thing_is_wrong(
    answers: Answers,
) -> None:
    assert answers.keys() == ANSWERS.keys()
    for answer, value in answers.items():
        validator(answer).validate(value)
        unnoticed = [what for what, wrong in spoilt(value) if validator(answer).is_valid(wrong)]
        assert unnoticed == [], answer


def test_a_rejected_row_is_described_too(answers: Answers) -> None:
    [finding] = answers["import"]["files"][0]["findings"]
    assert finding["nature"] == "rejected"

    del finding["remedy"]

    assert not validator("import").is_valid(answers["import"])


def test_a_plan_that_cannot_place_all_is_described_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = str(sample_city(tmp_path / "city"))
    closed = ["--without", "digester", "--without", "compost_south"]

    short = json.loads(printed(capsys, "plan", city, *closed)[0])

    assert short["unmet"]
    validator("plan").validate(short)
    del short["unmet"][0]["mass_mg"]
    assert not validator("plan").is_valid(short)
