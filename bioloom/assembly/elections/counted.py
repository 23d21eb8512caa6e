"""What a rule is given and what it gives back."""

from collections.abc import Sequence
from dataclasses import dataclass

from bioloom.vocabulary.entries.ballots import OptionId, TallyRound

# Ballots with the same marks, and how many there are of them. Marks of a ranked ballot stand from
# the best down; others in any order, each option once.
Alike = tuple[tuple[OptionId, ...], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The winners of a count in their order, the figures of each option, and how it went."""

    winners: tuple[OptionId, ...]
    counts: dict[OptionId, int]
    rounds: tuple[TallyRound, ...] = ()
    tie_broken: bool = False


def votes_of(options: Sequence[OptionId], ballots: Sequence[Alike]) -> dict[OptionId, int]:
    """On how many ballots each option is marked.

    >>> a, b = OptionId("a"), OptionId("b")
    >>> votes_of([a, b], [((a,), 3), ((b, a), 1)])
    {'a': 4, 'b': 1}
    """
    votes = dict.fromkeys(options, 0)
    for marks, many in ballots:
        for option in marks:
            votes[option] += many
    return votes


def first(order: Sequence[OptionId], tied: Sequence[OptionId]) -> OptionId:
    """Of options with equal claims, the one that the declared order has first."""
    return next(option for option in order if option in tied)
