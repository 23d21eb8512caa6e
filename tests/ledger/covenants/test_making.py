"""What is made of bound lots is bound: split off, mixed, sawn, lost, or in a container."""

import pytest

from bioloom.ledger.events.processes import close, known_process
from bioloom.ledger.record.outcomes import Recorded
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AIR, OUTSIDE
from bioloom.vocabulary.amounts import MILLIGRAM, PIECE
from bioloom.vocabulary.entries.events import Loss, ProcessClosed, ProcessId
from bioloom.vocabulary.lots import LotId
from tests.ledger.covenants.commons import (
    SAWING,
    Town,
    consuming,
    draft,
    enacting,
    giving,
    load,
    producing,
    sawing,
    splitting,
)
from tests.ledger.events.happenings import event


@pytest.fixture
def bound(town: Town) -> Town:
    """A beam of 1000 mg is bound."""
    town.do(enacting(), load("beam"))
    town.today = 4
    return town


def closing(town: Town, process: str, *losses: Loss) -> ProcessClosed:
    facts = recall(town.journal.store)
    return close(known_process(ProcessId(process), facts), {}, losses)


def test_a_portion_split_off_is_bound_too(bound: Town) -> None:
    bound.do(splitting("beam", "offcut", 100, "river", "ana"))

    assert bound.refusal(giving("offcut", 1, "ana", "acme")).reason == "rights_leave"
    bound.do(giving("offcut", 1, "ana", "milo"))

    assert verify(bound.journal.store).problems == []


def test_a_portion_is_not_split_off_to_somebody_else(bound: Town) -> None:
    refusal = bound.refusal(splitting("beam", "offcut", 100, "river", "acme"))

    assert refusal.reason == "rights_leave"
    assert "'acme', who does not belong, would own what is made" in refusal.what


def test_nobody_elses_lot_is_captured_by_a_gram_of_ours(bound: Town) -> None:
    bound.do(load("planks", owner="acme", on=4), load("logs", on=4))
    bound.do(giving("planks", 500, "acme", "river"))

    assert bound.refusal(splitting("beam", "planks", 1, "river", "river", into=True)).reason == (
        "mixed"
    )
    bound.do(splitting("beam", "logs", 1, "river", "river", into=True))

    (outcome,) = bound.offer(giving("planks", 500, "acme", "hauler"))
    assert isinstance(outcome, Recorded)
    assert verify(bound.journal.store).problems == []


def test_what_a_process_makes_of_a_bound_lot_is_bound(bound: Town) -> None:
    bound.do(*sawing("saw"), consuming("beam", 100, "saw"), producing("boards", 95, "saw"))

    assert bound.refusal(giving("boards", 1, "river", "acme")).reason == "rights_leave"
    assert bound.refusal(producing("more", 3, "saw", by="acme")).reason == "rights_leave"
    assert verify(bound.journal.store).problems == []


def test_an_input_that_comes_late_binds_what_was_made_before(bound: Town) -> None:
    bound.do(load("twigs", owner="newt", on=4), *sawing("saw"))
    bound.do(consuming("twigs", 100, "saw", by="newt"), producing("boards", 95, "saw"))
    bound.do(consuming("beam", 100, "saw"))

    assert bound.refusal(giving("boards", 1, "river", "acme")).reason == "rights_leave"
    assert verify(bound.journal.store).problems == []


def test_an_input_that_comes_too_late_is_refused(bound: Town) -> None:
    bound.do(load("twigs", owner="newt", on=4), *sawing("saw"))
    bound.do(consuming("twigs", 100, "saw", by="newt"))
    bound.do(producing("boards", 95, "saw", by="newt"))

    assert bound.refusal(consuming("beam", 100, "saw")).reason == "made_before"
    bound.do(*sawing("other")[1:], consuming("beam", 100, "other"))


def test_what_a_process_loses_may_be_vapour_and_not_leave(bound: Town) -> None:
    bound.do(*sawing("saw"), consuming("beam", 100, "saw"), producing("boards", 95, "saw"))
    to_outside = closing(bound, "saw", Loss(to=OUTSIDE, mass_mg=5, stamp="measured"))
    to_air = closing(bound, "saw", Loss(to=AIR, mass_mg=4, stamp="measured"))

    assert bound.refusal(draft(to_outside, "closed", on=4)).reason == "rights_leave"
    bound.do(draft(to_air, "closed", on=4))

    assert bound.journal.store.bindings.balance(1, MILLIGRAM)[2:] == (1000, 1)
    assert verify(bound.journal.store).problems == []


def test_a_forbidden_kind_of_process_takes_no_bound_lot(town: Town) -> None:
    town.do(enacting(forbidden=(SAWING,)), load("beam"), load("twigs", owner="acme"))
    town.today = 4
    town.do(*sawing("saw"))

    assert town.refusal(consuming("beam", 100, "saw")).reason == "process_forbidden"
    town.do(consuming("twigs", 100, "saw", by="acme"))


def test_a_container_is_moved_like_what_is_in_it(bound: Town) -> None:
    for name in ("crate", "pallet"):
        made = event("raise", name, "1 piece", by="acme", made="crate", base_unit=PIECE)
        bound.do(draft(made, name, on=4, author="acme"))
    fill = event("combine", "beam", "100 mg", by="river", container=LotId("crate"))
    stack = event("combine", "crate", "1 piece", by="acme", container=LotId("pallet"))
    bound.do(draft(fill, "fill", on=4), draft(stack, "stack", on=4, author="acme"))
    leave = event("transfer", "pallet", "1 piece", by="acme", to="hauler")

    assert bound.refusal(draft(leave, "leave", on=4, author="acme")).reason == "hidden"

    take_out = event("separate", "beam", "100 mg", by="river", container=LotId("crate"))
    bound.do(draft(take_out, "out", on=4), draft(leave, "leave", on=4, author="acme"))
    assert verify(bound.journal.store).problems == []
