"""Working: a team takes an order, brings it, or gives it back; its receiver confirms what came."""

from bioloom.circuits.orders.standing import Order, OrderState
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import milligrams
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.workorders import (
    ReturnReason,
    WorkOrderClosed,
    WorkOrderDelivered,
    WorkOrderReturned,
    WorkOrderTaken,
    WorkOrderWithdrawn,
)
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

_IS: dict[OrderState, str] = {
    "open": "is not taken",
    "taken": "is taken",
    "delivered": "was brought, and waits for its receiver's word",
    "closed": "is closed",
    "withdrawn": "was withdrawn",
}


class OrderElsewhere(Refusal):
    """An order is not where it would have to be for this."""

    def __init__(self, *, order: Order, wanted: str) -> None:
        self.order, self.state = order.issued.order, order.state
        by = f" by '{order.team}'" if order.team and order.state == "taken" else ""
        super().__init__(
            what=f"Work order '{order.issued.order}' {_IS[order.state]}{by}.",
            why=f"Only an order that {wanted} can be so.",
            remedy="Look at the orders as they stand now, and choose another.",
        )


class OrderForAnother(Refusal):
    """An order is meant for another team, or was taken by another."""

    def __init__(self, *, order: Order, team: AgentId) -> None:
        self.order, self.team = order.issued.order, team
        whose = order.team if order.state in ("taken", "delivered") else order.issued.team
        super().__init__(
            what=f"Work order '{order.issued.order}' is for '{whose}', not for '{team}'.",
            why="Who was asked, or took it on, answers for it.",
            remedy="Take another one, or ask them to give it back.",
        )


class BroughtSenseless(Refusal):
    """More came, or nothing, than an order is for."""

    def __init__(self, *, order: Order, mass_mg: int) -> None:
        self.order, self.mass_mg = order.issued.order, mass_mg
        super().__init__(
            what=f"{mass_mg} mg cannot have come by '{order.issued.order}', "
            f"which is for {order.mass_mg} mg.",
            why="A transfer moves what the lots of the order have, and some of it.",
            remedy="Confirm what the scale shows up to that; record more as a lot that was raised, "
            "and give the order back if nothing came.",
        )


def take(order: Order, team: AgentId) -> WorkOrderTaken:
    """A team takes a free order on.

    Raises:
        OrderElsewhere: If it is not open.
        OrderForAnother: If it is meant for another team.
    """
    _see_that(order, "is open", "open")
    if order.issued.team not in (None, team):
        raise OrderForAnother(order=order, team=team)
    return WorkOrderTaken(order=order.issued.order, team=team)


def deliver(order: Order, team: AgentId) -> WorkOrderDelivered:
    """The team says that it brought all of an order.

    Raises:
        OrderElsewhere: If it is not taken.
        OrderForAnother: If another team has it.
    """
    _see_that(order, "was taken", "taken")
    if order.team != team:
        raise OrderForAnother(order=order, team=team)
    return WorkOrderDelivered(order=order.issued.order, team=team)


def give_back(order: Order, reason: ReturnReason) -> WorkOrderReturned:
    """An order that was taken is free again.

    Raises:
        OrderElsewhere: If nobody has it.
    """
    _see_that(order, "was taken", "taken", "delivered")
    assert order.team is not None, "somebody took it"
    return WorkOrderReturned(order=order.issued.order, team=order.team, reason=reason)


def withdraw(order: Order) -> WorkOrderWithdrawn:
    """An open order is no longer to be done.

    Raises:
        OrderElsewhere: If somebody has it, or it is done.
    """
    _see_that(order, "is open", "open")
    return WorkOrderWithdrawn(order=order.issued.order)


def close(
    order: Order, mass_mg: int, *, stamp: Stamp
) -> tuple[dict[str, EventHappened], WorkOrderClosed]:
    """The receiver confirms what came: the transfers that fulfil its commitments, and its end.

    Of less than was ordered, the first tasks and their oldest lots count as brought: the load is
    weighed as one. The rest stays owed, and may be ordered again.

    Args:
        order: Taken, or said to be brought.
        mass_mg: What came, as weighed.
        stamp: What the weight stands on.

    Returns:
        The events by the keys under which they are told, and the closing that names them.

    Raises:
        OrderElsewhere: If nobody took it, or it is over.
        BroughtSenseless: If that is nothing, or more than was ordered.
    """
    _see_that(order, "was taken", "taken", "delivered")
    if not 0 < mass_mg <= order.mass_mg:
        raise BroughtSenseless(order=order, mass_mg=mass_mg)
    assert order.team is not None, "somebody took it"
    events: dict[str, EventHappened] = {}
    left_mg = mass_mg
    for task in order.issued.tasks:
        for portion in task.lots:
            taken_mg = min(portion.mass_mg, left_mg)
            left_mg -= taken_mg
            if taken_mg:
                key = f"{order.issued.order}:{order.times_taken}:{len(events)}"
                events[key] = EventHappened(
                    action="transfer",
                    provider=task.provider,
                    receiver=order.issued.receiver,
                    stamp=stamp,
                    lot=portion.lot,
                    quantity=milligrams(taken_mg),
                    fulfills=(task.commitment,),
                )
    closed = WorkOrderClosed(
        order=order.issued.order, team=order.team, mass_mg=mass_mg, events=tuple(events)
    )
    return events, closed


def _see_that(order: Order, wanted: str, *states: OrderState) -> None:
    if order.state not in states:
        raise OrderElsewhere(order=order, wanted=wanted)
