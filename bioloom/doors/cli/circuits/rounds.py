"""`bioloom circuits fleet`, `rounds` and `drive`: who fetches what is due, and by which way."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from pyvrp.stop import MaxIterations, MaxRuntime, StoppingCriterion
from rich.console import Console
from rich.markup import escape

from bioloom.circuits.rounds.geojson import clock, rounds_geojson
from bioloom.circuits.rounds.planning import RoundsMade
from bioloom.circuits.rounds.ways import DETOUR_PER_MILLE
from bioloom.doors.acting import acting_as
from bioloom.doors.answers.dispatching import FleetTold, RoundsInForce, RoundsTold
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json, table, tonnes
from bioloom.doors.compose import open_city
from bioloom.doors.dispatching.fleet import (
    declare_hours,
    declare_vehicles,
    fleet,
    unknown_groups,
)
from bioloom.doors.dispatching.rounds import (
    DayPosed,
    adopt_day,
    plan_day,
    planned_of,
    pose_day,
    propose_day,
)
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.rounds import RoundsPlanned
from bioloom.vocabulary.refusal import Refusal

Flag = Annotated[bool, Parameter(negative="")]
_SECONDS = 5.0
# A day; more steps than that takes, and the largest seed of the search.
_MOST = {"--seconds": 86_400, "--iterations": 10**9, "--seed": 2**32 - 1}
_REASONS = {
    "no_vehicle": "no vehicle carries it",
    "out_of_reach": "no vehicle gets there and back in time",
    "no_time_left": "no time found for it",
}


class DetourSenseless(Refusal):
    """A detour that would make roads shorter than the crow flies, or absurdly long."""

    def __init__(self, *, detour: float) -> None:
        self.detour = detour
        super().__init__(
            what=f"A detour of {detour} makes no sense.",
            why="It is how much longer roads are than the crow flies: from 1 to 10.",
            remedy="Give --detour 1.3, or leave it out.",
        )


class EffortSenseless(Refusal):
    """A search is to take a time, steps or a seed that it cannot take."""

    def __init__(self, *, option: str, value: float, most: int) -> None:
        self.option, self.value = option, value
        super().__init__(
            what=f"{option} {value} makes no sense.",
            why=f"It is from 0 to {most:,}.",
            remedy="Give another, or leave it out.",
        )


class FileUnwritable(Refusal):
    """A file that cannot be written."""

    def __init__(self, *, path: Path, found: str) -> None:
        self.path = path
        super().__init__(
            what=f"'{path}' cannot be written: {found}.",
            why="The rounds should stand in it.",
            remedy="Name a file in a folder that you may write to.",
        )


def show_fleet(
    folder: Path,
    file: Path | None = None,
    *,
    hours: Path | None = None,
    correct: Flag = False,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Declare vehicles by a table (CSV), or list those there are.

    Example: bioloom circuits fleet verdiva vehicles.csv --hours hours.csv

    Parameters
    ----------
    folder
        The city's folder.
    file
        Columns: vehicle, name, count, capacity, unit, carries (groups, parted by spaces), depot,
        from, to, trips, speed_km_h, loading_min, unloading_min, cost_per_km, cost_per_round.
    hours
        When places can be visited: place, from, to and, if wanted, handling_min, longitude and
        latitude.
    correct
        Record other figures for a vehicle or a place that is in the record already.
    as_
        Who declares them; the steward unless given.
    as_json
        Print vehicles and hours as JSON.
    """
    with open_city(folder) as city:
        author = acting_as(city, as_)
        recorded = declare_vehicles(city, file, author=author, correct=correct) if file else 0
        recorded += declare_hours(city, hours, author=author, correct=correct) if hours else 0
        known = fleet(city)
        told = FleetTold(
            vehicles=list(known.vehicles.values()),
            hours=list(known.hours.values()),
            recorded=recorded,
            unknown_groups=unknown_groups(city.journal.declared(), known),
        )
    if as_json:
        print_json(told)
        return
    _show_fleet(told, out())


