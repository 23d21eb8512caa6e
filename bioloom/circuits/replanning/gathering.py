"""Gathering: what a revision is made from, out of the record."""

from zoneinfo import ZoneInfo

from bioloom.circuits.codes.trying import rulebook
from bioloom.circuits.proposing import PlansKnown, period_of
from bioloom.circuits.replanning.trying import Before, Figures
from bioloom.circuits.replanning.undertaken import under_way, undertaken
from bioloom.ledger.inventory import offered_mg
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.periods import Period


def figures_of(
    journal: Journal, period: Period, zone: ZoneInfo, *, backlog: bool = False
) -> Figures:
    """What a plan of a period is made from, as the record has it now.

    Raises:
        PeriodCutByCode: If other Codes are in force on some of its days than on others.
    """
    declared = journal.declared()
    return Figures(
        declared=declared,
        offered_mg=offered_mg(journal, period, zone, backlog=backlog),
        period=period,
        with_backlog=backlog,
        codes=rulebook(journal, declared, period),
    )


def in_force(
    proposed: PlanProposed, figures: Figures, known: PlansKnown, journal: Journal
) -> Before:
    """A plan in force as what is to be revised, with what of it was handed over already."""
    commitments = undertaken(proposed.plan, known, journal)
    return Before(
        flows=proposed.flows,
        unmet=proposed.unmet,
        proposed=proposed,
        under_way=under_way(proposed.flows, commitments, figures.offered_mg),
    )


def figures_for(proposed: PlanProposed, journal: Journal, zone: ZoneInfo) -> Figures:
    """What the plan of a proposal's days is made from now."""
    return figures_of(journal, period_of(proposed), zone, backlog=proposed.with_backlog)
