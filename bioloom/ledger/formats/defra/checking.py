"""Checking: whether Digital Waste Tracking would take a body, warn of it, or reject it.

A body is one movement (to receive or to update it) or a list of them (a bulk upload).

Where the specification contradicts itself: reasons for no consignment code are the codes of its
table, which its examples use, and not the words of its enumeration; a consignment code may be null,
as its approval tests say; an API code is a UUID, as its schema says, and not six digits.

Source:
    https://defra.github.io/waste-tracking-service: Receipt API 1.0, data definitions, FAQ and
    production approval tests (Open Government Licence v3.0).
"""

import re

from bioloom.ledger.formats.defra.codes import (
    MEANS_OF_TRANSPORT,
    REASONS_FOR_NO_CONSIGNMENT_CODE,
    REASONS_FOR_NO_REGISTRATION,
)
from bioloom.ledger.formats.defra.items import judge_items
from bioloom.ledger.formats.defra.looking import Found, Judgement
from bioloom.ledger.formats.defra.numbers import (
    is_api_code,
    is_authorisation,
    is_consignment_code,
    is_email,
    is_postcode,
    is_registration,
    is_tracking_id,
)
from bioloom.ledger.formats.linked.strict import (
    DocumentTooLarge,
    DocumentUnreadable,
    read_json_list,
)
from bioloom.ledger.formats.verdicts import FileJudged, Problem, judge_file
from bioloom.vocabulary.periods import InstantUnreadable, read_instant

FORMAT = "defra"

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)
_FIELDS = (
    *("apiCode", "submittingOrganisation", "wasteTrackingId", "dateTimeReceived"),
    *("hazardousWasteConsignmentCode", "reasonForNoConsignmentCode", "yourUniqueReference"),
    *("otherReferencesForMovement", "specialHandlingRequirements", "wasteItems", "carrier"),
    *("brokerOrDealer", "receiver", "receipt"),
)
_OF_A_PARTY = ("organisationName", "address", "emailAddress", "phoneNumber", "registrationNumber")
_OF_A_CARRIER = ("reasonForNoRegistrationNumber", "vehicleRegistration", "meansOfTransport")
_OF_A_RECEIVER = (
    *("siteName", "emailAddress", "phoneNumber", "authorisationNumber"),
    "regulatoryPositionStatements",
)
_LONGEST_VEHICLE_REGISTRATION = 10


def read_bodies(text: bytes) -> tuple[list[tuple[str, object]], bool]:
    """The movements of a document, each with its path, and whether it is a bulk upload.

    A movement may also stand alone under the name `movement`.

    Raises:
        DocumentUnreadable, DocumentTooLarge: If it is no JSON object or list.

    Example:
        >>> read_bodies(b'[{"apiCode": "a"}]')
        ([('$[0]', {'apiCode': 'a'})], True)
    """
    decoded = read_json_list(text)
    if isinstance(decoded, list):
        return [(f"$[{at}]", body) for at, body in enumerate(decoded)], True
    if set(decoded) == {"movement"}:
        return [("$.movement", decoded["movement"])], False
    return [("$", decoded)], False


def judge_bodies(name: str, text: bytes) -> FileJudged:
    """The verdict on a file: a movement, or a bulk upload of several, which stand or fall together.

    Example:
        >>> judge_bodies("none.json", b"[]").verdict
        'reject'
    """
    try:
        bodies, is_bulk = read_bodies(text)
    except (DocumentUnreadable, DocumentTooLarge) as refusal:
        return judge_file(name, FORMAT, [Problem(path="$", what=refusal.what)])
    judgement = Judgement()
    if not bodies:
        Found(bodies, "$", judgement).error("it is empty: a bulk upload has movements")
    updates = sum(isinstance(body, dict) and "wasteTrackingId" in body for _, body in bodies)
    for path, body in bodies:
        _judge_movement(Found(body, path, judgement), is_bulk=is_bulk)
    if 0 < updates < len(bodies):
        told = (
            f"{updates} of {len(bodies)} movements are updates: they are sent apart from new ones"
        )
        Found(bodies, "$", judgement).note(told)
    return judge_file(name, FORMAT, judgement.problems, judgement.notes)


def judge_movement(body: object, path: str = "$", *, is_bulk: bool = False) -> FileJudged:
    """The verdict on one movement, as an endpoint would give it, alone or in a bulk upload."""
    judgement = Judgement()
    _judge_movement(Found(body, path, judgement), is_bulk=is_bulk)
    return judge_file(path, FORMAT, judgement.problems, judgement.notes)


def _judge_movement(movement: Found, *, is_bulk: bool) -> None:
    if not movement.is_object():
        return
    movement.unknown(_FIELDS)
    _judge_sender(movement, is_bulk=is_bulk)
    if movement["wasteTrackingId"].is_there:
        movement["wasteTrackingId"].of_form(is_tracking_id, "waste tracking id, like 25HRA0B2")
    if movement["dateTimeReceived"].needed():
        form = "date and time with seconds and an offset, like 2025-09-15T12:12:28Z"
        movement["dateTimeReceived"].of_form(_is_moment, form)
    _judge_references(movement)
    has_hazards = judge_items(movement["wasteItems"])
    _judge_consignment(movement, has_hazards=has_hazards)
    _judge_carrier(movement["carrier"])
    if movement["brokerOrDealer"].is_there:
        _judge_broker(movement["brokerOrDealer"])
    _judge_receiver(movement["receiver"])
    _judge_receipt(movement["receipt"])


