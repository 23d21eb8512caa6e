"""Verifying finds whatever was changed behind the journal's back, and names the entry."""

import gc
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.sqlite import SqliteStore
from tests.ledger.record.tampering import (
    BESIDE,
    CORRECTION,
    GIFT,
    MATERIAL,
    ON,
    PAPER,
    PEEL,
    a_record,
    head_of,
    heads_against,
    held_of,
    named,
    run_sql,
    verdict_on,
)
from tests.ledger.records import arrival, journal_of

ANA, BEN = 7, 8
# The lot "peel" is numbered by the entry that made it.
PEEL_LOT = PEEL * 1024


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return a_record(tmp_path / "journal.db")


def test_an_untouched_record_holds(path: Path) -> None:
    verdict = verdict_on(path)

    assert verdict.holds
    assert (verdict.entries, verdict.hash) == (PAPER, head_of(path))


def test_a_record_without_entries_holds(tmp_path: Path) -> None:
    assert verdict_on(tmp_path / "journal.db").holds


@pytest.mark.parametrize("seq", range(1, 8))
@pytest.mark.parametrize(
    "change",
    [
        "kind = 'AreaDeclared'",
        "kind = 'NeverHeardOf'",
        "text = CAST(replace(CAST(text AS TEXT), 'steward', 'stewart') AS BLOB)",
        "text = CAST('{}' AS BLOB)",
        "text = x'ff00'",
        "hash = zeroblob(32)",
        "hash = x''",
    ],
)
def test_an_entry_with_another_kind_text_or_hash_is_named(
    path: Path, seq: int, change: str
) -> None:
    run_sql(path, f"UPDATE entries SET {change} WHERE seq = {seq}")

    assert seq in named(verdict_on(path))


def test_no_byte_of_any_entry_can_be_changed_unnoticed(path: Path) -> None:
    random = Random(1)
    whole = path.read_bytes()
    with closing(sqlite3.connect(path)) as raw:
        texts = dict(raw.execute("SELECT seq, text FROM entries").fetchall())

    for seq, text in texts.items():
        for at in random.sample(range(len(text)), 25):
            path.write_bytes(whole)
            byte = random.choice([value for value in range(256) if value != text[at]])
            altered = text[:at] + bytes([byte]) + text[at + 1 :]
            run_sql(path, f"UPDATE entries SET text = x'{altered.hex()}' WHERE seq = {seq}")

            assert seq in named(verdict_on(path)), altered


@pytest.mark.parametrize(("statement", "entry"), BESIDE)
def test_what_stands_beside_the_entries_cannot_be_changed_unnoticed(
    path: Path, statement: str, entry: int | None
) -> None:
    run_sql(path, statement)

    assert entry in named(verdict_on(path))


@pytest.mark.parametrize(
    ("statement", "innocent"),
    [
        ("INSERT INTO legs VALUES (2048, 1, 0, 1, 7, 5, 5, 0)", {GIFT, ON, PAPER}),
        ("DELETE FROM legs WHERE seq = 3", {MATERIAL, GIFT, ON, PAPER}),
        ("UPDATE entries SET hash = zeroblob(32) WHERE seq = 3", {PEEL, CORRECTION, PAPER}),
    ],
)
def test_entries_that_were_left_alone_are_not_named(
    path: Path, statement: str, innocent: set[int | None]
) -> None:
    run_sql(path, statement)

    found = named(verdict_on(path))
    assert found
    assert not found & innocent


def test_an_entry_that_is_gone_is_named_and_what_follows_is_not_called_missing(
    path: Path,
) -> None:
    run_sql(path, "DELETE FROM entries WHERE seq = 3")

    verdict = verdict_on(path)

    assert [problem.what for problem in verdict.problems if "missing" in problem.what] == [
        "entry 3: it is missing"
    ]
    assert not named(verdict) & {PEEL, CORRECTION, ON, PAPER}


def test_several_entries_that_are_gone_are_named_in_one_sentence(path: Path) -> None:
    run_sql(path, "DELETE FROM entries WHERE seq IN (3, 4, 5)")

    found = [problem.what for problem in verdict_on(path).problems]

    assert "entry 3: it and all up to entry 5 are missing" in found


def test_a_last_entry_that_is_gone_leaves_its_legs_behind(path: Path) -> None:
    run_sql(path, f"DELETE FROM entries WHERE seq = {PAPER}")

    found = [problem.what for problem in verdict_on(path).problems]

    assert "entry 7: a leg stands in the store without its entry" in found


