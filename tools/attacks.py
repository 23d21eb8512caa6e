"""Try every attack on every store, and write what came of each to `docs/attacks.md`.

    python tools/attacks.py [--seeds N]

An attack is refused, or found by `verify`; anything else ends this with a failure. Its legitimate
twin passes.
"""

import argparse
import sqlite3
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Store
from bioloom.ledger.stores.sqlite import SqliteStore
from tests.laws.attacks import by_sql
from tests.laws.attacks.attacks import ATTACKS
from tests.laws.attacks.trying import many_times, try_attack, try_twin
from tests.ledger.records import sqlite_store

PAGE = Path("docs/attacks.md")
_HEAD = """# Attacks on a covenant

A commons binds its lots by a covenant; somebody outside tries to get them. Each attack is played
many times by chance, with other amounts, people and orders, and each has a legitimate twin: what is
alike, and people do every day. After each, a count of its own, which asks no covenant, sees that
nobody outside owns anything that ever came from the commons.

*Refused*: it is not recorded, but the attempt is. *Found*: `bioloom verify` says so. The tests are
in `tests/laws/attacks`; `BIOLOOM_ATTACKS=20 make test PYTEST="tests/laws/attacks"` tries twenty
times as many. This page is made by `python tools/attacks.py`.

"""


def main() -> int:
    """Try everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = range(parser.parse_args().seeds)
    stores: dict[str, Callable[[], AbstractContextManager[Store]]] = {
        "memory": lambda: nullcontext(MemoryStore()),
        "SQLite": sqlite_store,
    }
    PAGE.write_text(_HEAD + _through_the_record(stores, seeds) + _by_sql(), "utf-8")
    return 0


def _through_the_record(
    stores: dict[str, Callable[[], AbstractContextManager[Store]]], seeds: range
) -> str:
    columns = [*stores, "its twin"]
    lines = [
        "## Through the record",
        "",
        f"| attack | {' | '.join(columns)} |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for attack in ATTACKS:
        print(attack.name, flush=True)
        came = [many_times(try_attack, attack, store, seeds=seeds) for store in stores.values()]
        twins = [many_times(try_twin, attack, store, seeds=seeds) for store in stores.values()]
        cells = [" or ".join(sorted(some)) for some in [*came, set().union(*twins)]]
        lines.append(f"| {attack.name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _by_sql() -> str:
    lines = ["", "## By SQL, on the file itself", "", "| attack | SQLite |", "|---|---|"]
    for attack in by_sql.ATTACKS:
        print(attack.name, flush=True)
        lines.append(f"| {attack.name} | {_on_a_file(attack)} |")
    lines += [
        "",
        "Who only reads changes nothing. Who cuts off the end of the record, and all that stands",
        "beside it, is found by whoever holds a head of it (`bioloom verify --head`); see",
        "[check the record](how-to/check-the-record.md).",
    ]
    return "\n".join(lines) + "\n"


def _on_a_file(attack: by_sql.BySql) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        by_sql.written(path)
        with closing(sqlite3.connect(path)) as raw:
            numbers = by_sql.numbers_in(lambda query: raw.execute(query).fetchone())
            was_let = by_sql.run(raw, attack, numbers)
        store = SqliteStore(path)
        found = bool(verify(store).problems)
        store.close()
    assert found is was_let, f"'{attack.name}' was let, and is not found"
    return "found" if was_let else "refused"


if __name__ == "__main__":
    sys.exit(main())
