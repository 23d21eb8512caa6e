"""Covenants from files: written, read, passed from signer to signer, and refused with words."""

import json
import re
from pathlib import Path

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import open_city
from bioloom.doors.keys.covenants import DecisionUnreadable, read_decision
from bioloom.ledger.covenants.exchanging import odrl
from bioloom.ledger.covenants.wording import TEMPLATES
from bioloom.vocabulary.entries.covenants import CovenantEnacted
from tests.doors.sample_city import sample_city
from tests.ledger.covenants.commons import covenant

TERMS = """\
covenant = "ours"
commons = "site:pulp"
title = "What we gather stays ours"
text = "It stays."
quorum = 1
signers = ["steward"]
"""


@pytest.fixture
def bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city in whose folder beside it a covenant was enacted, with a key to sign."""
    monkeypatch.chdir(tmp_path)
    sample_city(tmp_path / "city")
    Path("covenant.toml").write_text(TERMS)
    Path("end.toml").write_text('act = "end"\ncovenant = "ours"\nreason = "Done."\n')
    assert main(["people", "rotate-key", "city", "own.key"]) == 0
    assert main(["covenants", "enact", "city", "covenant.toml"]) == 0
    return tmp_path / "city"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_template_is_a_covenant_once_names_are_filled_in(tmp_path: Path, language: str) -> None:
    file = tmp_path / "covenant.toml"
    file.write_text(TEMPLATES[language])

    terms = read_decision(file)

    assert isinstance(terms, CovenantEnacted)
    assert (terms.quorum, len(terms.signers), terms.custody_days) == (2, 3, 30)
    assert len(terms.text_sha256) == 64


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("quorum = ", "Invalid value"),
        (f"{TERMS}quorom = 2\n", "it has a 'quorom'"),
        (TERMS.replace("quorum = 1", 'quorum = "all"'), r"\$.quorum"),
        ('act = "bend"\n', "its act is not"),
        ("\0", "cannot be read"),
        (f"quorum = {'1' * 5_000}", "cannot be read"),
        (f"quorum = {'[' * 5_000}", "nested too deeply"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_place(
    tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "covenant.toml"
    file.write_text(content)

    with pytest.raises(DecisionUnreadable, match=said):
        read_decision(file)


@pytest.mark.usefixtures("bound")
def test_an_ending_goes_from_signer_to_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["covenants", "message", "city", "end.toml", "--out", "end.json"]) == 0
    assert main(["covenants", "end", "city", "end.json"]) == 2
    assert "0 of 1 needed signatures" in capsys.readouterr().err
    assert main(["covenants", "sign", "end.json", "--key", "own.key"]) == 0
    assert main(["covenants", "end", "city", "end.json"]) == 0
    capsys.readouterr()

    assert main(["covenants", "list", "city", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert not told["in_force"]
    assert main(["covenants", "refusals", "city"]) == 0
    assert "not_signed" in capsys.readouterr().out
    assert main(["verify", "city"]) == 0


@pytest.mark.usefixtures("bound")
def test_a_covenant_that_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["covenants", "show", "city", "theirs"]) == 2
    assert "no covenant 'theirs'" in capsys.readouterr().err
    assert main(["covenants", "show", "city", "ours"]) == 0
    assert "Released by 1 of steward" in capsys.readouterr().out


def test_refusals_are_entries_that_any_door_leaves(bound: Path) -> None:
    main(["covenants", "end", "city", "end.toml"])
    main(["covenants", "end", "city", "end.toml"])

    with open_city(bound) as city:
        told = [entry.body for entry in city.journal.read(kinds=["ActRefused"])]

    assert {body.reason for body in told} == {"not_signed"}


def test_a_covenant_is_odrl_with_its_quorum_and_its_duty_to_give_back() -> None:
    document = odrl(covenant())

    assert document["@type"] == "Set"
    assert {rule["action"] for rule in document["prohibition"]} == {"sell", "give", "transfer"}
    duties = [rule["duty"][0] for rule in document["permission"] if "duty" in rule]
    assert [duty["action"] for duty in duties] == ["obtainConsent", "bioloom:giveBack"]
    assert duties[0]["bioloom:quorum"] == 2
    kept = odrl(covenant(custody_days=None))
    assert "lend" in {rule["action"] for rule in kept["prohibition"]}


@pytest.mark.usefixtures("bound")
def test_what_is_signed_is_about_a_lot_that_the_covenant_binds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("b.toml").write_text(TERMS.replace('"ours"', '"b"').replace("site:pulp", "commons:01"))
    assert main(["covenants", "enact", "city", "b.toml"]) == 0
    release = (
        'act = "release"\nrelease = "r"\ncovenant = "b"\nlot = "{}"\nunits = 4\n'
        'base_unit = "{}"\nto = "steward"\nuntil = 2099-01-01\nreason = "Sold."\n'
    )
    for lot, unit, said in (
        ("beam-7", "mg", "there is no such lot"),
        ("sample:2025-01:01:organics", "kg", "kept in mg, and not in kg"),
    ):
        Path("release.toml").write_text(release.format(lot, unit))
        assert main(["covenants", "message", "city", "release.toml", "--out", "out.json"]) == 2
        assert said in " ".join(capsys.readouterr().err.split())
        assert not Path("out.json").exists()


@pytest.mark.usefixtures("bound")
def test_a_decision_is_never_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["covenants", "message", "city", "end.toml", "--out", "end.json"]) == 0
    assert main(["covenants", "message", "city", "end.toml", "--out", "end.json"]) == 2
    assert "Name a new file" in capsys.readouterr().err


@pytest.mark.usefixtures("bound")
@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (TERMS, "Covenant 'ours' is in the record, as entry"),
        (TERMS.replace("site:pulp", "commons:NAME"), "'commons:NAME', is not in the record"),
        (TERMS.replace('"ours"', '"b"') + "until = 2001-01-01\n", "its last day is past"),
        (TERMS.replace('"ours"', '"b"').replace("m = 1", "m = 2"), "is 2, and it names 1 signers"),
    ],
)
def test_a_covenant_that_cannot_be_says_what_to_mend(
    capsys: pytest.CaptureFixture[str], terms: str, said: str
) -> None:
    Path("again.toml").write_text(terms)

    assert main(["covenants", "enact", "city", "again.toml"]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


@pytest.mark.usefixtures("bound")
def test_enacting_says_how_many_lots_it_binds_and_who_gave_no_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["people", "declare", "city", "person:ana", "person"]) == 0
    assert main(["people", "join", "city", "person:ana", "commons:01"]) == 0
    terms = TERMS.replace('"ours"', '"b"').replace("site:pulp", "commons:01")
    Path("b.toml").write_text(terms)
    capsys.readouterr()

    assert main(["covenants", "enact", "city", "b.toml"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert re.search(r"It binds (\d+) lots: \1 of commons:01\.", told)
    assert "have not given their word, and of whom it binds nothing: 1." in told

    accepting = ["people", "accept", "city", "person:ana", "commons:01"]
    assert main(accepting) == 2
    assert "may not accept membership" in capsys.readouterr().err
    assert main([*accepting, "--as", "person:ana"]) == 0
    capsys.readouterr()
    assert main(["covenants", "show", "city", "b"]) == 0
    told = capsys.readouterr().out
    assert "Not yet: person:ana" in told
    assert "given their word" not in told
    assert main(["verify", "city"]) == 0
