"""Ancestry: everything that went into a lot until an instant, and whether it all has something.

Whatever went into a process until then counts as being in all that came out of it, and whatever
came into a lot as being in all that was taken out of it: a claim may be refused that a closer look
at the hours would allow, and none is allowed that mixing makes untrue.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bioloom.ledger.custody.naming import (
    booking_of,
    characteristics_of,
    custody_of,
    lot_node,
    process_node,
)
from bioloom.ledger.custody.refusing import AncestryTooLarge, NotCarried
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import process_name
from bioloom.ledger.genealogy.stepping import WayIn, ways_in
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.custody import CertificatesIssued, Characteristic
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant

# Lots and processes; each is read while the record waits.
MOST_ANCESTORS = 10_000
# By what a lot goes into a process, to be used up or given back.
_PUT_IN = ("consume", "accept", "pickup")


class Ancestry(NamedTuple):
    """What went into a lot, the lot itself included.

    Attributes:
        lots: All lots.
        processes: All processes that some of it came out of.
        origins: Of lots that came from outside all others, how often they did.
        inputs: The events by which lots went into these processes.
    """

    lots: tuple[LotId, ...]
    processes: tuple[ProcessId, ...]
    origins: dict[LotId, int]
    inputs: tuple[Entry[Any], ...]

    @property
    def nodes(self) -> tuple[str, ...]:
        """All of it, as what claims rest on."""
        return (*map(lot_node, sorted(self.lots)), *map(process_node, sorted(self.processes)))


def ancestry_of(lot: LotId, facts: Facts, *, until: Instant) -> Ancestry:
    """All that went into a lot until an instant.

    Raises:
        AncestryTooLarge: If it is more than 10,000 lots and processes.
    """
    known, waiting = {lot}, [lot]
    processes = dict[ProcessId, list[Entry[Any]]]()
    origins: dict[LotId, int] = {}
    while waiting:
        beyond = list[LotId]()
        for name, entries in facts.touching(waiting).items():
            for way in _until(until, ways_in(name, entries)):
                if way.process is not None and way.process not in processes:
                    processes[way.process] = went_in(way.process, facts, until=until)
                    beyond += [entry.body.lot for entry in processes[way.process]]
                if way.from_lot is not None:
                    beyond.append(way.from_lot)
                elif way.process is None or not processes[way.process]:
                    origins[name] = origins.get(name, 0) + 1
        waiting = [name for name in dict.fromkeys(beyond) if name not in known]
        known |= set(waiting)
        if len(known) + len(processes) > MOST_ANCESTORS:
            raise AncestryTooLarge(lot=lot, most=MOST_ANCESTORS)
    inputs = tuple(entry for some in processes.values() for entry in some)
    return Ancestry(tuple(known), tuple(processes), origins, inputs)


def went_in(process: ProcessId, facts: Facts, *, until: Instant) -> list[Entry[Any]]:
    """The events by which lots went into a process until an instant, given back or not."""
    return [
        entry
        for entry in facts.about(process_name(process))
        if isinstance(entry.body, EventHappened)
        and entry.body.input_of == process
        and entry.body.action in _PUT_IN
        and entry.body.lot is not None
        and entry.occurred_at <= until
    ]


def brought_in_by(lot: LotId, facts: Facts) -> set[AgentId]:
    """Whose a lot was as it came from outside all others."""
    return {
        getattr(way.entry.body, "owner", None) or way.entry.body.receiver
        for way in ways_in(lot, facts.touching([lot])[lot])
        if way.from_lot is None
    }


def judge_carried(
    lot: LotId,
    characteristic: Characteristic,
    facts: Facts,
    *,
    until: Instant,
    identity: bool = False,
    closed: bool = False,
    certifies: bool = False,
) -> tuple[str, ...]:
    """See that all that went into a lot has a characteristic; what that rests on.

    Args:
        lot: The lot.
        characteristic: What all of it must have had as it came in.
        facts: The record.
        until: The instant as of which it is judged.
        identity: Whether all of it must have come in at once, as one lot.
        closed: Whether nothing may have come into the lot itself since.
        certifies: Whether certificates are issued of the lot, which may have some already.

    Raises:
        NotCarried: If it does not have it, or if it was spent for another claim.
        AncestryTooLarge: If too much went into it.
    """
    ancestry = ancestry_of(lot, facts, until=until)
    facts.prepare(
        [
            *map(characteristics_of, ancestry.origins),
            *(booking_of(entry.idempotency_key) for entry in ancestry.inputs),
            *map(custody_of, ancestry.lots),
        ]
    )
    found = _against(ancestry, characteristic, facts)
    spent = _spent(ancestry, characteristic, facts, besides=lot if certifies else None)
    found = found or spent
    if found is None and identity and sum(ancestry.origins.values()) > 1:
        came_in = ", ".join(f"{name} ({times})" for name, times in sorted(ancestry.origins.items()))
        found = f"it is of more than one origin, {came_in}"
    if found is None and closed:
        entries = facts.touching([lot])[lot]
        if any(way.entry.occurred_at > until for way in ways_in(lot, entries)):
            found = "more came into it since then"
    if found is not None:
        raise NotCarried(lot=lot, characteristic=characteristic, found=found)
    return ancestry.nodes


def _until(until: Instant, ways: Iterable[WayIn]) -> Iterator[WayIn]:
    return (way for way in ways if way.entry.occurred_at <= until)


def _against(ancestry: Ancestry, characteristic: Characteristic, facts: Facts) -> str | None:
    """What of an ancestry did not have a characteristic as it came in."""
    if not ancestry.origins:
        return "nothing of it was there yet"
    for origin in sorted(ancestry.origins):
        told = [entry.body for entry in facts.introducing(characteristics_of(origin))]
        who = {one.declarer for one in told if one.characteristic == characteristic}
        if not who & brought_in_by(origin, facts):
            return f"nobody declared it of '{origin}', which went into it"
    return None


def _spent(
    ancestry: Ancestry, characteristic: Characteristic, facts: Facts, *, besides: LotId | None
) -> str | None:
    """What of an ancestry was booked as a credit, or has certificates apart from it."""
    for entry in ancestry.inputs:
        booked = facts.introducing(booking_of(entry.idempotency_key))
        if any(one.body.characteristic == characteristic for one in booked):
            return f"'{entry.idempotency_key}' was booked as a credit"
    for lot in sorted(ancestry.lots):
        for one in facts.introducing(custody_of(lot)):
            is_issued = isinstance(one.body, CertificatesIssued) and lot != besides
            if is_issued and one.body.characteristic == characteristic:
                return f"certificates '{one.body.certificates}' were issued of '{lot}'"
    return None
