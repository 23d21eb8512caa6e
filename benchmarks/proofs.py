"""Heads and proofs of a long record, beside a tree that is hashed anew each time.

    python benchmarks/proofs.py [ENTRIES...]

The entries' hashes are read as a city reads them, from a table of the shape of a journal's with
texts of 300 bytes. Ours keeps every eighth level of the tree in a snapshot; the rival hashes all
leaves whenever it is asked for a head, as one would without one. Growing the snapshot is what the
first head of an old city costs, and `verify` as well, which trusts no snapshot. Medians are shown.
"""

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.measuring import print_table
from bioloom.ledger.proofs.heads import SigningKey, head_text, sign_head
from bioloom.ledger.proofs.notes import LOG_KEY
from bioloom.ledger.proofs.tree import Frontier, Tree
from bioloom.ledger.stores.tiles import TileFiles

_TIMES = 200


def main(sizes: list[int]) -> None:
    """Measure each size and print one table."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_measured(size, Path(folder)))
    columns = [
        *("entries", "grow s", "head ms", "heads/s", "inclusion ms", "consistency ms"),
        *("proof bytes", "snapshot MB", "anew s"),
    ]
    print_table("Heads and proofs (medians)", columns, rows)


def _measured(size: int, folder: Path) -> list[str]:
    raw = _journal(size, folder / "journal.db")
    tree = Tree(lambda start, end: _hashes(raw, start, end), TileFiles(folder / "tree"))
    key = SigningKey("bench", LOG_KEY, Ed25519PrivateKey.generate())
    chance = random.Random(size)

    def head() -> None:
        sign_head(head_text("bench", size, tree.root(size)), key)

    grow_s = _seconds(lambda: tree.grow(size), times=1)
    head_s = _seconds(head)
    inclusion_s = _seconds(lambda: tree.inclusion(chance.randrange(size), size))
    consistency_s = _seconds(lambda: tree.consistency(chance.randrange(1, size), size))
    kept_mb = sum(file.stat().st_size for file in (folder / "tree").iterdir()) / 1e6
    # As hexadecimal text, with its quotes and comma.
    proof = 67 * len(tree.inclusion(size // 3, size))
    anew_s = _seconds(lambda: _anew(raw, size), times=1)
    return [
        f"{size:,}",
        f"{grow_s:.1f}",
        f"{head_s * 1e3:.2f}",
        f"{1 / head_s:,.0f}",
        f"{inclusion_s * 1e3:.2f}",
        f"{consistency_s * 1e3:.2f}",
        f"{proof:,}",
        f"{kept_mb:.2f}",
        f"{anew_s:.1f}",
    ]


def _journal(size: int, path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, kind TEXT, text BLOB, hash BLOB)")
    text = bytes(300)
    raw.execute("BEGIN")
    raw.executemany(
        "INSERT INTO entries VALUES (?, 'LotArrived', ?, ?)",
        ((seq, text, sha256(seq.to_bytes(8, "big")).digest()) for seq in range(1, size + 1)),
    )
    raw.execute("COMMIT")
    return raw


def _hashes(raw: sqlite3.Connection, start: int, end: int) -> list[bytes]:
    # As the store reads rows, texts and all.
    query = "SELECT * FROM entries WHERE seq > ? AND seq < ? ORDER BY seq"
    return [row[3] for row in raw.execute(query, (start, end + 1))]


def _anew(raw: sqlite3.Connection, size: int) -> bytes:
    frontier = Frontier()
    query = "SELECT * FROM entries WHERE seq <= ? ORDER BY seq"
    for row in raw.execute(query, (size,)):
        frontier.add(row[3])
    return frontier.root()


def _seconds(work: Callable[[], object], *, times: int = _TIMES) -> float:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [1_000_000])
