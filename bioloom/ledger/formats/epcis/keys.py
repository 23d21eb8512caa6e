"""GS1 keys: EPC URIs and GS1 Digital Links of one thing, in the one spelling that is hashed.

Source:
    GS1 EPC Tag Data Standard 2.0, section 6 (EPC URIs); GS1 Digital Link 1.2 (canonical URIs).
"""

import re
from collections.abc import Callable
from functools import lru_cache

_CANONICAL = "https://id.gs1.org/"
# Characters of EPC URIs that a web address has to write out.
_WRITTEN_OUT = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "!()*+,:"})
_SIGN = r"(?:%[0-9A-Fa-f]{2}|[!')(*+,.0-9:;=A-Za-z_-])"
_WEB_SIGN = r"""(?:%[0-9A-Fa-f]{2}|["'\-.0-9;<=>?A-Z_a-z])"""


def check_digit(digits: str) -> str:
    """The check digit of a GS1 key.

    >>> check_digit("0405473999914")
    '8'
    """
    weighted = sum(
        int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits))
    )
    return str(-weighted % 10)


def _gtin(company: str, reference: str) -> str:
    digits = reference[:1] + company + reference[1:]
    return digits + check_digit(digits)


def _plain(company: str, reference: str) -> str:
    digits = company + reference
    return digits + check_digit(digits)


def _grai(company: str, reference: str) -> str:
    return _plain("0" + company, reference)


# By scheme: how many digits the company prefix and the reference have together, how they make a
# key, its application identifier, what stands before a serial, and the serial's form.
_Scheme = tuple[int, Callable[[str, str], str], str, str, str | None]
_SCHEMES: dict[str, _Scheme] = {
    "id:sgtin": (13, _gtin, "01", "/21/", _SIGN + "{1,20}"),
    "id:sscc": (17, _gtin, "00", "", None),
    "id:sgln": (12, _plain, "414", "/254/", _SIGN + "{1,20}"),
    "id:grai": (12, _grai, "8003", "", _SIGN + "{1,16}"),
    "id:gsrn": (17, _plain, "8018", "", None),
    "id:gsrnp": (17, _plain, "8017", "", None),
    "id:gdti": (12, _plain, "253", "", _SIGN + "{1,20}"),
    "id:sgcn": (12, _plain, "255", "", "[0-9]{1,12}"),
    "id:gsin": (16, _plain, "402", "", None),
    "id:upui": (13, _gtin, "01", "/235/", _SIGN + "{1,28}"),
    "id:pgln": (12, _plain, "417", "", None),
    "class:lgtin": (13, _gtin, "01", "/10/", _SIGN + "{1,20}"),
    "idpat:sgtin": (13, _gtin, "01", "", r"\*"),
    "idpat:grai": (12, _grai, "8003", "", r"\*"),
    "idpat:gdti": (12, _plain, "253", "", r"\*"),
    "idpat:sgcn": (12, _plain, "255", "", r"\*"),
    "idpat:upui": (13, _gtin, "01", "", r"\*"),
}
_EPC = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):([0-9]{6,12})\.(.*)", re.ASCII)
_REFERENCE = re.compile(r"([0-9]*)(?:\.(.*))?", re.ASCII)
_PIECE = re.compile(rf"([0-9]+)\.([0-9]{{2}})\.([0-9]{{2}})\.({_SIGN}{{1,20}})", re.ASCII)
_PART = re.compile(r"((?:%[0-9A-Fa-f]{2}|[0-9A-Z-])+)\.([0-9]{1,12}|\*)", re.ASCII)
_ASSET = re.compile(_SIGN + "+", re.ASCII)


def _of_epc(kind: str, scheme: str, company: str, rest: str) -> str | None:
    name = f"{kind}:{scheme}"
    if name in _SCHEMES:
        return _of_digits(_SCHEMES[name], company, rest)
    match name:
        case "id:giai" | "id:ginc" if _ASSET.fullmatch(rest) and len(company + rest) <= 30:
            identifier = "8004" if scheme == "giai" else "401"
            return f"{identifier}/{company}{rest.translate(_WRITTEN_OUT)}"
        case "id:cpi" | "idpat:cpi" if part := _PART.fullmatch(rest):
            key = "8010/" + (company + part[1]).translate(_WRITTEN_OUT)
            return key if part[2] == "*" else f"{key}/8011/{part[2]}"
        case "id:itip" | "idpat:itip" if piece := _PIECE.fullmatch(rest):
            if len(company + piece[1]) != 13:
                return None
            key = f"8006/{_gtin(company, piece[1])}{piece[2]}{piece[3]}"
            return key if kind == "idpat" else f"{key}/21/{piece[4].translate(_WRITTEN_OUT)}"
    return None


