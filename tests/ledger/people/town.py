"""A small town's record for tests about people.

"zara" is steward of the city; "north" and "south" are commons, "mill" is a site's organisation,
"oak" and "elm" are households; "ana" lives in oak, which belongs to north. All is so from day 1.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from bioloom.ledger.people.people import People, people_of
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.agents import AgentId, AgentSort
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared, CityFounded
from bioloom.vocabulary.entries.people import MembershipBegan, Role, RoleGranted
from bioloom.vocabulary.periods import Instant

ZARA, ANA, BEN, CEM, DAN = map(AgentId, ("zara", "ana", "ben", "cem", "dan"))
NORTH, SOUTH, MILL, OAK, ELM = map(AgentId, ("north", "south", "mill", "oak", "elm"))
SORTS: dict[AgentId, AgentSort] = {
    ANA: "person",
    BEN: "person",
    CEM: "person",
    DAN: "person",
    NORTH: "commons",
    SOUTH: "commons",
    MILL: "organisation",
    OAK: "household",
    ELM: "household",
}


def noon(day: int) -> Instant:
    return Instant(f"2024-01-{day:02}T12:00:00.000Z")


def draft(
    body: msgspec.Struct, *, day: int = 1, key: str | None = None, author: AgentId = ZARA
) -> Draft[Any]:
    key = key or f"{type(body).__name__}:{msgspec.json.encode(body).decode()}:{day}"
    return Draft(body=body, occurred_at=noon(day), author=author, idempotency_key=key)


def town(*further: Draft[Any]) -> Journal:
    """The town's record, with some entries more, all recorded on day 1."""
    founded = CityFounded(name="town", timezone="UTC", steward=ZARA, stamp="reported")
    agents = [AgentDeclared(agent=agent, name=agent, sort=sort) for agent, sort in SORTS.items()]
    lives = [MembershipBegan(member=ANA, group=OAK), MembershipBegan(member=OAK, group=NORTH)]
    journal = Journal(MemoryStore())
    record(journal, [*map(draft, [founded, *agents, *lives]), *further])
    return journal


def record(journal: Journal, drafts: Sequence[Draft[Any]], *, day: int = 1) -> None:
    journal.record(drafts, recorded_at=noon(day))


def granted(agent: AgentId, role: Role, scope: AgentId | None, *, day: int = 1) -> Draft[Any]:
    return draft(RoleGranted(agent=agent, role=role, scope=scope), day=day)


def people(*further: Draft[Any]) -> People:
    return people_of(town(*further))
