"""Proposals as they stand: versions, authors, objections, counts, and what was decided."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bioloom.assembly.mandates.refusing import known_as
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.proposals import (
    CoAuthorAccepted,
    CoAuthorInvited,
    DecisionTaken,
    Draught,
    ObjectionAnswered,
    ObjectionClosed,
    ObjectionId,
    ObjectionRaised,
    ProposalDrafted,
    ProposalId,
    ProposalRevised,
    VotesCounted,
)
from bioloom.vocabulary.periods import Instant

ObjectionState = Literal["open", "answered", "settled", "dissent"]


@dataclass(slots=True)
class Version:
    """One version of a proposal: what it says, who said it so, when, and why anew."""

    draught: Draught
    author: AgentId
    seq: int
    recorded_at: Instant
    reason: str = ""


@dataclass(slots=True)
class Objection:
    """An objection, the answers to it, and how it was closed."""

    raised: ObjectionRaised
    seq: int
    answers: list[ObjectionAnswered] = field(default_factory=list)
    closed: ObjectionClosed | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still stands in the way of a decision."""
        return self.closed is None

    @property
    def state(self) -> ObjectionState:
        """How far it came."""
        if self.closed is not None:
            return self.closed.how
        return "answered" if self.answers else "open"


@dataclass(slots=True)
class Proposal:
    """A proposal with all that was said and decided of it."""

    drafted: ProposalDrafted
    versions: list[Version]
    authors: list[AgentId]
    invited: set[AgentId] = field(default_factory=set)
    objections: dict[ObjectionId, Objection] = field(default_factory=dict)
    # What each of the rounds of counting the newest version found, by who counted.
    rounds: list[dict[AgentId, VotesCounted]] = field(default_factory=list)
    # The rounds that a decision rests on already.
    rounds_used: int = 0
    decisions: list[DecisionTaken] = field(default_factory=list)

    @property
    def newest(self) -> Version:
        """Its newest version."""
        return self.versions[-1]

    @property
    def number(self) -> int:
        """The number of its newest version; the first is 1."""
        return len(self.versions)

    @property
    def open_objections(self) -> list[Objection]:
        """Those that stand in the way of a decision."""
        return [one for one in self.objections.values() if one.is_open]

    @property
    def decided(self) -> DecisionTaken | None:
        """The decision that ends it; one without a quorum does not."""
        final = [one for one in self.decisions if one.outcome != "no_quorum"]
        return final[0] if final else None

    def fold(self, entry: Entry[Any]) -> None:
        """Take in what was said of this proposal; what comes after its decision counts no more."""
        if self.decided is not None:
            return
        match entry.body:
            case ProposalRevised() as said if said.version == self.number + 1:
                self.versions.append(
                    Version(said.draught, entry.author, entry.seq, entry.recorded_at, said.reason)
                )
                self.rounds, self.rounds_used = [], 0
            case CoAuthorInvited(who=who):
                self.invited.add(who)
            case CoAuthorAccepted(who=who) if who in self.invited and entry.author == who:
                self.invited.discard(who)
                self.authors.append(who)
            case VotesCounted() as count if count.version == self.number:
                while len(self.rounds) < count.round:
                    self.rounds.append({})
                self.rounds[count.round - 1].setdefault(entry.author, count)
            case DecisionTaken() as taken:
                self.decisions.append(taken)
                self.rounds_used = len(self.rounds)
            case ObjectionRaised() | ObjectionAnswered() | ObjectionClosed():
                self._object(entry)

    def _object(self, entry: Entry[Any]) -> None:
        known = self.objections.get(entry.body.objection)
        match entry.body:
            case ObjectionRaised() as raised if known is None:
                self.objections[raised.objection] = Objection(raised, entry.seq)
            case ObjectionAnswered() as answered if known is not None:
                known.answers.append(answered)
            case ObjectionClosed() as closed if known is not None and known.is_open:
                known.closed = closed


@dataclass(slots=True)
class Proposals:
    """All proposals of a record: a pure fold, which passes over what names nothing."""

    by_id: dict[ProposalId, Proposal] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing about proposals."""
        body = entry.body
        if isinstance(body, ProposalDrafted):
            first = Version(body.draught, entry.author, entry.seq, entry.recorded_at)
            self.by_id.setdefault(body.proposal, Proposal(body, [first], [entry.author]))
            return
        known = self.by_id.get(getattr(body, "proposal", ProposalId("")))
        if known is not None:
            known.fold(entry)

    def named(self, name: str) -> Proposal:
        """A proposal by its name.

        Raises:
            NotInAssembly: If nobody drafted it.
        """
        return known_as("proposal", name, self.by_id)
