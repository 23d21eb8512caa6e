"""Withdrawing: what came out went in, whatever is corrected or taken back."""

import pytest

from bioloom.ledger.events.containing import NotContained
from bioloom.ledger.events.processes import GivenBackTooMuch
from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Refused
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import (
    event,
    holdings,
    journal_with,
    milling,
    opened,
    record,
    told,
)
from tests.ledger.records import LATER, arrival

BOX, OTHER = LotId("box"), LotId("other")


def with_workshops() -> Journal:
    """Ten are in each of two processes, and those in one came out again."""
    return journal_with(
        arrival("rags", 20),
        milling(tolerance_per_mille=None),
        opened("p"),
        opened("q"),
        told(event("accept", "rags", "10 mg", input_of="p"), "in p"),
        told(event("accept", "rags", "10 mg", input_of="q"), "in q"),
        told(event("modify", "rags", "10 mg", output_of="p"), "out p"),
    )


def with_boxes() -> Journal:
    """Ten were put into each of two boxes, and taken out of one again."""
    return journal_with(
        arrival("rags", 20),
        *(told(event("raise", b, "1 piece", made="b", base_unit=PIECE), b) for b in (BOX, OTHER)),
        told(event("combine", "rags", "10 mg", container=BOX), "in"),
        told(event("combine", "rags", "10 mg", container=OTHER), "in other"),
        told(event("separate", "rags", "10 mg", container=BOX), "out"),
    )


def test_what_came_out_of_a_process_cannot_be_said_never_to_have_gone_in() -> None:
    journal = with_workshops()
    accepted = journal.current(["in p"])["in p"]

    with pytest.raises(GivenBackTooMuch, match="10 of lot 'rags' come back, but 0 are inside"):
        record(journal, told(reverse(accepted, reason="mistake"), "undo", day=5))
    for process, amount in (("p", "9 mg"), ("q", "10 mg")):
        body = event("accept", "rags", amount, input_of=process)
        (outcome,) = journal.append([told(body, "in p")], recorded_at=LATER, correct=True)
        assert isinstance(outcome, Refused)
        assert isinstance(outcome.refusal, GivenBackTooMuch)


def test_what_came_out_of_a_box_cannot_be_said_never_to_have_been_put_in() -> None:
    journal = with_boxes()
    combined = journal.current(["in"])["in"]

    with pytest.raises(NotContained, match="10 of 'rags' are taken out of 'box', which has 0"):
        record(journal, told(reverse(combined, reason="mistake"), "undo", day=5))
    for container, amount in ((BOX, "9 mg"), (OTHER, "10 mg")):
        body = event("combine", "rags", amount, container=container)
        (outcome,) = journal.append([told(body, "in")], recorded_at=LATER, correct=True)
        assert isinstance(outcome, Refused)
        assert isinstance(outcome.refusal, NotContained)


def test_what_did_not_come_out_again_can_be_unsaid() -> None:
    for journal, key in ((with_workshops(), "in q"), (with_boxes(), "in other")):
        entry = journal.current([key])[key]

        record(journal, told(reverse(entry, reason="mistake"), "undo", day=5))

        assert holdings(journal, "rags") == {"ana": (20, 20)}


def test_nothing_comes_out_before_it_went_in() -> None:
    journal = journal_with(
        arrival("rags", 10),
        told(event("raise", BOX, "1 piece", made="b", base_unit=PIECE), BOX),
        told(event("combine", "rags", "10 mg", container=BOX), "in", day=5),
    )

    with pytest.raises(GivenBackTooMuch, match="but 0 are inside"):
        record(
            journal, told(event("separate", "rags", "10 mg", to="ben", container=BOX), "o", day=4)
        )
