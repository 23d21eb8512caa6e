"""Every store answers alike, does what the laws expect of it, and forgets what was not finished."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.sealing import Sealing
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Batch, LegRow, Store, StoreFailed, StoreOverdrawn
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import epoch_ms
from bioloom.vocabulary.refusal import Refusal
from tests.ledger.expectation import Expected
from tests.ledger.records import (
    LATER,
    LOTS,
    arrival,
    balances,
    drafts,
    gift,
    journal_of,
    material,
    noon,
    postgres_store,
    sqlite_store,
)
from tests.postgres_server import Server

KEYS = (*LOTS, "g1", "g2", "g3", "g4", "material", "nothing")


class GivenUp(Exception):  # noqa: N818  Raised by nobody but these tests.
    """Something else went wrong while somebody was writing."""


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with ExitStack() as opened:
        if request.param == "memory":
            yield MemoryStore()
        elif request.param == "sqlite":
            yield opened.enter_context(sqlite_store())
        else:
            server = request.getfixturevalue("postgres")
            yield opened.enter_context(postgres_store(server))


def answers(store: Store) -> dict[str, object]:
    """What a store says to every question of the protocol."""
    last = store.last()
    end = 0 if last is None else last.seq
    lots = [seq * 1024 for seq in range(end + 2)]
    noons = [epoch_ms(noon(day)) for day in range(1, 8)]
    return {
        "last": last,
        "rows": list(store.rows()),
        "rows between": list(store.rows(after=1, before=end)),
        "rows of a kind": list(store.rows(kinds=["MaterialDeclared"])),
        "rows of bulk kinds": list(store.rows(after=2, kinds=["LotArrived", "MaterialDeclared"])),
        "rows of no kind": list(store.rows(kinds=[])),
        "rows_at": store.rows_at([end, 1, end + 1, 0]),
        "keys": store.keys(KEYS),
        "count_keys": store.count_keys(),
        "agents": store.agents(),
        "lot_numbers": store.lot_numbers(list(map(LotId, KEYS))),
        "mentions": store.mentions(["process:p", "nothing"]),
        "count_named": store.count_named(),
        "legs_of": list(store.legs_of(lots)),
        "legs_with": list(store.legs_with(range(1, 20))),
        "legs": [store.legs(lot) for lot in lots],
        "all_legs": list(store.all_legs()),
        "all_legs after": list(store.all_legs(after=end // 2)),
        "legs_of_moved_lots": list(store.legs_of_moved_lots()),
        "holdings": sorted(store.holdings(lots)),
        "holdings of none": store.holdings([]),
        "arrived_mg": [store.arrived_mg(noons[1], moment) for moment in noons],
        "held": [list(store.held(moment)) for moment in noons],
        "arrivals_by_instant": store.arrivals_by_instant(),
        "amiss": (store.holdings_amiss(), store.keys_amiss(), store.damage()),
    }


class StoresSideBySide(RuleBasedStateMachine):
    """The same offers to a memory store, to one that lasts and to the expectation."""

    kept: Callable[[], AbstractContextManager[Store]]

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        stores: tuple[Store, ...] = (MemoryStore(), self.opened.enter_context(self.kept()))
        self.journals = [Journal(store) for store in stores]
        self.expected = Expected()

    def teardown(self) -> None:
        self.opened.close()

    @rule(offered=st.lists(drafts, min_size=1, max_size=8), correct=st.booleans())
    def append(self, offered: list[Draft[Any]], correct: bool) -> None:
        words = [self.expected.offer(draft, correct=correct) for draft in offered]
        for journal in self.journals:
            outcomes = journal.append(offered, recorded_at=LATER, correct=correct)
            assert [type(outcome).__name__ for outcome in outcomes] == words

    @rule(offered=st.lists(drafts, max_size=4))
    def record_all_or_nothing(self, offered: list[Draft[Any]]) -> None:
        trial = Expected()
        trial.said, trial.entries = self.expected.said, self.expected.entries
        words = {trial.offer(draft, correct=False) for draft in offered}
        for journal in self.journals:
            if words <= {"Recorded", "Same"}:
                journal.record(offered, recorded_at=LATER)
            else:
                with pytest.raises(Refusal, match=r"[a-z]"):
                    journal.record(offered, recorded_at=LATER)
        if words <= {"Recorded", "Same"}:
            self.expected = trial

    @precondition(lambda self: self.expected.said)
    @rule(offered=st.lists(drafts, min_size=1, max_size=4))
    def give_up_in_the_middle(self, offered: list[Draft[Any]]) -> None:
        for journal in self.journals:
            with pytest.raises(GivenUp, match="middle"):
                self._take_and_give_up(journal, offered)

    def _take_and_give_up(self, journal: Journal, offered: list[Draft[Any]]) -> None:
        with journal.store.writing():
            Sealing(journal.store, recorded_at=LATER, correct=True).take(offered)
            raise GivenUp("in the middle")

    @invariant()
    def stores_answer_alike(self) -> None:
        memory, kept = (answers(journal.store) for journal in self.journals)
        for question, answer in memory.items():
            assert kept[question] == answer, question

    @invariant()
    def balances_are_those_of_the_statements(self) -> None:
        for journal in self.journals:
            assert balances(journal.store) == self.expected.balances()

    @invariant()
    def every_record_verifies(self) -> None:
        for journal in self.journals:
            verdict = verify(journal.store)
            assert verdict.problems == []
            assert (verdict.entries, verdict.hash) == (self.expected.entries, journal.head().hash)


# A database answers a hundred questions in the time of some file's thousand.
STEPS = settings(max_examples=40, stateful_step_count=8)
FEWER = settings(max_examples=12, stateful_step_count=8)


def check_side_by_side(kept: Callable[[], AbstractContextManager[Store]], steps: settings) -> None:
    sides = type("Sides", (StoresSideBySide,), {"kept": staticmethod(kept)})
    run_state_machine_as_test(sides, settings=steps)


def test_sqlite_answers_as_memory_does() -> None:
    check_side_by_side(sqlite_store, STEPS)


def test_postgresql_answers_as_memory_does(postgres: Server) -> None:
    check_side_by_side(partial(postgres_store, postgres), FEWER)


def test_a_store_refuses_a_leg_that_its_giver_cannot_pay(store: Store) -> None:
    journal_of(arrival("peel", 5), store=store)
    before = answers(store)
    ben, ana = 8, 7
    for giver, receiver, mass_mg in ((ana, ben, 6), (ben, ana, 1)):
        leg = LegRow(1024, 2, 0, giver, receiver, mass_mg, mass_mg, epoch_ms(noon(2)))

        with pytest.raises(StoreOverdrawn, match="more of a lot than its giver has"):
            write(store, Batch.empty()._replace(legs=[leg]))

    assert answers(store) == before


def write(store: Store, batch: Batch) -> None:
    with store.writing():
        store.write(batch)


def test_what_was_not_finished_is_gone(store: Store) -> None:
    journal = journal_of(arrival("peel", 5), store=store)
    before = answers(store)

    with pytest.raises(Refusal, match="Lot 'nowhere'"):
        journal.record([material("Peel"), gift("g", "nowhere", 1, "ana", "ben")], recorded_at=LATER)

    assert answers(store) == before


def test_a_read_sees_what_its_own_writer_wrote(store: Store) -> None:
    with store.writing():
        Sealing(store, recorded_at=LATER, correct=False).take([arrival("peel", 5)])

        assert balances(store) == {("peel", "ana"): (5, 5)}


@pytest.mark.parametrize("name", ["nu\0ll", "long" * 200])
def test_a_name_that_some_store_cannot_keep_is_refused_and_its_neighbours_are_not(
    store: Store, name: str
) -> None:
    longest = "\N{SEEDLING}" * 500
    offered = [
        material("Peel", key=name),
        arrival(name, 5),
        arrival("leaves", 5, owner=name),
        arrival(longest, 5, owner=longest),
    ]

    outcomes = Journal(store).append(offered, recorded_at=LATER)

    assert [type(outcome).__name__ for outcome in outcomes] == [*["Refused"] * 3, "Recorded"]
    assert store.keys([name, longest]).keys() == {longest}
    assert verify(store).holds


def test_ten_thousand_keys_are_looked_up_at_once(store: Store) -> None:
    offered = [material("Peel", key=f"key {number}") for number in range(10_000)]
    journal_of(*offered, store=store)

    known = store.keys([draft.idempotency_key for draft in offered] + ["unknown"])

    assert sorted(row.first for row in known.values()) == list(range(1, 10_001))
    assert list(store.rows_at(range(1, 10_002))) == list(range(1, 10_001))


def test_a_query_that_takes_long_can_be_interrupted(store: Store) -> None:
    journal_of(*(arrival(f"lot {number}", 1) for number in range(2_000)), store=store)
    for ask in (store.rows, store.all_legs):
        walk = iter(ask())
        next(walk)

        store.interrupt()

        if isinstance(store, MemoryStore):
            assert len(list(walk)) == 1_999  # It is all there already.
        else:
            with pytest.raises(StoreFailed, match="interrupted"):
                list(walk)
        assert store.last() is not None