def _of_digits(form: _Scheme, company: str, rest: str) -> str | None:
    length, join, identifier, before, serial_form = form
    found = _REFERENCE.fullmatch(rest)
    if found is None or len(company + found[1]) != length:
        return None
    key, serial = f"{identifier}/{join(company, found[1])}", found[2]
    if serial_form is None:
        return key if serial is None else None
    if serial is None or not re.fullmatch(serial_form, serial, re.ASCII):
        return None
    # A pattern is of the whole class; an SGLN with the extension 0 is the place itself.
    if serial_form == r"\*" or (identifier == "414" and serial == "0"):
        return key
    return f"{key}{before}{serial.translate(_WRITTEN_OUT)}"


_SHORT_NAMES = {
    "gtin": "01",
    "itip": "8006",
    "cpid": "8010",
    "gln": "414",
    "party": "417",
    "gsrnp": "8017",
    "gsrn": "8018",
    "gcn": "255",
    "sscc": "00",
    "gdti": "253",
    "ginc": "401",
    "gsin": "402",
    "grai": "8003",
    "giai": "8004",
    "cpv": "22",
    "lot": "10",
    "ser": "21",
}
_KEY_FORMS = {
    "00": "[0-9]{18}",
    "01": "[0-9]{14}",
    "253": "[0-9]{13}" + _WEB_SIGN + "{0,17}",
    "255": "[0-9]{13,25}",
    "401": _WEB_SIGN + "{0,30}",
    "402": "[0-9]{17}",
    "414": "[0-9]{13}",
    "417": "[0-9]{13}",
    "8003": "[0-9]{14}" + _WEB_SIGN + "{0,16}",
    "8004": _WEB_SIGN + "{0,30}",
    "8006": "[0-9]{18}",
    "8010": r"[#\-/0-9A-Z]{0,30}",
    "8017": "[0-9]{18}",
    "8018": "[0-9]{18}",
}
# What may follow a key, the finest first; only the finest that is there counts.
_QUALIFIERS = {
    "01": ("235", "21", "10"),
    "8006": ("21", "10"),
    "414": ("254",),
    "8010": ("8011",),
}
_QUALIFIER = re.compile(_WEB_SIGN + "{1,28}", re.ASCII)
_SHORTER_GTINS = (8, 12, 13)


def _of_digital_link(address: str) -> str | None:
    parts = re.split("[?#]", address, maxsplit=1)[0].removesuffix("/").split("/")[3:]
    parts = [_SHORT_NAMES.get(part, part) for part in parts]
    begins = next((at for at, part in enumerate(parts[:-1]) if part in _KEY_FORMS), None)
    if begins is None:
        return None
    identifier, key, *rest = parts[begins:]
    if identifier == "01" and key.isascii() and key.isdigit() and len(key) in _SHORTER_GTINS:
        key = key.zfill(14)
    if not re.fullmatch(_KEY_FORMS[identifier], key, re.ASCII) or len(rest) % 2:
        return None
    if not re.match("[0-9]{4}.", key):
        return None
    given = dict(zip(rest[::2], rest[1::2], strict=True))
    given.pop("22", None)
    if not all(map(_QUALIFIER.fullmatch, given.values())):
        return None
    allowed = _QUALIFIERS.get(identifier, ())
    if not given.keys() <= set(allowed):
        return None
    finest = next((name for name in allowed if name in given), None)
    return f"{identifier}/{key}" + ("" if finest is None else f"/{finest}/{given[finest]}")


_ODD_SCHEMES = ("id:giai", "id:ginc", "id:cpi", "idpat:cpi", "id:itip", "idpat:itip")


def is_known_scheme(uri: str) -> bool:
    """Whether a URI is of an EPC scheme whose form is known here.

    >>> is_known_scheme("urn:epc:id:sgtin:4012345.011122.25")
    True
    >>> is_known_scheme("urn:epc:id:adi:W81X9C.3KL984PX1.2WMA52")
    False
    """
    name = ":".join(uri.split(":", 4)[2:4]) if uri.startswith("urn:epc:") else ""
    return name in _SCHEMES or name in _ODD_SCHEMES


@lru_cache(maxsize=65_536)
def canonical_key(uri: str) -> str:
    """A GS1 key as a Digital Link at id.gs1.org, at its finest level; any other text as it is.

    Args:
        uri: An EPC URI (pure identity, class or pattern), a GS1 Digital Link, or any text.

    Example:
        >>> canonical_key("urn:epc:id:sscc:4012345.0000000333")
        'https://id.gs1.org/00/040123450000003338'
        >>> canonical_key("https://example.org/gtin/4012345999990/ser/7?17=261231")
        'https://id.gs1.org/01/04012345999990/21/7'
        >>> canonical_key("https://example.org/material/copper")
        'https://example.org/material/copper'
    """
    found = None
    if uri.startswith("urn:epc:"):
        epc = _EPC.fullmatch(uri)
        found = None if epc is None else _of_epc(epc[1], epc[2], epc[3], epc[4])
    elif uri.startswith(("https://", "http://")):
        found = _of_digital_link(uri)
    return uri if found is None else _CANONICAL + found
