"""Acting on plans: a steward proposes one and adopts one, and the record keeps both."""

from collections.abc import Iterator
from functools import partial

import msgspec

from bioloom.circuits.binding.reading import bonds_of
from bioloom.circuits.codes.governing import pose_under
from bioloom.circuits.planning import Plan
from bioloom.circuits.proposing import (
    PlanOfNothing,
    inputs_sha256,
    named,
    period_of,
    propose,
)
from bioloom.circuits.proving.flowing import require_possible
from bioloom.circuits.replanning.adopting import Adoption, adopt
from bioloom.circuits.replanning.gathering import supply_for
from bioloom.circuits.replanning.undertaken import undertaken, undertaken_elsewhere
from bioloom.doors.compose import City, now
from bioloom.doors.register.deciding import decide_once, see_that_may
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import provisions_of
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.permitting import THE_CITY, may
from bioloom.ledger.transferring import AgentUnknown
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import CommitmentMade, PlanAdopted, PlanProposed
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant


def propose_plan(
    city: City, made: Plan, *, author: AgentId, at: Instant | None = None
) -> PlanProposed:
    """Record a plan as a proposal, now or at an instant. Proposed again, it is the same proposal.

    Raises:
        NotPermitted: If the author may not propose plans.
        PlanOnlyTried: If it leaves sites out, or tries Codes.
        PlanUnproven: If the checker does not vouch for it.
        PlanOfNothing: If nothing is offered on its days, and it replaces no plan.
    """
    see_that_may(city, author, "propose_plan", at=at)
    proposal, known = propose(made, plan=""), city.plans()
    says = proposal.flows or proposal.unmet or proposal.stored or proposal.onward
    if not says and known.in_force_for(made.period) is None:
        raise PlanOfNothing(period=made.period)
    again = named(proposal)
    if again.plan in known.adopted and again.plan not in known.in_force:
        # It was in force and was replaced; what it commits now is another promise.
        again = named(proposal, instead_of=known.in_force_for(made.period))
    return record_proposal(city, again, author=author, at=at)


def record_proposal(
    city: City, proposal: PlanProposed, *, author: AgentId, at: Instant | None = None
) -> PlanProposed:
    """Record a proposal, unless the record has it already.

    Raises:
        NotPermitted: If the author may not propose plans.
    """

    def deciding(deed: Deed) -> Draft[PlanProposed]:
        may(author, "propose_plan", THE_CITY, deed.people, at=deed.at)
        key = f"plan:{proposal.plan}"
        return Draft(body=proposal, occurred_at=deed.when, author=author, idempotency_key=key)

    decide_once(city, author, deciding, occurred_at=at or city.clock(), clock=lambda: at or now())
    return proposal


def put_in_force(city: City, plan: str, *, author: AgentId, at: Instant | None = None) -> Adoption:
    """Put a proposed plan in force, now or at an instant, in place of any for the same days.

    Commitments that it leaves alone stand, those that it changes end but for what is under way, and
    what it brings besides is committed.

    Raises:
        NotPermitted: If the author may not adopt plans.
        PlanUnknown: If nobody proposed it.
        PlanAlreadyAdopted: If it was adopted before.
        FiguresChanged: If the record's figures for the period are others now.
        PeriodTaken: If a plan for other days is in force on some of its days.
        PeriodCutByCode: If other Codes are in force on some of its days than on others.
        FlowsImpossible: If its flows could not be, whatever the proposal says.
        RevisionOvertaken, LotsMissing: As `replanning.adopting.adopt`.
        RecordMovedOn: If something was recorded meanwhile.
    """
    journal, zone, decided_at = city.journal, city.settings.zone, city.journal.head().seq
    see_that_may(city, author, "adopt_plan", at=at)  # Nobody else learns which plans there are.
    known, declared = city.plans(), journal.declared()
    proposed = known.named(plan)
    period = period_of(proposed)
    before, backlog = known.in_force_for(period), proposed.with_backlog
    lots = supply_for(journal, period, zone, known, backlog=backlog)
    offered = {node: sum(lot.mass_mg for lot in held) for node, held in lots.items()}
    rules = provisions_of(codes_of(journal).over(period))
    bonds = bonds_of(journal, declared, lots)
    posed = partial(pose_under, declared, offered, period, rules, bound=bonds.heaps)
    in_force = None if before is None else before.plan
    counted = {lot.lot for held in lots.values() for lot in held}
    adopted, adoption = adopt(
        plan,
        known,
        declared,
        current_inputs_sha256=inputs_sha256(posed(), period),
        supply_lots=lots,
        commitments=[] if in_force is None else undertaken(in_force, known, journal),
        elsewhere=undertaken_elsewhere(in_force, counted, known, journal) if backlog else (),
        bonds=bonds,
    )
    gone = city.gone(period, offered, backlog=backlog)
    require_possible(plan, proposed.flows, posed(in_force=proposed.flows, under_way=gone))
    happened = at or city.clock()
    drafts = [
        Draft(body=body, occurred_at=happened, author=author, idempotency_key=key)
        for key, body in _keyed(adopted, adoption)
    ]
    journal.record(drafts, recorded_at=at or now(), decided_at=decided_at)
    return adoption


def adopt_plan(
    city: City, plan: str, *, author: AgentId, at: Instant | None = None
) -> tuple[CommitmentMade, ...]:
    """Put a proposed plan in force; the commitments that come with it.

    Raises:
        As `put_in_force`.
    """
    return put_in_force(city, plan, author=author, at=at).made


def _keyed(adopted: PlanAdopted, adoption: Adoption) -> Iterator[tuple[str, msgspec.Struct]]:
    yield f"adopted:{adopted.plan}", adopted
    for one in adoption.ended:
        # Of what is under way another plan may end the rest.
        key = f"{one.plan}:{one.commitment}" if one.under_way_mg else one.commitment
        yield f"ended:{key}", one
    for made in adoption.made:
        yield made.commitment, made


def acting_as(city: City, name: str | None) -> AgentId:
    """The agent a person acts as on the command line: the steward unless they say otherwise.

    Raises:
        AgentUnknown: If nobody declared that agent.
    """
    agent = city.settings.steward if name is None else AgentId(name)
    if agent not in city.journal.declared().agents:
        raise AgentUnknown(agent=agent)
    return agent
