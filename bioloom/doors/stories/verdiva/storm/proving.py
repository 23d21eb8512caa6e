"""Proving: what must hold of the whole storm, each by the record alone."""

from collections.abc import Iterator
from datetime import date

from bioloom.circuits.proposing import period_of
from bioloom.doors.answers.playing import EveningTold
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.verdiva.storm.calendar import BACK, EMERGENCY, STRIKES
from bioloom.doors.stories.verdiva.storm.enacting import kept
from bioloom.doors.stories.verdiva.storm.waiting import recovered_on, waiting, waiting_mg
from bioloom.doors.stories.weighing import in_tonnes
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.entries.disruptions import MoveVetoed
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.periods import Instant, Period, day_of, epoch_ms
from bioloom.vocabulary.places import SiteId

# Plans are exact to this share of their value.
_EXACT = 1e-6
# How much more than before waits when the most does.
_TIMES = 2
_WEDNESDAY = 2
_OUT = {SiteId("digester"), SiteId("sorting_quay")}


def prove(stage: Stage, at: Instant) -> Scene:
    """Look at the record from its first entry to its last."""
    stage.go_to(at)
    scene = Scene(stage, "proof", "What the record says of it all")
    evenings = wednesdays(stage)
    before = [told for told in evenings if told.day < STRIKES]
    peak = max(evenings, key=waiting_mg)
    recovered = recovered_on(evenings, peak)
    scene.told.append(
        f"Before the storm at most {in_tonnes(max(map(waiting_mg, before)))} waited on a Wednesday "
        f"evening; on {peak.day} {in_tonnes(waiting_mg(peak))} did. "
        + (f"By {recovered} it is worked off." if recovered else "It lasts.")
    )
    scene.must(
        "Waste builds up in the storm, and is worked off once the sites are back.",
        holds=waiting_mg(peak) > _TIMES * max(map(waiting_mg, before))
        and STRIKES <= peak.day <= BACK
        and recovered is not None,
    )
    scene.must(
        "Nothing is brought to a site while it is out.",
        holds=not _OUT & {to for day, to in _brought(stage) if STRIKES <= day < BACK},
    )
    _must_of_plans(stage, scene)
    verdict = verify(stage.city.journal.store)
    scene.must("The whole record verifies.", holds=verdict.holds)
    return scene


def wednesdays(stage: Stage) -> list[EveningTold]:
    """What waited on Wednesday evenings, when all that a week's plan places has been brought."""
    told = waiting(stage.city)
    return [one for one in told if one.day.weekday() == _WEDNESDAY][1:]


def _brought(stage: Stage) -> Iterator[tuple[date, SiteId]]:
    """Which sites' operators got something from somebody else on which days."""
    city = stage.city
    operators = {site.operator: name for name, site in city.journal.declared().sites.items()}
    for entry in city.journal.read(kinds=["EventHappened"]):
        body = entry.body
        if isinstance(body, EventHappened) and body.provider != body.receiver:
            day = day_of(epoch_ms(entry.occurred_at), city.settings.zone)
            if body.receiver in operators and body.action.startswith("transfer"):
                yield day, operators[body.receiver]


def _must_of_plans(stage: Stage, scene: Scene) -> None:
    city = stage.city
    proposals = [
        (entry.seq, entry.body)
        for entry in city.journal.read(kinds=["PlanProposed"])
        if isinstance(entry.body, PlanProposed) and entry.body.last_day >= STRIKES
    ]
    gap = max(stage_.gap for _, plan in proposals for stage_ in plan.stages)
    revisions = sum(plan.revises is not None for _, plan in proposals)
    scene.told.append(
        f"{len(proposals)} plans were proposed, {revisions} of them revisions; none is farther "
        f"than {gap:.1g} of its value from what no plan can pass."
    )
    scene.must("Every plan and every revision is certified.", holds=revisions > 0 and gap < _EXACT)
    scene.must("A move that was vetoed is never proposed again.", holds=_is_learned(stage))
    second = city.plans().in_force_for(EMERGENCY)
    scene.must(
        "The plan made in the storm keeps its Code, and brings nothing to a site that is out.",
        holds=second is not None
        and kept(second, stage)
        and not _OUT & {flow.site for flow in second.flows},
    )


def _is_learned(stage: Stage) -> bool:
    """Whether no proposal after a veto brings more there than the veto lets go."""
    vetoes = [
        (entry.seq, entry.body)
        for entry in stage.city.journal.read(kinds=["MoveVetoed"])
        if isinstance(entry.body, MoveVetoed)
    ]
    later = [
        (veto, entry.body)
        for seq, veto in vetoes
        for entry in stage.city.journal.read(after=seq, kinds=["PlanProposed"])
        if isinstance(entry.body, PlanProposed)
        and period_of(entry.body) == Period(first=veto.first_day, last=veto.last_day)
    ]
    return len(later) > 0 and all(
        flow.mass_mg <= veto.most_mg
        for veto, plan in later
        for flow in plan.flows
        if (flow.district, flow.material, flow.site) == (veto.district, veto.material, veto.site)
    )
