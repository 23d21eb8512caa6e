"""What follows from entries about covenants is the same however they are gone through again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.ledger.record import rebuilding, verifying
from bioloom.ledger.record.rebuilding import rebuild
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Store
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.people import MembershipEnded
from tests.ledger.covenants.commons import Town, draft, enacting, giving, joining, load

# Entries that are gone through together: so few that lots are met again in a later piece.
FEW = 7


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = (
        MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "journal.db")
    )
    yield made
    made.close()


def lived(store: Store) -> Town:
    """A town in which a lot moves before its covenant is enacted, and somebody comes and goes."""
    town = Town(store)
    town.do(load("logs", on=1), load("planks", on=1), load("rags", on=1))
    town.do(
        giving("logs", 1000, "river", "acme", on=2), giving("planks", 400, "river", "mill", on=2)
    )
    town.today = 3
    town.do(enacting(), joining("bo", "river", on=3))
    left = MembershipEnded(member=AgentId("acme"), group=AgentId("river"))
    town.do(joining("acme", "river", on=3), draft(left, "left:acme", on=3))
    town.today = 4
    town.do(giving("rags", 10, "river", "ana"))
    return town


def test_who_joins_and_leaves_in_one_breath_does_not_belong(store: Store) -> None:
    town = lived(store)
    acme = store.agents()[AgentId("acme")]
    content = store.bindings.content()

    assert [row.account for row in content.left] == [acme]
    town.today = 40
    assert town.refusal(giving("rags", 10, "river", "acme", on=40)).reason == "rights_leave"
    assert verify(store).problems == []


def test_a_lot_that_moved_before_its_covenant_is_bound_alike_when_it_is_verified(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "_TOGETHER", FEW)
    lived(store)

    assert verify(store).problems == []


def test_a_journal_made_anew_has_the_same_bound_lots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_TOGETHER", FEW)
    path = tmp_path / "journal.db"
    before = SqliteStore(path)
    lived(before)
    content, bound = before.bindings.content(), before.bindings.count_bound()
    before.close()

    rebuild(path, mend=True)

    after = SqliteStore(path)
    assert (after.bindings.content(), after.bindings.count_bound()) == (content, bound)
    assert verify(after).problems == []
    after.close()
