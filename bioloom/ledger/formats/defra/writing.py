"""Writing: the receipts of a record as bodies of Digital Waste Tracking.

Weights are those of the lots as the record has them now. Contacts are not in the record, and so not
in a body; nor is the API code, which its operator keeps.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from bioloom.ledger.formats.defra.looking import PLACEHOLDER
from bioloom.ledger.formats.defra.receiving import UNITS
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.receipts import (
    Broker,
    Carrier,
    Contents,
    PostalAddress,
    ReceiptReported,
    ReceivedItem,
    Treatment,
    WasteReceived,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.quantities import MASS_UNITS_MG
from bioloom.vocabulary.stamps import Stamp

_METRICS = {unit: metric for metric, unit in UNITS.items()}
_EXACT = msgspec.json.Encoder(decimal_format="number")
_FOLLOWS = "Follows movement"


@dataclass(frozen=True, slots=True)
class _Lot:
    """What a lot weighed when it came, and the newest entry that moved it in."""

    amount: Amount
    stamp: Stamp
    seq: int


@dataclass(slots=True)
class Receipts:
    """The receipts of a record, the lots that they name, and which were reported as what."""

    received: dict[str, Entry[WasteReceived]] = field(default_factory=dict)
    reported: dict[str, Entry[ReceiptReported]] = field(default_factory=dict)
    lots: dict[LotId, _Lot] = field(default_factory=dict)
    # The entries by which lots were taken back, or turned away at the gate.
    gone: dict[LotId, int] = field(default_factory=dict)

    def items(self, movement: str) -> list[ReceivedItem]:
        """What of a movement was received, and not turned away since."""
        return [item for item in self.received[movement].body.items if item.lot in self.lots]

    def is_to_be_sent(self, movement: str) -> bool:
        """Whether a receipt was not reported, or was corrected since."""
        reported = self.reported.get(movement)
        is_changed = (
            reported is None
            or self.newest_seq(movement) > reported.seq
            or bool(self.turned_away(movement))
        )
        return bool(self.items(movement)) and is_changed

    def newest_seq(self, movement: str) -> int:
        """The newest entry that says what of a movement was received."""
        lots = (self.lots[item.lot].seq for item in self.items(movement))
        return max([self.received[movement].seq, *lots])

    def turned_away(self, movement: str) -> list[LotId]:
        """The lots of a movement that were taken back after it was reported."""
        reported, entry = self.reported.get(movement), self.received[movement]
        if reported is None:
            return []
        return [item.lot for item in entry.body.items if self.gone.get(item.lot, 0) > reported.seq]


def receipts_of(entries: Iterable[Entry[Any]]) -> Receipts:
    """The receipts among some entries, in their order.

    Args:
        entries: Entries of a record; those that others replaced or took back are to be left out.
    """
    found = Receipts()
    for entry in entries:
        match entry.body:
            case WasteReceived(movement=movement):
                found.received[movement] = entry
            case ReceiptReported(movement=movement):
                found.reported[movement] = entry
            case LotArrived() as arrived:
                amount = Amount(units=arrived.mass_mg, reported=arrived.reported, unit=arrived.unit)
                found.lots[arrived.lot] = _Lot(amount, arrived.stamp, entry.seq)
            case EventHappened(made=made, quantity=quantity) if made and quantity:
                found.lots[made.lot] = _Lot(quantity, entry.body.stamp, entry.seq)
            case EventReversed(moves=moves, reason=reason):
                for leg in moves:
                    found.gone[leg.lot] = entry.seq
                    if reason == "rejected":
                        found.lots.pop(leg.lot, None)
    return found


def bodies_of(
    receipts: Receipts, *, api_code: str | None = None, to_be_sent: bool = False
) -> Iterator[Tree]:
    """The bodies of receipts, in the order of the record; an update names its tracking id.

    What was turned away (taken back as rejected) is no receipt, and is left out.

    Args:
        receipts: The receipts of a record.
        api_code: The operator's code for the receiving site; without one, a placeholder stands in
            its place.
        to_be_sent: Whether to leave those out that were reported as they are.
    """
    for movement, entry in receipts.received.items():
        if receipts.items(movement) and (not to_be_sent or receipts.is_to_be_sent(movement)):
            yield {"apiCode": api_code or PLACEHOLDER} | _body(entry, receipts)


def write_bodies(bodies: Iterable[Tree]) -> bytes:
    """Bodies as a bulk upload: a list, with exact numbers."""
    return msgspec.json.format(_EXACT.encode(list(bodies)), indent=2)


def _body(entry: Entry[WasteReceived], receipts: Receipts) -> Tree:
    receipt = entry.body
    reported = receipts.reported.get(receipt.movement)
    others = [
        {"label": other.label, "reference": other.reference} for other in receipt.other_references
    ]
    if receipt.follows is not None:
        others.append({"label": _FOLLOWS, "reference": _name_of(receipt.follows, receipts)})
    return _given(
        {
            "wasteTrackingId": None if reported is None else reported.body.tracking_id,
            "dateTimeReceived": entry.occurred_at,
            "hazardousWasteConsignmentCode": receipt.consignment_code,
            "reasonForNoConsignmentCode": receipt.reason_for_no_consignment_code,
            "yourUniqueReference": receipt.reference,
            "otherReferencesForMovement": others,
            "specialHandlingRequirements": receipt.special_handling,
            "wasteItems": [
                _item(item, receipts.lots[item.lot]) for item in receipts.items(receipt.movement)
            ],
            "carrier": _carrier(receipt.carrier),
            "brokerOrDealer": _broker(receipt.broker),
            "receiver": _given(
                {
                    "siteName": receipt.site_name,
                    "authorisationNumber": receipt.authorisation,
                    "regulatoryPositionStatements": list(receipt.regulatory_position_statements),
                }
            ),
            "receipt": {"address": _address(receipt.address)},
        }
    )


def _name_of(movement: str, receipts: Receipts) -> str:
    """What others know a movement by: its tracking id, its own reference, or its name here."""
    if (reported := receipts.reported.get(movement)) is not None:
        return reported.body.tracking_id
    entry = receipts.received.get(movement)
    return movement if entry is None else entry.body.reference or movement


def _item(item: ReceivedItem, lot: _Lot) -> Tree:
    return {
        "ewcCodes": [code.replace(" ", "").removesuffix("*") for code in item.ewc_codes],
        "wasteDescription": item.description,
        "physicalForm": item.form,
        "numberOfContainers": item.containers,
        "typeOfContainers": item.container_type,
        "weight": _weight(lot.amount.reported, lot.amount.unit, lot.stamp),
        "containsPops": item.pops.contained,
        **_contents("pops", item.pops, "code"),
        "containsHazardous": item.hazards.contained,
        **_contents("hazardous", item.hazards, "name"),
        **_given({"disposalOrRecoveryCodes": [_treatment(one) for one in item.treatments]}),
    }


def _contents(name: str, contents: Contents, component: str) -> Tree:
    told = _given(
        {
            "sourceOfComponents": contents.source,
            "hazCodes": list(contents.codes),
            "components": [
                _given(
                    {
                        component: one.name,
                        "concentration": None
                        if one.concentration_mg_per_kg is None
                        else Decimal(one.concentration_mg_per_kg),
                    }
                )
                for one in contents.components
            ],
        }
    )
    return {name: told} if told else {}


def _treatment(treatment: Treatment) -> Tree:
    weight = _weight(treatment.reported, treatment.unit, treatment.stamp)
    return {"code": treatment.code, "weight": weight}


def _weight(reported: str, unit: str, stamp: Stamp) -> Tree:
    """A weight as it was reported; in grams to the milligram where the service has no such unit.

    Whatever was not measured is told as an estimate.
    """
    amount, metric = Decimal(reported), _METRICS.get(unit)
    if metric is None:
        units_mg = round(Fraction(amount) * MASS_UNITS_MG[unit])
        amount, metric = Decimal(units_mg).scaleb(-3), "Grams"
    return {"metric": metric, "amount": amount, "isEstimate": stamp != "measured"}


def _carrier(carrier: Carrier) -> Tree:
    return {
        # It must be there, and be null where there is none.
        "registrationNumber": carrier.registration,
        **_given({"reasonForNoRegistrationNumber": carrier.reason_for_no_registration}),
        "organisationName": carrier.name,
        **_given({"address": _address_or_none(carrier.address)}),
        **_given({"vehicleRegistration": carrier.vehicle}),
        "meansOfTransport": carrier.means,
    }


def _broker(broker: Broker | None) -> Tree | None:
    if broker is None:
        return None
    return _given(
        {
            "organisationName": broker.name,
            "address": _address_or_none(broker.address),
            "registrationNumber": broker.registration,
        }
    )


def _address(address: PostalAddress) -> Tree:
    return _given({"fullAddress": address.full, "postcode": address.postcode})


def _address_or_none(address: PostalAddress | None) -> Tree | None:
    return None if address is None else _address(address)


def _given(tree: Tree) -> Tree:
    """A tree without what nobody said."""
    return {name: value for name, value in tree.items() if value not in (None, [], {})}
