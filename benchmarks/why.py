"""Random questions about the plans of New York and Verdiva, and another solver's word on answers.

    python -m benchmarks.why [QUESTIONS]

Questions are about lots, districts and sites, half of them with a what if. Each answer is timed in
an open city whose plan is made, and every claim of it is put to a judge: linear programs of scipy,
built here from the declarations, cold for each claim, which share no code with Bioloom's planning.
A claim holds if the share placed, what is unmet, the length of all ways, and what has to go past a
site are as the judge finds them before and after the change.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from benchmarks.import_nyc import BIOLOOM, DATA, TONS
from benchmarks.measuring import print_table
from bioloom.circuits.explaining.questions.answers import Change, Found, Trial
from bioloom.circuits.planning import Plan
from bioloom.circuits.posing import Node
from bioloom.doors.asking.why import About, Question, WhyTold, why
from bioloom.doors.compose import City, open_city
from bioloom.ledger.declared import Declared
from bioloom.ledger.inventory import supply_lots
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId, great_circle_km
from bioloom.vocabulary.quantities import MG_PER_TONNE

MOST_MS, LEAST_SHARE = 150, 0.95
# How near the judge must come: scipy keeps its rows, and the judge what it has held, to about a
# thousandth of a millionth, which adds up over all that is offered and the length of all ways.
NEARLY = 1e-6
NOVEMBER = Period(first=date(2022, 11, 1), last=date(2022, 11, 30))
Floats = NDArray[np.float64]
# The share placed of every group, what is unmet [t], and the length of all ways [t km].
Values = tuple[dict[tuple[str, str], float], float, float]


@dataclass(frozen=True)
class World:
    """What a plan is made of, as plain masses in tonnes."""

    offered: dict[tuple[str, str], float]
    rooms: dict[tuple[str, int], float]
    least: dict[tuple[str, str, str], float]


class Judge:
    """The fairest, then shortest plan of a world without stores, yields and vehicles, by scipy."""

    def __init__(self, declared: Declared, plan: Plan, offered: Mapping[Node, int]) -> None:
        self.declared, self.days = declared, plan.period.days
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
            (str(name), at): intake.capacity_mg_per_day * self.days / MG_PER_TONNE + more[name]
            for name, site in self.declared.sites.items()
            if name not in closed
            for at, intake in enumerate(site.intakes)
        }
        return World(offered, rooms, least)

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
        groups = {str(name): str(one.group) for name, one in declared.materials.items()}
        nodes, rooms = list(world.offered), list(world.rooms)
        cell_of = [(district, groups[material]) for district, material in nodes]
        self.cells = sorted(set(cell_of))
        ways = [
            (node, room)
            for node, (_, group) in enumerate(cell_of)
            for room, (site, at) in enumerate(rooms)
            if group in declared.sites[SiteId(site)].intakes[at].accepts
        ]
        self.end = [rooms[room][0] for _, room in ways]
        self.cell = [cell_of[node] for node, _ in ways]
        self.km = np.array(
            [
                great_circle_km(
                    declared.districts[DistrictId(cell[0])].point, declared.sites[SiteId(end)].point
                )
                for cell, end in zip(self.cell, self.end, strict=True)
            ]
        )
        self.mass, self.room = np.array(list(world.offered.values())), list(world.rooms.values())
        self.need = np.array(
            [declared.districts[DistrictId(d)].need_per_mille / 1000 for d, _ in self.cells]
        )
        self._fill(np.array(ways).T, np.array([self.cells.index(cell) for cell in cell_of]))
        self.sent = [
            (self._row([(*cell, end) == way for cell, end in self._ways()]), least)
            for way, least in world.least.items()
        ]
        self.ceiling = np.full(len(self.cells), np.inf)

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
        near = min((km for way, km in ways if way == (cell, site)), default=np.inf)
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
        rows = [self.into, self.level + pushed, *(coo_array(-row[None]) for row, _ in self.sent)]
        ceiling = np.where(free, 0.0, np.minimum(self.ceiling, 2 * self.need))
        found = linprog(
            cost,
            A_ub=vstack(rows).tocsr(),
            b_ub=np.array([*self.room, *ceiling, *(-least for _, least in self.sent)]),
            A_eq=self.equal,
            b_eq=self.mass,
            options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
        )
        assert found.status == 0, found.message
        return float(found.fun), found.x, found.ineqlin.marginals


@dataclass
class Asked:
    """A question, its answer, what that took, and what the judge says of it."""

    question: Question
    told: WhyTold
    cpu_ms: float
    faults: list[str]

    @property
    def binding(self) -> bool:
        """Whether a cause is named that has been seen to bind."""
        found = [*self.told.what_if, *self.told.found]
        named = all(one.reason not in ("no_single", "equal", "unproven") for one in found)
        return bool(found) and named and not self.faults


def judged(judge: Judge, told: WhyTold) -> list[str]:
    """What of an answer the judge does not find so."""
    faults = [
        fault
        for one in told.what_if
        for trial in one.trials
        for fault in _judged(judge, one, trial, [])
    ]
    for one in told.found:
        if one.reason == "nowhere" and one.district is not None:
            share = judge.values(told.changes)[0][str(one.district), str(one.group)]
            faults += [f"{one.group} of {one.district} has a way"] if share > NEARLY else []
        for trial in one.trials:
            faults += _judged(judge, one, trial, told.changes)
    return faults


def _judged(judge: Judge, found: Found, trial: Trial, changes: list[Change]) -> Iterator[str]:
    then = changes if trial.change.kind == "none" else [*changes, trial.change]
    cell = None if found.district is None else (str(found.district), str(found.group))
    for word, world, figures in (("now", changes, trial.before), ("then", then, trial.then)):
        shares, unmet_t, length = judge.values(world)
        share = min(shares.values()) if cell is None else shares.get(cell, 1.0)
        pairs = [
            ("share", figures.service, share),
            ("unmet", figures.unmet_mg / MG_PER_TONNE, unmet_t),
            ("ways", figures.way_t_km, length),
        ]
        if figures.past_mg is not None and cell is not None:
            past_t = judge.past(world, cell, str(found.site))
            pairs.append(("past", figures.past_mg / MG_PER_TONNE, past_t))
        all_t = sum(judge.offered.values())
        for name, ours, theirs in pairs:
            grain = {"unmet": all_t / 10, "past": all_t}.get(name, 1.0)
            if abs(ours - theirs) > NEARLY * max(grain, abs(theirs)):
                yield f"{trial.change.kind}: {name} {word} is {ours:.6g}, by the judge {theirs:.6g}"


def ask_all(city: City, period: Period, many: int, seed: int) -> list[Asked]:
    """Ask random questions of one city, and have each answer judged."""
    chance = random.Random(seed)
    declared, plan = city.journal.declared(), city.plan(period)
    offered = city.offered_mg(period)
    judge = Judge(declared, plan, offered)
    supply = supply_lots(city.journal, period, city.settings.zone)
    names: dict[About, list[str]] = {
        "lot": [str(lot.lot) for lots in supply.values() for lot in lots],
        "district": [str(name) for name in declared.districts],
        "site": [str(name) for name in declared.sites],
    }
    asked = []
    for number in range(many):
        about: About = chance.choice(["lot", "district", "site"])
        changes = (_change(chance, declared, list(offered.items())),) if number % 2 else ()
        question = Question(
            about=about, name=chance.choice(names[about]), period=period, changes=changes
        )
        start = time.process_time()
        told = why(city, question, plan, offered)
        cpu_ms = (time.process_time() - start) * 1000
        asked.append(Asked(question, told, cpu_ms, judged(judge, told)))
    return asked


def _change(chance: random.Random, declared: Declared, offered: list[tuple[Node, int]]) -> Change:
    site = chance.choice(sorted(declared.sites))
    room_mg = sum(one.capacity_mg_per_day for one in declared.sites[site].intakes)
    (district, material), mass_mg = chance.choice(offered)
    kind = chance.choice(["closed", "more_room", "more_offered"])
    if kind == "closed":
        return Change(kind="closed", site=site)
    if kind == "more_room":
        return Change(kind="more_room", site=site, mass_mg=chance.randint(1, 10) * room_mg)
    group = declared.materials[material].group
    return Change(
        kind="more_offered",
        district=district,
        material=material,
        group=group,
        mass_mg=chance.randint(1, 3) * mass_mg,
    )


def main(many: int) -> int:
    """Ask both cities, print one table; return 1 if a bar is missed."""
    with tempfile.TemporaryDirectory() as place:
        cities: dict[str, tuple[Path, list[str], Period | None]]
        cities = {"Verdiva": (Path(place) / "verdiva", ["--story", "verdiva"], None)}
        if TONS.is_file():
            cities["New York"] = (Path(place) / "nyc", ["--timezone", "America/New_York"], NOVEMBER)
        else:
            print("No table of New York: set BIOLOOM_DATA to the folder of records.")
        asked: dict[str, list[Asked]] = {}
        for name, (folder, words, period) in cities.items():
            _quietly("init", str(folder), *words)
            if period is not None:
                tables = [DATA / "community_districts.geojson", DATA / "sites.csv", TONS]
                _quietly("import", str(folder), *map(str, tables))
            with open_city(folder) as city:
                days = period or city.newest_month()
                assert days is not None
                asked[name] = ask_all(city, days, many // len(cities), seed=2026)
    columns = [
        "",
        "questions",
        "named",
        "none single",
        "equal",
        "faults",
        "median ms",
        "p95",
        "max",
    ]
    print_table("Why and what if", columns, [_row(name, some) for name, some in asked.items()])
    every = [one for some in asked.values() for one in some]
    for one in every:
        for fault in one.faults[:3]:
            print(f"  {one.question}: {fault}")
    share = sum(one.binding for one in every) / len(every)
    middle = statistics.median(one.cpu_ms for one in every)
    held = share >= LEAST_SHARE and middle <= MOST_MS
    print(f"Named and judged right: {share:.1%}; median {middle:.1f} ms of CPU.")
    print(f"Asked: {LEAST_SHARE:.0%} within {MOST_MS} ms. {'Held.' if held else 'MISSED.'}")
    return 0 if held else 1


def _row(name: str, asked: list[Asked]) -> list[str]:
    reasons = Counter(found.reason for one in asked for found in one.told.found)
    times = sorted(one.cpu_ms for one in asked)
    return [
        name,
        str(len(asked)),
        f"{sum(one.binding for one in asked) / len(asked):.1%}",
        str(reasons["no_single"]),
        str(reasons["equal"]),
        str(sum(bool(one.faults) for one in asked)),
        *(f"{times[int(len(times) * at) - (at == 1)]:.1f}" for at in (0.5, 0.95, 1)),
    ]


def _quietly(*arguments: str) -> None:
    subprocess.run([*BIOLOOM, *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
