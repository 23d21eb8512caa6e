"""Adopting a revision: commitments that it leaves alone stand, the others end, new ones come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from bioloom.circuits.posing import Node
from bioloom.circuits.proposing import PlansKnown, commit, require_adoptable
from bioloom.circuits.replanning.undertaken import Undertaken, Way, under_way, way_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import (
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


def adopt_revision(
    plan: str,
    known: PlansKnown,
    declared: Declared,
    *,
    current_inputs_sha256: str,
    supply_lots: Mapping[Node, Sequence[Portion]],
    commitments: Sequence[Undertaken],
) -> tuple[PlanAdopted, Adoption]:
    """Put a revision in force.

    Args:
        plan: The id of the proposal.
        known: All plans so far.
        declared: The city's districts and sites.
        current_inputs_sha256: `inputs_sha256` of the period as the record has it now.
        supply_lots: The lots that the plan counts, oldest first.
        commitments: Those of the plan in force; see `undertaken`.

    Raises:
        PlanUnknown, PlanAlreadyAdopted, FiguresChanged, PeriodTaken, LotsMissing: As
            `proposing.adopt`.
        RevisionOvertaken: If it revises another plan than the one in force, or if more was handed
            over since on a way than it plans there.
    """
    proposed, before = require_adoptable(plan, known, current_inputs_sha256)
    if before is None or before.plan != proposed.revises:
        raise RevisionOvertaken(plan=plan, found="another plan is in force now")
    offered_mg = {node: sum(lot.mass_mg for lot in lots) for node, lots in supply_lots.items()}
    _require_possible(proposed, under_way(before.flows, commitments, offered_mg))
    changed = _changed(proposed, commitments)
    standing = [one for one in commitments if not one.ended]
    ended = [one for one in standing if one.way in changed]
    kept = [one for one in standing if one.way not in changed]
    lots = _lots_left(supply_lots, kept, commitments)
    rest = msgspec.structs.replace(
        proposed,
        flows=tuple(
            msgspec.structs.replace(flow, mass_mg=changed[way_of(flow)])
            for flow in proposed.flows
            if changed.get(way_of(flow), 0) > 0
        ),
    )
    return PlanAdopted(plan=plan, supersedes=before.plan, revises=True), Adoption(
        ended=tuple(
            CommitmentEnded(commitment=one.made.commitment, plan=plan, done_mg=one.done_mg)
            for one in ended
        ),
        made=tuple(commit(rest, declared, lots)),
    )


def _changed(proposed: PlanProposed, commitments: Sequence[Undertaken]) -> dict[Way, int]:
    """The ways of which the plan changes the mass, and what is still to go on them [mg].

    What an ended commitment has handed over counts towards what the plan brings there.
    """
    planned_mg = {way_of(flow): flow.mass_mg for flow in proposed.flows}
    undertaken_mg: defaultdict[Way, int] = defaultdict(int)
    done_mg: defaultdict[Way, int] = defaultdict(int)
    for one in commitments:
        done_mg[one.way] += one.done_mg
        undertaken_mg[one.way] += one.done_mg if one.ended else one.made.mass_mg
    return {
        way: planned_mg.get(way, 0) - done_mg[way]
        for way in {**planned_mg, **undertaken_mg}
        if planned_mg.get(way, 0) != undertaken_mg[way]
    }


def _require_possible(proposed: PlanProposed, gone: Sequence[Flow]) -> None:
    planned_mg = {way_of(flow): flow.mass_mg for flow in proposed.flows}
    for flow in gone:
        if flow.mass_mg > planned_mg.get(way_of(flow), 0):
            raise RevisionOvertaken(
                plan=proposed.plan,
                found=f"{flow.mass_mg} mg of {flow.material} of {flow.district} went to "
                f"{flow.site} meanwhile, and it plans less",
            )


def _lots_left(
    supply_lots: Mapping[Node, Sequence[Portion]],
    kept: Iterable[Undertaken],
    commitments: Iterable[Undertaken],
) -> dict[Node, list[Portion]]:
    """The lots that no standing commitment names, and that were not handed over."""
    taken_mg: defaultdict[LotId, int] = defaultdict(int)
    standing = {one.made.commitment for one in kept}
    for one in commitments:
        is_kept = one.made.commitment in standing
        for portion in one.made.lots if is_kept else one.handed:
            taken_mg[portion.lot] += portion.mass_mg
    left: dict[Node, list[Portion]] = {}
    for node, lots in supply_lots.items():
        left[node] = []
        for lot in lots:
            gone_mg = min(lot.mass_mg, taken_mg[lot.lot])
            taken_mg[lot.lot] -= gone_mg
            left[node].append(Portion(lot=lot.lot, mass_mg=lot.mass_mg - gone_mg))
    return left
