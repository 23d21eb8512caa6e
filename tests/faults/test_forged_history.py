"""Whoever rewrites the record is found by whoever holds a head of it; each forgery has its twin."""

import base64
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bioloom.ledger.proofs.heads import SigningKey, head_text, sign_head
from bioloom.ledger.proofs.notes import LOG_KEY, read_head, read_key
from tests.doors.proofs.town import DONE, REFUSED, WANTING, Town
from tests.ledger.record.tampering import run_sql

Texts = list[bytes]


@pytest.fixture
def town(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Town:
    town = Town(tmp_path / "verdiva", capsys)
    town.grow("peel", "leaves", "paper", "glass")
    return town


def rewrite(town: Town, change: Callable[[Texts], Texts]) -> None:
    """Rewrite entries and all hashes after them, as somebody would who knows how they are made."""
    path = town.folder / "journal.db"
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT seq, kind, text FROM entries ORDER BY seq").fetchall()
    texts = change([text for _, _, text in rows])
    previous, written = bytes(32), []
    for seq, text in enumerate(texts, 1):
        entry = json.loads(text)
        entry["seq"] = seq
        text = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()  # noqa: PLW2901
        previous = sha256(previous + text).digest()
        values = f"{seq}, '{entry['kind']}', x'{text.hex()}', x'{previous.hex()}'"
        written.append(f"INSERT INTO entries VALUES ({values})")
    run_sql(path, "DELETE FROM entries", *written)


def without_the_newest_head(town: Town) -> None:
    """The forger removes what the city itself remembers."""
    (town.folder / "keys" / "newest.head").unlink()


def test_an_untouched_record_goes_on_from_every_head(town: Town) -> None:
    heads = [town.head("first.head")]
    town.grow("more")
    heads.append(town.head("second.head"))

    assert town.problems(*heads) == []
    assert town.run("head", town.at) == DONE


def test_rewriting_nothing_changes_nothing(town: Town) -> None:
    head = town.head("held.head")

    rewrite(town, lambda texts: texts)

    assert town.problems(head) == []


def test_a_tail_forged_with_all_its_hashes_is_found_by_any_head(town: Town) -> None:
    head = town.head("held.head")
    rewrite(town, lambda texts: [one.replace(b'"mg"', b'"kg"') for one in texts])

    assert any("forked" in found for found in town.problems())
    assert town.run("head", town.at) == REFUSED
    without_the_newest_head(town)
    assert town.problems() == []  # Nothing inside the folder tells it any more,
    assert any("forked" in found for found in town.problems(head))  # but who holds a head does.


def test_two_entries_that_changed_places_are_found(town: Town) -> None:
    head = town.head("held.head")
    without_the_newest_head(town)
    rewrite(town, lambda texts: [*texts[:3], texts[4], texts[3], *texts[5:]])

    assert any("forked" in found for found in town.problems(head))


def test_an_entry_that_was_dropped_is_found(town: Town) -> None:
    head = town.head("held.head")
    without_the_newest_head(town)
    rewrite(town, lambda texts: [*texts[:4], *texts[5:]])

    assert any("the record is shorter" in found for found in town.problems(head))


def test_a_record_cut_off_at_its_end_is_found(town: Town) -> None:
    shorter = town.copy("shorter")
    town.grow("more")
    head = town.head("held.head")
    town.put_back(shorter)

    assert any("the record is shorter" in found for found in town.problems(head))


def test_a_backup_that_lost_its_newest_entries_signs_no_second_history(town: Town) -> None:
    """Who restores an older copy keeps the keys, and with them what was signed last."""
    shorter = town.copy("shorter")
    town.grow("more")
    town.head("held.head")
    newest = (town.folder / "keys" / "newest.head").read_bytes()
    town.put_back(shorter)
    (town.folder / "keys" / "newest.head").write_bytes(newest)
    town.grow("something else", "and more")

    assert town.run("head", town.at) == REFUSED
    assert "forked" in town.err


def test_two_histories_shown_to_two_people_contradict_each_other(town: Town) -> None:
    before = town.copy("before")
    town.grow("for ana")
    anas = town.head("anas.head")
    town.put_back(before)
    town.grow("for ben")
    bens = town.head("bens.head")

    # Each is signed, and each goes with the history that its holder was shown …
    for head in (anas, bens):
        assert town.run("check", head, "--key", town.key) == DONE
    assert town.problems(bens) == []
    # … but no record goes with both, and the two alone are the proof.
    assert any("anas.head" in found and "forked" in found for found in town.problems(anas, bens))
    assert town.run("check", anas, "--key", town.key, "--head", bens) == WANTING
    assert "the record was forked" in town.out


def test_no_proof_leads_from_a_head_of_one_history_to_another(town: Town) -> None:
    before = town.copy("before")
    town.grow("for ana")
    anas = town.head("anas.head")
    town.put_back(before)
    town.grow("for ben", "and more")

    assert town.run("prove", town.at, "2", "--since", anas) == REFUSED
    assert "forked" in town.err
    # A forger may write the older size and root into a proof from Ben's history.
    bens = json.loads(Path(town.proof(2, "bens.proof", "--since", town.head("b"))).read_text())
    held = read_head(Path(anas).read_text("utf-8"))
    bens["since"] = {"size": held.size, "root": held.root.hex()}
    Path(town.file("forged.proof")).write_text(json.dumps(bens))
    assert town.run("check", town.file("forged.proof"), "--key", town.key) == WANTING


def another(town: Town, *, name: str | None = None) -> SigningKey:
    return SigningKey(name or read_key(town.key).name, LOG_KEY, Ed25519PrivateKey.generate())


def test_a_head_signed_by_another_key_is_found(town: Town) -> None:
    held = town.head("held.head")
    head = read_head(Path(held).read_text("utf-8"))
    forger = another(town)
    forged = town.file("forged.head")
    Path(forged).write_text(sign_head(head.text, forger), encoding="utf-8")

    assert town.run("check", forged, "--key", town.key) == WANTING
    assert any("not signed by a key in force" in found for found in town.problems(forged))
    assert town.run("check", held, "--key", town.key) == DONE


def test_a_head_that_was_signed_again_for_other_entries_is_found(town: Town) -> None:
    """The forger has the city's own key, and signs the history that they rewrote."""
    held = town.head("held.head")
    without_the_newest_head(town)
    rewrite(town, lambda texts: [one.replace(b'"mg"', b'"kg"') for one in texts])
    forged = town.head("forged.head")

    assert town.run("check", forged, "--key", town.key) == DONE
    assert town.problems(forged) == []
    assert any("held.head" in found for found in town.problems(held, forged))
    assert town.run("check", forged, "--key", town.key, "--head", held) == WANTING


@pytest.mark.parametrize("line", [0, 1, 2, 4])
def test_a_head_of_which_a_line_was_changed_is_found(town: Town, line: int) -> None:
    head = town.head("held.head")
    lines = Path(head).read_text("utf-8").split("\n")
    at = min(5, len(lines[line]) - 1)
    sign = "3" if lines[line][at] != "3" else "4"
    lines[line] = lines[line][:at] + sign + lines[line][at + 1 :]
    Path(head).write_text("\n".join(lines), encoding="utf-8")

    assert town.run("check", head, "--key", town.key) == WANTING
    assert town.problems(head)


def test_a_signature_over_another_head_is_found(town: Town) -> None:
    head = Path(town.head("held.head"))
    note = head.read_text("utf-8")
    name = read_head(note).origin
    other = head_text(name, 9, sha256(b"other").digest())
    head.write_text(note.replace(read_head(note).text, other), encoding="utf-8")

    assert town.run("check", str(head), "--key", town.key) == WANTING
    assert "forged" in town.out
    assert any("forged" in found for found in town.problems(str(head)))


def test_a_key_that_slipped_into_the_record_signs_nothing(town: Town) -> None:
    """A forger with the file, and not with the city's key, declares one of their own."""
    forger = another(town)
    body = {
        "agent": "steward",
        "follows": json.loads(town.answer("prove", town.at, "3")["text"])["body"]["public_key"],
        "public_key": forger.public.key.hex(),
        "purpose": "heads",
        "signature": base64.b16encode(forger.private.sign(b"myself")).decode().lower(),
    }

    def with_a_key(texts: Texts) -> Texts:
        last = json.loads(texts[-1])
        changed = {"kind": "KeyDeclared", "body": body, "idempotency_key": "key:mine"}
        return [*texts, json.dumps(last | changed).encode()]

    rewrite(town, with_a_key)

    assert any("did not sign it, so it signs nothing" in found for found in town.problems())
    assert [key["key"] for key in town.known_keys()] == [town.key]


def test_a_witness_is_not_forgotten_with_the_history_they_signed(town: Town) -> None:
    library = town.answer("keys", "witness", "library.example", town.file("library.key"))["key"]
    head = town.head("held.head")
    signing = ["cosign", head, "--with", town.file("library.key"), "--key", town.key]
    assert town.run(*signing, "--out", town.file("cosigned")) == DONE
    assert town.run("witness", town.at, town.file("cosigned"), "--key", library) == DONE
    assert town.problems() == []
    without_the_newest_head(town)
    whole = town.copy("whole")

    rewrite(town, lambda texts: [one.replace(b'"mg"', b'"kg"') for one in texts])
    assert any("signed another history" in found for found in town.problems())
    town.put_back(whole)
    rewrite(town, lambda texts: [one.replace(b'"size":7', b'"size":6') for one in texts])
    assert any("'library.example' is forged" in found for found in town.problems())
