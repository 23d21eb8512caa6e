"""In a database as in a file: whatever was changed behind the journal's back is found."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.bindings.rows import BoundRow, StoreForbade
from bioloom.ledger.stores.postgres.store import PostgresStore
from bioloom.ledger.stores.protocol import Batch, LegRow
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from tests.ledger.covenants.commons import Town, enacting, load
from tests.ledger.record.tampering import BESIDE, PAPER, fill_with_a_record, named
from tests.ledger.records import LATER, postgres_store
from tests.postgres_server import Server

CHECKS = (
    "ALTER TABLE legs DROP CONSTRAINT leg",
    "ALTER TABLE holdings DROP CONSTRAINT overdraft, DROP CONSTRAINT holdings_account_check",
)


@pytest.fixture
def record(postgres: Server) -> Iterator[PostgresStore]:
    with ExitStack() as opened:
        store = opened.enter_context(postgres_store(postgres))
        fill_with_a_record(store)
        yield store


def run_sql(record: PostgresStore, *statements: str, guarded: bool = False) -> None:
    """Run statements as the superuser, with all triggers off unless they are to guard."""
    with psycopg.connect(record._connections.address) as raw:
        if not guarded:
            raw.execute("SET session_replication_role = replica")
        raw.execute(f"SET search_path = {record._connections.schema}".encode())
        for statement in statements:
            raw.execute(statement.encode())


def test_an_untouched_record_holds(record: PostgresStore) -> None:
    verdict = verify(record)

    assert verdict.problems == []
    assert verdict.entries == PAPER


@pytest.mark.parametrize(("statement", "entry"), BESIDE)
def test_what_stands_beside_the_entries_cannot_be_changed_unnoticed(
    record: PostgresStore, statement: str, entry: int | None
) -> None:
    run_sql(record, *CHECKS, statement)

    assert entry in named(verify(record))


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'AreaDeclared'",
        "text = convert_to(replace(convert_from(text, 'UTF8'), 'steward', 'stewart'), 'UTF8')",
        "text = '{}'",
        r"text = '\xff00'",
        "hash = ''",
    ],
)
def test_an_entry_with_another_kind_text_or_hash_is_named(
    record: PostgresStore, change: str
) -> None:
    for seq in range(1, PAPER + 1):
        run_sql(record, f"UPDATE entries SET {change} WHERE seq = {seq}")

        assert seq in named(verify(record))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DROP TRIGGER entries_are_never_changed ON entries", "lacks 'entries_are_never_changed'"),
        ("ALTER TABLE legs DISABLE TRIGGER holdings_follow", "lacks 'holdings_follow'"),
        (
            "CREATE OR REPLACE FUNCTION holdings_follow() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RETURN NULL; END'",
            "lacks 'holdings_follow'",
        ),
        ("ALTER FUNCTION holdings_follow() RESET ALL", "lacks 'holdings_follow'"),
        ("ALTER FUNCTION refuse_change() SET search_path = pg_temp", "lacks 'refuse_change'"),
        ("DROP INDEX entries_by_kind", "lacks 'entries_by_kind'"),
        ("ALTER TABLE holdings DROP CONSTRAINT overdraft", "lacks 'holdings.overdraft'"),
        ("ALTER TABLE holdings ADD COLUMN note text", "lacks 'holdings' as it should be"),
        ("ALTER TABLE entries SET UNLOGGED", "lacks 'entries' as it should be"),
        ("CREATE TABLE gifts (what text)", "has a 'gifts' of its own"),
        ("CREATE VIEW seen AS SELECT 1 AS one", "has a 'seen' of its own"),
        ("CREATE RULE no AS ON INSERT TO keys DO INSTEAD NOTHING", "has a 'no' of its own"),
        ("GRANT DELETE ON entries TO PUBLIC", "'everybody' has the right to delete 'entries'"),
        ("GRANT INSERT ON holdings TO PUBLIC", "'everybody' has the right to insert 'holdings'"),
    ],
)
def test_an_altered_schema_is_found(record: PostgresStore, statement: str, found: str) -> None:
    run_sql(record, statement)

    problems = [problem.what for problem in verify(record).problems]

    assert any(found in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE entries SET kind = 'x' WHERE seq = 2", "entries are never changed"),
        ("DELETE FROM entries WHERE seq = 7", "entries are never changed or deleted"),
        ("TRUNCATE entries", "entries are never changed or deleted"),
        ("UPDATE legs SET rights_units = 1 WHERE seq = 2", "legs are never changed"),
        ("DELETE FROM legs", "legs are never changed or deleted"),
        ("TRUNCATE legs, holdings", "are never changed or deleted"),
        ("TRUNCATE holdings", "holdings are never changed or deleted"),
        ("DELETE FROM keys", "keys are never changed or deleted"),
        ("INSERT INTO legs VALUES (2048, 8, 0, 7, 8, 99, 0, 0)", "overdraft"),
        ("INSERT INTO legs VALUES (2048, 8, 0, 7, 8, 0, 99, 0)", "overdraft"),
        ("INSERT INTO legs VALUES (2048, 8, 0, 10, 8, 1, 1, 0)", "overdraft"),
        ("INSERT INTO legs VALUES (2048, 8, 0, 7, 7, 1, 1, 0)", 'check constraint "leg"'),
        ("INSERT INTO legs VALUES (2048, 8, 0, 1, 7, -1, 0, 0)", 'check constraint "leg"'),
        ("INSERT INTO legs VALUES (2048, 0, 0, 1, 7, 1, 0, 0)", 'check constraint "leg"'),
        (
            # Together they pay: but the first of them is paid out before the second comes in.
            "INSERT INTO legs VALUES (2048, 8, 0, 7, 8, 99, 0, 0), (2048, 8, 1, 1, 7, 99, 0, 0)",
            "overdraft",
        ),
    ],
)
def test_the_database_itself_refuses_plain_sql_that_breaks_a_law(
    record: PostgresStore, statement: str, guard: str
) -> None:
    with pytest.raises(psycopg.Error, match=guard):
        run_sql(record, statement, guarded=True)

    assert verify(record).holds


def test_what_others_have_open_in_their_transactions_is_not_seen(record: PostgresStore) -> None:
    with psycopg.connect(record._connections.address) as raw:
        raw.execute("SET session_replication_role = replica")
        raw.execute(f"DELETE FROM {record._connections.schema}.legs".encode())

        assert verify(record).holds

        raw.rollback()


@pytest.fixture
def bound(record: PostgresStore) -> PostgresStore:
    """A record with a covenant, by which a beam of the river's is bound."""
    town = Town(record)
    town.do(load("beam", on=1))
    town.do(enacting())
    return record


