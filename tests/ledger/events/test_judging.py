"""Corrections and reversals: they say what was, and never make something else of it."""

from datetime import date
from typing import Any

import pytest

from bioloom.ledger.events.promising import claim_standing
from bioloom.ledger.events.reversing import NotReversible, reverse
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Recorded, Refused
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.record.sealing import Sealing
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import ClaimId, ProcessClosed, ProcessId
from tests.ledger.events.happenings import (
    event,
    holdings,
    journal_with,
    milling,
    opened,
    record,
    told,
)
from tests.ledger.events.test_promising import claim
from tests.ledger.records import LATER, arrival, gift, sqlite_store


def corrected(journal: Journal, draft: Draft[Any]) -> str:
    """What speaks against a correction, or nothing."""
    (outcome,) = journal.append([draft], recorded_at=LATER, correct=True)
    return outcome.refusal.what if isinstance(outcome, Refused) else ""


def made(lot: str, amount: str, **more: Any) -> Draft[Any]:  # noqa: ANN401
    return told(event("raise", lot, amount, made="rag", **more), "k")


@pytest.mark.parametrize(
    "other",
    [
        made("other", "5 mg"),
        made("known", "5 mg"),
        made("rags", "5 piece", base_unit=PIECE),
        told(event("raise", "known", "5 mg"), "k"),
    ],
)
def test_a_correction_makes_no_other_lot_nor_counts_it_otherwise(other: Draft[Any]) -> None:
    journal = journal_with(arrival("known", 1), made("rags", "9 mg"))

    assert "about something else" in corrected(journal, other)


def test_a_correction_of_an_arrival_is_of_its_lot() -> None:
    journal = journal_with(arrival("peel", 1), arrival("leaves", 1))

    assert "about something else" in corrected(journal, arrival("leaves", 9, key="peel"))


def test_a_process_is_not_renamed_after_its_end_nor_its_end_given_to_another() -> None:
    ended = told(ProcessClosed(process=ProcessId("p")), "end")
    journal = journal_with(milling(), opened(), opened("q"), ended)

    renamed = told(opened("r").body, "process:p", day=1)
    assert "about something else" in corrected(journal, renamed)
    other = told(ProcessClosed(process=ProcessId("q")), "end")
    assert "about something else" in corrected(journal, other)
    redated = told(ended.body, "end", day=9)
    assert "'p' is closed" in corrected(journal, redated)


def test_what_was_taken_back_is_not_corrected() -> None:
    """Otherwise it would be undone twice, out of somebody else's part."""
    journal = journal_with(arrival("rags", 10), gift("seed", "rags", 5, "ana", "ben", day=2))
    (given,) = record(journal, gift("g", "rags", 5, "ana", "ben", day=3))
    record(journal, told(reverse(given, reason="mistake"), "undo", day=4))

    assert "it was taken back" in corrected(journal, gift("g", "rags", 1, "ana", "ben", day=3))
    assert holdings(journal, "rags") == {"ana": (5, 5), "ben": (5, 5)}


def test_what_a_correction_replaces_does_not_count_beside_it() -> None:
    pay = [
        told(event("transfer", None, f"{amount} CAD", to="ben", settles=(ClaimId("claim"),)), "pay")
        for amount in (100, 120)
    ]
    journal = journal_with(told(claim("140 CAD"), "claim"), pay[0])

    assert corrected(journal, pay[1]) == ""
    known = claim_standing(ClaimId("claim"), recall(journal.store), today=date(2024, 1, 1))
    assert known.done_units == 12_000


def test_nothing_is_taken_back_before_it_happened() -> None:
    journal = journal_with(arrival("rags", 10))
    (used,) = record(journal, told(event("consume", "rags", "10 mg"), "c", day=9))

    with pytest.raises(NotReversible, match="it happened later"):
        record(journal, told(reverse(used, reason="mistake"), "undo", day=2))


def test_of_what_belongs_together_nothing_stays_if_one_is_turned_away() -> None:
    """Also where one of them takes something back."""
    with sqlite_store() as store:
        journal = Journal(store)
        (raised,) = record(journal, told(event("raise", "z", "1 mg", made="rag"), "z"))
        whole = [
            told(event("raise", "n", "3 mg", made="rag"), "n"),
            told(reverse(raised, reason="mistake"), "undo"),
            told(event("consume", "z", "9 mg"), "too much"),
        ]

        with store.writing():
            sealing = Sealing(store, recorded_at=LATER, correct=False)
            outcomes = sealing.take_whole(whole)
            sealing.take([told(event("raise", "m", "3 mg", made="rag"), "m")])

        assert isinstance(outcomes[-1], Refused)
        assert list(journal.current(["n", "undo", "too much", "m"])) == ["m"]
        assert verify(store).problems == []


def test_a_name_that_a_database_cannot_find_again_is_refused() -> None:
    with sqlite_store() as store:
        journal = Journal(store)
        drafts = [
            told(event("raise", "a\0b", "1 mg", made="rag"), "k"),
            told(event("work", None, effort="1 h"), "k\0"),
        ]

        outcomes = journal.append(drafts, recorded_at=LATER)

        assert all("null character" in str(getattr(one, "refusal", "")) for one in outcomes)


def test_a_later_key_may_be_a_lots_name() -> None:
    journal = journal_with(told(event("raise", "lamps", "12 mg", made="lamp"), "lamps-in"))
    drafts = [told(event("consume", "lamps", "2 mg"), key) for key in ("lamps", "more")]

    outcomes = journal.append(drafts, recorded_at=LATER)

    assert all(isinstance(outcome, Recorded) for outcome in outcomes)
    assert verify(journal.store).problems == []


def test_what_arrives_is_taken_back_in_the_same_transaction() -> None:
    with sqlite_store() as store:
        first = arrival("peel", 5)
        (entry,) = Journal(MemoryStore()).record([first], recorded_at=LATER)
        journal = Journal(store)

        record(journal, first, told(reverse(entry, reason="mistake"), "undo"))

        assert holdings(journal, "peel") == {}
