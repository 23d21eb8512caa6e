"""Commitments and claims: what was promised and is owed, what is done of it, and what is late."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec import structs

from bioloom.ledger.events.promising import (
    ClaimExceeded,
    ClaimThere,
    ClaimUnknown,
    MeasuredOtherwise,
    Owed,
    PromiseUnknown,
    claim_standing,
    commitment_standing,
    owed,
)
from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, read_amount
from bioloom.vocabulary.entries.events import ClaimId, ClaimMade, CommitmentId, PromiseMade
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, journal_with, record, told
from tests.ledger.records import LATER, arrival, sqlite_store

PROMISE, CLAIM = CommitmentId("promise"), ClaimId("claim")


def promise(amount: str = "8 h", *, action: str = "work") -> PromiseMade:
    number, unit = amount.split()
    counted, base = read_amount(Decimal(number), unit)
    return PromiseMade(
        commitment=PROMISE,
        action="work" if action == "work" else "transfer",
        provider=AgentId("ben"),
        receiver=AgentId("ana"),
        amount=counted,
        base_unit=base,
        due=date(2024, 1, 10),
    )


def claim(amount: str, *, name: str = "claim", lot: str | None = None) -> ClaimMade:
    number, unit = amount.split()
    counted, base = read_amount(Decimal(number), unit)
    return ClaimMade(
        claim=ClaimId(name),
        action="transfer",
        provider=AgentId("ana"),
        receiver=AgentId("ben"),
        amount=counted,
        base_unit=base,
        lot=None if lot is None else LotId(lot),
    )


def promised(journal: Journal, *, today: date) -> Owed:
    return commitment_standing(PROMISE, recall(journal.store), today=today)


def test_work_in_two_shifts_fulfils_a_promise_of_a_day() -> None:
    """Valueflows, ex-proposals-05."""
    journal = journal_with(told(promise(), "promise"))
    before, after = date(2024, 1, 10), date(2024, 1, 11)
    assert promised(journal, today=before).standing == "open"
    assert promised(journal, today=after).standing == "overdue"

    shifts = [told(event("work", None, effort="4 h", fulfills=(PROMISE,)), key) for key in "ab"]
    record(journal, shifts[0])
    assert promised(journal, today=after).done_units == 4 * 3600
    record(journal, shifts[1])

    assert promised(journal, today=after).standing == "done"


def test_what_was_taken_back_fulfils_nothing() -> None:
    journal = journal_with(told(promise(), "promise"))
    (work,) = record(journal, told(event("work", None, effort="8 h", fulfills=(PROMISE,)), "w"))

    record(journal, told(reverse(work, reason="mistake"), "undo"))

    assert promised(journal, today=date(2024, 1, 1)).done_units == 0


def test_only_what_was_promised_can_be_fulfilled() -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(PromiseUnknown, match="'promise' is not in the record"):
        record(journal, told(event("work", None, effort="1 h", fulfills=(PROMISE,)), "w"))


def test_a_claim_is_settled_in_parts_and_never_twice() -> None:
    """Valueflows, ex-exchange-05: 70 of 140 Canadian dollars are paid."""
    journal = journal_with(told(claim("140 CAD"), "claim"))
    pay = [
        told(event("transfer", None, f"{amount} CAD", to="ben", settles=(CLAIM,)), f"pay {amount}")
        for amount in (70, 71, 69.5)
    ]
    record(journal, pay[0])

    with pytest.raises(ClaimExceeded, match="7100 are asked of 'claim', of which 7000 are left"):
        record(journal, pay[1])
    record(journal, pay[2])

    known = claim_standing(CLAIM, recall(journal.store), today=date(2024, 1, 1))
    assert (known.units, known.done_units, known.standing) == (14_000, 13_950, "open")


def test_claims_on_a_heap_are_at_most_the_heap() -> None:
    journal = journal_with(
        arrival("rags", 10), told(claim("6 mg", name="first", lot="rags"), "first")
    )

    with pytest.raises(ClaimExceeded, match="5 are asked of 'rags', of which 4 are left"):
        record(journal, told(claim("5 mg", name="second", lot="rags"), "second"))
    record(journal, told(claim("4 mg", name="second", lot="rags"), "second"))


def test_nothing_settles_a_claim_that_nobody_has() -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(ClaimUnknown, match="'claim' is not in the record"):
        record(journal, told(event("transfer", None, "1 CAD", to="ben", settles=(CLAIM,)), "p"))


def test_a_promise_without_events_is_wholly_open() -> None:
    assert owed(promise("3 kg", action="transfer"), [], today=date(2024, 1, 1)).done_units == 0


def test_a_claim_is_made_once_and_never_corrected_below_what_is_settled() -> None:
    pay = told(event("transfer", None, "100 CAD", to="ben", settles=(CLAIM,)), "pay")
    journal = journal_with(told(claim("140 CAD"), "claim"), pay)

    with pytest.raises(ClaimThere, match="'claim' is in the record already"):
        record(journal, told(claim("9 CAD"), "another key"))
    (outcome,) = journal.append([told(claim("50 CAD"), "claim")], recorded_at=LATER, correct=True)
    assert isinstance(getattr(outcome, "refusal", None), ClaimExceeded)


def test_what_is_claimed_is_settled_in_its_own_unit() -> None:
    journal = journal_with(
        arrival("rags", 14_000),
        told(claim("140 CAD"), "claim"),
        told(claim("8 h", name="hours"), "hours"),
    )

    with pytest.raises(MeasuredOtherwise, match="counted in minor:CAD, not in 'mg'"):
        record(journal, told(event("transfer", "rags", "1 mg", to="ben", settles=(CLAIM,)), "a"))
    with pytest.raises(ClaimExceeded, match="32400 are asked of 'hours'"):
        record(journal, told(event("work", None, effort="9 h", settles=(ClaimId("hours"),)), "b"))
    with pytest.raises(MeasuredOtherwise, match="counted in mg, not in 'piece'"):
        record(journal, told(claim("3 piece", name="c", lot="rags"), "c"))


def test_a_promise_is_counted_in_its_own_unit() -> None:
    wrong = structs.replace(promise("8 h"), base_unit=MILLIGRAM)

    with pytest.raises(MeasuredOtherwise, match="counted in mg, not in 'h'"):
        journal_with(told(wrong, "promise"))


def test_a_claim_that_an_event_names_twice_is_settled_once() -> None:
    pay = event("transfer", None, "70 CAD", to="ben", settles=(CLAIM, CLAIM))
    with sqlite_store() as store:
        journal = Journal(store)

        record(journal, told(claim("140 CAD"), "claim"), told(pay, "pay"))

        known = claim_standing(CLAIM, recall(store), today=date(2024, 1, 1))
        assert known.done_units == 7_000
