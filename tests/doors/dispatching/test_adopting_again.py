"""Plans adopted one upon the other: nothing is promised twice, and no truck is called back."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from bioloom.circuits.orders.standing import Order
from bioloom.circuits.replanning.undertaken import Way, undertaken, way_of
from bioloom.doors.acting import propose_plan, put_in_force
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.dispatching.orders import (
    close_order,
    issue_for_plan,
    orders_known,
    return_order,
    take_order,
)
from bioloom.doors.dispatching.rounds import left_in
from bioloom.doors.loop import run_once
from bioloom.doors.register.opening import open_register
from bioloom.doors.replanning.acting import propose_replanned, replan
from bioloom.ledger.accounts.owing import everything_owed
from bioloom.ledger.declaring import declare
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import CommitmentMade, PlanProposed
from bioloom.vocabulary.entries.ledger import SiteDeclared, VehiclesDeclared
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId
from tests.doors.dispatching.dispatched_city import STEWARD, TEAM, dispatched_city
from tests.doors.register.guests import guest

DECEMBER = Period(first=date(2025, 12, 1), last=date(2025, 12, 31))
STORM = ["--kind", "site_down", "--from", "2025-12-01", "--to", "2025-12-31", "--reason", "Sea."]
FLOOD = ["--kind", "site_down", "--from", "2025-12-11", "--to", "2025-12-20", "--reason", "Flood."]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A city with a plan in force for December."""
    with open_city(dispatched_city(tmp_path / "city")) as city:
        yield city


@pytest.fixture
def zara(city: City) -> AgentId:
    """A member of the team."""
    with open_register(city) as register:
        return guest(register, city, "Zara", scope=TEAM)


def with_room(city: City, told: SiteDeclared, per_mille: int) -> None:
    """A site is declared anew, with so much of its room."""
    intakes = tuple(
        msgspec.structs.replace(
            intake, capacity_mg_per_day=intake.capacity_mg_per_day * per_mille // 1000
        )
        for intake in told.intakes
    )
    body = msgspec.structs.replace(told, intakes=intakes)
    key, at = f"{told.site} has {per_mille}", now()
    city.journal.record([declare(body, key=key, author=STEWARD, at=at)], recorded_at=at)


@pytest.fixture
def digester(city: City) -> SiteDeclared:
    """The digester, which has less room than it had when the plan was adopted."""
    told = city.journal.declared().sites[SiteId("digester")]
    with_room(city, told, 300)
    return told


def adopt_again(city: City, *, backlog: bool = False) -> PlanProposed:
    made = city.plan(DECEMBER, backlog=backlog, explain=False)
    plan = propose_plan(city, made, author=STEWARD)
    put_in_force(city, plan.plan, author=STEWARD)
    return plan


def planned_mg(city: City) -> Counter[Way]:
    [plan] = city.plans().in_force
    return Counter({way_of(flow): flow.mass_mg for flow in city.plans().named(plan).flows})


def standing_mg(city: City) -> Counter[Way]:
    """What is gone and what is owed on each way, whichever plan committed it."""
    [plan] = city.plans().in_force
    found: Counter[Way] = Counter()
    for one in undertaken(plan, city.plans(), city.journal):
        found[one.way] += one.planned_mg()
    return +found


def see_that_no_lot_is_promised_twice(city: City) -> None:
    """Of no lot more is owed and done, by all plans together, than came."""
    promised: Counter[str] = Counter()
    for one in undertaken(city.plans().in_force[0], city.plans(), city.journal):
        for portion in one.handed if one.ended else one.made.lots:
            promised[portion.lot] += portion.mass_mg
    lots = {entry.body.lot: entry.body.mass_mg for entry in city.journal.read(kinds=["LotArrived"])}
    assert promised
    assert all(mass_mg <= lots[lot] for lot, mass_mg in promised.items())
    assert verify(city.journal.store).holds


def order_of(city: City, ending: str) -> Order:
    orders = (order for order in orders_known(city).live() if order.state == "open")
    return next(one for one in orders if one.issued.tasks[0].commitment.endswith(ending))


