"""Committing: many at once share a transaction, and each learns what became of its own."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.holdings import Overdraft
from bioloom.ledger.record.committing import Committer, CommitterClosed, TooManyWaiting
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Conflict, Outcome, Recorded, Refused, Same
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import StoreFailed
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant, InstantUnreadable
from tests.ledger.records import LATER, arrival, drafts, gift, sqlite_store

WRITERS, EACH = 16, 8


class SlowStore(MemoryStore):
    """A store whose disk is held up until it is let go, and which counts its transactions."""

    def __init__(self) -> None:
        super().__init__()
        self.transactions = 0
        self.let_go, self.is_held = threading.Event(), threading.Event()
        self.fails_with: str | None = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        with super().writing():
            self.transactions += 1
            self.is_held.set()
            assert self.let_go.wait(10)
            yield
            if self.fails_with:
                raise StoreFailed(found=self.fails_with)


@pytest.fixture
def slow() -> SlowStore:
    return SlowStore()


@pytest.fixture
def committer(slow: SlowStore) -> Iterator[Committer]:
    committer = Committer(Journal(slow), clock=lambda: LATER, most_waiting=20)
    yield committer
    slow.let_go.set()
    committer.close()


def held_up(committer: Committer, slow: SlowStore) -> "Future[list[Outcome]]":
    """Submit something that the disk is busy with until it is let go."""
    first = committer.submit([arrival("first", 1)])
    assert slow.is_held.wait(10)
    return first


def test_what_comes_while_the_disk_is_busy_is_one_transaction(
    committer: Committer, slow: SlowStore
) -> None:
    answers = [held_up(committer, slow)]
    answers += [committer.submit([arrival(f"lot-{number}", 1)]) for number in range(10)]
    slow.let_go.set()

    outcomes = [answer.result(10)[0] for answer in answers]

    assert all(isinstance(outcome, Recorded) for outcome in outcomes)
    assert slow.transactions == 2


def test_a_whole_that_is_turned_away_leaves_nothing_and_stops_nobody(
    committer: Committer, slow: SlowStore
) -> None:
    held_up(committer, slow)
    whole = committer.submit([arrival("peel", 5), gift("g1", "peel", 6, "ana", "ben")])
    singly = committer.submit(
        [arrival("leaves", 5), gift("g2", "leaves", 6, "ana", "ben")], whole=False
    )
    other = committer.submit([arrival("paper", 5)])
    slow.let_go.set()

    kept, short = whole.result(10)
    leaves, too_much = singly.result(10)

    assert isinstance(kept, Recorded)  # Until the second of the same whole was turned away.
    assert isinstance(short, Refused)
    assert isinstance(short.refusal, Overdraft)
    assert isinstance(leaves, Recorded)
    assert isinstance(too_much, Refused)
    assert isinstance(other.result(10)[0], Recorded)
    assert [entry.idempotency_key for entry in Journal(slow).read()] == ["first", "leaves", "paper"]
    assert verify(slow).holds


def test_one_that_cannot_be_judged_at_all_fails_alone(
    committer: Committer, slow: SlowStore
) -> None:
    held_up(committer, slow)
    before = committer.submit([arrival("before", 1)])
    odd = gift("odd", "first", 1, "ana", "ben")
    failing = committer.submit(
        [
            Draft(
                body=odd.body,
                occurred_at=Instant("1st of never"),
                author=odd.author,
                idempotency_key="o",
            )
        ]
    )
    after = committer.submit([arrival("after", 1)])
    slow.let_go.set()

    with pytest.raises(InstantUnreadable, match="never"):
        failing.result(10)
    assert isinstance(before.result(10)[0], Recorded)
    assert isinstance(after.result(10)[0], Recorded)


def test_a_disk_that_fails_fails_everybody_who_waits_and_nobody_later(
    committer: Committer, slow: SlowStore
) -> None:
    slow.fails_with = "disk full"
    answers = [held_up(committer, slow)]
    answers += [committer.submit([arrival(f"lot-{number}", 1)]) for number in range(5)]
    slow.let_go.set()

    for answer in answers:
        with pytest.raises(StoreFailed, match="disk full"):
            answer.result(10)

    assert Journal(slow).head().seq == 0
    slow.fails_with = None
    assert isinstance(committer.commit([arrival("first", 1)])[0], Recorded)


def test_more_than_the_disk_keeps_up_with_is_refused(committer: Committer, slow: SlowStore) -> None:
    held_up(committer, slow)
    waiting = [committer.submit([arrival(f"lot-{number}", 1)]) for number in range(20)]

    with pytest.raises(TooManyWaiting, match="20 drafts wait") as refused:
        committer.submit([arrival("one too many", 1)])

    assert refused.value.waiting == 20
    slow.let_go.set()
    assert all(isinstance(answer.result(10)[0], Recorded) for answer in waiting)
    assert isinstance(committer.commit([arrival("one too many", 1)])[0], Recorded)


def test_closing_finishes_what_was_taken_and_takes_nothing_more(
    committer: Committer, slow: SlowStore
) -> None:
    waiting = [held_up(committer, slow), committer.submit([arrival("second", 1)])]
    closing = threading.Thread(target=committer.close)
    closing.start()
    while True:
        try:
            committer.submit([arrival("late", 1)])
        except CommitterClosed:
            break
    slow.let_go.set()
    closing.join(10)

    assert not closing.is_alive()
    assert all(isinstance(answer.result(0)[0], Recorded) for answer in waiting)
    committer.close()  # Once more does no harm.


def test_a_correction_and_a_plain_statement_share_a_transaction(
    committer: Committer, slow: SlowStore
) -> None:
    held_up(committer, slow)
    plain = committer.submit([arrival("first", 2)])
    corrected = committer.submit([arrival("first", 3)], correct=True)
    again = committer.submit([arrival("first", 3)])
    slow.let_go.set()

    assert isinstance(plain.result(10)[0], Conflict)
    assert isinstance(corrected.result(10)[0], Recorded)
    assert isinstance(again.result(10)[0], Same)
    assert slow.transactions == 2


def test_threads_and_tasks_at_once_lose_nothing() -> None:
    def record(committer: Committer, writer: int) -> list[Outcome]:
        return [committer.commit([arrival(f"{writer}-{n}", 1)])[0] for n in range(EACH)]

    async def record_in_a_task(committer: Committer, writer: int) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for number in range(EACH):
            answer = committer.submit([arrival(f"task-{writer}-{number}", 1)])
            found: list[Outcome] = await asyncio.wrap_future(answer)
            outcomes.extend(found)
        return outcomes

    async def record_in_tasks(committer: Committer) -> list[list[Outcome]]:
        return await asyncio.gather(*(record_in_a_task(committer, w) for w in range(WRITERS)))

    with sqlite_store() as store, ThreadPoolExecutor(WRITERS) as threads:
        committer = Committer(Journal(store), clock=lambda: LATER)
        running = [threads.submit(record, committer, writer) for writer in range(WRITERS)]
        # In a thread of its own: a browser's test may have left a running loop in this one.
        tasks = ThreadPoolExecutor(1).submit(asyncio.run, record_in_tasks(committer)).result()
        outcomes = [*tasks, *(one.result() for one in running)]
        committer.close()

        seqs = [one.entry.seq for some in outcomes for one in some if isinstance(one, Recorded)]
        assert sorted(seqs) == list(range(1, 2 * WRITERS * EACH + 1))
        assert verify(store).holds


@given(offered=st.lists(st.tuples(st.lists(drafts, max_size=4), st.booleans()), max_size=8))
def test_together_or_one_after_the_other_comes_to_the_same(
    offered: list[tuple[list[Draft[Any]], bool]],
) -> None:
    """Group commit changes how often the disk is waited for, and nothing else."""
    assert texts(offered, waiting_for_each=False) == texts(offered, waiting_for_each=True)


def texts(offered: list[tuple[list[Draft[Any]], bool]], *, waiting_for_each: bool) -> list[bytes]:
    store = MemoryStore()
    committer = Committer(Journal(store), clock=lambda: LATER)
    committer.commit([arrival("first", 1)])
    for some, whole in offered:
        answer = committer.submit(some, whole=whole)
        if waiting_for_each:
            answer.result()
    committer.close()
    return [row.text for row in store.rows()]
