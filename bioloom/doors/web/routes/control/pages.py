"""The control room: sites, yards, the plan in force, and what is being done, on one page."""

from datetime import date

from litestar import Response, get

from bioloom.circuits.proposing import PlansKnown
from bioloom.circuits.replanning.undertaken import undertaken
from bioloom.doors.compose import City
from bioloom.doors.dispatching.orders import orders_known
from bioloom.doors.web.asking import Wish
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.views.balance import planned_stamp
from bioloom.doors.web.views.control.events import code_rows, disruption_rows, view_orders
from bioloom.doors.web.views.control.plans import plan_of_today, plan_row
from bioloom.doors.web.views.control.sites import site_rows
from bioloom.doors.web.views.control.yards import view_yards
from bioloom.ledger.accounts.waiting import waiting
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.inventory import months
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.periods import Period, bounds_ms, day_of, epoch_ms, from_epoch_ms

# What came in before this long ago and still waits has built up.
_OLD_MS = 7 * 24 * 3_600_000


@get("/control", include_in_schema=False, sync_to_thread=True)
def control_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """How the city stands at this moment, for whoever watches over it."""
    desk = renderer.desk
    city, standing = desk.city, desk.standing()
    today, declared = city.today(), standing.declared
    now_ms = epoch_ms(city.clock())
    known = city.plans()
    plan = plan_of_today(known, today)
    orders = orders_known(city)
    promised = [] if plan is None else undertaken(plan.plan, known, city.journal)
    first_day = _followed_since(city, known)
    since = from_epoch_ms(bounds_ms(Period(first=first_day, last=first_day), city.settings.zone)[0])
    return renderer.page(
        request,
        "control/room",
        standing,
        day=today,
        at=city.clock(),
        sites=site_rows(declared, plan, promised, today),
        yards=view_yards(
            declared,
            waiting(city.journal, from_epoch_ms(now_ms + 1), since),
            waiting(city.journal, from_epoch_ms(now_ms - _OLD_MS), since),
        ),
        since=first_day,
        plan=None if plan is None else plan_row(plan, known, today),
        planned=planned_stamp(declared),
        disruptions=disruption_rows(declared.disruptions, today),
        vetoes=tuple(declared.disruptions.vetoes.values()),
        codes=code_rows(codes_of(city.journal).in_force(today)),
        orders=view_orders(orders.orders.values(), orders.live(), today),
        wish=Wish(),
    )


def _followed_since(city: City, known: PlansKnown) -> date:
    """Since when the record says what becomes of what comes in, as far as it does.

    That is since the first day of the first plan that was put in force, or since the first thing
    happened to a lot. Where neither was, as where only tons of past months are known, it is since
    the newest month began: of what came in before, nobody can say that it waits.
    """
    zone = city.settings.zone
    days = [known.proposed[plan].first_day for plan in known.adopted]
    happened = next(iter(city.journal.read(kinds=(EventHappened.__name__,))), None)
    if happened is not None:
        days.append(day_of(epoch_ms(happened.occurred_at), zone))
    if not days:
        days = [month.first for month in list(months(city.journal, zone))[-1:]]
    return min(days, default=city.today())
