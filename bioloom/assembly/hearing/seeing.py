"""Seeing: whose statements are seen, and which by too few to know what is thought of them.

Groups of opinion are those of a map, a heuristic: whose statements are seen less is told, and
nothing is shown or hidden because of it.
"""

from dataclasses import dataclass

import numpy as np

from bioloom.assembly.hearing.comparing import Heard
from bioloom.assembly.opinions.kernels import Ints
from bioloom.assembly.opinions.polis import Conversation

# So many votes settle a share to within twenty points (Wilson, 95 %), and fewer do not.
ENOUGH_VIEWS = 20


@dataclass(frozen=True, slots=True)
class Thin:
    """A statement that was seen by too few.

    Attributes:
        statement: Its name.
        text: Its words; empty where unknown.
        seen: How many people voted on it, whatever they said.
    """

    statement: str
    text: str
    seen: int


def thin_statements(conversation: Conversation, enough: int = ENOUGH_VIEWS) -> list[Thin]:
    """The statements not moderated out on which fewer people voted than enough, fewest first."""
    votes, known = conversation.shown(), conversation.statements
    number = votes.seen.sum(axis=0).astype(np.int64)
    found = [
        Thin(name, known[name].text if name in known else "", int(seen))
        for name, seen in zip(votes.statements, number, strict=True)
        if seen < enough
    ]
    return sorted(found, key=lambda one: one.seen)


def visibility(conversation: Conversation, label: Ints) -> list[Heard]:
    """How many of the statements that each group of opinion wrote are seen as much as most are.

    A statement is, if at least as many people voted on it as on the median statement of those whose
    authors are in a group. A later statement has had less time to be seen; that is not set right.

    Args:
        conversation: Its statements know their authors, else there is nothing to count.
        label: The group of each of the people of `conversation.shown()`, or -1.
    """
    votes = conversation.shown()
    group_of = dict(zip(votes.people, label.tolist(), strict=True))
    number = votes.seen.sum(axis=0)
    written: list[tuple[int, str, float]] = []
    for name, seen in zip(votes.statements, number.tolist(), strict=True):
        one = conversation.statements.get(name)
        group = group_of.get(one.author, -1) if one else -1
        if one is not None and group >= 0:
            written.append((group, one.author, seen))
    median = float(np.median([seen for _, _, seen in written])) if written else 0.0
    return [
        Heard(
            group=str(group + 1),
            heard=sum(one == group and seen >= median for one, _, seen in written),
            of=sum(one == group for one, _, _ in written),
            people=len({author for one, author, _ in written if one == group}),
            counts_people=False,
        )
        for group in sorted({group for group, _, _ in written})
    ]
