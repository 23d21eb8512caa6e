"""Assemblies as they stand: their rules, their people, and who has which mandate."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bioloom.assembly.mandates.refusing import known_as
from bioloom.ledger.people.people import People
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyDeclared, AssemblyId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.mandates import (
    Duty,
    MandateGiven,
    MandateId,
    MandateLaidDown,
    MandateRecalled,
)
from bioloom.vocabulary.periods import Instant


@dataclass(slots=True)
class Mandate:
    """A mandate, and how it ended before its last day, if it did."""

    given: MandateGiven
    seq: int
    ended: MandateRecalled | MandateLaidDown | None = None

    def is_in_force(self, day: date) -> bool:
        """Whether it counts on a day, as far as is known now."""
        return self.ended is None and self.given.first_day <= day <= self.given.last_day


@dataclass(slots=True)
class Assembly:
    """An assembly by the newest of its declarations, with all mandates that it ever gave."""

    declared: AssemblyDeclared
    seq: int
    # How often it was declared.
    versions: int = 1
    mandates: dict[MandateId, Mandate] = field(default_factory=dict)

    def in_force(self, day: date) -> list[Mandate]:
        """Its mandates on a day."""
        return [one for one in self.mandates.values() if one.is_in_force(day)]

    def has_duty(self, agent: AgentId, duty: Duty, day: date) -> bool:
        """Whether somebody is trusted with a duty on a day."""
        return any(
            one.given.agent == agent and duty in one.given.duties for one in self.in_force(day)
        )


@dataclass(slots=True)
class Assemblies:
    """All assemblies of a record: a pure fold, which passes over what names nothing."""

    by_id: dict[AssemblyId, Assembly] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing about mandates."""
        match entry.body:
            case AssemblyDeclared() as declared:
                known = self.by_id.get(declared.assembly)
                if known is None:
                    self.by_id[declared.assembly] = Assembly(declared, entry.seq)
                else:
                    known.declared, known.versions = declared, known.versions + 1
            case MandateGiven() as given:
                if given.assembly in self.by_id:
                    mandates = self.by_id[given.assembly].mandates
                    mandates.setdefault(given.mandate, Mandate(given, entry.seq))
            case MandateRecalled() | MandateLaidDown() as ended:
                known = self.by_id.get(ended.assembly)
                if known is not None and ended.mandate in known.mandates:
                    known.mandates[ended.mandate].ended = ended

    def named(self, name: str) -> Assembly:
        """An assembly by its name.

        Raises:
            NotInAssembly: If nobody declared it.
        """
        return known_as("assembly", name, self.by_id)


def is_elector(who: AgentId, commons: AgentId, people: People, *, on: Instant) -> bool:
    """Whether a person belonged to a commons by their own word, or their household by its own."""
    if people.agents.get(who) != "person":
        return False
    groups, reached = people.groups_of(who, on=on), {who}
    while commons not in reached:
        more = {
            group
            for group in groups - reached
            if any(people.gave_word(one, group, on=on) for one in reached)
        }
        if not more:
            return False
        reached |= more
    return True


def electors_of(commons: AgentId, people: People, *, on: Instant) -> frozenset[AgentId]:
    """All persons who belonged to a commons as `is_elector` says it."""
    reached: set[AgentId] = set()
    waiting = {commons}
    while waiting:
        group = waiting.pop()
        more = people.bound_members_of(group, on=on) - reached
        reached |= more
        waiting |= {one for one in more if people.agents.get(one) != "person"}
    return frozenset(one for one in reached if people.agents.get(one) == "person")
