"""Work orders in a city: given out by who dispatches, done by teams, confirmed by receivers."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bioloom.circuits.orders.issuing import TeamPrivate, by_hand, from_plan, from_rounds, only_of
from bioloom.circuits.orders.left import portions_left
from bioloom.circuits.orders.standing import Order, OrdersKnown
from bioloom.circuits.orders.working import close, deliver, give_back, take, withdraw
from bioloom.circuits.replanning.undertaken import orders_of
from bioloom.circuits.rounds.fleet import PlaceUnknown
from bioloom.doors.compose import City
from bioloom.doors.dispatching.rounds import left_in, plan_for, rounds_known
from bioloom.doors.recording import agreed_to
from bioloom.doors.register.deciding import decide
from bioloom.ledger.declared import Declared
from bioloom.ledger.inventory import LotFilter, lots
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.permitting import THE_CITY, About, NotPermitted, may
from bioloom.ledger.people.recording import may_record
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.workorders import OrderId, ReturnReason, WorkOrderIssued
from bioloom.vocabulary.lots import Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp


class DayPast(Refusal):
    """Work is to be done by a day that is past."""

    def __init__(self, *, due: date, today: date) -> None:
        self.due, self.today = due, today
        super().__init__(
            what=f"The work would be due on {due}; today is {today}.",
            why="Nobody can still do it in time.",
            remedy="Give a day from today on.",
        )


def orders_known(city: City) -> OrdersKnown:
    """All work orders as they stand."""
    return orders_of(city.journal)


def issue_for_plan(city: City, *, author: AgentId, day: date | None = None) -> list[Order]:
    """Give out what is left of the plan in force: an order for each of its commitments.

    Raises:
        NotPermitted: If the author may not dispatch.
        NoPlanInForce, NothingToDo: If there is no plan, or nothing that no order covers.
    """

    def issued() -> Sequence[WorkOrderIssued]:
        plan, _ = plan_for(city, day)
        return from_plan(plan.plan, left_in(city, plan.plan), orders_known(city))

    return _issue(city, author, issued)


def issue_for_rounds(
    city: City, rounds: str, *, author: AgentId, vehicle: str | None = None
) -> list[Order]:
    """Give out a day's rounds: an order for each load.

    Args:
        city: An open city.
        rounds: Planned rounds.
        author: Who gives them out.
        vehicle: Only the round of this one, by its class and its number, such as `lorry 3`.

    Raises:
        NotPermitted: If the author may not dispatch.
        RoundsUnknown, RoundUnknown, NoPlanInForce, NothingToDo: If there are none, no plan is in
            force on their day, or there is no load that no order covers.
    """

    def issued() -> Sequence[WorkOrderIssued]:
        planned = rounds_known(city).named(rounds)
        if vehicle is not None:
            planned = only_of(planned, vehicle)
        # The plan that they were made for may have been revised since.
        plan, _ = plan_for(city, planned.day)
        return from_rounds(planned, left_in(city, plan.plan), orders_known(city))

    return _issue(city, author, issued)


def issue_by_hand(
    city: City,
    *,
    author: AgentId,
    district: str,
    material: str,
    mass_mg: int,
    team: str,
    due: date,
    source: str,
) -> Order:
    """Ask a team to take over some of what a district has, as where a site is out.

    The commons of the district promises it by the word of the author, who must stand for it.

    Raises:
        NotPermitted: If the author may not dispatch, or may not promise for the commons.
        PlaceUnknown, TeamPrivate, DayPast, NothingAsked, NotAtHand: If it cannot be so.
    """
    declared, name = city.journal.declared(), DistrictId(district)
    if name not in declared.districts:
        raise PlaceUnknown(place=district)
    if due < city.today():
        raise DayPast(due=due, today=city.today())
    provider, issued_id = declared.districts[name].commons, list[OrderId]()

    def deciding(deed: Deed) -> Sequence[Draft[Any]]:
        may(author, "dispatch", THE_CITY, deed.people, at=deed.at)
        receiver = _team(team, deed)
        known = orders_known(city)
        order, promise = by_hand(
            source=source,
            place=district,
            provider=provider,
            team=receiver,
            material=MaterialId(material),
            at_hand=_at_hand(city, name, provider, MaterialId(material), known),
            mass_mg=mass_mg,
            due=due,
            known=known,
        )
        may_record(author, promise, deed.people, at=deed.at)
        issued_id[:] = [order.order]
        bodies = {promise.commitment: promise, order.order: order}
        return [_draft(city, author, body, key) for key, body in bodies.items()]

    decide(city, author, deciding)
    return orders_known(city).named(issued_id[0])


def take_order(city: City, order: str, *, team: str, author: AgentId) -> Order:
    """A team takes an order on, by the word of somebody who belongs to it.

    Raises:
        NotPermitted: If the author does not stand for the team.
        OrderUnknown, OrderElsewhere, OrderForAnother, TeamPrivate: If it cannot be so.
    """

    def deciding(deed: Deed, standing: Order) -> Sequence[Draft[Any]]:
        by = _team(team, deed)
        may(author, "take_work", About(sides=(by,)), deed.people, at=deed.at)
        key = f"{order}:taken:{standing.times_taken}"
        return [_draft(city, author, take(standing, by), key)]

    return _turn(city, order, author, deciding)


def deliver_order(city: City, order: str, *, author: AgentId) -> Order:
    """The team of an order says that it brought it; its receiver has yet to confirm.

    Raises:
        NotPermitted: If the author does not stand for the team.
        OrderUnknown, OrderElsewhere: If it cannot be so.
    """

    def deciding(deed: Deed, standing: Order) -> Sequence[Draft[Any]]:
        team = standing.team or AgentId("")
        body = deliver(standing, team)
        may(author, "take_work", About(sides=(team,)), deed.people, at=deed.at)
        return [_draft(city, author, body, f"{order}:delivered:{standing.times_taken}")]

    return _turn(city, order, author, deciding)


def return_order(city: City, order: str, *, reason: ReturnReason, author: AgentId) -> Order:
    """An order is free again: given back by its team, or taken back by who dispatches.

    Raises:
        NotPermitted: If the author is neither.
        OrderUnknown, OrderElsewhere: If it cannot be so.
    """

    def deciding(deed: Deed, standing: Order) -> Sequence[Draft[Any]]:
        body = give_back(standing, reason)
        if not _may_dispatch(author, deed):
            may(author, "take_work", About(sides=(body.team,)), deed.people, at=deed.at)
        return [_draft(city, author, body, f"{order}:returned:{standing.times_taken}")]

    return _turn(city, order, author, deciding)


def withdraw_order(city: City, order: str, *, author: AgentId) -> Order:
    """An order that nobody has taken is no longer to be done.

    Raises:
        NotPermitted: If the author may not dispatch.
        OrderUnknown, OrderElsewhere: If it cannot be so.
    """

    def deciding(deed: Deed, standing: Order) -> Sequence[Draft[Any]]:
        may(author, "dispatch", THE_CITY, deed.people, at=deed.at)
        return [_draft(city, author, withdraw(standing), f"{order}:withdrawn")]

    return _turn(city, order, author, deciding)


def close_order(city: City, order: str, *, author: AgentId, mass_mg: int | None = None) -> Order:
    """The receiver of an order confirms what came; its lots change hands at this moment.

    Args:
        city: An open city.
        order: Taken, or said to be brought.
        author: Who confirms, and must stand for the receiver.
        mass_mg: What the scale shows; all of it, as told, unless given.

    Raises:
        NotPermitted: If the author does not stand for the receiver.
        OrderUnknown, OrderElsewhere, BroughtSenseless: If it cannot be so.
        Refusal: What the ledger has against a transfer, such as a covenant.
    """

    def deciding(deed: Deed, standing: Order) -> Sequence[Draft[Any]]:
        receiver = standing.issued.receiver
        may(author, "transfer_custody", About(sides=(receiver,)), deed.people, at=deed.at)
        came_mg = standing.mass_mg if mass_mg is None else mass_mg
        stamp = _stamp(city.journal.declared(), is_weighed=mass_mg is not None)
        events, closed = close(standing, came_mg, stamp=stamp)
        facts = recall(city.journal.store)
        for event in events.values():
            # The giver's word, for rights as for custody, is the commitment that it fulfils.
            sides, agreed = (receiver, event.provider), frozenset(agreed_to(event, facts))
            about = About(sides=sides, agreed=agreed)
            may(author, "transfer_custody", about, deed.people, at=deed.at)
        told = {**events, f"{order}:closed": closed}
        return [_draft(city, author, body, key) for key, body in told.items()]

    return _turn(city, order, author, deciding)


def _issue(
    city: City, author: AgentId, issued: Callable[[], Sequence[WorkOrderIssued]]
) -> list[Order]:
    made: list[WorkOrderIssued] = []

    def deciding(deed: Deed) -> Sequence[Draft[Any]]:
        may(author, "dispatch", THE_CITY, deed.people, at=deed.at)
        made[:] = issued()
        return [_draft(city, author, body, body.order) for body in made]

    decide(city, author, deciding)
    known = orders_known(city)
    return [known.named(body.order) for body in made]


def _turn(
    city: City,
    order: str,
    author: AgentId,
    deciding: Callable[[Deed, Order], Sequence[Draft[Any]]],
) -> Order:
    decide(city, author, lambda deed: deciding(deed, orders_known(city).named(order)))
    return orders_known(city).named(order)


def _draft(city: City, author: AgentId, body: Any, key: str) -> Draft[Any]:  # noqa: ANN401
    at: Instant = city.clock()
    return Draft(body=body, occurred_at=at, author=author, idempotency_key=key)


def _team(name: str, deed: Deed) -> AgentId:
    team = AgentId(name)
    if deed.people.is_private(team):
        raise TeamPrivate(team=team)
    return team


def _may_dispatch(author: AgentId, deed: Deed) -> bool:
    try:
        may(author, "dispatch", THE_CITY, deed.people, at=deed.at)
    except NotPermitted:
        return False
    return True


def _stamp(declared: Declared, *, is_weighed: bool) -> Stamp:
    if declared.founded is not None and declared.founded.stamp == "generated":
        return "generated"
    return "measured" if is_weighed else "reported"


def _at_hand(
    city: City,
    district: DistrictId,
    provider: AgentId,
    material: MaterialId,
    known: OrdersKnown,
) -> list[Portion]:
    """What a commons owns and holds of a material, oldest first, and no live order covers."""
    which = LotFilter(place=district, material=material, owner=provider)
    covered: Counter[Any] = Counter()
    for spoken in known.spoken_for().values():
        covered += spoken
    rows = [row for row in lots(city.journal, which) if row.base_unit == MILLIGRAM]
    rows.sort(key=lambda row: (row.occurred_at, row.lot))
    held = [
        Portion(lot=row.lot, mass_mg=min(row.owners[provider], row.holders.get(provider, 0)))
        for row in rows
    ]
    return list(portions_left(held, covered, sum(portion.mass_mg for portion in held)))
