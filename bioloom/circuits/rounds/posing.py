"""Posing rounds: what is due on a day becomes loads that a vehicle can fetch, with their windows.

A load is of one group of materials and goes to one site: what is mixed on a vehicle is lost as a
material. A stop with more than a vehicle holds is parted into several loads.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from bioloom.circuits.rounds.fleet import LONGEST_SHIFT_END_S, Fleet
from bioloom.circuits.rounds.ways import Ways
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.rounds import Load, NotFetched, Unfetched, VehicleClassDeclared
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.refusal import Refusal

# District, material and site.
Due = tuple[DistrictId, MaterialId, SiteId]
MOST_VISITS = 3_000
# The smallest vehicle's capacity has at least so many units: masses are rounded up to whole ones.
_FINENESS = 10_000


class TooManyLoads(Refusal):
    """More loads are due in a day than can be searched through."""

    def __init__(self, *, loads: int) -> None:
        self.loads = loads
        super().__init__(
            what=f"The day has {loads:,} loads for the vehicles that are declared.",
            why=f"Rounds are searched for among at most {MOST_VISITS:,}.",
            remedy="Declare larger vehicles, or see whether a capacity is in the wrong unit.",
        )


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """From when to when a vehicle may come [s after midnight]."""

    from_s: int = 0
    to_s: int = LONGEST_SHIFT_END_S


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One load that waits at a place, and the site that it is for."""

    place: str
    site: str
    group: GroupId
    loads: tuple[Load, ...]
    mass_mg: int
    window: Window
    handling_s: int = 0

    @property
    def stream(self) -> tuple[str, GroupId]:
        """What may be on a vehicle with it: loads of the same group for the same site."""
        return self.site, self.group


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsProblem:
    """What rounds must decide. Every place of a visit, a site or a depot is one of `ways`."""

    visits: tuple[Visit, ...]
    vehicles: tuple[VehicleClassDeclared, ...]
    gates: Mapping[str, Window]
    ways: Ways
    # Capacities are counted in whole units, and masses rounded up to them.
    unit_mg: int
    # What no vehicle could fetch even if it did nothing else.
    beyond: tuple[NotFetched, ...] = ()