def rounds(
    folder: Path,
    *,
    day: date | None = None,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    roads: Path | None = None,
    detour: float = DETOUR_PER_MILLE / 1000,
    geojson: Path | None = None,
    propose: Flag = False,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Plan a day's collection rounds for the plan in force: which vehicle fetches what, and when.

    Writes nothing, unless --propose is given. What no vehicle fetches is named, never dropped.

    Example: bioloom circuits rounds verdiva --day 2026-05-04 --seconds 10 --geojson rounds.geojson

    Parameters
    ----------
    folder
        The city's folder.
    day
        The day; today, or the first day of the newest plan in force, unless given.
    seconds
        How long to search; 5 unless given, and once more where not all can be fetched.
    iterations
        How many steps to search instead: the same steps and seed give the same rounds.
    seed
        Of the search's choices.
    roads
        A table of ways (CSV: from, to, metres and, if known, seconds); otherwise they are modelled.
    detour
        How much longer a road is than the crow flies, where ways are modelled.
    geojson
        Write the rounds into this file as GeoJSON.
    propose
        Record them as a proposal, which `bioloom circuits drive` puts in force.
    as_
        Who proposes; the steward unless given.
    as_json
        Print the rounds as JSON.
    """
    if not 1 <= detour <= 10:
        raise DetourSenseless(detour=detour)
    for option, value in {"--seconds": seconds, "--iterations": iterations, "--seed": seed}.items():
        if value is not None and not 0 <= value <= _MOST[option]:
            raise EffortSenseless(option=option, value=value, most=_MOST[option])
    with open_city(folder) as city:
        posed = pose_day(city, day, roads=roads, detour_per_mille=round(detour * 1000))
        made = plan_day(city, posed, effort=lambda: _effort(seconds, iterations), seed=seed)
        planned = planned_of(posed, made)
        if propose:
            propose_day(city, planned, author=acting_as(city, as_))
    if geojson is not None:
        _write_geojson(geojson, planned, posed)
    told = _told(planned, posed, made, proposed=propose)
    if as_json:
        print_json(told)
        return
    _show(told, posed.declared, out())
    if propose:
        out().print(f"Proposed as [bold]{escape(planned.rounds)}[/]. To put it in force:")
        out().print(f"  bioloom circuits drive {folder} {planned.rounds}", soft_wrap=True)


def _effort(seconds: float | None, iterations: int | None) -> StoppingCriterion:
    if iterations is not None:
        return MaxIterations(iterations)
    return MaxRuntime(_SECONDS if seconds is None else seconds)


def drive(folder: Path, rounds: str, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Put proposed rounds in force for their day.

    Example: bioloom circuits drive verdiva rounds_2026-05-04_0a1b2c3d4e

    Parameters
    ----------
    folder
        The city's folder.
    rounds
        Their id, as `bioloom circuits rounds --propose` printed it.
    as_
        Who decides; the steward unless given.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        adopted = adopt_day(city, rounds, author=acting_as(city, as_))
    if as_json:
        print_json(RoundsInForce(rounds=adopted.rounds, supersedes=adopted.supersedes))
        return
    instead = f", in place of {adopted.supersedes}" if adopted.supersedes else ""
    out().print(escape(f"In force: {adopted.rounds}{instead}."), soft_wrap=True)


def _told(
    planned: RoundsPlanned, posed: DayPosed, made: RoundsMade, *, proposed: bool
) -> RoundsTold:
    due_mg = sum(posed.due_mg.values())
    return RoundsTold(
        id=planned.rounds,
        plan=planned.plan,
        day=planned.day,
        due_mg=due_mg,
        fetched_mg=due_mg - sum(rest.mass_mg for rest in planned.not_fetched),
        routes=list(planned.routes),
        not_fetched=list(planned.not_fetched),
        ways=planned.ways,
        detour_per_mille=planned.detour_per_mille,
        way_m=planned.way_m,
        cost=planned.cost,
        iterations=made.iterations,
        moved=made.moved,
        kept=made.kept,
        checked=made.checked,
        proposed=proposed,
    )


def _write_geojson(path: Path, planned: RoundsPlanned, posed: DayPosed) -> None:
    made = rounds_geojson(planned, posed.points(), posed.depots())
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
    except OSError as found:
        raise FileUnwritable(path=path, found=found.strerror or str(found)) from found


def _show(told: RoundsTold, declared: Declared, console: Console) -> None:
    name = _namer(declared)
    ways = told.ways if told.detour_per_mille is None else f"{told.ways}, great circles"
    console.print(
        f"[bold]Rounds of {told.day}[/] for plan {escape(told.plan)}; ways {ways}, times modelled",
        soft_wrap=True,
    )
    for one in told.routes:
        rows = [
            [
                clock(halt.arrives_s),
                clock(halt.leaves_s),
                name(halt.place),
                "fetch" if halt.doing == "pickup" else "bring",
                ", ".join(load.material for load in halt.loads),
                tonnes(sum(load.mass_mg for load in halt.loads)),
            ]
            for halt in one.halts
        ]
        span = f"{clock(one.leaves_s)} to {clock(one.returns_s)}, {one.way_m / 1000:.1f} km"
        columns = ["from", "to", "place", "", "material", "#t"]
        console.print(table(f"{one.vehicle} {one.number}: {span}", columns, rows))
    if told.not_fetched:
        rows = [
            [
                *(name(rest.district), rest.material, name(rest.site)),
                *(tonnes(rest.mass_mg), _REASONS[rest.reason]),
            ]
            for rest in told.not_fetched
        ]
        columns = ["district", "material", "for", "#t", "why"]
        console.print(table("Not fetched", columns, rows))
    console.print(
        f"{tonnes(told.fetched_mg)} t of {tonnes(told.due_mg)} t due; {len(told.routes)} vehicles, "
        f"{told.way_m / 1000:.1f} km, cost {told.cost:,} "
        "(cents, or the least unit of your currency)."
    )
    if told.moved is not None:
        stay = " They stay as they were." if told.kept else ""
        console.print(f"Against the rounds in force, {told.moved} stops change vehicle.{stay}")


def _namer(declared: Declared) -> Callable[[str], str]:
    names: dict[str, str] = {one.district: one.name for one in declared.districts.values()}
    names |= {one.site: one.name for one in declared.sites.values()}
    return lambda place: names.get(place, place)


def _show_fleet(told: FleetTold, console: Console) -> None:
    rows = [
        [
            one.vehicle,
            one.name,
            str(one.count),
            tonnes(one.capacity_mg),
            ", ".join(one.carries),
            one.depot,
            f"{clock(one.from_s)}-{clock(one.to_s)}",
            str(one.trips),
        ]
        for one in told.vehicles
    ]
    columns = ["vehicle", "name", "#count", "#holds t", "carries", "depot", "shift", "#loads a day"]
    console.print(table(f"{len(rows)} classes of vehicles", columns, rows))
    if told.hours:
        hours = [[one.place, f"{clock(one.from_s)}-{clock(one.to_s)}"] for one in told.hours]
        console.print(table("Hours", ["place", "open"], hours))
    if told.unknown_groups:
        groups = escape(", ".join(told.unknown_groups))
        console.print(f"Note: no material of the city is of the groups {groups}.", soft_wrap=True)
    if told.recorded:
        console.print(f"{told.recorded} declarations recorded.")
