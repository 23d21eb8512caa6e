"""Answers to why and what if: causes and what shows them, in figures that anybody can verify."""

from typing import Literal

import msgspec

from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId

ChangeKind = Literal["closed", "opened", "more_room", "more_offered", "sent", "none", "lifted"]

LiftedKind = Literal[
    "banned",
    "bound",
    "too_far",
    "guaranteed",
    "prioritised",
    "site_down",
    "capacity_cut",
    "road_cut",
    "blockade",
    "vetoed",
]

Reason = Literal[
    "nothing",
    "unproven",
    "nowhere",
    "left_out",
    "full",
    "vehicles",
    "residue",
    "under_way",
    "promised",
    "nearest",
    "equal",
    "enough",
    "no_single",
    "changed",
    "unchanged",
    LiftedKind,
]


class Lifted(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of a Code, a disruption or a veto that a plan is made without.

    Attributes:
        kind: A rule that bans, that limits the way, that guarantees a share, or that puts others
            first; else what it is in the record.
        name: Its id; of a rule that of its Code.
        number: The place of the rule in its Code, from 1; none of what is no rule.
        said: The title of the Code, or the reason that was given.
    """

    kind: LiftedKind
    name: str
    number: int | None = None
    said: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is otherwise in a plan made to see what follows.

    A site is "closed", or "opened" that was left out, or has "more_room" in each intake that the
    question is about; a district has "more_offered"; at least some mass of a district's group is
    "sent" to a site; what the reason names is "lifted", where it has a name that one; or "none",
    where as good a plan is looked for.
    """

    kind: ChangeKind
    site: SiteId | None = None
    district: DistrictId | None = None
    group: GroupId | None = None
    material: MaterialId | None = None
    # Room, offer or load that is added [mg].
    mass_mg: int = 0
    lifted: Lifted | None = None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What every best plan has in common, and with it what can be held against another solver.

    Of the group asked about, or where none is of the least served: the share that is placed; where
    that is in question, the least of its mass that goes farther than to the site the answer is
    about. Of the whole plan: mass that goes nowhere or waits at the
    end, and the length of all ways.
    """

    service: float
    past_mg: int | None
    unmet_mg: int
    way_t_km: float


class Loser(msgspec.Struct, frozen=True, kw_only=True):
    """Who has less of a group placed if something changes: of all the one that loses most."""

    district: DistrictId
    group: GroupId
    service: float
    service_then: float


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with something changed: the figures before and then, and what its checker says."""

    change: Change
    before: Figures
    then: Figures
    loses: Loser | None
    checked: bool
    gap: float


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is as it is in a plan.

    Reasons of a group of a district: it offered "nothing"; the plan is "unproven"; "nowhere" takes
    it; a site is "left_out" or "full"; "vehicles", a place for "residue", what is "under_way" or
    "promised" to others keeps it from a site that is not full; it goes to the "nearest" site; an
    "equal" plan would bring it to a nearer site; or "no_single" cause was found. Reasons of a site:
    it is "full", or takes "enough" of all that would come, or one of those above. Of both, what
    people decided or reported: Codes have it "banned", or say that it is "too_far", "guaranteed"
    others their share or "prioritised" them; a "site_down", "capacity_cut", "road_cut" or
    "blockade"; or a move is "vetoed". Of a what if: what is asked about has "changed", or is
    "unchanged".
    """

    reason: Reason
    district: DistrictId | None = None
    group: GroupId | None = None
    # What is asked about [mg]: offered of the group, or brought to the site.
    mass_mg: int = 0
    # The site that decides, and where the material goes instead, with the way to each.
    site: SiteId | None = None
    site_km: float = 0.0
    goes_to: SiteId | None = None
    goes_km: float = 0.0
    # Of the site: all its room [mg].
    capacity_mg: int = 0
    sites_in_reach: int = 0
    also_short: tuple[GroupId, ...] = ()
    # The Codes of which no rule alone keeps it away, but all together do.
    codes: tuple[CodeId, ...] = ()
    # The covenants that have it "bound": no site may have any of it.
    covenants: tuple[CovenantId, ...] = ()
    # What shows it; the first is the one that the reason stands on.
    trials: tuple[Trial, ...] = ()
