"""Ties: of projects with equal claims, which comes first. Declared before anybody votes."""

from collections.abc import Sequence
from enum import StrEnum

from bioloom.assembly.budgets.stakes import Stakes


class Tie(StrEnum):
    """A rule by which a tie is broken; what it leaves tied, the next rule breaks.

    By more supporters, lower or higher cost, the order in which projects are listed, or the
    alphabet of their identifiers (by code points, so that no language matters).
    """

    MORE_VOTES = "more-votes"
    LOWER_COST = "lower-cost"
    HIGHER_COST = "higher-cost"
    LISTED = "listed"
    ALPHABET = "alphabet"


USUAL = (Tie.ALPHABET,)


def ranks_of(stakes: Stakes, ties: Sequence[Tie] = USUAL) -> tuple[int, ...]:
    """The rank of each project, 0 first, no two alike: after all rules the alphabet decides."""
    keys = [_key(stakes, tie) for tie in (*ties, Tie.ALPHABET)]
    order = sorted(range(len(stakes.scores)), key=lambda project: [key[project] for key in keys])
    ranks = [0] * len(order)
    for rank, project in enumerate(order):
        ranks[project] = rank
    return tuple(ranks)


def _key(stakes: Stakes, tie: Tie) -> Sequence[int] | Sequence[str]:
    costs = stakes.poll.costs
    if tie is Tie.MORE_VOTES:
        return [-votes for votes in supporters(stakes)]
    if tie is Tie.LOWER_COST:
        return costs
    if tie is Tie.HIGHER_COST:
        return [-cost for cost in costs]
    return range(len(costs)) if tie is Tie.LISTED else stakes.poll.projects


def supporters(stakes: Stakes) -> list[int]:
    """How many voters support each project, whatever points they gave."""
    projects = stakes.by_project
    return [
        int(projects.weight[projects.starts[p] : projects.starts[p + 1]].sum())
        for p in range(len(stakes.scores))
    ]
