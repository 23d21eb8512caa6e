"""Planning ahead: what waits, what is made of what, and who carries it."""

from datetime import date, timedelta

import pytest

from bioloom.circuits.horizon.planning import Stock, plan_ahead
from bioloom.circuits.layout.yielding import YieldsInCircle, YieldUndeclared
from bioloom.circuits.planning import plan
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow, Onward, Stored
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import (
    ONE_DAY,
    add_district,
    add_material,
    add_site,
    add_vehicles,
    offer_t,
)

DAYS = [
    Period(
        first=date(2024, 5, 1) + timedelta(days=day), last=date(2024, 5, 1) + timedelta(days=day)
    )
    for day in range(3)
]
NORTH = DistrictId("north")
T = 10**9


@pytest.fixture
def city() -> Declared:
    city = Declared()
    add_material(city, "peel", group="organics")
    add_material(city, "rejects")
    add_material(city, "compost")
    add_district(city, "north", stores_t=4)
    add_district(city, "south", km=10)
    add_site(city, "heap", "organics", km=1, t_per_day=6)
    return city


def test_what_has_no_room_today_waits_for_tomorrow_where_it_may(city: Declared) -> None:
    ahead = plan_ahead(city, [offer_t(north_peel=9), offer_t(north_peel=1), {}], DAYS)

    assert [sum(flow.mass_mg for flow in done.flows) for done in ahead.movements] == [
        6 * T,
        4 * T,
        0,
    ]
    waiting = Stored(
        district=ahead.movements[0].flows[0].district, material=MaterialId("peel"), mass_mg=3 * T
    )
    assert ahead.movements[0].stored == (waiting,)
    assert (ahead.service, ahead.checked) == ({"north": 1.0}, True)


def test_what_is_stored_when_the_horizon_ends_is_neither_served_nor_unmet(city: Declared) -> None:
    made = plan(city, offer_t(north_peel=9), ONE_DAY)

    assert made.service[NORTH] == pytest.approx(6 / 9)
    assert [kept.mass_mg for kept in made.movements.stored] == [3 * T]
    assert made.unmet == ()


def test_hazardous_mass_that_can_be_stored_is_not_left_unmet(city: Declared) -> None:
    add_material(city, "paint", group="special", code="20 01 27*")

    made = plan(city, offer_t(north_paint=5), ONE_DAY)

    assert [kept.mass_mg for kept in made.movements.stored] == [4 * T]
    assert [rest.mass_mg for rest in made.unmet] == [1 * T]
    assert (made.service[NORTH], made.checked) == (0.0, True)


def test_nothing_waits_that_could_go(city: Declared) -> None:
    ahead = plan_ahead(city, [offer_t(north_peel=2), {}, {}], DAYS)

    assert not any(done.stored for done in ahead.movements)


def test_a_horizon_of_one_period_is_the_plain_plan(city: Declared) -> None:
    offered = offer_t(north_peel=9, south_peel=3)

    ahead, plain = plan_ahead(city, [offered], DAYS[:1]), plan(city, offered, DAYS[0])

    assert ahead.movements == (plain.movements,)
    assert (ahead.service, ahead.stages) == (plain.service, plain.stages)


def test_stock_is_offered_in_the_first_period(city: Declared) -> None:
    stock = Stock(nodes=offer_t(south_peel=2), products={})

    ahead = plan_ahead(city, [offer_t(south_peel=1), {}, {}], DAYS, stock=stock)

    assert [flow.mass_mg for flow in ahead.movements[0].flows] == [3 * T]


