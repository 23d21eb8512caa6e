"""Masses: all that a plan does with every heap, and what of it does not serve anybody."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bioloom.circuits.layout.arrays import Ints, no_ints
from bioloom.circuits.layout.storing import HORIZON_ENDS
from bioloom.circuits.posing import Problem

M = TypeVar("M", np.int64, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masses:
    """A plan in whole milligrams: all that is done with every heap."""

    # On each arc, shape (arcs,), and unmet at each node, shape (nodes,).
    flows_mg: Ints
    unmet_mg: Ints
    # Stored on each wait, shape (waits,), and left of each product where it is, shape (products,).
    stored_mg: Ints
    left_mg: Ints


def plain_masses(flows_mg: Ints, unmet_mg: Ints) -> Masses:
    """The masses of a plan of a city that has no stores and makes nothing."""
    return Masses(flows_mg=flows_mg, unmet_mg=unmet_mg, stored_mg=no_ints(), left_mg=no_ints())


def short_of(problem: Problem, unmet: NDArray[M], stored: NDArray[M]) -> NDArray[M]:
    """What of each cell is not served: unmet, or stored when the horizon ends, shape (cells,).

    In the unit of what is given, whole where that is.
    """
    stores = problem.stores
    ends = (stores.taker == HORIZON_ENDS) & (stores.giver < len(problem.nodes))
    short = np.zeros(len(problem.cells), dtype=unmet.dtype)
    np.add.at(short, problem.cell_of_node, unmet)
    np.add.at(short, problem.cell_of_node[stores.giver[ends]], stored[ends])
    return short


def made_mg(problem: Problem, flows_mg: Ints) -> Ints:
    """What sites make of each product [mg], each yield rounded down, shape (products,).

    Example:
        999 mg of which 500 in a thousand become compost are 499 mg of compost.
    """
    yields = problem.yields
    taken_mg = np.zeros(len(problem.sites), dtype=np.int64)
    np.add.at(taken_mg, problem.arc_intake, flows_mg)
    made: Ints = np.zeros(len(yields.products), dtype=np.int64)
    # In two steps, lest a thousandfold mass leave int64.
    whole, rest = np.divmod(taken_mg[yields.intake], 1000)
    np.add.at(made, yields.product, whole * yields.per_mille + rest * yields.per_mille // 1000)
    return made