@pytest.mark.usefixtures("digester")
def test_a_second_plan_for_the_same_days_ends_by_entries_what_it_changes(city: City) -> None:
    before = planned_mg(city)

    adopt_again(city)

    assert planned_mg(city) != before
    assert standing_mg(city) == planned_mg(city)
    ended = {entry.body.commitment for entry in city.journal.read(kinds=["CommitmentEnded"])}
    assert ended
    owed = sum(row.owed.units for row in everything_owed(city.journal, today=city.today()))
    assert owed == planned_mg(city).total()
    see_that_no_lot_is_promised_twice(city)


@pytest.mark.usefixtures("digester")
def test_a_second_plan_keeps_what_was_handed_over_and_promises_it_to_nobody_again(
    city: City, zara: AgentId
) -> None:
    issue_for_plan(city, author=STEWARD)
    brought = order_of(city, "/digester")
    take_order(city, brought.issued.order, team=TEAM, author=zara)
    close_order(city, brought.issued.order, author=STEWARD, mass_mg=brought.mass_mg // 3)

    adopt_again(city)

    assert standing_mg(city) == planned_mg(city)
    see_that_no_lot_is_promised_twice(city)
    left = sum(one.mass_mg for one in left_in(city, city.plans().in_force[0]))
    assert left == planned_mg(city).total() - brought.mass_mg // 3


def test_a_plan_comes_back_into_force_under_another_name(
    city: City, digester: SiteDeclared
) -> None:
    [first] = city.plans().in_force
    second = adopt_again(city).plan
    with_room(city, digester, 1000)

    third = adopt_again(city).plan

    assert len({first, second, third}) == 3
    assert standing_mg(city) == planned_mg(city)
    see_that_no_lot_is_promised_twice(city)


def test_with_the_backlog_what_was_driven_stays_driven_and_the_rest_is_owed(
    city: City, zara: AgentId
) -> None:
    adopt_again(city, backlog=True)
    issue_for_plan(city, author=STEWARD)
    old = {
        entry.body.lot
        for entry in city.journal.read(kinds=["LotArrived"])
        if entry.body.last_day < DECEMBER.first
    }
    fetched = [o for o in orders_known(city).live() if o.issued.tasks[0].lots[0].lot in old][:5]
    for order in fetched:
        take_order(city, order.issued.order, team=TEAM, author=zara)
        close_order(city, order.issued.order, author=STEWARD)
    before = planned_mg(city)

    assert replan(city, DECEMBER).moves == ()
    assert main(["circuits", "disrupt", str(city.folder), "x", "--site", "pulp", *FLOOD]) == 0
    revision = propose_replanned(city, replan(city, DECEMBER), author=STEWARD)
    put_in_force(city, revision.plan, author=STEWARD)

    assert fetched
    assert planned_mg(city) != before
    assert standing_mg(city) == planned_mg(city)
    see_that_no_lot_is_promised_twice(city)


def test_orders_after_several_revisions_cover_all_that_is_left(city: City) -> None:
    for day, site in enumerate(("digester", "pulp", "sorting")):
        words = ["circuits", "disrupt", str(city.folder), f"out {day}", "--site", site, *FLOOD]
        assert main(words) == 0
        plan = propose_replanned(city, replan(city, DECEMBER), author=STEWARD)
        put_in_force(city, plan.plan, author=STEWARD)

    orders = issue_for_plan(city, author=STEWARD)

    assert len(city.plans().stands_on(city.plans().in_force[0])) == 4
    assert sum(order.mass_mg for order in orders) == planned_mg(city).total()
    see_that_no_lot_is_promised_twice(city)


def test_what_a_truck_carries_when_the_storm_comes_is_not_planned_again(
    city: City, zara: AgentId
) -> None:
    issue_for_plan(city, author=STEWARD)
    driven, free = order_of(city, "/digester"), order_of(city, "/pulp")
    take_order(city, driven.issued.order, team=TEAM, author=zara)
    way = driven.issued.tasks[0].place, driven.issued.tasks[0].material, "digester"
    for site in ("digester", "pulp"):
        words = ["circuits", "disrupt", str(city.folder), f"storm {site}", "--site", site, *STORM]
        assert main(words) == 0

    plan = propose_replanned(city, replan(city, DECEMBER), author=STEWARD)
    put_in_force(city, plan.plan, author=STEWARD)

    to_digester = {one: mass for one, mass in planned_mg(city).items() if one[2] == "digester"}
    assert to_digester == {way: driven.mass_mg}
    orders = orders_known(city)
    assert orders.named(driven.issued.order).state == "taken"
    assert orders.named(free.issued.order).overtaken
    assert standing_mg(city) == planned_mg(city)
    see_that_no_lot_is_promised_twice(city)
    # It is brought, and counts for what it was promised for.
    close_order(city, driven.issued.order, author=STEWARD, mass_mg=driven.mass_mg - 7)
    again = [
        o for o in issue_for_plan(city, author=STEWARD) if o.issued.receiver == "site:digester"
    ]
    assert [order.mass_mg for order in again] == [7]
    # What did not come is aboard no longer.
    [move] = replan(city, DECEMBER).moves
    assert (move.origin, move.site, move.mass_mg) == ("digester", None, 7)


def test_a_truck_that_turns_back_leaves_what_it_carried_to_be_planned(
    city: City, zara: AgentId
) -> None:
    issue_for_plan(city, author=STEWARD)
    driven = order_of(city, "/digester")
    take_order(city, driven.issued.order, team=TEAM, author=zara)
    words = ["circuits", "disrupt", str(city.folder), "storm", "--site", "digester", *STORM]
    assert main(words) == 0
    plan = propose_replanned(city, replan(city, DECEMBER), author=STEWARD)
    put_in_force(city, plan.plan, author=STEWARD)

    return_order(city, driven.issued.order, reason="unsafe", author=zara)
    assert orders_known(city).named(driven.issued.order).state == "open"
    again = propose_replanned(city, replan(city, DECEMBER), author=STEWARD)
    put_in_force(city, again.plan, author=STEWARD)

    assert not [way for way in planned_mg(city) if way[2] == "digester"]
    assert standing_mg(city) == planned_mg(city)
    assert orders_known(city).named(driven.issued.order).overtaken
    see_that_no_lot_is_promised_twice(city)


def test_vehicles_that_are_fewer_than_those_that_drove_do_not_stop_a_revision(
    city: City, zara: AgentId
) -> None:
    issue_for_plan(city, author=STEWARD)
    driven = order_of(city, "/digester")
    take_order(city, driven.issued.order, team=TEAM, author=zara)
    close_order(city, driven.issued.order, author=STEWARD)
    barrow = VehiclesDeclared(
        vehicles="barrow",
        origins=(),
        destinations=(SiteId("digester"),),
        carries=(),
        count=1,
        trips_per_day=1,
        payload_mg=1,
        stamp="generated",
    )
    at = now()
    city.journal.record([declare(barrow, key="b", author=STEWARD, at=at)], recorded_at=at)

    revision = replan(city, DECEMBER)
    plan = propose_replanned(city, revision, author=STEWARD)
    put_in_force(city, plan.plan, author=STEWARD)

    assert revision.plan.checked
    assert standing_mg(city) == planned_mg(city)


def test_next_weeks_plan_of_the_backlog_ends_what_last_weeks_still_owes(
    city: City, zara: AgentId
) -> None:
    issue_for_plan(city, author=STEWARD)
    aboard = order_of(city, "/digester")
    take_order(city, aboard.issued.order, team=TEAM, author=zara)
    week = Period(first=date(2026, 1, 1), last=date(2026, 1, 7))

    plan = propose_plan(city, city.plan(week, backlog=True, explain=False), author=STEWARD)
    put_in_force(city, plan.plan, author=STEWARD)

    promised: Counter[str] = Counter()
    for name in city.plans().in_force:
        for one in undertaken(name, city.plans(), city.journal):
            for portion in one.handed if one.ended else one.made.lots:
                promised[portion.lot] += portion.mass_mg
    lots = {entry.body.lot: entry.body.mass_mg for entry in city.journal.read(kinds=["LotArrived"])}
    assert all(mass_mg <= lots[lot] for lot, mass_mg in promised.items())
    assert orders_known(city).named(aboard.issued.order).state == "taken"
    close_order(city, aboard.issued.order, author=STEWARD)
    made = [e.body for e in city.journal.read(kinds=["CommitmentMade"])]
    assert isinstance(made[-1], CommitmentMade)
    run_once(city, city.clock())
    assert plan.plan not in city.plans().outdated
