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
from bioloom.ledger.stores.sqlite import SqliteStore
from tests.ledger.proofs.test_merkle import tree_of
from tests.ledger.records import LATER, arrival, gift, journal_of, material

# The entries of `a_record`, by number.
MATERIAL, PEEL, LEAVES, GIFT, CORRECTION, ON, PAPER = range(1, 8)


def a_record(path: Path) -> Path:
    """Seven entries: declared, arrived, given, corrected, given on. Nothing is left in the log."""
    journal = journal_of(
        material("Peel"),
        arrival("peel", 9),
        arrival("leaves", 5, owner="ana", holder="ben"),
        gift("g", "peel", 4, "ana", "ben", day=3),
        store=SqliteStore(path),
    )
    journal.append([arrival("peel", 8)], recorded_at=LATER, correct=True)
    journal.record(
        [gift("on", "peel", 1, "ben", "cem", day=4), arrival("paper", 7)], recorded_at=LATER
    )
    journal.store.close()
    return path


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
