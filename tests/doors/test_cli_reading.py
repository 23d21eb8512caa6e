"""The command line that reads a record: answers, exit codes, and never a traceback."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bioloom.doors.cli.main import main
from tests.doors.sample_city import sample_city

DONE, WANTING, REFUSED = 0, 1, 2
LOT = "sample:2025-01:01:organics"
PROGRAM = [sys.executable, "-m", "bioloom.doors.cli.main"]
COMMANDS = (
    ["init"],
    ["import"],
    ["plan"],
    ["serve"],
    ["lots"],
    ["trace"],
    ["verify"],
    ["head"],
    ["prove"],
    ["witness"],
    ["check"],
    ["cosign"],
    ["keys", "show"],
    ["keys", "make"],
    ["keys", "rotate"],
    ["keys", "withdraw"],
    ["keys", "witness"],
    ["circuits", "plans"],
    ["circuits", "adopt"],
    ["circuits", "cascade"],
    ["circuits", "forecast"],
    ["circuits", "siting"],
)


@pytest.fixture
def city(tmp_path: Path) -> str:
    return str(sample_city(tmp_path / "city"))


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command that was no bug."""
    code = main(list(arguments))
    printed = capsys.readouterr()
    assert "bug" not in printed.err, printed.err
    assert "Traceback" not in printed.err
    return code, printed.out, printed.err


# Answers


def test_lots_are_listed_one_json_object_a_line(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = answer(capsys, "lots", city, "--json")

    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err, len(rows)) == (DONE, "", 24 * 5 * 12)
    assert rows[0]["lot"] == LOT
    assert rows[0]["owners"] == {"commons:01": rows[0]["mass_mg"]}


