"""Certifying: certificates of production (book and claim) go from hand to hand, retired once."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from bioloom.ledger.custody.ancestry import judge_carried
from bioloom.ledger.custody.credits import produced_at
from bioloom.ledger.custody.naming import (
    certificates_name,
    custody_of,
    lot_node,
    opening_node,
    standing_on,
)
from bioloom.ledger.custody.refusing import CertificatesShort, ClaimsStand, CustodyAmiss
from bioloom.ledger.events.facts import Facts
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.amounts import BaseUnit, base_of, judge_reading
from bioloom.vocabulary.entries.custody import (
    CertificatesId,
    CertificatesIssued,
    CertificatesRetired,
    CertificatesTransferred,
    CustodyModelDeclared,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry

Given = CertificatesTransferred | CertificatesRetired


def judge_issued(
    body: CertificatesIssued,
    model: CustodyModelDeclared,
    said: Draft[Any] | Entry[Any],
    facts: Facts,
) -> None:
    """Hold certificates against the production that they are of.

    Args:
        body: What is issued.
        model: Its model, a book and claim.
        said: What is to be recorded; or an entry, which `facts` leave out.
        facts: The record.

    Raises:
        CustodyAmiss: If there was no such production, or they say something else than it.
        NotCarried: If it did not have the characteristic.
        ClaimsStand: If something else claims that already.
    """
    told = facts.introducing(custody_of(body.lot))
    same = [one for one in told if one.body.characteristic == body.characteristic]
    issued = [one.body for one in same if isinstance(one.body, CertificatesIssued)]
    produced = produced_at(body.lot, model, facts, until=said.occurred_at, period=None)
    units = body.quantity.units + sum(one.quantity.units for one in issued)
    found = None
    known = [entry.body for entry in facts.introducing(certificates_name(body.certificates))]
    if any(isinstance(one, CertificatesIssued) for one in known):
        found = "there are certificates of that name"
    elif units > produced.units:
        found = f"'{model.site}' made {produced.units} {model.base_unit} of it"
    if found is not None:
        raise CustodyAmiss(of=body.lot, found=found)
    resting = [
        one
        for one in (*same, *facts.introducing(standing_on(lot_node(body.lot))))
        if one.body.characteristic == body.characteristic
        and not (isinstance(one.body, CertificatesIssued) and one.body.lot == body.lot)
    ]
    if resting:
        claims = list(dict.fromkeys(one.idempotency_key for one in resting))
        raise ClaimsStand(of=body.lot, claims=claims)
    rests = judge_carried(
        body.lot, body.characteristic, facts, until=said.occurred_at, certifies=True
    )
    if body.stands_on != (*rests, *map(opening_node, produced.processes)):
        found = "it rests on something else than it says; leave `stands_on` out"
        raise CustodyAmiss(of=body.lot, found=found)


def judge_giving(body: Given, facts: Facts) -> None:
    """Hold a transfer or a retirement against what certificates there are.

    Raises:
        CustodyAmiss: If there are none of that name, or it is none.
        CertificatesShort: If their holder has not so many.
    """
    judge_reading(body.quantity)
    issued = _issued(body.certificates, facts)
    found = None
    if issued is None:
        found = "nobody issued certificates of that name"
    elif base_of(body.quantity.unit)[0] != base_of(issued.quantity.unit)[0]:
        found = f"they are counted like {issued.quantity.unit}"
    elif body.quantity.units < 1:
        found = "it is of no amount"
    elif isinstance(body, CertificatesTransferred) and (
        body.giver == body.receiver or body.receiver in BOUNDARY
    ):
        found = "it goes to nobody else"
    elif isinstance(body, CertificatesRetired) and not body.purpose.strip():
        found = "it does not say what is claimed by them"
    if found is not None:
        raise CustodyAmiss(of=body.certificates, found=found)
    judge_held(body.certificates, facts, besides=[body])


def judge_held(
    certificates: CertificatesId,
    facts: Facts,
    *,
    besides: Iterable[object] = (),
) -> None:
    """See that nobody gave or retired certificates that they did not have then.

    Raises:
        CertificatesShort: If somebody did.
    """
    bodies = [entry.body for entry in facts.introducing(certificates_name(certificates))]
    held = Counter[AgentId]()
    for body in (*bodies, *besides):
        held += _change(body)
        for holder, units in _change(body, sign=-1).items():
            held[holder] -= units
            if held[holder] < 0:
                raise CertificatesShort(
                    certificates=certificates,
                    holder=holder,
                    short_units=-held[holder],
                    base_unit=_base_unit(body),
                )


def holders_of(certificates: CertificatesId, facts: Facts) -> tuple[dict[AgentId, int], int]:
    """Who has how many certificates, in base units; and how many were retired."""
    held, retired_units = Counter[AgentId](), 0
    for entry in facts.introducing(certificates_name(certificates)):
        held += _change(entry.body)
        held.subtract(_change(entry.body, sign=-1))
        if isinstance(entry.body, CertificatesRetired):
            retired_units += entry.body.quantity.units
    return {holder: units for holder, units in sorted(held.items()) if units}, retired_units


def _change(body: object, *, sign: int = 1) -> Counter[AgentId]:
    """What comes to each holder (1), or goes from each (-1)."""
    match body:
        case CertificatesIssued(operator=operator, quantity=quantity) if sign > 0:
            return Counter({operator: quantity.units})
        case CertificatesTransferred(giver=giver, receiver=receiver, quantity=quantity):
            return Counter({receiver if sign > 0 else giver: quantity.units})
        case CertificatesRetired(holder=holder, quantity=quantity) if sign < 0:
            return Counter({holder: quantity.units})
    return Counter()


def _base_unit(body: object) -> BaseUnit:
    assert isinstance(body, Given), "only who gives or retires has less"
    return base_of(body.quantity.unit)[0]


def _issued(certificates: CertificatesId, facts: Facts) -> CertificatesIssued | None:
    told = [entry.body for entry in facts.introducing(certificates_name(certificates))]
    return next((one for one in told if isinstance(one, CertificatesIssued)), None)
