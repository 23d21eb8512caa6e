"""Whatever byte of a journal's file is damaged, `bioloom verify` answers with a finding."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import found_city
from tests.ledger.record.tampering import a_record

DONE, WANTING, REFUSED = 0, 1, 2
PAGE = 4096


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A city whose journal lies in one file, with nothing left in its log."""
    folder = tmp_path / "verdiva"
    found_city(folder, token="t").close()
    (folder / "journal.db").unlink()
    a_record(folder / "journal.db")
    return folder


def verified(city: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and output of `bioloom verify DIR --json`, of which stderr is no traceback."""
    code = main(["verify", str(city), "--json"])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    assert "bug" not in printed.err
    for name in ("journal.db-wal", "journal.db-shm"):
        (city / name).unlink(missing_ok=True)
    return code, printed.out


def test_a_flipped_bit_in_the_text_of_an_entry_names_the_entry(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = Random(2)
    journal = city / "journal.db"
    whole = journal.read_bytes()
    with closing(sqlite3.connect(journal)) as raw:
        texts = dict(raw.execute("SELECT seq, text FROM entries").fetchall())

    for seq, text in texts.items():
        assert whole.count(text) == 1
        for at in random.sample(range(len(text)), 12):
            damaged = bytearray(whole)
            damaged[whole.index(text) + at] ^= 1 << random.randrange(8)
            journal.write_bytes(damaged)

            code, out = verified(city, capsys)

            verdict = json.loads(out)
            assert (code, verdict["holds"]) == (WANTING, False)
            assert seq in {problem["seq"] for problem in verdict["problems"]}


def test_wherever_a_byte_of_the_file_is_flipped_the_answer_is_a_finding_or_a_refusal(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = Random(3)
    journal = city / "journal.db"
    whole = journal.read_bytes()
    used = [at for at, byte in enumerate(whole) if byte]

    found = set()
    for at in [*range(100), *random.sample(used, 150)]:
        damaged = bytearray(whole)
        damaged[at] ^= 1 << random.randrange(8)
        journal.write_bytes(damaged)
        code, out = verified(city, capsys)
        found.add(code)
        assert code in (DONE, WANTING, REFUSED)
        # Done only where the file's header keeps counters that say nothing of the record.
        assert code != DONE or at < 100, at
        assert json.loads(out)

    assert found >= {WANTING, REFUSED}


def test_a_page_of_zeros_is_found_wherever_it_lies(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = city / "journal.db"
    whole = journal.read_bytes()

    for page in range(len(whole) // PAGE):
        journal.write_bytes(whole[: page * PAGE] + bytes(PAGE) + whole[(page + 1) * PAGE :])
        code, out = verified(city, capsys)
        assert code in (WANTING, REFUSED), page
        assert json.loads(out)


def test_a_file_that_breaks_off_is_found(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = city / "journal.db"
    whole = journal.read_bytes()

    for length in range(PAGE // 2, len(whole), PAGE // 2):
        journal.write_bytes(whole[:length])
        code, out = verified(city, capsys)
        assert code in (WANTING, REFUSED), length
        assert json.loads(out)


def test_reading_a_damaged_entry_is_refused_with_a_way_to_go_on(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = city / "journal.db"
    whole = journal.read_bytes()
    journal.write_bytes(whole.replace(b'"lot":"paper"', b'"lot":{paper"'))

    for command in (["lots", str(city)], ["trace", str(city), "paper"], ["plan", str(city)]):
        assert main(command) == REFUSED
        printed = capsys.readouterr()
        assert "restore the journal from a backup" in printed.err


def test_the_record_goes_on_after_its_log_is_lost_with_nothing_in_it(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy of the file alone, taken while nobody writes, is a whole backup."""
    shutil.copytree(city, tmp_path / "copy")

    assert verified(tmp_path / "copy", capsys)[0] == DONE
