"""Each way around a covenant is closed, and each honest act beside it is open."""

import pytest

from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.record.outcomes import Recorded, Refused
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.people import MembershipEnded
from tests.ledger.covenants.commons import (
    Town,
    draft,
    enacting,
    giving,
    joining,
    load,
    splitting,
)
from tests.ledger.events.happenings import event


def test_who_joins_counts_once_the_cooling_off_is_over(town: Town) -> None:
    town.do(enacting(), load("beam"))
    town.today = 4
    town.do(joining("newt", "river", on=1))  # Dated back: what counts is when it was recorded.

    town.today = 17
    assert town.refusal(giving("beam", 1, "river", "newt", on=17)).reason == "rights_leave"

    town.today = 20
    town.do(giving("beam", 1, "river", "newt", on=20))
    assert town.refusal(giving("beam", 2, "river", "newt", on=10)).reason == "rights_leave"
    assert verify(town.journal.store).problems == []


def test_who_belongs_by_way_of_a_new_group_waits_too(town: Town) -> None:
    town.do(enacting(), load("beam"))
    town.today = 4
    town.do(joining("acme", "river", on=4), joining("newt", "acme", on=4))

    assert town.refusal(giving("beam", 1, "river", "newt", on=4)).reason == "rights_leave"

    town.today = 20
    town.do(giving("beam", 1, "river", "newt", on=19))


def test_dating_an_act_before_the_covenant_opens_nothing(town: Town) -> None:
    town.do(load("beam", on=1), enacting())
    town.today = 4

    assert town.refusal(giving("beam", 1, "river", "acme", on=1)).reason == "rights_leave"
    (ahead,) = town.offer(giving("beam", 1, "river", "ana", on=9))
    assert isinstance(ahead, Refused)
    town.do(giving("beam", 1, "river", "ana", on=1))


@pytest.mark.parametrize("author", ["acme", "steward"])
def test_a_correction_by_somebody_outside_writes_nothing_down(town: Town, author: str) -> None:
    town.do(enacting(), load("beam"))
    town.today = 4
    less = load("beam", 900)

    assert town.refusal(draft(less.body, "beam", on=3, author=author), correct=True).reason == (
        "taken_away"
    )
    (outcome,) = town.offer(draft(less.body, "beam", on=3, author="milo"), correct=True)
    assert isinstance(outcome, Recorded)
    assert verify(town.journal.store).problems == []


def test_whom_a_covenant_names_may_correct_a_weighing(town: Town) -> None:
    town.do(enacting(correctors=(AgentId("hauler"),)), load("beam"))
    town.today = 4

    less = load("beam", 900).body
    (outcome,) = town.offer(draft(less, "beam", on=3, author="hauler"), correct=True)

    assert isinstance(outcome, Recorded)
    assert town.journal.store.bindings.balance(1, MILLIGRAM)[2:] == (900, 0)


def test_a_gift_is_not_taken_back_by_who_gave_it(town: Town) -> None:
    town.do(enacting(), load("planks", owner="acme"))
    town.today = 4
    town.do(giving("planks", 1000, "acme", "river"))
    gift = next(town.journal.read(kinds=["LotTransferred"]))
    back = reverse(gift, reason="mistake")

    assert town.refusal(draft(back, "back", on=4, author="acme")).reason == "rights_leave"


def test_many_small_losses_are_one_large_one(town: Town) -> None:
    town.do(enacting(), load("beam"), load("log"))
    town.today = 4

    for number in range(8):
        lower = event("lower", "beam" if number % 2 else "log", "5 mg", by="river")
        town.do(draft(lower, f"lower{number}", on=4))

    lower = event("lower", "beam", "1 mg", by="river")
    assert town.refusal(draft(lower, "once more", on=4)).reason == "shrinks"
    found = event("raise", "beam", "1 mg", by="river")
    town.do(draft(found, "found", on=4), draft(lower, "and again", on=4))
    assert verify(town.journal.store).problems == []


def test_what_comes_in_covers_what_is_lost_after_it_in_one_transaction(town: Town) -> None:
    town.do(enacting(), load("beam"))
    town.today = 4
    lower = event("lower", "beam", "25 mg", by="river")

    assert town.refusal(draft(lower, "too much", on=4)).reason == "shrinks"
    town.do(load("log"), draft(lower, "of both", on=4))
    assert verify(town.journal.store).problems == []


def test_nobody_outside_writes_a_bound_lot_off(town: Town) -> None:
    town.do(enacting(), load("beam"))
    town.today = 4
    lower = event("lower", "beam", "5 mg", by="river")

    assert town.refusal(draft(lower, "off", on=4, author="acme")).reason == "taken_away"


def test_what_some_own_is_asked_for_without_what_others_own(town: Town) -> None:
    town.today = 4
    town.do(load("beam"), load("planks", owner="acme"), giving("beam", 10, "river", "milo"))
    store = town.journal.store
    milo, acme = (store.agents()[AgentId(name)] for name in ("milo", "acme"))

    for before in (None, town.journal.head().seq + 1):
        found = [owners for _, owners in store.bindings.owners(before, among=[milo, acme])]
        assert [owners for owners in found if owners] == [{milo: 10}, {acme: 1000}]


def test_nobody_leaves_and_takes_bound_lots_along(town: Town) -> None:
    town.do(enacting(), load("beam"))
    town.today = 4
    town.do(giving("beam", 10, "river", "milo"))
    leaving = MembershipEnded(member=AgentId("milo"), group=AgentId("mill"))
    mill = MembershipEnded(member=AgentId("mill"), group=AgentId("river"))

    assert town.refusal(draft(leaving, "milo goes", on=4)).reason == "leaves_owning"
    assert town.refusal(draft(mill, "the mill goes", on=4)).reason == "leaves_owning"

    town.do(giving("beam", 10, "milo", "river"), draft(leaving, "milo goes", on=4))
    assert town.refusal(giving("beam", 9, "river", "milo")).reason == "rights_leave"
    assert verify(town.journal.store).problems == []


def test_custody_may_go_out_and_never_becomes_rights(town: Town) -> None:
    town.do(enacting(), load("beam"))
    town.today = 4
    town.do(giving("beam", 10, "river", "hauler", sides=("custody",)))

    assert town.refusal(giving("beam", 10, "river", "hauler", sides=("rights",))).reason == (
        "rights_leave"
    )
    town.do(giving("beam", 10, "hauler", "ana", sides=("custody",)))


def test_custody_stays_where_a_covenant_keeps_it(town: Town) -> None:
    town.do(enacting(custody_days=None), load("beam"))
    town.today = 4

    refusal = town.refusal(giving("beam", 10, "river", "hauler", sides=("custody",)))

    assert refusal.reason == "custody_leaves"
    town.do(giving("beam", 10, "river", "mill", sides=("custody",)))


def test_two_covenants_bind_what_is_mixed_of_both(town: Town) -> None:
    mill = enacting("mills", commons=AgentId("mill"), cooling_off_days=0)
    town.do(enacting(), mill, load("beam"), load("flour", owner="mill"))
    town.today = 4
    town.do(splitting("flour", "mix", 10, "mill", "mill"))

    assert town.refusal(giving("mix", 1, "mill", "ana")).terms[0].covenant == "mills"
    town.do(giving("mix", 1, "mill", "milo"))
