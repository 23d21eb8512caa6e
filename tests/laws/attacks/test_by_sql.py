"""Whoever has the journal's file and SQL is refused by it, or found by `verify`."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.sqlite import SqliteStore
from tests.laws.attacks.attacks import ATTACKS as OTHERS
from tests.laws.attacks.by_sql import ATTACKS, BySql, numbers_in, run, written


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A journal in which somebody was refused already."""
    path = tmp_path / "journal.db"
    written(path)
    return path


def problems(path: Path) -> list[str]:
    store = SqliteStore(path)
    try:
        return [problem.what for problem in verify(store).problems]
    finally:
        store.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=[one.name for one in ATTACKS])
def test_who_has_the_file_is_refused_or_found(file: Path, attack: BySql) -> None:
    with closing(sqlite3.connect(file)) as raw:
        was_let = run(raw, attack, numbers_in(lambda query: raw.execute(query).fetchone()))

    assert problems(file) if was_let else problems(file) == []


def test_who_only_reads_changes_nothing(file: Path) -> None:
    with closing(sqlite3.connect(file)) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema")]

    assert "bound" in tables
    assert problems(file) == []


def test_the_table_says_what_becomes_of_each() -> None:
    told = Path("docs/attacks.md").read_text("utf-8")

    assert [one.name for one in ATTACKS if f"| {one.name} | " not in told] == []
    assert [one.name for one in OTHERS if f"| {one.name} | " not in told] == []
