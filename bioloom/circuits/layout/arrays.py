"""Arrays: their kinds, and the empty ones of cities that have nothing to put in them."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# A room beyond this is no limit to any city, and sums of masses below it stay inside int64.
UNLIMITED_MG = 2**62


def no_ints() -> Ints:
    """Indices or masses of nothing."""
    return np.zeros(0, dtype=np.int64)


def no_floats() -> Floats:
    """Prices or tonnes of nothing."""
    return np.zeros(0)
