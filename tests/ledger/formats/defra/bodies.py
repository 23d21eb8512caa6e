"""A body that Digital Waste Tracking would accept, and the same with one thing changed."""

import copy
import json
from typing import Any

from bioloom.ledger.formats.defra.checking import judge_bodies
from bioloom.ledger.formats.verdicts import FileJudged

GONE = object()
WEIGHT = {"metric": "Tonnes", "amount": 1.5, "isEstimate": False}
HAZARDS: dict[str, Any] = {
    "sourceOfComponents": "PROVIDED_WITH_WASTE",
    "hazCodes": ["HP_6"],
    "components": [{"name": "Mercury", "concentration": 0.35}],
}
POPS: dict[str, Any] = {
    "sourceOfComponents": "OWN_TESTING",
    "components": [{"code": "HBB", "concentration": 12.5}],
}
BODY: dict[str, Any] = {
    "apiCode": "ba6eb330-4f7f-11eb-a2fb-67c34e9ac07c",
    "dateTimeReceived": "2026-03-04T07:45:00Z",
    "hazardousWasteConsignmentCode": "CJ32LE/A0001",
    "yourUniqueReference": "ticket 4711",
    "otherReferencesForMovement": [{"label": "PO Number", "reference": "PO-12345"}],
    "specialHandlingRequirements": "Keep upright.",
    "wasteItems": [
        {
            "ewcCodes": ["200121", "160601"],
            "wasteDescription": "Tubes and batteries from offices",
            "physicalForm": "Solid",
            "numberOfContainers": 2,
            "typeOfContainers": "DRU",
            "weight": WEIGHT,
            "containsPops": True,
            "pops": POPS,
            "containsHazardous": True,
            "hazardous": HAZARDS,
            "disposalOrRecoveryCodes": [{"code": "R4", "weight": dict(WEIGHT)}],
        }
    ],
    "carrier": {
        "registrationNumber": "CBDU123456",
        "organisationName": "Green Wheels Ltd",
        "address": {"fullAddress": "1 Yard, Leeds", "postcode": "LS1 4AP"},
        "emailAddress": "desk@wheels.example.co.uk",
        "phoneNumber": "0113 496 0000",
        "vehicleRegistration": "AB12 CDE",
        "meansOfTransport": "Road",
    },
    "brokerOrDealer": {
        "organisationName": "Broker & Daughters",
        "address": {"postcode": "D02 X285"},
        "registrationNumber": "ROC UT 9999",
    },
    "receiver": {
        "siteName": "North yard",
        "authorisationNumber": "EPR/DD2522BF",
        "regulatoryPositionStatements": [343],
    },
    "receipt": {"address": {"fullAddress": "2 Quay, Leeds", "postcode": "LS10 1AA"}},
}
ITEM = "$.wasteItems[0]"


def changed(path: str, value: object, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """A body with one value set, or taken out: `changed("$.carrier.address", GONE)`."""
    made = copy.deepcopy(BODY if body is None else body)
    names = path.removeprefix("$.").replace("[", ".").replace("]", "").split(".")
    held: Any = made
    for name in names[:-1]:
        held = held[int(name) if name.isdecimal() else name]
    last: Any = int(names[-1]) if names[-1].isdecimal() else names[-1]
    if value is GONE:
        del held[last]
    else:
        held[last] = value
    return made


def judged(body: object) -> FileJudged:
    return judge_bodies("body.json", json.dumps(body).encode())
