"""Legs: what an entry moves. The only place where an entry kind becomes movements of mass."""

from collections.abc import Iterable
from typing import Any

import msgspec

from bioloom.ledger.events.moving import closing_legs, event_legs
from bioloom.vocabulary.agents import BOUNDARY, OUTSIDE, UNACCOUNTED, AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed, ProcessClosed
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.lots import Leg, LotId
from bioloom.vocabulary.periods import Instant

# A leg and when it happened.
Movement = tuple[Leg, Instant]


def legs_of(body: object) -> tuple[Leg, ...]:
    """The movements an entry's body states by itself; none for a body that moves nothing."""
    match body:
        case LotArrived():
            return _arrival(body)
        case LotTransferred():
            return (
                Leg(
                    lot=body.lot,
                    giver=body.giver,
                    receiver=body.receiver,
                    rights_units=body.mass_mg if "rights" in body.sides else 0,
                    custody_units=body.mass_mg if "custody" in body.sides else 0,
                ),
            )
        case EventHappened():
            return event_legs(body)
        case ProcessClosed():
            return closing_legs(body)
        case EventReversed():
            return body.moves
    return ()


def lots_named(body: object) -> Iterable[LotId]:
    """The lots that an entry's movements are of, and that it names besides."""
    match body:
        case EventHappened(lot=lot, to_lot=to_lot):
            return [name for name in (lot, to_lot) if name is not None]
        case LotArrived(lot=lot) | LotTransferred(lot=lot):
            return (lot,)
    return {leg.lot for leg in legs_of(body)}


def _arrival(body: LotArrived) -> tuple[Leg, ...]:
    lot, mass_mg = body.lot, body.mass_mg
    if mass_mg == 0:
        return ()
    if body.owner == body.holder:
        both = Leg(
            lot=lot, giver=OUTSIDE, receiver=body.owner, rights_units=mass_mg, custody_units=mass_mg
        )
        return (both,)
    return (
        Leg(lot=lot, giver=OUTSIDE, receiver=body.owner, rights_units=mass_mg, custody_units=0),
        Leg(lot=lot, giver=OUTSIDE, receiver=body.holder, rights_units=0, custody_units=mass_mg),
    )


def movements_of(body: object, at: Instant, replaced: Entry[Any] | None) -> list[Movement]:
    """What an entry adds to the legs: its own, and the reverse of those of the one it corrects.

    A reversal happens when the corrected entry happened, so that the two cancel at every instant.
    What passed between two agents goes back by way of `unaccounted`: who gave it has it again
    before this entry's own legs, who received it loses it after them. In any other order a balance
    could pass below zero on its way to a sound one.
    """
    own = [(leg, at) for leg in legs_of(body)]
    if replaced is None:
        return own
    undone, then = legs_of(replaced.body), replaced.occurred_at
    regained = [
        (_back(leg, _edge(leg.receiver), leg.giver), then)
        for leg in undone
        if leg.giver not in BOUNDARY
    ]
    lost = [
        (_back(leg, leg.receiver, _edge(leg.giver)), then)
        for leg in undone
        if leg.giver in BOUNDARY or leg.receiver not in BOUNDARY
    ]
    return [*regained, *own, *lost]


def _edge(agent: AgentId) -> AgentId:
    return agent if agent in BOUNDARY else UNACCOUNTED


def _back(leg: Leg, giver: AgentId, receiver: AgentId) -> Leg:
    return msgspec.structs.replace(leg, giver=giver, receiver=receiver)


def backwards(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """The same movements from receiver to giver, the last one first."""
    return tuple(_back(leg, leg.receiver, leg.giver) for leg in reversed(legs))
