"""A town whose figures are no practice, and four people in it."""

from pathlib import Path

from bioloom.doors.compose import City, found_city, now
from bioloom.ledger.declaring import declare
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import MembershipBegan, RoleGranted
from tests.doors.monthly_city import fill_with_months

ANA, BEN, OLA, STEWARD = map(AgentId, ("person:ana", "person:ben", "person:ola", "steward"))
ALDER_ROW, DIGESTER = AgentId("commons:01"), AgentId("site:digester")


def town_of_neighbours(folder: Path) -> City:
    """Ana and Ben belong to Alder Row by their own word; Ola runs the digester."""
    city = found_city(
        folder, name="Town", languages=("en", "es"), stamp="reported", token="a-token"
    )
    fill_with_months(city)
    at = now()
    bodies = [
        *(AgentDeclared(agent=agent, name="Neighbour", sort="person") for agent in (ANA, BEN, OLA)),
        *(MembershipBegan(member=agent, group=ALDER_ROW) for agent in (ANA, BEN)),
        RoleGranted(agent=OLA, role="operator", scope=DIGESTER),
    ]
    drafts = [
        declare(body, key=f"people:{number}", author=getattr(body, "member", STEWARD), at=at)
        for number, body in enumerate(bodies)
    ]
    city.journal.record(drafts, recorded_at=at)
    return city
