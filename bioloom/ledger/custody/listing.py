"""Listing: what is claimed by which model, what credits are left, and who has certificates."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec

from bioloom.ledger.custody.certifying import holders_of
from bioloom.ledger.custody.credits import account_of, declared_model
from bioloom.ledger.custody.naming import (
    characteristics_of,
    custody_of,
    model_name,
)
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.custody import (
    CertificatesId,
    CertificatesIssued,
    Characteristic,
    CharacteristicDeclared,
    CustodyClaimed,
    CustodyId,
    CustodyInputBooked,
    CustodyModel,
    CustodyModelDeclared,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.lots import LotId


class PeriodTold(msgspec.Struct, frozen=True, kw_only=True):
    """One period of a mass balance account, in its base unit; credits end with its last day."""

    period: int
    first_day: date
    last_day: date
    input_units: int
    credit_units: int
    claimed_units: int
    left_units: int


class ClaimTold(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that stands: how much of which lot is said to have what, by which model."""

    claim: str
    declaration: CustodyId
    characteristic: Characteristic
    model: CustodyModel
    operator: AgentId
    lot: LotId
    units: int
    base_unit: BaseUnit
    # Of mass balance: the period whose credits it draws on.
    period: int | None
    said_by: int


class ModelTold(msgspec.Struct, frozen=True, kw_only=True):
    """A declared model, its account where it is a mass balance, and the claims by it."""

    declared: CustodyModelDeclared
    periods: tuple[PeriodTold, ...]
    claims: tuple[ClaimTold, ...]
    said_by: int


class CertificatesTold(msgspec.Struct, frozen=True, kw_only=True):
    """Certificates of one production: how many there were, who has them, how many are retired."""

    certificates: CertificatesId
    declaration: CustodyId
    characteristic: Characteristic
    lot: LotId
    base_unit: BaseUnit
    issued_units: int
    holders: dict[AgentId, int]
    retired_units: int
    said_by: int


class CustodyTold(msgspec.Struct, frozen=True, kw_only=True):
    """All chain-of-custody models of a city, with their claims and certificates."""

    models: tuple[ModelTold, ...]
    certificates: tuple[CertificatesTold, ...]


class CharacteristicTold(msgspec.Struct, frozen=True, kw_only=True):
    """What a lot had as it came in, and by whose word."""

    characteristic: Characteristic
    declarer: AgentId
    evidence: str
    said_by: int


class LotCustody(msgspec.Struct, frozen=True, kw_only=True):
    """What is claimed of a lot, what was declared of it as it came in, and its certificates."""

    came_in_with: tuple[CharacteristicTold, ...] = ()
    claims: tuple[ClaimTold, ...] = ()
    certificates: tuple[CertificatesTold, ...] = ()


def custody(journal: Journal) -> CustodyTold:
    """All models that stand, in the order of their declaration, and all certificates."""
    facts = recall(journal.store)
    declared = journal.read(kinds=["CustodyModelDeclared"])
    models = dict.fromkeys(entry.body.declaration for entry in declared)
    facts.prepare(map(model_name, models))
    told = [one for name in models if (one := _model(name, facts)) is not None]
    issued = [
        entry
        for name in models
        for entry in facts.introducing(model_name(name))
        if isinstance(entry.body, CertificatesIssued)
    ]
    return CustodyTold(
        models=tuple(told), certificates=tuple(_certificates(entry, facts) for entry in issued)
    )


def custody_of_lot(lot: LotId, facts: Facts) -> LotCustody:
    """What is claimed of a lot."""
    if not facts.has_custody():
        return LotCustody()
    told = facts.introducing(custody_of(lot))
    return LotCustody(
        came_in_with=tuple(_characteristics(lot, facts)),
        claims=tuple(_claim(one, facts) for one in told if isinstance(one.body, CustodyClaimed)),
        certificates=tuple(
            _certificates(one, facts) for one in told if isinstance(one.body, CertificatesIssued)
        ),
    )


def _characteristics(lot: LotId, facts: Facts) -> Iterator[CharacteristicTold]:
    for entry in facts.introducing(characteristics_of(lot)):
        assert isinstance(entry.body, CharacteristicDeclared), "nothing else bears that name"
        yield CharacteristicTold(
            characteristic=entry.body.characteristic,
            declarer=entry.body.declarer,
            evidence=entry.body.evidence,
            said_by=entry.seq,
        )


def _model(name: CustodyId, facts: Facts) -> ModelTold | None:
    known = facts.introducing(model_name(name))
    made = next((one for one in known if isinstance(one.body, CustodyModelDeclared)), None)
    if made is None:
        return None  # It was taken back.
    uses = [one.body for one in known if isinstance(one.body, CustodyInputBooked | CustodyClaimed)]
    periods = sorted({one.period for one in uses if one.period is not None})
    return ModelTold(
        declared=made.body,
        periods=tuple(_period(made.body, period, facts) for period in periods),
        claims=tuple(_claim(one, facts) for one in known if isinstance(one.body, CustodyClaimed)),
        said_by=made.seq,
    )


def _period(model: CustodyModelDeclared, period: int, facts: Facts) -> PeriodTold:
    account = account_of(model, period, facts)
    days = timedelta(days=model.period_days or 0)
    return PeriodTold(
        period=period,
        first_day=model.first_day + period * days,
        last_day=model.first_day + (period + 1) * days - timedelta(days=1),
        input_units=account.input_units,
        credit_units=account.credit_units,
        claimed_units=account.claimed_units,
        left_units=account.left_units,
    )


def _claim(entry: Entry[Any], facts: Facts) -> ClaimTold:
    body = entry.body
    model = declared_model(body.declaration, facts)
    return ClaimTold(
        claim=entry.idempotency_key,
        declaration=body.declaration,
        characteristic=body.characteristic,
        model=model.model,
        operator=body.operator,
        lot=body.lot,
        units=body.quantity.units,
        base_unit=model.base_unit,
        period=body.period,
        said_by=entry.seq,
    )


def _certificates(entry: Entry[Any], facts: Facts) -> CertificatesTold:
    body = entry.body
    holders, retired_units = holders_of(body.certificates, facts)
    return CertificatesTold(
        certificates=body.certificates,
        declaration=body.declaration,
        characteristic=body.characteristic,
        lot=body.lot,
        base_unit=declared_model(body.declaration, facts).base_unit,
        issued_units=body.quantity.units,
        holders=holders,
        retired_units=retired_units,
        said_by=entry.seq,
    )
