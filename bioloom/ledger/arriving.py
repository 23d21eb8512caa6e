"""Lots arriving: a reported figure becomes a lot that a district's commons owns and holds."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.declared import Declared
from bioloom.ledger.transferring import AgentUnknown
from bioloom.vocabulary.agents import AgentId, commons_of
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period, happening_of
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.quantities import mass_mg
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp


class DistrictUnknown(Refusal):
    """A figure names a district that nobody declared."""

    def __init__(self, *, district: str) -> None:
        self.district = district
        super().__init__(
            what=f"District '{district}' is not in the record.",
            why="A lot belongs to the residents of a declared district.",
            remedy="Import the districts first, or correct the name.",
        )


class MaterialUnknown(Refusal):
    """A figure names a material that nobody declared."""

    def __init__(self, *, material: str) -> None:
        self.material = material
        super().__init__(
            what=f"Material '{material}' is not in the record.",
            why="A lot is planned by the group its material is declared in.",
            remedy="Declare it under [[materials]] in the mapping, or correct the name.",
        )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as somebody reported it: how much of a material, where, over which days."""

    district: DistrictId
    material: MaterialId
    period: Period
    # The natural key of the period as the source writes it, such as "2022-11".
    period_key: str
    amount: Decimal
    unit: str
    stamp: Stamp


def arrive(
    report: Report,
    *,
    source: str,
    declared: Declared,
    author: AgentId,
    zone: ZoneInfo,
    cause: str | None = None,
) -> Draft[LotArrived]:
    """Judge a reported figure and return the arrival to record.

    The lot's id is the source and the natural key, so the same figure is the same lot however
    often and in whatever order it is taken in. A total over a period happened at noon of the
    period's last day in the city's zone.

    Raises:
        DistrictUnknown: If the district is not declared.
        MaterialUnknown: If the material is not declared.
        UnitUnknown: If the unit is not a known unit of mass.
        MassOutOfRange: If the amount is negative or too large to be exact.
    """
    if report.district not in declared.districts:
        raise DistrictUnknown(district=report.district)
    if report.material not in declared.materials:
        raise MaterialUnknown(material=report.material)
    key = natural_key(source, report.period_key, report.district, report.material)
    commons = commons_of(report.district)
    body = LotArrived(
        lot=LotId(key),
        material=report.material,
        place=report.district,
        owner=commons,
        holder=commons,
        mass_mg=mass_mg(report.amount, report.unit),
        reported=str(report.amount),
        unit=report.unit,
        stamp=report.stamp,
        first_day=report.period.first,
        last_day=report.period.last,
    )
    return Draft(
        body=body,
        occurred_at=happening_of(report.period, zone),
        author=author,
        idempotency_key=key,
        cause=cause,
    )


class Load(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One load that somebody brings: a lot of their own, weighed or estimated on one day."""

    lot: LotId
    material: MaterialId
    district: DistrictId
    owner: AgentId
    # In milligrams, with the figure as it was reported.
    amount: Amount
    day: date
    stamp: Stamp
    uncertainty_mg: int | None = None


def hand_in(load: Load, *, declared: Declared, author: AgentId, at: Instant) -> Draft[LotArrived]:
    """Judge a load and return the arrival to record: its owner holds it, in their district.

    The lot's name is the key, so the same load told twice is one lot.

    Raises:
        DistrictUnknown, MaterialUnknown: If its district or material is not declared.
        AgentUnknown: If its owner is not declared.
    """
    if load.district not in declared.districts:
        raise DistrictUnknown(district=load.district)
    if load.material not in declared.materials:
        raise MaterialUnknown(material=load.material)
    if load.owner not in declared.agents:
        raise AgentUnknown(agent=load.owner)
    body = LotArrived(
        lot=load.lot,
        material=load.material,
        place=load.district,
        owner=load.owner,
        holder=load.owner,
        mass_mg=load.amount.units,
        reported=load.amount.reported,
        unit=load.amount.unit,
        stamp=load.stamp,
        first_day=load.day,
        last_day=load.day,
        uncertainty_mg=load.uncertainty_mg,
    )
    return Draft(body=body, occurred_at=at, author=author, idempotency_key=load.lot)


def natural_key(source: str, *parts: str) -> str:
    """Source and natural key as one text that is safe in a web address.

    >>> natural_key("dsny", "2022-11", "Queens 1", "organics")
    'dsny:2022-11:Queens%201:organics'
    """
    return ":".join([source, *map(_quoted, parts)])


@lru_cache(maxsize=4096)  # A table names few districts, materials and months, again and again.
def _quoted(part: str) -> str:
    return quote(part, safe="")
