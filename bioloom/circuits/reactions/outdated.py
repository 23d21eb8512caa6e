"""Outdated: when the figures of a plan in force change, the record says that it is out of date."""

from collections.abc import Collection, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.circuits.codes.governing import pose_under
from bioloom.circuits.proposing import PlansKnown, inputs_sha256, period_of
from bioloom.circuits.replanning.gathering import bonds_for, offered_for
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import CODE_KINDS, provisions_of
from bioloom.ledger.covenants.standing import COVENANT_KINDS
from bioloom.ledger.legs import legs_of
from bioloom.ledger.reactions.reaction import Following
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import OUTSIDE
from bioloom.vocabulary.entries.circuits import PlanOutdated, PlanProposed
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.periods import Instant, day_of, epoch_ms


class Outdated:
    """Compares the figures of each plan in force with those it was made from, until they differ."""

    name, version = "outdated", 1
    folds: Collection[str] = ("PlanProposed", "PlanAdopted", "PlanOutdated")
    hears: Collection[str] = (
        *("LotArrived", "EventHappened", "EventReversed"),
        *("DistrictDeclared", "MaterialDeclared", "SiteDeclared", "VehiclesDeclared"),
        *("DisruptionReported", "DisruptionEnded", "MoveVetoed", "VetoLifted"),
        *CODE_KINDS,
        # What covenants bind, and who belongs, says where lots may go.
        *COVENANT_KINDS,
        *("MembershipBegan", "MembershipAccepted", "MembershipEnded"),
    )

    def __init__(self, zone: ZoneInfo) -> None:
        """Know of no plan yet.

        Args:
            zone: The city's timezone, in which periods begin and end.
        """
        self._zone = zone
        self._known = PlansKnown()
        # By plan: where the record ended when its figures were looked at, and their hash.
        self._looked_at: dict[str, tuple[int, str]] = {}

    def react(self, entry: Entry[Any], journal: Journal) -> Iterator[Following]:
        """Each plan in force whose figures the entry may have changed, and has."""
        plans = [self._known.proposed[plan] for plan in self._known.in_force]
        current = [plan for plan in plans if plan.plan not in self._known.outdated]
        instants = _when_figures_moved(entry, journal) if current else []
        if instants == []:
            return
        # What was said after this entry is not folded yet.
        said = {one.body.plan for one in journal.read(kinds=["PlanOutdated"], after=entry.seq)}
        for plan in current:
            if plan.plan in said:
                continue
            period = period_of(plan)
            days = {day_of(epoch_ms(at), self._zone) for at in instants or ()}
            if instants is None or plan.with_backlog or any(period.has(day) for day in days):
                digest = self._figures_now(plan, journal)
                if digest != plan.inputs_sha256:
                    # It is noticed once, though the loop reads on before it folds what follows.
                    self._known.outdated.add(plan.plan)
                    outdated = PlanOutdated(plan=plan.plan, inputs_sha256=digest)
                    yield Following(body=outdated, about=plan.plan, occurred_at=entry.recorded_at)

    def fold(self, entry: Entry[Any]) -> None:
        """Take a plan in."""
        self._known.fold(entry)

    def due(self) -> Instant | None:
        """Nothing follows from time alone."""
        return None

    def _figures_now(self, plan: PlanProposed, journal: Journal) -> str:
        """The hash of a plan's figures; looked at once while the record stands still."""
        head = journal.head().seq
        if self._looked_at.get(plan.plan, (0, ""))[0] != head:
            self._looked_at[plan.plan] = head, self._look_at_figures(plan, journal)
        return self._looked_at[plan.plan][1]

    def _look_at_figures(self, plan: PlanProposed, journal: Journal) -> str:
        period = period_of(plan)
        offered = offered_for(journal, period, self._zone, self._known, backlog=plan.with_backlog)
        # A Code that cuts the period, so that it can be planned no more, changes the figures, too.
        rules = provisions_of(codes_of(journal).touching(period))
        bonds = bonds_for(journal, period, self._zone, self._known, backlog=plan.with_backlog)
        problem = pose_under(journal.declared(), offered, period, rules, bound=bonds.heaps)
        return inputs_sha256(problem, period)


def _when_figures_moved(entry: Entry[Any], journal: Journal) -> list[Instant] | None:
    """The instants at which an entry changes what is offered; none where it may be any."""
    body = entry.body
    if isinstance(body, EventHappened | EventReversed):
        comes_or_goes = any(OUTSIDE in (leg.giver, leg.receiver) for leg in legs_of(body))
        return [entry.occurred_at] if comes_or_goes else []
    if not isinstance(body, LotArrived):
        return None
    replaced = journal.by_id(entry.corrects) if entry.corrects else None
    return [entry.occurred_at] if replaced is None else [entry.occurred_at, replaced.occurred_at]
