"""Planning rounds: small days are planned as well as can be; what cannot be fetched is named."""

from itertools import permutations
from random import Random

import numpy as np
import pytest
from pyvrp.stop import MaxIterations

from bioloom.circuits.rounds import posing
from bioloom.circuits.rounds.fleet import Fleet
from bioloom.circuits.rounds.planning import RoundsMade, plan_rounds
from bioloom.circuits.rounds.posing import Due, RoundsProblem, TooManyLoads, Visit, Window
from bioloom.circuits.rounds.ways import Ways
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.rounds import Load, Round
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.rounds.fleets import (
    due_t,
    fleet_of_few,
    groups_of,
    hours,
    posed,
    street,
    vehicle,
)

LOAD, GROUP = MaterialId("peel"), GroupId("organics")


def planned(
    city: Declared, fleet: Fleet, due_mg: dict[Due, int], *, in_force: tuple[Round, ...] = ()
) -> RoundsMade:
    made = plan_rounds(
        posed(city, fleet, due_mg),
        due_mg,
        groups_of(city),
        effort=lambda: MaxIterations(100),
        seed=1,
        in_force=in_force,
    )
    assert made.checked
    return made


def scattered(seed: int, stops: int, *, trips: int) -> RoundsProblem:
    """Stops of a few kilograms around a site, and vehicles of ten kilograms that start there."""
    random = Random(seed)
    points = [(random.randrange(1000), random.randrange(1000)) for _ in range(stops + 1)]
    metres = [[round(np.hypot(a - c, b - d)) for c, d in points] for a, b in points]
    places = ("heap", *(f"d{number}" for number in range(stops)))
    visits = []
    for place in places[1:]:
        mass_mg = random.randrange(1, 6) * 1_000_000
        visits.append(
            Visit(
                place=place,
                site="heap",
                group=GROUP,
                loads=(Load(material=LOAD, mass_mg=mass_mg),),
                mass_mg=mass_mg,
                window=Window(),
            )
        )
    count = 1 if trips > 1 else stops
    return RoundsProblem(
        visits=tuple(visits),
        vehicles=(vehicle(count=count, capacity_t=0.01, trips=trips, to_h=40, per_round=0),),
        gates={"heap": Window()},
        ways=Ways(
            places=places,
            metres=np.array(metres),
            seconds=None,
            stamp="reported",
            detour_per_mille=None,
        ),
        unit_mg=1_000_000,
    )


def shortest_m(problem: RoundsProblem) -> int:
    """The shortest way to fetch all, found by looking at every order and every way to part it."""
    metres = problem.ways.metres
    kg = [visit.mass_mg // 1_000_000 for visit in problem.visits]
    best = 10**9
    for order in permutations(range(len(kg))):
        # From the last stop back: the shortest way for the rest of the order, parted at will.
        rest = [0] * (len(order) + 1)
        for first in reversed(range(len(order))):
            ends = []
            aboard, way_m, at = 0, 0, 0
            for last in range(first, len(order)):
                aboard += kg[order[last]]
                if aboard > 10:
                    break
                way_m += int(metres[at, order[last] + 1])
                at = order[last] + 1
                ends.append(way_m + int(metres[at, 0]) + rest[last + 1])
            rest[first] = min(ends)
        best = min(best, rest[0])
    return best


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("trips", [1, 6])
def test_a_small_day_is_driven_by_the_shortest_way_there_is(seed: int, trips: int) -> None:
    problem = scattered(seed, stops=6, trips=trips)
    due_mg = {
        (DistrictId(visit.place), LOAD, SiteId("heap")): visit.mass_mg for visit in problem.visits
    }

    made = plan_rounds(problem, due_mg, {LOAD: GROUP}, effort=lambda: MaxIterations(300), seed=1)

    assert made.checked
    assert not made.not_fetched
    assert made.way_m == shortest_m(problem)


def test_what_no_vehicle_carries_or_reaches_or_has_time_for_is_named_with_its_reason() -> None:
    city = street(3)
    fleet = fleet_of_few(vehicle(to_h=6.75, trips=1), opening=(hours("d2", 10, 11),))
    due = due_t(d0_peel_heap=1.0, d1_peel_heap=1.9, d2_peel_heap=0.5, d0_paper_mill=0.2)

    made = planned(city, fleet, due)

    told: dict[tuple[str, str], str] = {
        (rest.district, rest.material): rest.reason for rest in made.not_fetched
    }
    assert told["d0", "paper"] == "no_vehicle"
    assert told["d2", "peel"] == "out_of_reach"
    assert [told[way] for way in told if way[1] == "peel"].count("no_time_left") == 1
    assert len(made.routes) == 1


def test_a_vehicle_waits_for_a_gate_and_comes_before_it_shuts() -> None:
    city = street(2)
    opening = (hours("heap", 9, 9.5), hours("d0", 8, 9))
    fleet = fleet_of_few(vehicle(), opening=opening)

    made = planned(city, fleet, due_t(d0_peel_heap=1.0, d1_peel_heap=0.5))

    [one] = made.routes
    assert not made.not_fetched
    arrivals = {halt.place: halt.arrives_s / 3600 for halt in one.halts}
    assert 8 <= arrivals["d0"] <= 9
    assert 9 <= arrivals["heap"] <= 9.5


def test_a_load_is_of_one_group_for_one_site() -> None:
    city = street(3)
    fleet = fleet_of_few(vehicle(carries=("organics", "paper"), capacity_t=10))
    due = due_t(d0_peel_heap=1, d0_leaf_heap=1, d0_paper_mill=1, d1_paper_mill=1)

    [one] = planned(city, fleet, due).routes

    brought = [
        (halt.place, {load.material for load in halt.loads})
        for halt in one.halts
        if halt.doing == "dropoff"
    ]
    assert sorted(brought) == [("heap", {"leaf", "peel"}), ("mill", {"paper"})]


def test_a_stop_with_more_than_a_vehicle_holds_is_parted() -> None:
    city = street(1)
    fleet = fleet_of_few(vehicle(capacity_t=1.0))

    [one] = planned(city, fleet, due_t(d0_peel_heap=2.5)).routes

    masses = [halt.loads[0].mass_mg for halt in one.halts if halt.doing == "dropoff"]
    assert sorted(masses) == [500_000_000, 1_000_000_000, 1_000_000_000]


def test_more_loads_than_can_be_searched_through_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posing, "MOST_VISITS", 3)
    fleet = fleet_of_few(vehicle(capacity_t=0.1), vehicle("van", capacity_t=0.2))

    with pytest.raises(TooManyLoads, match="5 loads"):
        posed(street(1), fleet, due_t(d0_peel_heap=0.9))


def test_rounds_in_force_stay_when_little_changes_and_say_what_moves() -> None:
    city = street(4)
    fleet = fleet_of_few(vehicle(count=3))
    due = due_t(d0_peel_heap=1.9, d1_peel_heap=1.8, d2_peel_heap=1.7, d3_peel_heap=1.6)
    before = planned(city, fleet, due)

    same = planned(city, fleet, due, in_force=before.routes)
    fewer = dict(list(due.items())[1:])
    after = planned(city, fleet, fewer, in_force=before.routes)

    assert (same.routes, same.moved, same.kept) == (before.routes, 0, True)
    assert after.moved == 0


def test_nothing_due_is_no_round() -> None:
    made = planned(street(1), fleet_of_few(vehicle()), {})

    assert (made.routes, made.not_fetched, made.cost) == ((), (), 0)
