"""Promising: commitments and claims, what fulfils and settles them, and what is overdue."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

import msgspec

from bioloom.ledger.events.facts import Facts, Sort
from bioloom.ledger.events.mentioning import claim_name, claims_on, commitment_name
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import (
    MILLIGRAM,
    SECOND,
    Amount,
    BaseUnit,
    base_of,
    judge_reading,
)
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.circuits import CommitmentMade
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    ClaimId,
    ClaimMade,
    CommitmentId,
    EventHappened,
    PromiseMade,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal

Standing = Literal["open", "overdue", "done"]


class PromiseUnknown(Refusal):
    """An event fulfils a commitment that nobody made."""

    def __init__(self, *, commitment: CommitmentId) -> None:
        self.commitment = commitment
        super().__init__(
            what=f"Commitment '{commitment}' is not in the record.",
            why="Only what was promised can be fulfilled.",
            remedy="Record the promise first, or correct its name.",
        )


class ClaimUnknown(Refusal):
    """An event settles a claim that nobody has."""

    def __init__(self, *, claim: ClaimId) -> None:
        self.claim = claim
        super().__init__(
            what=f"Claim '{claim}' is not in the record.",
            why="Only what is owed can be settled.",
            remedy="Record the claim first, or correct its name.",
        )


class ClaimExceeded(Refusal):
    """More is settled or claimed than there is."""

    def __init__(self, *, name: str, asked_units: int, left_units: int) -> None:
        self.name, self.asked_units, self.left_units = name, asked_units, left_units
        super().__init__(
            what=f"{asked_units} are asked of '{name}', of which {left_units} are left.",
            why="No claim is settled twice, and claims on a lot are at most the lot.",
            remedy="Correct the amount, or record the rest without a claim.",
        )


class PromiseThere(Refusal):
    """A promise is made under a name that is taken."""

    def __init__(self, *, commitment: CommitmentId) -> None:
        self.commitment = commitment
        super().__init__(
            what=f"Commitment '{commitment}' is in the record already.",
            why="Each promise is made once; what fulfils it is added up under its name.",
            remedy="Choose another name, or correct the promise that is there.",
        )


class ClaimThere(Refusal):
    """A claim is made under a name that is taken."""

    def __init__(self, *, claim: ClaimId) -> None:
        self.claim = claim
        super().__init__(
            what=f"Claim '{claim}' is in the record already.",
            why="Each claim is made once; what settles it is added up under its name.",
            remedy="Choose another name, or correct the claim that is there.",
        )


class MeasuredOtherwise(Refusal):
    """An amount in a unit that does not measure what is claimed."""

    def __init__(self, *, name: str, unit: str, base: BaseUnit) -> None:
        self.name, self.unit, self.base = name, unit, base
        super().__init__(
            what=f"'{name}' is counted in {base}, not in '{unit}'.",
            why="Amounts of different kinds cannot be added up.",
            remedy=f"Give the amount in a unit of {base}.",
        )


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment or a claim as it stands: what was undertaken and what is done of it."""

    name: str
    action: Action
    provider: AgentId
    receiver: AgentId
    base_unit: BaseUnit
    units: int
    done_units: int
    due: date | None
    standing: Standing


def commitment_standing(commitment: CommitmentId, facts: Facts, *, today: date) -> Owed:
    """How far a commitment is fulfilled, and whether it is overdue.

    Raises:
        PromiseUnknown: If nobody made it.
    """
    entries = facts.about(commitment_name(commitment))
    made = _made(entries)
    if made is None:
        raise PromiseUnknown(commitment=commitment)
    return owed(made, entries, today=today)


def claim_standing(claim: ClaimId, facts: Facts, *, today: date) -> Owed:
    """How far a claim is settled, and whether it is overdue.

    Raises:
        ClaimUnknown: If there is none of that name.
    """
    entries = facts.about(claim_name(claim))
    made = _made(entries)
    if made is None:
        raise ClaimUnknown(claim=claim)
    return owed(made, entries, today=today)


def owed(
    made: PromiseMade | CommitmentMade | ClaimMade,
    entries: Iterable[Entry[Any]],
    *,
    today: date,
) -> Owed:
    """A commitment or a claim with the events that fulfil or settle it.

    An event counts with its quantity, or with its effort where the commitment is one of time. What
    a heap lost of a claim on it is owed no longer.
    """
    events = [entry.body for entry in entries if isinstance(entry.body, EventHappened)]
    done_units = sum(_units(event, made) for event in events)
    name = made.claim if isinstance(made, ClaimMade) else ""
    lost = [one.units for event in events for one in event.abates if one.claim == name]
    units = _units_promised(made) - sum(lost)
    standing: Standing = "open"
    if made.due is not None and made.due < today:
        standing = "overdue"
    if done_units >= units:
        standing = "done"
    return Owed(
        name=made.claim if isinstance(made, ClaimMade) else made.commitment,
        action="transfer" if isinstance(made, CommitmentMade) else made.action,
        provider=made.provider,
        receiver=made.receiver,
        base_unit=_base_unit_of(made),
        units=units,
        done_units=done_units,
        due=made.due,
        standing=standing,
    )


def judge_fulfilling(body: EventHappened, facts: Facts) -> None:
    """Hold what an event fulfils against the promises made.

    Raises:
        PromiseUnknown: If nobody made one of them.
        MeasuredOtherwise: If it is counted otherwise than what was promised.
    """
    for commitment in body.fulfills:
        made = _made(facts.introducing(commitment_name(commitment)))
        if made is None:
            raise PromiseUnknown(commitment=commitment)
        _judge_counting(body, made)


