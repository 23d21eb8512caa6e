"""Permitting: nothing is permitted that no role in the record permits. Each attack has its twin."""

from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.people.people import People, people_of
from bioloom.ledger.people.permitting import THE_CITY, About, NotPermitted, may
from bioloom.ledger.people.roles import ACTS, CITY_STEWARD, Act
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.people import (
    MembershipBegan,
    MembershipEnded,
    Role,
    RoleWithdrawn,
)
from tests.ledger.people.town import (
    ANA,
    BEN,
    CEM,
    DAN,
    ELM,
    MILL,
    NORTH,
    OAK,
    SOUTH,
    ZARA,
    draft,
    granted,
    noon,
    people,
    record,
    town,
)

NOW = noon(9)


def permits(
    known: People,
    actor: AgentId,
    act: Act,
    *sides: AgentId,
    agreed: frozenset[AgentId] = frozenset(),
) -> bool:
    with suppress(NotPermitted):
        may(actor, act, About(sides=sides, agreed=agreed), known, at=NOW)
        return True
    return False


@given(
    actor=st.sampled_from([DAN, AgentId("mallory"), AgentId(""), *BOUNDARY]),
    act=st.sampled_from(sorted(ACTS)),
    side=st.sampled_from([NORTH, SOUTH, MILL, OAK, ELM, ANA, ZARA, AgentId("nobody")]),
)
def test_who_has_no_role_and_belongs_nowhere_may_do_nothing_for_anybody_else(
    actor: AgentId, act: Act, side: AgentId
) -> None:
    known = people()

    assert not permits(known, actor, act, side)
    assert not permits(known, actor, act)


@given(act=st.sampled_from(sorted(ACTS)), role=st.sampled_from(get_args(Role)))
def test_a_role_in_one_commons_is_nothing_in_another_nor_in_the_city(act: Act, role: Role) -> None:
    known = people(granted(BEN, role, NORTH))

    assert not permits(known, BEN, act, SOUTH)
    assert not permits(known, BEN, act, MILL)
    assert not permits(known, BEN, act, OAK)
    assert not permits(known, BEN, act)


@given(act=st.sampled_from(sorted(ACTS)))
def test_a_steward_of_the_city_does_nothing_with_what_is_a_households_own(act: Act) -> None:
    known = people()
    kept = {"transfer_rights", "transfer_custody", "read_records", "give_lot", "correct_entry"}

    assert permits(known, ZARA, act) == (act in CITY_STEWARD)
    assert permits(known, ZARA, act, NORTH) == (act in CITY_STEWARD)
    assert not (act in kept and permits(known, ZARA, act, OAK))


def test_an_operator_of_the_city_reports_proposes_dispatches_and_nothing_else() -> None:
    known = people(granted(BEN, "operator", None))

    assert [act for act in sorted(ACTS) if permits(known, BEN, act)] == [
        "dispatch",
        "propose_plan",
        "report_disruption",
    ]
    assert not any(permits(known, BEN, act, NORTH) for act in ACTS)


def test_a_member_gives_for_its_household_and_its_commons_but_hands_nothing_of_the_commons_on() -> (
    None
):
    known = people()

    assert permits(known, ANA, "give_lot", OAK)
    assert permits(known, ANA, "give_lot", NORTH)
    assert permits(known, ANA, "transfer_rights", OAK)
    assert not permits(known, ANA, "transfer_rights", NORTH)
    assert not permits(known, ANA, "give_lot", ELM)


def test_custody_needs_the_word_of_both_sides_and_rights_of_who_is_accountable() -> None:
    known = people(granted(BEN, "operator", MILL))

    assert not permits(known, BEN, "transfer_custody", OAK, MILL)
    assert permits(known, BEN, "transfer_custody", OAK, MILL, agreed=frozenset([OAK]))
    assert not permits(known, ANA, "transfer_custody", OAK, MILL)
    assert permits(known, ANA, "transfer_custody", OAK, MILL, agreed=frozenset([MILL]))
    assert not permits(known, BEN, "transfer_rights", OAK)
    assert permits(known, ANA, "transfer_rights", OAK)


def test_two_who_agreed_need_nobody_third_to_say_so() -> None:
    known = people()

    assert not permits(known, CEM, "transfer_custody", OAK, MILL, agreed=frozenset([OAK, MILL]))


def test_a_role_counts_from_when_it_began_until_when_it_ended_whenever_that_was_recorded() -> None:
    journal = town(granted(BEN, "steward", NORTH, day=3))
    withdrawn = draft(RoleWithdrawn(agent=BEN, role="steward", scope=NORTH), day=5)
    record(journal, [withdrawn], day=8)
    known = people_of(journal)

    for day, is_permitted in [(2, False), (3, True), (4, True), (5, False), (9, False)]:
        with suppress(NotPermitted):
            may(BEN, "transfer_rights", About(sides=(NORTH,)), known, at=noon(day))
            assert is_permitted
            continue
        assert not is_permitted


def test_who_joined_took_a_role_and_left_comes_back_without_it() -> None:
    known = people(
        draft(MembershipBegan(member=BEN, group=NORTH), day=2),
        granted(BEN, "steward", NORTH, day=3),
        draft(MembershipEnded(member=BEN, group=NORTH), day=4),
        draft(MembershipBegan(member=BEN, group=NORTH), day=5),
    )

    assert permits(known, BEN, "give_lot", NORTH)
    assert not permits(known, BEN, "transfer_rights", NORTH)
    stayed = people(
        draft(MembershipBegan(member=BEN, group=NORTH), day=2),
        granted(BEN, "steward", NORTH, day=3),
    )
    assert permits(stayed, BEN, "transfer_rights", NORTH)


def test_who_left_a_household_is_no_member_of_its_commons_any_more() -> None:
    moved = people(draft(MembershipEnded(member=ANA, group=OAK), day=2))

    assert permits(people(), ANA, "give_lot", NORTH)
    assert not permits(moved, ANA, "give_lot", NORTH)
    assert not permits(moved, ANA, "read_records", OAK)


def test_a_city_opens_an_empty_household_and_then_leaves_it_to_its_members() -> None:
    known = people()

    assert permits(known, ZARA, "invite", ELM)
    assert not permits(known, ZARA, "invite", OAK)
    assert permits(known, ANA, "invite", OAK)
    left = people(draft(MembershipEnded(member=ANA, group=OAK), day=2))
    assert not permits(left, ZARA, "invite", OAK)


def test_a_correction_is_its_authors_or_a_stewards() -> None:
    known = people(granted(BEN, "steward", NORTH), draft(MembershipBegan(member=CEM, group=NORTH)))
    by_ana = About(sides=(NORTH,), author=ANA)

    may(ANA, "correct_entry", by_ana, known, at=NOW)
    may(BEN, "correct_entry", by_ana, known, at=NOW)
    with pytest.raises(NotPermitted, match="'cem' may not correct entry for 'north'"):
        may(CEM, "correct_entry", by_ana, known, at=NOW)


def test_a_refusal_says_who_may_not_do_what_for_whom() -> None:
    with pytest.raises(NotPermitted, match="'dan' may not adopt plan for the city") as refusal:
        may(DAN, "adopt_plan", THE_CITY, people(), at=NOW)

    assert (refusal.value.actor, refusal.value.act, refusal.value.side) == (DAN, "adopt_plan", None)
