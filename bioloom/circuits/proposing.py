"""Proposing: a plan becomes a proposal, and what a proposal brings becomes commitments."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bioloom.circuits.binding.assigning import Lots
from bioloom.circuits.binding.reading import NO_BONDS, Bonds
from bioloom.circuits.planning import Plan
from bioloom.circuits.posing import Node, Problem
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import (
    CommitmentMade,
    Flow,
    PartPlanned,
    PlanAdopted,
    PlanOutdated,
    PlanProposed,
)
from bioloom.vocabulary.entries.disruptions import MoveVetoed
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.lots import Portion
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.refusal import Refusal


class PlanOnlyTried(Refusal):
    """A plan that leaves sites out, or tries Codes, shows what would follow; nobody adopts it."""

    def __init__(self, *, without: Sequence[str], codes: Sequence[str] = ()) -> None:
        self.without, self.codes = tuple(without), tuple(codes)
        left_out = [f"leaves out {', '.join(self.without)}"] if without else []
        tries = [f"tries other Codes: {', '.join(self.codes)}"] if codes else []
        super().__init__(
            what=f"This plan {' and '.join([*left_out, *tries])}.",
            why="It shows what would follow; adopting it would commit lots around an open site, or "
            "past a Code.",
            remedy="Plan without leaving a site out, or correct the site's declared capacity; "
            "enact or repeal a Code first.",
        )


class PlanUnproven(Refusal):
    """The checker found a fault in a plan."""

    def __init__(self, *, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            what=f"The checker does not vouch for this plan: {'; '.join(self.faults)}.",
            why="Nobody should be asked to adopt a plan that may not be the fairest.",
            remedy="Look for a mass or a capacity that is far too large or small, and plan anew.",
        )


class PlanOfNothing(Refusal):
    """A plan of days on which nobody offers anything."""

    def __init__(self, *, period: Period) -> None:
        self.period = period
        super().__init__(
            what=f"Nothing is offered from {period}, so there is nothing to propose.",
            why="Adopting it would promise nobody anything, and keep its days taken.",
            remedy="Record lots of these days first, or propose days that have some.",
        )


class PlanUnknown(Refusal):
    """A plan that nobody proposed."""

    def __init__(self, *, plan: str) -> None:
        self.plan = plan
        super().__init__(
            what=f"No plan '{plan}' was proposed.",
            why="Only a proposed plan can be adopted.",
            remedy="Propose one with 'bioloom plan --propose', and use the id it prints.",
        )


class PlanAlreadyAdopted(Refusal):
    """A plan that was adopted before."""

    def __init__(self, *, plan: str) -> None:
        self.plan = plan
        super().__init__(
            what=f"Plan '{plan}' was adopted before.",
            why="Adopting it again would commit the same lots twice.",
            remedy="Propose a new plan if the period is to be planned anew.",
        )


class FiguresChanged(Refusal):
    """The figures a plan was made from are no longer those of the record."""

    def __init__(
        self,
        *,
        plan: str,
        proposed_sha256: str,
        current_sha256: str,
        vetoes: Sequence[str] = (),
        newer: str | None = None,
        revises: bool = False,
    ) -> None:
        self.plan, self.vetoes, self.newer = plan, tuple(vetoes), newer
        self.proposed_sha256, self.current_sha256 = proposed_sha256, current_sha256
        super().__init__(
            what=f"The figures have changed since plan '{plan}' was proposed"
            + (f": a move of it was vetoed ({', '.join(vetoes)})." if vetoes else "."),
            why="It would divide masses and rooms that are no longer so.",
            remedy=_anew(revises=revises, newer=newer),
        )


def _anew(*, revises: bool, newer: str | None) -> str:
    """How to come to a plan of the figures as they are."""
    if newer is not None:
        return f"Adopt plan '{newer}', which was proposed for the same days from these figures."
    if revises:
        return "Make the revision anew, `bioloom circuits replan DIR --propose`, and accept that."
    return "Propose the period anew, `bioloom plan DIR --propose`, and adopt that plan."


class PeriodTaken(Refusal):
    """Another period that shares days with this one has a plan in force."""

    def __init__(self, *, plan: str, in_force: str, period: Period) -> None:
        self.plan, self.in_force, self.period = plan, in_force, period
        super().__init__(
            what=f"Plan '{in_force}' is in force from {period}.",
            why=f"Plan '{plan}' shares days with it, and their lots would be committed twice.",
            remedy="Plan the same period, which replaces that plan, or days outside of it.",
        )


@dataclass(slots=True, kw_only=True)
class PlansKnown:
    """The plans proposed and adopted so far: a fold over the record."""

    proposed: dict[str, PlanProposed] = field(default_factory=dict)
    # In the order of adoption, those replaced left out.
    in_force: list[str] = field(default_factory=list)
    adopted: set[str] = field(default_factory=set)
    # Those whose figures have changed since they were proposed.
    outdated: set[str] = field(default_factory=set)
    # By plan: the one that it replaced, whose commitments stand on.
    _stands_on: dict[str, str] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing about plans."""
        match entry.body:
            case PlanProposed() as proposal:
                self.proposed[proposal.plan] = proposal
            case PlanAdopted() as adoption:
                self.adopted.add(adoption.plan)
                self.in_force = [plan for plan in self.in_force if plan != adoption.supersedes]
                self.in_force.append(adoption.plan)
                if adoption.revises and adoption.supersedes is not None:
                    self._stands_on[adoption.plan] = adoption.supersedes
            case PlanOutdated() as noticed:
                self.outdated.add(noticed.plan)

    def named(self, plan: str) -> PlanProposed:
        """The proposal of this id.

        Raises:
            PlanUnknown: If there is none.
        """
        if plan not in self.proposed:
            raise PlanUnknown(plan=plan)
        return self.proposed[plan]

    def stands_on(self, plan: str) -> list[str]:
        """A plan, the one that it replaced, and so on; the commitments of all of them stand."""
        chain = [plan]
        while (before := self._stands_on.get(chain[-1])) is not None:
            chain.append(before)
        return chain

    def in_force_for(self, period: Period) -> PlanProposed | None:
        """The adopted plan of exactly this period that no other has replaced."""
        plans = [self.proposed[plan] for plan in self.in_force]
        return next((plan for plan in reversed(plans) if period_of(plan) == period), None)


