"""Work orders: given out once, taken by a team's own word, confirmed by who receives."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pyvrp.stop import MaxIterations

from bioloom.circuits.orders.issuing import (
    NotAtHand,
    NothingAsked,
    NothingToDo,
    RoundUnknown,
    TeamPrivate,
)
from bioloom.circuits.orders.standing import Order, OrderUnknown
from bioloom.circuits.orders.working import BroughtSenseless, OrderElsewhere, OrderForAnother
from bioloom.doors.acting import propose_plan
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.dispatching.orders import (
    DayPast,
    close_order,
    deliver_order,
    issue_by_hand,
    issue_for_plan,
    issue_for_rounds,
    orders_known,
    return_order,
    take_order,
    withdraw_order,
)
from bioloom.doors.dispatching.rounds import (
    adopt_day,
    left_in,
    plan_day,
    plan_for,
    planned_of,
    pose_day,
    propose_day,
)
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import Register
from bioloom.ledger.events.mentioning import commitment_name
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import PlanAdopted
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import EventHappened
from tests.doors.dispatching.dispatched_city import DAY, OTHERS, STEWARD, TEAM, dispatched_city
from tests.doors.register.guests import guest


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(dispatched_city(tmp_path / "city")) as city:
        yield city


@pytest.fixture
def register(city: City) -> Iterator[Register]:
    with open_register(city) as register:
        yield register


@pytest.fixture
def zara(city: City, register: Register) -> AgentId:
    """A member of the team."""
    return guest(register, city, "Zara", scope=TEAM)


def first_order(city: City) -> Order:
    return issue_for_plan(city, author=STEWARD)[0]


def test_orders_out_of_the_plan_cover_each_commitment_once(city: City) -> None:
    plan, _ = plan_for(city, None)
    left = left_in(city, plan.plan)

    orders = issue_for_plan(city, author=STEWARD)

    assert sum(order.mass_mg for order in orders) == sum(one.mass_mg for one in left)
    assert {order.issued.tasks[0].commitment for order in orders} == {
        one.made.commitment for one in left
    }
    with pytest.raises(NothingToDo, match="no work order covers"):
        issue_for_plan(city, author=STEWARD)


def test_orders_out_of_rounds_are_their_loads_to_the_milligram(city: City) -> None:
    posed = pose_day(city, date.fromisoformat(DAY))
    planned = planned_of(posed, plan_day(city, posed, effort=lambda: MaxIterations(40), seed=1))
    propose_day(city, planned, author=STEWARD)
    adopt_day(city, planned.rounds, author=STEWARD)

    orders = issue_for_rounds(city, planned.rounds, author=STEWARD)

    loads = [h for route in planned.routes for h in route.halts if h.doing == "dropoff"]
    told = sorted(sum(load.mass_mg for load in halt.loads) for halt in loads)
    assert sorted(order.mass_mg for order in orders) == told
    assert len(orders_known(city).orders) == len(orders)
    asked: Counter[str] = Counter()
    for order in orders:
        for task in order.issued.tasks:
            assert sum(portion.mass_mg for portion in task.lots) == task.mass_mg
            asked[task.commitment] += task.mass_mg
    plan, _ = plan_for(city, None)
    for one in left_in(city, plan.plan):
        assert asked[one.made.commitment] <= one.mass_mg


def test_the_round_of_one_vehicle_is_given_out_alone(city: City) -> None:
    posed = pose_day(city, date.fromisoformat(DAY))
    planned = planned_of(posed, plan_day(city, posed, effort=lambda: MaxIterations(40), seed=1))
    propose_day(city, planned, author=STEWARD)
    route = planned.routes[-1]
    loads = [halt for halt in route.halts if halt.doing == "dropoff"]

    orders = issue_for_rounds(
        city, planned.rounds, author=STEWARD, vehicle=f"{route.vehicle} {route.number}"
    )

    assert len(orders) == len(loads)
    brought_mg = sum(load.mass_mg for halt in loads for load in halt.loads)
    assert sum(order.mass_mg for order in orders) == brought_mg
    with pytest.raises(RoundUnknown, match="'lorry 99' has no round"):
        issue_for_rounds(city, planned.rounds, author=STEWARD, vehicle="lorry 99")


def test_an_order_is_taken_brought_and_confirmed_and_its_commitment_fulfilled(
    city: City, zara: AgentId
) -> None:
    order = first_order(city)
    name, task = order.issued.order, order.issued.tasks[0]

    taken = take_order(city, name, team=TEAM, author=zara)
    brought = deliver_order(city, name, author=zara)
    closed = close_order(city, name, author=STEWARD)

    assert (taken.state, taken.team) == ("taken", TEAM)
    assert brought.state == "delivered"
    assert (closed.state, closed.closed_mg) == ("closed", order.mass_mg)
    facts = recall(city.journal.store)
    events = [
        entry.body
        for entry in facts.about(commitment_name(task.commitment))
        if isinstance(entry.body, EventHappened)
    ]
    assert sum(event.quantity.units for event in events if event.quantity) == task.mass_mg
    assert {event.receiver for event in events} == {order.issued.receiver}
    assert verify(city.journal.store).holds


def test_an_operator_of_the_site_confirms_what_the_plan_promised_it(
    city: City, register: Register, zara: AgentId
) -> None:
    order = first_order(city)
    ben = guest(register, city, "Ben", role="operator", scope=order.issued.receiver)
    take_order(city, order.issued.order, team=TEAM, author=zara)

    closed = close_order(city, order.issued.order, author=ben)

    assert closed.state == "closed"


def test_what_the_scale_shows_less_stays_owed_and_may_be_ordered_again(
    city: City, zara: AgentId
) -> None:
    order = first_order(city)
    take_order(city, order.issued.order, team=TEAM, author=zara)

    close_order(city, order.issued.order, author=STEWARD, mass_mg=order.mass_mg - 5)
    again = issue_for_plan(city, author=STEWARD)

    assert [one.mass_mg for one in again] == [5]


@pytest.mark.parametrize("more_mg", [1, None])
def test_more_than_was_ordered_or_nothing_is_not_confirmed(
    city: City, zara: AgentId, more_mg: int | None
) -> None:
    order = first_order(city)
    take_order(city, order.issued.order, team=TEAM, author=zara)
    came_mg = 0 if more_mg is None else order.mass_mg + more_mg

    with pytest.raises(BroughtSenseless, match="cannot have come"):
        close_order(city, order.issued.order, author=STEWARD, mass_mg=came_mg)


def test_two_teams_do_not_take_one_order(city: City, register: Register, zara: AgentId) -> None:
    order = first_order(city).issued.order
    mo = guest(register, city, "Mo", scope=OTHERS)
    take_order(city, order, team=TEAM, author=zara)

    with pytest.raises(OrderElsewhere, match="is taken by 'alchemists'"):
        take_order(city, order, team=OTHERS, author=mo)
    # Given back, it is free again.
    return_order(city, order, reason="no_vehicle", author=zara)
    assert take_order(city, order, team=OTHERS, author=mo).team == OTHERS


def test_nobody_takes_brings_or_confirms_for_others(
    city: City, register: Register, zara: AgentId
) -> None:
    order = first_order(city).issued.order
    stranger = guest(register, city, "Mo", scope=OTHERS)
    head = city.journal.head()

    # Not even the city's steward takes work on for a team: that is its own word.
    for author in (STEWARD, stranger):
        with pytest.raises(NotPermitted, match="may not take work"):
            take_order(city, order, team=TEAM, author=author)
    with pytest.raises(TeamPrivate, match="a person or a household"):
        take_order(city, order, team=zara, author=zara)
    with pytest.raises(NotPermitted, match="may not dispatch"):
        issue_for_plan(city, author=zara)
    assert city.journal.head() == head

    take_order(city, order, team=TEAM, author=zara)
    with pytest.raises(NotPermitted, match="may not take work"):
        deliver_order(city, order, author=stranger)
    with pytest.raises(NotPermitted, match="may not take work"):
        return_order(city, order, reason="other", author=stranger)
    # The team does not confirm what it brought itself.
    with pytest.raises(NotPermitted, match="may not transfer custody"):
        close_order(city, order, author=zara)
    with pytest.raises(NotPermitted, match="may not dispatch"):
        withdraw_order(city, order, author=stranger)


def test_who_dispatches_takes_an_order_back_and_withdraws_it(city: City, zara: AgentId) -> None:
    order = first_order(city).issued.order
    take_order(city, order, team=TEAM, author=zara)
    with pytest.raises(OrderElsewhere, match="is taken"):
        withdraw_order(city, order, author=STEWARD)

    return_order(city, order, reason="no_time", author=STEWARD)
    withdraw_order(city, order, author=STEWARD)

    assert orders_known(city).named(order).state == "withdrawn"
    with pytest.raises(OrderElsewhere, match="was withdrawn"):
        take_order(city, order, team=TEAM, author=zara)
    with pytest.raises(OrderUnknown, match="no work order 'x'"):
        take_order(city, "x", team=TEAM, author=zara)


def test_orders_of_a_plan_that_older_records_replace_are_no_longer_to_be_done(
    city: City, zara: AgentId
) -> None:
    order = first_order(city)
    take_order(city, order.issued.order, team=TEAM, author=zara)

    [before], at = city.plans().in_force, now()
    plan = propose_plan(city, city.plan(backlog=True, explain=False), author=STEWARD)
    replaced = PlanAdopted(plan=plan.plan, supersedes=before)
    draft = Draft(body=replaced, occurred_at=at, author=STEWARD, idempotency_key="adopted")
    city.journal.record([draft], recorded_at=at)

    found = orders_known(city).named(order.issued.order)
    assert (found.state, found.overtaken) == ("withdrawn", True)
    assert not orders_known(city).live()
    with pytest.raises(OrderElsewhere, match="was withdrawn"):
        deliver_order(city, order.issued.order, author=zara)


def ask(
    city: City,
    *,
    author: AgentId = STEWARD,
    mass_mg: int = 10**9,
    team: AgentId = TEAM,
    due: date | None = None,
) -> Order:
    return issue_by_hand(
        city,
        author=author,
        district="01",
        material="organics",
        mass_mg=mass_mg,
        team=team,
        due=due or city.today(),
        source="digester is out",
    )


def test_a_team_is_asked_to_take_over_what_a_site_cannot_and_does_it_by_its_own_word(
    city: City, register: Register
) -> None:
    liam = guest(register, city, "Liam", role="operator", scope=TEAM)

    mo = guest(register, city, "Mo", scope=OTHERS)

    order = ask(city)
    with pytest.raises(OrderForAnother, match="is for 'alchemists'"):
        take_order(city, order.issued.order, team=OTHERS, author=mo)
    take_order(city, order.issued.order, team=TEAM, author=liam)
    closed = close_order(city, order.issued.order, author=liam)

    assert closed.closed_mg == 10**9
    lot = order.issued.tasks[0].lots[0].lot
    assert recall(city.journal.store).owner_units(lot)[TEAM] > 0


def test_what_is_not_there_or_past_or_private_is_not_asked_for(city: City, zara: AgentId) -> None:
    with pytest.raises(NotAtHand, match="lacks"):
        ask(city, mass_mg=10**15)
    with pytest.raises(NothingAsked, match="No mass of"):
        ask(city, mass_mg=0)
    with pytest.raises(DayPast, match="would be due on 2001-01-01"):
        ask(city, due=date(2001, 1, 1))
    with pytest.raises(TeamPrivate, match="a person or a household"):
        ask(city, team=zara)
    with pytest.raises(NotPermitted, match="may not dispatch"):
        ask(city, author=zara)
    assert not orders_known(city).orders
