"""Judging: whether something about chain of custody can be claimed as it is told (ISO 22095).

Identity preserved: all of a lot came in at once, as one lot. Segregated: all that went into it has
the characteristic. Mass balance: what a site's outputs claim in a period is at most what came in
with it in that period, converted. Book and claim: by certificates of production, apart from the
material.
"""

from collections.abc import Iterable
from typing import Any

from bioloom.ledger.custody.ancestry import brought_in_by, judge_carried
from bioloom.ledger.custody.certifying import Given, judge_giving, judge_issued
from bioloom.ledger.custody.credits import (
    by_balance_left,
    declared_model,
    input_of,
    judge_account,
    period_at,
    produced_at,
)
from bioloom.ledger.custody.naming import (
    booking_of,
    characteristics_of,
    custody_of,
    model_name,
    opening_node,
    output_node,
    process_node,
    standing_on,
)
from bioloom.ledger.custody.refusing import ClaimsStand, CustodyAmiss
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.genealogy.stepping import ways_in
from bioloom.ledger.holdings import LotUnknown
from bioloom.vocabulary.amounts import judge_reading
from bioloom.vocabulary.entries.custody import (
    CertificatesIssued,
    CertificatesRetired,
    CertificatesTransferred,
    CharacteristicDeclared,
    CustodyClaimed,
    CustodyInputBooked,
    CustodyModelDeclared,
    CustodyUse,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId

_MOST_DAYS = 36_500
# Ten times as much out as in: what is wetted, or grows.
_MOST_PER_MILLE = 10_000


def judge_custody(draft: Draft[Any], corrected: Entry[Any] | None, facts: Facts) -> None:
    """Hold a custody entry against the record, and see that who claims has what is claimed.

    Raises:
        CustodyAmiss: If it contradicts itself, the record, or is a correction that cannot be.
        CustodyUnknown, NotCarried, CreditsOverdrawn, CertificatesShort, ClaimsStand, LotUnknown,
            AncestryTooLarge, AmountMisread: If the record does not bear it out.
    """
    body = draft.body
    if corrected is not None and isinstance(body, CertificatesIssued | Given):
        found = "certificates are not corrected; take it back, and record it anew"
        raise CustodyAmiss(of=body.certificates, found=found)
    if isinstance(body, CharacteristicDeclared) and body.declarer not in brought_in_by(
        body.lot, facts
    ):
        raise CustodyAmiss(of=body.lot, found=f"'{body.declarer}' did not have it as it came in")
    if isinstance(body, CustodyClaimed):
        hands = {*facts.owner_units(body.lot), *facts.holder_units(body.lot)}
        if body.operator not in hands:
            found = f"'{body.operator}' neither owns nor holds any of it"
            raise CustodyAmiss(of=body.lot, found=found)
    judge_sound(draft, facts)


def judge_sound(said: Draft[Any] | Entry[Any], facts: Facts) -> None:
    """Hold a custody entry against the record, whoever has the lot by now.

    Args:
        said: What is to be recorded; or an entry, which `facts` leave out, to be judged again.
        facts: The record.

    Raises:
        Refusal: See `judge_custody`.
    """
    match said.body:
        case CustodyModelDeclared() as declared:
            _judge_model(declared, facts)
        case CharacteristicDeclared() as had:
            _judge_characteristic(had, facts)
        case CustodyInputBooked() | CustodyClaimed() | CertificatesIssued() as use:
            _judge_use(use, said, facts)
        case CertificatesTransferred() | CertificatesRetired() as given:
            judge_giving(given, facts)


def _judge_model(body: CustodyModelDeclared, facts: Facts) -> None:
    is_balance = body.model == "mass_balance"
    days = body.period_days
    known = [entry.body for entry in facts.introducing(model_name(body.declaration))]
    checks = (
        (any(isinstance(one, CustodyModelDeclared) for one in known), "there is one of that name"),
        (
            not (body.characteristic.strip() and body.definition.strip()),
            "it says no characteristic",
        ),
        (not body.materials, "it names no materials"),
        (is_balance != (days is not None), "a mass balance has a period, and no other model"),
        (days is not None and not 1 <= days <= _MOST_DAYS, "its period is out of range"),
        (
            not 1 <= body.conversion_per_mille <= _MOST_PER_MILLE,
            "its conversion is out of range, which is from 1 to 10,000 per mille",
        ),
        (not is_balance and body.conversion_per_mille != 1000, "only a mass balance converts"),
    )
    _refuse(body.declaration, checks)


def _judge_characteristic(body: CharacteristicDeclared, facts: Facts) -> None:
    if facts.kind_of(body.lot) is None:
        raise LotUnknown(lot=body.lot)
    known = [entry.body.characteristic for entry in facts.introducing(characteristics_of(body.lot))]
    checks = (
        (body.characteristic in known, "it was declared already"),
        (not body.characteristic.strip() or not body.evidence.strip(), "it says no evidence"),
    )
    _refuse(body.lot, checks)


def _judge_use(body: CustodyUse, said: Draft[Any] | Entry[Any], facts: Facts) -> None:
    """What all claims have in common, and then what its model asks."""
    model, kind = declared_model(body.declaration, facts), facts.kind_of(body.lot)
    if kind is None:
        raise LotUnknown(lot=body.lot)
    judge_reading(body.quantity)
    is_input = isinstance(body, CustodyInputBooked)
    fits = {
        CustodyInputBooked: ("mass_balance",),
        CustodyClaimed: ("identity_preserved", "segregated", "mass_balance"),
        CertificatesIssued: ("book_and_claim",),
    }
    checks = (
        (model.model not in fits[type(body)], f"that is not done by the model {model.model}"),
        (body.characteristic != model.characteristic, "its model is of another characteristic"),
        (body.operator != model.operator, f"its model is that of '{model.operator}'"),
        (kind[1] != model.base_unit, f"it is counted in {kind[1]}, not in {model.base_unit}"),
        (not is_input and kind[0] not in model.materials, f"its model is not of {kind[0]}"),
        (body.quantity.units < 1, "it is of no amount"),
        (period_at(model, said.occurred_at) < 0, f"its model begins on {model.first_day}"),
    )
    _refuse(body.lot, checks)
    match body:
        case CustodyInputBooked():
            _judge_booking(body, model, said, facts)
        case CustodyClaimed():
            _judge_claim(body, model, said, facts)
        case CertificatesIssued():
            judge_issued(body, model, said, facts)


def _judge_booking(
    body: CustodyInputBooked,
    model: CustodyModelDeclared,
    said: Draft[Any] | Entry[Any],
    facts: Facts,
) -> None:
    event = facts.newest(body.event)
    booked = facts.introducing(booking_of(body.event))
    checks = (
        (
            any(one.body.characteristic == body.characteristic for one in booked),
            f"'{body.event}' was booked already",
        ),
        (event is None, f"nothing that stands was recorded under '{body.event}'"),
        (body.period is None or body.period < 0, "it is in no period"),
        (
            input_of(body, model, event, facts) < body.quantity.units,
            f"'{body.event}' did not consume so much of it at '{model.site}' in period "
            f"{body.period}",
        ),
        (event is not None and event.occurred_at > said.occurred_at, "it was consumed later"),
    )
    _refuse(body.lot, checks)
    assert event is not None, "what is an input stands in the record"
    _judge_unclaimed(event, body, facts)
    if body.by_balance:
        if by_balance_left(body.lot, model, facts) < body.quantity.units or body.stands_on:
            found = "no such claims on it are left, or it says what they rest on"
            raise CustodyAmiss(of=body.lot, found=found)
    else:
        rests = judge_carried(body.lot, body.characteristic, facts, until=said.occurred_at)
        _judge_resting(body, (*rests, opening_node(event.body.input_of)))


def _judge_unclaimed(event: Entry[Any], body: CustodyInputBooked, facts: Facts) -> None:
    """See that nothing claims already what the process made of an input that is to be spent."""
    standing = facts.introducing(standing_on(process_node(event.body.input_of)))
    claims = [
        one.idempotency_key
        for one in standing
        if one.body.characteristic == body.characteristic and one.occurred_at >= event.occurred_at
    ]
    if claims:
        raise ClaimsStand(of=body.event, claims=claims)


def _judge_claim(
    body: CustodyClaimed,
    model: CustodyModelDeclared,
    said: Draft[Any] | Entry[Any],
    facts: Facts,
) -> None:
    told = [entry.body for entry in facts.introducing(custody_of(body.lot))]
    claims = [
        one
        for one in told
        if isinstance(one, CustodyClaimed) and one.characteristic == body.characteristic
    ]
    is_certified = any(
        isinstance(one, CertificatesIssued) and one.characteristic == body.characteristic
        for one in told
    )
    claimed_units = body.quantity.units + sum(one.quantity.units for one in claims)
    checks = (
        (is_certified, "it has certificates, which are claimed apart from it"),
        (claimed_units > _came_in_units(body.lot, facts), "more is claimed of it than there was"),
        ((body.period is None) == (model.model == "mass_balance"), "only credits have a period"),
    )
    _refuse(body.lot, checks)
    if model.model == "mass_balance":
        _judge_by_balance(body, model, said, claims, facts)
        return
    rests = judge_carried(
        body.lot,
        body.characteristic,
        facts,
        until=said.occurred_at,
        identity=model.model == "identity_preserved",
        closed=True,
    )
    _judge_resting(body, rests)


def _judge_by_balance(
    body: CustodyClaimed,
    model: CustodyModelDeclared,
    said: Draft[Any] | Entry[Any],
    claims: Iterable[CustodyClaimed],
    facts: Facts,
) -> None:
    period = period_at(model, said.occurred_at)
    produced = produced_at(body.lot, model, facts, until=said.occurred_at, period=period)
    same = [one for one in claims if (one.declaration, one.period) == (body.declaration, period)]
    claimed_units = body.quantity.units + sum(one.quantity.units for one in same)
    checks = (
        (body.period != period, f"it is of period {period}"),
        (
            claimed_units > produced.units,
            f"'{model.site}' made {produced.units} {model.base_unit} of it in period {period}",
        ),
    )
    _refuse(body.lot, checks)
    _judge_resting(body, (output_node(body.lot), *map(opening_node, produced.processes)))
    as_draft = Draft(
        body=body,
        occurred_at=said.occurred_at,
        author=said.author,
        idempotency_key=said.idempotency_key,
    )
    judge_account(model, period, facts, instead=as_draft)


def _came_in_units(lot: LotId, facts: Facts) -> int:
    """How much ever came into a lot, in its base unit."""
    bodies = [way.entry.body for way in ways_in(lot, facts.touching([lot])[lot])]
    return sum(
        body.mass_mg if isinstance(body, LotArrived) else body.quantity.units for body in bodies
    )


def _judge_resting(body: CustodyUse, rests: tuple[str, ...]) -> None:
    if body.stands_on != rests:
        found = "it rests on something else than it says; leave `stands_on` out"
        raise CustodyAmiss(of=body.lot, found=found)


def _refuse(of: str, checks: Iterable[tuple[bool, str]]) -> None:
    found = next((found for is_so, found in checks if is_so), None)
    if found is not None:
        raise CustodyAmiss(of=of, found=found)
