"""Entries of contracts: what was agreed, for how long, and what goes back to whom at its end.

An agreement bundles commitments (vf:Agreement); events fulfil these as they do any other.
"""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.events import CommitmentId
from bioloom.vocabulary.materials import MaterialId

AgreementId = NewType("AgreementId", str)

# Ended: by expiry, notice, breach or consent alike. Breach: only where it was broken.
TakeBackGround = Literal["ended", "breach"]
EndingGround = Literal["notice", "breach", "agreed"]


class TakeBack(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What somebody may reclaim of what they gave, and from when."""

    by: AgentId
    # Whom it is reclaimed from.
    of: AgentId
    on: TakeBackGround = "ended"
    # None: whatever was given under the agreement.
    material: MaterialId | None = None


class AgreementMade(msgspec.Struct, frozen=True, kw_only=True):
    """Some agents agree on what they promise each other, for a time (vf:Agreement).

    Days are whole, both inclusive. Without a last day it runs until somebody ends it; with
    `renews_months` it goes on by so many months each time, unless notice was given.
    """

    agreement: AgreementId
    name: str
    parties: tuple[AgentId, ...]
    first_day: date
    last_day: date | None = None
    renews_months: int = 0
    # Notice is given at the latest so many days before the last day.
    notice_days: int = 0
    # So many days before the last one for giving notice, all are reminded.
    remind_days: int = 30
    commitments: tuple[CommitmentId, ...] = ()
    take_backs: tuple[TakeBack, ...] = ()
    # Of its text, where there is one.
    text_sha256: str | None = None


class AgreementEnded(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement ends otherwise than by running out."""

    agreement: AgreementId
    by: AgentId
    ground: EndingGround
    last_day: date


class AgreementEnding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agreement is about to end, or to renew itself unless somebody gives notice."""

    agreement: AgreementId
    last_day: date
    notice_by: date
    renews: bool = False
