"""The store itself refuses what a covenant forbids, and verify finds what no store can see."""

import sqlite3
from pathlib import Path

import pytest

from bioloom.ledger.legs import movements_of
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.chain import link
from bioloom.ledger.record.rebuilding import rebuild
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.bindings.memory import MemoryBindings
from bioloom.ledger.stores.bindings.rows import StoreForbade
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Batch, EntryRow, KeyRow, LegRow
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.entries.registry import read_entry
from tests.ledger.covenants.commons import (
    HAULER,
    RIVER,
    Town,
    consuming,
    enacting,
    giving,
    joining,
    load,
    producing,
    sawing,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal in which a beam is bound, boards are made of it, and somebody holds some."""
    path = tmp_path / "journal.db"
    store = SqliteStore(path)
    town = Town(store)
    town.do(load("old", on=1), enacting(), load("beam"))
    town.today = 4
    town.do(*sawing("saw"), consuming("beam", 100, "saw"), producing("boards", 95, "saw"))
    town.do(joining("newt", "river", on=4))
    town.do(giving("beam", 10, "river", "hauler", sides=("custody",)))
    town.refusal(giving("beam", 10, "river", "acme"))
    store.close()
    return path


FORBIDDEN = {
    "rights to somebody else": (
        "INSERT INTO legs SELECT lot, 900, 0, giver, hauler.number, 1, 0, occurred_ms FROM legs"
        " JOIN agents ON agents.number = giver JOIN agents AS hauler ON hauler.id = 'hauler'"
        " WHERE agents.id = 'river' LIMIT 1"
    ),
    "rights to outside": (
        "INSERT INTO legs SELECT lot, 900, 0, giver, 1, 1, 0, occurred_ms FROM legs"
        " JOIN agents ON number = giver WHERE id = 'river' LIMIT 1"
    ),
    "a bound lot is free": "DELETE FROM bound",
    "a bound lot is another": "UPDATE bound SET lot = lot + 1",
    "a bound lot is replaced": "INSERT OR REPLACE INTO bound SELECT lot, covenant, 'mg', 1, 0, 9 "
    "FROM bound",
    "a covenant is gone": "DELETE FROM covenants",
    "a covenant is weaker": "UPDATE covenants SET until_ms = 0",
    "a member is gone": "DELETE FROM covenant_members",
    "a member counts at once": "UPDATE covenant_members SET from_ms = 0",
    "custody never was": "DELETE FROM away",
    "balances are gone": "DELETE FROM covenant_balances",
    "it shrank a lot": "UPDATE covenant_balances SET shrunk_units = in_units",
}
UNSEEN = {
    "somebody belongs": "INSERT INTO covenant_members VALUES (1, 900, 3, 0, NULL)",
    "a lot is bound": "INSERT INTO bound VALUES (1, 1, 'mg', 3, 0, 7)",
    "a covenant is added": "INSERT INTO covenants VALUES (9, 3, 'x', 9, 0, 0, NULL)",
    "a covenant is ended": "UPDATE covenants SET ended_seq = 9",
    "a member left": "UPDATE covenant_members SET until_seq = 9",
    "more came in": "UPDATE covenant_balances SET in_units = in_units + 1",
    "a trigger is gone": "DROP TRIGGER bound_rights_stay",
    "a lot is free without its trigger": "DROP TRIGGER bound_lots_are_never_deleted;"
    "DELETE FROM bound WHERE is_made",
}


def run(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(script)
        connection.commit()
    finally:
        connection.close()


def problems(path: Path) -> list[str]:
    store = SqliteStore(path)
    try:
        return [problem.what for problem in verify(store).problems]
    finally:
        store.close()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_ordinary_sql_is_refused(path: Path, what: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"covenant|bound|belongs|custody|balances"):
        run(path, FORBIDDEN[what])

    assert problems(path) == []


@pytest.mark.parametrize("what", UNSEEN)
def test_what_a_trigger_cannot_see_verify_finds(path: Path, what: str) -> None:
    run(path, UNSEEN[what])

    assert problems(path)


def test_an_entry_forged_with_its_chain_and_legs_is_found(path: Path) -> None:
    for trigger in ("bound_rights_stay", "bound_custody_stays"):
        run(path, f"DROP TRIGGER {trigger}")
    store = SqliteStore(path)
    last = store.last()
    assert last is not None
    theft = giving("beam", 10, "river", "acme")
    genuine = next(store.rows(kinds=["LotTransferred"]))
    entry = read_entry(genuine.text, genuine.kind)
    text = genuine.text.replace(b'"custody"', b'"rights"').replace(b'"hauler"', b'"acme"')
    seq = last.seq + 1
    text = text.replace(f'"seq":{entry.seq}'.encode(), f'"seq":{seq}'.encode())
    text = text.replace(entry.idempotency_key.encode(), theft.idempotency_key.encode())
    forged = read_entry(text, "LotTransferred")
    agents, key = store.agents(), theft.idempotency_key
    beam = store.keys(["beam"])["beam"].first
    legs = [
        LegRow(lot_number(beam), seq, 0, agents[leg.giver], 100, leg.rights_units, 0, 1)
        for leg, _ in movements_of(forged.body, forged.occurred_at, None)
    ]
    batch = Batch.empty()
    batch.entries.append(EntryRow(seq, "LotTransferred", text, link(last.hash, text)))
    batch.keys.append(KeyRow(key, seq, seq))
    batch.legs.extend(legs)
    with store.writing():
        store.write(batch)
    store.close()

    assert any("it breaks a covenant" in what and "'acme'" in what for what in problems(path))


def test_a_store_refuses_the_rows_whoever_judged_them(path: Path) -> None:
    store = SqliteStore(path)
    agents, lot = store.agents(), lot_number(store.keys(["beam"])["beam"].first)
    batch = Batch.empty()
    batch.legs.append(LegRow(lot, 900, 0, agents[RIVER], agents[HAULER], 1, 0, 1))

    with pytest.raises(StoreForbade, match="from those whose it is"), store.writing():
        store.write(batch)
    store.close()


def test_all_about_covenants_is_made_anew_from_the_entries(path: Path) -> None:
    before = everything(path)
    run(path, "DROP TRIGGER bound_lots_are_never_deleted; DELETE FROM bound; DELETE FROM keys")

    rebuild(path, mend=True)

    assert everything(path) == before
    assert problems(path) == []


def everything(path: Path) -> list[object]:
    """All rows about covenants, with the names of accounts: their numbers may be others."""
    connection = sqlite3.connect(path)
    try:
        queries = (
            "SELECT * FROM covenants",
            "SELECT covenant, id, seq, from_ms, until_seq FROM covenant_members"
            " JOIN agents ON number = account ORDER BY id",
            "SELECT * FROM bound",
            "SELECT id, lot, covenant, seq FROM away JOIN agents ON number = account ORDER BY id",
            "SELECT * FROM covenant_balances",
        )
        return [connection.execute(query).fetchall() for query in queries]
    finally:
        connection.close()


class _Counted(MemoryBindings):
    """Counts what is asked about covenants."""

    def __init__(self, kept: MemoryBindings) -> None:
        self._kept = kept
        self.asked: list[str] = []

    def __getattribute__(self, name: str) -> object:
        if name in ("_kept", "asked"):
            return object.__getattribute__(self, name)
        self.asked.append(name)
        return getattr(self._kept, name)


@pytest.mark.parametrize("count", [1, 500])
def test_without_a_covenant_each_transaction_asks_once_whether_there_is_one(count: int) -> None:
    store = MemoryStore()
    town = Town(store)
    store.bindings = counted = _Counted(store.bindings)

    town.do(*(load(f"beam {number}") for number in range(count)))

    assert counted.asked == ["has_any"]


def test_with_a_covenant_the_lots_of_a_transaction_are_looked_up_together() -> None:
    store = MemoryStore()
    town = Town(store)
    town.do(enacting(), *(load(f"beam {number}") for number in range(50)))
    town.today = 4
    store.bindings = counted = _Counted(store.bindings)

    town.do(*(giving(f"beam {number}", 1, "river", "ana") for number in range(50)))

    assert counted.asked.count("bound") == 1
