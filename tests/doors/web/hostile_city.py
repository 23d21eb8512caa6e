"""A small generated city whose names try to be markup, and whose ids try to be addresses."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bioloom.doors.compose import City, found_city, now
from bioloom.ledger.arriving import Report, arrive
from bioloom.ledger.declaring import declare
from bioloom.vocabulary.agents import commons_of, operator_of
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import (
    AreaDeclared,
    DistrictDeclared,
    FileTaken,
    Intake,
    MaterialDeclared,
    SiteDeclared,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import month_of
from bioloom.vocabulary.places import DistrictId, Outline, Point, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE

MARKUP = '<script>alert("1")</script>'
ODD_DISTRICT = DistrictId('a//b "c"&d/')
DISTRICTS = {
    DistrictId("north"): "North",
    DistrictId("south"): f"South {MARKUP}",
    ODD_DISTRICT: "Odd",
    DistrictId("idle"): "Idle",
}
# Of 300 t of organics a month, 155 t find room.
ORGANICS_T_PER_DAY = 5
SHA256 = "ab" * 32


def make_city(folder: Path, *, languages: tuple[str, ...] = ("en", "es")) -> City:
    """Four districts, three sites, two months of lots, one figure corrected since."""
    city = found_city(
        folder,
        name=f"Verdiva {MARKUP}",
        timezone="Europe/Madrid",
        languages=languages,
        stamp="generated",
        token="a-token",
    )
    city.journal.record(list(_places(city)), recorded_at=now())
    taken = FileTaken(name="tons.csv", sha256=SHA256, source="verdiva", mapping_sha256=SHA256)
    draft = Draft(
        body=taken, occurred_at=now(), author=city.settings.steward, idempotency_key="file:tons"
    )
    [entry] = city.journal.record([draft], recorded_at=now())
    city.journal.record(list(_tons(city, "100", entry.id)), recorded_at=now())
    corrected = next(iter(_tons(city, "110", entry.id)))
    city.journal.append([corrected], recorded_at=now(), correct=True)
    return city


def _places(city: City) -> Iterator[Draft[Any]]:
    steward, at = city.settings.steward, now()
    bodies = [
        MaterialDeclared(
            material=MaterialId("organics"),
            name="Organics",
            group=GroupId("organics"),
            low_code="20 01 08",
        ),
        MaterialDeclared(
            material=MaterialId("paper"), name=f"Paper {MARKUP}", group=GroupId("paper")
        ),
        *(_district(district, name, n) for n, (district, name) in enumerate(DISTRICTS.items())),
        AreaDeclared(area="park", name="Park", part_of=None, outline=_square(4), stamp="generated"),
        _site("compost", f"Compost {MARKUP}", "organics", ORGANICS_T_PER_DAY, 0.0),
        _site("mill", "Mill", "paper", 50, 0.01),
        _site("far", "Far mill", "paper", 50, 9.0),
    ]
    for body in bodies:
        yield declare(body, key=f"test:{body!r}"[:200], author=steward, at=at)


def _district(district: DistrictId, name: str, column: int) -> DistrictDeclared:
    return DistrictDeclared(
        district=district,
        name=name,
        part_of="Bay",
        outline=_square(column),
        point=Point(longitude_deg=column / 100 + 0.005, latitude_deg=40.005),
        need_per_mille=1000,
        commons=commons_of(district),
        stamp="generated",
    )


def _square(column: int) -> Outline:
    west, east = column / 100, (column + 1) / 100
    return ((((west, 40.0), (east, 40.0), (east, 40.01), (west, 40.01), (west, 40.0)),),)


def _site(
    site: str, name: str, group: str, tonnes_per_day: int, longitude_deg: float
) -> SiteDeclared:
    intake = Intake(accepts=(GroupId(group),), capacity_mg_per_day=tonnes_per_day * MG_PER_TONNE)
    return SiteDeclared(
        site=SiteId(site),
        name=name,
        point=Point(longitude_deg=longitude_deg, latitude_deg=40.0),
        process="composting",
        intakes=(intake,),
        residue_per_mille=100,
        operator=operator_of(SiteId(site)),
        stamp="generated",
    )


def _tons(city: City, tonnes: str, cause: str) -> Iterator[Draft[Any]]:
    declared = city.journal.declared()
    for month in (date(2025, 11, 1), date(2025, 12, 1)):
        for material in ("organics", "paper"):
            for district in list(DISTRICTS)[:3]:
                report = Report(
                    district=district,
                    material=MaterialId(material),
                    period=month_of(month),
                    period_key=f"{month:%Y-%m}",
                    amount=Decimal(tonnes),
                    unit="t",
                    stamp="generated",
                )
                yield arrive(
                    report,
                    source="verdiva",
                    declared=declared,
                    author=city.settings.steward,
                    zone=city.settings.zone,
                    cause=cause,
                )
