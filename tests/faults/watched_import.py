"""An import whose commits can be seen from outside, for `test_killed_import.py` to kill.

    python watched_import.py DESCRIPTOR DIR FILE

Writes a byte to a pipe where each commit begins and where it ends. Nothing of it is in the product.
"""

import os
import sqlite3
import sys
from types import TracebackType
from typing import Literal
from unittest.mock import patch

from bioloom.doors import taking
from bioloom.doors.cli.main import main
from bioloom.ledger.stores import sqlite

# Small batches, so that a short import has many commits.
FACTS_A_BATCH = 60


def run(marks: int, arguments: list[str]) -> int:
    """Import, marking every commit."""

    def marked(
        connection: sqlite3.Connection,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        os.write(marks, b"B")
        sqlite3.Connection.__exit__(connection, kind, raised, trace)
        os.write(marks, b"E")
        return False

    with (
        patch.object(sqlite._Connection, "__exit__", marked),
        patch.object(taking, "BATCH_FACTS", FACTS_A_BATCH),
    ):
        return main(["import", *arguments, "--progress", "json"])


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
