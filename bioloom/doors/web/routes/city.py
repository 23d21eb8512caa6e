"""Pages of the city: today, the plan, a district, a site."""

from collections.abc import Sequence
from datetime import date

import msgspec
from litestar import Response, get

from bioloom.circuits.planning import Plan
from bioloom.doors.web.asking import NotThere, Wish, named_in, read_wish
from bioloom.doors.web.desk import Desk, Living, Standing
from bioloom.doors.web.guards.acting import could_act
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.routes.dispatching.rounds import newest_in, picture_of
from bioloom.doors.web.routes.unplanned import conflict_page, made_or_not
from bioloom.doors.web.routes.why.answering import answer, hindered
from bioloom.doors.web.views.balance import balance, planned_stamp
from bioloom.doors.web.views.city_map import draw_map
from bioloom.doors.web.views.living import Beat, Hand, Happening, hands, happenings, pulse
from bioloom.doors.web.views.plan_view import view_plan, worst_shares
from bioloom.doors.web.views.unplanned import Unplanned
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.people.reading import may_read_entry
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.places import DistrictId, SiteId

# So many entries are looked through for what happened just now, and so many are told.
_LATELY, _TOLD = 60, 8
_HANDS_TOLD = 8


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What the living page shows of this moment, and nothing that takes a plan."""

    day: date
    beats: Sequence[Beat]
    hands: Sequence[Hand]
    # How many more things wait for hands.
    more_hands: int
    happenings: Sequence[Happening]


@get("/", include_in_schema=False, sync_to_thread=True)
def today(request: AnyRequest, renderer: Pages) -> Response[str]:
    """The city as it lives: its pulse, what needs hands, what just happened, and the plan."""
    desk = renderer.desk
    standing = desk.standing()
    if lacking := missing(standing):
        picture = draw_map(standing.declared, {})
        return renderer.page(
            request, "first_run", standing, missing=lacking, picture=picture, wish=Wish()
        )
    plan = made_or_not(renderer, standing, Wish())
    if isinstance(plan, Unplanned):
        picture, moment = draw_map(standing.declared, {}), _moment(renderer, standing)
        return conflict_page(request, renderer, plan, Wish(), moment=moment, picture=picture)
    return renderer.page(
        request,
        "today",
        standing,
        moment=_moment(renderer, standing),
        plan=plan,
        outdated=renderer.desk.is_outdated(plan.period),
        planned=planned_stamp(standing.declared),
        view=view_plan(plan, standing.declared),
        picture=draw_map(standing.declared, worst_shares(plan)),
        wish=Wish(),
    )


@get("/now", include_in_schema=False, sync_to_thread=True)
def now_part(request: AnyRequest, renderer: Pages) -> Response[str]:
    """What the living page shows of this moment, without what takes a plan."""
    standing = renderer.desk.standing()
    return renderer.page(request, "now", standing, moment=_moment(renderer, standing))


@get("/waiting", include_in_schema=False, sync_to_thread=True)
def waiting_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """Everything that waits for somebody."""
    desk = renderer.desk
    living = desk.living(desk.city.today())
    waiting = _public_hands(desk, living)
    return renderer.page(
        request, "waiting", desk.standing(), day=living.today, hands=waiting, wish=Wish()
    )


def _public_hands(desk: Desk, living: Living) -> list[Hand]:
    """What waits for somebody; what a person or a household promised or awaits is theirs."""
    is_private = desk.people().is_private
    owed = [
        row
        for row in living.owed
        if not is_private(row.owed.provider) and not is_private(row.owed.receiver)
    ]
    working = [one for one in living.working if not is_private(one.operator)]
    return hands(owed, working, living.today)


def _moment(renderer: Renderer, standing: Standing) -> Moment:
    desk = renderer.desk
    living = desk.living(desk.city.today())
    waiting = _public_hands(desk, living)
    operators = [site.operator for site in standing.declared.sites.values()]
    return Moment(
        day=living.today,
        beats=pulse(living.days, living.today, operators, desk.people().is_private),
        hands=waiting[:_HANDS_TOLD],
        more_hands=max(0, len(waiting) - _HANDS_TOLD),
        happenings=_lately(renderer, standing),
    )


def _lately(renderer: Renderer, standing: Standing) -> list[Happening]:
    """What happened last, as far as everybody may know it; the newest first."""
    journal, people = renderer.desk.city.journal, renderer.desk.people()
    newest = list(journal.read(after=max(0, standing.head.seq - _LATELY)))
    public = [
        entry
        for entry in reversed(newest)
        if may_read_entry(None, entry, people, at=entry.recorded_at)
    ]
    return happenings(public, standing.declared, recall(journal.store))[:_TOLD]


@get("/plan", include_in_schema=False, sync_to_thread=True)
def plan_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """A period's plan: who gets how much and why, every flow, and the proof."""
    standing = renderer.desk.standing()
    if lacking := missing(standing):
        picture = draw_map(standing.declared, {})
        return renderer.page(
            request, "first_run", standing, missing=lacking, picture=picture, wish=Wish()
        )
    wish, plan = _wished(request, renderer, standing)
    if isinstance(plan, Unplanned):
        return conflict_page(request, renderer, plan, wish)
    city = renderer.desk.city
    rounds = newest_in(city, plan.period.first, plan.period.last)
    return renderer.page(
        request,
        "plan",
        standing,
        plan=plan,
        outdated=renderer.desk.is_outdated(plan.period),
        view=view_plan(plan, standing.declared),
        hindered=hindered(plan, standing.declared, renderer.language(request)),
        balance=balance(plan, standing.declared, renderer.desk.stamps(plan.period)),
        picture=draw_map(standing.declared, worst_shares(plan), plan.without),
        left_out=", ".join(standing.declared.sites[site].name for site in plan.without),
        before=standing.month_beside(plan.period, -1),
        after=standing.month_beside(plan.period, +1),
        wish=wish,
        proposals=_proposals(renderer, plan),
        revisions=_revisions(renderer),
        may_propose=not wish.without and could_act(visitor, "propose_plan", renderer),
        may_adopt=could_act(visitor, "adopt_plan", renderer),
        rounds=rounds,
        rounds_picture=rounds and picture_of(city, rounds, standing.declared),
    )


