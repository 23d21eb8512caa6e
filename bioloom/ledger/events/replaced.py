"""Replaced: which commitments of plans are owed no longer, because another plan decides."""

from dataclasses import dataclass, field

import msgspec

from bioloom.vocabulary.entries.circuits import CommitmentEnded, CommitmentMade, PlanAdopted


@dataclass(slots=True)
class Replaced:
    """Plans that were replaced, and commitments that were ended: a fold over the record.

    A revision leaves the commitments of what it revises, save those that it ends. Whatever replaces
    a revision without revising it replaces all that it stands on.
    """

    plans: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    # Commitments of which nothing is left but what was under way.
    _cut: dict[str, CommitmentEnded] = field(default_factory=dict)
    # By a revision: the plan that it revises.
    _stands_on: dict[str, str] = field(default_factory=dict)

    def fold(self, body: object) -> None:
        """Take in what an entry says of plans."""
        match body:
            case PlanAdopted(supersedes=str(before), revises=True):
                self._stands_on[body.plan] = before
            case PlanAdopted(supersedes=str(before)):
                self.plans.add(before)
                while (before := self._stands_on.get(before, "")) != "":
                    self.plans.add(before)
            case CommitmentEnded(commitment=commitment, under_way_mg=0):
                self.ended.add(commitment)
            case CommitmentEnded(commitment=commitment):
                self._cut[commitment] = body

    def has(self, made: CommitmentMade) -> bool:
        """Whether a commitment is owed no longer."""
        return made.plan in self.plans or made.commitment in self.ended

    def as_it_stands(self, made: CommitmentMade) -> CommitmentMade:
        """A commitment, or what is left of it where all but what was under way ended."""
        cut = self._cut.get(made.commitment)
        if cut is None:
            return made
        mass_mg = cut.done_mg + cut.under_way_mg
        return msgspec.structs.replace(made, lots=cut.lots, mass_mg=mass_mg)