def test_a_site_takes_only_as_much_as_its_residue_finds_room(city: Declared) -> None:
    add_site(city, "sieve", "organics", km=0, t_per_day=100, residue="rejects")
    add_site(city, "pit", "rejects", km=3, t_per_day=0.1)

    made = plan(city, offer_t(south_peel=20), ONE_DAY)

    # A twentieth is residue: 2 t of peel give 0.1 t, beside 6 t to the heap.
    loads = {load.site: load.mass_mg for load in made.loads}
    assert loads == {"heap": 6 * T, "sieve": 2 * T, "pit": T // 10}
    residue = Onward(
        origin=SiteId("sieve"), material=MaterialId("rejects"), site=SiteId("pit"), mass_mg=T // 10
    )
    assert (made.movements.onward, made.checked) == ((residue,), True)


def test_residue_of_what_a_site_has_taken_lies_there_when_nobody_has_room_for_it(
    city: Declared,
) -> None:
    add_site(city, "sieve", "organics", km=0, t_per_day=100, residue="rejects")
    add_site(city, "pit", "rejects", km=3, t_per_day=0.1)
    taken = Flow(
        district=DistrictId("south"),
        material=MaterialId("peel"),
        site=SiteId("sieve"),
        mass_mg=10 * T,
    )

    made = plan(city, offer_t(south_peel=20), ONE_DAY, in_force=(taken,), under_way=(taken,))

    # Half a tonne is residue, of which 0.1 t has room: no more peel goes there.
    assert {(flow.site, flow.mass_mg) for flow in made.flows} == {
        ("sieve", 10 * T),
        ("heap", 6 * T),
    }
    [rejects] = made.movements.products
    assert (rejects.mass_mg, rejects.left_mg) == (5 * T // 10, 4 * T // 10)
    assert made.checked


def test_residue_may_wait_at_its_site_where_that_has_storage(city: Declared) -> None:
    add_site(city, "sieve", "organics", km=0, t_per_day=100, residue="rejects", stores_t=0.2)
    add_site(city, "pit", "rejects", km=3, t_per_day=0.1)

    made = plan(city, offer_t(south_peel=20), ONE_DAY)

    assert [load.mass_mg for load in made.loads if load.site == "sieve"] == [6 * T]


def test_what_a_site_makes_may_stay_there_and_is_not_forced_on(city: Declared) -> None:
    add_site(city, "vessel", "organics", km=0, makes={"compost": 400})
    add_site(city, "garden", "compost", km=1, t_per_day=1)

    made = plan(city, offer_t(south_peel=20), ONE_DAY)

    # 6 t go to the heap, which is nearer, and of the other 14 t two fifths become compost.
    (compost,) = made.movements.products
    assert compost.mass_mg == compost.left_mg == 56 * T // 10
    assert made.movements.onward == ()


def test_vehicles_carry_what_they_can_and_nothing_else_goes_between_their_areas(
    city: Declared,
) -> None:
    add_material(city, "board", group="paper")
    add_site(city, "mill", "paper", km=2)
    add_vehicles(city, "van", "organics", origins=("south",), t_per_day=1)
    add_vehicles(city, "lorry", origins=("south",), t_per_day=3)

    made = plan(city, offer_t(south_peel=9, south_board=9, north_board=9), ONE_DAY)

    # 4 t in all from the south, of which 3 t at most of board; the north is not limited.
    carried = {f"{flow.district} {flow.material}": flow.mass_mg for flow in made.flows}
    assert carried == {"north board": 9 * T, "south board": 2 * T, "south peel": 2 * T}
    assert made.checked


def test_sites_that_take_what_each_other_make_are_named(city: Declared) -> None:
    add_material(city, "pulp", group="paper")
    add_site(city, "mill", "paper", makes={"pulp": 900})
    add_site(city, "press", "paper", makes={"pulp": 900})

    with pytest.raises(YieldsInCircle, match=r"in a circle: .* to press to "):
        plan(city, offer_t(north_peel=1), ONE_DAY)


def test_a_product_that_nobody_declared_is_refused(city: Declared) -> None:
    add_site(city, "vessel", "organics", makes={"gold": 1})

    with pytest.raises(YieldUndeclared, match="'gold', which is not declared"):
        plan(city, offer_t(north_peel=1), ONE_DAY)


def test_no_site_is_called_full_that_its_residue_or_the_vehicles_stop(city: Declared) -> None:
    add_material(city, "board", group="paper")
    add_site(city, "mill", "paper", km=2)
    add_vehicles(city, "van", "paper", origins=("south",), t_per_day=1)

    made = plan(city, offer_t(south_board=9), ONE_DAY)

    reason = made.reasons[DistrictId("south")]
    assert "and not all 1 sites that take it are full" in reason
