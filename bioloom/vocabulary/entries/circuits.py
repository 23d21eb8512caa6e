"""Entries that circuits writes. Every room may read them."""

from datetime import date

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass of a district's material that is to go to a site."""

    district: DistrictId
    material: MaterialId
    site: SiteId
    mass_mg: int


class Unmet(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass of a district's material that no site is to take."""

    district: DistrictId
    material: MaterialId
    mass_mg: int


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass of a district's material that is to wait there for the next period."""

    district: DistrictId
    material: MaterialId
    mass_mg: int


class Onward(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass of what a site makes that is to go to another site."""

    origin: SiteId
    material: MaterialId
    site: SiteId
    mass_mg: int


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One objective of a plan: what it reached, and the bound nobody can pass."""

    name: str
    value: float
    bound: float
    gap: float


class PlanProposed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A plan that people may adopt. `inputs_sha256` names the figures it was made from."""

    plan: str
    first_day: date
    last_day: date
    with_backlog: bool
    inputs_sha256: str
    flows: tuple[Flow, ...]
    unmet: tuple[Unmet, ...]
    stages: tuple[Stage, ...]
    reasons: dict[DistrictId, str]
    stored: tuple[Stored, ...] = ()
    onward: tuple[Onward, ...] = ()


class PlanAdopted(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed plan is in force for its period, in place of any adopted before it."""

    plan: str
    supersedes: str | None


class PlanOutdated(msgspec.Struct, frozen=True, kw_only=True):
    """The figures that a plan in force was made from are others now; its period may be re-planned.

    `inputs_sha256` names the figures as they were when this was noticed.
    """

    plan: str
    inputs_sha256: str


class CommitmentMade(msgspec.Struct, frozen=True, kw_only=True):
    """A district's commons undertakes to hand lots to a site's operator, oldest lot first.

    Lots whose mass the plan counts, in the order they are to be taken (Valueflows `Commitment`).
    """

    commitment: str
    plan: str
    provider: AgentId
    receiver: AgentId
    material: MaterialId
    lots: tuple[Portion, ...]
    mass_mg: int
    due: date
