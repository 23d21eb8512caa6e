"""Planning rounds: searched from the rounds in force, timed, checked, and told with what is left.

It writes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from pyvrp.stop import StoppingCriterion
from scipy.optimize import linear_sum_assignment

from bioloom.circuits.rounds.checking import check_rounds
from bioloom.circuits.rounds.posing import Due, RoundsProblem, not_fetched
from bioloom.circuits.rounds.scheduling import Timetable
from bioloom.circuits.rounds.solving import Drive, Model, Solved
from bioloom.vocabulary.entries.rounds import Halt, NotFetched, Round, VehicleId
from bioloom.vocabulary.materials import GroupId, MaterialId

# Rounds in force stay as they are unless others fetch more, or cost so much less.
LEAST_SAVING_PER_MILLE = 10
# What a vehicle fetches where: by place, site and group.
_Stop = tuple[str, str, GroupId]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsMade:
    """The rounds of a day, what they leave, and what the checker says of them."""

    routes: tuple[Round, ...]
    not_fetched: tuple[NotFetched, ...]
    way_m: int
    # Whole minor units, rounded up.
    cost: int
    faults: tuple[str, ...]
    iterations: int
    # Stops that another vehicle makes than in the rounds in force; none where none were in force.
    moved: int | None
    # Whether the rounds in force were good enough to stay.
    kept: bool

    @property
    def checked(self) -> bool:
        """Whether the checker found no fault."""
        return not self.faults


def plan_rounds(
    problem: RoundsProblem,
    due_mg: Mapping[Due, int],
    group_of: Mapping[MaterialId, GroupId],
    *,
    effort: Callable[[], StoppingCriterion],
    seed: int,
    in_force: Sequence[Round] = (),
    least_saving_per_mille: int = LEAST_SAVING_PER_MILLE,
) -> RoundsMade:
    """Find who fetches what, when, and by which way.

    Args:
        problem: The loads and the vehicles.
        due_mg: What is due, to check the rounds by.
        group_of: The group of each material.
        effort: Makes what ends a search, told the best cost so far. One more is made where the
            first finds no rounds that fetch all.
        seed: Of the search's choices; the same gives the same where iterations are counted.
        in_force: Rounds from which to start, and to change as little as serves.
        least_saving_per_mille: What other rounds must save for those in force to be given up.
    """
    table = Timetable(problem)
    solved, kept = Solved((), 0), False
    if problem.visits:
        before = _as_drives(in_force, problem, group_of)
        standing = Solved((), 0)
        if before:
            standing = _in_time(Model(problem, may_leave_out=False).judged(before), table)
        solved = _searched(problem, effort, seed, standing.drives, table)
        kept = bool(before) and _is_good_enough(standing, solved, least_saving_per_mille)
        solved = standing if kept else solved
    numbered = _numbered(solved.drives, problem, in_force, group_of)
    made = (table.round_of(drive, number)[0] for drive, number in numbered)
    routes = sorted(filter(None, made), key=lambda one: (one.vehicle, one.number))
    left_out = _added_up(problem, set(range(len(problem.visits))) - solved.fetched)
    return RoundsMade(
        routes=tuple(routes),
        not_fetched=left_out,
        way_m=sum(one.way_m for one in routes),
        cost=_cost(routes, problem),
        faults=check_rounds(problem, due_mg, group_of, routes=routes, left_out=left_out),
        iterations=solved.iterations,
        moved=_moved(in_force, routes, group_of) if in_force else None,
        kept=kept,
    )


def _searched(
    problem: RoundsProblem,
    effort: Callable[[], StoppingCriterion],
    seed: int,
    before: Sequence[Drive],
    table: Timetable,
) -> Solved:
    """What a search finds that must fetch all; if that is not all, what one finds that need not."""
    everything = len(problem.visits)
    found = Solved((), 0)
    if not before or len(Solved(tuple(before), 0).fetched) == everything:
        model = Model(problem, may_leave_out=False)
        found = _in_time(model.solve(effort(), seed=seed, start=before), table)
    if len(found.fetched) == everything:
        return found
    model = Model(problem, may_leave_out=True)
    other = _in_time(model.solve(effort(), seed=seed, start=before), table)
    return max(found, other, key=lambda one: (len(one.fetched), -one.cost))


def _in_time(solved: Solved, table: Timetable) -> Solved:
    """Drives without the loads for which it would be too late."""
    drives = []
    for drive in solved.drives:
        _, too_late = table.round_of(drive, 1)
        trips = tuple(trip for trip in drive.trips if trip[0] not in too_late)
        drives += [Drive(drive.vehicle, trips)] if trips else []
    return Solved(tuple(drives), solved.cost, solved.iterations)


def _is_good_enough(standing: Solved, found: Solved, least_saving_per_mille: int) -> bool:
    if len(found.fetched) != len(standing.fetched):
        return len(found.fetched) < len(standing.fetched)
    return 1000 * (standing.cost - found.cost) < least_saving_per_mille * standing.cost


def _cost(routes: Sequence[Round], problem: RoundsProblem) -> int:
    vehicles = {vehicle.vehicle: vehicle for vehicle in problem.vehicles}
    return sum(
        vehicles[one.vehicle].cost_per_round
        - (-one.way_m * vehicles[one.vehicle].cost_per_km // 1000)
        for one in routes
    )


def _added_up(problem: RoundsProblem, missed: set[int]) -> tuple[NotFetched, ...]:
    rests = list(problem.beyond)
    for index in missed:
        rests += not_fetched(problem.visits[index], "no_time_left")
    mass_mg: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    first: dict[tuple[str, str, str, str], NotFetched] = {}
    for rest in rests:
        key = rest.district, rest.material, rest.site, rest.reason
        mass_mg[key] += rest.mass_mg
        first.setdefault(key, rest)
    replaced = msgspec.structs.replace
    return tuple(replaced(first[key], mass_mg=mass_mg[key]) for key in sorted(first))


def _stops_of(one: Round, group_of: Mapping[MaterialId, GroupId]) -> list[list[tuple[_Stop, int]]]:
    """What a round fetches and how much of it [mg], load by load."""
    trips: list[list[tuple[_Stop, int]]] = []
    aboard: list[Halt] = []
    for halt in one.halts:
        if halt.doing == "pickup":
            aboard.append(halt)
            continue
        trips.append([])
        for stop in aboard:
            group = group_of.get(stop.loads[0].material, GroupId(""))
            mass_mg = sum(load.mass_mg for load in stop.loads)
            trips[-1].append(((stop.place, halt.place, group), mass_mg))
        aboard = []
    return trips


def _stops_made(one: Round, group_of: Mapping[MaterialId, GroupId]) -> set[_Stop]:
    return {stop for trip in _stops_of(one, group_of) for stop, _ in trip}


def _as_drives(
    in_force: Sequence[Round], problem: RoundsProblem, group_of: Mapping[MaterialId, GroupId]
) -> list[Drive]:
    """The rounds in force with today's loads; what is new today is left to the search."""
    index = {vehicle.vehicle: number for number, vehicle in enumerate(problem.vehicles)}
    waiting: defaultdict[_Stop, list[int]] = defaultdict(list)
    for number, visit in enumerate(problem.visits):
        waiting[visit.place, visit.site, visit.group].append(number)
    drives: list[Drive] = []
    used: dict[VehicleId, int] = defaultdict(int)
    for one in in_force:
        vehicle = index.get(one.vehicle)
        if vehicle is None or used[one.vehicle] == problem.vehicles[vehicle].count:
            continue
        trips = [
            tuple(v for stop, mass_mg in trip for v in _taken(waiting[stop], mass_mg, problem))
            for trip in _stops_of(one, group_of)
        ]
        trips = [trip for trip in trips if trip][: problem.vehicles[vehicle].trips]
        if trips:
            used[one.vehicle] += 1
            drives.append(Drive(vehicle, tuple(trips)))
    return drives


