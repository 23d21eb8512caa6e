"""A month of New York planned, beside the linear program a careful analyst would write.

    python -m benchmarks.plan_nyc

Both start as a process with November 2022, organics short because one site is left out. The script
reads the tables itself and places as many tons as it can, in one linear program (scipy, HiGHS). The
command reads the record, finds the fairest plan and the shortest way, has it checked, and tries a
reason for every district in solves of their own. Verifying the same record from zero stands below.
"""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.import_nyc import COLUMNS, DATA, TONS
from benchmarks.measuring import Cost, cost_cells, median, of_a_command, print_table, side_by_side

LONGEST_S = 3
CLOSED = "newtown_creek"
SHORT_TON_T = 0.90718474
DAYS = 30


def bare_script() -> None:
    """The rival: the most tons placed, whoever they are of; prints each district's organics."""
    import numpy as np  # noqa: PLC0415  Its process loads what it needs, as a script would.
    from scipy.optimize import linprog  # noqa: PLC0415
    from scipy.sparse import coo_array  # noqa: PLC0415

    with (DATA / "sites.csv").open(encoding="utf-8", newline="") as file:
        sites = [site for site in csv.DictReader(file) if site["site"] != CLOSED]
    offered: dict[tuple[str, str], float] = {}
    with TONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["MONTH"] == "2022 / 11":
                district = row["BOROUGH_ID"] + row["COMMUNITYDISTRICT"]
                for material, columns in COLUMNS.items():
                    tons = sum(float(row[name].replace(",", "")) for name in columns if row[name])
                    if tons:
                        offered[district, material] = tons * SHORT_TON_T
    nodes = list(offered)
    arcs = [
        (node, site)
        for node, (_, material) in enumerate(nodes)
        for site, row in enumerate(sites)
        if row["accepts"] == material
    ]
    node, site = np.array(arcs).T
    arc = np.arange(len(arcs))
    rows = np.concatenate([node, len(nodes) + site])
    both = np.concatenate([arc, arc])
    rooms = [float(row["capacity_t_per_day"]) * DAYS for row in sites]
    found = linprog(
        -np.ones(len(arcs)),
        A_ub=coo_array((np.ones(len(rows)), (rows, both))).tocsr(),
        b_ub=np.array([*offered.values(), *rooms]),
    )
    placed = np.bincount(node, found.x, len(nodes))
    shares = {name: placed[at] / offered[name] for at, name in enumerate(nodes)}
    organics = {name: share for (name, material), share in shares.items() if material == "organics"}
    print(json.dumps(organics))


def main() -> int:
    """Print both, median of five, and whom they serve least; return 1 if ours is too slow."""
    if not TONS.is_file():
        print("No table to plan from: set BIOLOOM_DATA to the folder of records.")
        return 1
    with tempfile.TemporaryDirectory() as place:
        city = str(Path(place) / "nyc")
        tables = [DATA / "community_districts.geojson", DATA / "sites.csv", TONS]
        # In processes of their own: what this one has in memory would count as its children's peak.
        _printed(_bioloom("init", city, "--timezone", "America/New_York"))
        _printed(_bioloom("import", city, *map(str, tables)))
        plan = _bioloom("plan", city, "--from", "2022-11-01", "--to", "2022-11-30", "--json")
        script = [sys.executable, "-m", "benchmarks.plan_nyc", "--bare-script"]
        commands = {
            "bioloom plan": plan,
            f"bioloom plan --without {CLOSED}": [*plan, "--without", CLOSED],
            "bare linear program": script,
            "bioloom verify": _bioloom("verify", city),
        }
        works: dict[str, Callable[[], Cost]] = {
            name: partial(of_a_command, command) for name, command in commands.items()
        }
        costs = {name: median(runs) for name, runs in side_by_side(works).items()}
        fair = json.loads(_printed([*plan, "--without", CLOSED]))["service_by_group"]
        ours = [groups["organics"] for groups in fair.values() if "organics" in groups]
        theirs = list(json.loads(_printed(script)).values())
    columns = ["", "wall s", "CPU s", "peak MB"]
    rows = [[name, *cost_cells(cost)] for name, cost in costs.items()]
    print_table("A month of New York, from process start (median of five)", columns, rows)
    shares = [
        ["bioloom plan", *_spread(ours)],
        ["bare linear program", *_spread(theirs)],
    ]
    columns = ["", "least served", "most served", "districts with nothing"]
    print_table(f"Organics placed without {CLOSED}, by district", columns, shares)
    slowest_s = max(cost.wall_s for name, cost in costs.items() if "bioloom plan" in name)
    held = slowest_s <= LONGEST_S
    print(f"Asked: at most {LONGEST_S} s with reasons. {'Held.' if held else 'MISSED.'}")
    return 0 if held else 1


def _bioloom(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bioloom.doors.cli.main", *arguments]


def _printed(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _spread(shares: list[float]) -> list[str]:
    nothing = sum(share < 1e-9 for share in shares)
    return [f"{min(shares):.1%}", f"{max(shares):.1%}", f"{nothing} of {len(shares)}"]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare-script"]:
        bare_script()
    else:
        sys.exit(main())
