"""Rounds: how near to the best known ones, through our own interface, beside bare PyVRP.

    python benchmarks/rounds.py                                    # 8 instances, 30 s a search
    python benchmarks/rounds.py --seconds 5 X-n125-k30 X101-FSMFD  # these, more quickly

Instances are those of Uchoa et al. (2017), one class of vehicles, and of Pessoa et al. (2018),
several classes with costs of their own. Each becomes a day's rounds: the depot is the site that all
loads are for and where vehicles start. Both solvers search for the same time with the same seed,
each in a process of its own and at the same moment, so that what else the machine does slows both.
Ours is timed and checked besides. Costs are those of PyVRP on the instance, with distances rounded
as its best known solution is told. Multi-trip instances with release times (MTVRPTWR) are not
covered: a load that is not there yet is due on another day.
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
from pyvrp.stop import MaxRuntime

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


def main() -> None:
    asked = argparse.ArgumentParser(description="Gaps to the best known rounds.")
    asked.add_argument("names", nargs="*", default=SOME, help="instances; 8 of CVRP-X if none")
    asked.add_argument("--seconds", type=float, default=30.0, help="of search for each")
    asked.add_argument("--case", nargs=2, metavar=("NAME", "SOLVER"), help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.case:
        name, solver = options.case
        print(json.dumps(measure(name, solver, options.seconds)))
        return
    print("| instance | loads | best known | ours | gap | steps | bare PyVRP | gap | steps | MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    gaps: dict[str, list[float]] = {"ours": [], "bare": []}
    for name in options.names:
        running = {one: start(name, one, options.seconds) for one in gaps}
        told = {one: answer_of(process) for one, process in running.items()}
        for solver, found in told.items():
            gaps[solver].append(found["gap"])
        print(row(name, told), flush=True)
    print(f"| mean gap | | | | {statistics.mean(gaps['ours']):.2%} | | "
          f"| {statistics.mean(gaps['bare']):.2%} | | |")  # fmt: skip


def row(name: str, told: dict[str, dict[str, Any]]) -> str:
    ours, bare = told["ours"], told["bare"]
    assert not ours["faults"], ours["faults"]
    cells = [
        *(name, ours["loads"], ours["best"], ours["cost"], f"{ours['gap']:.2%}", ours["steps"]),
        *(bare["cost"], f"{bare['gap']:.2%}", bare["steps"], f"{ours['peak_mb']:.0f}"),
    ]
    return f"| {' | '.join(map(str, cells))} |"


def start(name: str, solver: str, seconds: float) -> "subprocess.Popen[bytes]":
    command = [sys.executable, __file__, "--seconds", str(seconds), "--case", name, solver]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def answer_of(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    printed, _ = process.communicate()
    assert process.returncode == 0, "a solver failed"
    told: dict[str, Any] = json.loads(printed)
    return told


def measure(name: str, solver: str, seconds: float) -> dict[str, Any]:
    file = next(DATA.glob(f"*/{name}.vrp"))
    data = pyvrp.read(file, round_func="round")
    best = cost_of(pyvrp.read_solution(file.with_suffix(".sol"), data))
    started = time.process_time()
    if solver == "bare":
        result = pyvrp.solve(
            data, MaxRuntime(seconds), seed=SEED, collect_stats=False, display=False
        )
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
        problem, due_mg, {MATERIAL: GROUP}, effort=lambda: MaxRuntime(seconds), seed=SEED
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
