"""Sequential Phragmen: whoever supports a project bears an equal part of its load.

Source:
    Los, Christoff & Grossi (2022), Proportional Budget Allocations: Towards a Systematization,
    IJCAI; Brill, Freeman, Janson & Lackner (2017) for committees.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from bioloom.assembly.budgets.stakes import Ints, Stakes


def phragmen(stakes: Stakes, ranks: Sequence[int]) -> tuple[int, ...]:
    """Fund project after project, each time that which leaves its supporters least loaded.

    A project's load is its cost and all that its supporters bear already, shared alike. Stops
    when one of those with the least load no longer fits into the budget. Points do not matter,
    only support. Exact: a voter's load is that of the last project they got, so it is enough to
    count, for each project and each round, the supporters whose load is that round's.
    """
    costs, left = stakes.poll.costs, stakes.poll.budget
    open_ = {p for p, score in enumerate(stakes.scores) if score > 0 and costs[p] <= left}
    bearing = np.zeros((len(costs), len(costs) + 1), np.int64)
    bearing[:, 0] = _supporters(stakes)
    loads, last = [Fraction(0)], np.zeros(len(stakes.poll.ballots), np.int64)
    funded: list[int] = []
    while open_:
        asked = {p: _load(costs[p], bearing[p], loads) for p in open_}
        least = min(asked.values())
        tied = [project for project, load in asked.items() if load == least]
        if any(costs[project] > left for project in tied):
            break
        bought = min(tied, key=lambda project: ranks[project])
        loads.append(least)
        _shift(stakes, bought, bearing, last, len(loads) - 1)
        funded.append(bought)
        open_.remove(bought)
        left -= costs[bought]
    return tuple(funded)


def _supporters(stakes: Stakes) -> Ints:
    sums = np.concatenate([[0.0], np.cumsum(stakes.by_project.weight)])
    found: Ints = (sums[stakes.by_project.starts[1:]] - sums[stakes.by_project.starts[:-1]]).astype(
        np.int64
    )
    return found


def _load(cost: int, bearing: Ints, loads: Sequence[Fraction]) -> Fraction:
    pairs = zip(map(int, bearing), loads, strict=False)
    borne = sum((many * load for many, load in pairs if many), Fraction(cost))
    return borne / int(bearing.sum())


def _shift(stakes: Stakes, bought: int, bearing: Ints, last: Ints, now: int) -> None:
    """The supporters of what was bought bear its load now, in the accounts of all they support."""
    by_project, by_ballot = stakes.by_project, stakes.by_ballot
    who = by_project.who[by_project.starts[bought] : by_project.starts[bought + 1]]
    lengths = by_ballot.starts[who + 1] - by_ballot.starts[who]
    firsts = np.repeat(by_ballot.starts[who] - np.cumsum(lengths) + lengths, lengths)
    projects = by_ballot.projects[firsts + np.arange(lengths.sum())]
    voters = np.repeat(by_ballot.voters[who], lengths)
    np.subtract.at(bearing, (projects, np.repeat(last[who], lengths)), voters)
    np.add.at(bearing, (projects, now), voters)
    last[who] = now
