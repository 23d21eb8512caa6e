"""Tracing back over 137,000 ancestors in a record of 900,000 edges, beside two that do the same.

    python benchmarks/by_hand/genealogy.py [LOTS]

A record of lots, each made by a process out of some earlier ones, is written once (a minute or so).
Bioloom: reading all edges from the journal, then from a snapshot, then `trace` of the last lot,
whose kin are all counted and the nearest named. The rivals have the edges in memory or in a table
and only count: `rustworkx.ancestors`, and a recursive query of SQLite with an index.
"""

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import rustworkx

from benchmarks.measuring import print_table
from bioloom.ledger.genealogy.edges import Edges, EdgesFold
from bioloom.ledger.genealogy.walking import Genealogy
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.snapshots.snapshotting import Snapshots
from bioloom.ledger.stores.shelf import FolderShelf
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.ledger.tracing import trace
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import (
    EventHappened,
    LotMade,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    SpecificationId,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant

_AT, _WHO = Instant("2024-01-01T12:00:00.000Z"), AgentId("mill")
_SOURCES, _WINDOW, _TOGETHER = 5, 400, 5_000


def main(lots: int) -> None:
    """Write the record, and time each."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(SqliteStore(Path(folder) / "journal.db"))
        _write(journal, lots)
        shelf = FolderShelf(Path(folder) / "snapshots")
        snapshots = Snapshots(journal, shelf)
        edges, folded_s = _timed(lambda: snapshots.state(EdgesFold()))
        snapshots.keep(EdgesFold())
        again = Snapshots(journal, shelf)
        genealogy, loaded_s = _timed(lambda: again.index(EdgesFold(), Genealogy))
        last = LotId(f"lot:{lots - 1}")
        line, trace_s = _median_of_five(
            lambda: trace(journal, last, genealogy=lambda: again.index(EdgesFold(), Genealogy))
        )
        number = lot_number(line.lot.made_by)
        kin, walk_s = _median_of_five(lambda: genealogy.kin(number, "back"))
        print(f"{len(edges.arrays()[0]):,} edges, {len(kin.lots):,} ancestors")
        rows = [
            ["Bioloom: fold from the first entry", f"{folded_s:.2f} s", ""],
            ["Bioloom: load from a snapshot", f"{loaded_s:.2f} s", ""],
            ["Bioloom: trace, the nearest named", f"{trace_s * 1000:.1f} ms", ""],
            ["Bioloom: the search alone", f"{walk_s * 1000:.1f} ms", "1.0"],
        ]
        for name, rival in (("rustworkx.ancestors", _rustworkx), ("SQLite CTE", _cte)):
            count, took_s = _median_of_five(rival(edges, number))
            assert count == len(kin.lots), (count, len(kin.lots))
            rows.append([name, f"{took_s * 1000:.1f} ms", f"{took_s / walk_s:.1f}"])
        print_table("Ancestors", ["", "median", "to ours"], rows)


def _write(journal: Journal, lots: int) -> None:
    drafts: list[Draft[Any]] = []
    for draft in _drafts(lots):
        drafts.append(draft)
        if len(drafts) >= _TOGETHER:
            journal.record(drafts, recorded_at=_AT)
            drafts = []
    journal.record(drafts, recorded_at=_AT)


def _drafts(lots: int) -> Iterator[Draft[Any]]:
    by_chance = random.Random(1)
    making = SpecificationId("making")
    yield _draft(
        ProcessSpecified(
            specification=making, name="Making", definition="Any.", tolerance_per_mille=None
        ),
        "making",
    )
    for number in range(lots):
        process = ProcessId(f"p:{number}")
        yield _draft(ProcessOpened(process=process, specification=making, operator=_WHO), process)
        first = max(0, number - _WINDOW)
        most = min(_SOURCES + number % 2, number - first)
        sources = by_chance.sample(range(first, number), most)
        for source in sources:
            yield _event("consume", f"lot:{source}", 1, input_of=process)
        made = LotMade(lot=LotId(f"lot:{number}"), material=MaterialId("stuff"))
        yield _event("produce", made.lot, 1_000, output_of=process, made=made)


def _event(action: Any, lot: str, units: int, **more: Any) -> Draft[Any]:  # noqa: ANN401
    body = EventHappened(
        action=action,
        provider=_WHO,
        receiver=_WHO,
        stamp="measured",
        lot=LotId(lot),
        quantity=Amount(units=units, reported=str(units), unit="mg"),
        **more,
    )
    return _draft(body, f"{action}:{lot}:{more.get('input_of', '')}")


def _draft(body: Any, key: str) -> Draft[Any]:  # noqa: ANN401
    return Draft(body=body, occurred_at=_AT, author=_WHO, idempotency_key=key)


def _rustworkx(edges: Edges, number: int) -> Callable[[], int]:
    _, tails, heads = edges.arrays()
    graph = rustworkx.PyDiGraph()
    names = sorted({*tails.tolist(), *heads.tolist()})
    at = dict(zip(names, graph.add_nodes_from(names), strict=True))
    graph.add_edges_from_no_data(
        [(at[tail], at[head]) for tail, head in zip(tails.tolist(), heads.tolist(), strict=True)]
    )
    return lambda: sum(names[node] > 0 for node in rustworkx.ancestors(graph, at[number]))


def _cte(edges: Edges, number: int) -> Callable[[], int]:
    _, tails, heads = edges.arrays()
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE edges (head INTEGER, tail INTEGER, PRIMARY KEY (head, tail)) WITHOUT ROWID"
    )
    rows = set(zip(heads.tolist(), tails.tolist(), strict=True))
    connection.executemany("INSERT INTO edges VALUES (?, ?)", rows)
    query = """
        WITH RECURSIVE kin(node) AS (
            VALUES (?) UNION SELECT tail FROM edges JOIN kin ON head = node
        ) SELECT count(*) - 1 FROM kin WHERE node > 0
    """
    return lambda: int(connection.execute(query, (number,)).fetchone()[0])


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def _median_of_five(work: Callable[[], Any]) -> tuple[Any, float]:
    runs = [_timed(work) for _ in range(5)]
    return runs[0][0], statistics.median(took for _, took in runs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 138_000)
