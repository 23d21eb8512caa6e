"""Appending and verifying, beside bare SQLite and a bare loop over the same entries.

    python benchmarks/append_and_verify.py [ENTRIES]

Appending: the legs of monthly arrivals, 10,000 legs a commit, `synchronous=FULL` on both sides. The
rival only inserts the legs, with the names a reader needs; ours also judges, names, writes and
chains the entries, and keeps idempotency keys and balances. An arrival has two legs, of rights and
of custody; between the same two agents they are kept as one row.

Verifying: the rival decodes each entry, hashes it on and adds up masses; ours also compares the
legs, keys and balances that the store keeps, and examines the file.
"""

import hashlib
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from benchmarks.measuring import Cost, cost_cells, in_a_process, median, print_table, side_by_side
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.agents import OUTSIDE, AgentId, commons_of
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId

_LEGS_A_COMMIT = 10_000
_LEGS_AN_ARRIVAL = 2
_AT = Instant("2022-11-30T17:00:00.000Z")

Append = Callable[[Path, list[Draft[LotArrived]]], Callable[[], None]]


def main(entries: int) -> None:
    """Run all and print two tables."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        appends = {
            "Bioloom append": _fresh(place, entries, _append),
            "bare executemany, legs with names": _fresh(place, entries, _insert_named),
            "bare executemany, legs of integers": _fresh(place, entries, _insert_numbers),
        }
        _print("Appending legs, 10,000 a commit, FULL", entries * 2, "legs", appends)
        path = place / "verified.db"
        _append(path, [arrival(number) for number in range(entries)])()
        verifies: dict[str, Callable[[], Cost]] = {
            "Bioloom verify": lambda: in_a_process(lambda: lambda: _verify(path)),
            "bare loop": lambda: in_a_process(lambda: lambda: _loop_over(path)),
        }
        _print("Verifying from zero", entries, "entries", verifies)


def _fresh(place: Path, entries: int, append: Append) -> Callable[[], Cost]:
    """One run into a file of its own; making the drafts does not count."""

    def run() -> Cost:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            path = Path(folder) / "journal.db"
            return in_a_process(lambda: append(path, [arrival(one) for one in range(entries)]))

    return run


def arrival(number: int) -> Draft[LotArrived]:
    district = DistrictId(f"{number % 59 + 101}")
    key = f"bench:{number // 236:06}:{district}:{number % 4}"
    body = LotArrived(
        lot=LotId(key),
        material=MaterialId(("organics", "paper", "refuse", "metal_glass_plastic")[number % 4]),
        place=district,
        owner=commons_of(district),
        holder=commons_of(district),
        mass_mg=1_010_785_237_308 + number,
        reported=str(1_010_785_237_308 + number),
        unit="mg",
        stamp="reported",
        first_day=date(2022, 11, 1),
        last_day=date(2022, 11, 30),
    )
    return Draft(body=body, occurred_at=_AT, author=AgentId("steward"), idempotency_key=key)


def _append(path: Path, drafts: list[Draft[LotArrived]]) -> Callable[[], None]:
    batch = _LEGS_A_COMMIT // _LEGS_AN_ARRIVAL

    def work() -> None:
        journal = Journal(SqliteStore(path))
        for start in range(0, len(drafts), batch):
            journal.append(drafts[start : start + batch], recorded_at=_AT)
        journal.store.close()

    return work


def _insert_named(path: Path, drafts: list[Draft[LotArrived]]) -> Callable[[], None]:
    columns = "seq, side, lot, giver, receiver, mass_mg, occurred_at"
    legs = [
        (seq, side, draft.body.lot, OUTSIDE, draft.body.owner, draft.body.mass_mg, _AT)
        for seq, draft in enumerate(drafts)
        for side in ("rights", "custody")
    ]
    return lambda: _insert(path, columns, legs)


def _insert_numbers(path: Path, drafts: list[Draft[LotArrived]]) -> Callable[[], None]:
    columns = "lot, seq, ordinal, giver, receiver, rights_units, custody_units, occurred_ms"
    legs = [
        (seq * 1024, seq, side, 1, 6, draft.body.mass_mg, 0, 1_669_827_600_000)
        for seq, draft in enumerate(drafts)
        for side in (0, 1)
    ]
    return lambda: _insert(path, columns, legs)


def _insert(path: Path, columns: str, legs: Sequence[tuple[object, ...]]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"CREATE TABLE legs ({columns})")
    insert = f"INSERT INTO legs VALUES ({', '.join('?' * len(legs[0]))})"
    for start in range(0, len(legs), _LEGS_A_COMMIT):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, legs[start : start + _LEGS_A_COMMIT])
        connection.execute("COMMIT")
    connection.close()


def _verify(path: Path) -> None:
    assert verify(SqliteStore(path)).holds


def _loop_over(path: Path) -> None:
    decode = msgspec.json.Decoder(Entry[LotArrived]).decode
    last = bytes(32)
    masses: defaultdict[AgentId, int] = defaultdict(int)
    for text, kept in sqlite3.connect(path).execute("SELECT text, hash FROM entries ORDER BY seq"):
        body = decode(text).body
        masses[body.owner] += body.mass_mg
        last = hashlib.sha256(last + text).digest()
        assert last == kept


def _print(title: str, count: int, of: str, works: dict[str, Callable[[], Cost]]) -> None:
    costs = {name: median(runs) for name, runs in side_by_side(works).items()}
    ours = next(iter(costs.values())).wall_s
    rows = [
        [name, f"{count / cost.wall_s:,.0f}", f"{cost.wall_s / ours:.2f}", *cost_cells(cost)]
        for name, cost in costs.items()
    ]
    columns = ["", f"{of}/s", "ours / this", "wall s", "CPU s", "peak MB"]
    print_table(f"{title} ({count:,} {of}, median of five)", columns, rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
