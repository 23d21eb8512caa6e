"""Moving: what an economic event moves, by the effects of its action."""

from collections.abc import Iterator

from bioloom.ledger.events.mentioning import losses_of
from bioloom.vocabulary.agents import BOUNDARY, INSIDE, UNACCOUNTED, AgentId
from bioloom.vocabulary.entries.actions import ACTIONS, QuantityEffect
from bioloom.vocabulary.entries.events import EventHappened, ProcessClosed
from bioloom.vocabulary.lots import Leg, LotId

# From whom to whom some amount of a lot goes.
_Way = tuple[LotId, AgentId, AgentId]


def event_legs(body: EventHappened) -> tuple[Leg, ...]:
    """The movements of an event: of rights by its accounting effect, of custody by its onhand one.

    What is raised or lowered, or made or used by no process, comes from or goes to `unaccounted`;
    everything else that an agent gains or loses alone passes by way of `inside`. A transfer into
    another lot passes there, too.

    Example:
        >>> from bioloom.vocabulary.amounts import Amount
        >>> from bioloom.vocabulary.entries.events import ProcessId
        >>> (leg,) = event_legs(
        ...     EventHappened(
        ...         action="consume",
        ...         provider=AgentId("mill"),
        ...         receiver=AgentId("mill"),
        ...         stamp="measured",
        ...         lot=LotId("rags"),
        ...         quantity=Amount(units=5, reported="5", unit="mg"),
        ...         input_of=ProcessId("tearing"),
        ...     )
        ... )
        >>> (leg.giver, leg.receiver, leg.rights_units, leg.custody_units)
        ('mill', 'inside', 5, 5)
    """
    units = 0 if body.quantity is None else body.quantity.units
    if units == 0 or body.lot is None:
        return ()
    effects = ACTIONS[body.action]
    rights, custody = _ways(body, effects.accounting), _ways(body, effects.onhand)
    return tuple(
        Leg(
            lot=way[0],
            giver=way[1],
            receiver=way[2],
            rights_units=units if way in rights else 0,
            custody_units=units if way in custody else 0,
        )
        for way in dict.fromkeys([*rights, *custody])
    )


def mass_moved(body: EventHappened) -> Iterator[tuple[LotId, int]]:
    """What an event adds to (or, below zero, takes from) the known mass of lots in pieces [mg]."""
    for leg in event_legs(body) if body.mass_mg is not None else ():
        sign = (leg.giver in BOUNDARY) - (leg.receiver in BOUNDARY)
        if leg.rights_units and sign:
            yield leg.lot, sign * (body.mass_mg or 0)


def _ways(body: EventHappened, effect: QuantityEffect) -> tuple[_Way, ...]:
    assert body.lot is not None, "an event without a lot moves nothing"
    beyond = UNACCOUNTED if _is_unexplained(body) else INSIDE
    target = body.lot if body.to_lot is None else body.to_lot
    match effect:
        case "increment":
            return ((body.lot, beyond, body.receiver),)
        case "decrement":
            return ((body.lot, body.provider, beyond),)
        case "incrementTo":
            return ((target, beyond, body.receiver),)
        case "decrementIncrement" if target != body.lot:
            return ((body.lot, body.provider, INSIDE), (target, INSIDE, body.receiver))
        case "decrementIncrement" if body.provider != body.receiver:
            return ((body.lot, body.provider, body.receiver),)
    return ()


def _is_unexplained(body: EventHappened) -> bool:
    """Whether nothing says where an amount comes from or goes: no recount does, and no process."""
    if body.action in ("consume", "produce"):
        return body.input_of is None and body.output_of is None
    return body.action in ("raise", "lower")


def closing_legs(body: ProcessClosed) -> tuple[Leg, ...]:
    """What the end of a process moves: its losses, its residual, and what it has used up."""
    lot = losses_of(body.process)
    gone = [(INSIDE, loss.to, loss.mass_mg) for loss in body.losses]
    if body.residual_mg > 0:
        gone.append((INSIDE, UNACCOUNTED, body.residual_mg))
    if body.residual_mg < 0:
        gone.append((UNACCOUNTED, INSIDE, -body.residual_mg))
    losses = [
        Leg(lot=lot, giver=giver, receiver=receiver, rights_units=mg, custody_units=mg)
        for giver, receiver, mg in gone
        if mg
    ]
    # They are inside already; now they are nobody's any more.
    used_up = [
        Leg(
            lot=used.lot,
            giver=used.owner,
            receiver=INSIDE,
            rights_units=used.units,
            custody_units=0,
        )
        for used in body.used_up
    ]
    return (*losses, *used_up)
