"""Overdue: a commitment is, once its day has ended in the city, for what is left of it."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.reactions.overdue import Overdue
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Recorded
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, Amount
from bioloom.vocabulary.entries.circuits import CommitmentMade, PlanAdopted
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import (
    CommitmentId,
    CommitmentOverdue,
    EventHappened,
    PromiseMade,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from tests.ledger.records import LATER, STEWARD, arrival, noon

NEW_YORK = ZoneInfo("America/New_York")
DUE = date(2024, 1, 10)


@pytest.fixture
def journal() -> Journal:
    return Journal(MemoryStore())


def promise(name: str, due: date | None, *, key: str | None = None) -> Draft[Any]:
    body = PromiseMade(
        commitment=CommitmentId(name),
        action="transfer",
        provider=AgentId("ana"),
        receiver=AgentId("ben"),
        amount=Amount(units=7, reported="7", unit="mg"),
        base_unit=MILLIGRAM,
        due=due,
    )
    return draft(body, key or name)


def commitment(name: str, plan: str) -> Draft[Any]:
    body = CommitmentMade(
        commitment=name,
        plan=plan,
        provider=AgentId("ana"),
        receiver=AgentId("ben"),
        material=MaterialId("organics"),
        lots=(),
        mass_mg=7,
        due=DUE,
    )
    return draft(body, name)


def delivery(units: int, name: str) -> Draft[Any]:
    body = EventHappened(
        action="transfer",
        provider=AgentId("ana"),
        receiver=AgentId("ben"),
        stamp="measured",
        lot=LotId("peel"),
        quantity=Amount(units=units, reported=str(units), unit="mg"),
        fulfills=(CommitmentId(name),),
    )
    return draft(body, f"delivery:{units}")


def draft(body: Any, key: str) -> Draft[Any]:  # noqa: ANN401  A body of any kind.
    return Draft(body=body, occurred_at=noon(2), author=STEWARD, idempotency_key=key)


def record(journal: Journal, overdue: Overdue, *drafts: Draft[Any], correct: bool = False) -> None:
    """Record drafts, and let the reaction see them."""
    for outcome in journal.append(drafts, recorded_at=LATER, correct=correct):
        assert isinstance(outcome, Recorded), outcome
        if outcome.entry.kind in overdue.folds:
            overdue.fold(outcome.entry)


def left(journal: Journal, overdue: Overdue) -> dict[str, int]:
    """What the reaction says is left of each commitment that is overdue when its timer fires."""
    due = overdue.due()
    assert due is not None
    fired: Entry[Any] = Entry(
        seq=99,
        id="t",
        kind="TimerFired",
        version=1,
        occurred_at=due,
        recorded_at=due,
        author=STEWARD,
        idempotency_key="t",
        body=TimerFired(reaction="overdue/1", due=due),
    )
    found = [following.body for following in overdue.react(fired, journal)]
    overdue.fold(fired)
    assert all(isinstance(body, CommitmentOverdue) for body in found)
    return {
        body.commitment: body.left_units for body in found if isinstance(body, CommitmentOverdue)
    }


def test_a_day_ends_at_midnight_of_the_city(journal: Journal) -> None:
    overdue = Overdue(NEW_YORK)

    record(journal, overdue, promise("p", DUE))

    assert overdue.due() == "2024-01-11T05:00:00.000Z"


@pytest.mark.parametrize(("delivered", "expected"), [(0, {"p": 7}), (5, {"p": 2}), (7, {})])
def test_what_was_delivered_is_not_left(
    journal: Journal, delivered: int, expected: dict[str, int]
) -> None:
    overdue = Overdue(NEW_YORK)
    record(journal, overdue, arrival("peel", 9), promise("p", DUE))
    if delivered:
        record(journal, overdue, delivery(delivered, "p"))

    assert left(journal, overdue) == expected
    assert overdue.due() is None


def test_a_promise_that_is_put_off_is_waited_for_on_its_new_day(journal: Journal) -> None:
    overdue = Overdue(NEW_YORK)
    record(journal, overdue, promise("p", DUE))

    record(journal, overdue, promise("p", date(2024, 2, 1)), correct=True)
    assert overdue.due() == "2024-02-02T05:00:00.000Z"
    record(journal, overdue, promise("p", None), correct=True)
    assert overdue.due() is None


def test_commitments_of_a_plan_that_was_replaced_are_not_waited_for(journal: Journal) -> None:
    overdue = Overdue(NEW_YORK)
    record(journal, overdue, commitment("old/1", "old"), commitment("old/2", "old"))
    replaced = draft(PlanAdopted(plan="new", supersedes="old"), "adopted")

    record(journal, overdue, replaced, commitment("new/1", "new"))

    assert left(journal, overdue) == {"new/1": 7}


@given(days=st.lists(st.dates(date(2024, 1, 1), date(2024, 1, 9)), max_size=12))
def test_every_promise_comes_up_once_and_in_the_order_of_days(days: list[date]) -> None:
    journal, overdue = Journal(MemoryStore()), Overdue(NEW_YORK)
    record(journal, overdue, *(promise(f"p{number}", day) for number, day in enumerate(days)))

    found: list[str] = []
    instants: list[Instant] = []
    while (due := overdue.due()) is not None:
        instants.append(due)
        found += left(journal, overdue)

    assert instants == sorted(set(instants))
    assert sorted(found) == sorted(f"p{number}" for number in range(len(days)))
