"""Work as people read it: what is open, what is theirs, what they are to confirm, what is done."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from bioloom.circuits.orders.standing import Order
from bioloom.ledger.declared import Declared
from bioloom.ledger.people.people import People
from bioloom.ledger.people.permitting import stands_for
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId, SiteId

# So many of each kind are shown at once; how many there are is told.
MOST_SHOWN = 60
MOST_DONE = 20
_LISTS = ("mine", "to_confirm", "open", "under_way", "done")


class WorkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A work order, and what whoever looks may do with it."""

    order: Order
    is_overdue: bool
    # Names of the places where it is to be fetched.
    places: tuple[str, ...]
    materials: tuple[MaterialId, ...]
    # The teams for which they may take it.
    teams: tuple[AgentId, ...]
    may_deliver: bool
    may_return: bool
    may_close: bool
    may_withdraw: bool


class WorkView(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page of work shows; of each list the first, and how many there are."""

    mine: tuple[WorkRow, ...]
    to_confirm: tuple[WorkRow, ...]
    open: tuple[WorkRow, ...]
    under_way: tuple[WorkRow, ...]
    done: tuple[WorkRow, ...]
    counts: dict[str, int]


class Looker(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks at the work, and in whose name they may do some."""

    agent: AgentId | None
    teams: Sequence[AgentId]
    may_dispatch: bool
    at: Instant


def view_work(
    orders: Iterable[Order], looker: Looker, declared: Declared, people: People, *, today: date
) -> WorkView:
    """Part the orders by what there is to do with them: the first due first, the newest done."""
    rows = [_row(order, looker, declared, people, today=today) for order in orders]
    rows.sort(key=lambda row: (row.order.issued.due, row.order.seq))
    lists: dict[str, list[WorkRow]] = {
        name: [row for row in rows if _list_of(row, looker) == name] for name in _LISTS
    }
    lists["done"].reverse()
    shown = {
        name: tuple(found[: MOST_DONE if name == "done" else MOST_SHOWN])
        for name, found in lists.items()
    }
    return WorkView(**shown, counts={name: len(found) for name, found in lists.items()})


def _list_of(row: WorkRow, looker: Looker) -> str:
    match row.order.state:
        case "open":
            return "open"
        case "closed":
            return "done"
        case "withdrawn":
            return ""
    if row.order.team in looker.teams:
        return "mine"
    return "to_confirm" if row.may_close else "under_way"


def _row(
    order: Order, looker: Looker, declared: Declared, people: People, *, today: date
) -> WorkRow:
    issued, is_out = order.issued, order.state in ("taken", "delivered")
    is_own = order.team in looker.teams
    receives = looker.agent is not None and stands_for(
        looker.agent, "transfer_custody", issued.receiver, people, at=looker.at
    )
    meant = [team for team in looker.teams if issued.team in (None, team)]
    return WorkRow(
        order=order,
        is_overdue=order.is_overdue(today),
        places=tuple(dict.fromkeys(_name(task.place, declared) for task in issued.tasks)),
        materials=tuple(dict.fromkeys(task.material for task in issued.tasks)),
        teams=tuple(meant) if order.state == "open" else (),
        may_deliver=order.state == "taken" and is_own,
        may_return=is_out and (is_own or looker.may_dispatch),
        may_close=is_out and receives,
        may_withdraw=order.state == "open" and looker.may_dispatch,
    )


def _name(place: str, declared: Declared) -> str:
    if place in declared.districts:
        return declared.districts[DistrictId(place)].name
    known = declared.sites.get(SiteId(place))
    return place if known is None else known.name
