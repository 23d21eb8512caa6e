"""Taking New York's tonnage in, beside the script a careful analyst would write without Bioloom.

Both start as a process and end with the same 69,149 figures durable on the disk (SQLite,
synchronous FULL). The script only inserts them; Bioloom also keeps what makes them a record: an
entry with its hash, both sets of legs, balances, natural keys, and which file said so.

    python -m benchmarks.import_nyc
"""

import csv
import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from benchmarks.measuring import (
    Cost,
    cost_cells,
    median,
    of_a_command,
    print_table,
    side_by_side,
)

REPOSITORY = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BIOLOOM_DATA") or REPOSITORY.parent / "shared" / "data") / "nyc"
TONS = DATA / "dsny_monthly_tonnage_1990_2022.csv"
BIOLOOM = [sys.executable, "-m", "bioloom.doors.cli.main"]
LONGEST_S, LARGEST_MB = 10, 400
SHORT_TON_MG = 907_184_740
COLUMNS = {
    "refuse": ["REFUSETONSCOLLECTED"],
    "paper": ["PAPERTONSCOLLECTED"],
    "metal_glass_plastic": ["MGPTONSCOLLECTED"],
    "organics": [
        *("RESORGANICSTONS", "SCHOOLORGANICTONS", "LEAVESORGANICTONS"),
        *("XMASTREETONS", "OTHERORGANICSTONS"),
    ],
}


def bare_script(database: Path) -> None:
    """The rival: read the table with the standard library and insert its figures."""
    figures = []
    with TONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            district = row["BOROUGH_ID"] + row["COMMUNITYDISTRICT"]
            for material, columns in COLUMNS.items():
                cells = [Decimal(row[name].replace(",", "")) for name in columns if row[name]]
                if cells:
                    mass_mg = round(sum(cells) * SHORT_TON_MG)
                    figures.append((row["MONTH"], district, material, mass_mg))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "CREATE TABLE figures (month TEXT, district TEXT, material TEXT, mass_mg INTEGER,"
            " PRIMARY KEY (month, district, material))"
        )
        with connection:
            connection.executemany("INSERT INTO figures VALUES (?, ?, ?, ?)", figures)


def main() -> int:
    """Print both, median of five; return 1 if Bioloom misses its bounds."""
    if not TONS.is_file():
        print("No table to take in: set BIOLOOM_DATA to the folder of records.")
        return 1
    with tempfile.TemporaryDirectory() as place:
        founded = Path(place) / "founded"
        # In processes of their own: a child's peak memory is never told below its parent's.
        of_a_command([*BIOLOOM, "init", str(founded), "--timezone", "America/New_York"])
        tables = [str(DATA / "community_districts.geojson"), str(DATA / "sites.csv")]
        of_a_command([*BIOLOOM, "import", str(founded), *tables])

        def bioloom(*options: str) -> Cost:
            fresh = Path(place) / "fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(founded, fresh)
            return of_a_command([*BIOLOOM, "import", str(fresh), str(TONS), *options])

        def script() -> Cost:
            database = Path(place) / "figures.db"
            database.unlink(missing_ok=True)
            return of_a_command([sys.executable, __file__, "--bare-script", str(database)])

        costs = side_by_side({"bioloom import": bioloom, "bare script": script})
    return _show({name: median(runs) for name, runs in costs.items()})


def _show(costs: dict[str, Cost]) -> int:
    print_table(
        "New York's tonnage, 22,641 rows, from process start (median of five)",
        ["", "wall s", "cpu s", "peak MB"],
        [[name, *cost_cells(cost)] for name, cost in costs.items()],
    )
    ours = costs["bioloom import"]
    held = ours.wall_s <= LONGEST_S and ours.peak_mb <= LARGEST_MB
    print(f"Asked: at most {LONGEST_S} s and {LARGEST_MB} MB. {'Held.' if held else 'MISSED.'}")
    return 0 if held else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare-script"]:
        bare_script(Path(sys.argv[2]))
    else:
        sys.exit(main())
