"""The laws of rounds: all that is due is fetched once or named, nothing mixed, heavy or late."""

from collections import Counter

import msgspec
from hypothesis import given, settings
from pyvrp.stop import MaxIterations

from bioloom.circuits.rounds.checking import check_rounds
from bioloom.circuits.rounds.fleet import Fleet
from bioloom.circuits.rounds.planning import RoundsMade, plan_rounds
from bioloom.circuits.rounds.posing import Due, RoundsProblem
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.rounds import Round
from tests.circuits.rounds.fleets import (
    days,
    due_t,
    fleet_of_few,
    groups_of,
    posed,
    street,
    vehicle,
)

Day = tuple[Declared, Fleet, dict[Due, int]]


def planned(
    day: Day, *, steps: int = 30, seed: int = 1, in_force: tuple[Round, ...] = ()
) -> tuple[RoundsProblem, RoundsMade]:
    city, fleet, due_mg = day
    problem = posed(city, fleet, due_mg)
    made = plan_rounds(
        problem,
        due_mg,
        groups_of(city),
        effort=lambda: MaxIterations(steps),
        seed=seed,
        in_force=in_force,
    )
    return problem, made


@settings(max_examples=60)
@given(day=days())
def test_the_checker_vouches_for_every_day(day: Day) -> None:
    _, made = planned(day)

    assert made.faults == ()


@settings(max_examples=30)
@given(day=days())
def test_every_milligram_that_is_due_is_fetched_once_or_named(day: Day) -> None:
    _, made = planned(day)

    told: Counter[tuple[str, str]] = Counter()
    for route in made.routes:
        for halt in route.halts:
            for load in halt.loads if halt.doing == "pickup" else ():
                told[halt.place, load.material] += load.mass_mg
    for rest in made.not_fetched:
        told[rest.district, rest.material] += rest.mass_mg
    due = Counter({(district, material): mass for (district, material, _), mass in day[2].items()})
    assert told == +due


@settings(max_examples=20)
@given(day=days())
def test_the_same_steps_and_seed_give_the_same_rounds(day: Day) -> None:
    _, once = planned(day, seed=5)
    _, again = planned(day, seed=5)

    assert (once.routes, once.not_fetched) == (again.routes, again.not_fetched)


@settings(max_examples=20)
@given(day=days())
def test_rounds_in_force_are_never_given_up_for_worse_ones(day: Day) -> None:
    _, before = planned(day, steps=60)

    _, after = planned(day, steps=1, seed=9, in_force=before.routes)

    rest_before = sum(rest.mass_mg for rest in before.not_fetched)
    assert sum(rest.mass_mg for rest in after.not_fetched) <= rest_before
    assert after.faults == ()


def sound() -> tuple[Day, RoundsProblem, RoundsMade]:
    city = street()
    fleet = fleet_of_few(vehicle(), vehicle("lorry", carries=("paper",), depot="mill"))
    day = city, fleet, due_t(d0_peel_heap=1.5, d1_leaf_heap=1.0, d3_paper_mill=1.2)
    problem, made = planned(day)
    assert made.checked
    assert not made.not_fetched
    return day, problem, made


def faults_of(day: Day, problem: RoundsProblem, routes: tuple[Round, ...]) -> str:
    found = check_rounds(problem, day[2], groups_of(day[0]), routes=routes, left_out=())
    return "; ".join(found)


def test_the_checker_finds_what_is_lost_or_fetched_twice() -> None:
    day, problem, made = sound()

    assert "mg are due, 0 mg told of" in faults_of(day, problem, made.routes[1:])
    twice = (*made.routes, made.routes[0])
    assert "drives 2 rounds" in faults_of(day, problem, twice)


def test_the_checker_finds_a_halt_that_is_too_early_or_a_vehicle_too_heavy() -> None:
    day, problem, made = sound()
    (first, *others) = made.routes
    halt = first.halts[0]
    early = msgspec.structs.replace(halt, arrives_s=first.leaves_s, leaves_s=first.leaves_s)
    hurried = msgspec.structs.replace(first, halts=(early, *first.halts[1:]))
    heavy = tuple(msgspec.structs.replace(load, mass_mg=load.mass_mg * 9) for load in halt.loads)
    overloaded = msgspec.structs.replace(
        first, halts=(msgspec.structs.replace(halt, loads=heavy), *first.halts[1:])
    )

    assert "before it is done" in faults_of(day, problem, (hurried, *others))
    assert "mg of at most" in faults_of(day, problem, (overloaded, *others))


def test_the_checker_finds_a_way_that_is_not_told_rightly_and_a_load_brought_home() -> None:
    day, problem, made = sound()
    (first, *others) = made.routes
    shorter = msgspec.structs.replace(first, way_m=first.way_m - 1)
    homeward = msgspec.structs.replace(first, halts=first.halts[:-1])

    assert "tells of" in faults_of(day, problem, (shorter, *others))
    assert "comes home loaded" in faults_of(day, problem, (homeward, *others))
