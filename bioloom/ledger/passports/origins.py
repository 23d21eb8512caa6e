"""Origins: where a lot came from and where it went, with the share of each, exactly.

See `mixing.py` for what counts as mixed. Mass that is not weighed cannot be shared out: pieces that
go into a process beside weighed lots are named, and have no share.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import msgspec

from bioloom.ledger.events.mentioning import process_name, reversal_of
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.passports.mixing import Flow, Source, SourceKind, Vessel, mix
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import Memory, numbers_of, recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.entries.actions import ACTIONS
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessClosed, ProcessId
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import Direction, LotId
from bioloom.vocabulary.refusal import Refusal

# What a lot is made of is added up for so many lots at once; sums of exact fractions grow long.
MOST_LOTS = 2_000
# Kinds of sources that say who discarded something: it arrived, or was found by counting.
DISCARDED: tuple[SourceKind, ...] = ("arrived", "counted")


class OriginsTooMany(Refusal):
    """More lots went into a lot, or came of it, than are added up at once."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"More than {MOST_LOTS} lots are kin to '{lot}'.",
            why="Their exact shares are not added up while somebody waits.",
            remedy="Ask for the passport of a lot nearer to where it came from.",
        )


class OriginShare(msgspec.Struct, frozen=True, kw_only=True):
    """One place where some of a lot first stands in the record, and its share of the lot."""

    kind: SourceKind
    lot: LotId
    # A district or a site; empty where none was named.
    place: str
    owner: AgentId | None
    seq: int
    share: Fraction


class DiscardedShare(msgspec.Struct, frozen=True, kw_only=True):
    """Who discarded some of a lot, and the share of its mass that was theirs.

    Nobody: nothing in the record says whose it was, as of what a process made of nothing recorded.
    """

    agent: AgentId | None
    share: Fraction


class DestinationShare(msgspec.Struct, frozen=True, kw_only=True):
    """Where some of a lot is now, in another lot or still in this; and its share of what came in.

    The rest, with no lot, was used up, lost, or is inside a process.
    """

    lot: LotId | None
    share: Fraction


def origins_of(journal: Journal, lot: LotId) -> list[OriginShare]:
    """Where a lot came from, the largest share first; the shares add up to one.

    Of what is in it now; of a lot that is used up, of what was in it last.

    Raises:
        LotUnknown: If there is no such lot.
        OriginsTooMany: If it is made of too many.
    """
    content = mix(_flows(journal, lot, "back")).get(Vessel(lot))
    shares = {} if content is None else content.shares()
    found = [
        OriginShare(
            kind=source.kind,
            lot=source.lot,
            place=source.place,
            owner=source.owner,
            seq=source.seq,
            share=share,
        )
        for source, share in shares.items()
    ]
    return sorted(found, key=lambda origin: (-origin.share, origin.seq))


def discarders_of(origins: Iterable[OriginShare]) -> list[DiscardedShare]:
    """Whose a lot was where it first stands in the record, the largest share first.

    Args:
        origins: Where it came from, as `origins_of` tells it.
    """
    shares: dict[AgentId | None, Fraction] = {}
    for one in origins:
        agent = one.owner if one.kind in DISCARDED else None
        shares[agent] = shares.get(agent, Fraction(0)) + one.share
    found = [DiscardedShare(agent=agent, share=share) for agent, share in shares.items()]
    return sorted(found, key=lambda one: (one.agent is None, -one.share, one.agent or ""))


def destinations_of(journal: Journal, lot: LotId) -> list[DestinationShare]:
    """Where a lot went, the largest share of what came into it first; the shares add up to one.

    Lots that are counted in another unit have none: what a chair is made of is in its origins.

    Raises:
        LotUnknown: If there is no such lot.
        OriginsTooMany: If too many were made of it.
    """
    this = Source("arrived", lot)
    facts = recall(journal.store)
    flows = list(_flows(journal, lot, "forward", facts))
    came_in = sum(flow.units for flow in flows if flow.receiver == Vessel(lot))
    if not came_in:
        return []
    base = facts.kind_of(lot)
    found: dict[LotId | None, Fraction] = {}
    for vessel, content in mix(_marked(flows, lot, this)).items():
        units = content.units * content.shares().get(this, Fraction(0))
        name = LotId(vessel.name)
        if vessel.process_unit is None and units and _unit(facts, name) == _unit_of(base):
            found[name] = units / came_in
    rest = 1 - sum(found.values(), Fraction(0))
    if rest > 0:
        found[None] = rest
    return [
        DestinationShare(lot=name, share=share)
        for name, share in sorted(found.items(), key=lambda one: -one[1])
    ]


def _marked(flows: Iterable[Flow], lot: LotId, this: Source) -> Iterator[Flow]:
    """The same flows, in which all that comes into one lot is its own source."""
    for flow in flows:
        if flow.receiver == Vessel(lot):
            yield flow._replace(givers=(), source=this)
        else:
            yield flow