def period_of(proposed: PlanProposed) -> Period:
    """The days a proposal plans."""
    return Period(first=proposed.first_day, last=proposed.last_day)


def inputs_sha256(problem: Problem, period: Period) -> str:
    """The hash that names all figures a plan is made from, and nothing else.

    Hexadecimal SHA-256 of a JSON text of ids and integers; ways count in whole metres, needs in
    thousandths. What is under way is a figure where there is any: a plan made around it may be
    none without it. The plan in force is none: what it changes is a matter of taste.
    """
    figures = (
        (period.first, period.last),
        problem.nodes,
        problem.supply_mg.tolist(),
        problem.hazardous.tolist(),
        problem.cells,
        problem.cell_of_node.tolist(),
        (problem.need * 1000).round().astype(int).tolist(),
        problem.sites,
        problem.capacity_mg.tolist(),
        problem.arc_node.tolist(),
        problem.arc_intake.tolist(),
        (problem.arc_km * 1000).round().astype(int).tolist(),
    )
    digest = hashlib.sha256(msgspec.json.encode(figures))
    wider = _wider_figures(problem)
    if problem.bonds:
        digest.update(msgspec.json.encode(problem.bonds))
    # Appended, so that the figures of cities without any of it are named as they always were.
    if any(wider):
        digest.update(msgspec.json.encode(wider))
    if problem.floor_mg.any():
        digest.update(msgspec.json.encode(problem.floor_mg.tolist()))
    return digest.hexdigest()


def _wider_figures(problem: Problem) -> tuple[list[Any], ...]:
    """Stores, yields, lanes, guarantees and ranks; all empty in a city that has none."""
    stores, yields, lanes = problem.stores, problem.yields, problem.lanes
    arrays = (
        *(stores.capacity_mg, stores.store, stores.giver, stores.taker),
        *(yields.left_most_mg, yields.stock_mg, yields.intake, yields.product, yields.per_mille),
        *(lanes.capacity_mg, lanes.lane, lanes.arc),
        *(problem.most_unmet_mg, problem.rank),
    )
    return list(yields.products), *(array.tolist() for array in arrays)


