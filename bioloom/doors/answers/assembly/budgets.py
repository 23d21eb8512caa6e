"""Answers about shared budgets: what `assembly count --json` and `assembly check --json` print."""

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from bioloom.assembly.budgets.completing import Outcome
from bioloom.assembly.budgets.measuring.fairness import Claim, Group, unheard
from bioloom.assembly.budgets.measuring.fragility import Fragility
from bioloom.assembly.budgets.measuring.lacking import Lack
from bioloom.assembly.budgets.posing import Poll
from bioloom.assembly.budgets.stakes import Stakes
from bioloom.assembly.budgets.ties import supporters


class ProjectCounted(msgspec.Struct, frozen=True, kw_only=True):
    """A project and what became of it.

    `votes` are the voters who support it, `score` their points. Of what equal shares did not buy,
    `left` is what its supporters had left in minor units and `missing` what the cost is above that.
    `wins_at_cost` and `wins_at_budget` were tried, where asked for: all else being as it was, it is
    bought at that cost, or with that budget, and not at one minor unit more, or less.
    `drawn_share` is the share of draws of voters in which it won, where draws were asked for.
    """

    project: str
    cost: int
    votes: int
    score: int
    won: bool
    left: str | None
    missing: str | None
    wins_at_cost: int | None
    wins_at_budget: int | None
    drawn_share: float | None


class OtherOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What another rule would have funded from the same ballots, and whom it leaves out."""

    rule: str
    winners: tuple[str, ...]
    cost: int
    unheard_share: float


class GroupTold(msgspec.Struct, frozen=True, kw_only=True):
    """What a group of at least 10 voters got.

    `spent` is the cost of what is funded, each project's parted equally among its supporters, in
    minor units, rounded; `even` what it would be if it were parted equally among all voters.
    """

    group: str
    voters: int
    spent: int
    even: int
    unheard_share: float


class ClaimTold(msgspec.Struct, frozen=True, kw_only=True):
    """A project not funded that so many of its supporters deserved, by EJR+ up to any project."""

    project: str
    voters: int


class CountTold(msgspec.Struct, frozen=True, kw_only=True):
    """A budget counted by a rule.

    Amounts are whole minor units, of which `per_unit` make one unit of the file's currency: 1 where
    it has no decimals. `raised` units were given to everyone on paper by `add1`. `unheard_share` is
    the share of voters, of those who support anything, with none of theirs funded. `categories` has
    the minor units spent on each category of projects, rounded, where the file tells them.
    """

    rule: str
    utility: str
    completion: str | None
    ties: tuple[str, ...]
    voters: int
    ballots: int
    budget: int
    per_unit: int
    winners: tuple[str, ...]
    cost: int
    raised: int
    unheard: int
    unheard_share: float
    better_off: int | None
    worse_off: int | None
    certificate: str | None
    projects: tuple[ProjectCounted, ...]
    beside: OtherOutcome
    claims: tuple[ClaimTold, ...]
    categories: dict[str, int]
    groups: tuple[GroupTold, ...]
    draws: int
    same_share: float | None


class CertificateChecked(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a certificate proves its winners from the ballots of a file, and if not, why."""

    holds: bool
    winners: tuple[str, ...]
    cost: int
    reason: str


def tell_projects(
    stakes: Stakes,
    winners: Sequence[int],
    outcome: Outcome | None,
    lacks: dict[int, Lack],
    drawn: Fragility | None,
) -> tuple[ProjectCounted, ...]:
    """Every project of a poll, in its order, with what became of it."""
    poll, votes = stakes.poll, supporters(stakes)
    bought = set(outcome.count.winners) if outcome else set()
    told = []
    for project, name in enumerate(poll.projects):
        lost = outcome is not None and project not in bought
        left = outcome.count.left.of_supporters(project) if outcome and lost else None
        lack = lacks.get(project)
        told.append(
            ProjectCounted(
                project=name,
                cost=poll.costs[project],
                votes=votes[project],
                score=stakes.scores[project],
                won=project in winners,
                left=None if left is None else str(left),
                missing=None if left is None else str(poll.costs[project] - left),
                wins_at_cost=lack.at_cost if lack else None,
                wins_at_budget=lack.at_budget if lack else None,
                drawn_share=drawn.won[project] / drawn.draws if drawn else None,
            )
        )
    return tuple(told)


def tell_other(stakes: Stakes, rule: str, winners: Sequence[int]) -> OtherOutcome:
    """The outcome of another rule, for comparison."""
    return OtherOutcome(
        rule=rule,
        winners=names(stakes.poll, winners),
        cost=cost_of(stakes.poll, winners),
        unheard_share=float(unheard(stakes, winners).share),
    )


def tell_group(group: Group) -> GroupTold:
    """A group as it is printed."""
    return GroupTold(
        group=group.name,
        voters=group.voters,
        spent=round(group.spent),
        even=round(group.even),
        unheard_share=float(group.unheard.share),
    )


def tell_claim(poll: Poll, claim: Claim) -> ClaimTold:
    """A claim as it is printed."""
    return ClaimTold(project=poll.projects[claim.project], voters=claim.voters)


def rounded(amounts: dict[str, Fraction]) -> dict[str, int]:
    """Amounts to whole minor units, for people; halves to the even one."""
    return {name: round(amount) for name, amount in amounts.items()}


def names(poll: Poll, projects: Sequence[int]) -> tuple[str, ...]:
    """The identifiers of projects."""
    return tuple(poll.projects[project] for project in projects)


def cost_of(poll: Poll, projects: Sequence[int]) -> int:
    """What projects cost together, in minor units."""
    return sum(poll.costs[project] for project in projects)
