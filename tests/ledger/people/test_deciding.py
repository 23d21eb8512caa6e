"""Deciding about people: each refusal beside the decision that stands."""

from typing import Any

import pytest

from bioloom.ledger.people.deciding import (
    AgentSenseless,
    AheadOfTime,
    AlreadySo,
    Deed,
    LastSteward,
    SelfGranted,
    declare_agent,
    grant,
    join,
    leave,
    withdraw,
)
from bioloom.ledger.people.people import Office
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.people import MembershipBegan, RoleGranted
from tests.ledger.people.town import (
    ANA,
    BEN,
    CEM,
    ELM,
    NORTH,
    OAK,
    SOUTH,
    ZARA,
    draft,
    granted,
    noon,
    people,
)

STEWARD = Office("steward", None)
KEEPER = Office("steward", NORTH)


def deed(by: AgentId, *further: Draft[Any], occurred: int | None = None) -> Deed:
    """A decision on day 9, on the town and some entries more."""
    since = None if occurred is None else noon(occurred)
    return Deed(by=by, people=people(*further), at=noon(9), occurred_at=since)


def test_a_role_is_granted_from_when_it_began_by_who_decided() -> None:
    made = grant(BEN, KEEPER, deed=deed(ZARA, occurred=3))

    assert made.body == RoleGranted(agent=BEN, role="steward", scope=NORTH)
    assert (made.occurred_at, made.author) == (noon(3), ZARA)


@pytest.mark.parametrize("office", [STEWARD, KEEPER, Office("operator", NORTH)])
def test_nobody_gives_a_role_to_themselves(office: Office) -> None:
    keeper = granted(BEN, "steward", NORTH)

    with pytest.raises((SelfGranted, NotPermitted), match="'ben'"):
        grant(BEN, office, deed=deed(BEN, keeper))
    with pytest.raises(SelfGranted, match="'zara' would make itself"):
        grant(ZARA, office, deed=deed(ZARA))
    assert grant(CEM, Office("operator", NORTH), deed=deed(BEN, keeper)).body.agent == CEM


def test_a_steward_of_one_commons_gives_no_role_in_another_nor_in_the_city() -> None:
    keeper = granted(BEN, "steward", NORTH)

    assert grant(CEM, KEEPER, deed=deed(BEN, keeper)).author == BEN
    for office in (STEWARD, Office("steward", SOUTH), Office("member", OAK)):
        with pytest.raises(NotPermitted, match="'ben' may not grant role"):
            grant(CEM, office, deed=deed(BEN, keeper))


def test_what_is_so_is_not_granted_and_what_is_not_so_is_not_withdrawn() -> None:
    keeper = granted(BEN, "steward", NORTH, day=3)

    with pytest.raises(AlreadySo, match="'ben' is steward of north"):
        grant(BEN, KEEPER, deed=deed(ZARA, keeper))
    assert withdraw(BEN, KEEPER, deed=deed(ZARA, keeper)).body.agent == BEN
    with pytest.raises(AlreadySo, match="'ben' is not steward of north"):
        withdraw(BEN, KEEPER, deed=deed(ZARA, keeper, occurred=2))
    with pytest.raises(AlreadySo, match="'cem' is not steward of north"):
        withdraw(CEM, KEEPER, deed=deed(ZARA, keeper))


def test_anybody_lays_down_their_own_role_and_nobody_elses() -> None:
    keepers = [granted(BEN, "steward", NORTH), granted(CEM, "operator", NORTH)]

    assert withdraw(CEM, Office("operator", NORTH), deed=deed(CEM, *keepers)).author == CEM
    with pytest.raises(NotPermitted, match="'cem' may not withdraw role for 'north'"):
        withdraw(BEN, KEEPER, deed=deed(CEM, *keepers))


