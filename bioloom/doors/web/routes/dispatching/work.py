"""The page of work: what is open, who has it, and the forms that take, bring and confirm it."""

from decimal import Decimal, InvalidOperation
from typing import get_args

from litestar import Response, get, post
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.dispatching import orders
from bioloom.doors.dispatching.rounds import rounds_known
from bioloom.doors.giving.standing import names_open_to
from bioloom.doors.web.asking import FieldMissing, Form
from bioloom.doors.web.guards.acting import could_act
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.people.errands import Errands
from bioloom.doors.web.views.dispatching.work import Looker, view_work
from bioloom.doors.web.visiting import Visiting
from bioloom.vocabulary.entries.workorders import ReturnReason
from bioloom.vocabulary.quantities import mass_mg

_ROUNDS_OFFERED = 5
REASONS: tuple[ReturnReason, ...] = get_args(ReturnReason)


@get("/work", include_in_schema=False, sync_to_thread=True)
def work_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """Work orders: theirs, those they are to confirm, those open, and those done."""
    desk = renderer.desk
    standing, people, at = desk.standing(), desk.people(), now()
    agent = visitor.agent if visitor.how == "session" else None
    declared = standing.declared
    own = names_open_to(agent, "take_work", people, declared=declared, at=at) if agent else []
    teams = [team for team in own if not people.is_private(team)]
    may_dispatch = could_act(visitor, "dispatch", renderer)
    looker = Looker(agent=agent, teams=teams, may_dispatch=may_dispatch, at=at)
    known = orders.orders_known(desk.city)
    today = desk.city.today()
    given_out = {order.issued.source for order in known.orders.values()}
    in_force = sorted(rounds_known(desk.city).in_force.items(), reverse=True)
    return renderer.page(
        request,
        "dispatching/work",
        standing,
        view=view_work(known.orders.values(), looker, declared, people, today=today),
        teams=teams,
        may_dispatch=may_dispatch,
        rounds=[name for _, name in in_force if name not in given_out][:_ROUNDS_OFFERED],
        has_plan=bool(desk.city.plans().in_force),
        reasons=REASONS,
    )


@post("/work/issue", include_in_schema=False, sync_to_thread=True)
def issue(errand: Errands) -> Redirect:
    """Give out a day's rounds, or what the plan in force has left."""
    rounds = errand.form.fields.get("rounds", "")
    if rounds:
        orders.issue_for_rounds(errand.city, rounds, author=errand.agent)
    else:
        orders.issue_for_plan(errand.city, author=errand.agent)
    return errand.on_to("/work#open")


@post("/work/take", include_in_schema=False, sync_to_thread=True)
def take(errand: Errands) -> Redirect:
    """A team takes an order on."""
    order, team = errand.form.text("order"), errand.form.text("team")
    orders.take_order(errand.city, order, team=team, author=errand.agent)
    return errand.on_to("/work#mine")


@post("/work/deliver", include_in_schema=False, sync_to_thread=True)
def deliver(errand: Errands) -> Redirect:
    """A team says that it brought an order."""
    orders.deliver_order(errand.city, errand.form.text("order"), author=errand.agent)
    return errand.on_to("/work#mine")


@post("/work/return", include_in_schema=False, sync_to_thread=True)
def give_back(errand: Errands) -> Redirect:
    """An order is free again."""
    reason = next((one for one in REASONS if one == errand.form.text("reason")), None)
    if reason is None:
        raise FieldMissing(field="reason")
    order = errand.form.text("order")
    orders.return_order(errand.city, order, reason=reason, author=errand.agent)
    return errand.on_to("/work#open")


@post("/work/close", include_in_schema=False, sync_to_thread=True)
def close(errand: Errands) -> Redirect:
    """The receiver confirms what came."""
    order, came_mg = errand.form.text("order"), _came_mg(errand.form)
    orders.close_order(errand.city, order, author=errand.agent, mass_mg=came_mg)
    return errand.on_to("/work#done")


@post("/work/withdraw", include_in_schema=False, sync_to_thread=True)
def withdraw(errand: Errands) -> Redirect:
    """An order is no longer to be done."""
    orders.withdraw_order(errand.city, errand.form.text("order"), author=errand.agent)
    return errand.on_to("/work#open")


def _came_mg(form: Form) -> int | None:
    """The kilograms on the scale; nothing where all came as ordered."""
    text = form.fields.get("kg", "").strip().replace(",", ".")
    if not text:
        return None
    try:
        if len(text) > 20:
            raise FieldMissing(field="kg")
        return mass_mg(Decimal(text), "kg")
    except (InvalidOperation, ValueError, OverflowError) as unreadable:
        raise FieldMissing(field="kg") from unreadable


PAGES = (work_page, issue, take, deliver, give_back, close, withdraw)
