"""Fields: what each field of a manifest may hold.

Source:
    US EPA, e-Manifest services, schema `emanifest` 1.3, with what the descriptions of its fields
    say beyond the schema: the form of a tracking number, of a telephone number, of a density.
"""

from bioloom.ledger.formats.emanifest.rules.shapes import (
    Shape,
    listed,
    moment,
    number,
    one_of,
    or_null,
    record,
    text,
    whether,
    whole,
)
from bioloom.ledger.formats.linked.strict import words

UNITS = {
    "P": "Pounds",
    "T": "Tons (2000 Pounds)",
    "K": "Kilograms",
    "M": "Metric Tons (1000 Kilograms)",
    "G": "Gallons",
    "L": "Liters",
    "Y": "Cubic Yards",
    "N": "Cubic Meters",
}
CONTAINERS = {
    "BA": "Burlap, cloth, paper, or plastic bags",
    "DT": "Dump truck",
    "CF": "Fiber or plastic boxes, cartons, cases",
    "DW": "Wooden drums, barrels, kegs",
    "CM": "Metal boxes, cartons, cases (including roll offs)",
    "HG": "Hopper or gondola cars",
    "CW": "Wooden boxes, cartons, cases",
    "TC": "Tank cars",
    "CY": "Cylinders",
    "TP": "Portable tanks",
    "DF": "Fiberboard or plastic drums, barrels, kegs",
    "TT": "Cargo tanks (tank trucks)",
    "DM": "Metal drums, barrels, kegs",
}
DENSITIES = {"1": "lbs/gal", "2": "sg"}
STATUSES = words(
    """
    NotAssigned Pending Scheduled InTransit ReadyForSignature Signed Corrected UnderCorrection
    MtnValidationFailed
    """
)
SUBMISSIONS = ("FullElectronic", "DataImage5Copy", "Hybrid", "Image")
# What stands in EPA's own examples where a number is to be put in.
PLACEHOLDER = "CHANGE ME"
TRACKING_NUMBER = r"[0-9]{9}[A-Z]{3}"
SITE_ID = r"[A-Z]{2}[A-Za-z0-9]{1,10}"