def test_a_city_is_never_without_a_steward() -> None:
    with pytest.raises(LastSteward, match="'zara' is the last steward"):
        withdraw(ZARA, STEWARD, deed=deed(ZARA))

    second = granted(BEN, "steward", None)
    assert withdraw(ZARA, STEWARD, deed=deed(ZARA, second)).body.agent == ZARA
    assert withdraw(ZARA, STEWARD, deed=deed(BEN, second)).body.agent == ZARA


def test_nothing_about_people_is_dated_ahead() -> None:
    with pytest.raises(AheadOfTime, match="would begin or end at 2024-01-10"):
        grant(BEN, KEEPER, deed=deed(ZARA, occurred=10))


def test_only_a_group_is_belonged_to_and_only_by_who_is_in_the_record() -> None:
    assert join(BEN, NORTH, deed=deed(ZARA)).body == MembershipBegan(member=BEN, group=NORTH)
    with pytest.raises(AgentSenseless, match="Agent 'nobody' is not in the record"):
        join(AgentId("nobody"), NORTH, deed=deed(ZARA))
    with pytest.raises(AgentSenseless, match="Agent 'outside' is not in the record"):
        join(BOUNDARY[0], NORTH, deed=deed(ZARA))
    with pytest.raises(NotPermitted, match="for 'cem'"):
        join(BEN, CEM, deed=deed(ZARA))
    with pytest.raises(AgentSenseless, match="would be member of the whole city"):
        grant(BEN, Office("member", None), deed=deed(ZARA))


def test_no_two_belong_to_each_other() -> None:
    with pytest.raises(AgentSenseless, match="'south' itself belongs to 'north'"):
        join(NORTH, SOUTH, deed=deed(ZARA, draft(MembershipBegan(member=SOUTH, group=NORTH))))
    with pytest.raises(AgentSenseless, match="'north' itself belongs to 'north'"):
        join(NORTH, NORTH, deed=deed(ZARA))


def test_who_belongs_does_not_join_again_and_who_does_not_cannot_leave() -> None:
    member = draft(MembershipBegan(member=BEN, group=NORTH))

    with pytest.raises(AlreadySo, match="'ben' belongs to 'north'"):
        join(BEN, NORTH, deed=deed(ZARA, member))
    assert leave(BEN, NORTH, deed=deed(BEN, member)).author == BEN
    with pytest.raises(AlreadySo, match="'ben' does not belong to 'north'"):
        leave(BEN, NORTH, deed=deed(ZARA))
    with pytest.raises(NotPermitted, match="'cem' may not end membership for 'north'"):
        leave(BEN, NORTH, deed=deed(CEM, member))


def test_a_household_lets_its_own_in_once_it_has_a_member() -> None:
    assert join(BEN, ELM, deed=deed(ZARA)).body.group == ELM
    assert join(BEN, OAK, deed=deed(ANA)).body.group == OAK
    with pytest.raises(NotPermitted, match="'zara' may not begin membership for 'oak'"):
        join(BEN, OAK, deed=deed(ZARA))


def test_a_private_name_never_enters_the_record() -> None:
    fay = AgentId("person:1")

    assert declare_agent(fay, name=fay, sort="person", deed=deed(ZARA)).body.name == fay
    with pytest.raises(AgentSenseless, match="would be named in the record"):
        declare_agent(fay, name="Fay Wray", sort="person", deed=deed(ZARA))
    made = declare_agent(AgentId("hub"), name="The hub", sort="organisation", deed=deed(ZARA))
    assert made.body.name == "The hub"


def test_who_is_in_the_record_is_not_declared_again() -> None:
    for agent in (OAK, *BOUNDARY):
        with pytest.raises(AlreadySo, match="is in the record"):
            declare_agent(agent, name="Oak", sort="organisation", deed=deed(ZARA))
    with pytest.raises(NotPermitted, match="'ben' may not declare agent for the city"):
        declare_agent(AgentId("hub"), name="hub", sort="commons", deed=deed(BEN))
