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


class Storage(msgspec.Struct, frozen=True, kw_only=True):
    """Room of a place in which what it has may wait, of some groups, all of them together.

    One that names no group is for everything.
    """

    accepts: tuple[GroupId, ...]
    capacity_mg: int

    def takes(self, group: GroupId) -> bool:
        """Whether what is of a group may wait in it."""
        return not self.accepts or group in self.accepts


class DistrictDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A district whose residents, as a commons, own what they discard.

    `need` weighs its service: 1 or more, in thousandths so that it is an integer. In its `storage`
    what was discarded may wait for a site to have room.
    """

    district: DistrictId
    name: str
    part_of: str | None
    outline: Outline
    point: Point
    need_per_mille: int
    commons: AgentId
    stamp: Stamp
    storage: tuple[Storage, ...] = ()


class AreaDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A mapped area in which nothing is collected, such as a large park or an airport."""

    area: str
    name: str
    part_of: str | None
    outline: Outline
    stamp: Stamp


class Yield(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What becomes of each thousand parts that an intake takes.

    A product may stay where it is made, to be sold there: all of it, or so much a day.
    """

    material: MaterialId
    per_mille: int
    stays_mg_per_day: int | None = None


class Intake(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a site can take a day of the groups it accepts, all of them together."""

    accepts: tuple[GroupId, ...]
    capacity_mg_per_day: int
    yields: tuple[Yield, ...] = ()


class SiteDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place that takes materials in.

    Where its residue has a material, other sites must find room for it. Where it has none it leaves
    without limit and is reported. In its `storage` what it makes may wait, not what it takes.
    """

    site: SiteId
    name: str
    point: Point
    process: str
    intakes: tuple[Intake, ...]
    residue_per_mille: int
    operator: AgentId
    stamp: Stamp
    residue_material: MaterialId | None = None
    storage: tuple[Storage, ...] = ()


class VehiclesDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Vehicles of one kind that work between areas; a later declaration replaces an earlier one.

    Where any are declared between two areas, nothing goes between them but what they can carry.
    """

    vehicles: str
    # Districts, parts of the city or sites; none: from everywhere, or to every site.
    origins: tuple[str, ...]
    destinations: tuple[SiteId, ...]
    # Groups; none: everything.
    carries: tuple[GroupId, ...]
    count: int
    trips_per_day: int
    payload_mg: int
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
