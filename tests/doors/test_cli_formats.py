"""`bioloom format` at the command line: verdicts, exit codes, and never a traceback."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.cli.main import main
from tests.ledger.formats.emanifest.sample_manifest import SIGNED

DONE, WANTING, REFUSED = 0, 1, 2
# An event without an action.
SHIPMENT: dict[str, Any] = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "ObjectEvent",
    "eventTime": "2026-01-01T00:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"],
}
SACKS = {
    "@id": "https://mill.example/sacks",
    "@type": "EconomicResource",
    "accountingQuantity": {"hasUnit": "kilogram", "hasNumericalValue": 5},
}
# More is taken than there is, a word is no term, and the state afterwards is another.
GRAIN: list[dict[str, Any]] = [
    SACKS,
    *(
        {
            "@id": f"https://mill.example/{name}",
            "@type": "EconomicEvent",
            "action": "consume",
            "provider": "https://mill.example",
            "resourceInventoriedAs": "https://mill.example/sacks",
            "resourceQuantity": {"hasUnit": "kilogram", "hasNumericalValue": number},
            "colour": "yellow",
        }
        for name, number in (("morning", 3), ("noon", 3))
    ),
    SACKS,
]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["format", *arguments])
    printed = capsys.readouterr()
    assert "bug" not in printed.err, printed.err
    return code, printed.out, printed.err


def test_a_faulty_document_is_told_with_paths(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT), encoding="utf-8")

    code, out, _ = told(capsys, "check", str(file))

    assert code == WANTING
    assert "error $.action: nothing is none of ADD, OBSERVE, DELETE" in out
    assert "shipment.json: reject, 1 problems." in out

    file.write_text(json.dumps(SHIPMENT | {"action": "OBSERVE"}), encoding="utf-8")
    assert told(capsys, "check", str(file))[0] == DONE


def test_one_file_that_is_no_document_leaves_the_verdict_on_others_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noise, good = tmp_path / "noise.xml", tmp_path / "good.json"
    noise.write_bytes(b"<EPCISDocument>")
    good.write_text(json.dumps(SHIPMENT | {"action": "OBSERVE"}), encoding="utf-8")

    code, out, _ = told(capsys, "check", "--as", "epcis", str(noise), str(good), "--json")

    judged = [json.loads(line) for line in out.splitlines()]
    assert code == WANTING
    assert [one["verdict"] for one in judged] == ["reject", "accept"]
    assert judged[0]["problems"][0]["path"] == "$"


def test_hashes_are_told_with_the_texts_that_are_hashed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT), encoding="utf-8")

    code, out, _ = told(capsys, "hash", str(file), str(file), "--json")

    first, again = [json.loads(line) for line in out.splitlines()]
    digest = sha256(first["prehashes"][0].encode()).hexdigest()
    assert code == DONE
    assert first == again
    assert first["hashes"] == [f"ni:///sha-256;{digest}?ver=CBV2.0"]
    assert told(capsys, "hash", str(file))[1] == f"shipment.json: {first['hashes'][0]}\n"


def test_manifests_are_judged_a_line_for_each_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(SIGNED), encoding="utf-8")
    bad.write_text('{"billId": "1"}', encoding="utf-8")
    files = (str(good), str(bad))

    code, out, _ = told(capsys, "check", *files, "--as", "emanifest", "--json")

    judged = [json.loads(line) for line in out.splitlines()]
    assert code == WANTING
    assert [(one["file"], one["verdict"]) for one in judged] == [
        ("good.json", "accept"),
        ("bad.json", "reject"),
    ]
    assert told(capsys, "check", *files[:1], "--as", "emanifest")[:2] == (
        DONE,
        "good.json: accept, 0 problems.\n",
    )


def test_a_replay_that_differs_is_found_wanting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grain.json"
    file.write_text(json.dumps({"@graph": GRAIN}), encoding="utf-8")

    code, out, _ = told(capsys, "replay", str(file))

    assert code == WANTING
    assert "accountingQuantity 2, stated 5" in out
    assert "refused https://mill.example/noon" in out
    assert "'colour' is no term of Valueflows" in out


def test_an_example_with_states_is_replayed_exactly(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "ledger" / "valueflows" / "examples" / "ex-exchange-09.yaml"

    code, out, _ = told(capsys, "replay", str(file))

    assert code == DONE
    assert "All 5 states that it tells are reached exactly." in out
    assert "assumed to have had 10 one before" in out


@pytest.mark.parametrize("command", ["hash", "replay"])
def test_a_file_that_is_none_or_is_no_document_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = tmp_path / "noise.json"
    file.write_bytes(b"\x00\xff{{{")

    assert told(capsys, command, str(tmp_path / "nowhere.json"))[0] == REFUSED
    assert told(capsys, command, str(file))[0] == REFUSED


@pytest.mark.parametrize("command", ["check", "hash", "replay"])
def test_each_command_has_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = told(capsys, command, "--help")

    assert code == DONE
    assert f"Example: bioloom format {command} " in out


def test_bodies_of_digital_waste_tracking_are_judged_a_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, placeholder = tmp_path / "empty.json", tmp_path / "placeholder.json"
    empty.write_text("[]")
    placeholder.write_text('{"apiCode": "PLACEHOLDER"}')

    code, out, _ = told(capsys, "check", str(empty), str(placeholder), "--as", "defra", "--json")
    first, second = map(json.loads, out.splitlines())

    assert code == WANTING
    assert (first["file"], first["verdict"]) == ("empty.json", "reject")
    assert first["problems"][0]["path"] == "$"
    assert second["notes"][0]["path"] == "$.apiCode"
    assert (
        "note $.apiCode: it is set when"
        in told(capsys, "check", str(placeholder), "--as", "defra")[1]
    )


def test_as_many_findings_are_left_out_as_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "yard")
    assert main(["init", folder]) == DONE
    for count, said in ((1, None), (30, "more; --json lists them")):
        file = tmp_path / f"{count}.json"
        file.write_text(json.dumps([{"yourUniqueReference": str(n)} for n in range(count)]))
        capsys.readouterr()
        assert main(["import", folder, str(file), "--as", "defra"]) == WANTING
        out = capsys.readouterr().out
        assert (said is None and "more;" not in out) or (said is not None and said in out)
        assert "-5" not in out


def test_a_date_that_is_none_is_told_how_dates_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "yard")
    assert main(["init", folder]) == DONE

    assert main(["receipts", "due", folder, "--holiday", "25-12-2026"]) == REFUSED
    assert "A day is written like 2026-01-31." in " ".join(capsys.readouterr().err.split())


def test_a_file_that_is_no_pack_is_told_so_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = str(tmp_path / "yard"), tmp_path / "notes.pack"
    file.write_text("Dear all")
    assert main(["init", folder]) == DONE

    assert main(["import", folder, str(file), "--as", "pack"]) == REFUSED
    err = " ".join(capsys.readouterr().err.split())
    assert "It is no city pack" in err
    assert ".." not in err
