"""What decisions led to: budget lines with what is promised and paid, effects, the agenda."""

from dataclasses import dataclass, field
from typing import Any

from bioloom.assembly.mandates.refusing import known_as
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.proposals import (
    BudgetCommitted,
    BudgetLineMade,
    BudgetPaid,
    EffectDeclared,
    EffectId,
    EffectMeasured,
    ItemReturned,
    LineId,
    ProposalDrafted,
    ProposalId,
)


@dataclass(slots=True)
class Line:
    """A budget line, in minor units of the city's currency."""

    made: BudgetLineMade
    seq: int
    commitments: dict[str, BudgetCommitted] = field(default_factory=dict)
    payments: dict[str, BudgetPaid] = field(default_factory=dict)

    @property
    def committed_minor(self) -> int:
        """How much of it is promised."""
        return sum(one.amount_minor for one in self.commitments.values())

    @property
    def paid_minor(self) -> int:
        """How much of it was paid."""
        return sum(one.amount_minor for one in self.payments.values())

    def paid_of(self, commitment: str) -> int:
        """How much of one promise was paid [minor units]."""
        return sum(
            one.amount_minor for one in self.payments.values() if one.commitment == commitment
        )


@dataclass(slots=True)
class Effect:
    """What was to follow, what the record showed, and which proposal took it up again."""

    declared: EffectDeclared
    seq: int
    measured: EffectMeasured | None = None
    returned: ItemReturned | None = None
    taken_up_by: ProposalId | None = None


@dataclass(slots=True)
class Consequences:
    """All that followed from decisions: a pure fold, which passes over what names nothing."""

    lines: dict[LineId, Line] = field(default_factory=dict)
    effects: dict[EffectId, Effect] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing of consequences."""
        match entry.body:
            case BudgetLineMade() as made:
                self.lines.setdefault(made.line, Line(made, entry.seq))
            case BudgetCommitted() as committed if committed.line in self.lines:
                self.lines[committed.line].commitments.setdefault(committed.commitment, committed)
            case BudgetPaid() as paid if paid.line in self.lines:
                self.lines[paid.line].payments.setdefault(paid.payment, paid)
            case EffectDeclared() as declared:
                self.effects.setdefault(declared.effect, Effect(declared, entry.seq))
            case EffectMeasured() as measured if measured.effect in self.effects:
                self.effects[measured.effect].measured = measured
            case ItemReturned() as returned if returned.effect in self.effects:
                self.effects[returned.effect].returned = returned
            case ProposalDrafted(item=item, proposal=proposal) if item in self.effects:
                self.effects[item].taken_up_by = proposal

    def agenda(self, assembly: str) -> list[Effect]:
        """The missed effects that no proposal of an assembly took up yet, the oldest first."""
        return [
            one
            for one in self.effects.values()
            if one.returned is not None
            and one.declared.assembly == assembly
            and one.taken_up_by is None
        ]

    def line(self, name: str) -> Line:
        """A budget line by its name.

        Raises:
            NotInAssembly: If no decision made it.
        """
        return known_as("budget line", name, self.lines)
