"""Undertaken: what is committed by plans in force, what is done of it and what is on its way."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from bioloom.circuits.binding.reading import NO_BONDS, Bonds
from bioloom.circuits.orders.standing import ORDER_KINDS, OVERTAKING_KINDS, OrdersKnown
from bioloom.circuits.posing import Node
from bioloom.circuits.proposing import PlansKnown, commitment_of
from bioloom.ledger.events.mentioning import commitment_name
from bioloom.ledger.events.replaced import Replaced
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.entries.circuits import CommitmentMade, Flow
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId

Way = tuple[DistrictId, MaterialId, SiteId]


class Undertaken(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment of a plan as it stands: on which way, what of it is gone, whether it ended."""

    way: Way
    made: CommitmentMade
    # What was handed over, also of lots that are not named.
    done_mg: int
    # The lots that were handed over, each with its mass.
    handed: tuple[Portion, ...]
    # The lots that teams have under way: orders that were taken, and are not closed.
    aboard: tuple[Portion, ...]
    ended: bool

    @property
    def aboard_mg(self) -> int:
        """What is under way [mg]."""
        return sum(portion.mass_mg for portion in self.aboard)

    @property
    def free_mg(self) -> int:
        """What is owed and not under way, so that another plan may decide about it [mg]."""
        return 0 if self.ended else max(0, self.made.mass_mg - self.done_mg - self.aboard_mg)

    def gone_mg(self, lots: Collection[LotId] | None = None) -> int:
        """What was handed over or is under way, of some lots; of all unless given [mg]."""
        gone = (*self.handed, *self.aboard)
        return self.done_mg + self.aboard_mg - _others_mg(gone, lots)

    def planned_mg(self, lots: Collection[LotId] | None = None) -> int:
        """What is gone and what is still owed, of some lots; of all unless given [mg]."""
        if self.ended:
            return self.gone_mg(lots)
        return self.made.mass_mg - _others_mg(self.made.lots, lots)


def undertaken(plan: str, known: PlansKnown, journal: Journal) -> list[Undertaken]:
    """The commitments of a plan and of those that it revises, in the order they were made."""
    return _undertaken_by(known.stands_on(plan), known, journal, lambda _: True)


def undertaken_elsewhere(
    plan: str | None, lots: Collection[LotId], known: PlansKnown, journal: Journal
) -> list[Undertaken]:
    """The commitments of all other plans in force that are of some lots and have not ended."""
    others = [name for one in known.in_force if one != plan for name in known.stands_on(one)]
    found = _undertaken_by(
        others, known, journal, lambda made: any(portion.lot in lots for portion in made.lots)
    )
    return [one for one in found if not one.ended]


def under_way(
    flows: Sequence[Flow],
    commitments: Sequence[Undertaken],
    offered_mg: Mapping[Node, int],
    lots: Collection[LotId] | None = None,
    bonds: Bonds = NO_BONDS,
) -> tuple[Flow, ...]:
    """What of a plan's flows is gone already, by ended commitments too.

    No more than planned, and no more than the record offers now: what was handed over beyond
    either is none of its moves.

    Args:
        flows: The plan's.
        commitments: Those of the plan.
        offered_mg: By node [mg].
        lots: Those behind what is offered; what is gone of others does not count.
        bonds: What covenants bind of them.
    """
    gone_mg: defaultdict[Way, int] = defaultdict(int)
    portions: defaultdict[Way, list[Portion]] = defaultdict(list)
    for one in commitments:
        gone_mg[one.way] += one.gone_mg(lots)
        portions[one.way] += [*one.handed, *one.aboard]
    left_mg = dict(offered_mg)
    gone: list[Flow] = []
    for flow in flows:
        node = flow.district, flow.material
        mass_mg = min(flow.mass_mg, gone_mg.get(way_of(flow), 0), left_mg.get(node, 0))
        if mass_mg > 0:
            left_mg[node] -= mass_mg
            bound = bonds.bound_of(portions[way_of(flow)])
            gone.append(msgspec.structs.replace(flow, mass_mg=mass_mg, covenants=bound))
    return tuple(gone)


def way_of(flow: Flow) -> Way:
    """From where to where a flow goes, and with what."""
    return flow.district, flow.material, flow.site


def orders_of(journal: Journal) -> OrdersKnown:
    """All work orders as the record has them now."""
    known = OrdersKnown()
    for entry in journal.read(kinds=(*ORDER_KINDS, *OVERTAKING_KINDS)):
        known.fold(entry)
    return known


def _undertaken_by(
    plans: Iterable[str],
    known: PlansKnown,
    journal: Journal,
    wanted: Callable[[CommitmentMade], bool],
) -> list[Undertaken]:
    ways = {
        commitment_of(name, flow): way_of(flow)
        for name in plans
        for flow in known.named(name).flows
    }
    replaced = Replaced()
    for entry in journal.read(kinds=OVERTAKING_KINDS):
        replaced.fold(entry.body)
    made = [
        replaced.as_it_stands(entry.body)
        for entry in (journal.read(kinds=["CommitmentMade"]) if ways else ())
        if entry.body.commitment in ways and wanted(entry.body)
    ]
    memory, orders = recall(journal.store), orders_of(journal).under_way() if made else {}
    memory.prepare(commitment_name(CommitmentId(one.commitment)) for one in made)
    return [
        _undertaken(
            ways[one.commitment],
            one,
            [
                entry.body
                for entry in memory.about(commitment_name(CommitmentId(one.commitment)))
                if isinstance(entry.body, EventHappened)
            ],
            aboard=orders.get(CommitmentId(one.commitment), {}),
            ended=replaced.has(one),
        )
        for one in made
    ]


def _undertaken(
    way: Way,
    made: CommitmentMade,
    events: Sequence[EventHappened],
    *,
    aboard: Mapping[LotId, int],
    ended: bool,
) -> Undertaken:
    handed = tuple(
        Portion(lot=event.lot, mass_mg=event.quantity.units)
        for event in events
        if event.quantity is not None and event.lot is not None and not event.abates
    )
    done_mg = sum(
        event.quantity.units for event in events if event.quantity is not None and not event.abates
    )
    return Undertaken(
        way=way,
        made=made,
        done_mg=done_mg,
        handed=handed,
        aboard=tuple(Portion(lot=lot, mass_mg=mass_mg) for lot, mass_mg in aboard.items()),
        ended=ended,
    )


def _others_mg(portions: Iterable[Portion], lots: Collection[LotId] | None) -> int:
    return sum(one.mass_mg for one in portions if lots is not None and one.lot not in lots)
