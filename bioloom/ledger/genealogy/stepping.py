"""Stepping: what is one step away from a lot, back or forward, by what the record says of it."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import process_name
from bioloom.vocabulary.entries.actions import ACTIONS
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessClosed, ProcessId
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import Direction, LotId


class WayIn(NamedTuple):
    """How some of a lot came into it: out of another, out of a process, or from outside both."""

    entry: Entry[Any]
    from_lot: LotId | None = None
    process: ProcessId | None = None


def ways_in(lot: LotId, entries: Iterable[Entry[Any]]) -> Iterator[WayIn]:
    """How a lot came to have what it has, of the entries that touch it.

    Args:
        lot: The lot.
        entries: See `Facts.touching`.
    """
    for entry in entries:
        match entry.body:
            case LotArrived():
                yield WayIn(entry)
            case EventHappened(to_lot=to_lot) as event if to_lot not in (None, event.lot):
                if to_lot == lot:
                    yield WayIn(entry, from_lot=event.lot)
            case EventHappened() as event if ACTIONS[event.action].accounting == "increment":
                yield WayIn(entry, process=event.output_of)


def neighbours(lot: LotId, facts: Facts, direction: Direction) -> Iterator[tuple[LotId, str]]:
    """Lots one step away, and the process, or the id of the transfer, between.

    What several lots went into together is counted as made of each of them; a process is followed
    once, however often the lot went into it or came out.
    """
    entries = facts.touching([lot])[lot]
    step = _back if direction == "back" else _forward
    followed = set[ProcessId]()
    for beside, via, process in step(lot, entries):
        if beside is not None:
            yield beside, via
        if process is not None and process not in followed:
            followed.add(process)
            for other in _beyond(process, facts, direction):
                yield other, process


def _back(
    lot: LotId, entries: Iterable[Entry[Any]]
) -> Iterator[tuple[LotId | None, str, ProcessId | None]]:
    for way in ways_in(lot, entries):
        yield way.from_lot, way.entry.id, way.process


def _forward(
    lot: LotId, entries: Iterable[Entry[Any]]
) -> Iterator[tuple[LotId | None, str, ProcessId | None]]:
    for entry in entries:
        match entry.body:
            case EventHappened(lot=from_lot, to_lot=to_lot) as event if from_lot == lot:
                used_in = event.input_of if event.action == "consume" else None
                yield to_lot, entry.id, used_in
            case ProcessClosed(process=process):
                yield None, entry.id, process


def _beyond(process: ProcessId, facts: Facts, direction: Direction) -> Iterator[LotId]:
    """What a process made (forward), or what it consumed and used up (back)."""
    action = "consume" if direction == "back" else "produce"
    for entry in facts.about(process_name(process)):
        match entry.body:
            case EventHappened(lot=lot) as event if event.action == action and lot is not None:
                yield lot
            case ProcessClosed(used_up=used_up) if direction == "back":
                yield from (used.lot for used in used_up)
