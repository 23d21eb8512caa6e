"""Answers about vehicles, rounds and work: what `bioloom circuits fleet` and others print."""

from datetime import date

import msgspec

from bioloom.circuits.orders.standing import Order, OrderState
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.rounds import (
    HoursDeclared,
    NotFetched,
    Round,
    VehicleClassDeclared,
)
from bioloom.vocabulary.entries.workorders import OrderId, OrderOrigin, Task
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.stamps import Stamp


class FleetTold(msgspec.Struct, frozen=True, kw_only=True):
    """A city's vehicles and hours; `recorded` is how many a file added or changed."""

    vehicles: list[VehicleClassDeclared]
    hours: list[HoursDeclared]
    recorded: int
    # Groups that vehicles carry and no material belongs to.
    unknown_groups: list[str]


class RoundsTold(msgspec.Struct, frozen=True, kw_only=True):
    """The rounds of a day: who fetches what when, and what nobody fetches.

    `id` names them; they stand in the record only where `proposed` says so. `moved` counts stops
    that another vehicle makes than in the rounds in force; it is none where there were none.
    """

    id: str
    plan: str
    day: date
    due_mg: int
    fetched_mg: int
    routes: list[Round]
    not_fetched: list[NotFetched]
    ways: Stamp
    detour_per_mille: int | None
    way_m: int
    cost: int
    iterations: int
    moved: int | None
    kept: bool
    checked: bool
    proposed: bool


class RoundsInForce(msgspec.Struct, frozen=True, kw_only=True):
    """Rounds that were put in force, and those that they replace."""

    rounds: str
    supersedes: str | None


class OrderTold(msgspec.Struct, frozen=True, kw_only=True):
    """A work order as it stands."""

    order: OrderId
    state: OrderState
    origin: OrderOrigin
    source: str
    receiver: AgentId
    # Whom it is meant for, and who has it or had it last.
    meant_for: AgentId | None
    team: AgentId | None
    due: date
    overdue: bool
    mass_mg: int
    closed_mg: int | None
    tasks: list[Task]
    issued_at: Instant


def order_told(order: Order, today: date) -> OrderTold:
    """A work order as the command line and the API tell of it."""
    issued = order.issued
    return OrderTold(
        order=issued.order,
        state=order.state,
        origin=issued.origin,
        source=issued.source,
        receiver=issued.receiver,
        meant_for=issued.team,
        team=order.team,
        due=issued.due,
        overdue=order.is_overdue(today),
        mass_mg=order.mass_mg,
        closed_mg=order.closed_mg,
        tasks=list(issued.tasks),
        issued_at=order.issued_at,
    )
