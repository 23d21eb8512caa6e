"""Rebuilding: all that stands beside the entries follows from them, and an older journal opens."""

import json
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given

from bioloom.doors.cli.main import main
from bioloom.doors.compose import found_city, open_city
from bioloom.ledger.inventory import lots
from bioloom.ledger.record.chain import GENESIS, link
from bioloom.ledger.record.deriving import Deriving, EntriesBroken
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.rebuilding import BalancesDiffer, rebuild
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.alone import JournalInUse, JournalNewer
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Store, StoreFailed
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.entries import registry
from bioloom.vocabulary.entries.envelope import Draft
from tests.ledger.events.happenings import event, milling, opened, told
from tests.ledger.record.tampering import a_record, run_sql, verdict_on
from tests.ledger.records import LATER, arrival, histories, journal_of, material

JOURNALS = Path(__file__).parents[1] / "journals"


def city_of_layout_1(folder: Path) -> Path:
    """The city of the version before: its settings, and its journal as it wrote it."""
    found_city(folder, token="t").close()
    shutil.copy(JOURNALS / "layout_1.db", folder / "journal.db")
    return folder


def content(path: Path) -> list[str]:
    """All that a database says, by which it could be made again."""
    with closing(sqlite3.connect(path)) as raw:
        return list(raw.iterdump())


def test_a_journal_of_the_version_before_says_what_it_said(tmp_path: Path) -> None:
    folder = city_of_layout_1(tmp_path / "city")
    said = json.loads((JOURNALS / "layout_1.json").read_text())

    with open_city(folder) as city:
        head = city.journal.head()
        rows = {
            row.lot: {"owners": row.owners, "holders": row.holders} for row in lots(city.journal)
        }
        assert verify(city.journal.store).holds

    assert (head.seq, head.hash, rows) == (said["entries"], said["head"], said["lots"])
    kept = folder / "journal.layout-1.db"
    assert content(kept) == content(JOURNALS / "layout_1.db")
    with open_city(folder) as city:  # Now it is of this version; nothing is done again.
        city.journal.record([arrival("peel", 5)], recorded_at=LATER)
    assert sorted(path.name for path in folder.iterdir()) == [
        "city.toml", "journal.db", "journal.layout-1.db"
    ]  # fmt: skip


def test_a_journal_of_a_newer_version_is_refused_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = city_of_layout_1(tmp_path / "city")
    with closing(sqlite3.connect(folder / "journal.db")) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = (folder / "journal.db").read_bytes()

    for command in ("verify", "rebuild", "lots"):
        assert main([command, str(folder)]) == 2
        assert "has layout 99; this Bioloom knows layouts up to" in capsys.readouterr().err
    with pytest.raises(JournalNewer, match="layout 99"):
        open_city(folder)
    assert (folder / "journal.db").read_bytes() == before


def test_an_older_journal_whose_balances_would_change_is_not_replaced(tmp_path: Path) -> None:
    folder = city_of_layout_1(tmp_path / "city")
    run_sql(
        folder / "journal.db", "UPDATE holdings SET rights_mg = rights_mg + 1 WHERE account = 7"
    )
    before = content(folder / "journal.db")

    with pytest.raises(BalancesDiffer, match="2 lots have other balances"):
        open_city(folder)
    assert content(folder / "journal.db") == before

    done = rebuild(folder / "journal.db", mend=True)
    assert done is not None
    assert done.lots_mended == 2
    with open_city(folder) as city:
        assert verify(city.journal.store).holds


DAMAGES = {
    "a balance": "UPDATE holdings SET custody_units = 99 WHERE account = 7",
    "a leg": "DELETE FROM legs WHERE seq = 4",
    "a key": "UPDATE keys SET newest = 1 WHERE key = 'leaves'",
    "all keys": "DELETE FROM keys",
    "an agent": "UPDATE agents SET id = 'eve' WHERE id = 'ben'",
    "a table": "DROP TABLE mentions",
    "an index": "DROP INDEX entries_by_kind",
}


@pytest.mark.parametrize("what", DAMAGES)
def test_what_is_damaged_beside_the_entries_is_mended(tmp_path: Path, what: str) -> None:
    path = a_record(tmp_path / "journal.db")
    whole = everything_in(path)
    run_sql(path, DAMAGES[what])
    assert what in {"an agent", "a table"} or not verdict_on(path).holds

    rebuild(path, mend=True)

    assert verdict_on(path).holds
    assert everything_in(path) == whole
    assert (tmp_path / "journal.layout-3.db").exists()


def test_damaged_entries_are_not_rebuilt_upon(tmp_path: Path) -> None:
    for number, statement in enumerate(
        [
            "UPDATE entries SET text = CAST(replace(text, 'Peel', 'Pool') AS BLOB) WHERE seq = 1",
            "DELETE FROM entries WHERE seq = 4",
            "UPDATE entries SET hash = zeroblob(32) WHERE seq = 7",
        ]
    ):
        path = a_record(tmp_path / f"{number}.db")
        run_sql(path, statement)
        before = content(path)

        with pytest.raises(EntriesBroken, match=r"Entry [147] is not as it was recorded"):
            rebuild(path, mend=True)
        assert content(path) == before


def test_a_journal_that_somebody_has_open_is_not_replaced(tmp_path: Path) -> None:
    path = a_record(tmp_path / "journal.db")
    store = SqliteStore(path)

    with pytest.raises(JournalInUse, match="is open elsewhere"):
        rebuild(path, mend=True)

    store.close()
    assert rebuild(path, mend=True) is not None