BEAM = "(SELECT lot FROM bound WHERE in_units = 1000)"
BY_RIVER = "(SELECT number FROM agents WHERE id = 'river')"
OUTSIDER = "(SELECT number FROM agents WHERE id = 'ben')"


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        (f"VALUES ({BEAM}, 99, 0, {BY_RIVER}, {OUTSIDER}, 1, 0, 1711000000000)", "lot leaves"),
        (f"VALUES ({BEAM}, 99, 0, {BY_RIVER}, {OUTSIDER}, 1, 1, 1711000000000)", "lot leaves"),
        (f"VALUES ({BEAM}, 99, 0, {BY_RIVER}, 1, 1, 1, 1711000000000)", "lot leaves"),
        (f"VALUES ({BEAM}, 99, 0, {BY_RIVER}, 4, 0, 1, 1711000000000)", "lot leaves"),
        (f"VALUES ({BEAM}, 99, 0, {BY_RIVER}, 5, 999, 1, 1711000000000)", "shrink"),
        (
            # Lost and found again: at the moment between them it was too much.
            f"VALUES ({BEAM}, 99, 0, {BY_RIVER}, 5, 999, 1, 1711000000000),"
            f" ({BEAM}, 99, 1, 5, {BY_RIVER}, 999, 1, 1711000000000)",
            "shrink",
        ),
    ],
)
def test_a_bound_lot_stays_whatever_plain_sql_says(
    bound: PostgresStore, statement: str, guard: str
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match=guard):
        run_sql(bound, f"INSERT INTO legs {statement}", guarded=True)

    # Custody may leave for a while, and what is inside of a process is still theirs.
    lent = f"VALUES ({BEAM}, 99, 0, {BY_RIVER}, {OUTSIDER}, 0, 1, 1711000000000)"
    used = f"({BEAM}, 99, 1, {BY_RIVER}, 6, 1, 1, 1711000000000)"
    run_sql(bound, f"INSERT INTO legs {lent}, {used}", guarded=True)


def test_a_batch_of_many_pieces_is_refused_whole_and_the_next_one_is_taken(
    bound: PostgresStore,
) -> None:
    before = bound.last()
    batch, names = Batch.empty(), bound.agents()
    river, ben = names[AgentId("river")], names[AgentId("ben")]
    # A lot that comes in is bound by its entry, and then given away.
    batch.legs.append(LegRow(90 * 1024, 90, 0, 1, river, 5, 5, 1_711_000_000_000))
    batch.bindings.bound.append(BoundRow(90 * 1024, 1, MILLIGRAM, 90, 0, 5))
    batch.legs.append(LegRow(90 * 1024, 91, 0, river, ben, 5, 5, 1_711_000_000_000))

    with pytest.raises(StoreForbade, match="bound lot"), bound.writing():
        bound.write(batch)

    assert bound.last() == before
    Journal(bound).record([load("plank")], recorded_at=LATER)
    assert verify(bound).problems == []


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE covenants SET until_ms = 0", "covenants are never changed"),
        ("UPDATE covenants SET ended_seq = NULL", "covenants are never changed"),
        ("DELETE FROM covenants", "covenants are never changed"),
        ("UPDATE covenant_members SET account = 8", "covenant_members are never changed"),
        ("DELETE FROM covenant_members", "covenant_members are never changed"),
        ("UPDATE bound SET in_units = 0", "bound are never changed"),
        ("DELETE FROM bound", "bound are never changed"),
        ("TRUNCATE bound", "bound are never changed"),
        ("TRUNCATE away", "away are never changed"),
        ("TRUNCATE covenant_balances", "covenant_balances are never changed"),
        ("UPDATE covenant_balances SET per_mille = 1000", "covenant_balances are never changed"),
        ("UPDATE covenant_balances SET shrunk_units = 10 ^ 15", "covenant_shrinkage"),
    ],
)
def test_what_a_covenant_says_is_not_changed_by_plain_sql(
    bound: PostgresStore, statement: str, guard: str
) -> None:
    with pytest.raises(psycopg.Error, match=guard):
        run_sql(bound, statement, guarded=True)

    assert verify(bound).problems == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE covenants SET until_ms = 0",
        "UPDATE covenants SET ended_seq = 20",
        "DELETE FROM covenants",
        "UPDATE covenant_members SET from_ms = 0",
        "DELETE FROM covenant_members WHERE account > 7",
        "INSERT INTO covenant_members VALUES (1, 8, 5, 0, NULL)",
        "DELETE FROM bound",
        "UPDATE bound SET covenant = 2",
        "UPDATE covenant_balances SET in_units = in_units + 1",
        "DELETE FROM covenant_balances",
    ],
)
def test_a_covenant_that_was_changed_behind_the_journal_is_found(
    bound: PostgresStore, statement: str
) -> None:
    run_sql(bound, statement)

    assert verify(bound).problems
