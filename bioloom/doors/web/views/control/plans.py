"""The plan of the control room: which is in force, what it places, and whom it serves worst."""

from collections import Counter
from datetime import date

import msgspec

from bioloom.circuits.proposing import PlansKnown, period_of
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.places import DistrictId


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in a few figures; masses in milligrams, the gap as a share of the value.

    Of a revision: which plan it changed, and how many moves it made. `waiting` are proposals of its
    days that nobody has adopted, the newest first.
    """

    plan: str
    first_day: date
    last_day: date
    is_now: bool
    is_outdated: bool
    placed_mg: int
    unmet_mg: int
    worst: DistrictId | None
    worst_share: float
    gap: float
    revises: str | None
    moves: int
    waiting: tuple[str, ...]


def plan_of_today(known: PlansKnown, today: date) -> PlanProposed | None:
    """The plan in force on a day, or else the last one before it, if there is any."""
    plans = [known.proposed[plan] for plan in known.in_force]
    now = next((plan for plan in reversed(plans) if period_of(plan).has(today)), None)
    begun = [plan for plan in plans if plan.first_day <= today]
    return now or max(begun, key=lambda plan: plan.first_day, default=None)


def plan_row(plan: PlanProposed, known: PlansKnown, today: date) -> PlanRow:
    """Arrange a plan for reading.

    Args:
        plan: The plan.
        known: All plans.
        today: The city's day.
    """
    placed_mg, unmet_mg = Counter[DistrictId](), Counter[DistrictId]()
    for flow in plan.flows:
        placed_mg[flow.district] += flow.mass_mg
    for rest in plan.unmet:
        unmet_mg[rest.district] += rest.mass_mg
    share = {
        district: placed_mg[district] / offered_mg
        for district in sorted({*placed_mg, *unmet_mg})
        if (offered_mg := placed_mg[district] + unmet_mg[district])
    }
    worst = min(share, key=lambda district: share[district], default=None)
    return PlanRow(
        plan=plan.plan,
        first_day=plan.first_day,
        last_day=plan.last_day,
        is_now=period_of(plan).has(today),
        is_outdated=plan.plan in known.outdated,
        placed_mg=placed_mg.total(),
        unmet_mg=unmet_mg.total(),
        worst=worst,
        worst_share=1.0 if worst is None else share[worst],
        revises=plan.revises,
        moves=len(plan.moves),
        waiting=_waiting(plan, known),
        gap=max((stage.gap for stage in plan.stages), default=0.0),
    )


def _waiting(plan: PlanProposed, known: PlansKnown) -> tuple[str, ...]:
    """Proposals that would revise a plan in force."""
    found = [one.plan for one in known.proposed.values() if one.revises == plan.plan]
    return tuple(name for name in reversed(found) if name not in known.adopted)
