"""Scheduling: the order of a vehicle's loads becomes halts with times."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from bioloom.circuits.rounds.posing import RoundsProblem, Visit, Window
from bioloom.circuits.rounds.solving import Drive
from bioloom.vocabulary.entries.rounds import Doing, Halt, Load, Round, VehicleClassDeclared
from bioloom.vocabulary.materials import MaterialId


class _Stand(NamedTuple):
    """Where a vehicle is to stand, for how long, and when it may come."""

    place: str
    doing: Doing
    stay_s: int
    window: Window
    loads: tuple[Load, ...]


class Timetable:
    """Works out when a vehicle is where. Ways are looked up once."""

    def __init__(self, problem: RoundsProblem) -> None:
        """Know the ways and windows of a problem."""
        self._problem = problem
        self._at = {place: number for number, place in enumerate(problem.ways.places)}
        speeds = {vehicle.speed_m_per_h for vehicle in problem.vehicles}
        self._way_s = {speed: problem.ways.durations_s(speed) for speed in speeds}

    def round_of(self, drive: Drive, number: int) -> tuple[Round | None, frozenset[int]]:
        """The round of a drive, and the visits for whose load it would be too late.

        The search lets the last unloading wait for no gate to open: where that makes the vehicle
        late, its last loads are given up.
        """
        for kept in range(len(drive.trips), 0, -1):
            made = self._round(drive.vehicle, number, drive.trips[:kept])
            if made is not None:
                return made, frozenset(v for trip in drive.trips[kept:] for v in trip)
        return None, frozenset(v for trip in drive.trips for v in trip)

    def _round(self, index: int, number: int, trips: Sequence[Sequence[int]]) -> Round | None:
        """A round as early as can be, but for a start no earlier than the first halt needs."""
        vehicle = self._problem.vehicles[index]
        stands = [stand for trip in trips for stand in self._stands(vehicle, trip)]
        path = [vehicle.depot, *(stand.place for stand in stands), vehicle.depot]
        legs = [(self._at[one], self._at[other]) for one, other in pairwise(path)]
        way_s = [int(self._way_s[vehicle.speed_m_per_h][leg]) for leg in legs]
        clock_s = vehicle.from_s
        halts = []
        for stand, on_the_way_s in zip(stands, way_s, strict=False):
            arrives_s = max(clock_s + on_the_way_s, stand.window.from_s)
            if arrives_s > stand.window.to_s:
                return None
            clock_s = arrives_s + stand.stay_s
            halts.append(
                Halt(
                    place=stand.place,
                    doing=stand.doing,
                    arrives_s=arrives_s,
                    leaves_s=clock_s,
                    loads=stand.loads,
                )
            )
        returns_s = clock_s + way_s[-1]
        if returns_s > vehicle.to_s:
            return None
        return Round(
            vehicle=vehicle.vehicle,
            number=number,
            leaves_s=halts[0].arrives_s - way_s[0],
            returns_s=returns_s,
            halts=tuple(halts),
            way_m=sum(int(self._problem.ways.metres[leg]) for leg in legs),
        )

    def _stands(self, vehicle: VehicleClassDeclared, trip: Sequence[int]) -> Iterator[_Stand]:
        """The stops of a load, and then its site; loads that follow at one place are one stop."""
        visits = [self._problem.visits[v] for v in trip]
        for place, together in groupby(visits, key=lambda visit: visit.place):
            stop = list(together)
            yield _Stand(
                place=place,
                doing="pickup",
                stay_s=vehicle.loading_s + sum(visit.handling_s for visit in stop),
                window=stop[0].window,
                loads=_sum_of(stop),
            )
        site = visits[0].site
        yield _Stand(
            place=site,
            doing="dropoff",
            stay_s=vehicle.unloading_s,
            window=self._problem.gates[site],
            loads=_sum_of(visits),
        )


def _sum_of(visits: Sequence[Visit]) -> tuple[Load, ...]:
    mass_mg: Counter[MaterialId] = Counter()
    for visit in visits:
        for load in visit.loads:
            mass_mg[load.material] += load.mass_mg
    return tuple(Load(material=name, mass_mg=mass) for name, mass in sorted(mass_mg.items()))
