"""Intervals: what a share of few votes can be, so that two votes never look like two hundred.

Source:
    Wilson (1927), Probable inference, the law of succession, and statistical inference.
"""

import numpy as np

from bioloom.assembly.opinions.kernels import Floats, Ints

# One-sided, 95 %.
Z = 1.6448536269514722


def wilson(hits: Ints, trials: Ints, z: float = Z) -> tuple[Floats, Floats]:
    """The least and the most that a share can be, each surpassed with 5 % at most.

    Args:
        hits: How often something was so.
        trials: Out of how many; nothing is known of a share of none.
        z: How many standard deviations the bounds are apart from the middle.

    Example:
        >>> low, high = wilson(np.array([2, 180]), np.array([2, 200]))
        >>> low.round(2).tolist(), high.round(2).tolist()
        ([0.43, 0.86], [1.0, 0.93])
    """
    number = np.maximum(trials, 1)
    share, squared = hits / number, z * z
    middle = (share + squared / (2 * number)) / (1 + squared / number)
    half = z * np.sqrt(share * (1 - share) / number + squared / (4 * number**2))
    half = half / (1 + squared / number)
    low = np.where(trials == 0, 0.0, np.maximum(middle - half, 0.0))
    high = np.where(trials == 0, 1.0, np.minimum(middle + half, 1.0))
    return low, high


def shrunk(hits: Ints, trials: Ints) -> Floats:
    """A share with one vote for and one against added, as Polis shows it."""
    found: Floats = (hits + 1) / (trials + 2)
    return found
