"""Entries of economic events, processes, promises and claims. The words are those of Valueflows."""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, Amount, BaseUnit
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.compositions import Composition, Conservation, Gas
from bioloom.vocabulary.lots import Leg, LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.stamps import Stamp

ProcessId = NewType("ProcessId", str)
SpecificationId = NewType("SpecificationId", str)
ClaimId = NewType("ClaimId", str)
CommitmentId = NewType("CommitmentId", str)
ReleaseId = NewType("ReleaseId", str)

ReversalReason = Literal["mistake", "duplicate", "returned", "rejected", "other"]


class LotMade(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A lot that comes into being with an event: what it is, and where.

    What is counted in pieces may have a mass too, as weighed; the pieces are what is accounted.
    """

    lot: LotId
    material: MaterialId
    # A district or a site, where one is named.
    place: str | None = None
    base_unit: BaseUnit = MILLIGRAM
    mass_mg: int | None = None


class Abatement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How much of a claim is lost because the heap that it is on lost so much."""

    claim: ClaimId
    units: int


class EventHappened(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An economic event: one of the 19 actions on some amount of a lot (vf:EconomicEvent).

    `vocabulary/entries/actions.py` says what each action does; `ledger/events/moving.py` makes
    movements of it. An event that names no lot is about something that is not inventoried, and
    moves nothing.
    """

    action: Action
    provider: AgentId
    receiver: AgentId
    stamp: Stamp
    # vf:resourceInventoriedAs and vf:toResourceInventoriedAs.
    lot: LotId | None = None
    to_lot: LotId | None = None
    # The lot, of these two, that this event makes.
    made: LotMade | None = None
    # vf:resourceConformsTo, where no lot is named: a skill, a service, a currency.
    material: MaterialId | None = None
    # vf:resourceQuantity in the lot's base unit, and vf:effortQuantity in seconds.
    quantity: Amount | None = None
    effort: Amount | None = None
    # What the pieces that it moves weigh together, where they were weighed.
    mass_mg: int | None = None
    # The standard uncertainty of the quantity in the lot's base unit, where somebody stated it.
    uncertainty_units: int | None = None
    input_of: ProcessId | None = None
    output_of: ProcessId | None = None
    # The container that a lot is put into (combine) or taken out of (separate).
    container: LotId | None = None
    fulfills: tuple[CommitmentId, ...] = ()
    settles: tuple[ClaimId, ...] = ()
    # By which covenants' releases a portion of a bound lot leaves, into the lot that this makes.
    releases: tuple[ReleaseId, ...] = ()
    # What claims on a heap lose in proportion, where more of it is lost than nobody has claims on.
    abates: tuple[Abatement, ...] = ()
    # Where a lot is from now on, a district or a site (vf:toLocation); its stage and its state.
    to_place: str | None = None
    stage: SpecificationId | None = None
    state: str | None = None
    # Salted SHA-256 of a remark; its text stands in the register, which can forget.
    note_sha256: str | None = None


class EventReversed(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An earlier event is taken back, at the time of this entry: its movements run backwards.

    Unlike a correction, which says that it never happened so, both stay in the line.
    """

    # The id of the entry that is taken back.
    entry: str
    reason: ReversalReason
    moves: tuple[Leg, ...]
    # The process, promises and claims that it was about, where it counts no longer.
    about: tuple[str, ...] = ()
    note_sha256: str | None = None


class ProcessSpecified(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of process: what it does, in words, and how well it must close.

    The tolerance is declared here and never inferred. A process closes if what is unaccounted for
    is at most `tolerance_per_mille` of its inputs plus `coverage` times the standard uncertainty of
    all its weighings. None: it takes or makes things that are not weighed, and any residual is
    posted without being judged.
    """

    specification: SpecificationId
    name: str
    definition: str
    tolerance_per_mille: int | None
    coverage: int = 2
    # Where its declared losses may go: air, water, soil.
    loses_to: tuple[AgentId, ...] = ()
    # The source of the definition, where it has one.
    source: str | None = None
    stamp: Stamp = "reported"
    # What it conserves besides mass; judged at its closing where all compositions are declared.
    conserves: tuple[Conservation, ...] = ()


class ProcessOpened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A process begins: events may name it as their input or output from now on."""

    process: ProcessId
    specification: SpecificationId
    operator: AgentId
    # A site or a district.
    place: str | None = None
    # The recipe that it follows, by the hash of what that says.
    follows: str | None = None


class Loss(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What left a process without becoming a lot: vapour, gas, leachate.

    What it is made of follows from the gas that it is, or is declared; or it is not known.
    """

    to: AgentId
    mass_mg: int
    stamp: Stamp
    gas: Gas | None = None
    composition: Composition | None = None


class UsedUp(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a process accepted of a lot and did not give back."""

    lot: LotId
    owner: AgentId
    units: int


class ProcessClosed(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A process ends: inputs = outputs + declared losses + residual, and the residual is posted.

    A residual above zero went nobody knows where; below zero, it came from nobody knows where.
    """

    process: ProcessId
    losses: tuple[Loss, ...] = ()
    used_up: tuple[UsedUp, ...] = ()
    residual_mg: int = 0


class ClaimMade(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody is owed something because of what they did (vf:Claim); events settle it."""

    claim: ClaimId
    action: Action
    provider: AgentId
    receiver: AgentId
    amount: Amount
    base_unit: BaseUnit
    material: MaterialId | None = None
    # A claim on part of a heap: all claims on a lot together are at most the lot.
    lot: LotId | None = None
    # The id of the entry that it is owed for.
    triggered_by: str | None = None
    due: date | None = None


class PromiseMade(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody undertakes to do something (vf:Commitment); events fulfil it.

    Circuits writes `CommitmentMade` for the flows of an adopted plan; both are fulfilled alike.
    """

    commitment: CommitmentId
    action: Action
    provider: AgentId
    receiver: AgentId
    amount: Amount
    base_unit: BaseUnit
    material: MaterialId | None = None
    lot: LotId | None = None
    due: date | None = None
    input_of: ProcessId | None = None
    output_of: ProcessId | None = None


class CommitmentOverdue(msgspec.Struct, frozen=True, kw_only=True):
    """The day on which a commitment was due is past, and this much of it was not fulfilled."""

    commitment: CommitmentId
    due: date
    left_units: int
    base_unit: BaseUnit
