"""The page of Codes: which are in force when, what each asks, and what each costs."""

from datetime import date

import msgspec
from litestar import Response, get

from bioloom.circuits.codes.costing import CodeKept
from bioloom.circuits.planning import Plan
from bioloom.doors.web.asking import Wish
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.city import missing
from bioloom.ledger.codes.differing import Difference, differences
from bioloom.ledger.codes.standing import Version


class CodeStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a Code, how it stands today, and what it costs the newest plan.

    `differences` are those from the version before; none where it is the first.
    """

    version: Version
    differences: list[Difference] | None
    state: str
    cost: CodeKept | None


@get("/codes", include_in_schema=False, sync_to_thread=True)
def codes_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """All Codes: those in force first, then those to come, then those that ended."""
    desk = renderer.desk
    standing, today = desk.standing(), desk.city.today()
    made = None if missing(standing) else desk.plan_or_conflict(standing, Wish())
    plan = made if isinstance(made, Plan) else None
    costs = {} if plan is None else {(one.code, one.version): one for one in plan.codes}
    in_force = {version.seq for version in standing.codes.in_force(today)}
    rows = [
        CodeStanding(
            version=version,
            differences=None if before is None else differences(before.terms, version.terms),
            state=_state(version, today, is_in_force=version.seq in in_force),
            cost=costs.get((version.terms.code, version.terms.version)),
        )
        for versions in standing.codes.by_id.values()
        for before, version in zip([None, *versions], versions, strict=False)
    ]
    order = ("in_force", "to_come", "ended")
    rows.sort(key=lambda row: (order.index(row.state), row.version.terms.first_day))
    return renderer.page(
        request, "codes/list", standing, rows=rows, plan=plan, day=today, wish=Wish()
    )


def _state(version: Version, today: date, *, is_in_force: bool) -> str:
    if is_in_force:
        return "in_force"
    return "to_come" if version.terms.first_day > today else "ended"