def test_two_entries_that_changed_places_are_both_named(path: Path) -> None:
    run_sql(
        path,
        "UPDATE entries SET seq = 99 WHERE seq = 3",
        "UPDATE entries SET seq = 3 WHERE seq = 4",
        "UPDATE entries SET seq = 4 WHERE seq = 99",
    )

    assert named(verdict_on(path)) >= {3, 4}


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DROP TRIGGER entries_are_never_changed", "lacks 'entries_are_never_changed'"),
        ("DROP TRIGGER legs_are_given", "lacks 'legs_are_given'"),
        ("DROP INDEX entries_by_kind", "lacks 'entries_by_kind'"),
        ("ALTER TABLE holdings ADD COLUMN note TEXT", "lacks 'holdings' as it should be"),
        ("CREATE TABLE gifts (what TEXT)", "has a 'gifts' of its own"),
        (
            "CREATE TRIGGER more AFTER INSERT ON keys BEGIN DELETE FROM agents; END",
            "has a 'more' of its own",
        ),
    ],
)
def test_an_altered_schema_is_found(path: Path, statement: str, found: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(statement)

    verdict = verdict_on(path)

    assert any(found in problem.what for problem in verdict.problems), verdict


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE entries SET kind = 'x' WHERE seq = 2", "entries are never changed"),
        ("DELETE FROM entries WHERE seq = 7", "entries are never deleted"),
        ("UPDATE legs SET rights_units = 1 WHERE seq = 2", "legs are never changed"),
        ("DELETE FROM legs", "legs are never deleted"),
        (f"INSERT INTO legs VALUES ({PEEL_LOT}, 8, 0, {ANA}, {BEN}, 99, 0, 0)", "overdraft"),
        (f"INSERT INTO legs VALUES ({PEEL_LOT}, 8, 0, {ANA}, {BEN}, 0, 99, 0)", "overdraft"),
        (f"INSERT INTO legs VALUES ({PEEL_LOT}, 8, 0, 10, {BEN}, 1, 1, 0)", "overdraft"),
        (f"INSERT INTO legs VALUES ({PEEL_LOT}, 8, 0, {ANA}, {ANA}, 1, 1, 0)", "giver <> receiver"),
        (f"INSERT INTO legs VALUES ({PEEL_LOT}, 8, 0, 1, {ANA}, -1, 0, 0)", "rights_units >= 0"),
        (f"INSERT INTO legs VALUES ({PEEL_LOT}, 0, 0, 1, {ANA}, 1, 0, 0)", "seq > 0"),
    ],
)
def test_the_file_itself_refuses_plain_sql_that_breaks_a_law(
    path: Path, statement: str, guard: str
) -> None:
    with closing(sqlite3.connect(path)) as raw, pytest.raises(sqlite3.IntegrityError, match=guard):
        raw.execute(statement)

    assert verdict_on(path).holds


def test_a_tail_forged_with_all_its_hashes_is_told_by_a_head_from_before_alone(path: Path) -> None:
    """Nothing inside the file can tell it; `tests/faults/test_forged_history.py` has the rest."""
    noted, held = head_of(path), held_of(path)
    assert heads_against(path, held) == []
    with closing(sqlite3.connect(path)) as raw:
        texts = dict(raw.execute("SELECT seq, text FROM entries").fetchall())
        (previous,) = raw.execute("SELECT hash FROM entries WHERE seq = 6").fetchone()
    forged = texts[PAPER].replace(b'"organics"', b'"textiles"')
    head = sha256(previous + forged).hexdigest()
    run_sql(path, f"UPDATE entries SET text = x'{forged.hex()}', hash = x'{head}' WHERE seq = 7")

    verdict = verdict_on(path)

    assert verdict.holds
    assert verdict.hash == head != noted
    assert any("forked" in what for what in heads_against(path, held))


def test_verifying_tells_how_far_it_is() -> None:
    journal = journal_of(*(arrival(f"lot {number}", 1) for number in range(4_500)))
    told: list[int] = []

    assert verify(journal.store, told=told.append).holds
    assert told == [2_000, 4_000, 4_500]


def test_a_forged_leg_at_a_seam_of_the_walk_is_named_and_its_neighbours_are_not(
    tmp_path: Path,
) -> None:
    """Rows are compared by 2,000: the last of one such piece and the first of the next."""
    path = tmp_path / "journal.db"
    store = SqliteStore(path)
    journal_of(*(arrival(f"lot {number}", 1) for number in range(4_100)), store=store)
    store.close()
    whole = path.read_bytes()

    for seq in (1, 2_000, 2_001, 4_000, 4_100):
        path.write_bytes(whole)
        run_sql(path, f"INSERT INTO legs VALUES (1024, {seq}, 5, 1, 7, 1, 1, 0)")

        # The balance of the first entry's lot differs, too.
        assert named(verdict_on(path)) == {1, seq}


def test_verifying_again_and_again_opens_no_more_files(path: Path) -> None:
    store = SqliteStore(path)

    for _ in range(5):
        assert verify(store).holds

    gc.collect()  # A connection and its statements hold each other.
    assert len(store._opened) == 1
    store.close()


def test_a_record_in_memory_is_verified_too() -> None:
    store = journal_of(arrival("peel", 5)).store
    assert isinstance(store, MemoryStore)
    assert verify(store).holds

    store._kept.entries[0] = store._kept.entries[0]._replace(hash=bytes(32))

    assert named(verify(store)) == {1}
