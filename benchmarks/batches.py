"""Batches of 10,000 entries with everything on, beside bare SQLite and an event-sourcing library.

    python benchmarks/batches.py [BATCHES]

Of every ten entries three are arrivals of lots, one hands custody on, two transfer rights and
custody, one opens a process, two are consumed in it and one is produced. A covenant binds all of
them. Bioloom judges and seals each: its place in the chain, its idempotency key, its legs, what
binds it, the balances and indexes. A movement of
rights and of custody counts as two legs on every side, whether it is kept in one row or in two.

The rivals: `executemany` of bare rows of integers, one for each leg; and `eventsourcing`, with an
aggregate for each lot and an event for each movement, saved as many at a time, and one by one. It
is installed into an environment of its own, from the package registry; where that cannot be done,
it is said and goes unmeasured. All of them commit with `synchronous=FULL`.
"""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.append_and_verify import arrival
from benchmarks.measuring import (
    Cost,
    Environment,
    cost_cells,
    environment_with,
    in_a_process,
    median,
    print_table,
    side_by_side,
)
from bioloom.ledger.legs import legs_of
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Recorded
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.agents import AgentId, commons_of
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.covenants import CovenantEnacted, CovenantId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import (
    EventHappened,
    LotMade,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    SpecificationId,
)
from bioloom.vocabulary.entries.ledger import AgentDeclared, CityFounded, LotArrived
from bioloom.vocabulary.entries.people import MembershipBegan
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant

_BATCH = 10_000
_AT = Instant("2022-11-30T18:00:00.000Z")
_MILL = AgentId("mill")
_OURS = commons_of("101")
_MAKING = SpecificationId("making")
_RIVAL = "eventsourcing==9.5.6"
_SINGLY = "eventsourcing, one a save (1 of 50)"

Work = Callable[[Path, list[list[Draft[Any]]]], Callable[[], None]]


