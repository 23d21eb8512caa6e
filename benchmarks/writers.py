"""Writers at once: one and sixty-four, beside single rows inserted by bare SQLite.

    python benchmarks/writers.py [COMMITS]

Every commit is on the disk when it returns (`synchronous=FULL`) on both sides. The rival inserts
the text of one entry a commit, into one table and nothing else. Ours judges, names, chains and
writes it, with its key, its legs and its balance: some eight pages of log instead of two.

What limits both is how long the disk takes to confirm a write. That of a virtual machine often
answers from a cache, in a fifth of a millisecond; what then limits us is the processor. The second
table adds five milliseconds to every commit of both, as a disk without such a cache takes.
"""

import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal
from unittest.mock import patch

import msgspec

from benchmarks.append_and_verify import arrival
from benchmarks.measuring import Cost, cost_cells, in_a_process, median, print_table, side_by_side
from bioloom.ledger.record.committing import Committer
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.stores import sqlite
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.periods import Instant

WRITERS = 64
_AT = Instant("2022-11-30T17:00:00.000Z")
_SLOW_S = 0.005
_COMMIT = sqlite3.Connection.__exit__

Drafts = Sequence[Draft[LotArrived]]
Work = Callable[[Path, Drafts], Callable[[], None]]


def main(commits: int) -> None:
    """Run all and print two tables."""
    print_rates("As this disk is", commits, wait_s=0)
    print_rates("With 5 ms more a commit", commits // 4, wait_s=_SLOW_S)


def print_rates(title: str, commits: int, *, wait_s: float) -> None:
    """Commits a second, of one writer and of many, beside the rival."""
    counts = {"Bioloom, one writer": commits, f"Bioloom, {WRITERS} writers": commits * 8}
    with tempfile.TemporaryDirectory() as folder:

        def run(work: Work, count: int) -> Callable[[], Cost]:
            return lambda: _run(Path(folder), work, count, wait_s)

        works = {
            "Bioloom, one writer": run(_one, commits),
            f"Bioloom, {WRITERS} writers": run(_many, commits * 8),
            "bare SQLite, one row a commit": run(_bare, commits),
        }
        costs = {name: median(runs) for name, runs in side_by_side(works).items()}
    rates = {name: counts.get(name, commits) / cost.wall_s for name, cost in costs.items()}
    one, _, bare = rates.values()
    rows = [
        [
            *(name, f"{rates[name]:,.0f}", f"{rates[name] / bare:.2f}", f"{rates[name] / one:.1f}"),
            *cost_cells(cost),
        ]
        for name, cost in costs.items()
    ]
    columns = ["", "entries/s", "of bare", "of one writer", "wall s", "CPU s", "peak MB"]
    print_table(f"{title} ({commits:,} commits by one writer, median of five)", columns, rows)


def _run(place: Path, work: Work, count: int, wait_s: float) -> Cost:
    """One run into a file of its own; making the drafts does not count."""

    def slower(
        connection: sqlite3.Connection,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        time.sleep(wait_s)
        return _COMMIT(connection, kind, raised, trace)

    def prepare() -> Callable[[], object]:
        if wait_s:
            # This runs in a process of its own, which ends with the run.
            patch.object(sqlite._Connection, "__exit__", slower).start()  # noqa: SLF001
        return work(Path(folder) / "journal.db", [arrival(number) for number in range(count)])

    with tempfile.TemporaryDirectory(dir=place) as folder:
        return in_a_process(prepare)


def _one(path: Path, drafts: Drafts) -> Callable[[], None]:
    return lambda: _commit_all(path, [drafts])


def _many(path: Path, drafts: Drafts) -> Callable[[], None]:
    return lambda: _commit_all(path, [drafts[first::WRITERS] for first in range(WRITERS)])


def _commit_all(path: Path, shares: Sequence[Drafts]) -> None:
    journal = Journal(SqliteStore(path))
    committer = Committer(journal, clock=lambda: _AT)

    def write(share: Drafts) -> None:
        for draft in share:
            committer.commit([draft])

    writers = [threading.Thread(target=write, args=(share,)) for share in shares]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    committer.close()
    journal.store.close()


def _bare(path: Path, drafts: Drafts) -> Callable[[], None]:
    texts = [msgspec.json.encode(draft) for draft in drafts]

    def work() -> None:
        connection = sqlite3.connect(path, isolation_level=None, factory=sqlite._Connection)  # noqa: SLF001  So that it commits as ours does.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, text BLOB)")
        for text in texts:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO entries (text) VALUES (?)", (text,))
        connection.close()

    return work


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
