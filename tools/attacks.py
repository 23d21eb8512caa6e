"""Try every attack on every store, and write what came of each to `docs/attacks.md`.

    python tools/attacks.py [--seeds N]

An attack is refused, or found by `verify`; anything else ends this with a failure. Its legitimate
twin passes. A PostgreSQL server is started for it, and stopped again.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.postgres.making import make_journal
from bioloom.ledger.stores.protocol import Store
from bioloom.ledger.stores.sqlite import SqliteStore
from tests.laws.attacks import by_sql
from tests.laws.attacks.attacks import ATTACKS
from tests.laws.attacks.trying import many_times, try_attack, try_twin
from tests.ledger.records import postgres_store, sqlite_store
from tests.postgres_server import found_programs, running

Opened = Callable[[], AbstractContextManager[Store]]
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
    programs = found_programs()
    if programs is None:
        print("PostgreSQL is needed: initdb, or Debian's postgresql.")
        return 1
    with running(programs, "fsync=off") as server:
        stores: dict[str, Opened] = {
            "memory": lambda: nullcontext(MemoryStore()),
            "SQLite": sqlite_store,
            "PostgreSQL": partial(postgres_store, server),
        }
        page = _HEAD + _through_the_record(stores, seeds) + _by_sql(server.address())
    PAGE.write_text(page, "utf-8")
    return 0


def _through_the_record(stores: dict[str, Opened], seeds: range) -> str:
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


def _by_sql(address: str) -> str:
    lines = [
        "",
        "## By SQL, with every right there is",
        "",
        "| attack | SQLite | PostgreSQL |",
        "|---|---|---|",
    ]
    for name in dict.fromkeys(one.name for one in (*by_sql.ATTACKS, *by_sql.IN_POSTGRES)):
        print(name, flush=True)
        here = [_on_a_file(one) for one in by_sql.ATTACKS if one.name == name]
        there = [_in_a_database(address, one) for one in by_sql.IN_POSTGRES if one.name == name]
        cells = [some[0] if some else "-" for some in (here, there)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
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
        store = SqliteStore(path)
        by_sql.write(store)
        store.close()
        was_let = by_sql.run_in_a_file(path, attack)
        store = SqliteStore(path)
        came = _came(store, was_let=was_let)
        store.close()
    return came


def _in_a_database(address: str, attack: by_sql.BySql) -> str:
    schema = f"raid_{uuid4().hex}"
    store = make_journal(address, schema=schema)
    by_sql.write(store)
    came = _came(store, was_let=by_sql.run_in_a_database(address, schema, attack))
    store.close()
    return came


def _came(store: Store, *, was_let: bool) -> str:
    assert bool(verify(store).problems) is was_let, "it was let, and is not found"
    return "found" if was_let else "refused"


if __name__ == "__main__":
    sys.exit(main())
