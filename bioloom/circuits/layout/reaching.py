"""Reaching: which heaps may go to which intakes, as arrays: a large city has millions of arcs."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bioloom.circuits.layout.arrays import Ints
from bioloom.circuits.layout.storing import Heap
from bioloom.vocabulary.entries.ledger import Intake, SiteDeclared
from bioloom.vocabulary.materials import GroupId


def reached(
    heaps: Sequence[Heap], intakes: Sequence[tuple[SiteDeclared, Intake]]
) -> tuple[Ints, Ints]:
    """Each heap to each intake that takes its group; what a site makes is for others.

    Args:
        heaps: What may go somewhere.
        intakes: Those of one period. Those of the next come after them, and so on.
    """
    takers: defaultdict[GroupId, list[int]] = defaultdict(list)
    for k, (_, taker) in enumerate(intakes):
        for group in dict.fromkeys(taker.accepts):
            takers[group].append(k)
    taking = {group: _ints(takers[group]) for *_, group, _ in heaps}
    many = _ints([len(taking[group]) for *_, group, _ in heaps])
    at = [taking[group] + t * len(intakes) for *_, group, t in heaps]
    heap, intake = np.repeat(np.arange(len(many)), many), np.concatenate([_ints([]), *at])
    # Two intakes of a site are one site: the number of the last stands for both.
    number = {site.site: k for k, (site, _) in enumerate(intakes)}
    made_at = {("site", str(site)): k for site, k in number.items()}
    maker = _ints([made_at.get((sort, place), -1) for sort, place, *_ in heaps])
    site_of = _ints([number[site.site] for site, _ in intakes])
    others = maker[heap] != site_of[intake % max(1, len(intakes))]
    return heap[others], intake[others]


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)
