"""Where Codes cannot be kept together pages show which, and the plan that stays in force."""

from litestar import Response

from bioloom.circuits.planning import Plan
from bioloom.doors.web.asking import Wish
from bioloom.doors.web.desk import Standing
from bioloom.doors.web.rendering import AnyRequest, Renderer
from bioloom.doors.web.views.unplanned import Unplanned, view_unplanned


def made_or_not(renderer: Renderer, standing: Standing, wish: Wish) -> Plan | Unplanned:
    """The plan that is wished for, or what there is in its place.

    Raises:
        NothingToPlan, SiteUnknown, TooManyPlans: As `Desk.plan`.
    """
    desk = renderer.desk
    made = desk.plan_or_conflict(standing, wish)
    if isinstance(made, Plan):
        return made
    period = wish.period or standing.newest
    assert period is not None, "without a period nothing can conflict"
    return view_unplanned(period, made, standing.codes.over(period), desk.city.plans())


def conflict_page(
    request: AnyRequest,
    renderer: Renderer,
    unplanned: Unplanned,
    wish: Wish,
    *,
    moment: object = None,
    picture: object = None,
) -> Response[str]:
    """The page that stands where a plan would.

    Args:
        request: What was asked.
        renderer: What makes pages.
        unplanned: The conflict, and the plan in force.
        wish: What was asked of a plan.
        moment: What the living page shows of this moment.
        picture: The map of the city.
    """
    return renderer.page(
        request,
        "conflict",
        renderer.desk.standing(),
        unplanned=unplanned,
        wish=wish,
        moment=moment,
        picture=picture,
    )
