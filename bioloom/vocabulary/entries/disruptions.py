"""Entries about what stands in the way of a plan: disruptions, and moves that people do not want.

A reason is somebody's public word, and names nobody.
"""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId

DisruptionId = NewType("DisruptionId", str)
VetoId = NewType("VetoId", str)
Disrupting = Literal["site_down", "capacity_cut", "road_cut", "blockade", "surge"]


class DisruptionReported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something takes room or ways away, or brings more, on each of some days.

    Attributes:
        kind: "site_down": the site takes nothing. "capacity_cut": it takes `per_mille` of its room.
            "road_cut": nothing goes from the areas to the site, or to any where none is named.
            "blockade": nothing goes to the sites of the agent, nor out of the areas. "surge": the
            areas, or all, offer `per_mille` of what is expected of them.
        areas: Districts, or parts of the city.
        group: A cut or a surge is of this group alone, where one is named.
        per_mille: What is left; of a surge more than a thousand.
        last_day: The last of its days; none until it is ended.
    """

    disruption: DisruptionId
    kind: Disrupting
    first_day: date
    reason: str
    site: SiteId | None = None
    areas: tuple[str, ...] = ()
    agent: AgentId | None = None
    group: GroupId | None = None
    per_mille: int = 0
    last_day: date | None = None


class DisruptionEnded(msgspec.Struct, frozen=True, kw_only=True):
    """A disruption had its last day; none where it never was."""

    disruption: DisruptionId
    last_day: date | None
    reason: str


class MoveVetoed(msgspec.Struct, frozen=True, kw_only=True):
    """No plan brings more of a district's material to a site than this, until that is lifted.

    Attributes:
        plan: The proposal that would have.
        most_mg: What the plan in force brings there in the days of that plan; for others, their
            part of it by days.
    """

    veto: VetoId
    plan: str
    district: DistrictId
    material: MaterialId
    site: SiteId
    most_mg: int
    first_day: date
    last_day: date
    reason: str


class VetoLifted(msgspec.Struct, frozen=True, kw_only=True):
    """What was vetoed may be planned again."""

    veto: VetoId
    reason: str
