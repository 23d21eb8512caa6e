"""Inviting: one person, once, by somebody who may; and the record learns no name."""

from pathlib import Path

import pytest

from bioloom.doors.compose import City, found_city, now
from bioloom.doors.register.deciding import decide, see_that_may
from bioloom.doors.register.inviting import (
    INVITATION_MS,
    InvitationRefused,
    accept_invitation,
    invitation_of,
    invite,
    open_invitations,
    withdraw_invitation,
)
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import NameUnusable, Register
from bioloom.doors.register.secrets import later
from bioloom.ledger.people.deciding import AlreadySo, SelfGranted, withdraw
from bioloom.ledger.people.people import Office, people_of
from bioloom.ledger.people.permitting import About, NotPermitted
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from tests.doors.register.guests import NORTH, SOUTH, STEWARD, guest

MEMBER, KEEPER = Office("member", NORTH), Office("steward", NORTH)


def test_who_accepts_an_invitation_is_in_the_record_by_a_pseudonym_alone(
    register: Register, city: City
) -> None:
    invited = invite(register, city, KEEPER, by=STEWARD)

    session, secret = accept_invitation(register, city, invited.secret, name="Zara Kellan")

    people = people_of(city.journal)
    assert people.agents[session.agent] == "person"
    assert people.offices_of(session.agent, on=now()) == {KEEPER}
    assert people.belongs(session.agent, NORTH, on=now())
    assert register.name_of(session.agent) == "Zara Kellan"
    assert register.sessions.session_of(secret, at=now()) == session
    assert not any(b"Zara" in row.text for row in city.journal.store.rows())
    assert verify(city.journal.store).holds


def test_an_invitation_is_accepted_once(register: Register, city: City) -> None:
    invited = invite(register, city, MEMBER, by=STEWARD)
    accept_invitation(register, city, invited.secret, name="Zara")
    head = city.journal.head()

    with pytest.raises(InvitationRefused, match="was accepted or taken back"):
        accept_invitation(register, city, invited.secret, name="Mallory")
    assert city.journal.head() == head


def test_an_invitation_that_is_too_old_lets_nobody_in(register: Register, city: City) -> None:
    invited = invite(register, city, MEMBER, by=STEWARD)
    last = later(invited.invitation.issued_at, INVITATION_MS - 1)

    assert invitation_of(register, invited.secret, at=last) == invited.invitation
    assert open_invitations(register, at=last) == [invited.invitation]
    with pytest.raises(InvitationRefused, match="was good until"):
        accept_invitation(register, city, invited.secret, name="Zara", clock=lambda: later(last, 1))


def test_an_invitation_to_one_city_is_none_to_another(
    register: Register, city: City, tmp_path: Path
) -> None:
    invited = invite(register, city, MEMBER, by=STEWARD)

    with (
        found_city(tmp_path / "other", token="o") as other,
        open_register(other) as others,
        pytest.raises(InvitationRefused, match="is not known in this city"),
    ):
        accept_invitation(others, other, invited.secret, name="Zara")
    accept_invitation(register, city, invited.secret, name="Zara")


def test_an_invitation_is_worth_what_the_one_who_invited_may_do_when_it_is_accepted(
    register: Register, city: City
) -> None:
    keeper = guest(register, city, "Kay", "steward")
    kept, lost = (invite(register, city, MEMBER, by=keeper) for _ in range(2))
    accept_invitation(register, city, kept.secret, name="Zara")

    decide(city, STEWARD, lambda deed: [withdraw(keeper, KEEPER, deed=deed)])

    head = city.journal.head()
    with pytest.raises(NotPermitted, match="may not invite for 'north'"):
        accept_invitation(register, city, lost.secret, name="Mallory")
    assert city.journal.head() == head


def test_a_steward_of_one_commons_invites_into_no_other_nor_into_the_city(
    register: Register, city: City
) -> None:
    keeper = guest(register, city, "Kay", "steward")

    invite(register, city, MEMBER, by=keeper)
    for office in (Office("member", SOUTH), Office("steward", SOUTH), Office("steward", None)):
        with pytest.raises(NotPermitted, match="may not invite"):
            invite(register, city, office, by=keeper)


def test_a_member_invites_nobody(register: Register, city: City) -> None:
    member = guest(register, city, "Mia")

    with pytest.raises(NotPermitted, match="may not invite for 'north'"):
        invite(register, city, MEMBER, by=member)


