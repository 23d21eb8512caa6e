"""Fragility: would the same projects have won if other people of the same minds had voted?

An estimate by drawing, not a proof: voters are drawn again, with putting back, from those who
voted. It tells how much of an outcome hangs on few ballots, and nothing of those who did not vote.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bioloom.assembly.budgets.completing import Completion, endowment, raised_by
from bioloom.assembly.budgets.sharing import winners
from bioloom.assembly.budgets.stakes import Ints, Stakes


@dataclass(frozen=True, slots=True)
class Fragility:
    """In how many of the draws each project won, and in how many just the same ones did."""

    draws: int
    won: tuple[int, ...]
    same: int


def fragility(
    stakes: Stakes, completion: Completion, ranks: Sequence[int], *, draws: int, seed: int
) -> Fragility:
    """Count equal shares for as many draws of voters as asked for.

    Each draw is counted exactly. Of completions only `add1` is counted along with it, as that is
    part of what equal shares buys.
    """
    chance = np.random.default_rng(seed)
    cast = np.array(stakes.poll.cast, np.int64)
    won: Counter[int] = Counter()
    first = frozenset(_winners(stakes, completion, ranks))
    same = 0
    for _ in range(draws):
        drawn = cast[chance.integers(len(cast), size=len(cast))]
        found = _winners(_cast_by(stakes, drawn), completion, ranks)
        won.update(found)
        same += frozenset(found) == first
    return Fragility(draws, tuple(won[project] for project in range(len(ranks))), same)


def _winners(stakes: Stakes, completion: Completion, ranks: Sequence[int]) -> tuple[int, ...]:
    raised = raised_by(stakes, ranks) if completion.raises else 0
    return winners(stakes, endowment(stakes, raised), ranks)


def _cast_by(stakes: Stakes, cast: Ints) -> Stakes:
    """The same ballots, cast by others; a ballot that nobody cast stays, with no voter."""
    by_project, by_ballot = stakes.by_project, stakes.by_ballot
    voters = np.bincount(cast, minlength=len(by_ballot.voters)).astype(np.int64)
    weight = voters[by_project.who].astype(np.float64)
    sums = np.concatenate([[0.0], np.cumsum(weight * by_project.points)])
    scores = (sums[by_project.starts[1:]] - sums[by_project.starts[:-1]]).astype(np.int64)
    return replace(
        stakes,
        by_project=by_project._replace(weight=weight),
        by_ballot=by_ballot._replace(voters=voters),
        scores=tuple(scores.tolist()),
    )
