"""Checking rounds from their halts alone: nothing lost, nothing mixed, nobody late or overloaded.

It shares no code with the search or the timetable, and believes neither.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bioloom.circuits.rounds.posing import Due, RoundsProblem
from bioloom.vocabulary.entries.rounds import (
    Halt,
    NotFetched,
    Round,
    VehicleClassDeclared,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId


def check_rounds(
    problem: RoundsProblem,
    due_mg: Mapping[Due, int],
    group_of: Mapping[MaterialId, GroupId],
    *,
    routes: Sequence[Round],
    left_out: Iterable[NotFetched],
) -> tuple[str, ...]:
    """What is wrong with rounds, in words; nothing where they hold.

    Args:
        problem: Vehicles, windows and ways; its visits are not looked at.
        due_mg: What is to be fetched of each district and material for each site [mg].
        group_of: The group of each material.
        routes: The rounds.
        left_out: What they say they do not fetch.
    """
    faults = list(_lost(due_mg, routes, left_out))
    vehicles = {vehicle.vehicle: vehicle for vehicle in problem.vehicles}
    names = Counter((one.vehicle, one.number) for one in routes)
    faults += [f"{name} {number} drives {n} rounds" for (name, number), n in names.items() if n > 1]
    for one in routes:
        vehicle = vehicles.get(one.vehicle)
        if vehicle is None or not 1 <= one.number <= vehicle.count:
            faults.append(f"there is no vehicle {one.number} of '{one.vehicle}'")
            continue
        faults += [
            f"{one.vehicle} {one.number} {fault}"
            for fault in (*_late(one, vehicle, problem), *_overloaded(one, vehicle, group_of))
        ]
    return tuple(faults)


def _lost(
    due_mg: Mapping[Due, int], routes: Sequence[Round], left_out: Iterable[NotFetched]
) -> Iterator[str]:
    """Every milligram that is due is fetched once and brought to its site, or named as left."""
    found: Counter[Due] = Counter()
    for rest in left_out:
        found[rest.district, rest.material, rest.site] += rest.mass_mg
    for one in routes:
        for aboard, site in _trips(one.halts):
            for halt in aboard:
                for load in halt.loads:
                    way = DistrictId(halt.place), load.material, SiteId(site)
                    found[way] += load.mass_mg
    for way in sorted({*due_mg, *found}):
        if found[way] != due_mg.get(way, 0):
            district, material, site = way
            yield (
                f"{material} of {district} for {site}: "
                f"{due_mg.get(way, 0)} mg are due, {found[way]} mg told of"
            )


def _trips(halts: Iterable[Halt]) -> Iterator[tuple[list[Halt], str]]:
    aboard: list[Halt] = []
    for halt in halts:
        if halt.doing == "pickup":
            aboard.append(halt)
        else:
            yield aboard, halt.place
            aboard = []
    if aboard:
        yield aboard, ""


def _overloaded(
    one: Round, vehicle: VehicleClassDeclared, group_of: Mapping[MaterialId, GroupId]
) -> Iterator[str]:
    trips = 0
    aboard: Counter[MaterialId] = Counter()
    for halt in one.halts:
        loads = Counter({load.material: load.mass_mg for load in halt.loads})
        if halt.doing == "pickup":
            aboard += loads
            groups = {group_of[material] for material in aboard}
            if len(groups) > 1 or not groups <= set(vehicle.carries):
                yield f"carries {', '.join(sorted(groups))} in one load"
            if aboard.total() > vehicle.capacity_mg:
                yield f"carries {aboard.total()} mg of at most {vehicle.capacity_mg}"
        else:
            trips += 1
            if loads != aboard:
                yield f"brings something else to {halt.place} than it has loaded"
            aboard.clear()
    if aboard:
        yield "comes home loaded"
    if trips > vehicle.trips:
        yield f"brings {trips} loads of at most {vehicle.trips}"


def _late(one: Round, vehicle: VehicleClassDeclared, problem: RoundsProblem) -> Iterator[str]:
    ways = problem.ways
    way_s = ways.durations_s(vehicle.speed_m_per_h)
    handling_s = _handling_s(problem)
    place, free_s, way_m = vehicle.depot, one.leaves_s, 0
    if one.leaves_s < vehicle.from_s:
        yield "leaves before its shift"
    for halt in one.halts:
        leg = ways.places.index(place), ways.places.index(halt.place)
        if halt.arrives_s < free_s + int(way_s[leg]):
            yield f"cannot be at {halt.place} that early"
        loading = halt.doing == "pickup"
        stay_s = vehicle.loading_s + handling_s[halt.place] if loading else vehicle.unloading_s
        if halt.leaves_s < halt.arrives_s + stay_s:
            yield f"leaves {halt.place} before it is done there"
        opens_s, shuts_s = _hours(halt, problem)
        if not opens_s <= halt.arrives_s <= shuts_s:
            yield f"comes to {halt.place} when it is shut"
        way_m += int(ways.metres[leg])
        place, free_s = halt.place, halt.leaves_s
    leg = ways.places.index(place), ways.places.index(vehicle.depot)
    if one.returns_s < free_s + int(way_s[leg]) or one.returns_s > vehicle.to_s:
        yield "cannot be home in time"
    if one.way_m != way_m + int(ways.metres[leg]):
        yield f"tells of {one.way_m} m"


def _handling_s(problem: RoundsProblem) -> dict[str, int]:
    return {visit.place: visit.handling_s for visit in problem.visits}


def _hours(halt: Halt, problem: RoundsProblem) -> tuple[int, int]:
    if halt.doing == "dropoff":
        gate = problem.gates[halt.place]
        return gate.from_s, gate.to_s
    windows = [visit.window for visit in problem.visits if visit.place == halt.place]
    return max(w.from_s for w in windows), min(w.to_s for w in windows)
