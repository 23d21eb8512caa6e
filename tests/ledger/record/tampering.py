"""A journal that somebody changes behind Bioloom's back, by SQL with its guards off."""

import sqlite3
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bioloom.ledger.proofs.auditing import audit
from bioloom.ledger.proofs.heads import SigningKey, head_text, origin_of, sign_head
from bioloom.ledger.proofs.notes import LOG_KEY
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.verifying import Verdict, verify
from bioloom.ledger.stores.protocol import Store
from bioloom.ledger.stores.sqlite import SqliteStore
from tests.ledger.proofs.test_merkle import tree_of
from tests.ledger.records import LATER, arrival, gift, journal_of, material

# The entries of `a_record`, by number.
MATERIAL, PEEL, LEAVES, GIFT, CORRECTION, ON, PAPER = range(1, 8)

# Changes to what stands beside the entries, and the entry that each must be found at.
BESIDE: list[tuple[str, int | None]] = [
    ("UPDATE legs SET rights_units = rights_units + 1 WHERE seq = 2", PEEL),
    ("UPDATE legs SET custody_units = 0 WHERE seq = 7", PAPER),
    ("UPDATE legs SET occurred_ms = occurred_ms - 1 WHERE seq = 4", GIFT),
    ("UPDATE legs SET receiver = 9 WHERE seq = 4", GIFT),
    ("UPDATE legs SET lot = 9 WHERE seq = 3 AND ordinal = 0", LEAVES),
    ("UPDATE legs SET seq = 1 WHERE seq = 4", GIFT),
    ("UPDATE legs SET seq = 0 WHERE seq = 4", GIFT),
    ("DELETE FROM legs WHERE seq = 3 AND ordinal = 1", LEAVES),
    ("DELETE FROM legs WHERE seq = 7", PAPER),
    ("INSERT INTO legs VALUES (2048, 1, 0, 1, 7, 5, 5, 0)", MATERIAL),
    ("INSERT INTO legs VALUES (2048, 5, 9, 1, 7, 5, 5, 0)", CORRECTION),
    ("INSERT INTO legs VALUES (7168, 7, 1, 1, 7, 5, 5, 0)", PAPER),
    ("INSERT INTO legs VALUES (7168, 8, 0, 1, 7, 5, 5, 0)", 8),
    (
        "UPDATE holdings SET rights_units = rights_units + 1 WHERE lot = 2048 AND account = 7",
        PEEL,
    ),
    ("UPDATE holdings SET custody_units = 9223372036854775807 WHERE lot = 2048", PEEL),
    ("UPDATE holdings SET custody_units = -1 WHERE lot = 3072 AND account = 8", LEAVES),
    ("DELETE FROM holdings WHERE lot = 7168", PAPER),
    ("INSERT INTO holdings VALUES (7168, 9, 1, 1)", PAPER),
    # Of the city's edge there are no balances: the file as a whole is not as it should be.
    ("INSERT INTO holdings VALUES (7168, 1, 1, 1)", None),
    ("UPDATE keys SET first = 3 WHERE key = 'peel'", LEAVES),
    ("UPDATE keys SET newest = 2 WHERE key = 'peel'", CORRECTION),
    ("UPDATE keys SET newest = 1 WHERE key = 'leaves'", LEAVES),
    ("UPDATE keys SET key = 'pulp' WHERE key = 'paper'", PAPER),
    ("DELETE FROM keys WHERE key = 'paper'", PAPER),
    ("DELETE FROM keys WHERE key = 'peel'", PEEL),
    ("INSERT INTO keys VALUES ('pulp', 7, 7)", PAPER),
    ("INSERT INTO keys VALUES ('pulp', 70, 70)", 70),
    ("UPDATE agents SET id = 'eve' WHERE id = 'cem'", ON),
    ("DELETE FROM agents WHERE id = 'ana'", PEEL),
]


def a_record(path: Path) -> Path:
    """Seven entries: declared, arrived, given, corrected, given on. Nothing is left in the log."""
    store = SqliteStore(path)
    fill_with_a_record(store)
    store.close()
    return path


def fill_with_a_record(store: Store) -> None:
    """The entries of `a_record`."""
    journal = journal_of(
        material("Peel"),
        arrival("peel", 9),
        arrival("leaves", 5, owner="ana", holder="ben"),
        gift("g", "peel", 4, "ana", "ben", day=3),
        store=store,
    )
    journal.append([arrival("peel", 8)], recorded_at=LATER, correct=True)
    journal.record(
        [gift("on", "peel", 1, "ben", "cem", day=4), arrival("paper", 7)], recorded_at=LATER
    )


def run_sql(path: Path, *statements: str) -> None:
    """Run statements with all triggers and checks off, and put the triggers back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        triggers = raw.execute(query).fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        for _, sql in triggers:
            raw.execute(sql)


def verdict_on(path: Path) -> Verdict:
    store = SqliteStore(path)
    try:
        return verify(store)
    finally:
        store.close()


def named(verdict: Verdict) -> set[int | None]:
    """The entries that a verdict names."""
    return {problem.seq for problem in verdict.problems}


def head_of(path: Path) -> str:
    store = SqliteStore(path)
    try:
        return Journal(store).head().hash
    finally:
        store.close()


def held_of(path: Path) -> str:
    """A head of the record as it is now, held by somebody who does not ask who signed it."""
    store = SqliteStore(path)
    hashes = [row.hash for row in store.rows()]
    origin = origin_of(store.rows_at([1])[1])
    store.close()
    key = SigningKey(origin, LOG_KEY, Ed25519PrivateKey.generate())
    return sign_head(head_text(origin, len(hashes), tree_of(hashes).root(len(hashes))), key)


def heads_against(path: Path, held: str) -> list[str]:
    """Where the record contradicts a head that is held."""
    store = SqliteStore(path)
    problems = audit(store, {"held": held})
    store.close()
    return [problem.what for problem in problems if "not signed" not in problem.what]
