"""Databases: a city's journal on a PostgreSQL server, whose driver is an extra."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bioloom.ledger.record.rebuilding import Rebuilt, RebuiltWrong, fill, make_anew
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.protocol import EntryRow, Store
from bioloom.vocabulary.refusal import Refusal


class DriverNotInstalled(Refusal):
    """A journal in a database was asked for, without the library that speaks with it."""

    def __init__(self) -> None:
        super().__init__(
            what="A journal in PostgreSQL needs the library psycopg, which is not installed.",
            why="It is left out of a plain installation, in which a journal is a file.",
            remedy="Run `pip install bioloom[postgresql]`.",
        )


def open_in_database(address: str) -> Store:
    """Open a journal that is in a database.

    Raises:
        DriverNotInstalled: If psycopg is missing.
        Refusal: See `PostgresStore`.
    """
    with _driver():
        from bioloom.ledger.stores.postgres.store import PostgresStore  # noqa: PLC0415
    return PostgresStore(address)


def make_in_database(address: str, *, owner: str | None) -> None:
    """Make an empty journal in a database.

    Args:
        address: By which it will be read and written.
        owner: The same database by the role that is to own the journal, if that is another.

    Raises:
        DriverNotInstalled: If psycopg is missing.
        Refusal: See `make_journal`.
    """
    with _driver():
        from bioloom.ledger.stores.postgres.making import make_journal  # noqa: PLC0415
    make_journal(address, owner=owner).close()


def rebuild_in_database(
    address: str, *, owner: str | None, told: Callable[[int], None] = lambda _: None
) -> Rebuilt:
    """Make a journal in a database anew from its entries; the old one is kept beside it.

    Who reads goes on; who writes waits, and after a minute is refused.

    Args:
        address: By which it is read and written.
        owner: The same database by the role that owns the journal, if that is another.
        told: Called now and then with the number of entries done.

    Raises:
        DriverNotInstalled: If psycopg is missing.
        Refusal: See `anew_beside` and `make_anew`.
    """
    with _driver():
        from bioloom.ledger.stores.postgres.making import anew_beside  # noqa: PLC0415
    with anew_beside(address, owner=owner, is_there=True) as beside:
        return make_anew(beside, mend=True, told=told)


def move_into_database(
    rows: Iterator[EntryRow],
    address: str,
    *,
    owner: str | None,
    told: Callable[[int], None] = lambda _: None,
) -> None:
    """Put a record into a database that has none: verified, and whole or not at all.

    Args:
        rows: Its entries, from the first.
        address: By which it will be read and written.
        owner: The same database by the role that is to own the journal, if that is another.
        told: Called now and then with the number of entries done.

    Raises:
        DriverNotInstalled: If psycopg is missing.
        JournalThere: If there is a journal already.
        RebuiltWrong: If the record in the database does not hold.
        Refusal: See `anew_beside` and `fill`.
    """
    with _driver():
        from bioloom.ledger.stores.postgres.making import anew_beside  # noqa: PLC0415
    with anew_beside(address, owner=owner, is_there=False) as beside:
        fill(beside.made, rows, told)
        verdict = verify(beside.made)
        if not verdict.holds:
            raise RebuiltWrong(first=verdict.problems[0].what)
        beside.replace()


@contextmanager
def _driver() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as missing:
        raise DriverNotInstalled from missing
