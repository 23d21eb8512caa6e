"""`bioloom circuits orders`: work that is given out, taken on by teams, and confirmed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.circuits.orders.standing import Order
from bioloom.doors.acting import acting_as
from bioloom.doors.answers.dispatching import OrderTold, order_told
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json, table, tonnes
from bioloom.doors.compose import City, open_city
from bioloom.doors.dispatching import orders
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.workorders import ReturnReason
from bioloom.vocabulary.quantities import mass_mg
from bioloom.vocabulary.refusal import Refusal

Flag = Annotated[bool, Parameter(negative="")]
# Team, district, material, kilograms and day.
_Request = tuple[str | None, str | None, str | None, Decimal | None, date | None]


class IssueUnclear(Refusal):
    """Work is to be given out, and it is not said what."""

    def __init__(self) -> None:
        super().__init__(
            what="It is not clear what work is to be given out.",
            why="It comes out of rounds, out of the plan in force, or is asked of one team.",
            remedy="Give --rounds ID; or --team, --district, --material, --kg and --due; or "
            "neither, for all that the plan in force has left.",
        )


def list_(
    folder: Path,
    *,
    team: str | None = None,
    over: Flag = False,
    as_json: AsJson = False,
) -> None:
    """List the work orders that are not done, the first due first.

    Example: bioloom circuits orders list verdiva --team guardians:weir

    Parameters
    ----------
    folder
        The city's folder.
    team
        Only those that this team has, had, or is asked to take.
    over
        Those that are closed or withdrawn, too.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        known, today = orders.orders_known(city), city.today()
    found = list(known.orders.values()) if over else known.live()
    told = [
        order_told(order, today)
        for order in found
        if team is None or team in (order.team, order.issued.team)
    ]
    if as_json:
        print_json(told)
        return
    rows = [
        [
            *(one.order, "overdue" if one.overdue else one.state, str(one.due)),
            ", ".join(dict.fromkeys(task.place for task in one.tasks)),
            ", ".join(dict.fromkeys(task.material for task in one.tasks)),
            *(tonnes(one.mass_mg), one.receiver, one.team or one.meant_for or ""),
        ]
        for one in told
    ]
    columns = ["order", "state", "due", "from", "material", "#t", "to", "team"]
    out().print(table(f"{len(rows)} work orders", columns, rows))