def test_who_opened_a_journal_before_it_was_replaced_cannot_write_into_the_old_one(
    tmp_path: Path,
) -> None:
    path = a_record(tmp_path / "journal.db")
    store = SqliteStore(path)
    shutil.copy(path, tmp_path / "other.db")
    (tmp_path / "other.db").replace(path)

    with pytest.raises(StoreFailed, match="was replaced since it was opened"):
        Journal(store).record([arrival("more", 1)], recorded_at=LATER)
    store.close()


def test_two_who_open_an_older_journal_at_once_bring_it_up_to_date_once(tmp_path: Path) -> None:
    folder = city_of_layout_1(tmp_path / "city")
    opened_both: list[int] = []

    def open_it() -> None:
        with open_city(folder) as city:
            opened_both.append(city.journal.head().seq)

    threads = [threading.Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert opened_both == [23, 23]
    assert len(list(folder.glob("*.layout-1*"))) == 1
    with open_city(folder) as city:
        assert verify(city.journal.store).holds


# Everything follows from the entries


def everything(store: Store) -> dict[str, object]:
    """What a store keeps beside its entries, with names for numbers of agents."""
    names = {number: agent for agent, number in store.agents().items()}
    legs = (
        [leg._replace(giver=0, receiver=0) for leg in store.all_legs()],
        [(names[leg.giver], names[leg.receiver]) for leg in store.all_legs()],
    )
    entries = list(Journal(store).read())
    numbers = [leg.lot for leg in store.all_legs()]
    made = [entry.body.made.lot for entry in entries if getattr(entry.body, "made", None)]
    return {
        "entries": entries,
        "legs": legs,
        "keys": store.keys([entry.idempotency_key for entry in entries]),
        "counts": (store.count_keys(), store.count_named()),
        "lots": store.lot_numbers(made),
        "holdings": sorted(
            (h.lot, names[h.account], h[2:]) for h in store.holdings(sorted(set(numbers)))
        ),
        "mentions": store.mentions(["process:p", "specification:milling"]),
    }


def everything_in(path: Path) -> dict[str, object]:
    store = SqliteStore(path)
    try:
        return everything(store)
    finally:
        store.close()


def derived(store: Store, *, together: int) -> Store:
    made, rows = MemoryStore(), list(store.rows())
    deriving = Deriving(made)
    for start in range(0, len(rows), together):
        with made.writing():
            made.write(deriving.derive(rows[start : start + together]))
    return made


@given(history=histories)
def test_a_journal_made_from_entries_is_the_one_they_were_recorded_in(
    history: list[Draft[Any]],
) -> None:
    journal = Journal(MemoryStore())
    for start in range(0, len(history), 3):
        journal.append(history[start : start + 3], recorded_at=LATER, correct=True)

    for together in (1, 4, 1000):
        made = derived(journal.store, together=together)
        assert everything(made) == everything(journal.store)
        assert verify(made).problems == []


def test_economic_events_are_derived_with_their_lots_and_mentions() -> None:
    journal = journal_of(
        milling(),
        opened(),
        told(event("produce", "rags", "9 mg", made="textiles"), "made", day=2),
        told(event("consume", "rags", "4 mg", input_of="p"), "used"),
        told(event("transfer", "rags", "2 mg", to="ben"), "given"),
    )
    journal.append(
        [told(event("transfer", "rags", "1 mg", to="cem"), "given")],
        recorded_at=LATER,
        correct=True,
    )

    for together in (1, 2, 1000):
        assert everything(derived(journal.store, together=together)) == everything(journal.store)


# Older bodies


def test_an_older_body_is_brought_up_to_date_wherever_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record of a kind as it was in two versions before: read, verified, rebuilt, gone on."""
    path = tmp_path / "journal.db"
    journal_of(material("Peel"), arrival("peel", 5), store=SqliteStore(path)).store.close()
    reworded(path, lambda body: {**body, "named": body["name"]} | {"name": None}, version=1)
    monkeypatch.setitem(registry.VERSIONS, "MaterialDeclared", 3)
    monkeypatch.setitem(registry.UPCASTS, ("MaterialDeclared", 1), lambda body: body | {"old": 1})
    monkeypatch.setitem(
        registry.UPCASTS,
        ("MaterialDeclared", 2),
        lambda body: {
            **{field: value for field, value in body.items() if field not in ("named", "old")},
            "name": f"{body['named']}, version {body['old']}",
        },
    )

    for _ in range(2):
        journal = Journal(SqliteStore(path))
        assert journal.at([1])[1].body.name == "Peel, version 1"
        (declared,) = journal.declared().materials.values()
        assert declared.name == "Peel, version 1"
        assert verify(journal.store).problems == []
        journal.store.close()
        rebuild(path, mend=True)

    journal = Journal(SqliteStore(path))
    journal.append([material("Peels")], recorded_at=LATER, correct=True)
    assert json.loads(next(journal.store.rows(after=2)).text)["version"] == 3
    assert verify(journal.store).problems == []
    journal.store.close()


def reworded(path: Path, older: Any, *, version: int) -> None:  # noqa: ANN401
    """Write the first entry as an older version would have, and chain all anew after it."""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT seq, text FROM entries ORDER BY seq").fetchall()
    chained, statements = GENESIS, []
    for seq, text in rows:
        entry = json.loads(text)
        if seq == 1:
            entry |= {"version": version, "body": older(entry["body"])}
        spelt = msgspec.json.encode(entry, order="sorted")
        chained = link(chained, spelt)
        statements.append(
            f"UPDATE entries SET text = x'{spelt.hex()}', hash = x'{chained.hex()}'"
            f" WHERE seq = {seq}"
        )
    run_sql(path, *statements)
