"""Batches of 10,000 entries into PostgreSQL with everything on, beside a bare COPY of their legs.

    python benchmarks/postgres.py [BATCHES]

The entries are those of `batches.py`: arrivals, gifts, events of processes. Bioloom judges and
seals each, and the database keeps its text, its place in the chain, its key, its legs, the balances
by a trigger, and its indexes. The rivals copy the same legs, and nothing else, into one table with
one index, each side of a movement a row: once as integers, once with the names that a reader needs.
All commit with `synchronous_commit = on` and `fsync = on`, on a server of this script's own.

"Writing nothing" is Bioloom without its writing: what judging and sealing take in any store. No
store, however fast, could make the first figure larger than that one.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks.batches import beginning, sides, ten_entries
from benchmarks.measuring import Cost, cost_cells, in_a_process, median, print_table, side_by_side
from bioloom.ledger.legs import legs_of
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Conflict, Refused
from bioloom.ledger.stores.postgres.making import make_journal
from bioloom.ledger.stores.postgres.store import PostgresStore
from bioloom.ledger.stores.protocol import Batch, Store
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant
from tests.postgres_server import Server, found_programs, running

_BATCH = 10_000
_AT = Instant("2022-11-30T18:00:00.000Z")
_INTEGERS = {
    "lot": "bigint",
    "seq": "bigint",
    "ordinal": "integer",
    "side": "integer",
    "giver": "integer",
    "receiver": "integer",
    "units": "bigint",
    "occurred_ms": "bigint",
}
_NAMES = _INTEGERS | {"lot": "text", "giver": "text", "receiver": "text"}

Drafts = list[Draft[Any]]
Work = Callable[[], Callable[[], None]]


class _WritingNothing(PostgresStore):
    """A journal that stays empty, whatever is written to it."""

    def write(self, batch: Batch) -> None:
        """Forget it."""


def main(batches: int) -> None:
    """Run all and print a table."""
    programs = found_programs()
    if programs is None:
        print("There is no PostgreSQL: nothing is measured.")
        return
    # Whole blocks: what an entry refers to is in the same batch.
    blocks = range(0, batches * _BATCH // 10, _BATCH // 10)
    work = [[*_block(first)] for first in blocks]
    drafts = [draft for batch in work for draft in batch]
    legs = sum(map(sides, drafts))
    with running(programs) as server, TemporaryDirectory() as folder:
        version = server.run_sql("SHOW server_version")[0][0]
        print(f"{len(drafts):,} entries with {legs:,} legs, {_BATCH:,} a batch; {version}")
        works: dict[str, Callable[[str], Work]] = {
            "Bioloom": lambda address: _append(lambda: make_journal(address), work),
            "Bioloom, writing nothing": lambda address: _append(lambda: _forgetful(address), work),
            "Bioloom in SQLite": lambda address: _append(
                lambda: SqliteStore(Path(folder) / address.rpartition("/")[2]), work
            ),
            "bare COPY, legs of integers": lambda address: _copy(address, _INTEGERS, work),
            "bare COPY, legs with names": lambda address: _copy(address, _NAMES, work),
        }
        costs = side_by_side({name: _fresh(server, how) for name, how in works.items()})
    medians = {name: median(runs) for name, runs in costs.items()}
    ours = medians["Bioloom"].wall_s
    rows = [
        [name, f"{legs / cost.wall_s:,.0f}", f"{cost.wall_s / ours:.2f}", *cost_cells(cost)]
        for name, cost in medians.items()
    ]
    columns = ["", "legs/s", "ours / this", "wall s", "our CPU s", "peak MB"]
    print_table("Everything on, beside bare COPY (median of five)", columns, rows)


def _block(first: int) -> Iterator[Draft[Any]]:
    for number in range(first, first + _BATCH // 10):
        yield from ten_entries(number)


def _fresh(server: Server, how: Callable[[str], Work]) -> Callable[[], Cost]:
    """One run into a database of its own; what it needs is prepared before."""
    return lambda: in_a_process(how(server.new_database()))


def _append(opened: Callable[[], Store], work: list[Drafts]) -> Work:
    def prepare() -> Callable[[], None]:
        journal = Journal(opened())
        journal.record(beginning(), recorded_at=_AT)

        def append() -> None:
            for batch in work:
                outcomes = journal.append(batch, recorded_at=_AT)
                assert not any(isinstance(outcome, Refused | Conflict) for outcome in outcomes)

        return append

    return prepare


def _forgetful(address: str) -> Store:
    with closing(make_journal(address)) as store:
        # What the entries of all batches refer to.
        Journal(store).record(beginning(), recorded_at=_AT)
    return _WritingNothing(address)


def _copy(address: str, columns: dict[str, str], work: list[Drafts]) -> Work:
    def prepare() -> Callable[[], None]:
        connection = psycopg.connect(address, autocommit=True)
        connection.execute("SET synchronous_commit = on")
        fields = ", ".join(f"{name} {kind} NOT NULL" for name, kind in columns.items())
        ddl = f"CREATE TABLE legs ({fields}, PRIMARY KEY (lot, seq, ordinal, side))"
        connection.execute(ddl.encode())
        is_named = columns is _NAMES
        batches = [list(_legs(batch, at * _BATCH, is_named)) for at, batch in enumerate(work)]

        def copy() -> None:
            statement = "COPY legs FROM STDIN (FORMAT BINARY)"
            for rows in batches:
                with connection.cursor() as cursor, cursor.copy(statement) as copying:
                    copying.set_types(list(columns.values()))
                    for row in rows:
                        copying.write_row(row)

        return copy

    return prepare


def _legs(batch: Drafts, before: int, is_named: bool) -> Iterator[tuple[object, ...]]:
    """The legs of some entries, each side a row: by names, or by numbers in their place."""
    numbers: dict[str, int] = {}
    for seq, draft in enumerate(batch, start=before + 1):
        for ordinal, leg in enumerate(legs_of(draft.body)):
            names = (leg.lot, leg.giver, leg.receiver)
            lot, giver, receiver = (
                names if is_named else (numbers.setdefault(name, len(numbers)) for name in names)
            )
            for side, units in enumerate((leg.rights_units, leg.custody_units)):
                if units:
                    yield lot, seq, ordinal, side, giver, receiver, units, 1_669_831_200_000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
