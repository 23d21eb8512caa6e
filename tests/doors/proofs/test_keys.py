"""Keys of a city: kept for its owner alone, replaced, lost and stolen."""

import base64
import shutil
import stat
from pathlib import Path

import pytest

from bioloom.ledger.proofs.heads import read_signing_key
from tests.doors.proofs.town import DONE, REFUSED, WANTING, Town


def private_files(town: Town) -> list[Path]:
    return sorted((town.folder / "keys").glob("*.key"))


def test_the_private_half_is_in_one_file_for_its_owner_and_not_in_the_record(town: Town) -> None:
    (file,) = private_files(town)

    secret = read_signing_key(file.read_text("utf-8")).private.private_bytes_raw()
    journal = (town.folder / "journal.db").read_bytes()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    for spelled in (secret, secret.hex().encode(), base64.b64encode(secret)[:40]):
        assert spelled not in journal


def test_a_key_that_others_can_read_signs_nothing(town: Town) -> None:
    (file,) = private_files(town)
    file.chmod(0o644)

    assert town.answer("head", town.at, code=REFUSED)["refused"]["kind"] == "KeyFileUnusable"
    file.chmod(0o600)
    assert town.run("head", town.at) == DONE


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+a+00000000+AAAA", "no key at all", "\x00"])
def test_a_key_file_that_holds_something_else_is_refused(town: Town, text: str) -> None:
    (file,) = private_files(town)
    file.write_text(text, encoding="utf-8")

    assert town.answer("head", town.at, code=REFUSED)["refused"]["kind"] == "KeyUnreadable"


def test_a_new_key_is_vouched_for_by_the_old_one_which_then_signs_no_more(town: Town) -> None:
    before = town.head("before.head")
    old = private_files(town)[0].read_text("utf-8")
    assert town.run("keys", "rotate", town.at) == DONE
    proof = town.proof(2, "after.proof", "--since", before)

    # Who noted the first key needs no other.
    assert town.run("check", proof, "--key", town.key, "--head", before) == DONE
    assert "a key that follows it" in town.out
    assert [key["reason"] for key in town.known_keys()] == ["rotated", None]
    assert town.run("check", proof, "--key", town.known_keys()[1]["key"]) == DONE
    assert old not in [file.read_text("utf-8") for file in private_files(town)]
    assert town.problems(before, town.head("after.head")) == []


def test_a_key_that_is_lost_is_withdrawn_and_another_begins(town: Town) -> None:
    before = town.head("before.head")
    shutil.rmtree(town.folder / "keys")

    assert town.answer("head", town.at, code=REFUSED)["refused"]["kind"] == "KeyFileMissing"
    assert town.answer("keys", "rotate", town.at, code=REFUSED)
    assert town.run("keys", "withdraw", town.at, "--reason", "lost") == DONE
    assert town.answer("head", town.at, code=REFUSED)["refused"]["kind"] == "NoKeyInForce"
    assert town.run("keys", "make", town.at) == DONE
    after = town.head("after.head")
    # Nothing vouches for the new key but the record: who has the old one must be told the new.
    assert town.run("check", after, "--key", town.key) == WANTING
    assert town.run("check", after, "--key", town.known_keys()[1]["key"]) == DONE
    assert town.problems(before, after) == []


def test_only_a_steward_of_the_city_answers_for_its_keys(town: Town) -> None:
    for command in (["make"], ["rotate"], ["withdraw", "--reason", "lost"]):
        verb, *more = command
        refused = town.answer("keys", verb, town.at, "--as", "nobody", *more, code=REFUSED)
        assert refused["refused"]["kind"] == "AgentUnknown"
    assert len(town.known_keys()) == 1
