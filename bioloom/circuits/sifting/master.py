"""The master: a small linear program over the few arcs that are near their price, in HiGHS.

Each node has a key: the arc that takes what no other of its arcs does. So the key needs no column,
a node of two arcs needs no row, and to send all of it the other way is no pivot: a column goes from
one of its bounds to the other. Only from the third arc on has a node a row, in which the others
together are no more than it supplies. Prices are held in a box about those they started from: a row
may be overdrawn for the top of its box and refunded at the bottom, so that a program without the
right arcs yet does not answer with prices that mislead the search for them.

Source:
    Marsten, Hogan & Blankenship (1975), The boxstep method for large-scale optimization,
    Oper. Res. 23(3); Dantzig & Van Slyke (1967), Generalized upper bounding techniques, J. Comput.
    Syst. Sci. 1(3).
"""

from collections.abc import Callable

import highspy
import numpy as np

from bioloom.circuits.posing import Floats, Ints
from bioloom.circuits.sifting.tiles import NO_WAY, Tiles
from bioloom.circuits.solving.program import PlanUnsolved, change_rows, run

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
# What is left to a key below this, in parts of what its node supplies, is a float's last digits.
NOTHING_LEFT = 1e-9


class Master:
    """The program, its nodes and its arcs. Columns: overdrafts, refunds, arcs as they came."""

    def __init__(self, tiles: Tiles, prices: Floats, nearest: Ints) -> None:
        """Begin with keys alone: each node takes the site that is nearest at these prices."""
        self.tiles, self.prices = tiles, prices
        self._supply = tiles.supply_t.ravel()
        self._limits, self._top = tiles.limits(), tiles.dearest()
        self._unit = float(np.median(tiles.unmet_cost))
        self._width = np.maximum(WIDTH * prices, LEAST_WIDTH * self._unit)
        self._lowest = np.maximum(0.0, prices - self._width)
        self._highest = np.minimum(self._top, prices + self._width)
        nodes, sites = len(nearest), tiles.way_cost.shape[1]
        # Of each node its key, whether all of that is at a refund, and the row in HiGHS, if any.
        self._key, self._row = nearest, np.full(nodes, -1)
        self._key_held = np.zeros(nodes, dtype=np.bool_)
        self.node_price = np.zeros(nodes)
        # The last column of `_in` is of what stays unmet.
        self._in = np.zeros((nodes, sites + 1), dtype=np.bool_)
        self._in[np.arange(nodes), nearest] = True
        self._node, self._site = np.empty((2, 0), dtype=np.int64)
        # Of each arc column: the mass that it may take at a refund, infinite for one without.
        self._held_t = np.empty(0)
        self._reckon_keys()
        self._highs = _fresh_highs()
        self._begin()

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns in HiGHS."""
        return self._highs.getNumRow(), self._highs.getNumCol()

    def _reckon_keys(self) -> None:
        """What each key costs and whether it is shut, and what all use if all goes their ways."""
        tiles, nodes = self.tiles, np.arange(len(self._key))
        rows, uses = tiles.arc_uses(nodes, self._key)
        cost = tiles.arc_cost(nodes, self._key)
        self._shut = cost >= NO_WAY
        refund = tiles.in_force.refund * self._key_held
        # Nothing goes where there is no way, so any cost will do there.
        self._key_cost = np.where(self._shut, self._unit, cost - refund)
        mass_t = np.repeat(self._supply, rows.shape[1])
        self._key_use = np.bincount(rows.ravel(), uses.ravel() * mass_t, len(self._limits))

    def _begin(self) -> None:
        """Rows and their overdrafts and refunds alone."""
        count = len(self._limits)
        none, rows = np.empty(0, dtype=np.int32), np.arange(count, dtype=np.int32)
        infinite = np.full(count, np.inf)
        upper = self._limits - self._key_use
        self._highs.addRows(count, -infinite, upper, 0, rows, none, np.empty(0))
        for cost, use in ((self._highest, -1.0), (-self._lowest, 1.0)):
            upper = np.where(self._lowest > 0, np.inf, 0.0) if use > 0 else infinite
            ones = np.full(count, use)
            self._highs.addCols(count, cost, np.zeros(count), upper, count, rows, rows, ones)

    def add(self, node: Ints, site: Ints) -> int:
        """Take in arcs that are not in yet; how many were new."""
        new = ~self._in[node, site]
        node, site = node[new], site[new]
        if len(node):
            self._in[node, site] = True
            self._add_columns(node, site, np.full(len(node), np.inf))
        return len(node)

    def _add_columns(self, node: Ints, site: Ints, held_t: Floats) -> None:
        """New columns at nothing: the last plan stands."""
        many = np.bincount(np.concatenate([self._node, node]), minlength=len(self._key))
        self._add_rows(np.flatnonzero((many > 1) & (self._row < 0)))
        starts, rows, values = self._uses(node, site)
        cost, upper = self._figures(node, site, held_t)
        count = len(node)
        self._highs.addCols(count, cost, np.zeros(count), upper, len(rows), starts, rows, values)
        self._node = np.concatenate([self._node, node])
        self._site = np.concatenate([self._site, site])
        self._held_t = np.concatenate([self._held_t, held_t])
        self._strategy(_PRIMAL)

    def _add_rows(self, node: Ints) -> None:
        """Rows of some nodes, with the columns of theirs that there are."""
        first = self._highs.getNumRow()
        self._row[node] = first + np.arange(len(node))
        column = np.flatnonzero(np.isin(self._node, node))
        row = self._row[self._node[column]] - first
        order = np.argsort(row, kind="stable")
        starts = np.searchsorted(row[order], np.arange(len(node))).astype(np.int32)
        columns = (2 * len(self._limits) + column[order]).astype(np.int32)
        ones = np.ones(len(columns))
        lower, upper = self._node_bounds(node)
        self._highs.addRows(len(node), lower, upper, len(columns), starts, columns, ones)

    def _node_bounds(self, node: Ints) -> tuple[Floats, Floats]:
        """How much goes by other arcs than the key at least and at most."""
        mass = self._supply[node]
        return np.where(self._shut[node], mass, -np.inf), mass

    def _uses(self, node: Ints, site: Ints) -> tuple[Ints, Ints, Floats]:
        """Starts, rows and coefficients of arc columns: what each uses more than its key."""
        rows, uses = self.tiles.arc_uses(node, site)
        key_rows, key_uses = self.tiles.arc_uses(node, self._key[node])
        own = self._row[node][:, None]
        one = (own >= 0).astype(np.float64)
        row = np.concatenate([rows, key_rows, np.maximum(own, 0)], axis=1)
        value = np.concatenate([uses, -key_uses, one], axis=1)
        height = self._highs.getNumRow()
        code = np.arange(len(node))[:, None] * height + row
        codes, place = np.unique(code.ravel(), return_inverse=True)
        values = np.bincount(place.ravel(), value.ravel(), len(codes))
        codes, values = codes[values != 0], values[values != 0]
        column, rows = np.divmod(codes, height)
        starts = np.searchsorted(column, np.arange(len(node)))
        return starts.astype(np.int32), rows.astype(np.int32), values

    def _figures(self, node: Ints, site: Ints, held_t: Floats) -> tuple[Floats, Floats]:
        """Cost beside the key, and upper bound, of columns: nothing goes where there is no way."""
        cost = self.tiles.arc_cost(node, site)
        no_way = cost >= NO_WAY
        cost = cost - np.where(np.isfinite(held_t), self.tiles.in_force.refund, 0.0)
        upper = np.minimum(held_t, self._supply[node])
        return np.where(no_way, 0.0, cost - self._key_cost[node]), np.where(no_way, 0.0, upper)

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
        status = run(self._highs)
        if status != highspy.HighsModelStatus.kOptimal:
            raise PlanUnsolved(status=self._highs.modelStatusToString(status))
        solution = self._highs.getSolution()
        value, dual = np.array(solution.col_value), np.array(solution.row_dual)
        count = len(self._limits)
        self._over, self._under = value[:count], value[count : 2 * count]
        self._flow = value[2 * count :]
        left = self._supply - np.bincount(self._node, self._flow, len(self._key))
        self._key_flow = np.where(left > NOTHING_LEFT * self._supply, left, 0.0)
        self.prices = np.clip(-dual[:count], 0.0, self._top)
        self._price_nodes()

    def _price_nodes(self) -> None:
        """A tonne of a node is worth what the dearest of the ways that it takes costs."""
        tiles, nodes = self.tiles, np.arange(len(self._key))
        refund = tiles.in_force.refund
        by_key = tiles.priced_arcs(nodes, self._key, self.prices) - refund * self._key_held
        self.node_price = np.where((self._key_flow > 0) | (self._supply == 0), by_key, -np.inf)
        used = self._flow > NOTHING_LEFT * self._supply[self._node]
        node, site, held_t = self._node[used], self._site[used], self._held_t[used]
        price = tiles.priced_arcs(node, site, self.prices) - refund * np.isfinite(held_t)
        np.maximum.at(self.node_price, node, price)

    def value(self) -> float:
        """Cost of the plan, every shortfall at its price; infinite while rows are overdrawn."""
        over = np.where(self._over > 1e-9, self._over, 0.0)
        if over[: self.tiles.floor_row].any():
            return np.inf
        cost = float(self._highs.getInfo().objective_function_value)
        cost += float(self._supply @ self._key_cost)
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
        self._key_held[:] = False
        self._leave_keys()
        self._hold()
        self._reckon_keys()
        shut = np.flatnonzero(self._shut)
        self._add_rows(shut[self._row[shut] < 0])
        self.add(shut, np.full(len(shut), UNMET))
        self._bound_rows()
        self._change_columns()
        self._highest = np.maximum(self._highest, np.minimum(self._top, OPENED * self._unit))
        rows = np.arange(len(self._limits), dtype=np.int32)
        self._highs.changeColsCost(len(rows), rows, self._highest)
        self._strategy(_DUAL)

    def _leave_keys(self) -> None:
        """A node that has no arc but its key, and no way there, stays unmet."""
        nodes = np.arange(len(self._key))
        lone = np.bincount(self._node, minlength=len(nodes)) == 0
        cut = lone & (self.tiles.arc_cost(nodes, self._key) >= NO_WAY)
        self._in[cut, self._key[cut]] = False
        self._in[cut, UNMET] = True
        self._key[cut] = UNMET

    def _bound_rows(self) -> None:
        count = len(self._limits)
        node = np.flatnonzero(self._row >= 0)
        lower, upper = self._node_bounds(node)
        rows = np.concatenate([np.arange(count), self._row[node]])
        lower = np.concatenate([np.full(count, -np.inf), lower])
        upper = np.concatenate([self._limits - self._key_use, upper])
        change_rows(self._highs, rows, lower, upper)

    def _hold(self) -> None:
        """Refund what stays on the ways of the plan in force: by the key itself where that is all.

        Any other flow in force has a column of its own at a refund, beside that of its arc.
        """
        held = self.tiles.in_force
        self.add(held.node, held.site)
        whole = held.mass_t >= (1 - NOTHING_LEFT) * self._supply[held.node]
        by_key = whole & (self._key[held.node] == held.site)
        self._key_held[held.node[by_key]] = True
        node, site, mass_t = held.node[~by_key], held.site[~by_key], held.mass_t[~by_key]
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

    def flows(self) -> tuple[Ints, Ints, Floats]:
        """Node, site and tonnes of every arc in use; to site `UNMET` goes what stays unmet."""
        node = np.concatenate([np.arange(len(self._key)), self._node])
        site = np.concatenate([self._key, self._site])
        mass = np.concatenate([self._key_flow, self._flow])
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
