"""Certificates: what was bought round by round, so that anybody can check it with fractions alone.

A certificate names ballots by their place in the poll and says no more of them than when their
voters' money was spent. It proves that the winners are those of equal shares at the endowment it
names, that they cost no more than the budget, and, where money was given on paper, that one unit
more would have overspent it or that nothing more fits. Not in it, and seen by counting again: that
no *earlier* unit would have ended it, and what a completion by the greedy rule adds or prefers.
"""

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from bioloom.assembly.budgets.completing import Completion, Outcome, endowment, how_it_ends
from bioloom.assembly.budgets.kernels import EXHAUSTED
from bioloom.assembly.budgets.posing import Poll, digest
from bioloom.assembly.budgets.sharing import Count, share
from bioloom.assembly.budgets.stakes import Stakes
from bioloom.assembly.budgets.ties import Tie, ranks_of

FORMAT = "bioloom-equal-shares-1"


class RoundTold(msgspec.Struct, frozen=True):
    """A project bought: what each supporter paid for a point in minor units, or all they had.

    `rate` is that for a point of worth. `in_full` voters paid it and have something left; the
    ballots `exhausted` have nothing left.
    """

    project: str
    rate: str
    each: str
    in_full: int
    exhausted: tuple[int, ...]


class Lost(msgspec.Struct, frozen=True):
    """A project that equal shares did not buy: what its supporters had left, and what was missing.

    In minor units, as fractions. It would have been bought at any cost up to what was left.
    """

    project: str
    left: str
    missing: str


class Certificate(msgspec.Struct, frozen=True):
    """How a budget was shared by equal shares. Amounts are minor units; fractions are p/q.

    `election` is the SHA-256 of what was voted on and of all ballots. Where money was given on
    paper, `raised` are the units everyone got, and `beyond` the rounds with one unit more that
    overspend the budget; none where nothing that anybody supports fits any more.
    """

    format: str
    election: str
    utility: str
    ties: tuple[str, ...]
    budget: int
    voters: int
    raised: int | None
    endowment: str
    free: tuple[str, ...]
    rounds: tuple[RoundTold, ...]
    lost: tuple[Lost, ...]
    beyond: tuple[RoundTold, ...] | None
    winners: tuple[str, ...]
    cost: int


def certify(
    stakes: Stakes, outcome: Outcome, completion: Completion, ties: Sequence[Tie]
) -> Certificate:
    """The certificate of an outcome that was counted with this completion and these ties."""
    poll, count = stakes.poll, outcome.count
    return Certificate(
        format=FORMAT,
        election=digest(poll),
        utility=stakes.utility.value,
        ties=tuple(tie.value for tie in ties),
        budget=poll.budget,
        voters=len(poll.cast),
        raised=outcome.raised if completion.raises else None,
        endowment=str(count.endowment),
        free=_names(poll, count.free),
        rounds=_told(poll, count),
        lost=tuple(_lost(stakes, count)),
        beyond=_beyond(stakes, outcome, completion, ties),
        winners=_names(poll, count.winners),
        cost=sum(poll.costs[project] for project in count.winners),
    )


def _told(poll: Poll, count: Count) -> tuple[RoundTold, ...]:
    return tuple(
        RoundTold(
            poll.projects[bought.project],
            str(bought.rate),
            str(bought.each),
            bought.in_full,
            bought.exhausted,
        )
        for bought in count.rounds
    )


def _lost(stakes: Stakes, count: Count) -> list[Lost]:
    won = set(count.winners)
    found = []
    for project, score in enumerate(stakes.scores):
        if score > 0 and project not in won:
            left = count.left.of_supporters(project)
            missing = Fraction(stakes.poll.costs[project]) - left
            found.append(Lost(stakes.poll.projects[project], str(left), str(missing)))
    return found


def _beyond(
    stakes: Stakes, outcome: Outcome, completion: Completion, ties: Sequence[Tie]
) -> tuple[RoundTold, ...] | None:
    if not completion.raises or how_it_ends(stakes, outcome.count.winners) == EXHAUSTED:
        return None
    further = endowment(stakes, outcome.raised + 1)
    return _told(stakes.poll, share(stakes, further, ranks_of(stakes, ties)))


def _names(poll: Poll, projects: Sequence[int]) -> tuple[str, ...]:
    return tuple(poll.projects[project] for project in projects)
