"""The declared order in which ties are broken: as listed, or by a lot that anybody can redraw."""

from collections.abc import Sequence
from hashlib import sha256

from bioloom.vocabulary.entries.ballots import OptionId


def by_lot(options: Sequence[OptionId], seed: str) -> list[OptionId]:
    """An order drawn by a published seed: by the SHA-256 of the seed and each option.

    Args:
        options: In any order.
        seed: The hash of the entry that closed the ballot, in hexadecimal.

    Example:
        >>> by_lot([OptionId("park"), OptionId("well")], "00")
        ['well', 'park']
    """
    return sorted(options, key=lambda one: sha256(f"{seed}\n{one}".encode()).digest())
