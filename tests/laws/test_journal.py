"""The journal: what is acknowledged is there once, in order, whoever else reads or writes."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bioloom.ledger.holdings import LotUnknown, Overdraft
from bioloom.ledger.record.journal import Journal, RecordedOtherwise, RecordMovedOn
from bioloom.ledger.record.outcomes import Conflict, Recorded, Refused, Same
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Store
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant
from tests.ledger.records import (
    LATER,
    arrival,
    balances,
    gift,
    journal_of,
    material,
    noon,
    recorded,
)

WRITERS, BATCHES, TOGETHER = 2, 12, 5


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    store: Store = (
        MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "journal.db")
    )
    yield Journal(store)
    store.close()


# What becomes of a draft


def test_one_refused_draft_does_not_stop_the_others(journal: Journal) -> None:
    offered: list[Draft[Any]] = [
        arrival("peel", 5),
        gift("g1", "peel", 6, "ana", "ben"),
        gift("g2", "unheard of", 1, "ana", "ben"),
        gift("g3", "peel", 5, "ana", "ben"),
    ]

    first, too_much, unknown, last = journal.append(offered, recorded_at=LATER)

    assert isinstance(first, Recorded)
    assert isinstance(too_much, Refused)
    assert isinstance(too_much.refusal, Overdraft)
    assert too_much.refusal.short_units == 1
    assert isinstance(unknown, Refused)
    assert isinstance(unknown.refusal, LotUnknown)
    assert isinstance(last, Recorded)
    assert balances(journal.store) == {("peel", "ben"): (5, 5)}


def test_another_figure_under_the_same_key_is_a_conflict_until_it_is_a_correction(
    journal: Journal,
) -> None:
    (first,) = journal.record([arrival("peel", 5)], recorded_at=LATER)

    (conflict,) = journal.append([arrival("peel", 6)], recorded_at=LATER)
    assert isinstance(conflict, Conflict)
    assert conflict.current.seq == 1
    assert journal.head().seq == 1

    (outcome,) = journal.append([arrival("peel", 6)], recorded_at=LATER, correct=True)
    assert isinstance(outcome, Recorded)
    assert outcome.entry.corrects == first.id
    assert journal.current(["peel"])["peel"] == outcome.entry
    assert journal.at([1])[1].corrects is None


def test_one_append_may_state_and_correct_the_same_figure(journal: Journal) -> None:
    offered: list[Draft[Any]] = [arrival("peel", mass_mg) for mass_mg in (5, 5, 7, 6)]

    outcomes = journal.append(offered, recorded_at=LATER, correct=True)

    assert [type(outcome) for outcome in outcomes] == [Recorded, Same, Recorded, Recorded]
    assert balances(journal.store) == {("peel", "ana"): (6, 6)}
    assert verify(journal.store).holds


def test_offering_nothing_changes_nothing(journal: Journal) -> None:
    assert journal.append([], recorded_at=LATER) == []
    assert journal.record([], recorded_at=LATER) == []
    assert journal.head().seq == 0


def test_a_lot_is_moved_in_the_batch_in_which_it_arrives(journal: Journal) -> None:
    recorded(journal, arrival("peel", 5), gift("g", "peel", 2, "ana", "ben", sides=("custody",)))

    assert balances(journal.store) == {("peel", "ana"): (5, 3), ("peel", "ben"): (0, 2)}


# All of them, or none


def test_a_record_of_several_is_all_or_nothing(journal: Journal) -> None:
    offered: list[Draft[Any]] = [arrival("peel", 5), gift("g", "peel", 6, "ana", "ben")]

    with pytest.raises(Overdraft, match="1 mg less than nothing"):
        journal.record(offered, recorded_at=LATER)

    assert journal.head().seq == 0
    assert journal.store.agents().keys().isdisjoint({"ana", "ben"})


def test_recording_something_else_under_a_known_key_is_refused(journal: Journal) -> None:
    journal.record([material("Peel")], recorded_at=LATER)

    with pytest.raises(RecordedOtherwise, match="under 'material', in entry 1") as refusal:
        journal.record([material("Pee")], recorded_at=LATER)

    assert (refusal.value.key, refusal.value.seq) == ("material", 1)


def test_recording_the_same_again_gives_the_entry_there_was(journal: Journal) -> None:
    first = journal.record([material("Peel")], recorded_at=noon(1))

    assert [entry.id for entry in journal.record([material("Peel")], recorded_at=LATER)] == [
        entry.id for entry in first
    ]


def test_a_decision_on_yesterdays_record_is_refused(journal: Journal) -> None:
    journal.record([material("Peel")], recorded_at=LATER)
    decided_at = journal.head().seq
    journal.record([arrival("peel", 5)], recorded_at=LATER)

    with pytest.raises(RecordMovedOn, match="from entry 1 to 2") as refusal:
        journal.record([arrival("leaves", 5)], recorded_at=LATER, decided_at=decided_at)

    assert (refusal.value.decided_at, refusal.value.now_at) == (1, 2)
    journal.record([arrival("leaves", 5)], recorded_at=LATER, decided_at=2)


def test_a_decision_on_an_empty_record_may_be_the_first(journal: Journal) -> None:
    (entry,) = journal.record([material("Peel")], recorded_at=LATER, decided_at=0)

    assert entry.seq == 1


# Reading


def test_entries_are_read_in_order_between_two_and_by_kind(journal: Journal) -> None:
    recorded(
        journal, material("Peel"), arrival("peel", 5), arrival("leaves", 5), material("P", key="m")
    )

    assert [entry.seq for entry in journal.read()] == [1, 2, 3, 4]
    assert [entry.seq for entry in journal.read(after=1, before=4)] == [2, 3]
    assert [entry.seq for entry in journal.read(kinds=["MaterialDeclared"])] == [1, 4]
    assert [entry.seq for entry in journal.read(after=1, kinds=["MaterialDeclared"])] == [4]


def test_an_entry_is_found_by_its_id_and_by_no_other(journal: Journal) -> None:
    first, second = recorded(journal, material("Peel"), arrival("peel", 5))

    assert journal.by_id(second.id) == second
    assert journal.by_id(first.id[:-1] + "2") == second  # They differ in nothing but the number.
    assert journal.by_id("f" + first.id[1:]) is None
    assert journal.by_id(first.id[:-1] + "9") is None
    assert journal.by_id("peel") is None


def test_the_head_names_the_last_entry(journal: Journal) -> None:
    *_, last = recorded(journal, material("Peel"), arrival("peel", 5))

    head = journal.head()

    assert (head.seq, head.hash, head.recorded_at) == (2, last.hash, LATER)


def test_unknown_keys_have_no_entry(journal: Journal) -> None:
    recorded(journal, arrival("peel", 5))

    assert journal.current(["peel", "leaves"]).keys() == {"peel"}


# Several at once


def write_batches(path: Path, name: str) -> list[tuple[int, str]]:
    """Append batches to a journal; number and key of each entry that was acknowledged."""
    store = SqliteStore(path)
    try:
        return [
            (entry.seq, entry.idempotency_key)
            for batch in range(BATCHES)
            for entry in recorded(
                Journal(store),
                *(arrival(f"{name}:{batch}:{at}", 5) for at in range(TOGETHER)),
                gift(f"gift:{name}:{batch}", f"{name}:{batch}:0", 2, "ana", "ben"),
            )
        ]
    finally:
        store.close()


def assert_all_are_there_once(path: Path, acknowledged: list[list[tuple[int, str]]]) -> None:
    store = SqliteStore(path)
    kept = [(entry.seq, entry.idempotency_key) for entry in Journal(store).read()]

    assert len(kept) == WRITERS * BATCHES * (TOGETHER + 1)
    assert kept == sorted(entry for writer in acknowledged for entry in writer)
    assert verify(store).problems == []
    store.close()


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """The file is not there yet: they also agree on who lays it out."""
    path = tmp_path / "journal.db"
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WRITERS, mp_context=spawned) as pool:
        writers = [pool.submit(write_batches, path, f"writer {at}") for at in range(WRITERS)]
        acknowledged = [writer.result() for writer in writers]

    assert_all_are_there_once(path, acknowledged)


def test_two_threads_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write_batches, path, f"writer {at}") for at in range(WRITERS)]
        acknowledged = [writer.result() for writer in writers]

    assert_all_are_there_once(path, acknowledged)


def test_threads_may_share_one_journal(tmp_path: Path) -> None:
    journal = Journal(SqliteStore(tmp_path / "journal.db"))

    def write(name: str) -> list[int]:
        drafts = [arrival(f"{name}:{at}", 5) for at in range(20)]
        return [recorded(journal, draft)[0].seq for draft in drafts]

    with ThreadPoolExecutor(2) as pool:
        seqs = [seq for written in pool.map(write, ("one", "other")) for seq in written]

    assert sorted(seqs) == list(range(1, 41))
    assert verify(journal.store).holds
    journal.store.close()


def test_who_reads_sees_whole_batches_and_a_record_that_holds_while_others_write(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.db"
    journal = journal_of(material("Peel"), store=SqliteStore(path))
    done = Event()

    def write() -> None:
        write_batches(path, "writer")
        done.set()

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        looks = 0
        while not (done.is_set() and looks) and not writer.done():
            looks += 1
            assert (len(list(journal.read())) - 1) % (TOGETHER + 1) == 0
            assert verify(journal.store).problems == []
        writer.result()

    assert journal.head().seq == 1 + BATCHES * (TOGETHER + 1)
    journal.store.close()


def test_a_clock_that_went_back_does_not_reorder_the_record(journal: Journal) -> None:
    journal.record([material("Peel")], recorded_at=LATER)
    (second,) = journal.record(
        [arrival("peel", 5)], recorded_at=Instant("2023-01-01T00:00:00.000Z")
    )

    assert second.recorded_at == LATER


def test_a_correction_cannot_turn_one_kind_of_fact_into_another(journal: Journal) -> None:
    recorded(journal, arrival("peel", 5))

    [outcome] = journal.append([material("Peel", key="peel")], recorded_at=LATER, correct=True)

    assert isinstance(outcome, Conflict)
