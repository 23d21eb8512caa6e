"""A manifest that was signed by everyone: two lines, two transporters."""

from copy import deepcopy
from typing import Any

_PHONE = {"number": "703-308-0023"}


def _site(site_id: str, day: int, **more: object) -> dict[str, Any]:
    signed = {"printedName": "N. N.", "signatureDate": f"2026-03-{day:02}T04:00:00.000+0000"}
    return {"epaSiteId": site_id, "contact": {"phone": _PHONE}, "paperSignatureInfo": signed} | more


SIGNED: dict[str, Any] = {
    "manifestTrackingNumber": "123456789ELC",
    "status": "Signed",
    "submissionType": "FullElectronic",
    "generator": _site("VATEST000004", 1, name="Dye works"),
    "transporters": [_site("VATEST000001", 2, order=1), _site("VATEST000002", 3, order=2)],
    "designatedFacility": _site("VAD000532119", 4),
    "wastes": [
        {
            "lineNumber": 1,
            "dotHazardous": False,
            "wasteDescription": "Dye sludge",
            "epaWaste": True,
            "br": False,
            "pcb": False,
            "quantity": {
                "containerNumber": 3,
                "containerType": {"code": "DM"},
                "quantity": 500,
                "unitOfMeasurement": {"code": "K"},
            },
            "hazardousWaste": {"federalWasteCodes": [{"code": "D001"}]},
            "managementMethod": {"code": "H141"},
            "additionalInfo": {"comments": [{"label": "Profile", "description": "7"}]},
        },
        {
            "lineNumber": 2,
            "dotHazardous": True,
            "dotInformation": {
                "idNumber": {"code": "NA1993"},
                "printedDotInformation": "NA1993, Waste Diesel fuel, 3, III",
            },
            "epaWaste": True,
            "br": False,
            "pcb": False,
            "quantity": {
                "containerNumber": 1,
                "containerType": {"code": "DM"},
                "quantity": 55,
                "unitOfMeasurement": {"code": "G"},
            },
            "hazardousWaste": {"federalWasteCodes": [{"code": "D001"}]},
            "managementMethod": {"code": "H039"},
        },
    ],
}


def manifest(**changes: object) -> dict[str, Any]:
    """The manifest with some of its fields changed; None takes a field out."""
    made = deepcopy(SIGNED) | deepcopy(changes)
    return {name: value for name, value in made.items() if value is not None}


def with_line(line: int, **changes: object) -> dict[str, Any]:
    """The manifest with some fields of one of its lines changed; None takes a field out."""
    made = manifest()
    changed = made["wastes"][line - 1] | deepcopy(changes)
    made["wastes"][line - 1] = {name: held for name, held in changed.items() if held is not None}
    return made
