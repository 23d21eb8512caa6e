"""Trying an attack, or its twin, on a store, and saying in a word what came of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random
from typing import Literal

from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.protocol import Store
from tests.laws.attacks.attacks import Attack
from tests.laws.attacks.raid import ENOUGH, Raid, loot, vanished_mg

# Of a million milligrams in each of three lots a covenant lets two in a hundred be lost; a fourth
# lot may have come to the commons meanwhile.
_MOST_LOST_MG = 4 * ENOUGH * 20 // 1000
Came = Literal["refused", "found", "passes"]


def try_attack(attack: Attack, store: Store, *, seed: int) -> Came:
    """Try an attack; nothing may be taken, and something must be refused."""
    raid = Raid(store, Random(seed))
    attack.attack(raid)
    assert loot(raid.journal) == {}, f"something was taken with seed {seed}"
    assert vanished_mg(raid.journal) <= _MOST_LOST_MG, f"too much was lost with seed {seed}"
    assert verify(store).problems == []
    assert raid.refusals, f"nothing was refused with seed {seed}"
    return "refused"


def try_twin(attack: Attack, store: Store, *, seed: int) -> Came:
    """Try an attack's legitimate twin, all of which must be recorded."""
    raid = Raid(store, Random(seed))
    attack.twin(raid)
    assert not raid.refusals, f"a twin was refused with seed {seed}"
    assert loot(raid.journal) == {}
    assert verify(store).problems == []
    return "passes"


def many_times(
    attempt: Callable[..., Came],
    attack: Attack,
    opened: Callable[[], AbstractContextManager[Store]],
    *,
    seeds: range,
) -> set[Came]:
    """Try the same with several seeds, each on a store of its own; what came of it."""
    came: set[Came] = set()
    for seed in seeds:
        with opened() as store:
            came.add(attempt(attack, store, seed=seed))
    return came
