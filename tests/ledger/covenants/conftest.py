"""A town for every test, once in memory and once in a file."""

from collections.abc import Iterator

import pytest

from bioloom.ledger.stores.memory import MemoryStore
from tests.ledger.covenants.commons import Town
from tests.ledger.records import sqlite_store


@pytest.fixture(params=["memory", "sqlite"])
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    if request.param == "memory":
        yield Town(MemoryStore())
    else:
        with sqlite_store() as store:
            yield Town(store)
