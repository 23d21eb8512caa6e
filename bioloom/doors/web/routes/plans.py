"""Plans from the page: whoever may put one before the city, and whoever may adopts it."""

from litestar import post
from litestar.response import Redirect

from bioloom.doors.acting import adopt_plan, propose_plan
from bioloom.doors.web.asking import read_wish
from bioloom.doors.web.guards.acting import acting_as
from bioloom.doors.web.routes.people.errands import Errands


@post("/plan/propose", include_in_schema=False, sync_to_thread=True)
def propose(errand: Errands) -> Redirect:
    """Record the plan of a period as a proposal; twice the same is one."""
    author = acting_as(errand.visitor, "propose_plan", errand.renderer)
    first, last = errand.form.text("from"), errand.form.text("to")
    desk = errand.renderer.desk
    made = desk.plan(desk.standing(), read_wish(first, last, []))
    propose_plan(errand.city, made, author=author)
    return errand.on_to(f"/plan?from={first}&to={last}#proposals")


@post("/plan/adopt", include_in_schema=False, sync_to_thread=True)
def adopt(errand: Errands) -> Redirect:
    """Put a proposal in force, with a commitment for each of its flows."""
    author = acting_as(errand.visitor, "adopt_plan", errand.renderer)
    plan = errand.form.text("plan")
    adopt_plan(errand.city, plan, author=author)
    adopted = errand.city.plans().named(plan)
    return errand.on_to(f"/plan?from={adopted.first_day}&to={adopted.last_day}#proposals")