def main(batches: int) -> None:
    """Run all and print a table."""
    drafts = [draft for number in range(batches * _BATCH // 10) for draft in ten_entries(number)]
    work = [drafts[start : start + _BATCH] for start in range(0, len(drafts), _BATCH)]
    legs = sum(sides(draft) for draft in drafts)
    print(f"{len(drafts):,} entries with {legs:,} legs, {_BATCH:,} entries a batch")
    shares: dict[str, float] = {}  # Of all legs; what is slow saves only some of them.
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        works = {
            "Bioloom": _fresh(place, work, _append),
            "bare executemany": _fresh(place, work, _insert),
        }
        if (theirs := environment_with(_RIVAL, place)) is not None:
            moves = [[sides(draft) // 2 for draft in batch if sides(draft)] for batch in work]
            singly = [[some] for batch in moves for some in batch[::50]]
            works["eventsourcing, as many a save"] = _saved(theirs, place / "many", moves)
            works[_SINGLY] = _saved(theirs, place / "single", singly)
            shares[_SINGLY] = sum(map(sum, singly)) / sum(map(sum, moves))
        costs = {name: median(runs) for name, runs in side_by_side(works).items()}
    ours = costs["Bioloom"]
    rows = []
    for name, cost in costs.items():
        share = shares.get(name, 1)
        ratios = (cost.wall_s / ours.wall_s / share, cost.cpu_s / ours.cpu_s / share)
        speed = legs * share / cost.wall_s
        rows.append(
            [name, f"{speed:,.0f}", *(f"{ratio:.3f}" for ratio in ratios), *cost_cells(cost)]
        )
    # By CPU, too: it tells the same where other programs keep the machine busy.
    columns = ["", "legs/s", "ours / this", "by CPU", "wall s", "CPU s", "peak MB"]
    print_table("Batches with everything on, FULL (median of five)", columns, rows)


def beginning() -> list[Draft[Any]]:
    """The city, a commons with a mill in it, and the covenant that binds all they have."""
    founded = CityFounded(name="Town", timezone="UTC", steward=_MILL, stamp="measured")
    agents = [
        AgentDeclared(agent=_OURS, name="Ours", sort="commons"),
        AgentDeclared(agent=_MILL, name="Mill", sort="organisation"),
    ]
    text = "What we gather stays ours."
    covenant = CovenantEnacted(
        covenant=CovenantId("ours"),
        commons=_OURS,
        title="Ours stays ours",
        text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
        quorum=1,
        signers=(_MILL,),
    )
    specified = ProcessSpecified(
        specification=_MAKING, name="Making", definition="Any.", tolerance_per_mille=None
    )
    joined = _draft(MembershipBegan(member=_MILL, group=_OURS), "joined", author=_MILL)
    before = [_draft(body, f"agent:{at}") for at, body in enumerate([founded, *agents])]
    return [*before, joined, _draft(covenant, "covenant"), _draft(specified, "specified")]


def ten_entries(number: int) -> list[Draft[Any]]:
    """The entries of one block; they use the lots of the same block only."""
    arrivals = [_ours(arrival(number * 3 + one)) for one in range(3)]
    process = ProcessId(f"p:{number}")
    first, second, third = (draft.body for draft in arrivals)
    made = LotMade(lot=LotId(f"made:{number}"), material=MaterialId("stuff"))
    opened = ProcessOpened(process=process, specification=_MAKING, operator=_MILL)
    return [
        *arrivals,
        _event("transferCustody", first, first.owner, _MILL, 900),
        _event("transfer", second, second.owner, _MILL, 1_000),
        _event("transfer", third, third.owner, _MILL, 1_000),
        _draft(opened, process),
        _event("consume", second, _MILL, _MILL, 700, input_of=process),
        _event("consume", third, _MILL, _MILL, 800, input_of=process),
        _event("produce", made, _MILL, _MILL, 1_400, output_of=process, made=made),
    ]


def _ours(draft: Draft[LotArrived]) -> Draft[LotArrived]:
    body = msgspec.structs.replace(draft.body, owner=_OURS, holder=_OURS)
    return msgspec.structs.replace(draft, body=body)


def _event(
    action: Action,
    of: LotArrived | LotMade,
    provider: AgentId,
    receiver: AgentId,
    units: int,
    **more: Any,  # noqa: ANN401  Any other field of an event.
) -> Draft[EventHappened]:
    body = EventHappened(
        action=action,
        provider=provider,
        receiver=receiver,
        stamp="measured",
        lot=of.lot,
        quantity=Amount(units=units, reported=str(units), unit="mg"),
        **more,
    )
    return _draft(body, f"{action}:{of.lot}")


def _draft(body: Any, key: str, *, author: AgentId = _OURS) -> Draft[Any]:  # noqa: ANN401  Any kind.
    return Draft(body=body, occurred_at=_AT, author=author, idempotency_key=key)


def sides(draft: Draft[Any]) -> int:
    """How many legs a draft makes, where a movement of rights and of custody is two."""
    return sum((leg.rights_units > 0) + (leg.custody_units > 0) for leg in legs_of(draft.body))


def _fresh(place: Path, work: list[list[Draft[Any]]], how: Work) -> Callable[[], Cost]:
    """One run into a file of its own; what it needs is prepared before."""

    def run() -> Cost:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            return in_a_process(lambda: how(Path(folder) / "file.db", work))

    return run


def _saved(theirs: Environment, place: Path, moves: list[list[int]]) -> Callable[[], Cost]:
    """One run of the rival into a file of its own: how many events each aggregate of a save has."""
    place.mkdir()
    given = place / "moves.json"
    given.write_text(json.dumps(moves), "utf-8")

    def run() -> Cost:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            return theirs.run("eventsourced", given, Path(folder) / "file.db")

    return run


def _append(path: Path, work: list[list[Draft[Any]]]) -> Callable[[], None]:
    journal = Journal(SqliteStore(path))
    journal.record(beginning(), recorded_at=_AT)

    def append() -> None:
        for batch in work:
            outcomes = journal.append(batch, recorded_at=_AT)
            assert all(isinstance(outcome, Recorded) for outcome in outcomes)

    return append


def _insert(path: Path, work: list[list[Draft[Any]]]) -> Callable[[], None]:
    rows = [
        [(seq * 1024, seq, 0, 1, 6, 1_000, 0, 1_669_827_600_000)] * sides(draft)
        for seq, draft in enumerate(draft for batch in work for draft in batch)
    ]
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE legs (lot, seq, ordinal, giver, receiver, units, side, at)")

    def insert() -> None:
        each = iter(rows)
        for batch in work:
            legs = [leg for some in islice(each, len(batch)) for leg in some]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO legs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", legs)
            connection.execute("COMMIT")

    return insert


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