def _flows(
    journal: Journal, lot: LotId, direction: Direction, facts: Memory | None = None
) -> Iterator[Flow]:
    """All that came into or left a lot and its kin, in the order of happening.

    Raises:
        LotUnknown: If there is no such lot.
        OriginsTooMany: If it has too much kin.
    """
    if not numbers_of(journal.store, [lot]):
        raise LotUnknown(lot=lot)
    facts = facts or recall(journal.store)
    family, waiting, told = {lot}, {lot}, dict[int, Entry[Any]]()
    while waiting:
        entries = _in_force(journal, _touching(journal, waiting))
        names = [process_name(process) for process in _processes(entries, waiting, direction)]
        facts.prepare(names)
        # What goes into a process beside a lot tells how much of what comes out is that lot's.
        entries += [entry for name in names for entry in facts.about(name)]
        told |= {entry.seq: entry for entry in entries}
        kin = set(_kin(entries, direction))
        waiting = kin - family
        family |= kin
        if len(family) > MOST_LOTS:
            raise OriginsTooMany(lot=lot)
    for entry in sorted(told.values(), key=lambda one: (one.occurred_at, one.seq)):
        yield from _flow(entry, facts)


def _touching(journal: Journal, lots: Iterable[LotId]) -> list[Entry[Any]]:
    """The entries that move some of some lots."""
    numbers = numbers_of(journal.store, sorted(lots)).values()
    seqs = {leg.seq for leg in journal.store.legs_of(sorted(numbers))}
    return list(journal.at(sorted(seqs)).values())


def _in_force(journal: Journal, entries: list[Entry[Any]]) -> list[Entry[Any]]:
    """Those that were neither corrected nor taken back."""
    known = journal.store.keys([entry.idempotency_key for entry in entries])
    undone = journal.store.mentions([reversal_of(entry.id) for entry in entries])
    return [
        entry
        for entry in entries
        if known[entry.idempotency_key].newest == entry.seq and reversal_of(entry.id) not in undone
    ]


def _processes(
    entries: Iterable[Entry[Any]], lots: set[LotId], direction: Direction
) -> list[ProcessId]:
    """The processes that some lots came out of, or went into."""
    found = set[ProcessId | None]()
    for body in (entry.body for entry in entries):
        if isinstance(body, EventHappened) and body.lot in lots:
            found.add(body.output_of if direction == "back" else body.input_of)
        if isinstance(body, ProcessClosed) and direction == "forward":
            found.add(body.process)
    return sorted(process for process in found if process is not None)


def _kin(entries: Iterable[Entry[Any]], direction: Direction) -> Iterator[LotId]:
    """The lots that what happened to some lots, and in their processes, leads to."""
    action = "consume" if direction == "back" else "produce"
    for body in (entry.body for entry in entries):
        match body:
            case EventHappened(lot=lot, to_lot=to_lot) if lot is not None and to_lot is not None:
                yield lot if direction == "back" else to_lot
            case EventHappened(lot=lot) if lot is not None and body.action == action:
                yield lot
            case ProcessClosed() if direction == "back":
                yield from (used.lot for used in body.used_up)


def _flow(entry: Entry[Any], facts: Memory) -> Iterator[Flow]:
    """What an entry pours from vessel to vessel."""
    match entry.body:
        case LotArrived() as arrived:
            source = Source("arrived", arrived.lot, arrived.place, arrived.owner, entry.seq)
            yield Flow((), Vessel(arrived.lot), arrived.mass_mg, source)
        case ProcessClosed() as closed:
            for used in closed.used_up:
                inside = Vessel(closed.process, _unit(facts, used.lot))
                source = Source("beside", used.lot, owner=used.owner, seq=entry.seq)
                yield Flow((Vessel(used.lot),), inside, used.units, source)
        case EventHappened(quantity=quantity, lot=lot) if quantity is not None and lot is not None:
            yield from _flow_of_event(entry, entry.body, lot, quantity.units, facts)


def _flow_of_event(
    entry: Entry[Any], event: EventHappened, lot: LotId, units: int, facts: Memory
) -> Iterator[Flow]:
    place = (event.made.place if event.made else event.to_place) or ""
    source = Source("counted", lot, place, event.receiver, entry.seq)
    match ACTIONS[event.action].accounting:
        case "decrement":
            inside = None
            if event.input_of is not None:
                inside = Vessel(event.input_of, _unit(facts, lot))
            yield Flow((Vessel(lot),), inside, units, source._replace(kind="beside"))
        case "increment" if event.output_of is not None:
            givers = tuple(
                Vessel(event.output_of, unit)
                for unit in dict.fromkeys([MILLIGRAM, _unit(facts, lot)])
            )
            yield Flow(givers, Vessel(lot), units, source._replace(kind="made"))
        case "increment":
            kind: SourceKind = "made" if event.action == "produce" else "counted"
            yield Flow((), Vessel(lot), units, source._replace(kind=kind))
        case "decrementIncrement" if event.to_lot not in (None, lot):
            beside = source._replace(kind="beside")
            yield Flow((Vessel(lot),), Vessel(LotId(event.to_lot or lot)), units, beside)
        case "incrementTo":
            made = source._replace(kind="made", lot=event.to_lot or lot)
            yield Flow((), Vessel(event.to_lot or lot), units, made)


def _unit(facts: Memory, lot: LotId) -> BaseUnit:
    return _unit_of(facts.kind_of(lot))


def _unit_of(kind: tuple[object, BaseUnit] | None) -> BaseUnit:
    return MILLIGRAM if kind is None else kind[1]
