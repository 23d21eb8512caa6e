"""Solving rounds: the problem as PyVRP's data, and what its search finds as loads by vehicle.

A vehicle drives from its depot to stops, to their site, and on to other stops (multi-trip with
reloading). Two ways make that exact. The last load's unloading lies on the way home: from a stop to
the depot it is as far as by way of the stop's site. And there is no way from a stop to a stop of
another stream, or to another site, so that no load is mixed or brought elsewhere.

Where not all can be fetched, what is left out is a load of nobody's vehicle, of which there is one
for every load. Each costs more than fetching it alone by the dearest vehicle: the search leaves out
only what it finds no time for. It is a heuristic; better rounds may exist.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    Depot,
    Location,
    PenaltyParams,
    ProblemData,
    Route,
    Solution,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import StoppingCriterion

from bioloom.circuits.rounds.fleet import LONGEST_SHIFT_END_S
from bioloom.circuits.rounds.posing import RoundsProblem
from bioloom.circuits.rounds.ways import Ints
from bioloom.vocabulary.entries.rounds import VehicleClassDeclared

# Costs are whole millionths of a minor unit: a metre costs a thousandth of what a kilometre does,
# and among rounds of one price the shorter are better.
_PER_MINOR = 1_000_000
_PER_KM_TO_PER_METRE = 1_000
_NEVER_S = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Drive:
    """What one vehicle fetches, load by load; of a load, indices of visits in their order."""

    vehicle: int
    trips: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """What every vehicle that leaves its depot does. What is in no drive is not fetched."""

    drives: tuple[Drive, ...]
    # In millionths of a minor unit, without what is not fetched.
    cost: int
    iterations: int = 0

    @property
    def fetched(self) -> frozenset[int]:
        """The indices of the visits that some vehicle makes."""
        return frozenset(v for drive in self.drives for trip in drive.trips for v in trip)


class Model:
    """A problem as PyVRP sees it: depots first, then sites, then a location a stop and stream."""

    def __init__(self, problem: RoundsProblem, *, may_leave_out: bool) -> None:
        """Put a problem with some visits into PyVRP's words.

        Args:
            problem: At least one load, and vehicles.
            may_leave_out: Whether there are nobody's vehicles; the search is slower with them.
        """
        self.problem, self._may_leave_out = problem, may_leave_out
        self._depots = sorted({vehicle.depot for vehicle in problem.vehicles})
        self._sites = sorted({visit.site for visit in problem.visits})
        keys = [(visit.place, visit.stream) for visit in problem.visits]
        number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        self._stop_of_visit = [number[key] for key in keys]
        first = dict(zip(reversed(keys), reversed(problem.visits), strict=True))
        self._stops = [first[key] for key in number]
        self._at = {place: number for number, place in enumerate(problem.ways.places)}
        self._price = self._price_of_leaving_out()
        self._data = self._made()

    def solve(self, stop: StoppingCriterion, *, seed: int, start: Sequence[Drive] = ()) -> Solved:
        """Search from some drives, or from nothing, until told to stop.

        Drives that do not fetch all can be begun with only where some may be left out.

        By iterations and a seed it is deterministic; by a clock it is not.
        """
        initial = self._solution(start) if start else None
        with catch_warnings():
            # That it is hard is told by what is left out.
            simplefilter("ignore", PenaltyBoundWarning)
            result = solve(
                self._data,
                stop,
                seed=seed,
                collect_stats=False,
                display=False,
                params=SolveParams(penalty=self._penalty()),
                initial_solution=initial,
            )
        routes = ((route.vehicle_type(), _trips(route)) for route in result.best.routes())
        return self._sound(routes, result.num_iterations)

    def judged(self, drives: Sequence[Drive]) -> Solved:
        """Drives with their cost, without what is too much for a load."""
        made = [(drive.vehicle, drive.trips) for drive in drives]
        return self._sound(made, 0)

    def _penalty(self) -> PenaltyParams:
        """A minute late, or a hundredth too heavy, must cost as much as leaving a load out."""
        smallest = min(vehicle.capacity_mg for vehicle in self.problem.vehicles)
        units = max(1, min(60, smallest // self.problem.unit_mg // 100))
        return PenaltyParams(max_penalty=max(PenaltyParams().max_penalty, self._price / units))

    def _sound(
        self, routes: Iterable[tuple[int, Sequence[Sequence[int]]]], iterations: int
    ) -> Solved:
        """The drives of routes without what is too much, or of another stream, for its load.

        A search that was ended early may have such; what is too late the timetable leaves out.
        """
        drives = []
        for number, trips in routes:
            if number < len(self.problem.vehicles):
                vehicle = self.problem.vehicles[number]
                kept = [self._that_fit(trip, vehicle) for trip in trips]
                drives.append(Drive(number, tuple(trip for trip in kept if trip)))
        drives = [drive for drive in drives if drive.trips]
        return Solved(tuple(drives), sum(map(self._cost, drives)), iterations)

    def _that_fit(self, trip: Sequence[int], vehicle: VehicleClassDeclared) -> tuple[int, ...]:
        room_mg, kept = vehicle.capacity_mg, list[int]()
        for index in trip:
            visit = self.problem.visits[index]
            fits = visit.group in vehicle.carries and visit.mass_mg <= room_mg
            if fits and (not kept or visit.stream == self.problem.visits[kept[0]].stream):
                kept.append(index)
                room_mg -= visit.mass_mg
        return tuple(kept)

    def _cost(self, drive: Drive) -> int:
        """What a drive costs [millionths of a minor unit]."""
        vehicle, visits = self.problem.vehicles[drive.vehicle], self.problem.visits
        path = [vehicle.depot]
        for trip in drive.trips:
            path += [*(visits[index].place for index in trip), visits[trip[0]].site]
        legs = pairwise(self._at[place] for place in [*path, vehicle.depot])
        way_m = sum(int(self.problem.ways.metres[leg]) for leg in legs)
        return vehicle.cost_per_round * _PER_MINOR + way_m * _per_metre(vehicle)

    def _solution(self, drives: Sequence[Drive]) -> Solution:
        nobody = len(self.problem.vehicles)
        fetched = Solved(tuple(drives), 0).fetched
        left_out = (v for v in range(len(self.problem.visits)) if v not in fetched)
        alone = [Drive(nobody, ((v,),)) for v in left_out]
        return Solution(self._data, [self._route(drive) for drive in (*drives, *alone)])

    def _route(self, drive: Drive) -> Route:
        activities: list[Activity] = []
        for number, trip in enumerate(drive.trips):
            if number:
                site = self.problem.visits[drive.trips[number - 1][-1]].site
                depot = len(self._depots) + self._sites.index(site)
                activities.append(Activity(ActivityType.DEPOT, depot))
            activities += [Activity(ActivityType.CLIENT, visit) for visit in trip]
        return Route(self._data, activities, drive.vehicle)

    def _made(self) -> ProblemData:
        problem = self.problem
        places = [*self._depots, *self._sites, *(stop.place for stop in self._stops)]
        index = np.array([self._at[place] for place in places], dtype=np.int64)
        # PyVRP's stubs call an array of numbers something that no array is.
        matrices: list[tuple[Any, Any]] = [
            *(self._matrices(vehicle, index) for vehicle in problem.vehicles),
            *([self._matrices_of_nobody(len(index))] if self._may_leave_out else []),
        ]
        first_stop = len(self._depots) + len(self._sites)
        latest_s = self._latest_s()
        clients = [
            Client(
                location=first_stop + stop,
                pickup=[-(-visit.mass_mg // problem.unit_mg)],
                service_duration=visit.handling_s,
                tw_early=min(visit.window.from_s, latest_s[number]),
                tw_late=latest_s[number],
            )
            for number, (visit, stop) in enumerate(
                zip(problem.visits, self._stop_of_visit, strict=True)
            )
        ]
        gates = [problem.gates[site] for site in self._sites]
        depots = [Depot(number) for number in range(len(self._depots))] + [
            Depot(len(self._depots) + number, tw_early=gate.from_s, tw_late=_until(gate.to_s))
            for number, gate in enumerate(gates)
        ]
        return ProblemData(
            [Location(0.0, 0.0, name=place) for place in places],
            clients,
            depots,
            [
                *map(self._type, range(len(problem.vehicles))),
                *([self._nobody()] if self._may_leave_out else []),
            ],
            [metres for metres, _ in matrices],
            [seconds for _, seconds in matrices],
        )

    def _type(self, number: int) -> VehicleType:
        vehicle = self.problem.vehicles[number]
        depot = self._depots.index(vehicle.depot)
        reloads = range(len(self._depots), len(self._depots) + len(self._sites))
        return VehicleType(
            num_available=vehicle.count,
            capacity=[vehicle.capacity_mg // self.problem.unit_mg],
            start_depot=depot,
            end_depot=depot,
            fixed_cost=vehicle.cost_per_round * _PER_MINOR,
            tw_early=vehicle.from_s,
            tw_late=_until(vehicle.to_s),
            unit_distance_cost=_per_metre(vehicle),
            profile=number,
            reload_depots=list(reloads) if vehicle.trips > 1 else [],
            max_reloads=vehicle.trips - 1,
        )

    def _price_of_leaving_out(self) -> int:
        """More than it could cost to fetch any load alone."""
        longest_m = int(self.problem.ways.metres.max(initial=0))
        dearest = max(
            vehicle.cost_per_round * _PER_MINOR + 3 * longest_m * _per_metre(vehicle)
            for vehicle in self.problem.vehicles
        )
        return 4 * dearest + 1

    def _matrices(self, vehicle: VehicleClassDeclared, index: Ints) -> tuple[Ints, Ints]:
        """Ways [m] and times [s] between locations, for one class of vehicles."""
        ways = self.problem.ways
        metres = ways.metres[np.ix_(index, index)].copy()
        all_s = ways.durations_s(vehicle.speed_m_per_h)
        seconds = all_s[np.ix_(index, index)].copy()
        depots, sites = len(self._depots), len(self._sites)
        first_stop = depots + sites
        streams = [stop.stream for stop in self._stops]
        names = {stream: number for number, stream in enumerate(sorted(set(streams)))}
        stream = np.array([names[one] for one in streams], dtype=np.int64)
        site = np.array([depots + self._sites.index(name) for name, _ in streams], dtype=np.int64)
        stops = np.arange(first_stop, len(index))
        # Home by way of the site.
        for home in range(depots):
            metres[stops, home] = metres[stops, site] + metres[site, home]
            seconds[stops, home] = seconds[stops, site] + seconds[site, home] + vehicle.unloading_s
        seconds[depots:first_stop, :] += vehicle.unloading_s
        seconds[stops, :] += vehicle.loading_s
        # Two loads at one place are taken up in one halt.
        np.fill_diagonal(seconds, 0)
        shut = np.zeros(metres.shape, dtype=np.bool_)
        shut[first_stop:, first_stop:] = stream[:, None] != stream[None, :]
        shut[first_stop:, depots:first_stop] = site[:, None] != np.arange(depots, first_stop)
        carried = np.array([group in vehicle.carries for _, group in streams], dtype=np.bool_)
        shut[:, first_stop:] |= ~carried
        np.fill_diagonal(shut, val=False)
        metres[shut] = self._price // _per_metre(vehicle) + 1
        return metres, seconds

    def _nobody(self) -> VehicleType:
        """As many vehicles as loads, which carry whatever nobody else does."""
        units = sum(-(-visit.mass_mg // self.problem.unit_mg) for visit in self.problem.visits)
        return VehicleType(
            num_available=len(self.problem.visits),
            capacity=[units],
            profile=len(self.problem.vehicles),
        )

    def _matrices_of_nobody(self, locations: int) -> tuple[Ints, Ints]:
        metres = np.zeros((locations, locations), dtype=np.int64)
        metres[:, len(self._depots) + len(self._sites) :] = self._price
        np.fill_diagonal(metres, 0)
        return metres, np.zeros((locations, locations), dtype=np.int64)

    def _latest_s(self) -> list[int]:
        """The latest that each load can be taken up and still find its site open."""
        problem = self.problem
        slowest = [
            (problem.ways.durations_s(vehicle.speed_m_per_h), vehicle)
            for vehicle in problem.vehicles
        ]
        latest = []
        for visit in problem.visits:
            gate = problem.gates[visit.site]
            if min(visit.window.to_s, gate.to_s) >= LONGEST_SHIFT_END_S:
                latest.append(_NEVER_S)
                continue
            way_s = max(
                int(way_s[self._at[visit.place], self._at[visit.site]]) + vehicle.loading_s
                for way_s, vehicle in slowest
                if visit.group in vehicle.carries
            )
            shut_s = gate.to_s - way_s - visit.handling_s
            latest.append(max(0, min(visit.window.to_s, shut_s)))
        return latest


def _per_metre(vehicle: VehicleClassDeclared) -> int:
    return vehicle.cost_per_km * _PER_KM_TO_PER_METRE + 1


def _until(second: int) -> int:
    """What is as late as can be is no limit: the search is quicker without one."""
    return second if second < LONGEST_SHIFT_END_S else _NEVER_S


def _trips(route: Route) -> list[list[int]]:
    """The visits of a route by load; a site that is come to with nothing makes an empty one."""
    trips: list[list[int]] = [[]]
    for activity in route:
        if activity.is_client():
            trips[-1].append(activity.idx)
        elif activity.is_depot():
            trips.append([])
    return trips
