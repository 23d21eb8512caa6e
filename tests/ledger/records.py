"""Small records for tests of the ledger: drafts by hand, drafts by chance, and stores to keep them.

Lots are "peel", "leaves" and "paper"; agents are "ana", "ben" and "cem"; everything happens at noon
of one of the first days of 2024.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import msgspec
from hypothesis import strategies as st

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Recorded
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.postgres.making import make_journal
from bioloom.ledger.stores.postgres.store import PostgresStore
from bioloom.ledger.stores.protocol import Store
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.agents import SOIL, AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred, MaterialDeclared
from bioloom.vocabulary.lots import SIDES, LotId, Side
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId
from tests.postgres_server import Server

LATER = Instant("2024-06-01T00:00:00.000Z")
STEWARD = AgentId("steward")
LOTS = ("peel", "leaves", "paper")
AGENTS = ("ana", "ben", "cem")


def noon(day: int) -> Instant:
    return Instant(f"2024-01-{day:02}T12:00:00.000Z")


def arrival(
    lot: str,
    mass_mg: int,
    *,
    day: int = 1,
    owner: str = "ana",
    holder: str | None = None,
    key: str | None = None,
) -> Draft[LotArrived]:
    body = LotArrived(
        lot=LotId(lot),
        material=MaterialId("organics"),
        place=DistrictId("north"),
        owner=AgentId(owner),
        holder=AgentId(holder or owner),
        mass_mg=mass_mg,
        reported=str(mass_mg),
        unit="mg",
        stamp="measured",
        first_day=date(2024, 1, day),
        last_day=date(2024, 1, day),
    )
    return Draft(
        body=body,
        occurred_at=noon(day),
        author=STEWARD,
        idempotency_key=lot if key is None else key,
    )


def weighing(body: LotArrived, mass_mg: int) -> LotArrived:
    """What arrived, with another mass told in milligrams."""
    return msgspec.structs.replace(body, mass_mg=mass_mg, reported=str(mass_mg), unit="mg")


def gift(
    key: str,
    lot: str,
    mass_mg: int,
    giver: str,
    receiver: str,
    *,
    day: int = 2,
    sides: tuple[Side, ...] = SIDES,
) -> Draft[LotTransferred]:
    body = LotTransferred(
        lot=LotId(lot),
        mass_mg=mass_mg,
        sides=sides,
        giver=AgentId(giver),
        receiver=AgentId(receiver),
    )
    return Draft(body=body, occurred_at=noon(day), author=STEWARD, idempotency_key=key)


def material(name: str, *, key: str = "material", low_code: str | None = None) -> Draft[Any]:
    body = MaterialDeclared(
        material=MaterialId("organics"), name=name, group=GroupId("organics"), low_code=low_code
    )
    return Draft(body=body, occurred_at=noon(1), author=STEWARD, idempotency_key=key)


masses_mg = st.integers(0, 6)
days = st.integers(1, 6)
agents = st.sampled_from(AGENTS)
arrivals = st.builds(
    arrival, st.sampled_from(LOTS), masses_mg, day=days, owner=agents, holder=agents
)


@st.composite
def gifts(draw: st.DrawFn) -> Draft[LotTransferred]:
    giver, receiver = draw(
        st.tuples(agents, st.sampled_from((*AGENTS, SOIL))).filter(lambda pair: pair[0] != pair[1])
    )
    return gift(
        draw(st.sampled_from(("g1", "g2", "g3", "g4"))),
        draw(st.sampled_from((*LOTS, "unheard of"))),
        draw(st.integers(1, 6)),
        giver,
        receiver,
        day=draw(days),
        sides=draw(st.sampled_from((SIDES, SIDES, ("rights",), ("custody",)))),
    )


names = st.sampled_from(("Peel", "P\u00e4\u00e4l\n\u2028"))
drafts: st.SearchStrategy[Draft[Any]] = st.one_of(arrivals, gifts(), st.builds(material, names))
histories = st.lists(drafts, max_size=24)


@contextmanager
def sqlite_store() -> Iterator[SqliteStore]:
    """A journal file of its own, gone afterwards."""
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "journal.db")
        try:
            yield store
        finally:
            store.close()


@contextmanager
def postgres_store(server: Server) -> Iterator[PostgresStore]:
    """A journal of its own in a running server."""
    store = make_journal(server.address(), schema=f"test_{uuid4().hex}")
    try:
        yield store
    finally:
        store.close()


def journal_of(*offered: Draft[Any], store: Store | None = None) -> Journal:
    """A journal in which all of these are recorded."""
    journal = Journal(store or MemoryStore())
    journal.record(offered, recorded_at=LATER)
    return journal


def recorded(journal: Journal, *offered: Draft[Any], correct: bool = False) -> list[Entry[Any]]:
    """Append drafts, all of which must be recorded; their entries."""
    entries = []
    for outcome in journal.append(offered, recorded_at=LATER, correct=correct):
        assert isinstance(outcome, Recorded), outcome
        entries.append(outcome.entry)
    return entries


def balances(store: Store) -> dict[tuple[str, str], tuple[int, int]]:
    """Rights and custody [mg] by lot and agent, where there are any."""
    names = {number: agent for agent, number in store.agents().items()}
    made = {row.first * 1024: key for key, row in store.keys([*LOTS]).items()}
    return {
        (made[held.lot], names[held.account]): (held.rights_units, held.custody_units)
        for held in store.holdings(list(made))
    }
