"""Dates and readings: what is still to come did not happen, and a ton is the ton that was told."""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from bioloom.ledger.events import judging
from bioloom.ledger.events.processes import BeforeOpening
from bioloom.ledger.events.promising import MeasuredOtherwise, PromiseThere
from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.guarding.dating import StillToCome
from bioloom.ledger.holdings import Overdraft
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.transferring import TransferSenseless
from bioloom.vocabulary.amounts import Amount, AmountMisread
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant
from tests.ledger.events.happenings import event, journal_with, milling, opened, record, told
from tests.ledger.events.test_promising import PROMISE, promise
from tests.ledger.records import LATER, arrival, gift, recorded


def at(draft: Draft[Any], instant: str) -> Draft[Any]:
    return structs.replace(draft, occurred_at=Instant(instant))


def test_what_is_still_to_come_is_not_recorded_as_done() -> None:
    journal = journal_with(arrival("rags", 10))
    for body in (event("consume", "rags", "1 mg"), gift("g", "rags", 1, "ana", "ben").body):
        with pytest.raises(StillToCome, match="still to come"):
            record(journal, at(told(body, "late"), "2024-06-02T00:00:00.001Z"))

    # A clock that goes before, or a day that has begun elsewhere, is no future.
    record(journal, at(told(event("consume", "rags", "1 mg"), "c"), "2024-06-02T00:00:00.000Z"))


def test_a_month_that_is_not_over_counts_on_its_last_day_and_a_later_one_not_at_all() -> None:
    heap = arrival("june", 5)
    june = structs.replace(heap.body, first_day=date(2024, 6, 1), last_day=date(2024, 6, 30))
    july = structs.replace(june, first_day=date(2024, 7, 1), last_day=date(2024, 7, 31))
    journal = journal_with(at(structs.replace(heap, body=june), "2024-06-30T12:00:00.000Z"))

    later = structs.replace(heap, body=july, idempotency_key="june")
    with pytest.raises(StillToCome, match="2024-07-01"):
        journal_with(at(later, "2024-07-31T12:00:00.000Z"))
    assert journal.head().seq == 1


@pytest.mark.parametrize(
    ("reported", "unit", "units"),
    [("1", "t", 907184740), ("1", "short_ton", 10**9), ("1", "kg", 1000), ("one", "kg", 10**6)],
)
def test_an_amount_is_what_its_reported_figure_and_unit_say(
    reported: str, unit: str, units: int
) -> None:
    wrong = Amount(units=units, reported=reported, unit=unit)
    body = structs.replace(event("raise", "rags", "1 mg", made="organics"), quantity=wrong)

    with pytest.raises(AmountMisread, match="cannot be told as"):
        journal_with(told(body, "rags"))


@pytest.mark.parametrize(("reported", "unit"), [("1", "m3"), ("2", "h"), ("3", "kg"), ("x", "t")])
def test_what_arrives_weighs_what_was_reported_and_a_volume_is_no_mass(
    reported: str, unit: str
) -> None:
    heap = arrival("rags", 5)

    with pytest.raises(AmountMisread, match=f"{reported} {unit}"):
        journal_with(
            structs.replace(heap, body=structs.replace(heap.body, reported=reported, unit=unit))
        )


def test_a_bucket_is_what_its_taker_says_it_stands_for() -> None:
    heap = arrival("rags", 5)
    told_so = structs.replace(heap.body, reported="1", unit="bucket", stamp="estimated")

    assert journal_with(structs.replace(heap, body=told_so)).head().seq == 1


def test_nobody_hands_on_to_themselves() -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(TransferSenseless, match="both giver and receiver"):
        record(journal, gift("g", "rags", 1, "ana", "ana"))
    record(journal, told(event("move", "rags", "1 mg", to_place="north"), "moved"))


def test_nothing_happens_in_a_process_before_it_is_opened() -> None:
    journal = journal_with(milling(), arrival("rags", 10), opened("p", day=3))

    with pytest.raises(BeforeOpening, match="was not open yet"):
        record(journal, told(event("consume", "rags", "1 mg", input_of="p"), "early", day=2))
    record(journal, told(event("consume", "rags", "1 mg", input_of="p"), "then", day=3))
    (outcome,) = journal.append([opened("p", day=4)], recorded_at=LATER, correct=True)
    assert isinstance(getattr(outcome, "refusal", None), BeforeOpening)
    recorded(journal, opened("p", day=2), correct=True)


def test_a_promise_is_made_once_and_fulfilled_in_its_own_unit() -> None:
    journal = journal_with(told(promise("5 kg", action="give"), "promise"), arrival("rags", 10))

    with pytest.raises(PromiseThere, match="'promise' is in the record already"):
        record(journal, told(promise("6 kg", action="give"), "again"))
    lamps = event("transfer", None, "3 piece", to="ben", fulfills=(PROMISE,))
    with pytest.raises(MeasuredOtherwise, match="counted in mg"):
        record(journal, told(lamps, "other"))


def test_a_lot_is_what_its_correction_says_it_is() -> None:
    rags = arrival("rags", 10)
    journal = journal_with(rags)
    leather = structs.replace(rags, body=structs.replace(rags.body, material="leather"))
    recorded(journal, leather, correct=True)

    part = event("transfer", "rags", "1 mg", to="ben", to_lot="part", made="leather")
    (entry,) = recorded(journal, told(part, "part"))

    assert entry.seq == 3


def test_a_date_set_back_is_held_against_all_that_came_after() -> None:
    journal = journal_with(
        arrival("rags", 10), told(event("consume", "rags", "8 mg"), "most", day=5)
    )

    with pytest.raises(Overdraft, match="6 mg less than nothing"):
        record(journal, told(event("consume", "rags", "8 mg"), "before", day=2))


def test_a_reversal_that_moves_back_something_else_is_found_by_verifying(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journal = journal_with(arrival("rags", 10))
    (used,) = record(journal, told(event("consume", "rags", "4 mg"), "used"))
    back = reverse(used, reason="mistake")
    more = structs.replace(back, moves=(structs.replace(back.moves[0], rights_units=5),))
    monkeypatch.setattr(judging, "judge_reversal", lambda *_, **__: None)
    record(journal, told(more, "undo"))

    (problem,) = verify(journal.store).problems

    assert "takes back something else" in problem.what
