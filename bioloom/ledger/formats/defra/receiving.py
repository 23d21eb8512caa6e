"""Receiving: a body as a receipt of the record, with the movements of its lots.

Each waste item becomes a lot: it comes from outside in its carrier's hands, and passes to the site
in custody and rights at the moment of receipt. Email addresses, telephone numbers and the API code,
which lets anybody report in a site's name, are not taken into the record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from bioloom.ledger.arriving import natural_key
from bioloom.ledger.declared import Declared
from bioloom.ledger.formats.defra.looking import PLACEHOLDER
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.vocabulary.agents import OUTSIDE, AgentId
from bioloom.vocabulary.amounts import Amount, read_amount
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened, LotMade
from bioloom.vocabulary.entries.ledger import AgentDeclared, MaterialDeclared, SiteDeclared
from bioloom.vocabulary.entries.receipts import (
    Broker,
    Carrier,
    Component,
    Contents,
    PostalAddress,
    ReceivedItem,
    Reference,
    Treatment,
    WasteReceived,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Instant, read_instant
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp
from bioloom.vocabulary.wastes.listing import listed_waste

SOURCE = "defra"
UNITS = {"Grams": "g", "Kilograms": "kg", "Tonnes": "t"}
# Of who sends a body, and of what the service calls it: no part of the receipt.
NOT_OF_THE_RECEIPT = ("apiCode", "submittingOrganisation", "wasteTrackingId")


class PlaceholderLeft(Refusal):
    """A body with a value that was to be set before it was sent."""

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            what=f"{path} is a placeholder.",
            why="What was received, and when, must be in the record as it was.",
            remedy="Set the value, and take the file in again.",
        )


@dataclass(frozen=True, slots=True)
class By:
    """Who tells a receipt, and when."""

    author: AgentId
    at: Instant


@dataclass(frozen=True, slots=True)
class Received:
    """A receipt, when it happened, and the amounts of its lots, in the order of its items."""

    receipt: WasteReceived
    at: Instant
    amounts: tuple[tuple[Amount, Stamp], ...]


def receipt_of(body: Tree, declared: Declared) -> Received:
    """A body without errors as a receipt.

    Raises:
        PlaceholderLeft: If a value is still to be set.
        AmountUncountable: If a weight is too large to be kept exactly.
        InstantUnreadable: If the moment of receipt is beyond the calendar.
    """
    for path in _placeholders({k: v for k, v in body.items() if k not in NOT_OF_THE_RECEIPT}):
        raise PlaceholderLeft(path=path)
    movement, at = _name_of(body), read_instant(str(body["dateTimeReceived"]).upper())
    receiver, site = body["receiver"], _site_of(body, declared)
    authorisation = str(receiver["authorisationNumber"]).strip()
    others = body.get("otherReferencesForMovement") or []
    receipt = WasteReceived(
        movement=movement,
        receiver=AgentId(natural_key("dwt", authorisation.upper()))
        if site is None
        else site.operator,
        site_name=receiver["siteName"],
        authorisation=authorisation,
        address=_address(body["receipt"]["address"]),
        carrier=_carrier(body["carrier"]),
        items=tuple(
            _item(item, LotId(f"{movement}:{number}"))
            for number, item in enumerate(body["wasteItems"], start=1)
        ),
        site=None if site is None else site.site,
        broker=_broker(body.get("brokerOrDealer")),
        regulatory_position_statements=tuple(
            int(one) for one in receiver.get("regulatoryPositionStatements") or ()
        ),
        consignment_code=body.get("hazardousWasteConsignmentCode") or None,
        reason_for_no_consignment_code=body.get("reasonForNoConsignmentCode") or None,
        reference=body.get("yourUniqueReference") or None,
        other_references=tuple(
            Reference(label=one["label"], reference=one["reference"]) for one in others
        ),
        special_handling=body.get("specialHandlingRequirements") or None,
    )
    amounts = tuple(_amount(item["weight"]) for item in body["wasteItems"])
    return Received(receipt, at, amounts)


def key_of(movement: str) -> str:
    """The idempotency key of the receipt of a movement."""
    return f"receipt:{movement}"


def reported_key(movement: str, newest_seq: int) -> str:
    """The idempotency key of the word that a receipt was reported, as it stood.

    Args:
        movement: Its movement.
        newest_seq: The newest entry that says anything of it or of its lots.
    """
    return f"reported:{movement}:{newest_seq}"


def not_carried(body: Tree) -> list[str]:
    """The fields of a body that the record does not carry.

    >>> not_carried({"apiCode": "a", "carrier": {"phoneNumber": "020"}})
    ['apiCode', 'carrier.phoneNumber']
    """
    sender = [name for name in NOT_OF_THE_RECEIPT[:2] if name in body]
    parties = ("carrier", "brokerOrDealer", "receiver")
    contacts = [
        f"{party}.{name}"
        for party in parties
        for name in ("emailAddress", "phoneNumber")
        if name in (body.get(party) or {})
    ]
    return sender + contacts


def drafts_of(
    received: Received, declared: Declared, *, kinds: Mapping[LotId, MaterialId], by: By
) -> list[Draft[Any]]:
    """The entries that a receipt becomes, in their order; all are to be recorded, or none.

    Args:
        received: What is told.
        declared: Who and what is declared already.
        kinds: What those of its lots are made of that the record has, by the same codes.
        by: Who tells it, and when agents and materials are declared.
    """
    receipt, told = received.receipt, list[tuple[str, Instant, msgspec.Struct]]()
    for agent, name in _parties(receipt).items():
        if agent not in declared.agents:
            told.append((f"agent:{agent}", by.at, AgentDeclared(agent=agent, name=name)))
    for item, weighed in zip(receipt.items, received.amounts, strict=True):
        made_of = kinds.get(item.lot) or _material_for(item, declared)
        if made_of not in declared.materials:
            material = _material_of(item)
            told.append((f"{SOURCE}:{made_of}", by.at, material))
        told += _moves(received, item.lot, made_of, weighed)
    told.append((key_of(receipt.movement), received.at, receipt))
    # Two items of one code declare one material.
    return [
        Draft(body=body, occurred_at=at, author=by.author, idempotency_key=key)
        for key, (at, body) in {key: (at, body) for key, at, body in told}.items()
    ]


def undoing(moves: Sequence[Entry[Any]], by: By) -> list[Draft[Any]]:
    """Movements of lots taken back to nothing, the last first, so that no balance passes below 0.

    Args:
        moves: The entries by which lots of an earlier version of a receipt came, in their order.
        by: Who corrects it.
    """
    return [
        Draft(
            body=msgspec.structs.replace(
                move.body, quantity=Amount(units=0, reported="0", unit=move.body.quantity.unit)
            ),
            occurred_at=move.occurred_at,
            author=by.author,
            idempotency_key=move.idempotency_key,
        )
        for move in reversed(moves)
    ]


def moves_of(lot: LotId) -> tuple[str, str, str]:
    """The keys of the movements by which a lot came: to its carrier, to the site, and as its own.

    >>> moves_of(LotId("defra:a:1"))
    ('defra:a:1', 'defra:a:1:received', 'defra:a:1:accepted')
    """
    return lot, f"{lot}:received", f"{lot}:accepted"


def _moves(
    told: Received, lot: LotId, material: MaterialId, weighed: tuple[Amount, Stamp]
) -> list[tuple[str, Instant, msgspec.Struct]]:
    receipt, at, (amount, stamp) = told.receipt, told.at, weighed
    carrier, receiver, site = receipt.carrier.agent, receipt.receiver, receipt.site
    come, received, accepted = moves_of(lot)
    made = LotMade(lot=lot, material=material)

    def move(action: Action, giver: AgentId, taker: AgentId) -> EventHappened:
        return EventHappened(
            action=action, provider=giver, receiver=taker, stamp=stamp, lot=lot, quantity=amount
        )

    moves: list[tuple[str, Instant, msgspec.Struct]] = [
        (come, at, msgspec.structs.replace(move("transfer", OUTSIDE, carrier), made=made))
    ]
    if carrier != receiver:
        custody = move("transferCustody", carrier, receiver)
        moves += [
            (received, at, msgspec.structs.replace(custody, to_place=site)),
            (accepted, at, move("transferAllRights", carrier, receiver)),
        ]
    return moves


def _material_for(item: ReceivedItem, declared: Declared) -> MaterialId:
    """The material of the item's first EWC code, where just one has it; else the code's own."""
    code = item.ewc_codes[0]
    found = [one.material for one in declared.materials.values() if one.low_code == code]
    return found[0] if len(found) == 1 else _material_of(item).material


def _material_of(item: ReceivedItem) -> MaterialDeclared:
    waste = listed_waste(item.ewc_codes[0])
    digits = waste.code.replace(" ", "").removesuffix("*")
    return MaterialDeclared(
        material=MaterialId(f"low-{digits}"),
        name=waste.en,
        group=GroupId(f"low-{digits[:4]}"),
        low_code=waste.code,
    )


def _parties(receipt: WasteReceived) -> dict[AgentId, str]:
    parties = {
        receipt.receiver: receipt.site_name,
        receipt.carrier.agent: receipt.carrier.name,
    }
    if receipt.broker is not None:
        parties[receipt.broker.agent] = receipt.broker.name
    return parties


def _placeholders(value: object, path: str = "$") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _placeholders(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _placeholders(inner, f"{path}[{at}]")
    elif isinstance(value, str) and PLACEHOLDER in value:
        yield path


def _name_of(body: Tree) -> str:
    """A movement by its site and its own reference; without one, by when and who brought it."""
    authorisation = str(body["receiver"]["authorisationNumber"]).strip().upper()
    reference = body.get("yourUniqueReference")
    if reference:
        return natural_key(SOURCE, authorisation, str(reference))
    carrier = body["carrier"]
    at = read_instant(str(body["dateTimeReceived"]).upper())
    brought_in = carrier.get("vehicleRegistration") or carrier["meansOfTransport"]
    return natural_key(SOURCE, authorisation, at, carrier["organisationName"], brought_in)


def _site_of(body: Tree, declared: Declared) -> SiteDeclared | None:
    """The site of that name, where just one is declared."""
    name = str(body["receiver"]["siteName"]).casefold()
    found = [
        site for site in declared.sites.values() if name in (site.name.casefold(), str(site.site))
    ]
    return found[0] if len(found) == 1 else None


def _address(told: Tree | None) -> PostalAddress:
    assert told is not None, "a body without errors has it"
    return PostalAddress(postcode=told["postcode"], full=told.get("fullAddress") or None)


def _address_or_none(told: Tree | None) -> PostalAddress | None:
    return None if told is None else _address(told)


def _carrier(told: Tree) -> Carrier:
    name = told["organisationName"]
    return Carrier(
        agent=AgentId(f"carrier:{name}"),
        name=name,
        means=told["meansOfTransport"],
        registration=told["registrationNumber"] or None,
        reason_for_no_registration=told.get("reasonForNoRegistrationNumber") or None,
        vehicle=told.get("vehicleRegistration") or None,
        address=_address_or_none(told.get("address")),
    )


def _broker(told: Tree | None) -> Broker | None:
    if told is None:
        return None
    name = told["organisationName"]
    return Broker(
        agent=AgentId(f"broker:{name}"),
        name=name,
        registration=told.get("registrationNumber") or None,
        address=_address_or_none(told.get("address")),
    )


def _item(told: Tree, lot: LotId) -> ReceivedItem:
    return ReceivedItem(
        lot=lot,
        ewc_codes=tuple(listed_waste(code).code for code in told["ewcCodes"]),
        description=told["wasteDescription"],
        form=told["physicalForm"],
        containers=int(told["numberOfContainers"]),
        container_type=told["typeOfContainers"],
        pops=_contents(told["containsPops"], told.get("pops"), "code"),
        hazards=_contents(told["containsHazardous"], told.get("hazardous"), "name"),
        treatments=tuple(map(_treatment, told.get("disposalOrRecoveryCodes") or ())),
    )


def _contents(contained: bool, told: Tree | None, component: str) -> Contents:
    told = told or {}
    return Contents(
        contained=contained,
        source=told.get("sourceOfComponents"),
        components=tuple(
            Component(name=one[component], concentration_mg_per_kg=_text(one.get("concentration")))
            for one in told.get("components") or ()
        ),
        codes=tuple(told.get("hazCodes") or ()),
    )


def _treatment(told: Tree) -> Treatment:
    amount, stamp = _amount(told["weight"])
    return Treatment(code=told["code"], reported=amount.reported, unit=amount.unit, stamp=stamp)


def _amount(weight: Tree) -> tuple[Amount, Stamp]:
    amount, _ = read_amount(Decimal(weight["amount"]), UNITS[weight["metric"]])
    return amount, "estimated" if weight["isEstimate"] else "measured"


def _text(number: int | Decimal | None) -> str | None:
    return None if number is None else str(number)