def judge_settling(body: EventHappened, facts: Facts) -> None:
    """Hold what an event settles against the claims there are.

    Raises:
        ClaimUnknown: If there is none of that name.
        MeasuredOtherwise: If it is counted otherwise.
        ClaimExceeded: If more would be settled than is left.
    """
    for claim in body.settles:
        made = _made(facts.introducing(claim_name(claim)))
        if not isinstance(made, ClaimMade):
            raise ClaimUnknown(claim=claim)
        _judge_counting(body, made)
        left_units = left_of(made, facts)
        amount = _amount_of(body, _base_unit_of(made))
        units = 0 if amount is None else amount.units
        if units > left_units:
            raise ClaimExceeded(name=claim, asked_units=units, left_units=left_units)


def judge_claim(body: ClaimMade, facts: Facts) -> None:
    """Hold a claim against what settles it, its lot, and all other claims on that.

    Raises:
        ClaimThere: If there is one of that name.
        MeasuredOtherwise: If its amount is not in its unit, or that is not its lot's.
        ClaimExceeded: If more of it was settled already, or all claims on its lot together would be
            more than the lot.
    """
    entries = facts.about(claim_name(body.claim))
    if _made(entries) is not None:
        raise ClaimThere(claim=body.claim)
    judge_reading(body.amount)
    kind = None if body.lot is None else facts.kind_of(body.lot)
    for base in (body.base_unit, *(() if kind is None else (kind[1],))):
        _judge_unit(body.claim, body.amount, base)
    for entry in entries:
        if isinstance(entry.body, EventHappened) and body.claim in entry.body.settles:
            _judge_counting(entry.body, body)
    done_units = owed(body, entries, today=date.max).done_units
    if not done_units <= body.amount.units <= LARGEST_MG:
        raise ClaimExceeded(name=body.claim, asked_units=done_units, left_units=body.amount.units)
    if body.lot is None:
        return
    left_units = sum(facts.owner_units(body.lot).values()) - claimed_units(body.lot, facts)
    if body.amount.units - done_units > left_units:
        raise ClaimExceeded(name=body.lot, asked_units=body.amount.units, left_units=left_units)


def claimed_units(lot: LotId, facts: Facts) -> int:
    """How much of a lot is claimed and not settled, by all claims on it, in its base unit."""
    return sum(left_of(entry.body, facts) for entry in facts.introducing(claims_on(lot)))


def judge_promise(body: PromiseMade, facts: Facts) -> None:
    """Hold a promise against its own unit, and against what is promised already.

    Raises:
        PromiseThere: If there is one of that name.
        MeasuredOtherwise: If it, or what fulfils it already, is not counted in its unit.
        AmountMisread: If its amount is not what was reported.
    """
    entries = facts.about(commitment_name(body.commitment))
    if _made(entries) is not None:
        raise PromiseThere(commitment=body.commitment)
    judge_reading(body.amount)
    _judge_unit(body.commitment, body.amount, body.base_unit)
    for entry in entries:
        if isinstance(entry.body, EventHappened):
            _judge_counting(entry.body, body)


def left_of(made: ClaimMade, facts: Facts, *, more_done_units: int = 0) -> int:
    """How much of a claim is neither settled nor lost, in its base unit; never below zero."""
    name = claim_name(made.claim)
    sort: Sort = "effort" if made.base_unit == SECOND else "quantity"
    done_units = facts.total(name, sort) + facts.total(name, "abated", made.claim)
    return max(0, made.amount.units - done_units - more_done_units)


def is_about(event: EventHappened, claim: ClaimId) -> bool:
    """Whether an event settles a claim, or tells what was lost of it."""
    return claim in event.settles or any(lost.claim == claim for lost in event.abates)


def _judge_counting(event: EventHappened, made: PromiseMade | CommitmentMade | ClaimMade) -> None:
    """See that what fulfils or settles something is counted like it."""
    base_unit = _base_unit_of(made)
    amount = _amount_of(event, base_unit)
    if amount is not None:
        name = made.claim if isinstance(made, ClaimMade) else made.commitment
        _judge_unit(name, amount, base_unit)


def _base_unit_of(made: PromiseMade | CommitmentMade | ClaimMade) -> BaseUnit:
    return MILLIGRAM if isinstance(made, CommitmentMade) else made.base_unit


def _units_promised(made: PromiseMade | CommitmentMade | ClaimMade) -> int:
    return made.mass_mg if isinstance(made, CommitmentMade) else made.amount.units


def _judge_unit(name: str, amount: Amount, base: BaseUnit) -> None:
    if base_of(amount.unit)[0] != base:
        raise MeasuredOtherwise(name=name, unit=amount.unit, base=base)


def _made(entries: Iterable[Entry[Any]]) -> PromiseMade | CommitmentMade | ClaimMade | None:
    kinds = (PromiseMade, CommitmentMade, ClaimMade)
    return next((entry.body for entry in entries if isinstance(entry.body, kinds)), None)


def _units(event: EventHappened, made: PromiseMade | CommitmentMade | ClaimMade) -> int:
    amount = None if event.abates else _amount_of(event, _base_unit_of(made))
    return 0 if amount is None else amount.units


def _amount_of(event: EventHappened, base_unit: BaseUnit) -> Amount | None:
    return event.effort if base_unit == SECOND else event.quantity
