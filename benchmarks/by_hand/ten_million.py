"""Opening and verifying a city of ten million entries.

    python benchmarks/by_hand/ten_million.py FOLDER [ENTRIES]

By hand, and no part of `make bench`: it writes about 6 GB into FOLDER and takes the better part of
an hour. A city that is there already is measured again, and nothing is deleted.

Nine entries of ten are loads that arrive in 24 districts over ten years, one is a load given on to
a site. All are judged and recorded by the journal, as everything else is.

Opening: from the start of `bioloom serve` to the last byte of the first page. Rivals: the start of
a bare Python that opens the same file and counts its entries, and one that sums up its arrivals,
which is what a page without a snapshot has to do. Verifying: `bioloom verify`; the rival is a bare
loop that decodes each entry, hashes it on and adds up masses.
"""

import hashlib
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.measuring import Cost, cost_cells, in_a_process, median, of_a_command, print_table
from bioloom.doors.cli.main import main as bioloom
from bioloom.doors.compose import City, now, open_city
from bioloom.ledger.accounts.days import DaysFold
from bioloom.ledger.snapshots.totalling import TotalsFold
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import instant

_FIRST_DAY, _DAYS = date(2016, 1, 1), 3652
_TOGETHER = 20_000
_COUNT = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall())"
_ALL_ENTRIES = "SELECT count(*) FROM entries"
_ALL_MONTHS = "SELECT occurred_ms, sum(rights_units) FROM legs WHERE giver = 1 GROUP BY occurred_ms"


def main(folder: Path, entries: int) -> None:
    """Make the city unless it is there, and print what opening and verifying it take."""
    if not folder.exists():
        _make(folder, entries)
    journal = folder / "journal.db"
    with sqlite3.connect(journal) as raw:
        (count,) = raw.execute(_ALL_ENTRIES).fetchone()
    size_mb = journal.stat().st_size / 1e6
    print(f"{count:,} entries, {size_mb:,.0f} MB, {size_mb * 1e6 / count:,.0f} bytes an entry")
    python = [sys.executable, "-c", _COUNT, str(journal)]
    openings = {
        "bioloom serve, to its first page": [_first_page(folder) for _ in range(5)],
        "bare sqlite3, counting entries": [of_a_command([*python, _ALL_ENTRIES]) for _ in range(5)],
        "bare sqlite3, summing by instant": [of_a_command([*python, _ALL_MONTHS])],
    }
    _print("Opening, from process start", openings)
    verify = [sys.executable, "-m", "bioloom.doors.cli.main", "verify", str(folder), "--json"]
    verifies = {
        "bioloom verify": [of_a_command(verify)],
        "bare loop: decode, hash, add": [in_a_process(lambda: lambda: _loop_over(journal))],
    }
    _print("Verifying from zero", verifies)


def _make(folder: Path, entries: int) -> None:
    assert bioloom(["init", str(folder), "--story", "verdiva", "--days", "30"]) == 0
    started = time.perf_counter()
    with open_city(folder) as city:
        drafts = _drafts(city, entries)
        while some := list(islice(drafts, _TOGETHER)):
            city.journal.append(some, recorded_at=now())
        made = time.perf_counter()
        print(f"recorded {entries:,} entries in {made - started:,.0f} s")
        city.snapshots.keep(TotalsFold(city.settings.zone))
        counted = time.perf_counter()
        city.snapshots.keep(DaysFold(city.settings.zone))
        print(f"totals in {counted - made:,.0f} s, days in {time.perf_counter() - counted:,.0f} s")


def _drafts(city: City, entries: int) -> Iterator[Draft[Any]]:
    declared = city.journal.declared()
    districts, sites = list(declared.districts.values()), list(declared.sites.values())
    weighed = [one for one, said in declared.materials.items() if said.base_unit == MILLIGRAM]
    author = city.settings.steward
    noons = [
        instant(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        for day in (_FIRST_DAY + timedelta(days=number) for number in range(_DAYS))
    ]
    for number in range(entries):
        at = number * _DAYS // entries
        if number % 10 == 9:
            giver = districts[(number - 1) % len(districts)].commons
            given = LotTransferred(
                lot=LotId(f"load:{number - 1:08}"),
                mass_mg=1_000_000,
                sides=("custody",),
                giver=giver,
                receiver=sites[number // 10 % len(sites)].operator,
            )
            yield Draft(
                body=given, occurred_at=noons[at], author=author, idempotency_key=f"gift:{number}"
            )
            continue
        key = LotId(f"load:{number:08}")
        district = districts[number % len(districts)]
        body = LotArrived(
            lot=key,
            material=weighed[number // len(districts) % len(weighed)],
            place=district.district,
            owner=district.commons,
            holder=district.commons,
            mass_mg=1_000_000 + number % 7_000_000,
            reported=str(1_000_000 + number % 7_000_000),
            unit="mg",
            stamp="generated",
            first_day=_FIRST_DAY + timedelta(days=at),
            last_day=_FIRST_DAY + timedelta(days=at),
        )
        yield Draft(body=body, occurred_at=noons[at], author=author, idempotency_key=key)


def _loop_over(journal: Path) -> None:
    last, mass_mg = bytes(32), 0
    entries = sqlite3.connect(journal).execute("SELECT text, hash FROM entries ORDER BY seq")
    for text, kept in entries:
        mass_mg += msgspec.json.decode(text)["body"].get("mass_mg") or 0
        last = hashlib.sha256(last + text).digest()
        assert last == kept


def _first_page(folder: Path) -> Cost:
    """Start serving, ask for the first page, and stop; peak memory is not told here."""
    started = time.perf_counter()
    command = [
        sys.executable,
        "-u",
        "-m",
        "bioloom.doors.cli.main",
        "serve",
        str(folder),
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        said = serving.stdout.readline()
        url = next(word for word in said.split() if word.startswith("http://"))
        with urllib.request.urlopen(url) as page:
            assert b"</html>" in page.read()
        wall_s = time.perf_counter() - started
        peak_mb = _peak_mb(serving.pid)
        serving.kill()  # Its orderly end, with all that follows from the record, is not asked for.
    return Cost(wall_s, 0.0, peak_mb)


def _peak_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def _print(title: str, costs: dict[str, list[Cost]]) -> None:
    rows = [[name, str(len(runs)), *cost_cells(median(runs))] for name, runs in costs.items()]
    print_table(title, ["", "runs", "wall s", "CPU s", "peak MB"], rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000)
