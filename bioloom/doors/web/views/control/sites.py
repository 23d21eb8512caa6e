"""Sites of the control room: what each is to take, what it took, and the room it has left."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from bioloom.circuits.proposing import period_of
from bioloom.circuits.replanning.undertaken import Undertaken
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.entries.disruptions import Disrupting
from bioloom.vocabulary.entries.ledger import SiteDeclared
from bioloom.vocabulary.places import SiteId

# Taking nothing; with less room, or ways cut; full by the plan; none of these.
SiteState = Literal["down", "cut", "full", "up"]
_FULL = 0.995
_ORDER: tuple[SiteState, ...] = ("down", "cut", "full", "up")


class SiteRow(msgspec.Struct, frozen=True, kw_only=True):
    """A site in the days of the plan in force; masses in milligrams.

    Attributes:
        room_mg: What it can take in those days, by what is declared of it.
        planned_mg: What the plan brings there.
        taken_mg: What was handed over there of what it was promised.
    """

    site: SiteId
    state: SiteState
    per_day_mg: int
    room_mg: int
    planned_mg: int
    taken_mg: int

    @property
    def fullness(self) -> float:
        """The share of its room that the plan fills, 0 to 1."""
        return min(1.0, self.planned_mg / self.room_mg) if self.room_mg else 0.0

    @property
    def progress(self) -> float:
        """The share of what is planned that has come, 0 to 1."""
        return min(1.0, self.taken_mg / self.planned_mg) if self.planned_mg else 0.0


def site_rows(
    declared: Declared, plan: PlanProposed | None, undertaken: Iterable[Undertaken], today: date
) -> tuple[SiteRow, ...]:
    """Every site, those that take nothing first.

    Args:
        declared: The city's sites.
        plan: The plan in force; without one nothing is planned, and the room is a day's.
        undertaken: The commitments of it and of what it stands on, those that ended too.
        today: The city's day, by which a site is out or not.
    """
    planned_mg = Counter[SiteId]()
    for flow in () if plan is None else plan.flows:
        planned_mg[flow.site] += flow.mass_mg
    # By site, for whoever receives it may run several.
    taken_mg = Counter[SiteId]()
    for one in undertaken:
        taken_mg[one.way[2]] += one.done_mg
    days = 1 if plan is None else period_of(plan).days
    rows = []
    for site in declared.sites.values():
        per_day_mg = sum(intake.capacity_mg_per_day for intake in site.intakes)
        row = SiteRow(
            site=site.site,
            state="up",
            per_day_mg=per_day_mg,
            room_mg=per_day_mg * days,
            planned_mg=planned_mg[site.site],
            taken_mg=taken_mg[site.site],
        )
        rows.append(
            msgspec.structs.replace(row, state=_state(row, _hindering(site, declared, today)))
        )
    return tuple(sorted(rows, key=lambda row: (_ORDER.index(row.state), -row.fullness, row.site)))


def _hindering(site: SiteDeclared, declared: Declared, today: date) -> set[Disrupting]:
    """What stands in a site's way on a day."""
    return {
        one.reported.kind
        for one in declared.disruptions.reported.values()
        if one.is_on(today)
        and (one.reported.site == site.site or one.reported.agent == site.operator)
    }


def _state(row: SiteRow, hindering: set[Disrupting]) -> SiteState:
    if row.per_day_mg == 0 or "site_down" in hindering:
        return "down"
    if hindering:
        return "cut"
    return "full" if row.fullness >= _FULL else "up"