def pose_rounds(
    declared: Declared, fleet: Fleet, due_mg: Mapping[Due, int], ways: Ways
) -> RoundsProblem:
    """Part what is due into loads for the vehicles there are.

    Args:
        declared: The city's districts, sites and materials.
        fleet: Its vehicles and visiting hours.
        due_mg: What is to be brought that day [mg]; zero is left out.
        ways: Between all places that `places_of` names.

    Raises:
        NoFleet: If no vehicle is in use.
        TooManyLoads: If there are more than can be searched through.
    """
    vehicles = fleet.in_use()
    unit_mg = max(1, min(vehicle.capacity_mg for vehicle in vehicles) // _FINENESS)
    stops: defaultdict[tuple[DistrictId, SiteId, GroupId], list[Load]] = defaultdict(list)
    for (district, material, site), mass_mg in sorted(due_mg.items()):
        if mass_mg > 0:
            group = declared.materials[material].group
            stops[district, site, group].append(Load(material=material, mass_mg=mass_mg))
    windows = {place: _window(fleet, place) for place in ways.places}
    visits: list[tuple[Visit, list[int]]] = []
    beyond: list[NotFetched] = []
    for (district, site, group), loads in stops.items():
        visit = Visit(
            place=district,
            site=site,
            group=group,
            loads=tuple(loads),
            mass_mg=sum(load.mass_mg for load in loads),
            window=windows[district],
            handling_s=fleet.hours[district].handling_s if district in fleet.hours else 0,
        )
        able = [vehicle for vehicle in vehicles if group in vehicle.carries]
        reaching = [v for v in able if _reaches(v, visit, ways, windows)]
        if reaching:
            sizes_mg = {v.capacity_mg // unit_mg * unit_mg for v in reaching}
            visits.append((visit, sorted(sizes_mg)))
        else:
            beyond += not_fetched(visit, "out_of_reach" if able else "no_vehicle")
    return RoundsProblem(
        visits=tuple(_parted(visits)),
        vehicles=vehicles,
        gates={site: windows[site] for _, site, _ in stops},
        ways=ways,
        unit_mg=unit_mg,
        beyond=tuple(beyond),
    )


def places_of(fleet: Fleet, due_mg: Mapping[Due, int]) -> tuple[str, ...]:
    """Every place between which rounds may need a way."""
    depots = {vehicle.depot for vehicle in fleet.in_use()}
    stops = {place for (district, _, site) in due_mg for place in (district, site)}
    return tuple(sorted(depots | stops))


def not_fetched(visit: Visit, reason: Unfetched) -> list[NotFetched]:
    """The loads of a visit that no round makes."""
    return [
        NotFetched(
            district=DistrictId(visit.place),
            material=load.material,
            site=SiteId(visit.site),
            mass_mg=load.mass_mg,
            reason=reason,
        )
        for load in visit.loads
    ]


def _window(fleet: Fleet, place: str) -> Window:
    hours = fleet.hours.get(place)
    return Window() if hours is None else Window(from_s=hours.from_s, to_s=hours.to_s)


def _reaches(
    vehicle: VehicleClassDeclared, visit: Visit, ways: Ways, windows: Mapping[str, Window]
) -> bool:
    """Whether a vehicle that does nothing else is back in time."""
    way_s = ways.durations_s(vehicle.speed_m_per_h)
    at = {place: number for number, place in enumerate(ways.places)}
    depot, stop, site = (at[place] for place in (vehicle.depot, visit.place, visit.site))
    arrives_s = max(vehicle.from_s + int(way_s[depot, stop]), visit.window.from_s)
    leaves_s = arrives_s + vehicle.loading_s + visit.handling_s
    gate = windows[visit.site]
    unloads_s = max(leaves_s + int(way_s[stop, site]), gate.from_s)
    returns_s = unloads_s + vehicle.unloading_s + int(way_s[site, depot])
    return arrives_s <= visit.window.to_s and unloads_s <= gate.to_s and returns_s <= vehicle.to_s


def _parted(stops: Iterable[tuple[Visit, list[int]]]) -> Iterable[Visit]:
    """Every stop as loads; as large as the smallest vehicle that can fetch it, if those are few.

    A heuristic: small loads fit every vehicle, and large ones make fewer. Where small ones would be
    too many, they are as large as the next larger vehicle's.
    """
    stops = list(stops)
    most_sizes = max((len(sizes_mg) for _, sizes_mg in stops), default=1)
    counts = []
    for level in range(most_sizes):
        sized = [(visit, sizes[min(level, len(sizes) - 1)]) for visit, sizes in stops]
        counts.append(sum(-(-visit.mass_mg // size_mg) for visit, size_mg in sized))
        if counts[-1] <= MOST_VISITS:
            return [part for visit, size_mg in sized for part in _parts(visit, size_mg)]
    if counts and min(counts) > MOST_VISITS:
        raise TooManyLoads(loads=min(counts))
    return []


def _parts(visit: Visit, size_mg: int) -> Iterable[Visit]:
    waiting = list(visit.loads)
    while waiting:
        taken: list[Load] = []
        room_mg = size_mg
        while waiting and room_mg:
            load = waiting.pop(0)
            mass_mg = min(load.mass_mg, room_mg)
            taken.append(Load(material=load.material, mass_mg=mass_mg))
            room_mg -= mass_mg
            if mass_mg < load.mass_mg:
                rest_mg = load.mass_mg - mass_mg
                waiting.insert(0, Load(material=load.material, mass_mg=rest_mg))
        yield msgspec.structs.replace(visit, loads=tuple(taken), mass_mg=size_mg - room_mg)
