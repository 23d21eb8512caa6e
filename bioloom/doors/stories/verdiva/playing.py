"""Playing Verdiva: its storm told from the record, and what would have followed from it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bioloom.doors.answers.playing import Broken, EveningTold, PlanTold, Played
from bioloom.doors.compose import City
from bioloom.doors.stories.verdiva.rhythm import STORM, planned_period
from bioloom.ledger.accounts.owing import everything_owed
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import operator_of
from bioloom.vocabulary.entries.circuits import Flow, Unmet
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.periods import day_of
from bioloom.vocabulary.places import DistrictId, SiteId

# Sundays on which plans were made: in force when the storm came, and the first without its sites.
_BEFORE = STORM.first - timedelta(days=2)
_WITHIN = _BEFORE + timedelta(days=7)
_WEEK = timedelta(days=7)
_WEDNESDAY = 2


def play_verdiva(city: City) -> Played:
    """What happened in Verdiva around its storm, every figure of it read from the record.

    Args:
        city: A Verdiva whose record begins two weeks before the storm or earlier.
    """
    # Wednesday evenings are alike: by then all that a week's plan places has been brought.
    evenings = [
        told
        for told in _waiting(city)
        if _BEFORE - _WEEK <= told.day < city.today() and told.day.weekday() == _WEDNESDAY
    ]
    peak = max(evenings, key=_waiting_mg)
    head = city.journal.head()
    return Played(
        city=city.settings.name,
        entries=head.seq,
        hash=head.hash,
        holds=verify(city.journal.store).holds,
        first_day_out=STORM.first,
        first_day_back=STORM.back,
        sites_out=STORM.sites,
        broken=_broken(city),
        evenings=evenings,
        peak=peak,
        recovered_on=_recovered_on(evenings, peak),
        plan_before=_adopted(city, _BEFORE),
        plan_tried=_tried(city, _BEFORE, STORM.sites),
        plan_within=_adopted(city, _WITHIN),
    )


def _adopted(city: City, sunday: date) -> PlanTold:
    """The plan that was adopted on a Sunday, as the record has it."""
    plan = city.plans().in_force_for(planned_period(sunday))
    assert plan is not None, "a plan is adopted on every Sunday of autumn"
    return _told(plan.flows, plan.unmet, plan.reasons, made_on=sunday, checked=True)


def _tried(city: City, sunday: date, without: Sequence[SiteId]) -> PlanTold:
    """What the week's plan would have been without some sites, of what was given in that week."""
    plan = city.plan(planned_period(sunday), without=without)
    return _told(
        plan.flows, plan.unmet, plan.reasons, made_on=sunday, checked=plan.checked, without=without
    )


def _told(
    flows: Sequence[Flow],
    unmet: Sequence[Unmet],
    reasons: Mapping[DistrictId, str],
    *,
    made_on: date,
    checked: bool,
    without: Sequence[SiteId] = (),
) -> PlanTold:
    placed_mg, unmet_mg = Counter[DistrictId](), Counter[DistrictId]()
    for flow in flows:
        placed_mg[flow.district] += flow.mass_mg
    for rest in unmet:
        unmet_mg[rest.district] += rest.mass_mg
    share = {
        district: placed_mg[district] / (placed_mg[district] + unmet_mg[district])
        for district in placed_mg | unmet_mg
    }
    worst = min(sorted(share), key=lambda district: share[district])
    return PlanTold(
        made_on=made_on,
        without=tuple(without),
        placed_mg=placed_mg.total(),
        unmet_mg=unmet_mg.total(),
        checked=checked,
        worst_district=worst,
        worst_share=share[worst],
        reason=reasons[worst],
    )


def _broken(city: City) -> Broken:
    """The commitments to the sites that were out, due while they were, and not kept."""
    receivers = {operator_of(site) for site in STORM.sites}
    short = [
        row.owed
        for row in everything_owed(city.journal, today=city.today())
        if row.owed.standing == "overdue"
        and row.owed.receiver in receivers
        and row.owed.due is not None
        and STORM.first <= row.owed.due < STORM.back
    ]
    mass_mg = sum(owed.units - owed.done_units for owed in short)
    return Broken(commitments=len(short), mass_mg=mass_mg)


def _recovered_on(evenings: Sequence[EveningTold], peak: EveningTold) -> date | None:
    """The first evening after the peak on which a hundredth of it, or less, still waits."""
    few_mg = _waiting_mg(peak) // 100
    after = (told for told in evenings if told.day > peak.day and _waiting_mg(told) <= few_mg)
    return next((told.day for told in after), None)


def _waiting_mg(told: EveningTold) -> int:
    return sum(told.waiting_mg.values())


def _waiting(city: City) -> list[EveningTold]:
    """What the districts' commons held on the evening of each day, by group of materials."""
    journal, zone = city.journal, city.settings.zone
    declared = journal.declared()
    names = {number: agent for agent, number in journal.store.agents().items()}
    commons = {number for number, agent in names.items() if agent.startswith("commons:")}
    groups: dict[int, GroupId] = {
        entry.seq: declared.materials[entry.body.material].group
        for entry in journal.read(kinds=["LotArrived"])
        if isinstance(entry.body, LotArrived)
    }
    change_mg: defaultdict[date, defaultdict[GroupId, int]]
    change_mg = defaultdict(lambda: defaultdict(int))
    for leg in journal.store.all_legs():
        group = groups.get(first_seq_of(leg.lot))
        inward = (leg.receiver in commons) - (leg.giver in commons)
        if group is not None and inward:
            change_mg[day_of(leg.occurred_ms, zone)][group] += inward * leg.custody_units
    held_mg: defaultdict[GroupId, int] = defaultdict(int)
    told: list[EveningTold] = []
    for day in sorted(change_mg):
        for group, mass_mg in change_mg[day].items():
            held_mg[group] += mass_mg
        told.append(EveningTold(day=day, waiting_mg=dict(sorted(held_mg.items()))))
    return told
