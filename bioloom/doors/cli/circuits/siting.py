"""`bioloom circuits siting`: what proposed facilities would change, and what they touch."""

from datetime import date
from pathlib import Path
from typing import Annotated, BinaryIO

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from bioloom.circuits.siting.comparing import CodeTouched, Option, Siting
from bioloom.circuits.siting.proposals import Zone, read_facilities, read_zones
from bioloom.doors.answers.siting import tell_siting
from bioloom.doors.cli.planning import period_between
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsJson,
    out,
    percent,
    print_json,
    table,
    tonnes,
)
from bioloom.doors.codes.bringing import read_trial
from bioloom.doors.compose import open_city
from bioloom.doors.foreseeing.asking import siting_in
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.refusal import Refusal

# Districts that stand in a table; --json has them all.
_MOST_CHANGED = 8
_POINT = "a point without radius_m, so nobody in it is counted"


class MapUnreadable(Refusal):
    """A map that cannot be opened."""

    def __init__(self, *, file: Path, fault: str) -> None:
        self.file = file
        super().__init__(
            what=f"'{file}' cannot be read: {fault}.",
            why="It is to say what is proposed where.",
            remedy="Name a GeoJSON file; docs/how-to/site-a-facility.md shows one.",
        )


def siting(
    folder: Path,
    file: Path,
    *,
    layers: Annotated[list[Path] | None, Parameter(consume_multiple=True)] = None,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    with_code: Annotated[list[Path] | None, Parameter(consume_multiple=True)] = None,
    without_code: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    as_json: AsJson = False,
) -> int:
    """Compare proposed facilities: what each changes for every district, and what it touches.

    Each is planned with, alone, beside the plan without. Writes nothing. Exits with 1 if the
    checker finds a fault.

    Example: bioloom circuits siting nyc proposed.geojson --layers protected.geojson

    Parameters
    ----------
    folder
        The city's folder.
    file
        A GeoJSON map of points or areas, with name, accepts and capacity_t_per_day.
    layers
        Maps of zones to look out for, with name, kind and population.
    from_
        First day of the period that is compared; the newest month unless given.
    to
        Last day.
    with_code
        Files of Codes to try as if they were in force, to see what follows.
    without_code
        Codes to leave out, to see what follows.
    as_json
        Print every district and zone as JSON.
    """
    with open_city(folder) as city:
        declared = city.journal.declared()
        groups = {material.group for material in declared.materials.values()}
        with _opened(file) as stream:
            facilities = read_facilities(stream, groups=groups)
        zones: list[Zone] = []
        for layer in layers or []:
            with _opened(layer) as stream:
                zones.extend(read_zones(stream))
        trial = read_trial(city, with_code or [], without_code or [])
        found = siting_in(city, facilities, period_between(from_, to), zones=zones, trial=trial)
    told = tell_siting(found)
    if as_json:
        print_json(told)
    else:
        _show(found, declared, out())
    return DONE if told.checked else WANTING


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as fault:
        raise MapUnreadable(file=file, fault=fault.strerror or str(fault)) from fault


def _show(found: Siting, declared: Declared, console: Console) -> None:
    rows = [
        [
            option.name,
            tonnes(option.taken_mg),
            tonnes(option.unmet_mg - option.unmet_then_mg),
            f"{option.ways_then_t_km - option.ways_t_km:+,.0f}",
            f"{percent(option.least)} to {percent(option.least_then)}",
            str(len(option.codes)),
        ]
        for option in found.options
    ]
    columns = ["proposed", "#takes t", "#places more t", "#ways t km", "#least served", "#Codes"]
    console.print(table(f"Proposed, in {found.period}, modelled", columns, rows))
    for option in found.options:
        _show_option(option, declared, console)
    faulty = [option.name for option in found.options if not option.checked]
    word = "checks" if found.checked and not faulty else "DOES NOT CHECK"
    console.print(f"Every plan {word}.")


def _show_option(option: Option, declared: Declared, console: Console) -> None:
    console.print(f"[bold]{escape(option.name)}[/]")
    _show_place(option, declared, console)
    for code in option.codes:
        console.print(_says(code), soft_wrap=True)
    changed = [
        change
        for change in option.changes
        if abs(change.service_then - change.service) > 1e-6
        or abs((change.km_then or 0) - (change.km or 0)) > 1e-3
    ]
    changed.sort(
        key=lambda one: (
            round(one.service - one.service_then, 6),
            (one.km_then or 0.0) - (one.km or 0.0),
            one.district,
        )
    )
    if not changed:
        console.print("  Nothing changes for any district.")
        return
    rows = [
        [
            declared.districts[one.district].name,
            f"{percent(one.service)} to {percent(one.service_then)}",
            f"{_km(one.km)} to {_km(one.km_then)}",
        ]
        for one in changed[:_MOST_CHANGED]
    ]
    title = f"{len(changed)} of {len(option.changes)} districts change"
    if changed[_MOST_CHANGED:]:
        title += f", the most {_MOST_CHANGED} of them"
    console.print(table(title, ["district", "#placed", "#mean way km"], rows))


def _show_place(option: Option, declared: Declared, console: Console) -> None:
    if option.outside is not None:
        nearest = escape(declared.districts[option.outside.district].name)
        console.print(
            f"  lies in the outline of no district; the nearest, {nearest}, has its point "
            f"{option.outside.km:,.1f} km away",
            soft_wrap=True,
        )
    for zone in option.zones:
        people = "" if zone.people is None else f", about {zone.people:,} people"
        where = "stands on" if zone.on_ground else "is felt in"
        name = escape(f"{zone.kind} {zone.name}")
        share = percent(zone.share)
        part = f"{share} of it{people}" if zone.area_m2 else _POINT
        console.print(f"  {where} {name}: {part}", soft_wrap=True)


def _says(code: CodeTouched) -> str:
    return (
        f"  Code {escape(code.code)}, rule {code.rule}, {escape(code.says)}. Without it: takes "
        f"{tonnes(code.taken_without_mg)} t, {tonnes(code.unmet_without_mg)} t are not placed"
    )


def _km(km: float | None) -> str:
    return "none" if km is None else f"{km:.1f}"
