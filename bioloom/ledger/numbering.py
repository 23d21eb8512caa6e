"""Numbers of lots: which entry made a lot is in its number, so no table of lots is needed.

Numbers of agents: the accounts at the city's edge have the first, the same in every store.
"""

from bioloom.vocabulary.agents import BOUNDARY, INSIDE, OUTSIDE, UNACCOUNTED

# Whoever has a balance has a number above this one.
LAST_EDGE = len(BOUNDARY)
AT_OUTSIDE, AT_NOWHERE, AT_INSIDE = (
    BOUNDARY.index(account) + 1 for account in (OUTSIDE, UNACCOUNTED, INSIDE)
)
assert AT_INSIDE == LAST_EDGE, "what has balances of any kind is numbered from here on"

# One entry makes at most so many lots.
LOTS_PER_ENTRY = 1024


def lot_number(first_seq: int, ordinal: int = 0) -> int:
    """The number of a lot, from the first entry of its key.

    >>> lot_number(3, 1)
    3073
    """
    return first_seq * LOTS_PER_ENTRY + ordinal


def first_seq_of(lot: int) -> int:
    """The sequence number of the entry that made a lot.

    >>> first_seq_of(3073)
    3
    """
    return lot // LOTS_PER_ENTRY
