"""Verdiva's year, beside a bare script that writes the same texts into one table.

    python benchmarks/verdiva_year.py [DAYS]

Ours is `bioloom init --story verdiva`, process start included: it makes up the year, judges, chains
and keeps each entry, with its legs, balances, keys and names, in one commit a day, and plans the
autumn. The rival reads the texts that ours made, and inserts them by `executemany` into one table,
`synchronous=FULL`, as many to a commit as ours has; it starts a process and imports sqlite3.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.measuring import (
    Cost,
    cost_cells,
    median,
    of_a_command,
    print_table,
    side_by_side,
)

# Prints nothing and makes no index: the least that a script could do and be durable.
_BARE = """
import sqlite3, sys
source, target, a_commit = sys.argv[1], sys.argv[2], int(sys.argv[3])
texts = sqlite3.connect(source).execute("SELECT seq, text FROM entries ORDER BY seq")
made = sqlite3.connect(target, isolation_level=None)
made.execute("PRAGMA journal_mode = WAL")
made.execute("PRAGMA synchronous = FULL")
made.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, text BLOB)")
while some := texts.fetchmany(a_commit):
    made.execute("BEGIN IMMEDIATE")
    made.executemany("INSERT INTO entries VALUES (?, ?)", some)
    made.execute("COMMIT")
made.close()
"""


def main(days: int) -> None:
    """Run both and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        source = _verdiva(place / "source", days)
        with sqlite3.connect(source) as journal:
            [(entries,)] = journal.execute("SELECT count(*) FROM entries").fetchall()
        works: dict[str, Callable[[], Cost]] = {
            "Bioloom init --story verdiva": partial(_ours, place, days),
            "bare executemany, FULL": partial(_bare, place, source, entries // days),
        }
        costs = {name: median(runs) for name, runs in side_by_side(works, times=5).items()}
    ours = next(iter(costs.values())).wall_s
    rows = [
        [name, f"{entries / cost.wall_s:,.0f}", f"{cost.wall_s / ours:.2f}", *cost_cells(cost)]
        for name, cost in costs.items()
    ]
    columns = ["", "entries/s", "ours / this", "wall s", "CPU s", "peak MB"]
    print_table(f"Verdiva, {days} days, {entries:,} entries, median of five", columns, rows)


def _ours(place: Path, days: int) -> Cost:
    with tempfile.TemporaryDirectory(dir=place) as folder:
        return of_a_command(_command(Path(folder) / "city", days))


def _bare(place: Path, source: Path, a_commit: int) -> Cost:
    with tempfile.TemporaryDirectory(dir=place) as folder:
        target = str(Path(folder) / "bare.db")
        return of_a_command([sys.executable, "-c", _BARE, str(source), target, str(a_commit)])


def _verdiva(folder: Path, days: int) -> Path:
    of_a_command(_command(folder, days))
    return folder / "journal.db"


def _command(folder: Path, days: int) -> list[str]:
    arguments = ["init", str(folder), "--story", "verdiva", "--days", str(days)]
    return [sys.executable, "-m", "bioloom.doors.cli.main", *arguments]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 365)
