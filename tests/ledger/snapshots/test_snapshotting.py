"""Snapshots: where one is sound it is gone on from; where it is not, all is folded anew."""

import threading
from copy import deepcopy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.cli.main import main
from bioloom.doors.compose import found_city, now, open_city
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.snapshots.snapshotting import WORTH_KEEPING_AT_LAST, Snapshot, Snapshots
from bioloom.ledger.snapshots.totalling import TotalsFold
from bioloom.ledger.snapshots.totals import Totals
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.shelf import FolderShelf, MemoryShelf, Shelf
from bioloom.vocabulary.entries.envelope import Draft
from tests.ledger.records import LATER, arrival, histories, journal_of, sqlite_store


class Counted(TotalsFold):
    """Totals that say how many entries they took in."""

    def __init__(self) -> None:
        super().__init__(ZoneInfo("UTC"))
        self.taken = 0

    def go_on(self, state: Totals, journal: Journal, *, after: int, until: int) -> Totals:
        self.taken += until - after
        return super().go_on(state, journal, after=after, until=until)


def of(journal: Journal, shelf: Shelf) -> tuple[Totals, int]:
    """A fold's state on a newly opened record, and how many entries it took to tell."""
    fold = Counted()
    return Snapshots(journal, shelf).state(fold), fold.taken


@given(first=histories, then=histories)
def test_a_state_from_a_snapshot_is_the_one_from_the_first_entry(
    first: list[Draft[Any]], then: list[Draft[Any]]
) -> None:
    journal, shelf = Journal(MemoryStore()), MemoryShelf()
    journal.append(first, recorded_at=LATER, correct=True)
    Snapshots(journal, shelf).keep(Counted())
    kept_at = journal.head().seq
    journal.append(then, recorded_at=LATER, correct=True)

    state, taken = of(journal, shelf)

    assert (state, taken) == (of(journal, MemoryShelf())[0], journal.head().seq - kept_at)


def test_a_state_goes_on_with_what_is_new_and_leaves_the_one_before_as_it_was() -> None:
    journal = journal_of(arrival("peel", 5))
    fold, snapshots = Counted(), Snapshots(journal, MemoryShelf())
    before = snapshots.state(fold)
    copy = deepcopy(before)

    journal.record([arrival("leaves", 2)], recorded_at=LATER)
    after = snapshots.state(fold)
    snapshots.state(fold)

    assert fold.taken == 2
    assert before == copy
    assert after != before


def snapshot(shelf: Shelf) -> Snapshot:
    return msgspec.msgpack.decode(shelf.take("totals") or b"", type=Snapshot)


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "0 UTC"},
        {"fold": "other"},
        {"hash": bytes(32)},
        {"seq": 9},
        {"seq": 1},
        {"state": msgspec.Raw(b"\xc0")},
    ],
)
def test_a_snapshot_of_another_fold_version_or_record_is_not_believed(
    wrong: dict[str, Any],
) -> None:
    journal, shelf = journal_of(arrival("peel", 5), arrival("leaves", 2)), MemoryShelf()
    Snapshots(journal, shelf).keep(Counted())
    spoilt = msgspec.structs.replace(snapshot(shelf), **wrong)
    shelf.put("totals", msgspec.msgpack.encode(spoilt))

    assert of(journal, shelf) == (of(journal, MemoryShelf())[0], 2)


@given(at=st.integers(0), cut=st.booleans())
def test_a_damaged_file_is_not_believed(
    tmp_path_factory: pytest.TempPathFactory, at: int, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("snapshots")
    shelf, journal = FolderShelf(folder), journal_of(arrival("peel", 5))
    Snapshots(journal, shelf).keep(Counted())
    assert of(journal, shelf)[1] == 0
    text = bytearray((folder / "totals").read_bytes())
    text[at % len(text)] ^= 1
    (folder / "totals").write_bytes(text[: at % len(text)] if cut else text)

    assert of(journal, shelf) == (of(journal, MemoryShelf())[0], 1)


def test_a_folder_that_cannot_be_written_to_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("no folder")
    journal = journal_of(arrival("peel", 5))

    Snapshots(journal, FolderShelf(tmp_path / "snapshots")).keep(Counted())

    assert FolderShelf(tmp_path / "snapshots").take("totals") is None
    assert list(tmp_path.iterdir()) == [tmp_path / "snapshots"]


def test_a_count_that_differs_from_the_snapshot_is_told_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with found_city(tmp_path / "city", token="t") as city:
        city.journal.record([arrival("peel", 5)], recorded_at=now())
        fold = TotalsFold(city.settings.zone)
        city.snapshots.keep(fold)
        shelf = FolderShelf(tmp_path / "city" / "snapshots")
        wrong = msgspec.Raw(msgspec.msgpack.encode(Totals()))
        spoilt = msgspec.structs.replace(snapshot(shelf), state=wrong)
        shelf.put("totals", msgspec.msgpack.encode(spoilt))

    assert main(["totals", str(tmp_path / "city"), "--recount"]) == 1
    assert "said otherwise" in capsys.readouterr().err
    assert main(["totals", str(tmp_path / "city"), "--recount"]) == 0
    assert "By agent" in capsys.readouterr().out


def test_a_city_keeps_at_its_end_what_would_take_long_to_fold_again(tmp_path: Path) -> None:
    with found_city(tmp_path / "city", token="t") as city:
        loads = [arrival(f"load {number}", 5) for number in range(WORTH_KEEPING_AT_LAST)]
        city.journal.record(loads, recorded_at=now())
        totals = city.totals()

    with open_city(tmp_path / "city") as city:
        kept = snapshot(FolderShelf(tmp_path / "city" / "snapshots"))
        assert kept.seq == city.journal.head().seq
        assert city.totals() == totals


def test_many_threads_fold_the_same_entries_once() -> None:
    with sqlite_store() as store:
        journal_of(*(arrival(f"load {number}", 5) for number in range(500)), store=store)
        fold, snapshots, states = Counted(), Snapshots(Journal(store), MemoryShelf()), []
        threads = [
            threading.Thread(target=lambda: states.append(snapshots.state(fold))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert fold.taken == 500
    assert all(state is states[0] for state in states)
    assert len(states) == 8
