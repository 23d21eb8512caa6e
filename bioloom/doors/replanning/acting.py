"""Acting: the plan in force is made again, and what changes is proposed."""

from collections.abc import Sequence
from dataclasses import replace

from bioloom.circuits.proposing import named, period_of
from bioloom.circuits.replanning.disrupting import require_sense
from bioloom.circuits.replanning.gathering import figures_of, in_force
from bioloom.circuits.replanning.keeping import Kept
from bioloom.circuits.replanning.revising import Revision, propose_revision, revise
from bioloom.circuits.replanning.surging import surged
from bioloom.circuits.replanning.trying import Before, Figures
from bioloom.doors.acting import record_proposal
from bioloom.doors.compose import City, NothingToPlan
from bioloom.doors.register.deciding import see_that_may
from bioloom.ledger.disruptions.disrupted import Disrupted
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.entries.disruptions import DisruptionReported
from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.refusal import Refusal


class NothingToRevise(Refusal):
    """A revision is to be proposed of days for which no plan is in force."""

    def __init__(self, *, period: Period) -> None:
        self.period = period
        super().__init__(
            what=f"No plan is in force from {period}.",
            why="A revision changes a plan in force as little as can be.",
            remedy="Propose a plan and adopt it: `bioloom plan DIR --propose`.",
        )


class NothingMoves(Refusal):
    """A revision is to be proposed that would change nothing."""

    def __init__(self, *, plan: str) -> None:
        self.plan = plan
        super().__init__(
            what=f"Plan '{plan}' stays as it is, whatever was recorded since.",
            why="There is nothing to accept or to veto.",
            remedy="Nothing needs to be done.",
        )


def replan(
    city: City,
    period: Period | None = None,
    *,
    happened: Sequence[DisruptionReported] = (),
    kept: Kept | None = None,
) -> Revision:
    """What changes in the plan in force, or in what one would be, were these to happen too.

    Nothing is written.

    Args:
        city: An open city.
        period: The days; those of the newest plan in force, or the newest month, unless given.
        happened: Disruptions that the record does not have.
        kept: Parts of plans settled before.

    Raises:
        NothingToPlan: If no period is given and the record has no lots.
        DisruptionSenseless: If one of them contradicts itself or the city.
        PlanUnsolved: If the solver fails.
    """
    plans, kept, period = city.plans(), kept or Kept(), period or period_to_replan(city)
    proposed = plans.in_force_for(period)
    backlog = proposed is not None and proposed.with_backlog
    figures = figures_of(city.journal, period, city.settings.zone, plans, backlog=backlog)
    if proposed is None:
        first = revise(figures, Before(flows=(), unmet=()), kept=kept).plan
        before = Before(flows=first.flows, unmet=first.unmet)
    else:
        before = in_force(proposed, figures, plans, city.journal)
    return revise(_as_if(figures, happened), before, kept=kept)


def period_to_replan(city: City) -> Period:
    """The days of the plan that was adopted last, or the newest month.

    Raises:
        NothingToPlan: If the record has no lots.
    """
    plans = city.plans()
    newest = period_of(plans.named(plans.in_force[-1])) if plans.in_force else city.newest_month()
    if newest is None:
        raise NothingToPlan
    return newest


def _as_if(figures: Figures, happened: Sequence[DisruptionReported]) -> Figures:
    """The figures were these to happen too; here a surge is of what was weighed."""
    for one in happened:
        require_sense(one, figures.declared)
    known = figures.declared.disruptions
    reported = known.reported | {one.disruption: Disrupted(reported=one) for one in happened}
    declared = replace(figures.declared, disruptions=replace(known, reported=reported))
    offered_mg = surged(figures.offered_mg, declared, happened, figures.period)
    return replace(figures, declared=declared, offered_mg=offered_mg)


def propose_replanned(
    city: City, revision: Revision, *, author: AgentId, at: Instant | None = None
) -> PlanProposed:
    """Record a revision as a proposal. Proposed again, it is the same proposal.

    Raises:
        NotPermitted: If the author may not propose plans.
        NothingToRevise: If no plan is in force for its days.
        NothingMoves: If it changes nothing.
        PlanUnproven: If the checker does not vouch for it.
    """
    see_that_may(city, author, "propose_plan", at=at)
    before = revision.before.proposed
    if before is None:
        raise NothingToRevise(period=revision.plan.period)
    if not revision.moves and revision.inputs_sha256 == before.inputs_sha256:
        raise NothingMoves(plan=before.plan)
    proposal = named(propose_revision(revision, plan=""))
    return record_proposal(city, proposal, author=author, at=at)
