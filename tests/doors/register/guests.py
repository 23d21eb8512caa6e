"""Guests: somebody who was invited into a city, for tests."""

from bioloom.doors.compose import City
from bioloom.doors.register.inviting import accept_invitation, invite
from bioloom.doors.register.register import Register
from bioloom.ledger.people.people import Office
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.people import Role

STEWARD, NORTH, SOUTH = map(AgentId, ("steward", "north", "south"))


def guest(
    register: Register, city: City, name: str, role: Role = "member", scope: AgentId | None = NORTH
) -> AgentId:
    """Somebody whom the city's steward has invited, and who came."""
    invited = invite(register, city, Office(role, scope), by=STEWARD)
    return accept_invitation(register, city, invited.secret, name=name).session.agent
