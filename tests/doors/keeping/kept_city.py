"""A small city with everything a city's folder may have, for tests of keeping it."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from bioloom.doors.compose import City, found_city, now
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId


def a_load(name: str, mass_mg: int = 7_000_000) -> Draft[LotArrived]:
    """A load of peel that arrives in the north."""
    day = date(2025, 3, 1)
    body = LotArrived(
        lot=LotId(name),
        material=MaterialId("organics"),
        place=DistrictId("north"),
        owner=AgentId("commons:north"),
        holder=AgentId("commons:north"),
        mass_mg=mass_mg,
        reported=str(mass_mg),
        unit="mg",
        stamp="measured",
        first_day=day,
        last_day=day,
    )
    at = Instant("2025-03-01T12:00:00.000Z")
    return Draft(body=body, occurred_at=at, author=AgentId("steward"), idempotency_key=name)


def a_city(folder: Path, *, loads: int = 20) -> Path:
    """A city with some loads, a register, a key, a mapping, rejects and a snapshot."""
    with found_city(folder, token="kept") as city:
        take(city, [a_load(f"load {number}") for number in range(loads)])
    for name in ("keys", "rejects", "snapshots", "mappings"):
        (folder / name).mkdir()
    (folder / "keys" / "heads.pem").write_text("a private key")
    (folder / "rejects" / "tons.csv").write_text("month,ward\n")
    (folder / "mappings" / "tons.toml").write_text('kind = "tons"\n')
    (folder / "snapshots" / "totals").write_bytes(b"made again")
    with closing(sqlite3.connect(folder / "register.db", isolation_level=None)) as register:
        register.execute("PRAGMA journal_mode = WAL")
        register.execute("CREATE TABLE people (name TEXT)")
        register.execute("INSERT INTO people VALUES ('Asha Verid')")
    return folder


def take(city: City, drafts: list[Draft[Any]]) -> None:
    city.journal.record(drafts, recorded_at=now())


def people_in(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "register.db")) as register:
        return [name for (name,) in register.execute("SELECT name FROM people")]
