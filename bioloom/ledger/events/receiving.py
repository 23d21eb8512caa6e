"""Receiving: whether a receipt of waste, or the word that it was reported, fits the record."""

from decimal import Decimal, InvalidOperation

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import receipt_name
from bioloom.ledger.holdings import LotUnknown
from bioloom.vocabulary.amounts import MILLIGRAM, read_amount
from bioloom.vocabulary.entries.receipts import ReceiptReported, ReceivedItem, WasteReceived
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.wastes.listing import listed_waste

# Before it a year is a slip of the hand, and a timezone may have no day for it.
_FIRST_INSTANT = Instant("1900-01-01T00:00:00.000Z")


class ReceiptUnknown(Refusal):
    """A receipt that the record does not have, or not as it is told."""

    def __init__(self, *, movement: str) -> None:
        self.movement = movement
        super().__init__(
            what=f"The record has no receipt of the movement '{movement}' by this receiver.",
            why="Only a receipt that is in the record can be reported, or followed by another.",
            remedy="See `bioloom receipts due` for the names of movements.",
        )


class ReceiptSenseless(Refusal):
    """A receipt whose parts cannot be as they are told."""

    def __init__(self, *, movement: str, found: str) -> None:
        self.movement, self.found = movement, found
        super().__init__(
            what=f"The receipt of '{movement}' cannot be as it is told: {found}.",
            why="It is told to an authority, and what is told there must be countable.",
            remedy="Correct that part of the receipt.",
        )


def judge_receiving(told: WasteReceived | ReceiptReported, facts: Facts, *, at: Instant) -> None:
    """Hold a receipt, or the word that one was reported, against the record.

    Raises:
        LotUnknown: If it names a lot that there is not.
        ReceiptSenseless: If it has no item, a lot twice or unweighed, or a figure or a year that
            cannot be.
        ReceiptUnknown: If it is about, or follows, one that the record does not have.
        LowCodeUnreadable, LowCodeUnknown: If an EWC code is none of the List of Waste.
    """
    if isinstance(told, ReceiptReported):
        _judge_reported(told, facts)
        return
    if at < _FIRST_INSTANT:
        raise ReceiptSenseless(movement=told.movement, found=f"it is said to have come at {at}")
    _judge_receipt(told, facts)


def _judge_receipt(receipt: WasteReceived, facts: Facts) -> None:
    about = facts.about(receipt_name(receipt.movement))
    if any(isinstance(entry.body, WasteReceived) for entry in about):
        found = "the record has another receipt of this movement"
        raise ReceiptSenseless(movement=receipt.movement, found=found)
    lots = [item.lot for item in receipt.items]
    if not lots or len(set(lots)) < len(lots):
        found = "it names a lot twice" if lots else "it names no lot"
        raise ReceiptSenseless(movement=receipt.movement, found=found)
    for number in (*receipt.regulatory_position_statements, *(i.containers for i in receipt.items)):
        if not 0 <= number <= LARGEST_MG:
            raise ReceiptSenseless(movement=receipt.movement, found=f"{number} is no such number")
    for item in receipt.items:
        kind = facts.kind_of(item.lot)
        if kind is None:
            raise LotUnknown(lot=item.lot)
        if kind[1] != MILLIGRAM:
            raise ReceiptSenseless(movement=receipt.movement, found=f"{item.lot} is not weighed")
        _judge_item(receipt, item)
    if receipt.follows is not None and not facts.about(receipt_name(receipt.follows)):
        raise ReceiptUnknown(movement=receipt.follows)


def _judge_item(receipt: WasteReceived, item: ReceivedItem) -> None:
    for code in item.ewc_codes:
        listed_waste(code)
    for treatment in item.treatments:
        read_amount(_number(receipt, treatment.reported), treatment.unit)
    for component in (*item.pops.components, *item.hazards.components):
        if component.concentration_mg_per_kg is not None:
            _number(receipt, component.concentration_mg_per_kg)


def _judge_reported(reported: ReceiptReported, facts: Facts) -> None:
    entry = facts.entry(reported.entry)
    body = None if entry is None else entry.body
    if not isinstance(body, WasteReceived) or (body.movement, body.receiver) != (
        reported.movement,
        reported.receiver,
    ):
        raise ReceiptUnknown(movement=reported.movement)


def _number(receipt: WasteReceived, text: str) -> Decimal:
    try:
        number = Decimal(text) if len(text) <= 60 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 60:
        raise ReceiptSenseless(movement=receipt.movement, found=f"'{text[:60]}' is no number")
    return number
