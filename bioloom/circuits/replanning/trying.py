"""Trying: plans made from one plan in force with other figures, and what happened taken away."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from bioloom.circuits.binding.reading import NO_BONDS, Bonds
from bioloom.circuits.codes.trying import NO_CODES, Rulebook
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.posing import Node
from bioloom.circuits.replanning.keeping import Carried, Kept
from bioloom.circuits.replanning.moving import Placed, placed
from bioloom.ledger.declared import Declared
from bioloom.ledger.disruptions.disrupted import Disrupted, Disruptions
from bioloom.vocabulary.entries.circuits import Flow, PlanProposed, Unmet
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.entries.disruptions import (
    DisruptionEnded,
    DisruptionId,
    DisruptionReported,
    MoveVetoed,
    VetoId,
)
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The plan that is to be revised, and what of it cannot be taken back.

    `proposed` is none where no plan is in force: then it is what one would have been.
    """

    flows: tuple[Flow, ...]
    unmet: tuple[Unmet, ...]
    proposed: PlanProposed | None = None
    under_way: tuple[Flow, ...] = ()

    @property
    def placed(self) -> Placed:
        """Where it brings the mass of each node."""
        return placed(self.flows, self.unmet)

    def service(self) -> dict[DistrictId, float]:
        """The share of what each district offered that it places."""
        offered_mg: defaultdict[DistrictId, int] = defaultdict(int)
        unmet_mg: defaultdict[DistrictId, int] = defaultdict(int)
        for (district, _), sites in self.placed.items():
            offered_mg[district] += sum(sites.values())
            unmet_mg[district] += sites.get(None, 0)
        return {name: (mass - unmet_mg[name]) / mass for name, mass in offered_mg.items() if mass}

    def offered_mg(self) -> dict[Node, int]:
        """What it was made for."""
        return {node: sum(sites.values()) for node, sites in self.placed.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a plan is made from: the city, what it offers, and when."""

    declared: Declared
    offered_mg: Mapping[Node, int]
    period: Period
    with_backlog: bool = False
    codes: Rulebook = NO_CODES
    bonds: Bonds = NO_BONDS


class Event(NamedTuple):
    """Something that happened, and the figures as they would be had it not."""

    what: DisruptionReported | MoveVetoed | None
    # How a disruption ended, where that is what happened. Of none of both: other mass is offered.
    ended: DisruptionEnded | None
    figures: Figures
    # The covenants that bind some of it, where that is what happened.
    covenants: tuple[CovenantId, ...] = ()


class Trials:
    """Plans of other figures that start from the same plan in force."""

    def __init__(self, before: Before, period: Period, kept: Kept) -> None:
        self.before = before
        self.carried = Carried(before.proposed, period, kept)

    def plan(self, figures: Figures) -> Plan:
        """The plan of some figures, with the least change that goes with it."""
        return plan(
            figures.declared,
            figures.offered_mg,
            figures.period,
            with_backlog=figures.with_backlog,
            in_force=self.before.flows,
            under_way=self.before.under_way,
            explain=False,
            settled=self.carried.settle,
            codes=figures.codes,
            bound=figures.bonds.heaps,
        )


def events(figures: Figures, before: Before) -> Iterator[Event]:
    """All that may have come between a plan in force and the figures of now, one by one."""
    disruptions = figures.declared.disruptions
    for name, one in disruptions.reported.items():
        if one.touches(figures.period):
            others = {key: other for key, other in disruptions.reported.items() if key != name}
            yield Event(one.reported, None, _with(figures, reported=others))
        if one.ended is not None:
            lasting = Disrupted(reported=one.reported)
            if lasting.touches(figures.period):
                still = {**disruptions.reported, name: lasting}
                yield Event(one.reported, one.ended, _with(figures, reported=still))
    for veto in disruptions.vetoes.values():
        rest = {key: other for key, other in disruptions.vetoes.items() if key != veto.veto}
        yield Event(veto, None, _with(figures, vetoes=rest))
    if figures.bonds.heaps:
        binding = {
            name
            for heaps in figures.bonds.heaps.values()
            for heap in heaps
            for name in heap.bond.covenants
        }
        yield Event(None, None, replace(figures, bonds=NO_BONDS), tuple(sorted(binding)))
    offered_mg = before.offered_mg()
    if offered_mg != {node: mass_mg for node, mass_mg in figures.offered_mg.items() if mass_mg}:
        yield Event(None, None, replace(figures, offered_mg=offered_mg))


def undisturbed(figures: Figures, before: Before) -> Figures:
    """The figures had nothing happened at all."""
    bare = replace(figures.declared, disruptions=Disruptions())
    return replace(figures, declared=bare, offered_mg=before.offered_mg(), bonds=NO_BONDS)


def _with(
    figures: Figures,
    *,
    reported: Mapping[DisruptionId, Disrupted] | None = None,
    vetoes: Mapping[VetoId, MoveVetoed] | None = None,
) -> Figures:
    known = figures.declared.disruptions
    disruptions = replace(
        known,
        reported=known.reported if reported is None else dict(reported),
        vetoes=known.vetoes if vetoes is None else dict(vetoes),
    )
    return replace(figures, declared=replace(figures.declared, disruptions=disruptions))
