"""Keeping: whatever is recorded, corrected or taken back, the claims that stand stay true.

Nothing is put beneath a claim that it was not judged by, and nothing is taken from under it; an
input that was booked may be corrected as long as its credits cover what is claimed of them.
"""

from collections.abc import Iterator
from typing import Any

from bioloom.ledger.custody.certifying import judge_held
from bioloom.ledger.custody.credits import by_balance_left, declared_model, judge_account
from bioloom.ledger.custody.naming import (
    booking_of,
    custody_of,
    lot_node,
    model_name,
    opening_node,
    output_node,
    process_node,
    standing_on,
)
from bioloom.ledger.custody.refusing import ClaimsStand
from bioloom.ledger.events.facts import Facts
from bioloom.vocabulary.entries.actions import ACTIONS
from bioloom.vocabulary.entries.custody import (
    CertificatesIssued,
    CertificatesTransferred,
    CharacteristicDeclared,
    CustodyClaimed,
    CustodyInputBooked,
    CustodyModelDeclared,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed, ProcessOpened
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant


def judge_kept(draft: Draft[Any], undone: Entry[Any] | None, facts: Facts) -> None:
    """See that all claims that stand are true still, once an entry is recorded.

    Args:
        draft: What is to be recorded.
        undone: What it corrects or takes back; `facts` leave it out.
        facts: The record.

    Raises:
        ClaimsStand: If what claims rest on would be another.
        CreditsOverdrawn: If more would be claimed than came in.
        CertificatesShort: If certificates that were given on would never have been.
    """
    if not facts.has_custody():
        return
    if undone is not None and _counts(undone) == _counts(draft):
        return  # What is corrected is nothing that a claim could rest on.
    for node, at, of in _beneath(draft.body, draft.occurred_at):
        _judge_standing(node, at, of, facts)
    _judge_closed(draft.body, facts)
    if undone is None:
        return
    for node, at, of in (
        *_beneath(undone.body, undone.occurred_at),
        *_output(undone.body, undone.occurred_at),
    ):
        _judge_standing(node, at, of, facts)
    _judge_without(undone, draft, facts)


def _counts(told: Entry[Any] | Draft[Any]) -> object:
    """What of an entry a claim could rest on: the rest is corrected freely."""
    match told.body:
        case EventHappened() as event:
            units = 0 if event.quantity is None else event.quantity.units
            way = (event.action, event.lot, event.to_lot, event.input_of, event.output_of)
            return (told.occurred_at, units, event.provider, event.receiver, way)
        case ProcessOpened(process=process, place=place, operator=operator):
            return (process, place, operator)
        case LotArrived(lot=lot, mass_mg=mass_mg, owner=owner):
            return (told.occurred_at, lot, mass_mg, owner)
        case CharacteristicDeclared(lot=lot, characteristic=characteristic):
            return (lot, characteristic)
    return object()  # Never the same.


def _beneath(body: object, at: Instant) -> Iterator[tuple[str, Instant, str]]:
    """What an entry adds to: a node that claims may rest on, since when, and its name."""
    match body:
        case LotArrived(lot=lot):
            yield lot_node(lot), at, lot
        case EventHappened() as event:
            if (into := _into(event)) is not None:
                yield lot_node(into), at, into
            if event.input_of is not None and event.lot is not None:
                yield process_node(event.input_of), at, event.input_of


def _output(body: object, at: Instant) -> Iterator[tuple[str, Instant, str]]:
    """What besides rests on an entry that is no more: how much was made, where and by whom."""
    match body:
        case EventHappened() as event if (lot := _into(event)) is not None:
            yield output_node(lot), at, lot
        case ProcessOpened(process=process):
            yield opening_node(process), Instant(""), process


def _into(event: EventHappened) -> LotId | None:
    """The lot that an event brings something into, if it does."""
    if event.to_lot not in (None, event.lot):
        return event.to_lot
    return event.lot if ACTIONS[event.action].accounting == "increment" else None


def _judge_standing(node: str, at: Instant, of: str, facts: Facts) -> None:
    claims = [
        one.idempotency_key for one in facts.introducing(standing_on(node)) if one.occurred_at >= at
    ]
    if claims:
        raise ClaimsStand(of=of, claims=claims)


def _judge_closed(body: object, facts: Facts) -> None:
    """Nothing comes into a lot that is claimed to be segregated or preserved as it is."""
    lot = _into(body) if isinstance(body, EventHappened) else None
    if lot is None:
        return
    claims = [
        one.idempotency_key
        for one in facts.introducing(custody_of(lot))
        if isinstance(one.body, CustodyClaimed) and lot_node(lot) in one.body.stands_on
    ]
    if claims:
        raise ClaimsStand(of=lot, claims=claims)


def _judge_without(undone: Entry[Any], draft: Draft[Any], facts: Facts) -> None:
    """What rests on an entry by more than what it moved."""
    instead = None if isinstance(draft.body, EventReversed) else draft
    match undone.body:
        case CustodyModelDeclared(declaration=declaration):
            _judge_none(declaration, facts.introducing(model_name(declaration)))
        case CharacteristicDeclared(lot=lot, characteristic=characteristic):
            standing = facts.introducing(standing_on(lot_node(lot)))
            _judge_none(lot, [one for one in standing if one.body.characteristic == characteristic])
        case CustodyInputBooked() | CustodyClaimed() as body if body.period is not None:
            model = declared_model(body.declaration, facts)
            judge_account(model, body.period, facts, instead=instead)
            more = [] if instead is None else [instead.body]
            if (
                isinstance(body, CustodyClaimed)
                and by_balance_left(body.lot, model, facts, more) < 0
            ):
                _judge_none(body.lot, _booked_by_balance(body, facts))
        case CertificatesIssued(certificates=name) | CertificatesTransferred(certificates=name):
            judge_held(name, facts)
        case EventHappened():
            for one in facts.introducing(booking_of(undone.idempotency_key)):
                model = declared_model(one.body.declaration, facts)
                judge_account(model, one.body.period, facts, instead=instead)


def _booked_by_balance(claim: CustodyClaimed, facts: Facts) -> list[Entry[Any]]:
    return [
        one
        for one in facts.introducing(custody_of(claim.lot))
        if isinstance(one.body, CustodyInputBooked)
        and one.body.by_balance
        and one.body.characteristic == claim.characteristic
    ]


def _judge_none(of: str, standing: list[Entry[Any]]) -> None:
    if standing:
        raise ClaimsStand(of=of, claims=[one.idempotency_key for one in standing])
