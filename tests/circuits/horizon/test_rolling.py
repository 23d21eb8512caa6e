"""Rolling: what was planned for a week that is firm is done, as far as it came."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.horizon.rolling import GRAIN_MG, HorizonTooShort, roll, stock_after
from bioloom.circuits.planning import plan
from bioloom.circuits.posing import Node
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.periods import Period
from tests.circuits.cities import add_district, add_material, add_site, offer_t

Offers = list[dict[Node, int]]
T = 10**9
WEEKS = [
    Period(
        first=date(2024, 5, 6) + timedelta(weeks=week),
        last=date(2024, 5, 12) + timedelta(weeks=week),
    )
    for week in range(4)
]


def city_with(*, stores_t: float | None) -> Declared:
    city = Declared()
    add_material(city, "peel", group="organics")
    add_material(city, "rejects")
    add_district(city, "north", stores_t=stores_t)
    add_district(city, "south", km=10)
    add_site(city, "heap", "organics", km=1, t_per_day=1)
    add_site(city, "sieve", "organics", km=4, t_per_day=1, residue="rejects", stores_t=stores_t)
    add_site(city, "pit", "rejects", km=3, t_per_day=0.03)
    return city


def knowing_all(weeks: Offers) -> "Expecting":
    return Expecting(weeks, weeks)


class Expecting:
    """What comes is known when its week begins; before that, something else was expected."""

    def __init__(self, comes: Offers, thought: Offers) -> None:
        self.comes, self.thought = comes, thought

    def __call__(self, week: int, ahead: int) -> Sequence[Mapping[Node, int]]:
        return [self.comes[week], *self.thought[week + 1 : week + ahead]]


tonnes = st.integers(0, 400).map(lambda tenths: tenths / 10)
offers = st.lists(
    st.builds(lambda north, south: offer_t(north_peel=north, south_peel=south), tonnes, tonnes),
    min_size=len(WEEKS),
    max_size=len(WEEKS),
)


@given(comes=offers)
def test_without_stores_one_week_at_a_time_is_the_plan_of_each_week(comes: Offers) -> None:
    city = city_with(stores_t=None)

    done = list(roll(city, WEEKS, knowing_all(comes), ahead=1))

    for week, period, offered in zip(done, WEEKS, comes, strict=True):
        assert week.movements == plan(city, offered, period, explain=False).movements


@given(comes=offers, thought=offers, ahead=st.integers(1, 4), stores_t=st.sampled_from([None, 5.0]))
def test_all_that_came_was_placed_is_unmet_or_still_waits(
    comes: Offers, thought: Offers, ahead: int, stores_t: float | None
) -> None:
    city = city_with(stores_t=stores_t)

    done = list(roll(city, WEEKS, Expecting(comes, thought), ahead=ahead, firm=min(2, ahead)))

    assert all(week.plan.checked for week in done)
    came = sum(sum(offered.values()) for offered in comes)
    moved = sum(flow.mass_mg for week in done for flow in week.movements.flows)
    unmet = sum(rest.mass_mg for week in done for rest in week.movements.unmet)
    assert came == moved + unmet + sum(stock_after(done[-1].movements).nodes.values())


@given(comes=offers, thought=offers)
def test_a_firm_week_is_done_as_it_was_planned_but_for_what_fell_away(
    comes: Offers, thought: Offers
) -> None:
    done = list(roll(city_with(stores_t=5.0), WEEKS, Expecting(comes, thought), ahead=3, firm=2))

    for before, week in pairwise(done):
        moved = {(f.district, f.site): f.mass_mg for f in week.movements.flows}
        fallen = {(f.district, f.site): f.mass_mg for f in week.fallen}
        for firm in before.plan.movements[1].flows:
            way = firm.district, firm.site
            assert moved.get(way, 0) + fallen.get(way, 0) >= firm.mass_mg - 2 * GRAIN_MG


def test_looking_ahead_makes_room_before_a_flood() -> None:
    comes = [offer_t(north_peel=peel) for peel in (14, 20, 0.1, 0.1)]
    city = city_with(stores_t=8.0)

    blind = list(roll(city, WEEKS, knowing_all(comes), ahead=1))
    seeing = list(roll(city, WEEKS, knowing_all(comes), ahead=4))

    placed = [
        sum(flow.mass_mg for week in done for flow in week.movements.flows)
        for done in (blind, seeing)
    ]
    assert placed[1] >= placed[0]


@pytest.mark.parametrize(("ahead", "firm"), [(2, 3), (2, 0), (0, 0)])
def test_more_firm_weeks_than_planned_ones_are_refused(ahead: int, firm: int) -> None:
    with pytest.raises(HorizonTooShort, match=f"{firm} weeks are to be firm, of {ahead}"):
        next(roll(Declared(), WEEKS, knowing_all([{}] * 4), ahead=ahead, firm=firm))
