"""Whoever has the journal's file or database, and SQL, is refused by it, or found by `verify`."""

from pathlib import Path
from uuid import uuid4

import pytest

from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.postgres.making import make_journal
from bioloom.ledger.stores.sqlite import SqliteStore
from tests.laws.attacks.attacks import ATTACKS as OTHERS
from tests.laws.attacks.by_sql import (
    ATTACKS,
    IN_POSTGRES,
    BySql,
    run_in_a_database,
    run_in_a_file,
    write,
)
from tests.postgres_server import Server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    store = SqliteStore(path)
    write(store)
    store.close()
    return path


def problems(path: Path) -> list[str]:
    store = SqliteStore(path)
    try:
        return [problem.what for problem in verify(store).problems]
    finally:
        store.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=[one.name for one in ATTACKS])
def test_who_has_the_file_is_refused_or_found(file: Path, attack: BySql) -> None:
    was_let = run_in_a_file(file, attack)

    assert bool(problems(file)) is was_let


@pytest.mark.parametrize("attack", IN_POSTGRES, ids=[one.name for one in IN_POSTGRES])
def test_who_has_the_database_is_refused_or_found(postgres: Server, attack: BySql) -> None:
    schema = f"raid_{uuid4().hex}"
    store = make_journal(postgres.address(), schema=schema)
    write(store)

    was_let = run_in_a_database(postgres.address(), schema, attack)

    assert bool(verify(store).problems) is was_let
    store.close()


def test_who_only_reads_changes_nothing(file: Path) -> None:
    looking = BySql("look", ("SELECT * FROM bound", "SELECT * FROM entries"))

    assert run_in_a_file(file, looking)
    assert problems(file) == []


def test_the_table_says_what_becomes_of_each() -> None:
    told = Path("docs/attacks.md").read_text("utf-8")
    names = [one.name for one in (*ATTACKS, *IN_POSTGRES)] + [one.name for one in OTHERS]

    assert [name for name in names if f"| {name} | " not in told] == []
