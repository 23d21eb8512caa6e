"""An event-sourcing library: `python -m benchmarks.rivals.eventsourced MOVES DATABASE`.

The file of moves is JSON: for each save, how many events each of its aggregates has. Prints what
the saving took.
"""

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.measuring import in_a_process, tell


def main(moves: Path, database: Path) -> None:
    saves: list[list[int]] = json.loads(moves.read_text("utf-8"))
    tell(in_a_process(lambda: _prepare(saves, database)))


def _prepare(saves: list[list[int]], database: Path) -> Callable[[], None]:
    domain = import_module("eventsourcing.domain")
    application = import_module("eventsourcing.application")
    # The library goes by the names of methods.
    _arrive.__name__, _move.__name__ = "__init__", "move"
    within = {
        "__init__": domain.event("Arrived")(_arrive),
        "move": domain.event("Moved")(_move),
        "__module__": __name__,
        "__qualname__": "Lot",
    }
    aggregate: Any = type(domain.Aggregate)("Lot", (domain.Aggregate,), within)
    os.environ |= {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(database)}
    app = application.Application()

    def make(moves: int) -> Any:  # noqa: ANN401  An aggregate.
        lot = aggregate(owner="commons:101", mass_mg=1_010_785_237_308)
        for _ in range(moves - 1):
            lot.move(lot.owner, "mill", 1_000)
        return lot

    def save() -> None:
        for some in saves:
            app.save(*map(make, some))

    return save


def _arrive(self: Any, owner: str, mass_mg: int) -> None:  # noqa: ANN401
    self.owner, self.mass_mg = owner, mass_mg


def _move(self: Any, giver: str, receiver: str, mass_mg: int) -> None:  # noqa: ANN401
    assert giver == self.owner
    self.owner, self.mass_mg = receiver, mass_mg


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
