"""Permitting: whether an agent may do something, by the record alone. What is not said is denied.

Judged at the time of recording: dating an act back to when one still had a role opens nothing.
"""

import msgspec

from bioloom.ledger.people.people import Office, People
from bioloom.ledger.people.roles import (
    CITY_STEWARD,
    FOR_AN_EMPTY_HOUSEHOLD,
    FOR_ONESELF,
    FOR_THE_PRIVATE,
    IN_A_HOUSEHOLD,
    IN_SCOPE,
    IN_THE_CITY,
    Act,
)
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal


class NotPermitted(Refusal):
    """Nothing in the record permits this agent this act."""

    def __init__(self, *, actor: AgentId, act: Act, side: AgentId | None) -> None:
        self.actor, self.act, self.side = actor, act, side
        whose = "the city" if side is None else f"'{side}'"
        super().__init__(
            what=f"'{actor}' may not {act.replace('_', ' ')} for {whose}.",
            why="Everything is denied that no role in the record permits.",
            remedy=f"Ask a steward of {whose} to do it, or for a role; or act as somebody who may.",
        )


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an act binds. The actor must stand for one side, and every other must have agreed.

    Attributes:
        sides: Whose lots, site, commons or records it is about. None at all: the whole city.
        agreed: Those who said yes in the record, such as by a promise that the act fulfils.
        author: Of a correction: who recorded what it corrects.
    """

    sides: tuple[AgentId, ...] = ()
    agreed: frozenset[AgentId] = frozenset()
    author: AgentId | None = None


THE_CITY = About()


def may(actor: AgentId, act: Act, about: About, people: People, *, at: Instant) -> None:
    """Return if an agent may do something now; refuse otherwise.

    Accounts at the city's edge are nobody: they need not agree, and nobody acts as one.

    Args:
        actor: Who acts.
        act: What they do.
        about: Whom it binds.
        people: Everybody, as the record has them.
        at: Now.

    Raises:
        NotPermitted: If nothing in the record permits it.

    Example:
        >>> ana, noon = AgentId("ana"), Instant("2024-01-01T12:00:00.000Z")
        >>> may(ana, "give_lot", About(sides=(ana,)), People(agents={ana: "person"}), at=noon)
    """
    if about.author == actor and act == "correct_entry":
        act = "correct_own"
    sides = [side for side in dict.fromkeys(about.sides) if side not in BOUNDARY]
    is_known = actor in people.agents and actor not in BOUNDARY
    if not is_known or not (sides or _may_in_the_city(actor, act, people, at)):
        raise NotPermitted(actor=actor, act=act, side=None)
    own = {side for side in sides if _stands_for(actor, act, side, people, at)}
    if sides and not own:
        # Two who agreed need nobody third to say so.
        raise NotPermitted(actor=actor, act=act, side=sides[0])
    for side in sides:
        if side not in own and side not in about.agreed:
            raise NotPermitted(actor=actor, act=act, side=side)


def stands_for(actor: AgentId, act: Act, side: AgentId, people: People, *, at: Instant) -> bool:
    """Whether an agent may do something for another, or for themselves."""
    return actor in people.agents and _stands_for(actor, act, side, people, at)


def _stands_for(actor: AgentId, act: Act, side: AgentId, people: People, at: Instant) -> bool:
    if act == "accept_membership":
        return people.speaks_for(actor, side, on=at)
    if actor == side:
        return act in FOR_ONESELF
    if people.is_private(side):
        return _stands_for_private(actor, act, side, people, at)
    offices = people.offices_of(actor, on=at)
    is_member = side in people.groups_of(actor, on=at)
    return (
        (is_member and act in IN_SCOPE["member"])
        or any(office.scope == side and act in IN_SCOPE[office.role] for office in offices)
        or (Office("steward", None) in offices and side in people.agents and act in CITY_STEWARD)
    )


def _stands_for_private(
    actor: AgentId, act: Act, side: AgentId, people: People, at: Instant
) -> bool:
    # Only a household is belonged to; and by oneself, as what a guest's guests do is not its own.
    if people.agents.get(side) == "household" and people.belongs(actor, side, on=at):
        return act in IN_A_HOUSEHOLD
    if side not in people.agents or not _is_city_steward(actor, people, at):
        return False
    is_empty = people.agents[side] == "household" and not people.had_members(side)
    return act in FOR_THE_PRIVATE or (is_empty and act in FOR_AN_EMPTY_HOUSEHOLD)


def _may_in_the_city(actor: AgentId, act: Act, people: People, at: Instant) -> bool:
    offices = people.offices_of(actor, on=at)
    return any(office.scope is None and act in IN_THE_CITY[office.role] for office in offices)


def _is_city_steward(actor: AgentId, people: People, at: Instant) -> bool:
    return Office("steward", None) in people.offices_of(actor, on=at)
