"""Entries that circuits writes. Every room may read them."""

from datetime import date

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.entries.events import ReleaseId
from bioloom.vocabulary.lots import Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId


class BoundMass(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some mass that covenants bind; by releases of them it may go to who does not belong."""

    covenants: tuple[CovenantId, ...]
    mass_mg: int
    releases: tuple[ReleaseId, ...] = ()


class Flow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some mass of a district's material that is to go to a site.

    `covenants` says what of it which covenants bind; all else is bound by none.
    """

    district: DistrictId
    material: MaterialId
    site: SiteId
    mass_mg: int
    covenants: tuple[BoundMass, ...] = ()


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


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass that a revised plan brings elsewhere than the plan that it revises, and why.

    From no site comes what was not placed or not there; to no site goes what is placed no longer.
    """

    district: DistrictId
    material: MaterialId
    origin: SiteId | None
    site: SiteId | None
    mass_mg: int
    reason: str


class PartPlanned(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a plan that shares nothing with others: its figures, and how many stages it has."""

    inputs_sha256: str
    stages: int


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
    # The plan in force that it revises, and what moves.
    revises: str | None = None
    moves: tuple[Move, ...] = ()
    # In the order of the stages.
    parts: tuple[PartPlanned, ...] = ()


class PlanAdopted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A proposed plan is in force for its period, in place of any adopted before it.

    Of the plan that it supersedes the commitments that are not ended stand on, where it `revises`;
    in older records all of them end where it does not.
    """

    plan: str
    supersedes: str | None
    revises: bool = False


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


class CommitmentEnded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a commitment still owes is owed no longer, for another plan decides otherwise.

    What was handed over on it stays done: `done_mg`. What a team has under way by then stays owed:
    `under_way_mg`.
    """

    commitment: str
    plan: str
    done_mg: int
    under_way_mg: int = 0
    # Where some is under way, all that the commitment is of from then on: that, and what was done.
    lots: tuple[Portion, ...] = ()