@get("/districts/{district:path}", include_in_schema=False, sync_to_thread=True)
def district_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """One district: how it is served, where its materials go, and why."""
    standing = renderer.desk.standing()
    name = DistrictId(named_in(request.scope, "/districts/"))
    if name not in standing.declared.districts:
        raise NotThere(word="district", name=name)
    wish, plan = _wished(request, renderer, standing) if not missing(standing) else (Wish(), None)
    made = plan if isinstance(plan, Plan) else None
    view = view_plan(made, standing.declared) if made else None
    return renderer.page(
        request,
        "district",
        standing,
        district=standing.declared.districts[name],
        plan=made,
        unplanned=plan if isinstance(plan, Unplanned) else None,
        wish=wish,
        answer=answer(request, renderer, "district", name, wish) if made else None,
        service=next((s for s in view.services if s.district == name), None) if view else None,
        flows=[flow for flow in view.flows if flow.district == name] if view else [],
    )


@get("/sites/{site:path}", include_in_schema=False, sync_to_thread=True)
def site_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """One site: what it takes, how full the plan makes it, and from where."""
    standing = renderer.desk.standing()
    name = SiteId(named_in(request.scope, "/sites/"))
    if name not in standing.declared.sites:
        raise NotThere(word="site", name=name)
    wish, plan = _wished(request, renderer, standing) if not missing(standing) else (Wish(), None)
    made = plan if isinstance(plan, Plan) else None
    view = view_plan(made, standing.declared) if made else None
    return renderer.page(
        request,
        "site",
        standing,
        site=standing.declared.sites[name],
        plan=made,
        unplanned=plan if isinstance(plan, Unplanned) else None,
        wish=wish,
        answer=answer(request, renderer, "site", name, wish) if made else None,
        load=next((load for load in view.loads if load.site == name), None) if view else None,
        flows=[flow for flow in view.flows if flow.site == name] if view else [],
    )


def _proposals(renderer: Renderer, plan: Plan) -> dict[str, str]:
    """The proposals for a plan's days, and how each stands."""
    known = renderer.desk.city.plans()
    newest = known.in_force_for(plan.period)
    return {
        name: "in_force"
        if newest is not None and newest.plan == name
        else "earlier"
        if name in known.adopted
        else "proposed"
        for name, proposed in known.proposed.items()
        if (proposed.first_day, proposed.last_day) == (plan.period.first, plan.period.last)
    }


def _revisions(renderer: Renderer) -> set[str]:
    """The proposals that revise a plan in force."""
    known = renderer.desk.city.plans().proposed
    return {name for name, proposed in known.items() if proposed.revises is not None}


def missing(standing: Standing) -> list[str]:
    """What the record still lacks before anything can be planned."""
    have = {
        "districts": standing.declared.districts,
        "sites": standing.declared.sites,
        "lots": standing.months,
    }
    return [name for name, things in have.items() if not things]


def _wished(
    request: AnyRequest, renderer: Renderer, standing: Standing
) -> tuple[Wish, Plan | Unplanned]:
    query = request.query_params
    wish = read_wish(query.get("from"), query.get("to"), query.getall("without", []))
    return wish, made_or_not(renderer, standing, wish)
