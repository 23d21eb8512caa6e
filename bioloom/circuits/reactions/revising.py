"""Revising: when something happens to a plan in force, the record gets a proposal for it."""

from collections.abc import Collection, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.circuits.codes.conflicting import CodesConflict
from bioloom.circuits.proposing import PlansKnown, named, period_of
from bioloom.circuits.replanning.gathering import figures_for, in_force
from bioloom.circuits.replanning.keeping import Kept
from bioloom.circuits.replanning.revising import propose_revision, revise
from bioloom.ledger.codes.standing import PeriodCutByCode
from bioloom.ledger.disruptions.disrupted import Disruptions
from bioloom.ledger.reactions.reaction import Following
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.circuits import PlanOutdated, PlanProposed
from bioloom.vocabulary.entries.disruptions import (
    DisruptionEnded,
    DisruptionReported,
    MoveVetoed,
    VetoLifted,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import Instant, Period


class Revising:
    """Proposes a revision of each plan in force that an event touches; people decide on it.

    Lots that arrive, and sites declared anew, count once: when the plan is noted to be outdated.
    """

    name, version = "revising", 1
    folds: Collection[str] = (
        *("PlanProposed", "PlanAdopted", "PlanOutdated"),
        *("DisruptionReported", "DisruptionEnded", "MoveVetoed", "VetoLifted"),
    )
    hears: Collection[str] = (
        *("DisruptionReported", "DisruptionEnded", "MoveVetoed", "VetoLifted", "PlanOutdated"),
    )

    def __init__(self, zone: ZoneInfo) -> None:
        """Know of no plan yet.

        Args:
            zone: The city's timezone, in which periods begin and end.
        """
        self._zone = zone
        self._known, self._disruptions = PlansKnown(), Disruptions()
        self._kept = Kept()

    def react(self, entry: Entry[Any], journal: Journal) -> Iterator[Following]:
        """A revision of each plan in force that may be touched, and is."""
        for name in self._known.in_force:
            plan = self._known.proposed[name]
            if self._may_touch(entry.body, plan):
                proposed = self._revised(plan, journal)
                if proposed is not None and proposed.plan not in self._known.proposed:
                    # It is known from here on, though the loop reads on before it folds it.
                    self._known.proposed[proposed.plan] = proposed
                    yield Following(
                        body=proposed, about=proposed.plan, occurred_at=entry.recorded_at
                    )

    def fold(self, entry: Entry[Any]) -> None:
        """Take in a plan, or what stands in the way of one."""
        self._known.fold(entry)
        self._disruptions.fold(entry.body)

    def due(self) -> Instant | None:
        """Nothing follows from time alone."""
        return None

    def _may_touch(self, body: object, plan: PlanProposed) -> bool:
        period = period_of(plan)
        match body:
            case PlanOutdated(plan=name):
                return name == plan.plan
            case DisruptionReported():
                return _overlaps(body, period)
            case DisruptionEnded(disruption=name):
                known = self._disruptions.reported.get(name)
                return known is not None and _overlaps(known.reported, period)
            case MoveVetoed() | VetoLifted():
                return True
            case _:
                return False

    def _revised(self, plan: PlanProposed, journal: Journal) -> PlanProposed | None:
        """The revision of a plan by the record of now; none where nothing would change.

        None either where Codes have no plan together: people have to decide first.
        """
        try:
            figures = figures_for(plan, journal, self._zone, self._known)
            before = in_force(plan, figures, self._known, journal)
            revision = revise(figures, before, kept=self._kept)
        except (PeriodCutByCode, CodesConflict):
            return None
        if not revision.plan.checked or revision.inputs_sha256 == plan.inputs_sha256:
            return None
        return named(propose_revision(revision, plan=""))


def _overlaps(body: DisruptionReported, period: Period) -> bool:
    return body.first_day <= period.last and (
        body.last_day is None or body.last_day >= period.first
    )
