"""Entries about covenants: what a commons has bound, what was let go, and what was refused.

Their terms are those of ODRL 2.2 (prohibition, permission, duty, constraint); `ledger/covenants`
says what each means, and `exchanging.py` there writes them as ODRL.
"""

from datetime import date
from typing import NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.events import ReleaseId, SpecificationId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId

CovenantId = NewType("CovenantId", str)


class Signed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An Ed25519 signature and the public half of its key, both in hexadecimal."""

    public_key: str
    signature: str


# What people sign is on record whole, defaults and all.
class CovenantEnacted(msgspec.Struct, frozen=True, kw_only=True):
    """A commons binds lots, and all that is made of them: they stay among those who belong to it.

    Attributes:
        text: What people signed, in their language; `text_sha256` is the hash of its UTF-8.
        materials: Which materials it binds; all of them where none is named. `lots` likewise.
        until: The last day on which it binds; for good where there is none.
        custody_days: For so many days others may hold a bound lot; none: nobody else may.
        forbidden: Kinds of process that no bound lot may go into.
        cooling_off_days: Who joins counts only so many days after that was recorded.
        shrinkage_per_mille: How much of all that came in may go nowhere that anybody knows.
        quorum: How many of the signers must sign for a release, an ending or a replacement.
        correctors: Who, besides those who belong, may correct figures of bound lots downwards.
        replaces: The covenant whose place this one takes, by the signatures of that one's quorum.
    """

    covenant: CovenantId
    commons: AgentId
    title: str
    text: str
    text_sha256: str
    quorum: int
    signers: tuple[AgentId, ...]
    materials: tuple[MaterialId, ...] = ()
    lots: tuple[LotId, ...] = ()
    until: date | None = None
    custody_days: int | None = 30
    forbidden: tuple[SpecificationId, ...] = ()
    cooling_off_days: int = 14
    shrinkage_per_mille: int = 20
    correctors: tuple[AgentId, ...] = ()
    replaces: CovenantId | None = None
    signatures: tuple[Signed, ...] = ()


class LotReleased(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A quorum lets some units of a bound lot go to somebody who does not belong.

    It moves nothing: an event that names the release does, into a lot that it makes.
    """

    release: ReleaseId
    covenant: CovenantId
    lot: LotId
    units: int
    base_unit: BaseUnit
    to: AgentId
    # The last day on which it can be used.
    until: date
    reason: str
    signatures: tuple[Signed, ...] = ()


class CovenantEnded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A quorum ends a covenant: it binds nothing any more."""

    covenant: CovenantId
    reason: str
    signatures: tuple[Signed, ...] = ()


class ActRefused(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody tried what a covenant forbids, and it was not done. The author is who tried.

    Attributes:
        reason: Which law it would have broken: see `ledger/covenants/refusing.py`.
        act: The kind of entry, and the action where it is an economic event.
        draft_sha256: The hash of what was tried, so that the same attempt is recorded once.
        what: What would have been done, as the one who tried was told.
    """

    reason: str
    covenants: tuple[CovenantId, ...]
    act: str
    draft_sha256: str
    what: str
    lot: LotId | None = None
    units: int | None = None
    giver: AgentId | None = None
    receiver: AgentId | None = None


class ReturnOverdue(msgspec.Struct, frozen=True, kw_only=True):
    """The day by which a bound lot was due back from somebody is past, and they still hold some."""

    covenant: CovenantId
    lot: LotId
    holder: AgentId
    since: date
    due: date
    units: int
    base_unit: BaseUnit
