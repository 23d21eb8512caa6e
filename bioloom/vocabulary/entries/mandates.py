"""Entries of mandates: what an assembly trusts somebody with, until when, and how that ends."""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyId

MandateId = NewType("MandateId", str)
# "facilitate": open and close, and put decisions on record. "moderate": take statements off and
# decide about appeals. "count": count votes in a room. "keep_purse": commit and pay out.
Duty = Literal["facilitate", "moderate", "count", "keep_purse"]


class MandateGiven(msgspec.Struct, frozen=True, kw_only=True):
    """An assembly trusts somebody with duties on some days, both included.

    Attributes:
        decision: The decision that gives it; none for the first ones, which a steward gives.
    """

    mandate: MandateId
    assembly: AssemblyId
    agent: AgentId
    duties: tuple[Duty, ...]
    first_day: date
    last_day: date
    decision: str | None = None


class MandateRecalled(msgspec.Struct, frozen=True, kw_only=True):
    """An assembly takes a mandate back, from the recording of this on."""

    mandate: MandateId
    assembly: AssemblyId
    decision: str
    reason: str


class MandateLaidDown(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever has a mandate gives it back, from the recording of this on."""

    mandate: MandateId
    assembly: AssemblyId
