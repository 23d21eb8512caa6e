"""Deciding about people: who is declared, who joins and leaves, who gets and loses a role."""

from typing import TypeVar

import msgspec

from bioloom.ledger.people.people import Office, People
from bioloom.ledger.people.permitting import THE_CITY, About, may
from bioloom.ledger.people.roles import IN_THE_CITY
from bioloom.vocabulary.agents import BOUNDARY, PRIVATE_SORTS, AgentId, AgentSort
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import (
    MembershipAccepted,
    MembershipBegan,
    MembershipEnded,
    Role,
    RoleGranted,
    RoleWithdrawn,
)
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

B = TypeVar("B", bound=msgspec.Struct)


class AgentSenseless(Refusal):
    """A person, a group or a role that cannot be what somebody says it is."""

    def __init__(self, *, agent: AgentId, what: str, why: str, remedy: str) -> None:
        self.agent = agent
        super().__init__(what=what, why=why, remedy=remedy)


class AlreadySo(Refusal):
    """Something should begin that is so already, or end that is not."""

    def __init__(self, *, agent: AgentId, found: str) -> None:
        self.agent = agent
        super().__init__(
            what=f"'{agent}' {found} at that time.",
            why="The record says when things begin and end; twice would say nothing.",
            remedy="See how it is with `bioloom people list`, and give another time if need be.",
        )


class AheadOfTime(Refusal):
    """Something about a person is dated in the future."""

    def __init__(self, *, occurred_at: Instant, at: Instant) -> None:
        self.occurred_at, self.at = occurred_at, at
        super().__init__(
            what=f"It would begin or end at {occurred_at}, and now it is {at}.",
            why="What is withdrawn today would come back by itself.",
            remedy="Record it when it happens.",
        )


class SelfGranted(Refusal):
    """An agent would give a role to itself."""

    def __init__(self, *, agent: AgentId, role: Role) -> None:
        self.agent, self.role = agent, role
        super().__init__(
            what=f"'{agent}' would make itself {role}.",
            why="A role is given by somebody who has the right to, never taken.",
            remedy="Ask another steward.",
        )


