"""What is shown of a period whose Codes cannot be kept together: they, and the plan in force."""

from collections.abc import Sequence

import msgspec

from bioloom.circuits.codes.conflicting import CodesConflict, Relaxation
from bioloom.circuits.proposing import PlansKnown, period_of
from bioloom.doors.web.views.plan_view import FlowRow, flow_rows
from bioloom.ledger.codes.standing import Version
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId


class RuleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the conflict: where its Code stands in the record, and what it has to become."""

    title: str
    seq: int
    relaxed: Relaxation


class LastPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in force, which stays so: what it sends where, and why."""

    plan: str
    period: Period
    # Whether it is of the very days that are asked about.
    is_of_period: bool
    flows: tuple[FlowRow, ...]
    unmet_mg: int
    reasons: dict[DistrictId, str]


class Unplanned(msgspec.Struct, frozen=True, kw_only=True):
    """A period without a plan, as its Codes cannot be kept together."""

    period: Period
    rules: tuple[RuleRow, ...]
    is_smallest: bool
    last: LastPlan | None


def view_unplanned(
    period: Period, conflict: CodesConflict, codes: Sequence[Version], known: PlansKnown
) -> Unplanned:
    """Arrange a conflict for reading.

    Args:
        period: The days that were to be planned.
        conflict: What cannot be kept on them.
        codes: The versions in force on them.
        known: All plans so far.
    """
    version_of = {version.terms.code: version for version in codes}
    rules = tuple(
        RuleRow(title=version_of[one.code].terms.title, seq=version_of[one.code].seq, relaxed=one)
        for one in conflict.relaxations
    )
    return Unplanned(
        period=period,
        rules=rules,
        is_smallest=conflict.is_smallest,
        last=_last(period, known),
    )


def _last(period: Period, known: PlansKnown) -> LastPlan | None:
    """The plan in force of some days; if they have none, the one that was put in force last."""
    of_period = known.in_force_for(period)
    plan = of_period or (known.proposed[known.in_force[-1]] if known.in_force else None)
    if plan is None:
        return None
    return LastPlan(
        plan=plan.plan,
        period=period_of(plan),
        is_of_period=of_period is not None,
        flows=flow_rows(plan.flows, plan.unmet),
        unmet_mg=sum(rest.mass_mg for rest in plan.unmet),
        reasons=dict(plan.reasons),
    )
