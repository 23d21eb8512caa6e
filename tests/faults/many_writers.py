"""Sixty-four writers that tell what was acknowledged, for `test_many_writers.py` to disturb.

    python many_writers.py DESCRIPTOR JOURNAL (steady | clock | full)

The journal is a file, or a database by its address.

Each writer records a lot and its gift, all or none, again and again, and writes a line to a pipe
when that is acknowledged. Nothing of it is in the product.
"""

import json
import os
import resource
import sys
import threading
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from bioloom.ledger.record.committing import Committer
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Outcome, Recorded, Same
from bioloom.ledger.stores.postgres.store import PostgresStore
from bioloom.ledger.stores.protocol import Store, StoreFailed
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.periods import Instant, from_epoch_ms
from tests.ledger.records import LATER, arrival, gift

WRITERS = 64
# No file of this process may grow beyond so many bytes: its disk is then full.
FULL_BYTES = 400_000


def opened(journal: str) -> Store:
    """A journal by the name of its file, or by the address of a database that has it."""
    is_address = journal.startswith("postgresql://")
    return PostgresStore(journal) if is_address else SqliteStore(Path(journal))


def run(acknowledging: int, where: str, how: str) -> None:
    """Write until killed; where the disk gets full, until each writer met that and got over it."""
    journal = Journal(opened(where))
    ticks = count(1_700_000_000_000, -1_000)

    def clock() -> Instant:
        return from_epoch_ms(next(ticks)) if how == "clock" else LATER

    committer = Committer(journal, clock=clock)
    # The last writer whose disk was full makes room for all.
    all_full = threading.Barrier(WRITERS, action=make_room)

    def write(writer: int) -> None:
        met_full = False
        for turn in count():
            name = f"{writer}-{turn}"
            pair: list[Draft[Any]] = [arrival(name, 5), gift(f"g-{name}", name, 5, "ana", "ben")]
            try:
                outcomes = committer.commit(pair)
            except StoreFailed:
                tell(acknowledging, {"failed": name})
                met_full = True
                all_full.wait()
                continue
            tell(acknowledging, {"recorded": name, "heads": heads(outcomes)})
            if met_full:
                return

    if how == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_BYTES, resource.RLIM_INFINITY))
    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    committer.close()
    journal.store.close()


def make_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def heads(outcomes: Sequence[Outcome]) -> list[tuple[int, str]]:
    return [(entry.seq, str(entry.hash)) for entry in map(entry_of, outcomes)]


def entry_of(outcome: Outcome) -> Entry[Any]:
    match outcome:
        case Recorded(entry) | Same(_, entry):
            return entry
    raise AssertionError(outcome)


def tell(descriptor: int, line: object) -> None:
    # Short enough to arrive whole, whoever else writes.
    os.write(descriptor, json.dumps(line).encode() + b"\n")


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2], sys.argv[3])