class LastSteward(Refusal):
    """The city would be without a steward."""

    def __init__(self, *, agent: AgentId) -> None:
        self.agent = agent
        super().__init__(
            what=f"'{agent}' is the last steward of the city.",
            why="Without one, nobody could ever grant a role again.",
            remedy="Make somebody else a steward first.",
        )


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Who decides, on which record, when it is now, and since when it is to be so.

    Attributes:
        by: Who decides.
        people: Everybody, as the record has them.
        at: Now.
        occurred_at: When it happened; now unless given.
    """

    by: AgentId
    people: People
    at: Instant
    occurred_at: Instant | None = None

    @property
    def when(self) -> Instant:
        """When it happened."""
        return self.at if self.occurred_at is None else self.occurred_at


def there(office: Office) -> About:
    """Whom a role binds: its commons or organisation, or the whole city."""
    return THE_CITY if office.scope is None else About(sides=(office.scope,))


def declare_agent(
    agent: AgentId, *, name: str, sort: AgentSort, deed: Deed
) -> Draft[AgentDeclared]:
    """Decide that an agent is in the record from now on.

    Args:
        agent: Its id; of a person or a household a pseudonym, which says nothing of them.
        name: What it is called in public; of the private their pseudonym again.
        sort: What it is.
        deed: Who decides, and when.

    Raises:
        NotPermitted: If the one who decides may not.
        AlreadySo: If there is an agent of that id.
        AgentSenseless: If the record would have a private name in it.
    """
    may(deed.by, "declare_agent", THE_CITY, deed.people, at=deed.at)
    if agent in deed.people.agents or agent in BOUNDARY:
        raise AlreadySo(agent=agent, found="is in the record")
    return newcomer(agent, name=name, sort=sort, deed=deed)


def newcomer(agent: AgentId, *, name: str, sort: AgentSort, deed: Deed) -> Draft[AgentDeclared]:
    """The entry of a new agent whom somebody was permitted to let in, such as by an invitation.

    Raises:
        AgentSenseless: If the record would have a private name in it.
    """
    if sort in PRIVATE_SORTS and name != agent:
        raise AgentSenseless(
            agent=agent,
            what=f"'{agent}' is a {sort}, and would be named in the record.",
            why="The record cannot forget; names stand in the register, which can.",
            remedy="Give its pseudonym as its name, and its name to the register.",
        )
    body = AgentDeclared(agent=agent, name=name, sort=sort)
    return _draft(body, f"agent:{agent}", deed)


def join(member: AgentId, group: AgentId, *, deed: Deed) -> Draft[MembershipBegan]:
    """Decide that an agent belongs to a group.

    Raises:
        NotPermitted: If the one who decides does not let people into this group.
        AgentSenseless: If it is no group, or belongs to the member itself.
        AlreadySo: If it belongs to it already.
        AheadOfTime: If it is dated in the future.
    """
    may(deed.by, "begin_membership", About(sides=(group,)), deed.people, at=deed.at)
    _see_that_known(member, deed)
    _see_that_a_group(group, deed)
    if member == group or member in deed.people.groups_of(group, on=deed.when):
        raise AgentSenseless(
            agent=group,
            what=f"'{group}' itself belongs to '{member}'.",
            why="Two that belong to each other would have each other's rights without end.",
            remedy="Let only one of them be a member of the other.",
        )
    if deed.people.belongs(member, group, on=deed.when):
        raise AlreadySo(agent=member, found=f"belongs to '{group}'")
    body = MembershipBegan(member=member, group=group)
    return _draft(body, f"joined:{member}:{group}:{deed.when}", deed)


def accept(member: AgentId, group: AgentId, *, deed: Deed) -> Draft[MembershipAccepted]:
    """Decide, as a member, that covenants of a group may bind what one owns.

    Raises:
        NotPermitted: If it is not the member's own word.
        AlreadySo: If it does not belong to it, or has given its word.
        AheadOfTime: If it is dated in the future.
    """
    may(deed.by, "accept_membership", About(sides=(member,)), deed.people, at=deed.at)
    if not deed.people.belongs(member, group, on=deed.when):
        raise AlreadySo(agent=member, found=f"does not belong to '{group}'")
    if deed.people.gave_word(member, group, on=deed.at):
        raise AlreadySo(agent=member, found=f"belongs to '{group}' by their own word")
    return own_word(member, group, deed=deed)


def own_word(member: AgentId, group: AgentId, *, deed: Deed) -> Draft[MembershipAccepted]:
    """The entry of a word that somebody gives, such as by accepting an invitation.

    Raises:
        AheadOfTime: If it is dated in the future.
    """
    body = MembershipAccepted(member=member, group=group)
    return _draft(body, f"accepted:{member}:{group}:{deed.when}", deed)


def leave(member: AgentId, group: AgentId, *, deed: Deed) -> Draft[MembershipEnded]:
    """Decide that an agent belongs to a group no longer; its roles there end with it.

    Raises:
        NotPermitted: If it is neither the member's own decision nor the group's.
        AlreadySo: If it does not belong to it.
        AheadOfTime: If it is dated in the future.
    """
    # Anybody may leave; otherwise it is for the group to say.
    side = member if deed.by == member else group
    may(deed.by, "end_membership", About(sides=(side,)), deed.people, at=deed.at)
    if not deed.people.belongs(member, group, on=deed.when):
        raise AlreadySo(agent=member, found=f"does not belong to '{group}'")
    body = MembershipEnded(member=member, group=group)
    return _draft(body, f"left:{member}:{group}:{deed.when}", deed)


def grant(agent: AgentId, office: Office, *, deed: Deed) -> Draft[RoleGranted]:
    """Decide that an agent has a role.

    Raises:
        NotPermitted: If the one who decides may not give roles there.
        SelfGranted: If it would be their own.
        AgentSenseless: If the role means nothing there.
        AlreadySo: If the agent has it.
        AheadOfTime: If it is dated in the future.
    """
    may(deed.by, "grant_role", there(office), deed.people, at=deed.at)
    if deed.by == agent:
        raise SelfGranted(agent=agent, role=office.role)
    _see_that_known(agent, deed)
    if office.scope is not None:
        _see_that_a_group(office.scope, deed)
    elif not IN_THE_CITY[office.role]:
        raise AgentSenseless(
            agent=agent,
            what=f"'{agent}' would be {office.role} of the whole city.",
            why="Everybody is; one belongs to something in it.",
            remedy="Name the organisation or commons with --scope.",
        )
    if office in deed.people.offices_of(agent, on=deed.when):
        raise AlreadySo(agent=agent, found=f"is {office}")
    body = RoleGranted(agent=agent, role=office.role, scope=office.scope)
    return _draft(body, f"granted:{agent}:{office.role}:{_name(office)}:{deed.when}", deed)


def withdraw(agent: AgentId, office: Office, *, deed: Deed) -> Draft[RoleWithdrawn]:
    """Decide that an agent has a role no longer. Anybody may lay down their own.

    Raises:
        NotPermitted: If the one who decides may not take roles there.
        AlreadySo: If the agent does not have it.
        LastSteward: If nobody would be steward of the city.
        AheadOfTime: If it is dated in the future.
    """
    whose = About(sides=(agent,)) if deed.by == agent else there(office)
    may(deed.by, "withdraw_role", whose, deed.people, at=deed.at)
    if office not in deed.people.offices_of(agent, on=deed.when):
        raise AlreadySo(agent=agent, found=f"is not {office}")
    if office == Office("steward", None):
        others = deed.people.holders_of(office, on=deed.at) - {agent}
        if not others:
            raise LastSteward(agent=agent)
    body = RoleWithdrawn(agent=agent, role=office.role, scope=office.scope)
    return _draft(body, f"withdrawn:{agent}:{office.role}:{_name(office)}:{deed.when}", deed)


def _draft(body: B, key: str, deed: Deed) -> Draft[B]:
    if deed.when > deed.at:
        raise AheadOfTime(occurred_at=deed.when, at=deed.at)
    return Draft(body=body, occurred_at=deed.when, author=deed.by, idempotency_key=key)


def _name(office: Office) -> str:
    # An agent may be called "city"; none is called by an empty text.
    return office.scope or ""


def _see_that_known(agent: AgentId, deed: Deed) -> None:
    if agent not in deed.people.agents or agent in BOUNDARY:
        raise AgentSenseless(
            agent=agent,
            what=f"Agent '{agent}' is not in the record.",
            why="A role or a membership is always somebody's.",
            remedy="Declare or invite them first, or correct the name.",
        )


def _see_that_a_group(group: AgentId, deed: Deed) -> None:
    sort = deed.people.agents.get(group)
    if sort not in ("household", "organisation", "commons"):
        raise AgentSenseless(
            agent=group,
            what=f"'{group}' is {'a ' + sort if sort else 'not in the record'}.",
            why="One belongs to, and acts for, a household, an organisation or a commons.",
            remedy="Name one of these; `bioloom people list` shows them.",
        )
