"""Storing: what may wait where it is, from one period to the next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG, Ints, no_ints
from bioloom.vocabulary.entries.ledger import Storage
from bioloom.vocabulary.materials import GroupId, MaterialId

Sort = Literal["district", "site"]
# The place of a heap (which sort, and its id), its material, group and period.
Heap = tuple[Sort, str, MaterialId, GroupId, int]
HORIZON_ENDS = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Heaps that may wait: a wait carries mass of a heap to the same heap of the next period."""

    # Stores: what one holds at the end of a period [mg].
    capacity_mg: Ints = field(default_factory=no_ints)
    # Waits: index of the store, of the heap that waits, and of the same heap in the next period;
    # HORIZON_ENDS where there is no next one.
    store: Ints = field(default_factory=no_ints)
    giver: Ints = field(default_factory=no_ints)
    taker: Ints = field(default_factory=no_ints)


def pose_stores(
    heaps: Sequence[Heap], storage: Mapping[tuple[Sort, str], Sequence[Storage]], periods: int
) -> Stores:
    """The stores of places in every period, and the waits of all heaps that they accept.

    Args:
        heaps: What may wait. One that may wait into a period must be there in that period, too.
        storage: By place, what it can keep.
        periods: How many there are.
    """
    number = {heap: index for index, heap in enumerate(heaps)}
    capacity_mg: list[int] = []
    # The store of each storage of a place in each period, in the order of their first heaps.
    store_of: defaultdict[tuple[Sort, str, int, int], int] = defaultdict(count().__next__)
    waits: list[tuple[int, int, int]] = []
    for giver, (sort, place, material, group, period) in enumerate(heaps):
        last = period + 1 == periods
        for which, kept in enumerate(storage.get((sort, place), ())):
            if not kept.takes(group):
                continue
            store = store_of[sort, place, which, period]
            if store == len(capacity_mg):
                capacity_mg.append(min(kept.capacity_mg, UNLIMITED_MG))
            taker = HORIZON_ENDS if last else number[sort, place, material, group, period + 1]
            waits.append((store, giver, taker))
    columns = np.array(waits, dtype=np.int64).reshape(-1, 3).T.copy()
    return Stores(
        capacity_mg=np.array(capacity_mg, dtype=np.int64),
        store=columns[0],
        giver=columns[1],
        taker=columns[2],
    )
