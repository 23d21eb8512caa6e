"""The master: a small linear program over the few arcs that are near their price, in HiGHS.

Most nodes have one arc worth taking: they are closed, take it whole, and need no row. A node is
opened when a second arc comes. Prices are held in a box about those they started from: a row may
be overdrawn for the top of its box and refunded at the bottom, so that a program without the right
arcs yet does not answer with prices that mislead the search for them.

Source:
    Marsten, Hogan & Blankenship (1975), The boxstep method for large-scale optimization,
    Oper. Res. 23(3).
"""

from collections.abc import Callable

import highspy
import numpy as np

from bioloom.circuits.posing import Floats, Ints
from bioloom.circuits.sifting.tiles import NO_WAY, Tiles
from bioloom.circuits.solving.program import PlanUnsolved

UNMET = -1  # Stands for a site in an arc of what stays unmet.
# Half-width of a price's box at first, in parts of the price and of the middle cost of unmet mass,
# and by how much it grows when its price stands at its edge.
WIDTH, LEAST_WIDTH, GROWTH = 0.05, 0.00125, 40.0
# When something happens any price may rise: up to here every box is opened upwards, in the parts
# of `LEAST_WIDTH`.
OPENED = 2.5
# From this many rows on the first solve is by interior point, with crossover to a basis.
MANY_ROWS = 1500
_DUAL, _PRIMAL = 1, 4
_BASIC, _LOWER = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kLower


