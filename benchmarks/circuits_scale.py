"""Cities of up to ten million arcs planned by sifting, beside solvers of the whole program.

    python -m benchmarks.circuits_scale [--sizes S M L XL] [--limit SECONDS] [--times N]

Each plans the same generated city in a process of its own: least cost, with rooms by class,
residues, and a least service of each district. The rivals get the whole program as arrays, and the
building of it for nothing (linopy builds its own); HiGHS's simplex and interior point, OR-Tools'
GLOP and PDLP, and linopy (HiGHS's interior point) are installed into an environment of their own.
One that has not ended after the limit is told as such. Sifting gets the tables. What it finds is
judged by a certificate that shares no code with it. CPU seconds, threads all counted, are the
median; compiling stands apart, and memory is the peak of the process.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import environment_with, print_table
from benchmarks.tiled_cities import SIZES, city
from bioloom.circuits.posing import Floats, Ints
from bioloom.circuits.sifting.certifying import certify
from bioloom.circuits.sifting.finding import sift
from bioloom.circuits.sifting.tiles import NO_WAY, Tiles

RIVALS = {
    "highs-simplex": "highspy==1.15.1",
    "highs-ipm": "highspy==1.15.1",
    "glop": "ortools",
    "pdlp": "ortools",
    "linopy": "linopy",
}
ROOT = Path(__file__).parent.parent
# Above this no rival is asked: the whole program does not fit a small machine, or none would end.
RIVALS_END_AT = ("S", "M")


def main() -> None:
    asked = argparse.ArgumentParser(description="Sifting beside solvers of the whole program.")
    asked.add_argument("--sizes", nargs="+", choices=SIZES, default=["S", "M"])
    asked.add_argument("--limit", type=float, default=120.0, help="wall seconds a rival may take")
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--rivals", nargs="*", choices=RIVALS, default=list(RIVALS))
    asked.add_argument("--ours", choices=SIZES, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.ours:
        print(json.dumps(planned(options.ours)))
        return
    for size in options.sizes:
        rows = [_our_row(size, options.times)]
        if size in RIVALS_END_AT:
            rows += _rival_rows(size, options.rivals, options.limit)
        columns = ["", "CPU s", "peak MB", "value", "gap", "compiling s"]
        print_table(f"{size}: {count_arcs(city(SIZES[size])):,} arcs", columns, rows)


def planned(size: str) -> dict[str, float | str]:
    """One plan of ours in this process, with what it took and what its certificate says."""
    start_s = time.process_time()
    sift(city(SIZES["S"], seed=1))
    compiling_s = time.process_time() - start_s
    tiles = city(SIZES[size])
    start_s = time.process_time()
    plan = sift(tiles)
    cpu_s = time.process_time() - start_s
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = certify(tiles, plan.node, plan.site, plan.mass_t, plan.prices)
    assert not found.faults, found.faults
    return {
        "cpu_s": cpu_s,
        "peak_mb": peak_mb,
        "value": found.value,
        "gap": found.gap,
        "compiling_s": compiling_s,
    }


def _our_row(size: str, times: int) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.circuits_scale", "--ours", size]
    runs = []
    for _ in range(times):
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        runs.append(json.loads(told.stdout))
    middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    return [
        "sifting",
        f"{middle['cpu_s']:.2f}",
        f"{middle['peak_mb']:.0f}",
        f"{middle['value']:,.2f}",
        f"{max(run['gap'] for run in runs):.1e}",
        f"{middle['compiling_s']:.2f}",
    ]


def _rival_rows(size: str, names: list[str], limit_s: float) -> list[list[str]]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.npz"
        arrays: dict[str, Any] = {**whole(city(SIZES[size]))}
        np.savez(file, **arrays)
        made = {
            package: environment_with(package, Path(folder), "numpy", "scipy", "highspy==1.15.1")
            for package in dict.fromkeys(RIVALS[name] for name in names)
        }
        for name in names:
            rival = made[RIVALS[name]]
            if rival is not None:
                command = [rival.python, "-m", "benchmarks.rivals.whole_programs", name]
                told = subprocess.run(
                    [*map(str, command), str(file), str(limit_s)],
                    cwd=ROOT,
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout.split()
                status, value, _, cpu_s, peak_mb = told[-5:]
                row = [f"{name} ({status})", f"{float(cpu_s):.2f}", f"{float(peak_mb):.0f}"]
                rows.append([*row, f"{float(value):,.2f}", "-", "-"])
    return rows


def count_arcs(tiles: Tiles) -> int:
    """How many ways there are in all."""
    within = tiles.way_cost[:, None] <= tiles.reach[:, :, None]
    return int((within & (tiles.site_cost < NO_WAY)).sum())


def whole(tiles: Tiles) -> dict[str, Floats | Ints]:
    """The whole program by columns: ways, then unmet of each node, then shortfall of each cell."""
    within = tiles.way_cost[:, None] <= tiles.reach[:, :, None]
    place, material, site = np.nonzero(within & (tiles.site_cost < NO_WAY))
    nodes, rows = tiles.supply_t.size, len(tiles.limits())
    node = place * tiles.supply_t.shape[1] + material
    used, uses = tiles.arc_uses(node, site)
    index = np.concatenate([node[:, None], nodes + used], axis=1)
    value = np.concatenate([np.ones((len(node), 1)), uses], axis=1)
    floors = nodes + tiles.floor_row + np.arange(len(tiles.floor_t))
    ones = nodes + len(floors)
    width = index.shape[1]
    start = np.concatenate([np.arange(len(node)) * width, len(node) * width + np.arange(ones + 1)])
    cost = [tiles.arc_cost(node, site), tiles.unmet_cost.ravel()]
    cost += [np.full(len(floors), tiles.shortfall_cost)]
    supply = tiles.supply_t.ravel()
    return {
        "cost": np.concatenate(cost),
        "lower": np.concatenate([supply, np.full(rows, -np.inf)]),
        "upper": np.concatenate([supply, tiles.limits()]),
        "start": start.astype(np.int32),
        "row": np.concatenate([index.ravel(), np.arange(nodes), floors]).astype(np.int32),
        "value": np.concatenate([value.ravel(), np.ones(nodes), np.full(len(floors), -1.0)]),
    }


if __name__ == "__main__":
    main()
