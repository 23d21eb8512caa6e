"""Answers of `bioloom play`: what happened in a story, read from its record."""

from datetime import date

import msgspec

from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId, SiteId


class EveningTold(msgspec.Struct, frozen=True, kw_only=True):
    """What waited in all districts' yards on an evening, by group of materials [mg]."""

    day: date
    waiting_mg: dict[GroupId, int]


class PlanTold(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in the story: what it placed, whom it served worst, and why.

    `worst_share` is the share of what the worst-served district offered that finds a place.
    """

    made_on: date
    without: tuple[SiteId, ...]
    placed_mg: int
    unmet_mg: int
    checked: bool
    worst_district: DistrictId
    worst_share: float
    reason: str


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """Commitments that were not kept: how many, and how much of them was not brought [mg]."""

    commitments: int
    mass_mg: int


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """A story as its record tells it. All its figures are generated."""

    city: str
    entries: int
    hash: str
    # Whether verifying found nothing wrong.
    holds: bool
    first_day_out: date
    first_day_back: date
    sites_out: tuple[SiteId, ...]
    # Of the commitments to the sites that were out.
    broken: Broken
    # Wednesday by Wednesday, from before the storm to the last one of the record.
    evenings: list[EveningTold]
    peak: EveningTold
    # The first of them after the peak on which a hundredth of it, or less, still waits.
    recovered_on: date | None
    # In force when the storm came; what it would have been without the sites; the first one after.
    plan_before: PlanTold
    plan_tried: PlanTold
    plan_within: PlanTold