def _taken(waiting: list[int], mass_mg: int, problem: RoundsProblem) -> Iterator[int]:
    """Of the loads that wait at a stop, the largest that make up what was fetched before.

    Where all are larger, the smallest of them: today there is more.
    """
    taken = False
    while waiting and mass_mg > 0:
        fitting = [v for v in waiting if problem.visits[v].mass_mg <= mass_mg]
        if not fitting and taken:
            return
        sizes = [(problem.visits[v].mass_mg, -v) for v in fitting or waiting]
        index = -(max(sizes) if fitting else min(sizes))[1]
        mass_mg -= problem.visits[index].mass_mg
        waiting.remove(index)
        taken = True
        yield index


def _numbered(
    drives: Sequence[Drive],
    problem: RoundsProblem,
    in_force: Sequence[Round],
    group_of: Mapping[MaterialId, GroupId],
) -> list[tuple[Drive, int]]:
    """Each drive with which vehicle of its class makes it: the one that made most of it before.

    Vehicles of a class are alike to the search, and not to who drives them.
    """
    before = {(one.vehicle, one.number): _stops_made(one, group_of) for one in in_force}
    numbered: list[tuple[Drive, int]] = []
    for index, vehicle in enumerate(problem.vehicles):
        own = [drive for drive in drives if drive.vehicle == index]
        shared = np.zeros((len(own), vehicle.count), dtype=np.int64)
        for row, drive in enumerate(own):
            visits = (problem.visits[v] for trip in drive.trips for v in trip)
            stops = {(visit.place, visit.site, visit.group) for visit in visits}
            for column in range(vehicle.count):
                shared[row, column] = len(stops & before.get((vehicle.vehicle, column + 1), set()))
        rows, columns = linear_sum_assignment(shared, maximize=True)
        numbered += [(own[r], int(c) + 1) for r, c in zip(rows, columns, strict=True)]
    return numbered


def _moved(
    before: Sequence[Round], after: Sequence[Round], group_of: Mapping[MaterialId, GroupId]
) -> int:
    def makers(routes: Sequence[Round]) -> dict[_Stop, set[tuple[VehicleId, int]]]:
        found: defaultdict[_Stop, set[tuple[VehicleId, int]]] = defaultdict(set)
        for one in routes:
            for stop in _stops_made(one, group_of):
                found[stop].add((one.vehicle, one.number))
        return found

    now, then = makers(after), makers(before)
    return sum(1 for stop in now.keys() & then.keys() if now[stop] != then[stop])
