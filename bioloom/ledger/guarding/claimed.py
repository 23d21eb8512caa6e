"""Claimed: what is claimed of a lot is never more than the lot (I9), whatever becomes of the lot.

Claims on one heap are shares of it. Nobody consumes, divides, corrects away or takes back what
others have claims on; what is simply gone (a recount, a theft, a fire: `lower`) is borne by all
claims alike, in proportion, and the event says by how much.

Claims are held against the lot in the order of recording: there is no claim on what a lot had on
an earlier day.

Source:
    UCC 9-336 and 7-207: who has rights in one mass of goods has them in proportion.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bioloom.ledger.events.facts import Facts, Sort, added_up
from bioloom.ledger.events.mentioning import claim_name, claims_on
from bioloom.ledger.events.promising import is_about, left_of
from bioloom.ledger.legs import Movement
from bioloom.vocabulary.agents import BOUNDARY
from bioloom.vocabulary.amounts import SECOND, BaseUnit, said
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    Abatement,
    ClaimId,
    ClaimMade,
    EventHappened,
    EventReversed,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal


class LotClaimed(Refusal):
    """An act would leave less of a lot than others have claims on."""

    def __init__(
        self, *, lot: LotId, claims: Sequence[ClaimId], short_units: int, base_unit: BaseUnit
    ) -> None:
        self.lot, self.claims, self.short_units = lot, tuple(claims), short_units
        super().__init__(
            what=f"{said(short_units, base_unit)} of lot '{lot}' are claimed: {', '.join(claims)}.",
            why="All claims on a lot together are at most the lot, at every time.",
            remedy="Settle the claims with this, or correct them first; what is lost is lowered.",
        )


class SharesOtherwise(Refusal):
    """A loss is divided among the claims on a heap otherwise than in proportion."""

    def __init__(self, *, lot: LotId, found: str) -> None:
        self.lot = lot
        super().__init__(
            what=f"The loss of '{lot}' is not borne in proportion: {found}.",
            why="Who has claims on one heap bears what it loses alike.",
            remedy="Leave `abates` out: it is worked out as the loss is recorded.",
        )


def uncovered(
    body: object, corrected: Entry[Any] | None, movements: Sequence[Movement], facts: Facts
) -> LotClaimed | None:
    """What of a lot's claims would be more than the lot, once an entry is recorded.

    Args:
        body: What is to be recorded.
        corrected: What it corrects, if it does; `facts` have it still.
        movements: What it moves.
        facts: The record before it.
    """
    if not facts.has_claims():
        return None
    undone = facts.entry(body.entry) if isinstance(body, EventReversed) else corrected
    lost = _lost(movements)
    reopened = set() if undone is None else _lots_claimed(undone.body, facts)
    lots = reopened | {lot for lot, units in lost.items() if units > 0}
    for lot in sorted(lots):
        claims = [entry.body for entry in facts.introducing(claims_on(lot))]
        left = {claim.claim: left_after(claim, body, undone, facts) for claim in claims}
        short_units = sum(left.values()) + lost[lot] - sum(facts.owner_units(lot).values())
        if claims and short_units > 0:
            names = [name for name, units in left.items() if units]
            return LotClaimed(
                lot=lot, claims=names, short_units=short_units, base_unit=claims[0].base_unit
            )
    return None


def left_after(claim: ClaimMade, body: object, undone: Entry[Any] | None, facts: Facts) -> int:
    """How much of a claim is left once an entry is recorded, in its base unit."""
    done_units = _done_by(body, claim) - (0 if undone is None else _done_by(undone.body, claim))
    return left_of(claim, facts, more_done_units=done_units)


def abatements(lot: LotId, lost_units: int, facts: Facts) -> tuple[Abatement, ...]:
    """What each claim on a lot loses with it; nothing while the lot covers them all.

    Whole base units by the largest remainder; of equal remainders the first name comes first.

    Args:
        lot: The heap.
        lost_units: How much of it is gone, in its base unit.
        facts: The record before that.
    """
    claims = [entry.body for entry in facts.introducing(claims_on(lot))]
    left = {claim.claim: units for claim in claims if (units := left_of(claim, facts))}
    has_units = max(0, sum(facts.owner_units(lot).values()) - lost_units)
    short_units = sum(left.values()) - has_units
    if short_units <= 0:
        return ()
    shares = in_proportion(short_units, left)
    return tuple(Abatement(claim=name, units=units) for name, units in shares.items() if units)


def in_proportion(units: int, weights: dict[ClaimId, int]) -> dict[ClaimId, int]:
    """So many units divided by weight, whole, by the largest remainder.

    >>> in_proportion(10, {ClaimId("a"): 1, ClaimId("b"): 2})
    {'a': 3, 'b': 7}
    """
    whole = sum(weights.values())
    shares = {name: units * weight // whole for name, weight in sorted(weights.items())}
    rest = units - sum(shares.values())
    by_remainder = sorted(shares, key=lambda name: (-(units * weights[name] % whole), name))
    for name in by_remainder[:rest]:
        shares[name] += 1
    return shares


def judge_abating(body: EventHappened, corrected: Entry[Any] | None, facts: Facts) -> None:
    """Hold what an event says claims lose against what they do lose.

    Raises:
        SharesOtherwise: If it says anything else, is no loss, or is a correction.
    """
    if not body.abates and (corrected is None or not corrected.body.abates):
        return
    assert body.lot is not None and body.quantity is not None, "a loss is of some lot"
    if corrected is not None:
        raise SharesOtherwise(lot=body.lot, found="take it back, and tell it anew")
    if body.action != "lower" or body.settles:
        raise SharesOtherwise(lot=body.lot, found="only what is lowered is lost")
    expected = abatements(body.lot, body.quantity.units, facts)
    if expected != body.abates:
        told = ", ".join(f"{one.claim} {one.units}" for one in expected) or "nothing"
        raise SharesOtherwise(lot=body.lot, found=f"it is {told}")


def _done_by(body: object, claim: ClaimMade) -> int:
    if not isinstance(body, EventHappened) or not is_about(body, claim.claim):
        return 0
    counted = {sort: units for sort, key, units in added_up(body) if key in ("", claim.claim)}
    sort: Sort = "effort" if claim.base_unit == SECOND else "quantity"
    return counted.get(sort, 0) + counted.get("abated", 0)


def _lots_claimed(body: object, facts: Facts) -> set[LotId]:
    """The lots on which claims are open again where an event counts no longer."""
    if not isinstance(body, EventHappened):
        return set()
    names = (*body.settles, *(lost.claim for lost in body.abates))
    claims = [entry.body for name in names for entry in facts.introducing(claim_name(name))]
    return {claim.lot for claim in claims if claim.lot is not None}


def _lost(movements: Sequence[Movement]) -> Counter[LotId]:
    """By how much lots become less in the hands of their owners, in their base units."""
    change: Counter[LotId] = Counter()
    for leg, _ in movements:
        if leg.rights_units:
            change[leg.lot] += leg.rights_units * (
                (leg.giver not in BOUNDARY) - (leg.receiver not in BOUNDARY)
            )
    return change
