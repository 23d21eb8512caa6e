"""Credits: what came into a site with a characteristic in a period, and what was claimed of it.

A credit lasts as long as the period in which it came in; none is carried over, none is lent.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from bioloom.ledger.custody.naming import account_name, custody_of, model_name
from bioloom.ledger.custody.refusing import CreditsOverdrawn, CustodyUnknown
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import process_name
from bioloom.ledger.genealogy.stepping import ways_in
from bioloom.vocabulary.entries.custody import (
    CustodyBody,
    CustodyClaimed,
    CustodyId,
    CustodyInputBooked,
    CustodyModelDeclared,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessId, ProcessOpened
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant


class Account(NamedTuple):
    """One period of a site's mass balance account, in its base unit."""

    input_units: int
    credit_units: int
    claimed_units: int
    # The keys of the claims that stand.
    claims: tuple[str, ...]

    @property
    def left_units(self) -> int:
        """What may still be claimed; below zero, what is claimed too much."""
        return self.credit_units - self.claimed_units


class Produced(NamedTuple):
    """How much of a lot processes of a site made, and which."""

    units: int
    processes: tuple[ProcessId, ...]


def declared_model(declaration: CustodyId, facts: Facts) -> CustodyModelDeclared:
    """The model of a name.

    Raises:
        CustodyUnknown: If nobody declared it.
    """
    for entry in facts.introducing(model_name(declaration)):
        if isinstance(entry.body, CustodyModelDeclared):
            return entry.body
    raise CustodyUnknown(declaration=declaration)


def period_at(model: CustodyModelDeclared, at: Instant) -> int:
    """The number of the period of an instant, from 0; below zero before the first day. UTC.

    Example:
        >>> from bioloom.ledger.custody.credits import period_at
        >>> from bioloom.vocabulary.agents import AgentId
        >>> from bioloom.vocabulary.entries.custody import Characteristic
        >>> model = CustodyModelDeclared(
        ...     declaration=CustodyId("d"),
        ...     characteristic=Characteristic("c"),
        ...     definition="…",
        ...     model="mass_balance",
        ...     operator=AgentId("mill"),
        ...     site="mill",
        ...     materials=(),
        ...     first_day=date(2026, 1, 1),
        ...     period_days=90,
        ... )
        >>> [period_at(model, Instant(f"2026-{day}T00:00:00.000Z")) for day in ("03-31", "04-01")]
        [0, 1]
    """
    days = (date.fromisoformat(at[:10]) - model.first_day).days
    return days // (model.period_days or max(1, days + 1))


def is_at(process: ProcessId | None, model: CustodyModelDeclared, facts: Facts) -> bool:
    """Whether a process is one of the site's, by its operator."""
    if process is None:
        return False
    told = [entry.body for entry in facts.introducing(process_name(process))]
    return any(
        isinstance(one, ProcessOpened) and (one.place, one.operator) == (model.site, model.operator)
        for one in told
    )


def produced_at(
    lot: LotId, model: CustodyModelDeclared, facts: Facts, *, until: Instant, period: int | None
) -> Produced:
    """How much of a lot a site's processes made until an instant, in a period or in all."""
    units, processes = 0, dict[ProcessId, bool]()
    for way in ways_in(lot, facts.touching([lot])[lot]):
        at = way.entry.occurred_at
        in_time = at <= until and (period is None or period_at(model, at) == period)
        if in_time and way.process is not None and is_at(way.process, model, facts):
            units += way.entry.body.quantity.units
            processes[way.process] = True
    return Produced(units, tuple(sorted(processes)))


def input_of(
    booking: CustodyInputBooked,
    model: CustodyModelDeclared,
    told: Entry[Any] | Draft[Any] | None,
    facts: Facts,
) -> int:
    """How much of what was booked is still an input of the site in the period [base units].

    Args:
        booking: What was booked.
        model: By which model.
        told: What its consumption is said to be now; none where it was taken back.
        facts: The record.
    """
    if told is None or not isinstance(told.body, EventHappened):
        return 0
    event = told.body
    is_input = (
        event.action == "consume"
        and event.lot == booking.lot
        and event.quantity is not None
        and period_at(model, told.occurred_at) == booking.period
        and is_at(event.input_of, model, facts)
    )
    assert not is_input or event.quantity is not None, "what is an input has a quantity"
    return min(booking.quantity.units, event.quantity.units) if is_input and event.quantity else 0


def account_of(
    model: CustodyModelDeclared,
    period: int,
    facts: Facts,
    *,
    instead: Draft[Any] | None = None,
) -> Account:
    """What came in and what is claimed in one period of an account.

    Args:
        model: The declared model; a mass balance.
        period: Its number.
        facts: The record, without what is corrected or taken back.
        instead: What is to be recorded, which may be a booking, a claim or a consumption.
    """
    name = account_name(model.declaration, period)
    told: list[tuple[str, CustodyBody]] = [
        (entry.idempotency_key, entry.body) for entry in facts.introducing(name)
    ]
    if instead is not None and isinstance(instead.body, CustodyInputBooked | CustodyClaimed):
        told += [(instead.idempotency_key, instead.body)]
    input_units, claimed_units, claims = 0, 0, list[str]()
    for key, body in told:
        match body:
            case CustodyInputBooked(declaration=model.declaration, period=number) if (
                number == period
            ):
                same = instead is not None and instead.idempotency_key == body.event
                consumption = instead if same else facts.newest(body.event)
                input_units += input_of(body, model, consumption, facts)
            case CustodyClaimed(declaration=model.declaration, period=number) if number == period:
                claimed_units += body.quantity.units
                claims += [key] if instead is None or key != instead.idempotency_key else []
    credit_units = input_units * model.conversion_per_mille // 1000
    return Account(input_units, credit_units, claimed_units, tuple(sorted(claims)))


def judge_account(
    model: CustodyModelDeclared, period: int, facts: Facts, *, instead: Draft[Any] | None = None
) -> None:
    """See that no more is claimed in a period than came in.

    Raises:
        CreditsOverdrawn: If more would be.
    """
    account = account_of(model, period, facts, instead=instead)
    if account.left_units < 0:
        raise CreditsOverdrawn(
            declaration=model.declaration,
            period=period,
            short_units=-account.left_units,
            base_unit=model.base_unit,
            claims=account.claims,
        )


def by_balance_left(
    lot: LotId, model: CustodyModelDeclared, facts: Facts, bodies: Sequence[msgspec.Struct] = ()
) -> int:
    """What of the mass balance claims on a lot was not booked further yet; below zero, too much.

    Args:
        lot: The lot.
        model: A model of the same characteristic.
        facts: The record.
        bodies: What is to be recorded besides.
    """
    told = [entry.body for entry in facts.introducing(custody_of(lot))]
    units = 0
    for body in (*told, *bodies):
        match body:
            case CustodyClaimed(characteristic=model.characteristic, period=int()) if (
                body.lot == lot
            ):
                units += body.quantity.units
            case CustodyInputBooked(characteristic=model.characteristic, by_balance=True) if (
                body.lot == lot
            ):
                units -= body.quantity.units
    return units
