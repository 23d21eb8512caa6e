"""What somebody tries who has the journal's file, and SQL."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import NamedTuple

import psycopg

from bioloom.ledger.stores.protocol import Store
from tests.laws.attacks.raid import Raid

# Words that PostgreSQL does not know, or knows otherwise.
_NOT_THERE = ("OR REPLACE", "PRAGMA", "DROP TRIGGER", "DROP TABLE")
_LEG = "INSERT INTO legs VALUES ({beam}, {next}, 0, {river}, {acme}, {rights}, {custody}, {now})"


class BySql(NamedTuple):
    """An attack by its name, and its statements; `{beam}` and the like are numbers of the file."""

    name: str
    statements: tuple[str, ...]


ATTACKS = (
    BySql("insert a leg of rights to an outsider", (_LEG.replace("{custody}", "0"),)),
    BySql("insert a leg of rights and custody to an outsider", (_LEG,)),
    BySql("insert a leg to outside the city", (_LEG.replace("{acme}", "1"),)),
    BySql(
        "insert legs by way of inside into a lot of their own",
        (
            _LEG.replace("{acme}", "6"),
            "INSERT INTO legs VALUES ({next} * 1024, {next}, 1, 6, {acme}, 5, 5, {now})",
        ),
    ),
    BySql("insert or replace a leg", ("INSERT OR REPLACE INTO legs {a_leg_to_acme}",)),
    BySql("update a leg", ("UPDATE legs SET receiver = {acme} WHERE receiver = {river}",)),
    BySql("delete a leg", ("DELETE FROM legs WHERE receiver = {river}",)),
    BySql("update an entry", ("UPDATE entries SET text = x'7b7d' WHERE seq = {last}",)),
    BySql("delete an entry", ("DELETE FROM entries WHERE seq = {last}",)),
    BySql(
        "replace an entry",
        ("INSERT OR REPLACE INTO entries SELECT seq, kind, x'7b7d', hash FROM entries LIMIT 1",),
    ),
    BySql("update a balance", ("UPDATE holdings SET account = {acme} WHERE account = {river}",)),
    BySql("insert a balance", ("INSERT INTO holdings VALUES ({beam}, {acme}, 500, 500)",)),
    BySql("delete a balance", ("DELETE FROM holdings WHERE account = {river}",)),
    BySql("unbind a lot", ("DELETE FROM bound WHERE lot = {beam}",)),
    BySql("bind a lot to something else", ("UPDATE bound SET covenant = 99",)),
    BySql(
        "replace what binds a lot",
        ("INSERT OR REPLACE INTO bound SELECT lot, covenant, 'piece', 1, 1, 0 FROM bound",),
    ),
    BySql(
        "make an outsider a member",
        ("INSERT INTO covenant_members VALUES (1, {acme}, {last}, 0, NULL)", _LEG),
    ),
    BySql(
        "make an outsider the member that somebody is",
        ("UPDATE covenant_members SET account = {acme} WHERE account = {river}",),
    ),
    BySql("throw a member out", ("UPDATE covenant_members SET until_seq = {last}",)),
    BySql("delete the members", ("DELETE FROM covenant_members",)),
    BySql("end a covenant", ("UPDATE covenants SET ended_seq = {last}", _LEG)),
    BySql("delete a covenant", ("DELETE FROM covenants",)),
    BySql("let a covenant expire", ("UPDATE covenants SET until_ms = 0",)),
    BySql("allow any shrinkage", ("UPDATE covenant_balances SET per_mille = 1000",)),
    BySql("let more have come in", ("UPDATE covenant_balances SET in_units = in_units * 100",)),
    BySql(
        "swap two agents' names",
        (
            "UPDATE agents SET id = 'nobody' WHERE number = {acme}",
            "UPDATE agents SET id = 'acme' WHERE number = {river}",
            "UPDATE agents SET id = 'river' WHERE id = 'nobody'",
        ),
    ),
    BySql("take a lot's key", ("UPDATE keys SET first = 1 WHERE key = 'beam0'",)),
    BySql("forget that a refusal was recorded", ("DELETE FROM keys WHERE key LIKE 'refused:%'",)),
    BySql("forget what an entry is about", ("DELETE FROM mentions",)),
    BySql("drop a trigger", ("DROP TRIGGER bound_rights_stay",)),
    BySql("drop a trigger, then take", ("DROP TRIGGER bound_rights_stay", _LEG)),
    BySql(
        "put an idle trigger in a trigger's place",
        (
            "DROP TRIGGER bound_rights_stay",
            "CREATE TRIGGER bound_rights_stay BEFORE INSERT ON legs BEGIN SELECT 1; END",
        ),
    ),
    BySql(
        "rewrite the schema in place",
        (
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = replace(sql, 'RAISE(ABORT, ', '(') "
            "WHERE name = 'entries_are_never_changed'",
        ),
    ),
    BySql("drop a table", ("DROP TABLE bound",)),
)


# What only PostgreSQL has: ways past its triggers.
IN_POSTGRES = (
    BySql("switch the triggers off, then take", ("ALTER TABLE legs DISABLE TRIGGER ALL", _LEG)),
    BySql("pass for a replica, then take", ("SET session_replication_role = replica", _LEG)),
    BySql("empty a table", ("TRUNCATE bound",)),
    BySql(
        "drop a trigger, then take",
        ("DROP TRIGGER bound_lots_stay ON legs", _LEG),
    ),
    *(
        one
        for one in ATTACKS
        if not any(word in statement for statement in one.statements for word in _NOT_THERE)
    ),
)


def write(store: Store) -> None:
    """Write a journal in which somebody was refused already."""
    raid = Raid(store, Random(1))
    raid.tries(raid.gives("beam0", 5, "river", "acme"))
    raid.does(raid.gives("beam1", 5, "river", "ana"))


def run_in_a_file(path: Path, attack: BySql) -> bool:
    """Run an attack on a file; whether the file let it."""
    with closing(sqlite3.connect(path)) as raw:
        numbers = numbers_in(lambda query: raw.execute(query).fetchone())
        try:
            for statement in attack.statements:
                raw.execute(statement.format_map(numbers))
        except sqlite3.IntegrityError:
            return False
        raw.commit()
    return True


def run_in_a_database(address: str, schema: str, attack: BySql) -> bool:
    """Run an attack on a journal in PostgreSQL, with every right there is; whether it was let."""
    with psycopg.connect(address, options=f"-c search_path={schema}") as raw:
        numbers = numbers_in(lambda query: raw.execute(query.encode()).fetchone() or ())
        try:
            for statement in attack.statements:
                told = statement.replace("x'7b7d'", r"'\x7b7d'").format_map(numbers)
                raw.execute(told.encode())
        except (psycopg.errors.RaiseException, psycopg.IntegrityError):
            raw.rollback()
            return False
    return True


def numbers_in(ask: Callable[[str], Sequence[object]]) -> dict[str, object]:
    """The numbers that statements name, from the file itself.

    Args:
        ask: The one row that a query answers.
    """
    river, acme = (ask(f"SELECT number FROM agents WHERE id = '{name}'")[0] for name in _NAMES)
    (first,) = ask("SELECT first FROM keys WHERE key = 'beam0'")
    last, now = ask("SELECT max(seq), (SELECT max(occurred_ms) FROM legs) FROM entries")
    assert isinstance(first, int)
    assert isinstance(last, int)
    leg = ask(f"SELECT * FROM legs WHERE lot = {first * 1024}")
    to_acme = ", ".join(str(acme if at == 4 else value) for at, value in enumerate(leg))
    return {
        "river": river,
        "acme": acme,
        "beam": first * 1024,
        "last": last,
        "next": last + 1,
        "now": now,
        "rights": 5,
        "custody": 5,
        "a_leg_to_acme": f"VALUES ({to_acme})",
    }


_NAMES = ("river", "acme")
