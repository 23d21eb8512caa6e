"""Entries the ledger writes. Every room may read them."""

from datetime import date

import msgspec

from bioloom.vocabulary.agents import AgentId, AgentSort
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.lots import LotId, Side
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, Outline, Point, SiteId
from bioloom.vocabulary.stamps import Stamp


class CityFounded(msgspec.Struct, frozen=True, kw_only=True):
    """A record begins. `stamp` is "generated" for a practice city, and marks all it shows."""

    name: str
    timezone: str
    steward: AgentId
    stamp: Stamp


class AgentDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent may from now on own and hold lots.

    A person or a household stands here by a pseudonym; their lots are theirs to see.
    """

    agent: AgentId
    name: str
    sort: AgentSort = "organisation"


class FileTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A file of records was taken in; the entries it gave name this one as their cause."""

    name: str
    sha256: str
    source: str
    mapping_sha256: str


class MaterialDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A material, the group it is planned in, and its List-of-Waste code where it has one.

    `base_unit` is what its lots are counted in; only what is counted in milligrams has mass laws.
    """

    material: MaterialId
    name: str
    group: GroupId
    low_code: str | None = None
    base_unit: BaseUnit = MILLIGRAM


class DistrictDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A district whose residents, as a commons, own what they discard.

    `need` weighs its service: 1 or more, in thousandths so that it is an integer.
    """

    district: DistrictId
    name: str
    part_of: str | None
    outline: Outline
    point: Point
    need_per_mille: int
    commons: AgentId
    stamp: Stamp


class AreaDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A mapped area in which nothing is collected, such as a large park or an airport."""

    area: str
    name: str
    part_of: str | None
    outline: Outline
    stamp: Stamp


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What a site can take a day of the groups it accepts, all of them together."""

    accepts: tuple[GroupId, ...]
    capacity_mg_per_day: int


class SiteDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A place that takes materials in. Its residue leaves without limit and is reported."""

    site: SiteId
    name: str
    point: Point
    process: str
    intakes: tuple[Intake, ...]
    residue_per_mille: int
    operator: AgentId
    stamp: Stamp


class LotArrived(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A lot comes into the record from outside: one load, or the bulk heap of a period.

    `reported` and `unit` keep the quantity as somebody stated it; `mass_mg` is its exact reading.
    A figure of zero is recorded, and moves nothing; a blank is never recorded.
    """

    lot: LotId
    material: MaterialId
    place: DistrictId
    owner: AgentId
    holder: AgentId
    mass_mg: int
    reported: str
    unit: str
    stamp: Stamp
    # The days over which a heap was gathered; the same day twice for one load.
    first_day: date
    last_day: date
    # The standard uncertainty, where somebody stated it.
    uncertainty_mg: int | None = None


class LotTransferred(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Some mass of a lot changes owner, holder or both (Valueflows `transfer`)."""

    lot: LotId
    mass_mg: int
    sides: tuple[Side, ...]
    giver: AgentId
    receiver: AgentId
