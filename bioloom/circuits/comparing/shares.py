"""Shares: the program of a whole problem with a column for the service of each cell."""

import highspy
import numpy as np

from bioloom.circuits.posing import Flags, Floats, Ints, Problem
from bioloom.circuits.solving.program import Program
from bioloom.vocabulary.quantities import MG_PER_TONNE


class Shares(Program):
    """As `Program`, with the share of each cell that is served, and rows over those shares.

    It keeps all that a plan keeps: rooms, stores, lanes, what is under way, and Codes.
    """

    def __init__(self, problem: Problem) -> None:
        """Begin with no aim.

        Args:
            problem: All parts of it together, as some rules look at all cells at once.
        """
        super().__init__(problem)
        rows, cells = self.rows, len(problem.cells)
        # The rows that limit what is not served of each cell say what that is.
        of_rows, columns, values = rows.coefficients()
        short = (of_rows >= rows.limit.start) & (of_rows < rows.limit.stop)
        # Not the excess over a guarantee: that is no mass.
        short &= (columns < rows.excess.start) | (columns >= rows.excess.stop)
        self._cell = of_rows[short] - rows.limit.start
        self._column, self._per_unit = columns[short], values[short]
        self.share = slice(rows.columns, rows.columns + cells)
        self.worth = slice(self.share.stop, self.share.stop + cells)
        for lower, upper in ((0.0, 1.0), (-highspy.kHighsInf, 0.0)):
            for _ in range(cells):
                self._highs.addVar(lower, upper)
        for cell in range(cells):
            of_cell = self._cell == cell
            self.keep(
                np.append(self._column[of_cell], self.share.start + cell),
                np.append(self._per_unit[of_cell], rows.offered[cell]),
                least=float(rows.offered[cell]),
                most=float(rows.offered[cell]),
            )

    def keep(
        self,
        columns: Ints,
        values: Floats,
        *,
        least: float = -highspy.kHighsInf,
        most: float,
    ) -> None:
        """From now on a sum of columns is within bounds."""
        self._highs.addRow(least, most, len(columns), columns.astype(np.int32), values)

    def keep_shares(self, weight: Floats, most: float) -> None:
        """From now on a weighted sum of the cells' shares is at most so much."""
        self.keep(np.arange(self.share.start, self.share.stop), weight, most=most)

    def hold_shares(self, least: Floats) -> None:
        """From now on each cell has at least this share."""
        columns = np.arange(self.share.start, self.share.stop, dtype=np.int32)
        ones = np.ones(len(columns))
        self._highs.changeColsBounds(len(columns), columns, np.minimum(least, 1.0), ones)

    def most_worth(self, weight: Floats) -> float:
        """The most that the worths of all cells can be together, by weight."""
        cost = self._no_cost()
        cost[self.worth] = -weight
        return -self._least(cost)

    def least_short(self) -> float:
        """The least mass that can be left unserved, of all cells together [t]."""
        cost = self._no_cost()
        np.add.at(cost, self._column, self._per_unit)
        least: float = self._least(cost) * self.rows.unit_mg / MG_PER_TONNE
        return least

    def limit_short(self, most_t: float) -> None:
        """From now on no more than so much is left unserved, of all cells together [t]."""
        total = np.zeros(self.rows.columns)
        np.add.at(total, self._column, self._per_unit)
        columns = np.flatnonzero(total)
        self.keep(columns, total[columns], most=most_t * MG_PER_TONNE / self.rows.unit_mg)

    def least_way(self) -> float:
        """The least that all ways together can be [t km]."""
        cost = self._no_cost()
        cost[self.rows.ways] = self.problem.arc_km
        cost[self.rows.kept] = self.problem.arc_km[self.rows.kept_arc]
        least: float = self._least(cost) * self.rows.unit_mg / MG_PER_TONNE
        return least

    def shares(self) -> Floats:
        """The share of each cell that the plan last found serves [1], shape (cells,)."""
        # Nothing may be found as a zero with a sign, which people would be shown.
        shares: Floats = np.clip(self._value[self.share], 0.0, 1.0) + 0.0
        return shares

    def worths(self) -> Floats:
        """The worth of each cell in the plan last found, shape (cells,)."""
        worths: Floats = self._value[self.worth]
        return worths

    def forget_worth(self, cells: Flags) -> None:
        """From now on the worth of these cells is nothing, whatever their share."""
        columns = (self.worth.start + np.flatnonzero(cells)).astype(np.int32)
        nothing = np.zeros(len(columns))
        self._highs.changeColsBounds(len(columns), columns, nothing, nothing)

    def _no_cost(self) -> Floats:
        return np.zeros(self.worth.stop)

    def _least(self, cost: Floats) -> float:
        columns = np.arange(len(cost), dtype=np.int32)
        self._highs.changeColsCost(len(columns), columns, cost)
        return self.minimum()
