"""What goes on in the control room: disruptions, Codes in force, work orders."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from bioloom.circuits.orders.standing import Order, OrderState
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.disruptions.disrupted import Disruptions
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.disruptions import Disrupting
from bioloom.vocabulary.places import SiteId

# So many orders are listed, the first due first; all of them are counted.
_ORDERS_LISTED = 10


class DisruptionRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that stands in the way of plans on a day; `left_per_mille` is of a cut or surge."""

    name: str
    kind: Disrupting
    site: SiteId | None
    areas: tuple[str, ...]
    left_per_mille: int
    first_day: date
    last_day: date | None
    reason: str


class CodeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A Code in force on a day, and the last of its days."""

    title: str
    rationale: str
    is_emergency: bool
    last_day: date | None
    seq: int


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """A work order that somebody may still do."""

    seq: int
    state: OrderState
    places: tuple[str, ...]
    receiver: AgentId
    team: AgentId | None
    mass_mg: int
    due: date
    is_overdue: bool


class OrdersView(msgspec.Struct, frozen=True, kw_only=True):
    """Work orders: how many stand where, and the first that are due."""

    counts: dict[OrderState, int]
    rows: tuple[OrderRow, ...]
    more: int


def disruption_rows(disruptions: Disruptions, today: date) -> tuple[DisruptionRow, ...]:
    """What is in force on a day, in the order in which it was reported."""
    return tuple(
        DisruptionRow(
            name=one.reported.disruption,
            kind=one.reported.kind,
            site=one.reported.site,
            areas=one.reported.areas,
            left_per_mille=one.reported.per_mille,
            first_day=one.reported.first_day,
            last_day=one.last_day,
            reason=one.reported.reason,
        )
        for one in disruptions.reported.values()
        if one.is_on(today)
    )


def code_rows(in_force: Iterable[Version]) -> tuple[CodeRow, ...]:
    """Codes, those that end first."""
    rows = [
        CodeRow(
            title=version.terms.title,
            rationale=version.terms.rationale,
            is_emergency=version.terms.emergency,
            last_day=version.last_day,
            seq=version.seq,
        )
        for version in in_force
    ]
    return tuple(sorted(rows, key=lambda row: (row.last_day or date.max, row.seq)))


def view_orders(orders: Iterable[Order], live: Sequence[Order], today: date) -> OrdersView:
    """Arrange work orders for reading.

    Args:
        orders: All of them.
        live: Those that somebody may still do, the first due first.
        today: The city's day.
    """
    rows = [
        OrderRow(
            seq=order.seq,
            state=order.state,
            places=tuple(dict.fromkeys(task.place for task in order.issued.tasks)),
            receiver=order.issued.receiver,
            team=None if order.state == "open" else order.team,
            mass_mg=order.mass_mg,
            due=order.issued.due,
            is_overdue=order.is_overdue(today),
        )
        for order in live[:_ORDERS_LISTED]
    ]
    return OrdersView(
        counts=dict(Counter(order.state for order in orders)),
        rows=tuple(rows),
        more=max(0, len(live) - _ORDERS_LISTED),
    )
