"""Acting on plans: a steward proposes one and adopts one, and the record keeps both."""

from bioloom.circuits.codes.governing import pose_under
from bioloom.circuits.planning import Plan
from bioloom.circuits.proposing import adopt, inputs_sha256, named, period_of, propose
from bioloom.doors.compose import City, now
from bioloom.doors.register.deciding import see_that_may
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import provisions_of
from bioloom.ledger.inventory import supply_lots
from bioloom.ledger.transferring import AgentUnknown
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import CommitmentMade, PlanProposed
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
    """
    see_that_may(city, author, "propose_plan", at=at)
    return record_proposal(city, named(propose(made, plan="")), author=author, at=at)


def record_proposal(
    city: City, proposal: PlanProposed, *, author: AgentId, at: Instant | None = None
) -> PlanProposed:
    """Record a proposal, unless the record has it already."""
    key = f"plan:{proposal.plan}"
    if not city.journal.current([key]):
        happened = at or city.clock()
        draft = Draft(body=proposal, occurred_at=happened, author=author, idempotency_key=key)
        city.journal.record([draft], recorded_at=at or now())
    return proposal


def adopt_plan(
    city: City, plan: str, *, author: AgentId, at: Instant | None = None
) -> tuple[CommitmentMade, ...]:
    """Put a proposed plan in force, now or at an instant, with a commitment for each of its flows.

    Raises:
        NotPermitted: If the author may not adopt plans.
        PlanUnknown: If nobody proposed it.
        PlanAlreadyAdopted: If it was adopted before.
        FiguresChanged: If the record's figures for the period are others now.
        PeriodTaken: If a plan for other days is in force on some of its days.
        PeriodCutByCode: If other Codes are in force on some of its days than on others.
        RecordMovedOn: If something was recorded meanwhile.
    """
    see_that_may(city, author, "adopt_plan", at=at)
    journal, zone = city.journal, city.settings.zone
    decided_at = journal.head().seq
    known, declared = city.plans(), journal.declared()
    proposed = known.named(plan)
    period = period_of(proposed)
    lots = supply_lots(journal, period, zone, backlog=proposed.with_backlog)
    offered = {node: sum(lot.mass_mg for lot in held) for node, held in lots.items()}
    rules = provisions_of(codes_of(journal).over(period))
    problem = pose_under(declared, offered, period, rules)
    adoption, commitments = adopt(
        plan,
        known,
        declared,
        current_inputs_sha256=inputs_sha256(problem, period),
        supply_lots=lots,
    )
    happened = at or city.clock()
    key = f"adopted:{plan}"
    adopted = Draft(body=adoption, occurred_at=happened, author=author, idempotency_key=key)
    committed = [
        Draft(body=made, occurred_at=happened, author=author, idempotency_key=made.commitment)
        for made in commitments
    ]
    journal.record([adopted, *committed], recorded_at=at or now(), decided_at=decided_at)
    return commitments


def acting_as(city: City, name: str | None) -> AgentId:
    """The agent a person acts as on the command line: the steward unless they say otherwise.

    Raises:
        AgentUnknown: If nobody declared that agent.
    """
    agent = city.settings.steward if name is None else AgentId(name)
    if agent not in city.journal.declared().agents:
        raise AgentUnknown(agent=agent)
    return agent
