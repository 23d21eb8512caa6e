"""Undertaken: what is committed by the plans that a plan in force stands on, and done of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from bioloom.circuits.posing import Node
from bioloom.circuits.proposing import PlansKnown, commitment_of
from bioloom.ledger.events.mentioning import commitment_name
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.entries.circuits import CommitmentEnded, CommitmentMade, Flow
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened
from bioloom.vocabulary.lots import Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId

Way = tuple[DistrictId, MaterialId, SiteId]


class Undertaken(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment of a plan: on which way, what was handed over on it, and whether it ended."""

    way: Way
    made: CommitmentMade
    done_mg: int
    # The lots that were handed over, each with its mass.
    handed: tuple[Portion, ...]
    ended: bool


def undertaken(plan: str, known: PlansKnown, journal: Journal) -> list[Undertaken]:
    """The commitments of a plan and of those that it revises, in the order they were made."""
    ways = {
        commitment_of(name, flow): way_of(flow)
        for name in known.stands_on(plan)
        for flow in known.named(name).flows
    }
    made = {
        entry.body.commitment: entry.body
        for entry in journal.read(kinds=["CommitmentMade"])
        if entry.body.commitment in ways
    }
    ended = {
        entry.body.commitment
        for entry in journal.read(kinds=["CommitmentEnded"])
        if isinstance(entry.body, CommitmentEnded)
    }
    memory = recall(journal.store)
    memory.prepare(commitment_name(CommitmentId(name)) for name in made)
    return [
        _undertaken(
            ways[name],
            body,
            [
                entry.body
                for entry in memory.about(commitment_name(CommitmentId(name)))
                if isinstance(entry.body, EventHappened)
            ],
            ended=name in ended,
        )
        for name, body in made.items()
    ]


def _undertaken(
    way: Way, made: CommitmentMade, events: Sequence[EventHappened], *, ended: bool
) -> Undertaken:
    handed = tuple(
        Portion(lot=event.lot, mass_mg=event.quantity.units)
        for event in events
        if event.quantity is not None and event.lot is not None and not event.abates
    )
    done_mg = sum(
        event.quantity.units for event in events if event.quantity is not None and not event.abates
    )
    return Undertaken(way=way, made=made, done_mg=done_mg, handed=handed, ended=ended)


def under_way(
    flows: Sequence[Flow], commitments: Sequence[Undertaken], offered_mg: Mapping[Node, int]
) -> tuple[Flow, ...]:
    """What of a plan's flows was handed over already, ended commitments too.

    No more than planned, and no more than the record offers now: what was handed over beyond
    either is none of its moves.
    """
    done_mg: defaultdict[Way, int] = defaultdict(int)
    for one in commitments:
        done_mg[one.way] += one.done_mg
    left_mg = dict(offered_mg)
    gone: list[Flow] = []
    for flow in flows:
        node = flow.district, flow.material
        mass_mg = min(flow.mass_mg, done_mg.get(way_of(flow), 0), left_mg.get(node, 0))
        if mass_mg:
            left_mg[node] -= mass_mg
            gone.append(msgspec.structs.replace(flow, mass_mg=mass_mg))
    return tuple(gone)


def way_of(flow: Flow) -> Way:
    """From where to where a flow goes, and with what."""
    return flow.district, flow.material, flow.site
