"""Agents: who is accountable for a lot and who holds it, and the accounts at the city's edge."""

from typing import Literal, NewType

AgentId = NewType("AgentId", str)

# What agents are; lots of persons and households are shown to nobody else.
AgentSort = Literal["person", "household", "organisation", "commons", "programme"]
PRIVATE_SORTS: frozenset[AgentSort] = frozenset(("person", "household"))

# Boundary accounts may go below zero: what enters the record comes from them, what leaves it goes
# to them. Nothing appears from nowhere.
OUTSIDE = AgentId("outside")
AIR = AgentId("air")
WATER = AgentId("water")
SOIL = AgentId("soil")
UNACCOUNTED = AgentId("unaccounted")

# Inside a process or a container: what goes in as one lot may come out as others.
INSIDE = AgentId("inside")

BOUNDARY: tuple[AgentId, ...] = (OUTSIDE, AIR, WATER, SOIL, UNACCOUNTED, INSIDE)


def commons_of(district: str) -> AgentId:
    """The agent who owns what a district discards: its residents, as a commons."""
    return AgentId(f"commons:{district}")


def operator_of(site: str) -> AgentId:
    """The agent who takes lots in at a site."""
    return AgentId(f"site:{site}")