def propose(made: Plan, *, plan: str) -> PlanProposed:
    """Put a plan before the city under an id.

    Raises:
        PlanOnlyTried: If it leaves sites out, or tries Codes.
        PlanUnproven: If the checker found a fault in it.
    """
    if made.without or made.tried_codes:
        raise PlanOnlyTried(without=made.without, codes=made.tried_codes)
    if not made.checked:
        raise PlanUnproven(faults=made.faults)
    return PlanProposed(
        plan=plan,
        first_day=made.period.first,
        last_day=made.period.last,
        with_backlog=made.with_backlog,
        inputs_sha256=inputs_sha256(made.plain(), made.period),
        flows=made.flows,
        unmet=made.unmet,
        stages=made.stages,
        reasons=dict(made.reasons),
        stored=made.movements.stored,
        onward=made.movements.onward,
        parts=tuple(
            PartPlanned(
                inputs_sha256=inputs_sha256(part.problem, made.period),
                stages=len(part.verdict.proofs),
            )
            for part in made.parts
        ),
    )


def named(proposal: PlanProposed, *, instead_of: PlanProposed | None = None) -> PlanProposed:
    """A proposal named by what it says, so that a double click proposes once.

    Args:
        proposal: Whatever it is named.
        instead_of: The plan that it is to replace, if that is part of what it says.
    """
    before = () if instead_of is None else (instead_of.plan,)
    bare = msgspec.structs.replace(proposal, plan="")
    digest = hashlib.sha256(b"".join(map(msgspec.json.encode, (bare, *before)))).hexdigest()[:10]
    name = f"{proposal.first_day}_{proposal.last_day}_{digest}"
    return msgspec.structs.replace(proposal, plan=name)


def require_adoptable(
    plan: str,
    known: PlansKnown,
    current_inputs_sha256: str,
    *,
    vetoes: Iterable[MoveVetoed] = (),
) -> tuple[PlanProposed, PlanProposed | None]:
    """A proposal that can be put in force now, and the plan that it replaces.

    Args:
        plan: The id of the proposal.
        known: All plans so far.
        current_inputs_sha256: `inputs_sha256` of the period as the record has it now.
        vetoes: Those that stand; the refusal names any of a move of this plan.

    Raises:
        PlanUnknown, PlanAlreadyAdopted, FiguresChanged, PeriodTaken.
    """
    proposed = known.named(plan)
    if plan in known.adopted:
        raise PlanAlreadyAdopted(plan=plan)
    if proposed.inputs_sha256 != current_inputs_sha256:
        raise FiguresChanged(
            plan=plan,
            proposed_sha256=proposed.inputs_sha256,
            current_sha256=current_inputs_sha256,
            vetoes=[f"{one.veto}: {one.reason}" for one in vetoes if one.plan == plan],
            newer=_newer(proposed, known, current_inputs_sha256),
            revises=proposed.revises is not None,
        )
    period = period_of(proposed)
    for other in known.in_force:
        taken = period_of(known.proposed[other])
        if taken != period and taken.overlaps(period):
            raise PeriodTaken(plan=plan, in_force=other, period=taken)
    return proposed, known.in_force_for(period)


def _newer(proposed: PlanProposed, known: PlansKnown, current_inputs_sha256: str) -> str | None:
    """The newest open proposal of the same days that was made from the figures as they are."""
    period = period_of(proposed)
    for other in reversed(known.proposed.values()):
        fresh = other.inputs_sha256 == current_inputs_sha256
        is_open = other.plan not in known.adopted and other.revises in (None, *known.in_force)
        if fresh and is_open and period_of(other) == period:
            return other.plan
    return None


def commitment_of(plan: str, flow: Flow) -> str:
    """The name of the commitment that a plan makes for a flow."""
    return f"{plan}/{flow.district}/{flow.material}/{flow.site}"


def commit(
    proposed: PlanProposed,
    declared: Declared,
    supply_lots: Mapping[Node, Sequence[Portion]],
    bonds: Bonds = NO_BONDS,
) -> list[CommitmentMade]:
    """A commitment for each flow of a plan, of the oldest lots of each of its supply nodes.

    Raises:
        LotsMissing: If the lots that may go there are lighter than a flow.
    """
    lots = Lots(supply_lots, bonds)
    return [
        CommitmentMade(
            commitment=commitment_of(proposed.plan, flow),
            plan=proposed.plan,
            provider=declared.districts[flow.district].commons,
            receiver=declared.sites[flow.site].operator,
            material=flow.material,
            lots=lots.take(flow),
            mass_mg=flow.mass_mg,
            due=proposed.last_day,
        )
        for flow in proposed.flows
    ]
