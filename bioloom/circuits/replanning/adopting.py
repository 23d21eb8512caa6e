"""Adopting: commitments that a plan leaves alone stand, the others end, new ones come."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from bioloom.circuits.binding.reading import NO_BONDS, Bonds
from bioloom.circuits.posing import Node
from bioloom.circuits.proposing import PlansKnown, commit, require_adoptable
from bioloom.circuits.replanning.undertaken import Undertaken, Way, under_way, way_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import (
    BoundMass,
    CommitmentEnded,
    CommitmentMade,
    Flow,
    PlanAdopted,
    PlanProposed,
)
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.refusal import Refusal


class RevisionOvertaken(Refusal):
    """A revision that was made from what is no more so."""

    def __init__(self, *, plan: str, found: str) -> None:
        self.plan, self.found = plan, found
        super().__init__(
            what=f"Plan '{plan}' was overtaken: {found}.",
            why="It says what changes in the plan in force, as that stood when it was proposed.",
            remedy="Make a revision anew: `bioloom circuits replan DIR --propose`.",
        )


class Adoption(NamedTuple):
    """The commitments that end and those that are made when a plan is put in force."""

    ended: tuple[CommitmentEnded, ...]
    made: tuple[CommitmentMade, ...]


def adopt(
    plan: str,
    known: PlansKnown,
    declared: Declared,
    *,
    current_inputs_sha256: str,
    supply_lots: Mapping[Node, Sequence[Portion]],
    commitments: Sequence[Undertaken] = (),
    elsewhere: Sequence[Undertaken] = (),
    bonds: Bonds = NO_BONDS,
) -> tuple[PlanAdopted, Adoption]:
    """Put a proposed plan in force, and commit lots to what it changes.

    Commitments of the plan that it replaces stand where both bring the same. Where they do not, and
    where other plans have promised the lots that it counts, all ends but what is under way.

    Args:
        plan: The id of the proposal.
        known: All plans so far.
        declared: The city's districts and sites, for who provides and who receives.
        current_inputs_sha256: `inputs_sha256` of the period as the record has it now.
        supply_lots: For each district and material, the lots that the plan counts, oldest first.
        commitments: Those of the plan in force for the same days; see `undertaken`.
        elsewhere: Those that plans of other days made of these lots.
        bonds: What covenants bind of the lots; where they do, no commitment of that district and
            material stands, lest it name a lot that may not go there any more.

    Raises:
        PlanUnknown, PlanAlreadyAdopted, FiguresChanged, PeriodTaken, LotsMissing: As
            `proposing.require_adoptable` and `proposing.commit`.
        RevisionOvertaken: If it revises another plan than the one in force, or if more is gone on a
            way than it plans there.
    """
    vetoes = declared.disruptions.vetoes.values()
    proposed, before = require_adoptable(plan, known, current_inputs_sha256, vetoes=vetoes)
    in_force = None if before is None else before.plan
    if proposed.revises not in (None, in_force):
        raise RevisionOvertaken(plan=plan, found="another plan is in force now")
    offered_mg = {node: sum(lot.mass_mg for lot in lots) for node, lots in supply_lots.items()}
    counted = {lot.lot for lots in supply_lots.values() for lot in lots}
    if before is not None:
        gone = under_way(before.flows, commitments, offered_mg, counted)
        _require_possible(proposed, gone)
    changed = _changed(proposed, commitments, counted, bonds)
    ended = [one for one in commitments if one.way in changed and one.free_mg]
    lots = _lots_left(supply_lots, commitments, changed)
    gone_on: defaultdict[Way, list[Portion]] = defaultdict(list)
    for one in commitments:
        gone_on[one.way] += [*one.handed, *one.aboard]
    rest = msgspec.structs.replace(
        proposed,
        flows=tuple(
            _left_of(flow, changed[way_of(flow)], bonds.bound_of(gone_on[way_of(flow)]))
            for flow in proposed.flows
            if changed.get(way_of(flow), 0) > 0
        ),
    )
    adopted = PlanAdopted(plan=plan, supersedes=in_force, revises=before is not None)
    return adopted, Adoption(
        ended=tuple(_end(one, plan) for one in (*ended, *(e for e in elsewhere if e.free_mg))),
        made=tuple(commit(rest, declared, lots, bonds)),
    )


def _end(one: Undertaken, plan: str) -> CommitmentEnded:
    """The end of a commitment, but for what is under way of it."""
    lots: Counter[LotId] = Counter()
    for portion in (*one.handed, *one.aboard) if one.aboard else ():
        lots[portion.lot] += portion.mass_mg
    return CommitmentEnded(
        commitment=one.made.commitment,
        plan=plan,
        done_mg=one.done_mg,
        under_way_mg=one.aboard_mg,
        lots=tuple(Portion(lot=lot, mass_mg=mass_mg) for lot, mass_mg in lots.items()),
    )


def _changed(
    proposed: PlanProposed,
    commitments: Sequence[Undertaken],
    counted: Collection[LotId],
    bonds: Bonds,
) -> dict[Way, int]:
    """The ways of which the plan changes the mass, and what is still to go on them [mg].

    What ended commitments have handed over counts towards what the plan brings there.
    """
    planned_mg = {way_of(flow): flow.mass_mg for flow in proposed.flows}
    undertaken_mg: defaultdict[Way, int] = defaultdict(int)
    gone_mg: defaultdict[Way, int] = defaultdict(int)
    for one in commitments:
        gone_mg[one.way] += one.gone_mg(counted)
        undertaken_mg[one.way] += one.planned_mg(counted)
    return {
        way: planned_mg.get(way, 0) - gone_mg[way]
        for way in {**planned_mg, **undertaken_mg}
        if planned_mg.get(way, 0) != undertaken_mg[way] or way[:2] in bonds.heaps
    }


def _left_of(flow: Flow, left_mg: int, gone: Sequence[BoundMass]) -> Flow:
    """What is still to go of a flow, of which some bound and unbound lots are gone."""
    gone_mg = {(one.covenants, one.releases): one.mass_mg for one in gone}
    bound: list[BoundMass] = []
    rest_mg = left_mg
    for one in flow.covenants:
        still_mg = max(0, one.mass_mg - gone_mg.get((one.covenants, one.releases), 0))
        bound.append(msgspec.structs.replace(one, mass_mg=min(still_mg, rest_mg)))
        rest_mg -= bound[-1].mass_mg
    return msgspec.structs.replace(flow, mass_mg=left_mg, covenants=tuple(bound))


def _require_possible(proposed: PlanProposed, gone: Sequence[Flow]) -> None:
    planned_mg = {way_of(flow): flow.mass_mg for flow in proposed.flows}
    for flow in gone:
        if flow.mass_mg > planned_mg.get(way_of(flow), 0):
            raise RevisionOvertaken(
                plan=proposed.plan,
                found=f"{flow.mass_mg} mg of {flow.material} of {flow.district} went to "
                f"{flow.site} meanwhile, or are on their way, and it plans less",
            )


def _lots_left(
    supply_lots: Mapping[Node, Sequence[Portion]],
    commitments: Iterable[Undertaken],
    changed: Collection[Way],
) -> dict[Node, list[Portion]]:
    """The lots that no commitment that stands names, and that are not gone."""
    taken_mg: defaultdict[LotId, int] = defaultdict(int)
    for one in commitments:
        stands = not one.ended and one.way not in changed
        for portion in one.made.lots if stands else (*one.handed, *one.aboard):
            taken_mg[portion.lot] += portion.mass_mg
    left: dict[Node, list[Portion]] = {}
    for node, lots in supply_lots.items():
        left[node] = []
        for lot in lots:
            gone_mg = min(lot.mass_mg, taken_mg[lot.lot])
            taken_mg[lot.lot] -= gone_mg
            left[node].append(Portion(lot=lot.lot, mass_mg=lot.mass_mg - gone_mg))
    return left
