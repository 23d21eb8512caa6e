"""Fairness: who got nothing, on whom the money was spent, and who had a claim to more."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bioloom.assembly.budgets.stakes import Flags, Ints, Stakes

FEWEST = 10  # Groups of fewer people are told together: figures about them would be about persons.
OTHERS = "(groups of fewer than 10)"


@dataclass(frozen=True, slots=True)
class Unheard:
    """Voters who support a project, and those of them who have none of theirs funded."""

    voters: int
    without: int

    @property
    def share(self) -> Fraction:
        """The share without, of those who support anything; 0 where nobody does."""
        return Fraction(self.without, self.voters or 1)


@dataclass(frozen=True, slots=True)
class Group:
    """What a group of voters got.

    `spent` is the cost of what is funded, each project's parted equally among its supporters, in
    minor units; `even` what would be spent if it were parted equally among all voters. What is
    funded without a supporter is spent on nobody.
    """

    name: str
    voters: int
    spent: Fraction
    even: Fraction
    unheard: Unheard


@dataclass(frozen=True, slots=True)
class Claim:
    """Voters who deserved a project that is not funded, by EJR+ up to any project.

    `voters` all support it, and their equal share of the budget would have paid for more than what
    the best-off of them got, and it.
    """

    project: int
    voters: int


def unheard(stakes: Stakes, winners: Iterable[int]) -> Unheard:
    """How many voters have none of the projects they support funded.

    Who handed in an empty ballot asked for nothing, and is left out.
    """
    return _unheard(stakes.by_ballot.voters, _asked(stakes), _number(stakes, winners) > 0)


def by_category(
    costs: Sequence[int], winners: Iterable[int], named: Sequence[str]
) -> dict[str, Fraction]:
    """What is spent in each category, in minor units.

    `named` has the categories of each project, parted by commas as in Pabulib; the cost of a
    project with several is parted equally among them. Without any it counts under no name ("").
    """
    spent: dict[str, Fraction] = {}
    for project in winners:
        categories = [name.strip() for name in named[project].split(",")]
        for name in categories:
            part = Fraction(costs[project], len(categories))
            spent[name] = spent.get(name, Fraction(0)) + part
    return spent


def by_group(stakes: Stakes, winners: Sequence[int], named: Sequence[str]) -> list[Group]:
    """What each group of voters got, by their number; `named` has the group of each voter.

    Groups of fewer than 10 voters are told as one, and left out where they are fewer together.
    """
    cast = np.array(stakes.poll.cast, np.int64)
    sizes = Counter(named)
    names = [name if sizes[name] >= FEWEST else OTHERS for name in named]
    order = {name: at for at, name in enumerate(dict.fromkeys(names))}
    of_voter = np.array([order[name] for name in names], np.int64)
    asked, got = _asked(stakes), _number(stakes, winners) > 0
    cost = sum(stakes.poll.costs[project] for project in winners)
    found = []
    for name, at in order.items():
        voters = np.bincount(cast[of_voter == at], minlength=len(asked))
        many = int(voters.sum())
        if many >= FEWEST:
            even = Fraction(cost * many, len(cast))
            spent = _spent(stakes, winners, voters)
            found.append(Group(name, many, spent, even, _unheard(voters, asked, got)))
    return sorted(found, key=lambda group: (-group.voters, group.name))


def claims(stakes: Stakes, winners: Sequence[int]) -> list[Claim]:
    """Projects not funded that enough voters deserved: where there is none, EJR+ holds.

    A group of k supporters of a project deserves it if each of them, with it, would have no more
    worth than k equal shares of the budget buy at the price of a point of its worth. Equal shares
    leaves no such group. Checked exactly for every group: of the supporters, the worst off have the
    best claim, so sorting them suffices. Points and ranks are read as approval.

    Source:
        Brill & Peters (2023), Robust and Verifiable Proportionality Axioms for Multiwinner Voting,
        EC; for budgets "up to any project".
    """
    poll, worths = stakes.poll, stakes.worths
    gained = _number(stakes, winners, np.array(worths, np.int64))
    found = []
    for project in sorted(set(range(len(worths))) - set(winners)):
        who = slice(*stakes.by_project.starts[project : project + 2])
        supporters = stakes.by_project.who[who]
        levels, place = np.unique(gained[supporters], return_inverse=True)
        many = np.bincount(place, stakes.by_ballot.voters[supporters]).astype(np.int64)
        together, deserving = 0, 0
        for level, more in zip(levels.tolist(), many.tolist(), strict=True):
            together += more
            asked = (level + worths[project]) * poll.costs[project] * len(poll.cast)
            if asked <= worths[project] * together * poll.budget:
                deserving = together
        if deserving:
            found.append(Claim(project, deserving))
    return found


def _number(stakes: Stakes, winners: Iterable[int], each: Ints | None = None) -> Ints:
    """How many funded projects each ballot supports; or the sum of what each counts."""
    counts = np.zeros(len(stakes.scores), np.int64)
    funded = list(winners)
    counts[funded] = 1 if each is None else each[funded]
    ballots = stakes.by_ballot
    sums = np.concatenate([[0], np.cumsum(counts[ballots.projects])])
    found: Ints = sums[ballots.starts[1:]] - sums[ballots.starts[:-1]]
    return found


def _asked(stakes: Stakes) -> Flags:
    return np.diff(stakes.by_ballot.starts) > 0


def _unheard(voters: Ints, asked: Flags, got: Flags) -> Unheard:
    return Unheard(int(voters[asked].sum()), int(voters[asked & ~got].sum()))


def _spent(stakes: Stakes, winners: Iterable[int], voters: Ints) -> Fraction:
    """The part of what is funded that is spent on some voters, by ballot."""
    starts, who = stakes.by_project.starts, stakes.by_project.who
    total = Fraction(0)
    for project in winners:
        supporters = who[starts[project] : starts[project + 1]]
        if len(supporters):
            mine, all_ = voters[supporters].sum(), stakes.by_ballot.voters[supporters].sum()
            total += Fraction(stakes.poll.costs[project] * int(mine), int(all_))
    return total
