"""Waiting: what the districts' commons hold on the evenings of the story, read from every leg."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from bioloom.doors.answers.playing import EveningTold
from bioloom.doors.compose import City
from bioloom.ledger.numbering import first_seq_of
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.periods import day_of


def recovered_on(evenings: Sequence[EveningTold], peak: EveningTold) -> date | None:
    """The first evening after the peak on which a fiftieth of it, or less, still waits."""
    few_mg = waiting_mg(peak) // 50
    after = (told for told in evenings if told.day > peak.day and waiting_mg(told) <= few_mg)
    return next((told.day for told in after), None)


def waiting_mg(told: EveningTold) -> int:
    """All that waited on an evening [mg]."""
    return sum(told.waiting_mg.values())


def waiting(city: City) -> list[EveningTold]:
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
