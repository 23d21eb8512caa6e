"""Declaring a fleet: tables of vehicles and of hours, read row by row and recorded as a whole."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bioloom.circuits.rounds.fleet import (
    FLEET_KINDS,
    Fleet,
    fleet_of,
    judge_hours,
    judge_vehicle,
)
from bioloom.doors.compose import City
from bioloom.doors.mappings import open_file
from bioloom.doors.register.deciding import see_that_may
from bioloom.ledger.declared import Declared
from bioloom.ledger.formats.mapping import FileForm
from bioloom.ledger.formats.rows import CellUnreadable, Rejected, Row, require_columns
from bioloom.ledger.formats.tables import open_csv
from bioloom.ledger.record.journal import RecordedOtherwise
from bioloom.ledger.record.outcomes import Conflict, Recorded, Refused
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.rounds import HoursDeclared, VehicleClassDeclared, VehicleId
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import Point
from bioloom.vocabulary.quantities import NumberForm, mass_mg
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

B = TypeVar("B", bound=msgspec.Struct)
_CLOCK = re.compile(r"([0-4]?[0-9]):([0-5][0-9])")
_NUMBERS = NumberForm()
_VEHICLE_COLUMNS = (
    *("vehicle", "name", "count", "capacity", "unit", "carries", "depot", "from", "to", "trips"),
    *("speed_km_h", "loading_min", "unloading_min", "cost_per_km", "cost_per_round"),
)
_HOURS_COLUMNS = ("place", "from", "to")


class FleetRowRefused(Refusal):
    """A row of a table of vehicles or hours that cannot be so."""

    def __init__(self, *, file: str, line: int, refusal: Refusal) -> None:
        self.file, self.line, self.refusal = file, line, refusal
        super().__init__(
            what=f"{file}, line {line}: {refusal.what}",
            why=f"{refusal.why} Nothing of the file was recorded.",
            remedy=refusal.remedy,
        )


def fleet(city: City) -> Fleet:
    """The vehicles and hours of a city, as the record has them now."""
    return fleet_of(city.journal.read(kinds=FLEET_KINDS))


def declare_vehicles(city: City, path: Path, *, author: AgentId, correct: bool = False) -> int:
    """Record the vehicles of a table; how many were new or other than before.

    Raises:
        NotPermitted: If the author may not declare.
        ColumnsMissing, FleetRowRefused: If the table, or a row of it, cannot be read.
        RecordedOtherwise: If a vehicle is in the record with other figures, unless `correct`.
    """
    stamp, declared = _stamp(city), city.journal.declared()

    def read(cells: Mapping[str, str]) -> VehicleClassDeclared:
        vehicle = _vehicle(cells, stamp)
        judge_vehicle(vehicle, declared)
        return vehicle

    bodies = _bodies(path, _VEHICLE_COLUMNS, read)
    return _declare(city, {f"vehicle:{b.vehicle}": b for b in bodies}, author, correct=correct)


def declare_hours(city: City, path: Path, *, author: AgentId, correct: bool = False) -> int:
    """Record the hours of a table of places; how many were new or other than before.

    Raises:
        As `declare_vehicles`.
    """
    stamp, declared = _stamp(city), city.journal.declared()

    def read(cells: Mapping[str, str]) -> HoursDeclared:
        hours = _hours(cells, stamp)
        judge_hours(hours, declared)
        return hours

    bodies = _bodies(path, _HOURS_COLUMNS, read)
    return _declare(city, {f"hours:{b.place}": b for b in bodies}, author, correct=correct)


def rows_of(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    """The header and the rows of a CSV file.

    Raises:
        FileMissing, EncodingWrong, TableEmpty, HeaderRepeats: If it cannot be read.
        FleetRowRefused: If a row is broken.
    """
    with ExitStack() as opened:
        table = open_csv(open_file(path, opened), FileForm())
        rows = []
        for row in table.rows:
            if isinstance(row, Rejected):
                raise FleetRowRefused(file=path.name, line=row.line, refusal=row.refusal)
            rows.append(row)
    return table.header, rows


def _bodies(
    path: Path, columns: Sequence[str], read: Callable[[Mapping[str, str]], B]
) -> Iterator[B]:
    header, rows = rows_of(path)
    require_columns(header, columns)
    for row in rows:
        cells = {name: cell.strip() for name, cell in zip(header, row.cells, strict=True)}
        try:
            yield read(cells)
        except Refusal as refusal:
            raise FleetRowRefused(file=path.name, line=row.line, refusal=refusal) from refusal


def _declare(city: City, bodies: Mapping[str, B], author: AgentId, *, correct: bool) -> int:
    see_that_may(city, author, "declare")
    at = city.clock()
    known = city.journal.current(list(bodies))
    drafts: list[Draft[Any]] = [
        Draft(body=body, occurred_at=at, author=author, idempotency_key=key)
        for key, body in bodies.items()
        # Told again, it is declared since it was first told so.
        if key not in known or known[key].body != body
    ]
    # Declared again, a vehicle works as the newest declaration says.
    outcomes = city.commit(drafts, correct=correct) if drafts else []
    for outcome in outcomes:
        if isinstance(outcome, Conflict):
            raise RecordedOtherwise(key=outcome.draft.idempotency_key, seq=outcome.current.seq)
        if isinstance(outcome, Refused):
            raise outcome.refusal
    return sum(isinstance(outcome, Recorded) for outcome in outcomes)


def _stamp(city: City) -> Stamp:
    founded = city.journal.declared().founded
    return "generated" if founded is not None and founded.stamp == "generated" else "reported"


def _vehicle(cells: Mapping[str, str], stamp: Stamp) -> VehicleClassDeclared:
    def whole(column: str, factor: int = 1) -> int:
        return _whole(cells[column], factor)

    return VehicleClassDeclared(
        vehicle=VehicleId(_named(cells["vehicle"])),
        name=cells["name"] or cells["vehicle"],
        count=whole("count"),
        capacity_mg=mass_mg(_NUMBERS.read(cells["capacity"]), cells["unit"]),
        carries=tuple(GroupId(group) for group in cells["carries"].split()),
        depot=cells["depot"],
        from_s=_second(cells["from"]),
        to_s=_second(cells["to"]),
        trips=whole("trips"),
        speed_m_per_h=whole("speed_km_h", 1000),
        loading_s=whole("loading_min", 60),
        unloading_s=whole("unloading_min", 60),
        cost_per_km=whole("cost_per_km"),
        cost_per_round=whole("cost_per_round"),
        stamp=stamp,
    )


def _hours(cells: Mapping[str, str], stamp: Stamp) -> HoursDeclared:
    point = None
    if cells.get("longitude") or cells.get("latitude"):
        point = Point(
            longitude_deg=float(_NUMBERS.read(cells.get("longitude", ""))),
            latitude_deg=float(_NUMBERS.read(cells.get("latitude", ""))),
        )
    return HoursDeclared(
        place=cells["place"],
        from_s=_second(cells["from"]),
        to_s=_second(cells["to"]),
        handling_s=_whole(cells.get("handling_min") or "0", 60),
        point=point,
        stamp=stamp,
    )


def _named(text: str) -> str:
    if not text or len(text) > 80 or "/" in text:
        raise CellUnreadable(text=text[:80], expected="an id of a vehicle, without '/'")
    return text


def _whole(text: str, factor: int) -> int:
    """A number in whole seconds, metres or minor units.

    >>> _whole("2.5", 60)
    150
    """
    number = _NUMBERS.read(text) * Decimal(factor)
    # Compared first: a number of a thousand digits is never made whole.
    if abs(number) > 10**12 or number != int(number):
        raise CellUnreadable(text=text[:40], expected=f"a number whose {factor}-fold is whole")
    return int(number)


def _second(text: str) -> int:
    """A time of day as seconds after midnight; 24:00 and later are of the next day.

    >>> _second("6:30"), _second("24:00")
    (23400, 86400)
    """
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise CellUnreadable(text=text[:40], expected="a time of day such as 06:30")
    return int(match[1]) * 3600 + int(match[2]) * 60


def unknown_groups(declared: Declared, fleet: Fleet) -> list[str]:
    """The groups that vehicles carry and no material of the city belongs to: slips, maybe."""
    groups = {material.group for material in declared.materials.values()}
    carried = {group for vehicle in fleet.vehicles.values() for group in vehicle.carries}
    return sorted(carried - groups)
