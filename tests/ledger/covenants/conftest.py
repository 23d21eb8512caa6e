"""A town for every test: in memory, in a file, and in a database."""

from collections.abc import Iterator

import pytest

from bioloom.ledger.stores.memory import MemoryStore
from tests.ledger.covenants.commons import Town
from tests.ledger.records import postgres_store, sqlite_store


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    if request.param == "memory":
        yield Town(MemoryStore())
    elif request.param == "sqlite":
        with sqlite_store() as store:
            yield Town(store)
    else:
        with postgres_store(request.getfixturevalue("postgres")) as store:
            yield Town(store)
