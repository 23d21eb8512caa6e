"""The page of fairness: the rule that plans are made by, beside others that are only compared."""

from litestar import Response, get

from bioloom.doors.web.asking import read_wish
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.unplanned import conflict_page, made_or_not
from bioloom.doors.web.views.balance import planned_stamp
from bioloom.doors.web.views.unplanned import Unplanned


@get("/fairness", include_in_schema=False, sync_to_thread=True)
def fairness_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """A period by several rules of fairness; nothing but leximin is ever adopted."""
    desk, query = renderer.desk, request.query_params
    standing = desk.standing()
    wish = read_wish(query.get("from"), query.get("to"), query.getall("without", []))
    has_plan = standing.declared.sites and standing.months
    plan = made_or_not(renderer, standing, wish) if has_plan else None
    if isinstance(plan, Unplanned):
        return conflict_page(request, renderer, plan, wish)
    return renderer.page(
        request,
        "fairness/rules",
        standing,
        plan=plan,
        told=None if plan is None else desk.comparison(plan),
        planned=planned_stamp(standing.declared),
        before=None if plan is None else standing.month_beside(plan.period, -1),
        after=None if plan is None else standing.month_beside(plan.period, +1),
        wish=wish,
    )
