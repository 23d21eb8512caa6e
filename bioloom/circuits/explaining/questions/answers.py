"""Answers to why and what if: causes and what shows them, in figures that anybody can verify."""

from typing import Literal

import msgspec

from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId

ChangeKind = Literal["closed", "opened", "more_room", "more_offered", "sent", "none", "lifted"]

Reason = Literal[
    "nothing",
    "unproven",
    "nowhere",
    "banned",
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
]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is otherwise in a plan made to see what follows.

    A site is "closed", or "opened" that was left out, or has "more_room" in each intake that the
    question is about; a district has "more_offered"; at least some mass of a district's group is
    "sent" to a site; a limit of the kind that the reason names is "lifted"; or "none", where as
    good a plan is looked for.
    """

    kind: ChangeKind
    site: SiteId | None = None
    district: DistrictId | None = None
    group: GroupId | None = None
    material: MaterialId | None = None
    # Room, offer or load that is added [mg].
    mass_mg: int = 0


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
    it; Codes have it "banned" from all sites that would; a site is "left_out" or "full";
    "vehicles", a place for "residue", what is "under_way" or "promised" to others keeps it from a
    site that is not full; it goes to the "nearest" site; an "equal" plan would bring it to a nearer
    site; or "no_single" cause was found. Reasons of a site: it is "full", or takes "enough" of all
    that would come, or one of those above. Of a what if: what is asked about has "changed", or is
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
    # The Code that bans it from every site; several where none of them does so alone.
    codes: tuple[CodeId, ...] = ()
    # What shows it; the first is the one that the reason stands on.
    trials: tuple[Trial, ...] = ()
