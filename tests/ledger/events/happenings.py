"""Economic events for tests: a small mill, its lots by weight and by piece, and who works there."""

from decimal import Decimal
from typing import Any

import msgspec

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.agents import AIR, AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, Amount, BaseUnit, read_amount
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import (
    EventHappened,
    LotMade,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    SpecificationId,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from tests.ledger.records import LATER, STEWARD, noon

MILL = SpecificationId("milling")


def told(body: msgspec.Struct, key: str, *, day: int = 3) -> Draft[Any]:
    return Draft(body=body, occurred_at=noon(day), author=STEWARD, idempotency_key=key)


def event(
    action: Action,
    lot: str | None,
    amount: str = "",
    *,
    by: str = "ana",
    to: str | None = None,
    made: str | None = None,
    base_unit: BaseUnit = MILLIGRAM,
    effort: str = "",
    **more: Any,  # noqa: ANN401  Any other field of an event.
) -> EventHappened:
    """An event like `event("consume", "rags", "5 mg", input_of="p")`."""
    named = more.get("to_lot") or lot
    return EventHappened(
        action=action,
        provider=AgentId(by),
        receiver=AgentId(to or by),
        stamp="measured",
        lot=None if lot is None else LotId(lot),
        quantity=_amount(amount),
        effort=_amount(effort),
        made=LotMade(lot=LotId(named), material=MaterialId(made), base_unit=base_unit)
        if made is not None and named is not None
        else None,
        **more,
    )


def _amount(text: str) -> Amount | None:
    if not text:
        return None
    number, unit = text.split()
    return read_amount(Decimal(number), unit)[0]


def milling(*, tolerance_per_mille: int | None = 0, coverage: int = 2) -> Draft[Any]:
    body = ProcessSpecified(
        specification=MILL,
        name="Milling",
        definition="Rags are torn and ground to fibre.",
        tolerance_per_mille=tolerance_per_mille,
        coverage=coverage,
        loses_to=(AIR,),
    )
    return told(body, "milling", day=1)


def opened(process: str = "p", *, day: int = 1) -> Draft[Any]:
    body = ProcessOpened(process=ProcessId(process), specification=MILL, operator=AgentId("ana"))
    return told(body, f"process:{process}", day=day)


def journal_with(*drafts: Draft[Any], at: Instant = LATER) -> Journal:
    journal = Journal(MemoryStore())
    journal.record(drafts, recorded_at=at)
    return journal


def record(journal: Journal, *drafts: Draft[Any]) -> list[Entry[Any]]:
    return journal.record(drafts, recorded_at=LATER)


def holdings(journal: Journal, lot: str) -> dict[str, tuple[int, int]]:
    """Rights and custody of a lot, by agent."""
    names = {number: agent for agent, number in journal.store.agents().items()}
    known = journal.store.keys([lot]).get(lot)
    number = known.first * 1024 if known else journal.store.lot_numbers([LotId(lot)])[LotId(lot)]
    return {
        names[held.account]: (held.rights_units, held.custody_units)
        for held in journal.store.holdings([number])
    }
