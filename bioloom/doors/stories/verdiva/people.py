"""Verdiva's people: those of the story, teams, and households under pseudonyms."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from bioloom.doors.stories.verdiva.places import QUARTERS, District
from bioloom.vocabulary.agents import AgentId, operator_of
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import MembershipBegan, Role, RoleGranted

OPERATOR = AgentId("person:liam-correia")
ASSEMBLY = AgentId("assembly")

# Agent, name and what they are in the story.
PERSONS = (
    (AgentId("person:zara-kellan"), "Zara Kellan, Waste Guardian and biologist"),
    (OPERATOR, "Liam Correia, architect and operator of the circuits"),
    (AgentId("person:asha-verid"), "Asha Verid, artist"),
    (AgentId("person:caleb-rocha"), "Caleb Rocha, speaker for the Ecosystem Codes"),
)


class Household(NamedTuple):
    """A household that keeps an account of its own."""

    agent: AgentId
    district: District
    # How often it gives, against the average of 1000.
    zeal_per_mille: int


def households(districts: Sequence[District], seed: int) -> tuple[Household, ...]:
    """The households of all districts, under pseudonyms that follow from the seed."""
    return tuple(
        _household(district, number, seed)
        for district in districts
        for number in range(district.accounts)
    )


def agents(households: Sequence[Household]) -> Iterator[AgentDeclared]:
    """Everybody who acts in Verdiva, beside the districts' commons and the sites' operators."""
    for person, name in PERSONS:
        yield AgentDeclared(agent=person, name=name, sort="person")
    for quarter in QUARTERS.values():
        yield AgentDeclared(agent=quarter.team, name=f"Waste Guardians of the {quarter.name}")
    yield AgentDeclared(agent=ASSEMBLY, name="Covenant Assembly of Verdiva", sort="commons")
    for one in households:
        name = f"Household {one.agent.partition(':')[2]}"
        yield AgentDeclared(agent=one.agent, name=name, sort="household")


def memberships(households: Sequence[Household]) -> Iterator[MembershipBegan]:
    """Who belongs to what when the year begins, each by their own word."""
    zara, liam, asha, caleb = (person for person, _ in PERSONS)
    for quarter in QUARTERS.values():
        yield MembershipBegan(member=zara, group=quarter.team)
    yield MembershipBegan(member=asha, group=operator_of("studio_verid"))
    for person in (zara, liam, asha, caleb):
        yield MembershipBegan(member=person, group=ASSEMBLY)
    for one in households:
        yield MembershipBegan(member=one.agent, group=one.district.body.commons)


def roles() -> Iterator[RoleGranted]:
    """Who may do what: Liam plans, the assembly adopts, Caleb runs it, Zara and Asha their own."""
    zara, liam, asha, caleb = (person for person, _ in PERSONS)
    granted: tuple[tuple[AgentId, Role, AgentId | None], ...] = (
        (liam, "operator", None),
        (ASSEMBLY, "steward", None),
        (caleb, "steward", ASSEMBLY),
        (asha, "operator", operator_of("studio_verid")),
        *((zara, "steward", quarter.team) for quarter in QUARTERS.values()),
    )
    for agent, role, scope in granted:
        yield RoleGranted(agent=agent, role=role, scope=scope)


def _household(district: District, number: int, seed: int) -> Household:
    # A digest, so that the pseudonym tells neither the district nor the order.
    named = sha256(f"verdiva:{seed}:{district.body.district}:{number}".encode()).hexdigest()
    zeal_per_mille = 500 + int(named[10:14], 16) * 1000 // 0xFFFF
    return Household(AgentId(f"household:{named[:8]}"), district, zeal_per_mille)
