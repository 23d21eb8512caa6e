"""Plans from the page: whoever may puts one before the city, adopts one, or vetoes a move of it."""

from litestar import Response, get, post
from litestar.response import Redirect

from bioloom.circuits.proposing import period_of
from bioloom.circuits.replanning.disrupting import LONGEST_REASON
from bioloom.doors.acting import propose_plan, put_in_force
from bioloom.doors.replanning.acting import propose_replanned, replan
from bioloom.doors.replanning.deciding import lift_veto, veto_move
from bioloom.doors.web.asking import NotThere, Wish, named_in, read_wish
from bioloom.doors.web.guards.acting import acting_as, could_act
from bioloom.doors.web.rendering import AnyRequest, Pages, segment
from bioloom.doors.web.routes.people.errands import Errand, Errands
from bioloom.doors.web.views.revision import view_revision
from bioloom.doors.web.visiting import Visiting
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId


@get("/plan/revisions/{plan:path}", include_in_schema=False, sync_to_thread=True)
def revision_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """A proposed revision: before, after, what moves and why; to be accepted, or a move vetoed."""
    desk, plan = renderer.desk, named_in(request.scope, "/plan/revisions/")
    view = view_revision(plan, desk.city.plans())
    if view is None:
        raise NotThere(word="plan", name=plan)
    standing = desk.standing()
    return renderer.page(
        request,
        "revision",
        standing,
        view=view,
        vetoes=list(standing.declared.disruptions.vetoes.values()),
        longest=LONGEST_REASON,
        may_adopt=could_act(visitor, "adopt_plan", renderer),
        may_veto=could_act(visitor, "veto_move", renderer),
        wish=Wish(),
    )


@post("/plan/propose", include_in_schema=False, sync_to_thread=True)
def propose(errand: Errands) -> Redirect:
    """Record the plan of a period as a proposal; twice the same is one."""
    author = acting_as(errand.visitor, "propose_plan", errand.renderer)
    first, last = errand.form.text("from"), errand.form.text("to")
    desk = errand.renderer.desk
    made = desk.plan(desk.standing(), read_wish(first, last, []))
    propose_plan(errand.city, made, author=author)
    return errand.on_to(f"/plan?from={first}&to={last}#proposals")


@post("/plan/replan", include_in_schema=False, sync_to_thread=True)
def replan_now(errand: Errands) -> Redirect:
    """Record a revision of the plan in force as a proposal; twice the same is one."""
    author = acting_as(errand.visitor, "propose_plan", errand.renderer)
    first, last = errand.form.text("from"), errand.form.text("to")
    revision = replan(errand.city, read_wish(first, last, []).period)
    proposed = propose_replanned(errand.city, revision, author=author)
    return _to_revision(errand, proposed.plan)


@post("/plan/adopt", include_in_schema=False, sync_to_thread=True)
def adopt(errand: Errands) -> Redirect:
    """Put a proposal in force, with a commitment for each flow, or for what a revision changes."""
    author = acting_as(errand.visitor, "adopt_plan", errand.renderer)
    plan = errand.form.text("plan")
    put_in_force(errand.city, plan, author=author)
    adopted = errand.city.plans().named(plan)
    return errand.on_to(f"/plan?from={adopted.first_day}&to={adopted.last_day}#proposals")


@post("/plan/veto", include_in_schema=False, sync_to_thread=True)
def veto(errand: Errands) -> Redirect:
    """Veto a move of a revision, and propose the plan anew without it."""
    by = acting_as(errand.visitor, "veto_move", errand.renderer)
    form, city = errand.form, errand.city
    plan, reason = form.text("plan"), form.text("reason", longest=LONGEST_REASON)
    way = (
        DistrictId(form.text("district")),
        MaterialId(form.text("material")),
        SiteId(form.text("site")),
    )
    veto_move(city, plan, way, reason=reason, by=by)
    revision = replan(city, period_of(city.plans().named(plan)))
    return _to_revision(errand, propose_replanned(city, revision, author=by).plan)


@post("/plan/lift", include_in_schema=False, sync_to_thread=True)
def lift(errand: Errands) -> Redirect:
    """Lift a veto, so that the move may be planned again."""
    by = acting_as(errand.visitor, "veto_move", errand.renderer)
    name, reason = errand.form.text("veto", longest=500), errand.form.text("reason")
    lift_veto(errand.city, name, reason=reason, by=by)
    return errand.on_to("/plan#proposals")


def _to_revision(errand: Errand, plan: str) -> Redirect:
    return errand.on_to(f"/plan/revisions/{segment(plan)}")


ROUTES = (propose, adopt, revision_page, replan_now, veto, lift)
