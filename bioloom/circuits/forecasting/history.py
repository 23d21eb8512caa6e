"""History: what every district offered of every material, month by month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from bioloom.circuits.posing import Floats, Node
from bioloom.vocabulary.periods import Period, month_of
from bioloom.vocabulary.quantities import MG_PER_TONNE

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Months one after the other, and for each district and material a row of tonnes.

    What nobody recorded is no number: it is not known, and not zero.
    """

    months: tuple[Period, ...]
    nodes: tuple[Node, ...]
    # Shape (nodes, months) [t].
    tonnes: Floats


def history_of(offered_mg: Mapping[Period, Mapping[Node, int]]) -> History:
    """The months from the first to the last of those told, with those between them."""
    first, last = min(period.first for period in offered_mg), max(p.first for p in offered_mg)
    months = [month_of(first)]
    while months[-1].first < last:
        months.append(month_after(months[-1], 1))
    nodes = tuple(sorted({node for offered in offered_mg.values() for node in offered}))
    row = {node: number for number, node in enumerate(nodes)}
    tonnes = np.full((len(nodes), len(months)), np.nan)
    for column, month in enumerate(months):
        for node, mass_mg in offered_mg.get(month, {}).items():
            tonnes[row[node], column] = mass_mg / MG_PER_TONNE
    return History(months=tuple(months), nodes=nodes, tonnes=tonnes)


def month_after(month: Period, steps: int) -> Period:
    """The calendar month so many months after another.

    >>> str(month_after(month_of(date(2022, 11, 1)), 2))
    '2023-01-01 to 2023-01-31'
    """
    years, index = divmod(month.first.month - 1 + steps, MONTHS_OF_YEAR)
    return month_of(date(month.first.year + years, index + 1, 1))
