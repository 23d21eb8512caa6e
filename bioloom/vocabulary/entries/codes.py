"""Entries about Codes: rules of the city as data, which its plans keep.

`ledger/codes` says which are in force when, and `circuits/codes` what each means to a plan. Days
are whole days of the city's timezone, as plans are made in days.
"""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId

CodeId = NewType("CodeId", str)


class ShareGuaranteed(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="rule",
    tag="share_guaranteed",
    forbid_unknown_fields=True,
):
    """At least so much of what each district offers of a group is placed; where none is named, all.

    Each of the districts has the guarantee by itself, in thousandths of what it offers in a period.
    """

    group: GroupId
    per_mille: int
    districts: tuple[DistrictId, ...] = ()


class Banned(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="rule",
    tag="banned",
    forbid_unknown_fields=True,
):
    """Some things do not go to some places.

    Things are those of a group or material that is named; none named: everything. Places are sites
    that are named, whose process is named, or that lie in a district or mapped area that is named.
    """

    groups: tuple[GroupId, ...] = ()
    materials: tuple[MaterialId, ...] = ()
    sites: tuple[SiteId, ...] = ()
    processes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


class DistanceLimited(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="rule",
    tag="distance_limited",
    forbid_unknown_fields=True,
):
    """Nothing of some groups goes farther than so many metres; where none is named, nothing."""

    limit_m: int
    groups: tuple[GroupId, ...] = ()


class Prioritised(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="rule",
    tag="prioritised",
    forbid_unknown_fields=True,
):
    """Who is served first: districts, or groups, in this order; what is not named comes last."""

    districts: tuple[DistrictId, ...] = ()
    groups: tuple[GroupId, ...] = ()


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the dated table of a Code: what a limit is from a day on, until its next row."""

    name: str
    first_day: date
    value: int | str


class Case(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A test of policies: something done on a day, and whether it is to be allowed or refused.

    What is left out is not known. The mass is in milligrams, the way in metres.
    """

    name: str
    day: date
    expect: Literal["allowed", "refused"]
    action: str = "transfer"
    provider: AgentId = AgentId("")
    receiver: AgentId = AgentId("")
    lot: LotId = LotId("")
    material: MaterialId = MaterialId("")
    group: GroupId = GroupId("")
    origin: str = ""
    site: SiteId = SiteId("")
    process: str = ""
    areas: tuple[str, ...] = ()
    mass_mg: int | None = None
    way_m: int | None = None


class PoliciesSet(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="rule",
    tag="policies",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """What may be done with materials, as policies in Cedar; `ledger/codes/policies` decides them.

    A text without a permit is about what it forbids: everything else is allowed. Policies read
    limits as `context.limits.NAME`; it cannot be enacted unless all of its cases come out.
    """

    cedar: str
    cases: tuple[Case, ...]
    limits: tuple[Limit, ...] = ()


Rule = ShareGuaranteed | Banned | DistanceLimited | Prioritised | PoliciesSet


class CodeEnacted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version of a Code, which is in force from its first day on.

    On a day on which several versions of a Code could be in force the newest is, so that one which
    ends gives way to the one before.

    Attributes:
        version: 1, and one more for each that follows.
        rationale: Why, in words for everybody.
        last_day: The last day on which it is in force; for good where there is none.
        emergency: Whether it is one for an emergency, which ends by itself after three days.
        supersedes: Other Codes that are not in force on the days on which this one is.
    """

    code: CodeId
    version: int
    title: str
    rationale: str
    rules: tuple[Rule, ...]
    first_day: date
    last_day: date | None = None
    emergency: bool = False
    supersedes: tuple[CodeId, ...] = ()


class CodeRepealed(msgspec.Struct, frozen=True, kw_only=True):
    """No version of a Code that was enacted before is in force after a day."""

    code: CodeId
    last_day: date
    reason: str
