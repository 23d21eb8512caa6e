"""What somebody tells, as a file or a form has it, and how its body is read."""

from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import msgspec

from bioloom.vocabulary.amounts import Amount, read_amount
from bioloom.vocabulary.entries.compositions import CompositionDeclared
from bioloom.vocabulary.entries.contracts import AgreementEnded, AgreementMade
from bioloom.vocabulary.entries.custody import (
    CertificatesIssued,
    CertificatesRetired,
    CertificatesTransferred,
    CharacteristicDeclared,
    CustodyClaimed,
    CustodyInputBooked,
    CustodyModelDeclared,
)
from bioloom.vocabulary.entries.estimates import EstimateMade
from bioloom.vocabulary.entries.events import (
    ClaimMade,
    EventHappened,
    Loss,
    LotMade,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    PromiseMade,
    ReversalReason,
)
from bioloom.vocabulary.entries.receipts import ReceiptReported, WasteReceived
from bioloom.vocabulary.refusal import Refusal

Kind = Literal[
    "EventHappened",
    "EventReversed",
    "ProcessSpecified",
    "ProcessOpened",
    "ProcessClosed",
    "PromiseMade",
    "ClaimMade",
    "EstimateMade",
    "CompositionDeclared",
    "AgreementMade",
    "AgreementEnded",
    "WasteReceived",
    "ReceiptReported",
    "CustodyModelDeclared",
    "CharacteristicDeclared",
    "CustodyInputBooked",
    "CustodyClaimed",
    "CertificatesIssued",
    "CertificatesTransferred",
    "CertificatesRetired",
]


class Reversal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry is taken back; its movements are worked out from it."""

    entry: str
    reason: ReversalReason


class Closing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A process ends; what is used up, and the residual, are worked out from its events."""

    process: ProcessId
    losses: tuple[Loss, ...] = ()


_AMOUNTS = ("quantity", "effort", "amount")
_SHAPES: dict[Kind, type[msgspec.Struct]] = {
    "EventHappened": EventHappened,
    "EventReversed": Reversal,
    "ProcessSpecified": ProcessSpecified,
    "ProcessOpened": ProcessOpened,
    "ProcessClosed": Closing,
    "PromiseMade": PromiseMade,
    "ClaimMade": ClaimMade,
    "EstimateMade": EstimateMade,
    "CompositionDeclared": CompositionDeclared,
    "AgreementMade": AgreementMade,
    "AgreementEnded": AgreementEnded,
    "WasteReceived": WasteReceived,
    "ReceiptReported": ReceiptReported,
    "CustodyModelDeclared": CustodyModelDeclared,
    "CharacteristicDeclared": CharacteristicDeclared,
    "CustodyInputBooked": CustodyInputBooked,
    "CustodyClaimed": CustodyClaimed,
    "CertificatesIssued": CertificatesIssued,
    "CertificatesTransferred": CertificatesTransferred,
    "CertificatesRetired": CertificatesRetired,
}


class Told(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happened, as somebody tells it.

    `key` is its own number where it comes from: told twice under the same key, it is one.
    """

    kind: Kind
    key: str
    body: dict[str, Any]
    # RFC 3339 with an offset; now, where it is left out.
    occurred_at: str | None = None


class BodyUnreadable(Refusal):
    """The body of something told is not of its kind's shape."""

    def __init__(self, *, kind: Kind, found: str) -> None:
        self.kind, self.found = kind, found
        super().__init__(
            what=f"This is no {kind}: {found}.",
            why="Guessing what was meant would falsify the record.",
            remedy="See docs/how-to/record-what-happens.md for the fields, and correct it.",
        )


def read_told(told: Told) -> msgspec.Struct:
    """The body of something told; amounts are read from what is reported, never believed.

    Raises:
        BodyUnreadable: If it is not of its kind's shape.
    """
    fields = dict(told.body)
    for name in _AMOUNTS:
        if isinstance(amount := fields.get(name), dict):
            fields[name] = _counted(told.kind, amount)
    if unknown := _unknown(fields, _SHAPES[told.kind]):
        raise BodyUnreadable(kind=told.kind, found=f"it has no field `{unknown}`")
    try:
        return msgspec.convert(fields, _SHAPES[told.kind])
    except msgspec.ValidationError as unreadable:
        raise BodyUnreadable(kind=told.kind, found=str(unreadable)) from unreadable


def _unknown(fields: dict[str, Any], shape: type[msgspec.Struct]) -> str | None:
    """A field of a body, or of the lot that it makes, which its shape does not have."""
    made = fields.get("made")
    if shape is EventHappened and isinstance(made, dict):
        found = _unknown(made, LotMade)
        if found is not None:
            return f"made.{found}"
    return next((name for name in fields if name not in shape.__struct_fields__), None)


def _counted(kind: Kind, amount: dict[str, Any]) -> Amount:
    try:
        reported, unit = str(amount["reported"]), str(amount["unit"])
        counted, _ = read_amount(Decimal(reported), unit)
    except (KeyError, InvalidOperation) as unreadable:
        found = "an amount needs `reported`, a number, and `unit`"
        raise BodyUnreadable(kind=kind, found=found) from unreadable
    if amount.get("units", counted.units) != counted.units:
        found = f"{reported} {unit} are {counted.units} base units, not {amount['units']}"
        raise BodyUnreadable(kind=kind, found=found)
    return counted
