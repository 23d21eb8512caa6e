"""Rounds as people read them: a day's vehicles with their halts, and what nobody fetches."""

from collections.abc import Mapping
from datetime import date

import msgspec

from bioloom.circuits.rounds.geojson import clock
from bioloom.circuits.rounds.proposing import RoundsKnown
from bioloom.vocabulary.entries.rounds import Halt, Round, RoundsPlanned
from bioloom.vocabulary.places import Point


class HaltRow(msgspec.Struct, frozen=True, kw_only=True):
    """A halt with its times of day as people write them."""

    halt: Halt
    arrives: str
    leaves: str
    mass_mg: int


class RoundRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one vehicle does in a day."""

    name: str
    leaves: str
    returns: str
    km: float
    halts: tuple[HaltRow, ...]
    brought_mg: int


class RoundsView(msgspec.Struct, frozen=True, kw_only=True):
    """A day's rounds, whether they are driven, and the other days that have some."""

    planned: RoundsPlanned
    in_force: bool
    rows: tuple[RoundRow, ...]
    fetched_mg: int
    missed_mg: int
    before: date | None
    after: date | None


def view_rounds(known: RoundsKnown, day: date | None) -> RoundsView | None:
    """The rounds in force on a day, or else the newest planned for it; none where there are none.

    Where no day is named, it is the newest that has rounds.
    """
    days = sorted({planned.day for planned in known.planned.values()})
    if day is None:
        day = days[-1] if days else None
    planned = None if day is None else known.in_force_on(day) or _newest(known, day)
    if planned is None or day is None:
        return None
    rows = tuple(map(_row, planned.routes))
    return RoundsView(
        planned=planned,
        in_force=known.in_force.get(day) == planned.rounds,
        rows=rows,
        fetched_mg=sum(row.brought_mg for row in rows),
        missed_mg=sum(rest.mass_mg for rest in planned.not_fetched),
        before=max((one for one in days if one < day), default=None),
        after=min((one for one in days if one > day), default=None),
    )


def paths_of(
    planned: RoundsPlanned, points: Mapping[str, Point], depots: Mapping[str, str]
) -> list[tuple[str, list[Point]]]:
    """What each vehicle is called, and the points that it comes by; unknown ones are left out."""
    paths = []
    for one in planned.routes:
        depot = depots.get(one.vehicle, "")
        places = [depot, *(halt.place for halt in one.halts), depot]
        path = [points[place] for place in places if place in points]
        paths.append((f"{one.vehicle} {one.number}", path))
    return paths


def _newest(known: RoundsKnown, day: date) -> RoundsPlanned | None:
    planned = [one for one in known.planned.values() if one.day == day]
    return planned[-1] if planned else None


def _row(one: Round) -> RoundRow:
    halts = tuple(
        HaltRow(
            halt=halt,
            arrives=clock(halt.arrives_s),
            leaves=clock(halt.leaves_s),
            mass_mg=sum(load.mass_mg for load in halt.loads),
        )
        for halt in one.halts
    )
    return RoundRow(
        name=f"{one.vehicle} {one.number}",
        leaves=clock(one.leaves_s),
        returns=clock(one.returns_s),
        km=one.way_m / 1000,
        halts=halts,
        brought_mg=sum(row.mass_mg for row in halts if row.halt.doing == "dropoff"),
    )