def test_lots_are_listed_with_what_their_code_means(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = answer(capsys, "lots", city, "--material", "organics", "--limit", "1")

    assert out.endswith("20 01 08: biodegradable kitchen and canteen waste\n")


def test_lots_are_narrowed_by_place_material_days_and_hands(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    narrowed = ["--place", "01", "--material", "organics", "--from", "2025-03-01"]
    hands = ["--owner", "commons:01", "--holder", "commons:01"]

    code, out, _ = answer(capsys, "lots", city, *narrowed, "--to", "2025-04-30", *hands, "--json")

    listed = [json.loads(line)["lot"] for line in out.splitlines()]
    assert code == DONE
    assert listed == ["sample:2025-03:01:organics", "sample:2025-04:01:organics"]
    assert answer(capsys, "lots", city, "--owner", "nobody", "--json")[:2] == (DONE, "")


def test_a_list_for_people_says_when_there_is_more(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = answer(capsys, "lots", city, "--limit", "3")

    assert code == DONE
    assert out.startswith("3 lots")
    assert "There are more" in err


def test_a_lot_is_traced_back_and_forward(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = answer(capsys, "trace", city, LOT, "--json")
    line = json.loads(out)
    assert (code, line["direction"], len(line["steps"])) == (DONE, "back", 1)
    assert "arrived in 01 from 2025-01-01 to 2025-01-31, generated" in line["steps"][0]["says"]

    code, out, _ = answer(capsys, "trace", city, LOT, "--forward")
    assert code == DONE
    assert "Nothing has happened to it since it arrived." in out


def test_a_record_that_holds_verifies(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = answer(capsys, "verify", city, "--json")

    verdict = json.loads(out)
    assert code == DONE
    assert (verdict["holds"], verdict["problems"], verdict["legs"]) == (True, [], 1440)
    assert f"head {verdict['hash']}" in answer(capsys, "verify", city)[1]


def test_who_has_read_enough_may_stop_listening(city: str) -> None:
    for command in (["lots", city, "--json"], ["lots", city]):
        with subprocess.Popen(
            [*PROGRAM, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        ) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            assert running.stdout.read(1)
            running.stdout.close()
            assert running.stderr.read() == b""
            assert running.wait() == DONE


# Refusals


@pytest.mark.parametrize(
    "arguments",
    [
        ["lots", "{folder}"],
        ["verify", "{folder}"],
        ["trace", "{folder}", LOT],
        ["plan", "{folder}"],
        ["circuits", "plans", "{folder}"],
        ["circuits", "adopt", "{folder}", "mine"],
        ["circuits", "cascade", "{folder}"],
        ["circuits", "forecast", "{folder}"],
        ["import", "{folder}", "tons.csv"],
    ],
)
@pytest.mark.parametrize("what", ["nowhere", "a file", "garbage", "no journal"])
def test_what_is_no_city_is_refused_in_words_and_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], what: str
) -> None:
    folder = tmp_path / what
    if what == "a file":
        folder.write_text("")
    elif what != "nowhere":
        sample_city(folder)
        (folder / "journal.db").unlink()
        if what == "garbage":
            (folder / "journal.db").write_bytes(b"garbage " * 1000)
    command = [argument.format(folder=folder) for argument in arguments]

    code, out, err = answer(capsys, *command)
    assert (code, out) == (REFUSED, "")
    assert "Why: " in err
    assert "What to do: " in err

    code, out, _ = answer(capsys, *command, "--json")
    assert code == REFUSED
    assert json.loads(out)["refused"].keys() == {"kind", "what", "why", "remedy"}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["lots"],
        ["lots", "{city}", "--limit", "0"],
        ["lots", "{city}", "--limit", "-1"],
        ["lots", "{city}", "--limit", "many"],
        ["lots", "{city}", "--from", "2025-13-01"],
        ["lots", "{city}", "--colour", "red"],
        ["trace", "{city}"],
        ["trace", "{city}", "unheard of"],
        ["trace", "{city}", "sample:material:organics"],
        ["trace", "{city}", "'; DROP TABLE entries; --"],
        ["verify", "{city}", "and", "more"],
        ["plan", "{city}", "--from", "2025-01-01"],
        ["plan", "{city}", "--from", "2025-02-01", "--to", "2025-01-01"],
        ["plan", "{city}", "--without", "unheard of"],
        ["plan", "{city}", "--propose", "--as", "mallory"],
        ["circuits", "adopt", "{city}", "mine"],
        ["circuits", "cascade", "{city}", "--down", "unheard of"],
        ["circuits", "cascade", "{city}", "--down", "digester@noon"],
        ["circuits", "cascade", "{city}", "--down", "digester@24"],
        ["circuits", "cascade", "{city}", "--hours", "0"],
        ["circuits", "cascade", "{city}", "--hours", "169"],
        ["circuits", "cascade", "{city}", "--tolerance", "-0.1"],
        ["circuits", "cascade", "{city}", "--more", "nan"],
        ["circuits", "forecast", "{city}", "--months", "0"],
        ["circuits", "forecast", "{city}", "--months", "13"],
        ["init", "{city}"],
        ["init", "{city}/journal.db/below"],
        ["init", "{city}-2", "--timezone", "Mars/Olympus"],
        ["init", "{city}-2", "--language", "tlh"],
        ["record", "{city}", "{city}/nothing.jsonl"],
    ],
)
def test_what_makes_no_sense_is_refused(
    city: str, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, _, err = answer(capsys, *[argument.format(city=city) for argument in arguments])

    # Without a command there is help.
    assert code == (REFUSED if arguments else DONE)
    assert ("What to do: " in err) == bool(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "{city}", "--from", "9999-12-01", "--to", "9999-12-31", "--json"],
        ["plan", "{city}", "--from", "0001-01-01", "--to", "0001-01-31", "--json"],
        ["lots", "{city}", "--from", "9999-12-31", "--json"],
    ],
)
def test_the_ends_of_the_calendar_are_days_like_others(
    city: str, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert answer(capsys, *[argument.format(city=city) for argument in arguments])[0] == DONE


def test_a_word_that_is_no_text_is_refused(city: str) -> None:
    command: list[str | bytes] = [*PROGRAM, "trace", city, b"\xff\xfe"]

    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == REFUSED
    assert b"Traceback" not in done.stderr
    assert b"bug" not in done.stderr


def test_a_city_that_one_may_not_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sample_city(tmp_path / "city")
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)  # The folders above may be closed, too.
    assert answer(capsys, "lots", "city")[0] == DONE
    for name in ("city.toml", "journal.db", ""):
        (folder / name).chmod(0)
        with not_as_root():
            code = main(["lots", "city"])
        (folder / name).chmod(0o755)

        err = capsys.readouterr().err
        assert code == REFUSED, err
        assert "What to do: " in err


@contextmanager
def not_as_root() -> Iterator[None]:
    """Rights of files do not apply to root: be somebody else for a while."""
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        yield
    finally:
        os.seteuid(user)


# Help


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_an_example(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = answer(capsys, *command, "--help")

    assert code == DONE
    assert f"Example: bioloom {' '.join(command)} " in out


def test_the_program_starts_by_its_own_name() -> None:
    program = shutil.which("bioloom", path=str(Path(sys.executable).parent))
    assert program is not None

    done = subprocess.run([program, "--help"], capture_output=True, check=False)

    assert done.returncode == DONE
    assert all(command[0].encode() in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("group", [[], ["keys"], ["people"], ["circuits"], ["format"]])
def test_a_list_of_commands_says_what_each_does(
    group: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = answer(capsys, *group, "--help")

    listed = [line for line in out.splitlines() if line.startswith("│ ") and line[2] != " "]
    assert code == DONE
    assert len(listed) > 1
    assert [line for line in listed if len(line.strip("│ ").split()) < 2] == []


def test_a_line_is_written_as_provenance_of_the_web(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = answer(capsys, "trace", city, LOT, "--as", "prov")

    assert code == DONE
    assert "wasGeneratedBy" in json.loads(out)
    assert answer(capsys, "trace", city, LOT, "--as", "prov-n")[1].startswith("document\n")
