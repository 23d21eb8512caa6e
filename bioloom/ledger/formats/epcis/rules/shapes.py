"""Shapes: what a single value of an EPCIS document must look like."""

import re
from datetime import datetime
from decimal import Decimal

from bioloom.ledger.formats.epcis.keys import canonical_key, is_known_scheme
from bioloom.ledger.formats.epcis.reading import Names
from bioloom.ledger.formats.epcis.terms import CBV, OLDER_SPELLINGS, WORDS

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_OFFSET = re.compile(r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_LONGEST = 2_000


def no_instant(value: object) -> str | None:
    """What is wrong with a point in time, if anything is.

    >>> no_instant("22-07-2026")
    "'22-07-2026' is no point in time such as 2026-07-22T10:00:00+02:00"
    """
    expected = f"{shown(value)} is no point in time such as 2026-07-22T10:00:00+02:00"
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return expected
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return expected
    return None


def no_offset(value: object) -> str | None:
    """What is wrong with an offset from UTC, if anything is."""
    if isinstance(value, str) and _OFFSET.fullmatch(value):
        return None
    return f"{shown(value)} is no offset from UTC such as +02:00"


def no_uri(value: object) -> str | None:
    """What is wrong with an identifier, if anything is."""
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        return f"{shown(value)} is no URI"
    if not _URI.fullmatch(value):
        return f"{shown(value)} is no URI"
    if is_known_scheme(value) and canonical_key(value) == value:
        return f"{shown(value)} has not the digits and signs that its EPC scheme asks for"
    return None


def no_number(value: object) -> str | None:
    """What is wrong with a number, if anything is."""
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return None if is_number else f"{shown(value)} is no number"


def no_text(value: object) -> str | None:
    """What is wrong with a text, if anything is."""
    return None if isinstance(value, str) and value else f"{shown(value)} is no text"


def no_unit(value: object) -> str | None:
    """What is wrong with a unit of measure (UN/CEFACT Recommendation 20), if anything is."""
    is_unit = isinstance(value, str) and _UNIT.fullmatch(value)
    return None if is_unit else f"{shown(value)} is no unit code such as KGM"


def no_boolean(value: object) -> str | None:
    """What is wrong with a truth value, if anything is; XML writes it as text."""
    is_boolean = isinstance(value, bool) or value in ("true", "false")
    return None if is_boolean else f"{shown(value)} is neither true nor false"


def no_hexadecimal(value: object) -> str | None:
    """What is wrong with bytes in hexadecimal, if anything is."""
    is_hexadecimal = isinstance(value, str) and _HEXADECIMAL.fullmatch(value)
    return None if is_hexadecimal else f"{shown(value)} is no hexadecimal text"


def no_word(value: object, field: str, names: Names) -> str | None:
    """What is wrong with a word of the Core Business Vocabulary, or of one's own, if anything is.

    Args:
        value: The word.
        field: Where it stands, as a key of `WORDS`.
        names: What prefixes stand for there.
    """
    words, prefix = WORDS[field]
    if not isinstance(value, str) or not value:
        return f"{shown(value)} is no text"
    written = names.value(value, field)
    for older, newer in OLDER_SPELLINGS.items():
        written = written.replace(older, newer)
    ours = prefix.replace("cbv:", CBV)
    if written.startswith(ours) and ours != prefix and written.removeprefix(ours) not in words:
        return f"{shown(value)} is not in the Core Business Vocabulary"
    if no_uri(written) is not None:
        return f"{shown(value)} is neither a standard word nor a URI of somebody's own"
    return None


def shown(value: object) -> str:
    """A value as a refusal shows it: short, and without anything that is not print."""
    text = value if isinstance(value, str) else type(value).__name__
    if value is None:
        return "nothing"
    if isinstance(value, int | Decimal | bool):
        text = str(value)
    text = "".join(sign if sign.isprintable() else "�" for sign in text[:60])
    return f"'{text}'"