_TEXT = text()
_TRACKING = text(form=TRACKING_NUMBER, like="123456789ELC")
_CODE = record({"code": _TEXT}, needs=("code",))
_CODED = record({"code": _TEXT, "description": _TEXT}, needs=("code",))
_LOCALITY = record({"code": text(2, shortest=2), "name": text(100, shortest=1)}, needs=("code",))
_PHONE = record(
    {"number": text(form=r"\d{3}-\d{3}-\d{4}", like="703-308-0023"), "extension": text(6)},
    needs=("number",),
)
_ADDRESS = record(
    {
        "streetNumber": text(12),
        "address1": text(50),
        "address2": text(50),
        "city": text(25),
        "state": _LOCALITY,
        "country": _LOCALITY,
        "zip": _TEXT,
    },
    needs=("address1",),
)
_PERSON: dict[str, Shape] = {
    "firstName": text(38),
    "middleInitial": text(1),
    "lastName": text(38),
    "phone": _PHONE,
    "companyName": text(80),
}
_CONTACT = record(_PERSON | {"email": or_null(_TEXT)})
_SIGNER = record(
    _PERSON
    | {"userId": _TEXT, "email": or_null(_TEXT), "contactType": one_of("Email", "Text", "Voice")}
)
_DOCUMENT = record(
    {
        "name": text(form=r"[0-9a-zA-Z_\-. ]+", like="manifest.pdf"),
        "size": number(most="1e15", decimals=6),
        "mimeType": one_of("APPLICATION_PDF", "TEXT_HTML"),
    }
)
_PAPER = record({"printedName": text(255), "signatureDate": moment})
_ROLE = one_of("Industry", "State", "PPC", "EPA")
_ELECTRONIC = record(
    {
        "signer": _SIGNER,
        "signatureDate": moment,
        "humanReadableDocument": _DOCUMENT,
        "cromerrActivityId": _TEXT,
        "cromerrDocumentId": _TEXT,
        "signerRole": _ROLE,
        "signatureMethod": one_of("QuickerSign", "QuickSign"),
        "onBehalf": whether,
    }
)
SITE = record(
    {
        "siteType": one_of("Tsdf", "Generator", "Transporter", "Broker"),
        "epaSiteId": _TEXT,
        "name": text(80),
        "mailingAddress": _ADDRESS,
        "siteAddress": _ADDRESS,
        "contact": _CONTACT,
        "emergencyPhone": _PHONE,
        "paperSignatureInfo": _PAPER,
        "electronicSignaturesInfo": listed(_ELECTRONIC),
        "order": whole(1, 999),
        "siteState": _LOCALITY,
        "signatureType": one_of(
            "NotSigned", "TypedName", "QuickSign", "CROMERRSign", "QuickerSign"
        ),
    }
    | dict.fromkeys(
        words("registered modified limitedEsign canEsign hasRegisteredEmanifestUser gisPrimary"),
        whether,
    )
)
_COMMENT = record({"label": text(255), "description": text(255), "handlerId": _TEXT})
_ADDITIONAL = record(
    {
        "originalManifestTrackingNumbers": listed(_TRACKING),
        "newManifestDestination": one_of("OriginalGenerator", "Tsdf"),
        "consentNumber": text(form=r"[0-9]{6}I[0-9]{5}", like="123456I12345"),
        "comments": listed(_COMMENT),
        "handlingInstructions": text(4000),
        "pcbAlternateDesignatedFacility": SITE,
    }
)
_QUANTITY = record(
    {
        "containerNumber": whole(0, 99_999),
        "containerType": record(
            {"code": one_of(*CONTAINERS), "description": one_of(*CONTAINERS.values())},
            needs=("code",),
        ),
        "quantity": whole(0, 99_999_999_999),
        "unitOfMeasurement": record(
            {"code": one_of(*UNITS), "description": one_of(*UNITS.values())}, needs=("code",)
        ),
    }
)
_PCB = record(
    {
        "loadType": _CODE,
        "articleContainerId": text(255),
        "dateOfRemoval": moment,
        "weight": number(most="99999999999.999999", decimals=6),
        "wasteType": text(255),
        "bulkIdentity": text(255),
    }
)
_BIENNIAL = record(
    {
        "density": number(above=0, most="999.99", decimals=2),
        "densityUnitOfMeasurement": record(
            {"code": one_of(*DENSITIES), "description": one_of(*DENSITIES.values())}
        ),
        "formCode": _CODED,
        "sourceCode": _CODED,
        "wasteMinimizationCode": _CODED,
        "mixedRadioactiveWaste": whether,
    }
)
_WASTE = record(
    {
        "dotHazardous": whether,
        "dotInformation": record(
            {"idNumber": _CODE, "printedDotInformation": text(500)},
            needs=("idNumber", "printedDotInformation"),
        ),
        "wasteDescription": text(500),
        "quantity": _QUANTITY,
        "brInfo": _BIENNIAL,
        "br": whether,
        "hazardousWaste": record(
            {
                "federalWasteCodes": listed(_CODED),
                "tsdfStateWasteCodes": listed(_CODED),
                "txWasteCodes": listed(text(8, shortest=8)),
                "generatorStateWasteCodes": listed(_CODED),
            }
        ),
        "pcb": whether,
        "pcbInfos": listed(_PCB),
        "discrepancyResidueInfo": record(
            {
                "wasteQuantity": whether,
                "wasteType": whether,
                "discrepancyComments": text(255, shortest=1),
                "residue": whether,
                "residueComments": text(255, shortest=1),
            }
        ),
        "managementMethod": _CODED,
        "additionalInfo": _ADDITIONAL,
        "lineNumber": whole(1, 9_999),
        "epaWaste": whether,
    },
    needs=("dotHazardous", "br", "pcb", "lineNumber", "epaWaste"),
)
_REJECTION = record(
    {
        "transporterOnSite": whether,
        "rejectionType": one_of("FullReject", "PartialReject"),
        "alternateDesignatedFacilityType": one_of("Generator", "Tsdf"),
        "generatorPaperSignature": _PAPER,
        "generatorElectronicSignature": _ELECTRONIC,
        "alternateDesignatedFacility": SITE,
        "newManifestTrackingNumbers": listed(_TRACKING),
        "rejectionComments": text(255, shortest=1),
    }
)
_IMPORT = record(
    {
        "importGenerator": record(
            {
                "name": text(80),
                "address": text(50),
                "city": text(25),
                "country": _LOCALITY,
                "postalCode": text(25),
                "province": text(50),
            }
        ),
        "portOfEntry": record({"state": _LOCALITY, "cityPort": text(100)}),
    }
)
_CORRECTION = record(
    {
        "versionNumber": whole(0, 10**6),
        "active": whether,
        "ppcActive": whether,
        "electronicSignatureInfo": _ELECTRONIC,
        "epaSiteId": _TEXT,
        "initiatorRole": _ROLE,
        "updateRole": one_of("Industry", "State", "Ppc", "Epa"),
    }
)
_CORRECTION_REQUEST = record(
    {
        "correctionRequestStatus": one_of("NotSent", "Sent", "IndustryResponded"),
        "correctionRequestDate": moment,
        "initiatorState": _CODE,
        "active": whether,
        "stateUser": record(
            {"email": or_null(_TEXT), "firstName": _TEXT, "lastName": _TEXT, "phone": _PHONE},
            is_open=True,
        ),
        "sections": listed(record({"sectionNumber": _TEXT, "comments": _TEXT}, is_open=True)),
    },
    is_open=True,
)
_TRACKING_VALIDATION = record(
    {
        "mtnExtractionStatus": one_of("NotStarted", "Completed", "Failed"),
        "mtnsMatch": whether,
        "pdfMtn": _TEXT,
        "pdfMtnUnique": whether,
        "mtnCorrect": whether,
        "mtnRerunCounter": whole(0, 10**6),
        "mtnDiscrepancyCorrection": whether,
    }
)
MANIFEST = record(
    {
        "manifestTrackingNumber": text(
            form=f"{TRACKING_NUMBER}|{PLACEHOLDER}", like="123456789ELC"
        ),
        "status": one_of(*STATUSES),
        "submissionType": one_of(*SUBMISSIONS),
        "originType": one_of("Web", "Service", "Mail"),
        "potentialShipDate": _TEXT,
        "certifiedBy": _SIGNER,
        "lastUpdatedBy": _SIGNER,
        "generator": SITE,
        "transporters": listed(SITE),
        "designatedFacility": SITE,
        "broker": SITE,
        "wastes": listed(_WASTE),
        "rejectionInfo": _REJECTION,
        "residueNewManifestTrackingNumbers": listed(_TRACKING),
        "importInfo": _IMPORT,
        "correctionRequests": listed(_CORRECTION_REQUEST),
        "printedDocument": _DOCUMENT,
        "formDocument": _DOCUMENT,
        "additionalInfo": _ADDITIONAL,
        "correctionInfo": _CORRECTION,
        "ppcStatus": one_of(
            *words(
                """
                Draft PendingDataEntry DataEntryInProgress PendingDataQc PendingDataQa
                DataQaCompleted PendingIndustryCorrections IndustryCorrected
                """
            )
        ),
        "mtnValidationInfo": _TRACKING_VALIDATION,
        "lockReason": one_of("AsyncSign", "EpaChangeBiller", "EpaCorrection"),
    }
    | dict.fromkeys(words("createdDate updatedDate shippedDate receivedDate certifiedDate"), moment)
    | dict.fromkeys(
        words(
            """
            isPublic signatureStatus rejection discrepancy residue import locked
            containsPreviousRejectOrResidue provideImageGeneratorInfo
            """
        ),
        whether,
    )
)
