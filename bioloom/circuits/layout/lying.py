"""Lying: what is under way has left its residue, whether anybody has room for it or not."""

from dataclasses import replace

import numpy as np

from bioloom.circuits.posing import Problem


def with_residue_lying(problem: Problem) -> Problem:
    """A problem in which residue of what is under way may stay where it was made.

    A site takes only as much as what it makes finds room. What it has taken already it cannot give
    back; where that finds no room, as when the pit is closed meanwhile, so much more may stay, and
    is told as what is left. Room at other sites is given to one product after another, so together
    they may leave a little more than they would have to.

    Example:
        10 t are under way to a site of which a twentieth is rejects, and there is room for 0.1 t of
        those: 0.4 t may stay.
    """
    yields, floor_mg = problem.yields, problem.floor_mg
    if not yields.product.size or not floor_mg.any():
        return problem
    coming_mg = np.zeros(len(problem.capacity_mg), dtype=np.int64)
    np.add.at(coming_mg, problem.arc_intake, floor_mg)
    # Rounded up, in two steps: a thousandfold mass may leave int64.
    whole, rest = np.divmod(coming_mg[yields.intake], 1000)
    made_mg = np.zeros(len(yields.products), dtype=np.int64)
    np.add.at(made_mg, yields.product, whole * yields.per_mille - -rest * yields.per_mille // 1000)
    free_mg = np.maximum(0, problem.capacity_mg - coming_mg)
    left_most_mg = yields.left_most_mg.copy()
    for product in np.flatnonzero(made_mg > left_most_mg).tolist():
        lies_mg = int(made_mg[product] - left_most_mg[product])
        ways = problem.arc_node == len(problem.nodes) + product
        for taker in problem.arc_intake[ways].tolist():
            gone_mg = min(int(free_mg[taker]), lies_mg)
            free_mg[taker] -= gone_mg
            lies_mg -= gone_mg
        left_most_mg[product] += lies_mg
    return replace(problem, yields=replace(yields, left_most_mg=left_most_mg))