class Master:
    """The program, its open nodes and its arcs. Columns: overdrafts, refunds, arcs as they came."""

    def __init__(self, tiles: Tiles, prices: Floats, nearest: Ints) -> None:
        """Begin with every node closed: it takes the site that is nearest at these prices."""
        self.tiles, self.prices = tiles, prices
        self._supply = tiles.supply_t.ravel()
        self._limits, self._top = tiles.limits(), tiles.dearest()
        self._unit = float(np.median(tiles.unmet_cost))
        self._width = np.maximum(WIDTH * prices, LEAST_WIDTH * self._unit)
        self._lowest = np.maximum(0.0, prices - self._width)
        self._highest = np.minimum(self._top, prices + self._width)
        nodes, sites = len(nearest), tiles.way_cost.shape[1]
        self._key, self._row = nearest, np.full(nodes, -1)
        self.node_price = np.zeros(nodes)
        # The last column of `_in` is of what stays unmet.
        self._in = np.zeros((nodes, sites + 1), dtype=np.bool_)
        self._in[np.arange(nodes), nearest] = True
        self._node, self._site = np.empty((2, 0), dtype=np.int64)
        # Of each arc column: the mass that it may take at a refund, infinite for one without.
        self._held_t = np.empty(0)
        # Of each closed node: the mass that the plan in force has on its only arc.
        self._key_held_t = np.zeros(nodes)
        self._closed_use, self._closed_cost = self._closed()
        self._highs = _fresh_highs()
        self._begin()

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns in HiGHS."""
        return self._highs.getNumRow(), self._highs.getNumCol()

    def _closed(self) -> tuple[Floats, float]:
        """What the closed nodes use of each row [t], and what they cost."""
        node = np.flatnonzero(self._row < 0)
        site, mass = self._key[node], self._supply[node]
        rows, uses = self.tiles.arc_uses(node, site)
        used: Floats = np.zeros(len(self._limits))
        np.add.at(used, rows, uses * mass[:, None])
        refund = self.tiles.in_force.refund * np.minimum(mass, self._key_held_t[node])
        return used, float(np.sum(self.tiles.arc_cost(node, site) * mass - refund))

    def _begin(self) -> None:
        """Rows and their overdrafts and refunds alone."""
        count = len(self._limits)
        none, rows = np.empty(0, dtype=np.int32), np.arange(count, dtype=np.int32)
        infinite = np.full(count, np.inf)
        self._upper = self._limits - self._closed_use
        self._highs.addRows(count, -infinite, self._upper, 0, rows, none, np.empty(0))
        for cost, use in ((self._highest, -1.0), (-self._lowest, 1.0)):
            upper = np.where(self._lowest > 0, np.inf, 0.0) if use > 0 else infinite
            ones = np.full(count, use)
            self._highs.addCols(count, cost, np.zeros(count), upper, count, rows, rows, ones)

    def add(self, node: Ints, site: Ints) -> int:
        """Take in arcs that are not in yet, and open their nodes; how many were new."""
        new = ~self._in[node, site]
        node, site = node[new], site[new]
        if not len(node):
            return 0
        self._in[node, site] = True
        opened = np.unique(node[self._row[node] < 0])
        held = opened[self._key_held_t[opened] > 0]
        basis = self._highs.getBasis()
        first_row = self._highs.getNumRow()
        self._open(opened, first_row)
        # An opened node goes on as it was: its only arc so far is basic, or its share at a refund.
        freely = [_LOWER if held_t > 0 else _BASIC for held_t in self._key_held_t[opened]]
        self._add_columns(
            np.concatenate([opened, held, node]),
            np.concatenate([self._key[opened], self._key[held], site]),
            np.concatenate(
                [
                    np.full(len(opened), np.inf),
                    self._key_held_t[held],
                    np.full(len(node), np.inf),
                ]
            ),
        )
        self._key_held_t[opened] = 0.0
        if basis.valid:
            added = self._highs.getBasis()
            added.col_status = [
                *basis.col_status,
                *freely,
                *[_BASIC] * len(held),
                *[_LOWER] * len(node),
            ]
            added.row_status = list(basis.row_status) + [_LOWER] * len(opened)
            added.valid = True
            self._highs.setBasis(added)
        self._strategy(_PRIMAL)
        return len(node)

    def _open(self, node: Ints, first_row: int) -> None:
        if not len(node):
            return
        self._row[node] = first_row + np.arange(len(node))
        self._closed_use, self._closed_cost = self._closed()
        mass = self._supply[node]
        none = np.empty(0, dtype=np.int32)
        starts = np.zeros(len(node), dtype=np.int32)
        self._highs.addRows(len(node), mass, mass, 0, starts, none, np.empty(0))
        self._bound_rows()

    def _bound_rows(self) -> None:
        upper = self._limits - self._closed_use
        for row in np.flatnonzero(upper != self._upper).tolist():
            self._highs.changeRowBounds(row, -np.inf, upper[row])
        self._upper = upper

    def _add_columns(self, node: Ints, site: Ints, held_t: Floats) -> None:
        count = len(node)
        rows, uses = self.tiles.arc_uses(node, site)
        index = np.concatenate([rows, self._row[node][:, None]], axis=1)
        value = np.concatenate([uses, np.ones((count, 1))], axis=1)
        kept = value != 0
        starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))[:-1]])
        cost, upper = self._figures(node, site, held_t)
        self._highs.addCols(
            count,
            cost,
            np.zeros(count),
            upper,
            int(kept.sum()),
            starts.astype(np.int32),
            index[kept].astype(np.int32),
            value[kept],
        )
        self._node = np.concatenate([self._node, node])
        self._site = np.concatenate([self._site, site])
        self._held_t = np.concatenate([self._held_t, held_t])

    def _figures(self, node: Ints, site: Ints, held_t: Floats) -> tuple[Floats, Floats]:
        """Cost and upper bound of arc columns: nothing goes where there is no way."""
        cost = self.tiles.arc_cost(node, site)
        no_way = cost >= NO_WAY
        cost = cost - np.where(np.isfinite(held_t), self.tiles.in_force.refund, 0.0)
        return np.where(no_way, 0.0, cost), np.where(no_way, 0.0, held_t)

    def _strategy(self, strategy: int) -> None:
        self._highs.setOptionValue("simplex_strategy", strategy)

    def solve(self) -> None:
        """Find the least cost, and with it the prices of rows and nodes.

        Raises:
            PlanUnsolved: If the solver fails.
        """
        cold = not self._highs.getBasis().valid
        by_interior = cold and self._highs.getNumRow() >= MANY_ROWS
        self._highs.setOptionValue("solver", "ipm" if by_interior else "simplex")
        self._highs.setOptionValue("presolve", "on" if cold else "off")
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise PlanUnsolved(status=self._highs.modelStatusToString(status))
        solution = self._highs.getSolution()
        value, dual = np.array(solution.col_value), np.array(solution.row_dual)
        count = len(self._limits)
        self._over, self._under = value[:count], value[count : 2 * count]
        self._flow = value[2 * count :]
        self.prices = np.clip(-dual[:count], 0.0, self._top)
        nodes = np.arange(len(self._key))
        self.node_price = self.tiles.priced_arcs(nodes, self._key, self.prices)
        self.node_price[self._key_held_t >= self._supply] -= self.tiles.in_force.refund
        opened = self._row >= 0
        self.node_price[opened] = dual[self._row[opened]]

    def value(self) -> float:
        """Cost of the plan, every shortfall at its price; infinite while rows are overdrawn."""
        over = np.where(self._over > 1e-9, self._over, 0.0)
        if over[: self.tiles.floor_row].any():
            return np.inf
        cost = float(self._highs.getInfo().objective_function_value) + self._closed_cost
        floors = slice(self.tiles.floor_row, None)
        short = float(np.sum((self._top - self._highest)[floors] * over[floors]))
        return cost + float(np.sum(self._lowest * self._under)) + short

    def widen(self) -> int:
        """Widen the boxes whose edge is in use; how many there were."""
        up = (self._over > 1e-9) & (self._highest < self._top)
        down = self._under > 1e-9
        self._width[up | down] *= GROWTH
        step = self._width
        self._highest[up] = np.minimum(self._top, self._highest + step)[up]
        self._lowest[down] = np.maximum(0.0, self._lowest - step)[down]
        edges = np.flatnonzero(np.concatenate([up, down])).astype(np.int32)
        if len(edges):
            cost = np.concatenate([self._highest, -self._lowest])[edges]
            self._highs.changeColsCost(len(edges), edges, cost)
            shut = np.flatnonzero(down & (self._lowest <= 0)) + len(up)
            for column in shut.tolist():
                self._highs.changeColBounds(column, 0.0, 0.0)
            self._strategy(_PRIMAL)
        return len(edges)

    def change(self, tiles: Tiles) -> None:
        """Go on with other figures for the same places, materials, sites and rows.

        A node whose ways are all cut stays unmet until pricing finds it another.
        """
        self.tiles, self._supply = tiles, tiles.supply_t.ravel()
        self._limits = tiles.limits()
        self._key_held_t[:] = 0.0
        nodes = np.arange(len(self._key))
        cut = (self._row < 0) & (tiles.arc_cost(nodes, self._key) >= NO_WAY)
        self._in[cut, self._key[cut]] = False
        self._in[cut, UNMET] = True
        self._key[cut] = UNMET
        held = tiles.in_force
        self.add(held.node, held.site)
        self._hold()
        self._closed_use, self._closed_cost = self._closed()
        self._bound_rows()
        opened = np.flatnonzero(self._row >= 0)
        for row, mass in zip(
            self._row[opened].tolist(), self._supply[opened].tolist(), strict=True
        ):
            self._highs.changeRowBounds(row, mass, mass)
        self._change_columns()
        self._highest = np.maximum(self._highest, np.minimum(self._top, OPENED * self._unit))
        rows = np.arange(len(self._limits), dtype=np.int32)
        self._highs.changeColsCost(len(rows), rows, self._highest)
        self._strategy(_DUAL)

    def _hold(self) -> None:
        """Give each flow in force a column at a refund, or its closed node the same."""
        held = self.tiles.in_force
        closed = self._row[held.node] < 0
        self._key_held_t[held.node[closed]] = held.mass_t[closed]
        node, site, mass_t = held.node[~closed], held.site[~closed], held.mass_t[~closed]
        sites = self._in.shape[1]
        old = np.flatnonzero(np.isfinite(self._held_t))
        self._held_t[old] = 0.0
        codes = self._node[old] * sites + self._site[old]
        order = np.argsort(codes)
        code = node * sites + site
        at = np.searchsorted(codes, code, sorter=order)
        place = old[order[np.minimum(at, len(old) - 1)]] if len(old) else np.zeros_like(at)
        known = np.isin(code, codes)
        self._held_t[place[known]] = mass_t[known]
        if not known.all():
            self._add_columns(node[~known], site[~known], mass_t[~known])

    def _change_columns(self) -> None:
        cost, upper = self._figures(self._node, self._site, self._held_t)
        count, first = len(cost), 2 * len(self._limits)
        columns = np.arange(first, first + count, dtype=np.int32)
        self._highs.changeColsCost(count, columns, cost)
        self._highs.changeColsBounds(count, columns, np.zeros(count), upper)
        lost = self._row >= 0
        lost[self._node[(upper > 0) & np.isinf(self._held_t)]] = False
        stranded = np.flatnonzero(lost)
        self.add(stranded, np.full(len(stranded), UNMET))

    def flows(self) -> tuple[Ints, Ints, Floats]:
        """Node, site and tonnes of every arc in use; to site `UNMET` goes what stays unmet."""
        closed = np.flatnonzero(self._row < 0)
        node = np.concatenate([closed, self._node])
        site = np.concatenate([self._key[closed], self._site])
        mass = np.concatenate([self._supply[closed], self._flow])
        used = mass > 0
        ways, place = np.unique(np.stack([node[used], site[used]]), axis=1, return_inverse=True)
        mass_t: Floats = np.zeros(ways.shape[1])
        np.add.at(mass_t, place.ravel(), mass[used])
        return ways[0], ways[1], mass_t


def _fresh_highs() -> highspy.Highs:
    new: Callable[[], highspy.Highs] = highspy.Highs  # Its own stub leaves the constructor untyped.
    highs = new()
    options: dict[str, bool | int | str] = {"output_flag": False, "parallel": "off", "threads": 1}
    for option, value in options.items():
        highs.setOptionValue(option, value)
    return highs