def issue(
    folder: Path,
    *,
    rounds: str | None = None,
    vehicle: str | None = None,
    team: str | None = None,
    district: str | None = None,
    material: str | None = None,
    kg: Decimal | None = None,
    due: date | None = None,
    because: str = "by hand",
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Give out work: a day's rounds, all that the plan in force has left, or a request to a team.

    Example: bioloom circuits orders issue verdiva --rounds rounds_2026-05-04_0a1b2c3d4e

    Parameters
    ----------
    folder
        The city's folder.
    rounds
        The rounds whose loads are to be driven: an order for each.
    vehicle
        Only the round of this one, by its class and its number, such as "lorry 3".
    team
        Who is asked to take lots over, as where a site is out.
    district
        Whose lots.
    material
        Of which material.
    kg
        How many kilograms of it.
    due
        By which day.
    because
        The disruption that it is for, or another name.
    as_
        Who gives it out; the steward unless given.
    as_json
        Print the orders as JSON.
    """
    request = (team, district, material, kg, due)
    with open_city(folder) as city:
        author = acting_as(city, as_)
        if any(part is not None for part in request):
            if rounds is not None or vehicle is not None:
                raise IssueUnclear
            issued = [_asked(city, author, request, because)]
        elif rounds is not None:
            issued = orders.issue_for_rounds(city, rounds, author=author, vehicle=vehicle)
        elif vehicle is not None:
            raise IssueUnclear
        else:
            issued = orders.issue_for_plan(city, author=author)
        told = [order_told(order, city.today()) for order in issued]
    if as_json:
        print_json(told)
        return
    mass = tonnes(sum(one.mass_mg for one in told))
    out().print(f"{len(told)} work orders over {mass} t. See them: bioloom circuits orders list")


def _asked(city: City, author: AgentId, request: _Request, because: str) -> Order:
    team, district, material, kg, due = request
    if team is None or district is None or material is None or kg is None or due is None:
        raise IssueUnclear
    return orders.issue_by_hand(
        city,
        author=author,
        district=district,
        material=material,
        mass_mg=mass_mg(kg, "kg"),
        team=team,
        due=due,
        source=because,
    )


def take(
    folder: Path, order: str, *, team: str, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Take an order on, for a team that one belongs to.

    Example: bioloom circuits orders take verdiva work_0a1b2c --team guardians:weir --as person:zara

    Parameters
    ----------
    folder
        The city's folder.
    order
        Its id.
    team
        The team that takes it on.
    as_
        Who says so; the steward unless given.
    as_json
        Print the order as JSON.
    """
    _turn(
        folder,
        as_,
        lambda city, by: orders.take_order(city, order, team=team, author=by),
        as_json=as_json,
    )


def deliver(folder: Path, order: str, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Say that an order was brought; its receiver has yet to confirm.

    Example: bioloom circuits orders deliver verdiva work_0a1b2c --as person:zara-kellan

    Parameters
    ----------
    folder
        The city's folder.
    order
        Its id.
    as_
        Who says so, for the team that has it.
    as_json
        Print the order as JSON.
    """
    _turn(
        folder, as_, lambda city, by: orders.deliver_order(city, order, author=by), as_json=as_json
    )


def give_back(
    folder: Path,
    order: str,
    *,
    reason: ReturnReason = "other",
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Give an order back, so that another team may take it.

    Example: bioloom circuits orders return verdiva work_0a1b2c --reason no_vehicle

    Parameters
    ----------
    folder
        The city's folder.
    order
        Its id.
    reason
        Why.
    as_
        Who says so: of its team, or who dispatches.
    as_json
        Print the order as JSON.
    """
    _turn(
        folder,
        as_,
        lambda city, by: orders.return_order(city, order, reason=reason, author=by),
        as_json=as_json,
    )


def close(
    folder: Path,
    order: str,
    *,
    kg: Decimal | None = None,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Confirm what came by an order, as its receiver: its lots change hands at this moment.

    Example: bioloom circuits orders close verdiva work_0a1b2c --kg 412.5 --as site:digester

    Parameters
    ----------
    folder
        The city's folder.
    order
        Its id.
    kg
        What the scale shows; all that was ordered unless given.
    as_
        Who confirms, for its receiver.
    as_json
        Print the order as JSON.
    """
    came_mg = None if kg is None else mass_mg(kg, "kg")
    _turn(
        folder,
        as_,
        lambda city, by: orders.close_order(city, order, author=by, mass_mg=came_mg),
        as_json=as_json,
    )


def withdraw(folder: Path, order: str, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Withdraw an order that nobody has taken.

    Example: bioloom circuits orders withdraw verdiva work_0a1b2c

    Parameters
    ----------
    folder
        The city's folder.
    order
        Its id.
    as_
        Who says so: who dispatches.
    as_json
        Print the order as JSON.
    """
    _turn(
        folder, as_, lambda city, by: orders.withdraw_order(city, order, author=by), as_json=as_json
    )


def _turn(
    folder: Path,
    as_: str | None,
    turning: Callable[[City, AgentId], Order],
    *,
    as_json: bool,
) -> None:
    with open_city(folder) as city:
        told: OrderTold = order_told(turning(city, acting_as(city, as_)), city.today())
    if as_json:
        print_json(told)
        return
    team = f" by {told.team}" if told.team and told.state in ("taken", "delivered") else ""
    out().print(escape(f"{told.order}: {told.state}{team}."), soft_wrap=True)
