"""A small made-up city that knows only the tons of each month, as many real cities do."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import cos, pi, sin
from random import Random
from typing import Any

from bioloom.doors.compose import City, now
from bioloom.ledger.arriving import Report, arrive
from bioloom.ledger.declaring import declare
from bioloom.vocabulary.agents import commons_of, operator_of
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import (
    DistrictDeclared,
    Intake,
    MaterialDeclared,
    SiteDeclared,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Instant, month_of
from bioloom.vocabulary.places import DistrictId, Outline, Point, Position, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE

_SEED = 24
_YEAR = 2025
_COLUMNS, _ROWS = 6, 4
# A made-up shore in the open Atlantic, so that nobody mistakes it for a real place.
_WEST_DEG, _SOUTH_DEG, _WIDTH_DEG, _HEIGHT_DEG = -30.00, 30.00, 0.036, 0.030

_NAMES = (
    "Alder Row", "Basin Side", "Cooper's Yard", "Dyer's Bank", "East Lock", "Fennel Hill",
    "Glasshouse", "Harrow End", "Iron Stairs", "Juniper", "Kiln Lane", "Lower Quay",
    "Mill Race", "North Weir", "Orchard", "Paper Mews", "Quarry Top", "Ropewalk",
    "Saltings", "Tanner's Gate", "Upper Quay", "Vine Street", "Weaver's", "Yarrow",
)  # fmt: skip

# Material, name, List-of-Waste code, tonnes per district and month, swing over the year.
_MATERIALS = (
    ("organics", "Kitchen and garden organics", "20 01 08", 210, 0.35),
    ("paper", "Paper and card", "20 01 01", 120, 0.10),
    ("packaging", "Metal, glass and plastic", "15 01 06", 95, 0.08),
    ("textiles", "Textiles", "20 01 11", 14, 0.05),
    ("refuse", "Mixed refuse", "20 03 01", 480, 0.06),
)

# Site, name, column and row on the grid, process, what it accepts, tonnes a day, residue in 1000.
_SITES = (
    ("digester", "Weir digester", 1.4, 3.2, "digestion", ("organics",), 40, 50),
    ("compost_south", "Saltings compost", 4.6, 0.4, "composting", ("organics",), 45, 80),
    ("compost_orchard", "Orchard compost garden", 2.6, 2.1, "composting", ("organics",), 6, 30),
    ("pulp", "Paper Mews pulper", 3.3, 2.7, "pulping", ("paper",), 110, 90),
    ("sorting", "Quay sorting hall", 5.2, 1.4, "sorting", ("packaging",), 60, 120),
    ("sorting_small", "Kiln Lane sorting", 0.7, 1.2, "sorting", ("packaging",), 24, 100),
    ("repair", "Ropewalk repair hall", 5.4, 2.5, "repair", ("textiles",), 9, 150),
    ("recovery", "Saltings recovery", 5.7, 0.3, "combustion", ("refuse", "textiles"), 300, 220),
    ("transfer", "North transfer", 2.2, 3.7, "transfer", ("refuse",), 190, 0),
)


def fill_with_months(city: City) -> None:
    """Record its places and a year of tons. The same city every time."""
    at = now()
    city.journal.record(list(_places(city, at)), recorded_at=at)
    city.journal.record(list(_tons(city)), recorded_at=at)


def _places(city: City, at: Instant) -> Iterator[Draft[Any]]:
    author = city.settings.steward
    for material, name, code, _, _ in _MATERIALS:
        body = MaterialDeclared(
            material=MaterialId(material), name=name, group=GroupId(material), low_code=code
        )
        yield declare(body, key=f"sample:material:{material}", author=author, at=at)
    for number, district in enumerate(_districts()):
        yield declare(district, key=f"sample:district:{number + 1:02}", author=author, at=at)
    for site in _sites():
        yield declare(site, key=f"sample:site:{site.site}", author=author, at=at)


def _districts() -> Iterator[DistrictDeclared]:
    random = Random(_SEED)
    corners = {
        (column, row): _bent(column, row, random)
        for column in range(_COLUMNS + 1)
        for row in range(_ROWS + 1)
    }
    for number, name in enumerate(_NAMES):
        column, row = number % _COLUMNS, number // _COLUMNS
        around = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
        ring = tuple(corners[corner] for corner in [*around, around[0]])
        district = DistrictId(f"{number + 1:02}")
        yield DistrictDeclared(
            district=district,
            name=name,
            part_of=("South", "Middle", "Middle", "North")[row],
            outline=((ring,),),
            point=_middle(((ring,),)),
            # Districts far from every site were heard last, and count for more.
            need_per_mille=1500 if column == 0 and row in (0, 1) else 1000,
            commons=commons_of(district),
            stamp="generated",
        )


def _bent(column: int, row: int, random: Random) -> Position:
    """A corner of the grid, pushed aside a little and bent around a bay."""
    across = column + random.uniform(-0.22, 0.22)
    up = row + random.uniform(-0.22, 0.22) + 0.5 * sin(pi * column / _COLUMNS)
    return (
        round(_WEST_DEG + across * _WIDTH_DEG, 6),
        round(_SOUTH_DEG + up * _HEIGHT_DEG, 6),
    )


def _middle(outline: Outline) -> Point:
    ring = outline[0][0][:-1]
    return Point(
        longitude_deg=round(sum(longitude for longitude, _ in ring) / len(ring), 6),
        latitude_deg=round(sum(latitude for _, latitude in ring) / len(ring), 6),
    )


def _sites() -> Iterator[SiteDeclared]:
    for site, name, across, up, process, accepts, tonnes_per_day, residue_per_mille in _SITES:
        up_bent = up + 0.5 * sin(pi * across / _COLUMNS)
        yield SiteDeclared(
            site=SiteId(site),
            name=name,
            point=Point(
                longitude_deg=round(_WEST_DEG + across * _WIDTH_DEG, 6),
                latitude_deg=round(_SOUTH_DEG + up_bent * _HEIGHT_DEG, 6),
            ),
            process=process,
            intakes=(
                Intake(
                    accepts=tuple(map(GroupId, accepts)),
                    capacity_mg_per_day=tonnes_per_day * MG_PER_TONNE,
                ),
            ),
            residue_per_mille=residue_per_mille,
            operator=operator_of(site),
            stamp="generated",
        )


def _tons(city: City) -> Iterator[Draft[Any]]:
    random = Random(_SEED)
    declared = city.journal.declared()
    for month in range(1, 13):
        season = -cos(2 * pi * month / 12)
        for district in declared.districts:
            for material, _, _, tonnes, swing in _MATERIALS:
                amount = tonnes * (1 + swing * season) * random.uniform(0.7, 1.3)
                report = Report(
                    district=district,
                    material=MaterialId(material),
                    period=month_of(date(_YEAR, month, 1)),
                    period_key=f"{_YEAR}-{month:02}",
                    amount=Decimal(f"{amount:.1f}"),
                    unit="t",
                    stamp="generated",
                )
                yield arrive(
                    report,
                    source="sample",
                    declared=declared,
                    author=city.settings.steward,
                    zone=city.settings.zone,
                )
