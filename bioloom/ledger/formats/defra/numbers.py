"""Numbers of registers and post: the formats that the Receipt API states, as it writes them.

In a format, 9 is a digit, X a letter, # a whole number and ~ any suffixes of a licence in Northern
Ireland: /M, /T, /C, /N or /V#.
"""

import re
from collections.abc import Iterable

from bioloom.vocabulary.refusal import Refusal

_SIGNS = {
    "9": "[0-9]",
    "X": "[A-Z]",
    "#": "[0-9]{1,9}",
    "~": "(?:/(?:[MTCN]|V[0-9]{1,9})){0,9}",
    # The service says of carriers in Northern Ireland that spaces are not mandatory.
    "_": " ?",
}


def _one_of(formats: Iterable[str], *, any_case: bool) -> re.Pattern[str]:
    """A pattern of texts that have one of some formats.

    >>> bool(_one_of(["CBDU#", "ROC_UT_9"], any_case=False).fullmatch("ROCUT4"))
    True
    """
    told = ("".join(_SIGNS.get(sign, re.escape(sign)) for sign in one) for one in formats)
    return re.compile("|".join(told), re.IGNORECASE if any_case else re.NOFLAG)


_REGISTRATION = _one_of(
    [
        *("CBDL#", "CBDU#"),
        *("WCR/R/9999999", "SCO/999999", "SEA/999999", "SNO/999999", "SWE/999999", "WCR/999999"),
        *(f"ROC_{tier}_{'9' * digits}" for tier in ("UT", "LT") for digits in range(1, 6)),
    ],
    any_case=False,
)
_AUTHORISATION = _one_of(
    [
        # England and Wales; with EXX9999XX and PR/…, which the specification states as well.
        *("EAWML999999", "WML999999", "XX9999XX", "EXX9999XX", "XX9999XX/D9999", "EPR/XX9999XX"),
        *("EPR/XX9999XX/D9999", "PR/XX9999XX/D9999"),
        # Scotland.
        *(f"PPC/{office}/9999999" for office in "AWNE"),
        *(f"WML/{office}/9999999" for office in "LWNE"),
        *(f"WML/{office}/9999999/99" for office in "LWNE"),
        *("PPC/A/SEPA9999-9999", "WML/L/SEPA9999-9999", "EAS/P/999999"),
        # Northern Ireland.
        *("P9999/99X", "P9999/99X/V#", "WPPC 99/99", "WPPC 99/99/V#", "WML 99/#", "WML 99/#/T"),
        *("LN/99/#~", "PAC/9999/WCL999"),
        *("WML 99/# LN/99/#~", "WML 99/#/T LN/99/#~"),
        *("WML 99/# PAC/9999/WCL999", "WML 99/#/T PAC/9999/WCL999"),
    ],
    any_case=True,
)
_CONSIGNMENT = re.compile("[A-Za-z0-9]{6}/[A-Za-z0-9]{5}|[SD][ABC][0-9]{7}")
_UK_POSTCODE = _one_of(
    ["GIR 0AA", *(f"{area} 9XX" for area in ("X9", "X99", "XX9", "XX99", "X9X", "XX9X"))],
    any_case=True,
)
# Eircode: a routing key and a unique identifier, of the letters that Eircodes use.
_IRISH_POSTCODE = re.compile(
    "(?:D6W|[AC-FHKNPRTV-Y][0-9]{2}) ?[0-9AC-FHKNPRTV-Y]{4}", re.IGNORECASE
)
_TRACKING_ID = re.compile("[0-9]{2}[A-Z0-9]{6}")
_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63}){1,9}")


class NumberInvalid(Refusal):
    """A waste tracking id or an API code that has no such form."""

    def __init__(self, *, what: str, found: str, form: str) -> None:
        self.found = found
        super().__init__(
            what=f"'{found[:60]}' is no {what}.",
            why=f"It is written like {form}.",
            remedy="Copy it from the answer or the account of the Digital Waste Tracking service.",
        )


def is_registration(text: str) -> bool:
    """Whether a text has the form of a carrier's, broker's or dealer's registration number.

    >>> is_registration("CBDU6"), is_registration("ROC UT 9999"), is_registration("WCR/R/12")
    (True, True, False)
    """
    return _REGISTRATION.fullmatch(text) is not None


def is_authorisation(text: str) -> bool:
    """Whether a text has the form of a site's permit or licence number in the UK, in any case.

    >>> is_authorisation("epr/dd2522bf"), is_authorisation("WML 07/61 LN/13/02/M/V2")
    (True, True)
    """
    return _AUTHORISATION.fullmatch(text.strip()) is not None


def is_consignment_code(text: str) -> bool:
    """Whether a text has the form of a hazardous waste consignment code.

    >>> is_consignment_code("CJTILE/A0001"), is_consignment_code("SB1234567")
    (True, True)
    """
    return _CONSIGNMENT.fullmatch(text) is not None


def is_postcode(text: str, *, irish: bool = False) -> bool:
    """Whether a text has the form of a postcode of the UK or, where asked, of Ireland.

    >>> is_postcode("W12 7ZL"), is_postcode("W127ZL"), is_postcode("D02 X285", irish=True)
    (True, False, True)
    """
    return _UK_POSTCODE.fullmatch(text) is not None or (
        irish and _IRISH_POSTCODE.fullmatch(text) is not None
    )


def is_tracking_id(text: str) -> bool:
    """Whether a text has the form of a waste tracking id: a year and six letters or digits.

    >>> is_tracking_id("25HRA0B2")
    True
    """
    return _TRACKING_ID.fullmatch(text) is not None


def is_api_code(text: str) -> bool:
    """Whether a text has the form of an operator's API code, a UUID.

    >>> is_api_code("ba6eb330-4f7f-11eb-a2fb-67c34e9ac07c")
    True
    """
    return _UUID.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Whether a text looks like an email address; nobody is asked whether it exists.

    >>> is_email("mailbox@example.co.uk"), is_email("mailbox@example")
    (True, False)
    """
    return _EMAIL.fullmatch(text) is not None
