"""Waiting: how long groups wait for an answer, those counted who are still waiting.

Who still waits has waited at least so long. To leave them out would make those look quickest who
are never answered.

Source:
    Kaplan & Meier (1958), Nonparametric estimation from incomplete observations. Brookmeyer &
    Crowley (1982), A confidence interval for the median survival time. Mantel (1966), Evaluation of
    survival data (the log-rank test).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import CensoredData, logrank

from bioloom.assembly.hearing.comparing import Z
from bioloom.assembly.opinions.kernels import Floats, Ints


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody waited, or has waited so far.

    Attributes:
        group: Whose.
        author: A pseudonym, only to count how many people a figure is about.
        days: Whole ones.
        is_over: Whether there was an answer.
    """

    group: str
    author: str
    days: int
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long a group waits.

    Attributes:
        people: How many wait or waited.
        over: How many of its questions were answered, out of `of`.
        median_days: In which half have an answer; none where that is not yet known.
        low_days: The least that this can be, and high_days the most, with 95 %; none unknown.
        chance: How probable it is to wait as long or longer, if the group were answered as all
            others are, 0 to 1 (log-rank test, one-sided, by the normal approximation).
    """

    group: str
    people: int
    over: int
    of: int
    median_days: int | None
    low_days: int | None
    high_days: int | None
    chance: float


def waited(waits: Sequence[Wait]) -> list[Waited]:
    """How long each group waits, by its name, beside all others.

    Example:
        >>> told = [Wait("north", "ana", 2, True), Wait("north", "bo", 9, False)]
        >>> waited(told)[0].median_days
        2
    """
    groups = sorted({wait.group for wait in waits})
    return [
        _waited(
            group,
            [wait for wait in waits if wait.group == group],
            [wait for wait in waits if wait.group != group],
        )
        for group in groups
    ]


def _waited(group: str, own: Sequence[Wait], rest: Sequence[Wait]) -> Waited:
    days, least, still, most = _curve(own)
    return Waited(
        group=group,
        people=len({wait.author for wait in own}),
        over=sum(wait.is_over for wait in own),
        of=len(own),
        median_days=_half(days, still),
        low_days=_half(days, least),
        high_days=_half(days, most),
        chance=_chance(own, rest),
    )


def _curve(waits: Sequence[Wait]) -> tuple[Ints, Floats, Floats, Floats]:
    """The days of answers; what part still waits after each, at least, as counted, and at most.

    Bounds are of the log of the log, by Greenwood's deviation; where nobody is left, 0 to 1.
    """
    waited = np.array([wait.days for wait in waits], np.int64)
    is_over = np.array([wait.is_over for wait in waits], np.bool_)
    days, over = np.unique(waited[is_over], return_counts=True)
    waiting = np.count_nonzero(waited[None, :] >= days[:, None], axis=1)
    still = np.cumprod(1 - over / waiting)
    is_left = over < waiting
    deviation = np.sqrt(np.cumsum(over / (waiting * np.where(is_left, waiting - over, 1))))
    log = np.log(np.where(is_left, still, 0.5))
    least = np.where(is_left, np.exp(log * np.exp(-Z * deviation / log)), 0.0)
    most = np.where(is_left, np.exp(log * np.exp(Z * deviation / log)), 1.0)
    return days, least, still, most


def _half(days: Ints, waiting: Floats) -> int | None:
    """The first day on which no more than half still wait."""
    # A product of parts that are a half together may be a little more in doubles.
    at = np.flatnonzero(waiting <= 0.5 + 1e-9)
    return int(days[at[0]]) if len(at) else None


def _chance(own: Sequence[Wait], rest: Sequence[Wait]) -> float:
    if not rest or not any(wait.is_over for wait in (*own, *rest)):
        return 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        # Less: the group is answered at a lower rate.
        found = float(logrank(_censored(own), _censored(rest), alternative="less").pvalue)
    # All answers on one day after which nobody waits: nothing to compare.
    return 1.0 if np.isnan(found) else found


def _censored(waits: Sequence[Wait]) -> CensoredData:
    return CensoredData.right_censored(
        [wait.days for wait in waits], [not wait.is_over for wait in waits]
    )
