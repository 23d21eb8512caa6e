"""Rounds: how near to the best known ones, through our own interface, beside bare PyVRP.

    python benchmarks/rounds.py                                    # 8 instances, 30 CPU s a search
    python benchmarks/rounds.py --seconds 5 X-n125-k30 X101-FSMFD  # these, more quickly
    python benchmarks/rounds.py --all                              # all 18 of CVRP-X at hand

Instances are those of Uchoa et al. (2017), one class of vehicles, and of Pessoa et al. (2018),
several classes with costs of their own. Each becomes a day's rounds: the depot is the site that all
loads are for and where vehicles start. Both solvers search for as many CPU seconds with the same
seed, each in a process of its own, one after the other. CPU seconds and peak memory are those of
all that each does; ours makes its timetable and has it checked besides. Costs are those of PyVRP on
the instance, with distances rounded as its best known solution is told. Multi-trip instances with
release times (MTVRPTWR) are not covered: a load that is not there yet is due on another day.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyvrp

from bioloom.circuits.rounds.fleet import LONGEST_SHIFT_END_S
from bioloom.circuits.rounds.planning import plan_rounds
from bioloom.circuits.rounds.posing import Due, RoundsProblem, Visit, Window
from bioloom.circuits.rounds.ways import Ways
from bioloom.vocabulary.entries.rounds import Load, VehicleClassDeclared, VehicleId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId

SOME = (
    *("X-n125-k30", "X-n153-k22", "X-n219-k73", "X-n275-k28", "X-n331-k15", "X-n429-k61"),
    *("X-n573-k30", "X-n819-k171"),
)
SEED = 1
GROUP, MATERIAL = GroupId("load"), MaterialId("load")
DEPOT = "depot"
ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BIOLOOM_DATA") or ROOT.parent / "shared" / "data") / "circuits" / "vrp"


class MaxCpu:
    """Ends a search after so many CPU seconds, from when it first asks: fair on a busy machine."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end: float | None = None

    def __call__(self, best_cost: int) -> bool:  # noqa: ARG002  PyVRP names it so.
        """Whether to stop; `pyvrp.stop.StoppingCriterion`."""
        if self._end is None:
            self._end = time.process_time() + self._seconds
        return time.process_time() >= self._end


