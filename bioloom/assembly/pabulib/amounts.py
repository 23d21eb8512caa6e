"""Amounts as cities write them, in whole minor units."""

import re
from collections.abc import Iterable

# A point and any decimals; or, as much of Europe writes, a comma and one or two of them. Three
# after a comma may be thousands, so they are not guessed at.
_AMOUNT = re.compile(r"\d+(?:\.\d{0,6}|,\d{1,2})?", re.ASCII)


def is_amount(text: str) -> bool:
    """Whether a text is an amount of money: not negative, with a decimal point or comma."""
    return _AMOUNT.fullmatch(text) is not None


def per_unit(amounts: Iterable[str]) -> int:
    """How many minor units make one, so that all these amounts are whole: 1, 10, 100, ...

    Decimals that are all zero count for nothing: `400000.0` is as whole as `400000`.

    Example:
        >>> per_unit(["12", "7.50", "3,2"])
        10
    """
    return int("1" + "0" * max((len(_decimals(amount)) for amount in amounts), default=0))


def minor_units(amount: str, per: int) -> int:
    """An amount as a whole number of minor units, of which `per` make one.

    Example:
        >>> minor_units("7.50", 10)
        75
    """
    whole = amount.replace(",", ".").partition(".")[0]
    places = len(str(per)) - 1
    return int(whole + _decimals(amount).ljust(places, "0"))


def written(amount: int, per: int) -> str:
    """Minor units as the city writes them, with the decimals they need.

    Example:
        >>> written(75, 10), written(70, 10)
        ('7.5', '7')
    """
    whole, part = divmod(amount, per)
    decimals = str(part).rjust(len(str(per)) - 1, "0").rstrip("0") if part else ""
    return f"{whole}.{decimals}" if decimals else str(whole)


def _decimals(amount: str) -> str:
    return amount.replace(",", ".").partition(".")[2].rstrip("0")
