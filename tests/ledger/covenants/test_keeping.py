"""What a covenant binds stays among those who belong, and each refusal is on record."""

import pytest

from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.record.outcomes import Recorded
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.entries.covenants import ActRefused
from tests.ledger.covenants.commons import Town, enacting, giving, load


def refusals(town: Town) -> list[ActRefused]:
    return [entry.body for entry in town.journal.read(kinds=["ActRefused"])]


def test_a_lot_that_was_there_stays_and_the_attempt_is_recorded_once(town: Town) -> None:
    town.do(load("beam", on=1))
    town.do(enacting())
    town.today = 4

    for _ in range(2):
        refusal = town.refusal(giving("beam", 10, "river", "acme"))

    assert refusal.reason == "rights_leave"
    assert "Ours stays ours" in refusal.what
    assert "2 of ana, bo, cleo" in refusal.remedy
    (told,) = refusals(town)
    assert (told.lot, told.units, told.giver, told.receiver) == ("beam", 10, "river", "acme")
    assert verify(town.journal.store).problems == []


def test_what_arrives_later_is_bound_and_may_go_to_who_belongs(town: Town) -> None:
    town.do(enacting())
    town.today = 4
    town.do(load("beam"), giving("beam", 10, "river", "milo"), giving("beam", 5, "milo", "ana"))

    assert town.refusal(giving("beam", 1, "milo", "acme")).reason == "rights_leave"

    assert verify(town.journal.store).problems == []


def test_a_whole_submission_that_is_rolled_back_leaves_its_refusal(town: Town) -> None:
    town.do(enacting(), load("beam"))
    town.today = 4
    before = town.journal.head().seq

    with pytest.raises(CovenantForbids, match="'acme', who does not belong"):
        town.do(giving("beam", 1, "river", "ana"), giving("beam", 1, "river", "acme"))

    assert town.journal.head().seq == before + 1
    assert len(refusals(town)) == 1
    assert verify(town.journal.store).problems == []


def test_a_lot_of_somebody_else_is_not_captured(town: Town) -> None:
    town.do(enacting(), load("planks", owner="acme"), load("beam"))
    town.today = 4
    town.do(giving("planks", 600, "acme", "river"))

    (outcome,) = town.offer(giving("planks", 600, "river", "hauler"))

    assert isinstance(outcome, Recorded)
    assert verify(town.journal.store).problems == []


def test_once_all_of_a_lot_is_theirs_it_is_bound(town: Town) -> None:
    town.do(enacting(), load("planks", owner="acme"))
    town.today = 4
    town.do(giving("planks", 1000, "acme", "river"))

    assert town.refusal(giving("planks", 600, "river", "hauler")).reason == "rights_leave"
