"""Turns: when something about a person began or ended, and since when the record knows it."""

from collections.abc import Iterable
from typing import NamedTuple

from bioloom.vocabulary.periods import Instant


class Turn(NamedTuple):
    """One beginning or ending. In time it lies where it occurred; known it is from its recording.

    `superseded_at` is set from when a correction says something else in its place.
    """

    occurred_at: Instant
    seq: int
    begins: bool
    key: str
    recorded_at: Instant
    superseded_at: Instant | None = None


def holds(turns: Iterable[Turn], *, on: Instant, known_at: Instant | None = None) -> bool:
    """Whether the newest turn up to an instant is a beginning.

    Args:
        turns: Of one thing, in any order.
        on: The instant asked about.
        known_at: Count only what the record had by then; all that it has unless given.

    Example:
        Ana joined on the 3rd, which was recorded on the 5th:

        >>> third, fourth, fifth = (Instant(f"2024-01-0{day}T12:00:00.000Z") for day in (3, 4, 5))
        >>> joined = Turn(third, seq=1, begins=True, key="joined", recorded_at=fifth)
        >>> holds([joined], on=fourth)
        True
        >>> holds([joined], on=fourth, known_at=fourth)
        False
    """
    counted = [turn for turn in turns if turn.occurred_at <= on and _is_known(turn, known_at)]
    return bool(counted) and max(counted).begins


def _is_known(turn: Turn, known_at: Instant | None) -> bool:
    if known_at is None:
        return turn.superseded_at is None
    replaced = turn.superseded_at is not None and turn.superseded_at <= known_at
    return turn.recorded_at <= known_at and not replaced
