"""Standing: every work order with where it is between being issued and being closed."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import msgspec

from bioloom.ledger.events.replaced import Replaced
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import CommitmentEnded, PlanAdopted
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import CommitmentId
from bioloom.vocabulary.entries.workorders import (
    OrderId,
    WorkOrderClosed,
    WorkOrderDelivered,
    WorkOrderIssued,
    WorkOrderReturned,
    WorkOrderTaken,
    WorkOrderWithdrawn,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

ORDER_KINDS = (
    "WorkOrderIssued",
    "WorkOrderTaken",
    "WorkOrderDelivered",
    "WorkOrderReturned",
    "WorkOrderClosed",
    "WorkOrderWithdrawn",
)
# Where a plan is replaced or revised, what its orders were for is owed no longer.
OVERTAKING_KINDS = ("PlanAdopted", "CommitmentEnded")
OrderState = Literal["open", "taken", "delivered", "closed", "withdrawn"]


class OrderUnknown(Refusal):
    """A work order that nobody issued."""

    def __init__(self, *, order: str) -> None:
        self.order = order
        super().__init__(
            what=f"There is no work order '{order[:80]}'.",
            why="Only an order in the record can be taken, brought or closed.",
            remedy="See those there are with `bioloom circuits orders list DIR`.",
        )


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A work order as it stands."""

    issued: WorkOrderIssued
    # The entry that issued it, and when.
    seq: int
    issued_at: Instant
    state: OrderState = "open"
    # Who has it, or had it last.
    team: AgentId | None = None
    # How often it was taken: each time is told under a key of its own.
    times_taken: int = 0
    # Withdrawn because a plan was replaced, or a commitment ended.
    overtaken: bool = False
    # What its receiver confirmed.
    closed_mg: int | None = None

    @property
    def mass_mg(self) -> int:
        """What it is to bring."""
        return sum(task.mass_mg for task in self.issued.tasks)

    @property
    def is_live(self) -> bool:
        """Whether somebody may still do it."""
        return self.state in ("open", "taken", "delivered")

    def is_overdue(self, today: date) -> bool:
        """Whether its day is past, and it is not done."""
        return self.is_live and self.issued.due < today


@dataclass(slots=True, kw_only=True)
class OrdersKnown:
    """All work orders: a fold over the record."""

    orders: dict[OrderId, Order] = field(default_factory=dict)
    _replaced: Replaced = field(default_factory=Replaced)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing about orders."""
        body = entry.body
        match body:
            case WorkOrderIssued(order=name):
                order = Order(issued=body, seq=entry.seq, issued_at=entry.occurred_at)
                self.orders[name] = order
            case WorkOrderTaken(order=name, team=team):
                times = self.orders[name].times_taken + 1
                self._turn(name, state="taken", team=team, times_taken=times)
            case WorkOrderDelivered(order=name):
                self._turn(name, state="delivered")
            case WorkOrderReturned(order=name):
                self._turn(name, state="open")
            case WorkOrderClosed(order=name, mass_mg=mass_mg):
                self._turn(name, state="closed", closed_mg=mass_mg)
            case WorkOrderWithdrawn(order=name):
                self._turn(name, state="withdrawn")
            case PlanAdopted() | CommitmentEnded():
                self._overtake(body)

    def named(self, order: str) -> Order:
        """The order of this id.

        Raises:
            OrderUnknown: If there is none.
        """
        found = self.orders.get(OrderId(order))
        if found is None:
            raise OrderUnknown(order=order)
        return found

    def live(self) -> list[Order]:
        """Orders that somebody may still do, the first due first."""
        found = [order for order in self.orders.values() if order.is_live]
        return sorted(found, key=lambda order: (order.issued.due, order.seq))

    def spoken_for(self) -> dict[CommitmentId, Counter[LotId]]:
        """How much of each commitment's lots live orders are to bring [mg]."""
        return self._spoken_for("open", "taken", "delivered")

    def _spoken_for(self, *states: OrderState) -> dict[CommitmentId, Counter[LotId]]:
        found: defaultdict[CommitmentId, Counter[LotId]] = defaultdict(Counter)
        for order in self.orders.values():
            for task in order.issued.tasks if order.state in states else ():
                for portion in task.lots:
                    found[task.commitment][portion.lot] += portion.mass_mg
        return found

    def _overtake(self, body: PlanAdopted | CommitmentEnded) -> None:
        """Withdraw the orders of commitments that are owed no longer, or no longer to free hands.

        What a team has under way is not taken back where the commitment stays owed for it.
        """
        self._replaced.fold(body)
        cut = body.commitment if isinstance(body, CommitmentEnded) else None
        for name, order in self.orders.items():
            for task in order.issued.tasks if order.is_live else ():
                plan = task.commitment.partition("/")[0]
                is_over = plan in self._replaced.plans or task.commitment in self._replaced.ended
                if is_over or (task.commitment == cut and order.state == "open"):
                    self._turn(name, state="withdrawn", overtaken=True)

    def under_way(self) -> dict[CommitmentId, Counter[LotId]]:
        """How much of each commitment's lots teams have on their way [mg]."""
        return self._spoken_for("taken", "delivered")

    def _turn(self, name: OrderId, **changed: object) -> None:
        self.orders[name] = msgspec.structs.replace(self.orders[name], **changed)
