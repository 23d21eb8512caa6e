"""Who is served least: the exact leximin, in rounds, beside a one-shot shortcut on the same solver.

The shortcut is the usual one: a single linear program with a concave, piecewise-linear worth of
each cell's service, steep where little is served. It runs HiGHS with all its defaults.

    python benchmarks/leximin.py            # two cities, a minute
    python benchmarks/leximin.py --large    # and one of 500 districts

Cities are generated and uneven: districts lie in clusters, most sites in other clusters, and a
district reaches only the sites near it, so that no one level fits all. Both methods plan the same
arrays in a process of their own; CPU seconds are the median of five plans (building and checking
them included, importing not), memory is the peak of the process, importing included.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import highspy
import numpy as np

from bioloom.circuits.posing import Flags, Floats, Ints, Problem
from bioloom.circuits.settling import settle
from bioloom.circuits.splitting import split
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE

# Districts, materials, sites, and how many accepting sites of each material a district reaches.
SIZES = {"100x10x50": (100, 10, 50, 8), "200x8x60": (200, 8, 60, 8)}
LARGE = {"500x8x150": (500, 8, 150, 20)}
REPEATS = 5
CLASSES = 4  # Materials m and m + 4 share the rooms of a site.
BINS, FALL = 24, 0.55  # The shortcut's steps of service, and how its worth falls at each.

Measured = dict[str, float]


def main() -> None:
    asked = argparse.ArgumentParser(description="Exact leximin beside the one-shot shortcut.")
    asked.add_argument("--large", action="store_true", help="also 500 districts")
    asked.add_argument("--case", nargs=2, metavar=("SIZE", "METHOD"), help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.case:
        size, method = options.case
        print(json.dumps(measure(city(*(SIZES | LARGE)[size]), METHODS[method])))
        return
    sizes = SIZES | LARGE if options.large else SIZES
    print("| city | arcs | method | least service | 1 % served least | rounds | CPU s | peak MB |")
    print("|---|--:|---|--:|--:|--:|--:|--:|")
    for size in sizes:
        for method in METHODS:
            print(row(size, method, in_own_process(size, method)), flush=True)


def in_own_process(size: str, method: str) -> Measured:
    command = [sys.executable, __file__, "--case", size, method]
    found: Measured = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def row(size: str, method: str, found: Measured) -> str:
    return (
        f"| {size} | {found['arcs']:,.0f} | {method} | {found['least']:.4f} "
        f"| {found['hundredth']:.4f} | {found['rounds']:.0f} | {found['cpu_s']:.2f} "
        f"| {found['peak_mb']:.0f} |"
    )


def measure(problem: Problem, method: Callable[[Problem], tuple[Floats, int]]) -> Measured:
    times_s = []
    for _ in range(REPEATS):
        start_s = time.process_time()
        service, rounds = method(problem)
        times_s.append(time.process_time() - start_s)
    return {
        "arcs": len(problem.arc_node),
        "least": float(service.min()),
        "hundredth": float(np.sort(service)[: max(1, len(service) // 100)].mean()),
        "rounds": rounds,
        "cpu_s": statistics.median(times_s),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def exact(problem: Problem) -> tuple[Floats, int]:
    """Service of each cell, and how many linear programs of fairness it took."""
    service, rounds = [], 0
    for part in split(problem):
        settled = settle(part)
        assert settled.verdict.checked, settled.verdict.faults
        service.append(settled.served())
        rounds += sum(proof.aim == "fairness" for proof in settled.verdict.proofs)
    return np.concatenate(service), rounds


def shortcut(problem: Problem) -> tuple[Floats, int]:
    """Service of each cell by one linear program: most worth, each step of service worth less."""
    arcs, nodes, intakes = len(problem.arc_node), len(problem.nodes), len(problem.sites)
    supply_t = problem.supply_mg / MG_PER_TONNE
    step = np.arange(nodes * BINS)
    rows = np.concatenate([problem.arc_node, nodes + problem.arc_intake, step // BINS])
    columns = np.concatenate([np.arange(arcs), np.arange(arcs), arcs + step])
    values = np.concatenate([np.ones(2 * arcs), -np.repeat(supply_t, BINS)])
    order = np.lexsort((rows, columns))
    total = arcs + len(step)
    upper = np.concatenate([supply_t[problem.arc_node], np.full(len(step), 1 / BINS)])
    worth = np.outer(supply_t, FALL ** np.arange(BINS)).ravel()
    highs: highspy.Highs = NEW_HIGHS()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.passModel(
        total,
        nodes + intakes,
        len(values),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        np.concatenate([np.zeros(arcs), worth]),
        np.zeros(total),
        upper,
        np.concatenate([np.zeros(nodes), np.full(intakes, -highspy.kHighsInf)]),
        np.concatenate([np.zeros(nodes), problem.capacity_mg / MG_PER_TONNE]),
        np.searchsorted(columns[order], np.arange(total)).astype(np.int32),
        rows[order].astype(np.int32),
        values[order],
        np.zeros(total, dtype=np.int32),
    )
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    steps = np.array(highs.getSolution().col_value)[arcs:].reshape(nodes, BINS)
    return steps.sum(axis=1), 1


def city(districts: int, materials: int, sites: int, near: int) -> Problem:
    """A generated city in which a cell is a district and a material, needs are all 1."""
    random = np.random.default_rng(7)
    homes, works = placed(random, districts, sites)
    way_km = 30 * np.hypot(*(homes[:, None] - works[None, :]).transpose(2, 0, 1))
    accepted = random.random((sites, materials)) < 0.5
    offered_t = random.gamma(2.0, 5.0, (districts, materials))
    arcs = np.array(
        [
            (district * materials + material, site * CLASSES + material % CLASSES, km)
            for district in range(districts)
            for material in range(materials)
            for site, km in nearest(way_km[district], accepted[:, material], near)
        ]
    )
    nodes = tuple(
        (DistrictId(f"d{district:03}"), MaterialId(f"m{material:02}"))
        for district in range(districts)
        for material in range(materials)
    )
    return Problem(
        nodes=nodes,
        cells=tuple((district, GroupId(material)) for district, material in nodes),
        sites=tuple(SiteId(f"s{site:03}") for site in range(sites) for _ in range(CLASSES)),
        supply_mg=np.round(offered_t.ravel() * MG_PER_TONNE).astype(np.int64),
        hazardous=np.zeros(len(nodes), dtype=np.bool_),
        cell_of_node=np.arange(len(nodes)),
        need=np.ones(len(nodes)),
        capacity_mg=rooms_mg(random, sites, float(offered_t.sum())),
        arc_node=arcs[:, 0].astype(np.int64),
        arc_intake=arcs[:, 1].astype(np.int64),
        arc_km=arcs[:, 2],
        in_force_mg=np.zeros(len(arcs), dtype=np.int64),
    )


def placed(random: np.random.Generator, districts: int, sites: int) -> tuple[Floats, Floats]:
    """Where districts and sites lie in a unit square; two sites of three lie in five clusters."""
    centres = random.random((8, 2))
    homes = centres[random.integers(0, 8, districts)] + 0.07 * random.normal(size=(districts, 2))
    clustered = centres[random.integers(0, 5, sites)] + 0.12 * random.normal(size=(sites, 2))
    alone = random.random((sites, 2))
    return homes, np.where((np.arange(sites) % 3 > 0)[:, None], clustered, alone)


def nearest(way_km: Floats, accepted: Flags, near: int) -> list[tuple[int, float]]:
    """The sites that accept and are near, in the order of their number, with their ways."""
    order = np.argsort(way_km)
    return [(site, way_km[site]) for site in np.sort(order[accepted[order]][:near]).tolist()]


def rooms_mg(random: np.random.Generator, sites: int, offered_t: float) -> Ints:
    """Rooms for four fifths of all that is offered, most in a few large sites."""
    share = random.gamma(1.5, 1.0, sites * CLASSES)
    rooms: Ints = np.round(share / share.sum() * 0.8 * offered_t * MG_PER_TONNE).astype(np.int64)
    return rooms


METHODS = {"exact leximin": exact, "one-shot shortcut": shortcut}
NEW_HIGHS: Callable[[], highspy.Highs] = highspy.Highs  # Its stub leaves the constructor untyped.

if __name__ == "__main__":
    main()
