"""Labels: short numbers that are printed beside a lot, scanned from it, or typed by hand.

A label's number is made by chance and stands for no lot until somebody gives one with it. Then it
is the lot's name and the key of its entry, so that a lot that is given twice, by a double tap, by a
resent form or by two phones, is one lot.
"""

from typing import NewType

from bioloom.ledger.inventory import LotRow
from bioloom.ledger.numbering import lot_number
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal

LabelNumber = NewType("LabelNumber", str)

# Crockford's alphabet has no I, L, O and U, which are misread.
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
_BASE = len(_SYMBOLS)
# Nine symbols by chance and one that checks them.
_DIGITS = 9
LABEL_BITS = 45
_PREFIX = "label:"


class LabelUnreadable(Refusal):
    """A text is not the number of a label or of a lot."""

    def __init__(self, *, text: str) -> None:
        self.text = text
        super().__init__(
            what=f"'{text[:40]}' is not the number of a label.",
            why="Its last sign checks the others, so that a slip of the finger finds no other lot.",
            remedy="Look at the label again; it has two groups of five signs, such as 7K3MQ-2VX9Y.",
        )


def new_label(chance: int) -> LabelNumber:
    """The number of a label from 45 bits by chance.

    >>> new_label(7)
    '000000007J'
    """
    assert 0 <= chance < 1 << LABEL_BITS, "a label's number has 45 bits"
    return LabelNumber(_spelt(chance).rjust(_DIGITS + 1, "0"))


def read_label(text: str) -> LabelNumber:
    """The number of a label as somebody typed it or a camera read it.

    Raises:
        LabelUnreadable: If it has another length, a sign that labels do not have, or a slip.

    Example:
        >>> read_label("oooooooo7j"), read_label("00000-0007J")
        ('000000007J', '000000007J')
    """
    number = _plain(text)
    if len(number) != _DIGITS + 1 or _value(number) is None:
        raise LabelUnreadable(text=text)
    return LabelNumber(number)


def shown(number: str) -> str:
    """A number as it is printed, in groups that the eye can hold.

    >>> shown("000000007J")
    '00000-0007J'
    """
    return f"{number[:5]}-{number[5:]}" if len(number) == _DIGITS + 1 else number


def lot_of_label(number: LabelNumber) -> LotId:
    """The lot that bears a label."""
    return LotId(_PREFIX + number)


def label_of_lot(lot: LotId) -> LabelNumber | None:
    """The label that a lot bears; none for a lot from a file or an instrument."""
    return LabelNumber(lot.removeprefix(_PREFIX)) if lot.startswith(_PREFIX) else None


def short_of(row: LotRow) -> str:
    """What stands after `/l/` for a lot: its label's number, else its number in the record."""
    return label_of_lot(row.lot) or _spelt(lot_number(row.made_by))


def numbered_lot(text: str) -> int | None:
    """The lot's number in the record that `short_of` spelt; none if it is a label's number.

    Raises:
        LabelUnreadable: If it is neither.
    """
    number = _plain(text)
    value = _value(number)
    if value is None or len(number) > _DIGITS + 1:
        raise LabelUnreadable(text=text)
    return None if len(number) == _DIGITS + 1 else value


def _plain(text: str) -> str:
    return text.strip().upper().translate(_MISREAD)


def _spelt(value: int) -> str:
    digits = ""
    while value:
        value, digit = divmod(value, _BASE)
        digits = _SYMBOLS[digit] + digits
    digits = digits.rjust(1, "0")
    return digits + _SYMBOLS[-_luhn(digits, 2) % _BASE]


def _value(number: str) -> int | None:
    """What a number stands for; none if a sign is foreign or the last one does not fit."""
    if len(number) < 2 or not set(number) <= set(_SYMBOLS) or _luhn(number, 1) % _BASE:
        return None
    value = 0
    for symbol in number[:-1]:
        value = value * _BASE + _SYMBOLS.index(symbol)
    return value


def _luhn(number: str, weight: int) -> int:
    """The checksum that any single wrong sign changes, and nearly any two swapped ones.

    Source:
        H. P. Luhn (1954), US patent 2,950,048, in base 32 ("Luhn mod N").
    """
    total = 0
    for symbol in reversed(number):
        addend = _SYMBOLS.index(symbol) * weight
        total += addend // _BASE + addend % _BASE
        weight = 3 - weight
    return total