def _judge_sender(movement: Found, *, is_bulk: bool) -> None:
    """Who sends it: an API code or, in bulk uploads, the organisation's own id."""
    code, sender = movement["apiCode"], movement["submittingOrganisation"]
    if code.is_there or not (is_bulk or sender.is_there):
        if code.needed():
            code.of_form(is_api_code, "UUID")
        return
    if sender.needed() and sender.is_object():
        own = sender["defraCustomerOrganisationId"]
        if own.needed():
            own.text()
    if not is_bulk:
        code.needed()


def _judge_references(movement: Found) -> None:
    movement["yourUniqueReference"].optional_text()
    movement["specialHandlingRequirements"].optional_text()
    others = movement["otherReferencesForMovement"]
    if not others.is_there or not others.is_list():
        return
    for other in others.each():
        if other.is_object():
            other.unknown(("label", "reference"))
            for part in (other["label"], other["reference"]):
                if part.needed():
                    part.text()


def _judge_consignment(movement: Found, *, has_hazards: bool) -> None:
    code, reason = movement["hazardousWasteConsignmentCode"], movement["reasonForNoConsignmentCode"]
    if code.is_given:
        code.of_form(is_consignment_code, "consignment code, like CJ32LE/A0001 or SB1234567")
    if reason.is_given:
        reason.one_of(REASONS_FOR_NO_CONSIGNMENT_CODE)
    elif has_hazards and not code.is_given:
        reason.error(
            "it is missing: an EWC code is of hazardous waste, and there is no consignment code",
        )


def _judge_carrier(carrier: Found) -> None:
    if not carrier.needed() or not carrier.is_object():
        return
    carrier.unknown((*_OF_A_PARTY, *_OF_A_CARRIER))
    _judge_party(carrier)
    number, reason = carrier["registrationNumber"], carrier["reasonForNoRegistrationNumber"]
    if number.is_given:
        number.of_form(is_registration, "registration number of England, Wales, Scotland or NI")
        if reason.is_given:
            reason.error("it is given, and so is a registration number")
    elif number.needed():
        if reason.is_given:
            reason.one_of(REASONS_FOR_NO_REGISTRATION)
        else:
            reason.error("it is missing, and so is a registration number")
    means = carrier["meansOfTransport"]
    told = means.one_of(MEANS_OF_TRANSPORT) if means.needed() else None
    _judge_vehicle(carrier["vehicleRegistration"], told)


def _judge_vehicle(vehicle: Found, means: str | None) -> None:
    if vehicle.is_given:
        text = vehicle.text()
        if text is not None and len(text) > _LONGEST_VEHICLE_REGISTRATION:
            vehicle.error("it has more than 10 characters")
        if means not in (None, "Road"):
            vehicle.error(f"it is given, and waste came by {means}")
    elif means == "Road":
        vehicle.error("it is missing, and waste came by Road")


def _judge_broker(broker: Found) -> None:
    if not broker.is_object():
        return
    broker.unknown(_OF_A_PARTY)
    _judge_party(broker)
    if broker["registrationNumber"].is_there:
        form = "registration number of England, Wales, Scotland or NI"
        broker["registrationNumber"].of_form(is_registration, form)


def _judge_party(party: Found) -> None:
    if party["organisationName"].needed():
        party["organisationName"].text()
    _judge_contact(party)
    if party["address"].is_there:
        party["address"]["fullAddress"].optional_text()
        _judge_address(party["address"], irish=True)


def _judge_contact(party: Found) -> None:
    if party["emailAddress"].is_there:
        party["emailAddress"].of_form(is_email, "email address")
    party["phoneNumber"].optional_text()


def _judge_address(address: Found, *, irish: bool) -> None:
    if not address.is_object():
        return
    address.unknown(("fullAddress", "postcode"))
    if address["postcode"].needed():
        where = "the UK or Ireland" if irish else "the UK"
        address["postcode"].of_form(
            lambda text: is_postcode(text, irish=irish), f"postcode of {where}, with its space"
        )


def _judge_receiver(receiver: Found) -> None:
    if not receiver.needed() or not receiver.is_object():
        return
    receiver.unknown(_OF_A_RECEIVER)
    if receiver["siteName"].needed():
        receiver["siteName"].text()
    _judge_contact(receiver)
    if receiver["authorisationNumber"].needed():
        form = "site authorisation number in a valid UK format"
        receiver["authorisationNumber"].of_form(is_authorisation, form)
    statements = receiver["regulatoryPositionStatements"]
    if statements.is_there and statements.is_list():
        for statement in statements.each():
            statement.number(1, whole=True)


def _judge_receipt(receipt: Found) -> None:
    if not receipt.needed() or not receipt.is_object():
        return
    receipt.unknown(("address",))
    address = receipt["address"]
    if address.needed():
        if isinstance(address.value, dict) and address["fullAddress"].needed():
            address["fullAddress"].text()
        _judge_address(address, irish=False)


def _is_moment(text: str) -> bool:
    if _RFC_3339.fullmatch(text) is None:
        return False
    try:
        read_instant(text.upper())
    except InstantUnreadable:
        return False
    return True