def main() -> None:
    asked = argparse.ArgumentParser(description="Gaps to the best known rounds.")
    asked.add_argument("names", nargs="*", default=SOME, help="instances; 8 of CVRP-X if none")
    asked.add_argument("--all", action="store_true", help="every instance of CVRP-X at hand")
    asked.add_argument("--seconds", type=float, default=30.0, help="CPU seconds of each search")
    asked.add_argument("--case", nargs=2, metavar=("NAME", "SOLVER"), help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.case:
        name, solver = options.case
        print(json.dumps(measure(name, solver, options.seconds)))
        return
    names = sorted(file.stem for file in DATA.glob("CVRP/*.vrp")) if options.all else options.names
    print("| instance | loads | best known | ours | gap | steps | CPU s | MB "
          "| bare PyVRP | gap | steps | CPU s | MB |")  # fmt: skip
    print("|---|" + "--:|" * 12)
    gaps: dict[str, list[float]] = {"ours": [], "bare": []}
    for name in names:
        told = {solver: run(name, solver, options.seconds) for solver in gaps}
        for solver, found in told.items():
            gaps[solver].append(found["gap"])
        print(row(name, told), flush=True)
    print("| mean | | | |", " | | | | |".join(told_of(some) for some in gaps.values()), "| | | |")


def told_of(gaps: list[float]) -> str:
    return f"{statistics.mean(gaps):.2%} (median {statistics.median(gaps):.2%})"


def row(name: str, told: dict[str, dict[str, Any]]) -> str:
    ours, bare = told["ours"], told["bare"]
    assert not ours["faults"], ours["faults"]
    cells = [name, ours["loads"], ours["best"]]
    for found in (ours, bare):
        cells += [found["cost"], f"{found['gap']:.2%}", found["steps"]]
        cells += [f"{found['cpu_s']:.1f}", f"{found['peak_mb']:.0f}"]
    return f"| {' | '.join(map(str, cells))} |"


def run(name: str, solver: str, seconds: float) -> dict[str, Any]:
    command = [sys.executable, __file__, "--seconds", str(seconds), "--case", name, solver]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def measure(name: str, solver: str, seconds: float) -> dict[str, Any]:
    file = next(DATA.glob(f"*/{name}.vrp"))
    data = pyvrp.read(file, round_func="round")
    best = cost_of(pyvrp.read_solution(file.with_suffix(".sol"), data))
    started = time.process_time()
    if solver == "bare":
        result = pyvrp.solve(data, MaxCpu(seconds), seed=SEED, collect_stats=False, display=False)
        cost, steps, faults = cost_of(result.best), result.num_iterations, list[str]()
    else:
        cost, steps, faults = ours(data, seconds)
    return {
        "loads": data.num_clients,
        "best": best,
        "cost": cost,
        "gap": cost / best - 1,
        "steps": steps,
        "faults": faults,
        "cpu_s": time.process_time() - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def cost_of(solution: pyvrp.Solution) -> int:
    assert solution.is_feasible()
    return solution.distance_cost() + solution.fixed_vehicle_cost()


def ours(data: pyvrp.ProblemData, seconds: float) -> tuple[int, int, list[str]]:
    problem = as_rounds(data)
    due_mg: dict[Due, int] = {
        (DistrictId(visit.place), MATERIAL, SiteId(DEPOT)): visit.mass_mg
        for visit in problem.visits
    }
    made = plan_rounds(
        problem, due_mg, {MATERIAL: GROUP}, effort=lambda: MaxCpu(seconds), seed=SEED
    )
    faults = [*made.faults, *(f"{rest.district} is left" for rest in made.not_fetched)]
    types = data.vehicle_types()
    cost = 0
    for one in made.routes:
        kind = types[int(one.vehicle)]
        cost += kind.fixed_cost + kind.unit_distance_cost * one.way_m
    return cost, made.iterations, faults


def as_rounds(data: pyvrp.ProblemData) -> RoundsProblem:
    """An instance as loads for one site, where all vehicles start, each with one trip."""
    clients = data.clients()
    assert data.num_depots == 1
    assert all(len(kind.capacity) == 1 for kind in data.vehicle_types())
    locations = [data.depot(0).location, *(client.location for client in clients)]
    places = (DEPOT, *(f"c{number}" for number in range(len(clients))))
    visits = tuple(
        Visit(
            place=place,
            site=DEPOT,
            group=GROUP,
            loads=(Load(material=MATERIAL, mass_mg=client.delivery[0]),),
            mass_mg=client.delivery[0],
            window=Window(),
        )
        for place, client in zip(places[1:], clients, strict=True)
    )
    ways = Ways(
        places=places,
        metres=np.asarray(data.distance_matrix(0))[np.ix_(locations, locations)],
        seconds=np.zeros((len(places), len(places)), dtype=np.int64),
        stamp="reported",
        detour_per_mille=None,
    )
    vehicles = tuple(vehicle(number, kind) for number, kind in enumerate(data.vehicle_types()))
    return RoundsProblem(
        visits=visits, vehicles=vehicles, gates={DEPOT: Window()}, ways=ways, unit_mg=1
    )


def vehicle(number: int, kind: pyvrp.VehicleType) -> VehicleClassDeclared:
    return VehicleClassDeclared(
        vehicle=VehicleId(str(number)),
        name=str(number),
        count=kind.num_available,
        capacity_mg=kind.capacity[0],
        carries=(GROUP,),
        depot=DEPOT,
        from_s=0,
        to_s=LONGEST_SHIFT_END_S,
        trips=1,
        speed_m_per_h=1,
        loading_s=0,
        unloading_s=0,
        # A thousandth of it is what a metre costs.
        cost_per_km=1000 * kind.unit_distance_cost,
        cost_per_round=kind.fixed_cost,
        stamp="generated",
    )


if __name__ == "__main__":
    main()
