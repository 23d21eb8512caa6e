"""Votes of people of whom we know how they came to them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bioloom.assembly.opinions.votes import UNSEEN, Votes

Ints = NDArray[np.int64]


def planted(
    people: int,
    statements: int,
    groups: int,
    *,
    loyalty: float = 0.6,
    rate: float = 0.6,
    seed: int = 0,
    shares: list[float] | None = None,
) -> tuple[Votes, Ints]:
    """People of some groups who vote as their group does, or else as it happens.

    Args:
        people: How many.
        statements: How many.
        groups: How many; each is for or against each statement.
        loyalty: The part of votes that are the group's.
        rate: The part of all votes that are cast.
        seed: Of the draws.
        shares: What part of the people each group is; alike unless given.
    """
    draw = np.random.default_rng(seed)
    group = draw.choice(groups, size=people, p=shares)
    line = draw.choice([-1, 1], size=(groups, statements))
    loose = draw.choice([-1, 0, 1], size=(people, statements))
    said = np.where(draw.random((people, statements)) < loyalty, line[group], loose)
    cells = np.where(draw.random((people, statements)) < rate, said, UNSEEN)
    return votes_of(cells), group


def votes_of(cells: NDArray[Any]) -> Votes:
    """A table of votes whose people and statements are numbered."""
    people, statements = cells.shape
    names = tuple(map(str, range(people))), tuple(map(str, range(statements)))
    return Votes(*names, cells.astype(np.int8))
