"""Steps: in which order mass passes through heaps, by way of sites and from period to period."""

import numpy as np

from bioloom.circuits.layout.arrays import Ints
from bioloom.circuits.layout.storing import HORIZON_ENDS
from bioloom.circuits.posing import Problem


def steps(problem: Problem) -> Ints:
    """After how many steps mass can come to each heap at most, shape (heaps,).

    Nodes of the first period are at 0; what a site makes comes after all that the site takes, and
    what waits comes after what it waited with. Ends, as mass does not go in a circle.
    """
    stores, yields = problem.stores, problem.yields
    goes_on = stores.taker != HORIZON_ENDS
    giver, taker = stores.giver[goes_on], stores.taker[goes_on]
    made = len(problem.nodes) + yields.product
    step = np.zeros(problem.heaps, dtype=np.int64)
    settled = not (giver.size or made.size)
    while not settled:
        before = step.copy()
        at_intake = np.zeros(len(problem.sites), dtype=np.int64)
        np.maximum.at(at_intake, problem.arc_intake, step[problem.arc_node])
        np.maximum.at(step, made, at_intake[yields.intake] + 1)
        np.maximum.at(step, taker, step[giver] + 1)
        assert step.max(initial=0) <= problem.heaps, "mass would go in a circle"
        settled = bool(np.array_equal(before, step))
    return step
