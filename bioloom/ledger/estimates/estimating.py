"""Estimating: whether an estimate can be as it is told, and what all of a lot say together."""

import msgspec

from bioloom.ledger.estimates.combining import (
    Combination,
    Estimated,
    combine,
    default_uncertainty,
)
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.happening import UnitMismatch
from bioloom.ledger.events.mentioning import estimates_of
from bioloom.ledger.holdings import LotUnknown
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount, BaseUnit, base_of, judge_reading
from bioloom.vocabulary.entries.estimates import EstimateMade
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal


class EstimateSenseless(Refusal):
    """An estimate of nothing, or one less sure than nothing."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"This says nothing of how much there is of '{lot}'.",
            why="An estimate is above zero, and its uncertainty is at most as large as itself.",
            remedy="Correct the figures; leave the uncertainty out for 30 %.",
        )


class EstimateTold(msgspec.Struct, frozen=True, kw_only=True):
    """One estimate, with its uncertainty as stated or as taken for it."""

    estimator: AgentId
    method: str
    quantity: Amount
    uncertainty_units: int
    # Nobody stated the uncertainty; 30 % stands in for it.
    is_default: bool
    # An older one of the same estimator does not count beside their newest.
    counts: bool
    said_by: int


class LotEstimated(msgspec.Struct, frozen=True, kw_only=True):
    """What is thought of a lot beside what the account has; nothing follows from it by itself."""

    lot: LotId
    base_unit: BaseUnit
    account_units: int
    estimates: list[EstimateTold]
    combined: Combination | None
    # What who is accountable would raise (above zero) or lower to follow the combined value.
    difference_units: int | None


def judge_estimate(body: EstimateMade, facts: Facts) -> None:
    """Hold an estimate against its lot.

    Raises:
        LotUnknown: If there is none.
        UnitMismatch: If it is counted otherwise.
        EstimateSenseless: If its figures say nothing.
        AmountMisread: If its amount is not what was reported.
    """
    kind = facts.kind_of(body.lot)
    if kind is None:
        raise LotUnknown(lot=body.lot)
    judge_reading(body.quantity)
    if base_of(body.quantity.unit)[0] != kind[1]:
        raise UnitMismatch(lot=body.lot, unit=body.quantity.unit, base=kind[1])
    units, stated = body.quantity.units, body.uncertainty_units
    if units <= 0 or (stated is not None and not 0 < stated <= units):
        raise EstimateSenseless(lot=body.lot)


def estimated(lot: LotId, facts: Facts) -> LotEstimated:
    """All estimates of a lot, in the order of recording, and what they say together.

    Of each estimator the newest counts: two by the same person are not independent.

    Raises:
        LotUnknown: If there is none of that name.
    """
    kind = facts.kind_of(lot)
    if kind is None:
        raise LotUnknown(lot=lot)
    entries = facts.introducing(estimates_of(lot))
    newest = {entry.body.estimator: entry.seq for entry in entries}
    told = [
        EstimateTold(
            estimator=entry.body.estimator,
            method=entry.body.method,
            quantity=entry.body.quantity,
            uncertainty_units=entry.body.uncertainty_units
            or default_uncertainty(entry.body.quantity.units),
            is_default=entry.body.uncertainty_units is None,
            counts=newest[entry.body.estimator] == entry.seq,
            said_by=entry.seq,
        )
        for entry in entries
    ]
    counted = [Estimated(one.quantity.units, one.uncertainty_units) for one in told if one.counts]
    combined = combine(counted) if counted else None
    account_units = sum(facts.owner_units(lot).values())
    return LotEstimated(
        lot=lot,
        base_unit=kind[1],
        account_units=account_units,
        estimates=told,
        combined=combined,
        difference_units=None if combined is None else combined.units - account_units,
    )
