"""No attack takes anything from the commons, and no covenant stands in the way of who belongs.

`docs/attacks.md` is the table of what came of each; `tools/attacks.py` tries many more.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import pytest

from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Store
from tests.laws.attacks.attacks import ATTACKS, Attack
from tests.laws.attacks.trying import many_times, try_attack, try_twin
from tests.ledger.records import postgres_store, sqlite_store

Opened = Callable[[], AbstractContextManager[Store]]
# How many sequences of each attack, and of each twin, on each store.
SEEDS = {"memory": 45, "sqlite": 5, "postgres": 1}
MORE = int(os.environ.get("BIOLOOM_ATTACKS", "1"))
by_name = pytest.mark.parametrize("attack", ATTACKS, ids=[one.name for one in ATTACKS])
on_each_store = pytest.mark.parametrize("store", SEEDS)


def opened(store: str, request: pytest.FixtureRequest) -> Opened:
    if store == "memory":
        return lambda: nullcontext(MemoryStore())
    if store == "sqlite":
        return sqlite_store
    return partial(postgres_store, request.getfixturevalue("postgres"))


def test_there_are_a_thousand_sequences() -> None:
    assert len(ATTACKS) * sum(SEEDS.values()) >= 1000


@by_name
@on_each_store
def test_no_attack_takes_anything(
    attack: Attack, store: str, request: pytest.FixtureRequest
) -> None:
    seeds = range(SEEDS[store] * MORE)
    came = many_times(try_attack, attack, opened(store, request), seeds=seeds)

    assert came == {"refused"}


@by_name
@on_each_store
def test_what_is_alike_and_legitimate_can_be_done(
    attack: Attack, store: str, request: pytest.FixtureRequest
) -> None:
    seeds = range(SEEDS[store] * MORE)
    came = many_times(try_twin, attack, opened(store, request), seeds=seeds)

    assert came == {"passes"}
