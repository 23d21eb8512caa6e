"""Judging: the fairest, then shortest plan of some figures, by linear programs of scipy.

Built from the declarations, cold for each world, with no code of Bioloom's planning.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from benchmarks.rivals.decided import Decided
from bioloom.circuits.explaining.questions.answers import Change
from bioloom.circuits.planning import Plan
from bioloom.circuits.posing import Node
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.places import DistrictId, SiteId, great_circle_km
from bioloom.vocabulary.quantities import MG_PER_TONNE

Floats = NDArray[np.float64]
# The share placed of every group, what is unmet [t], and the length of all ways [t km].
Values = tuple[dict[tuple[str, str], float], float, float]


@dataclass(frozen=True)
class World:
    """What a plan is made of, as plain masses in tonnes."""

    offered: dict[tuple[str, str], float]
    rooms: dict[tuple[str, int], float]
    least: dict[tuple[str, str, str], float]
    decided: Decided


class Judge:
    """The fairest, then shortest plan of a world without stores, yields and vehicles, by scipy."""

    def __init__(
        self,
        declared: Declared,
        versions: Sequence[Version],
        plan: Plan,
        offered: Mapping[Node, int],
    ) -> None:
        self.declared = declared
        self.decided = Decided(declared=declared, versions=versions, period=plan.period)
        self.offered = {
            (str(district), str(material)): mass / MG_PER_TONNE
            for (district, material), mass in offered.items()
            if mass
        }
        self.without = {str(site) for site in plan.without}
        self._known: dict[str, Values] = {}

    def world(self, changes: list[Change]) -> World:
        """The figures, with all that is otherwise."""
        closed, offered = set(self.without), dict(self.offered)
        decided = self.decided.but_for(changes)
        more: defaultdict[str, float] = defaultdict(float)
        least = {}
        for one in changes:
            mass_t = one.mass_mg / MG_PER_TONNE
            match one.kind:
                case "closed":
                    closed.add(str(one.site))
                case "opened":
                    closed.discard(str(one.site))
                case "more_room":
                    more[str(one.site)] += mass_t
                case "more_offered":
                    node = str(one.district), str(one.material)
                    offered[node] = offered.get(node, 0.0) + mass_t
                case "sent":
                    least[str(one.district), str(one.group), str(one.site)] = mass_t
        rooms = {
            (str(name), at): decided.room_t(name, intake.capacity_mg_per_day) + more[name]
            for name, site in self.declared.sites.items()
            if name not in closed
            for at, intake in enumerate(site.intakes)
        }
        return World(offered, rooms, least, decided)

    def values(self, changes: list[Change]) -> Values:
        """The share placed of every group, what is unmet [t], and the length of all ways [t km]."""
        key = repr(changes)
        if key not in self._known:
            self._known[key] = Program(self.declared, self.world(changes)).values()
        return self._known[key]

    def past(self, changes: list[Change], cell: tuple[str, str], site: str) -> float:
        """The least of a group that must go farther than to a site [t]."""
        return Program(self.declared, self.world(changes)).past(cell, site)


class Program:
    """One world as rows of scipy. Columns: ways, what is unmet of each node, level."""

    def __init__(self, declared: Declared, world: World) -> None:
        self.declared = declared
        groups = {str(name): str(one.group) for name, one in declared.materials.items()}
        nodes, rooms = list(world.offered), list(world.rooms)
        cell_of = [(district, groups[material]) for district, material in nodes]
        self.cells = sorted(set(cell_of))
        decided = world.decided
        ways = [
            (node, room)
            for node, (district, group) in enumerate(cell_of)
            for room, (site, at) in enumerate(rooms)
            if group in declared.sites[SiteId(site)].intakes[at].accepts
            and not decided.barred(
                DistrictId(district), group, SiteId(site), km_of(declared, district, site)
            )
        ]
        self.end = [rooms[room][0] for _, room in ways]
        self.cell = [cell_of[node] for node, _ in ways]
        self.km = np.array(
            [km_of(declared, cell[0], end) for cell, end in zip(self.cell, self.end, strict=True)]
        )
        self.mass, self.room = np.array(list(world.offered.values())), list(world.rooms.values())
        self.need = np.array(
            [declared.districts[DistrictId(d)].need_per_mille / 1000 for d, _ in self.cells]
        )
        self._fill(
            np.array(ways).reshape(-1, 2).T, np.array([self.cells.index(cell) for cell in cell_of])
        )
        self.sent = [
            (self._row([(*cell, end) == way for cell, end in self._ways()]), least)
            for way, least in world.least.items()
        ]
        self.ceiling = np.full(len(self.cells), np.inf)
        self._decide(decided, [(*nodes[node], rooms[room][0]) for node, room in ways])

    def _decide(self, decided: Decided, ways: Sequence[tuple[str, str, str]]) -> None:
        """Keep to guarantees and vetoes; what bars ways took these away before."""
        shares = [decided.least_share(DistrictId(one), group) for one, group in self.cells]
        # What is guaranteed limits the level from the beginning, also while it is pushed.
        self.promised = np.where(shares, self.need * (1 - np.array(shares)), np.inf)
        # Vetoes, the other way round: at least as much less.
        self.sent += [
            (self._row([-float(way == one) for one in ways]), -most)
            for way, most in decided.most_t().items()
        ]

    def _ways(self) -> list[tuple[tuple[str, str], str]]:
        return list(zip(self.cell, self.end, strict=True))

    def _fill(self, ways: NDArray[np.int64], cell_of: NDArray[np.int64]) -> None:
        node, room = ways
        many, count = len(node), len(self.mass)
        self.width = many + count + 1
        unmet, ones = many + np.arange(count), np.ones(many + count)
        balance = np.concatenate([node, np.arange(count)]), np.arange(many + count)
        self.equal = coo_array((ones, balance), (count, self.width)).tocsr()
        into = ones[:many], (room, np.arange(many))
        self.into = coo_array(into, (len(self.room), self.width)).tocsr()
        share = (self.need / np.bincount(cell_of, self.mass))[cell_of]
        self.level = coo_array((share, (cell_of, unmet)), (len(self.cells), self.width)).tocsr()

    def _row(self, values: Sequence[float] | Floats) -> Floats:
        """A row of ways, and of nothing else."""
        row = np.zeros(self.width)
        row[: len(self.km)] = values
        return row

    def values(self) -> Values:
        """See `Judge.values`."""
        while np.isinf(self.ceiling).any():
            self._lower()
        self.length, found, _ = self._least(self._row(self.km))
        levels = self.level @ found
        shares = dict(zip(self.cells, (1 - levels / self.need).tolist(), strict=True))
        return shares, float(found[len(self.km) : -1].sum()), self.length

    def past(self, cell: tuple[str, str], site: str) -> float:
        """See `Judge.past`."""
        self.values()
        ways = list(zip(self._ways(), self.km.tolist(), strict=True))
        near = km_of(self.declared, cell[0], site)
        past = self._row([float(way[0] == cell and km > near) for way, km in ways])
        self.sent.append((-self._row(self.km), -self.length * (1 + 1e-11) - 1e-6))
        return self._least(past)[0]

    def _lower(self) -> None:
        """Lower the worst level, and hold who keeps it from falling further."""
        free = np.isinf(self.ceiling)
        worst, _, prices = self._least(np.append(np.zeros(self.width - 1), 1.0), free)
        price = np.abs(prices[len(self.room) : len(self.room) + len(free)]) * free
        held = free if worst < 1e-9 else price > 1e-6 * price.max()
        self.ceiling[held] = max(0.0, worst) + 1e-9

    def _least(
        self, cost: Floats, free: NDArray[np.bool_] | None = None
    ) -> tuple[float, Floats, Floats]:
        """The least value of a cost, where it is, and the prices of all limits."""
        free = np.zeros(len(self.cells), dtype=np.bool_) if free is None else free
        pushed = coo_array(
            (-np.ones(free.sum()), (np.flatnonzero(free), np.full(free.sum(), self.width - 1))),
            self.level.shape,
        )
        bound = np.isfinite(self.promised)
        rows = [
            self.into,
            self.level + pushed,
            self.level.tocsr()[bound],
            *(coo_array(-row[None]) for row, _ in self.sent),
        ]
        ceiling = np.where(free, 0.0, np.minimum(self.ceiling, 2 * self.need))
        found = linprog(
            cost,
            A_ub=vstack(rows).tocsr(),
            b_ub=np.array(
                [*self.room, *ceiling, *self.promised[bound], *(-least for _, least in self.sent)]
            ),
            A_eq=self.equal,
            b_eq=self.mass,
            options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
        )
        assert found.status == 0, found.message
        return float(found.fun), found.x, found.ineqlin.marginals


def km_of(declared: Declared, district: str, site: str) -> float:
    """The way from a district to a site [km]."""
    return great_circle_km(
        declared.districts[DistrictId(district)].point, declared.sites[SiteId(site)].point
    )