def test_nobody_accepts_their_own_invitation_to_a_role(register: Register, city: City) -> None:
    operators = Office("operator", NORTH)
    invited = invite(register, city, operators, by=STEWARD)

    with pytest.raises(SelfGranted, match="'steward' would make itself operator"):
        accept_invitation(register, city, invited.secret, agent=STEWARD)
    mia = guest(register, city, "Mia")
    accept_invitation(register, city, invited.secret, agent=mia)
    assert operators in people_of(city.journal).offices_of(mia, on=now())


def test_who_is_in_the_record_joins_a_second_commons_under_the_same_pseudonym(
    register: Register, city: City
) -> None:
    mia = guest(register, city, "Mia")
    agents = people_of(city.journal).agents

    invited = invite(register, city, Office("member", SOUTH), by=STEWARD)
    session, _ = accept_invitation(register, city, invited.secret, agent=mia)

    assert session.agent == mia
    assert people_of(city.journal).agents == agents
    assert people_of(city.journal).groups_of(mia, on=now()) == {NORTH, SOUTH}


def test_an_acceptance_that_broke_off_after_the_record_is_taken_up_again(
    register: Register, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited = invite(register, city, KEEPER, by=STEWARD)
    with monkeypatch.context() as broken:
        broken.setattr(register.sessions, "begin", _break_off)
        with pytest.raises(KeyboardInterrupt, match="the power went"):
            accept_invitation(register, city, invited.secret, name="Zara")
    head = city.journal.head()
    assert register.names() == {}

    session, _ = accept_invitation(register, city, invited.secret, name="Zara")

    assert city.journal.head() == head
    assert register.names() == {session.agent: "Zara"}


def _break_off(*_: object, **__: object) -> None:
    raise KeyboardInterrupt("the power went")


def test_an_invitation_is_taken_back_by_who_invites_there(register: Register, city: City) -> None:
    keeper, other = guest(register, city, "Kay", "steward"), guest(register, city, "Mia")
    invited = invite(register, city, MEMBER, by=STEWARD)

    with pytest.raises(NotPermitted, match="may not invite for 'north'"):
        withdraw_invitation(register, city, invited.invitation.id, by=other)
    assert withdraw_invitation(register, city, invited.invitation.id, by=keeper)
    assert not withdraw_invitation(register, city, invited.invitation.id, by=keeper)
    with pytest.raises(InvitationRefused, match="is not known in this city"):
        accept_invitation(register, city, invited.secret, name="Zara")


@pytest.mark.parametrize(
    "name", ["", " \t\n", "x" * 81, "ev\u202eil", "nul\0", "\udcff"], ids=ascii
)
def test_a_name_that_cannot_be_shown_is_refused_before_anything_is_recorded(
    register: Register, city: City, name: str
) -> None:
    invited = invite(register, city, MEMBER, by=STEWARD)
    head = city.journal.head()

    with pytest.raises(NameUnusable, match="The name"):
        accept_invitation(register, city, invited.secret, name=name)
    assert city.journal.head() == head


def test_nobody_is_invited_to_what_they_cannot_be(register: Register, city: City) -> None:
    with pytest.raises(NotPermitted, match="may not invite for 'nowhere'"):
        invite(register, city, Office("member", AgentId("nowhere")), by=STEWARD)


def test_an_old_session_proves_who_one_is_and_no_role_that_was_withdrawn(
    register: Register, city: City
) -> None:
    invited = invite(register, city, KEEPER, by=STEWARD)
    session, secret = accept_invitation(register, city, invited.secret, name="Kay")
    about = About(sides=(NORTH,))
    see_that_may(city, session.agent, "transfer_rights", about)

    decide(city, STEWARD, lambda deed: [withdraw(session.agent, KEEPER, deed=deed)])

    assert register.sessions.session_of(secret, at=now()) == session
    with pytest.raises(NotPermitted, match="may not transfer rights for 'north'"):
        see_that_may(city, session.agent, "transfer_rights", about)


def test_a_role_that_is_held_is_not_accepted_again(register: Register, city: City) -> None:
    keeper = guest(register, city, "Kay", "steward")
    invited = invite(register, city, KEEPER, by=STEWARD)

    with pytest.raises(AlreadySo, match="is steward of north"):
        accept_invitation(register, city, invited.secret, agent=keeper)
