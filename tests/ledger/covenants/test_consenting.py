"""Nobody is bound without their own word, and whoever gave it is bound from then on."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bioloom.ledger.covenants.standing import covenants_of
from bioloom.ledger.record.outcomes import Recorded
from bioloom.ledger.record.rebuilding import rebuild
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Store
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.people import MembershipEnded, RoleGranted
from bioloom.vocabulary.entries.registry import read_entry
from tests.ledger.covenants.commons import (
    RIVER,
    Town,
    accepting,
    draft,
    enacting,
    giving,
    joining,
    load,
)
from tests.ledger.records import postgres_store
from tests.postgres_server import Server

STORES = ("memory", "sqlite", "postgres")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres")
        with postgres_store(server) as made:
            yield made
        return
    if request.param == "memory":
        yield MemoryStore()
        return
    file = SqliteStore(tmp_path / "journal.db")
    yield file
    file.close()


def members(town: Town) -> set[str]:
    return set(covenants_of(town.journal.store).by_number[1].members)


def bound(town: Town) -> int:
    return town.journal.store.bindings.count_bound()


def test_who_was_put_there_without_a_word_keeps_what_is_theirs(store: Store) -> None:
    town = Town(store)
    town.do(load("coat", owner="newt", on=1), joining("newt", "river", on=1, by="steward"))
    town.do(enacting(cooling_off_days=0), load("hat", owner="newt"), load("beam"))
    town.today = 40

    assert "newt" not in members(town)
    assert bound(town) == 1
    town.do(giving("coat", 1000, "newt", "acme", on=40), giving("hat", 5, "newt", "acme", on=40))
    assert town.refusal(giving("beam", 1, "river", "newt", on=40)).reason == "rights_leave"
    gone = MembershipEnded(member=AgentId("newt"), group=RIVER)
    town.do(draft(gone, "newt goes", on=40, author="newt"))
    assert verify(store).problems == []


def test_a_word_counts_from_its_recording_and_after_the_cooling_off(store: Store) -> None:
    town = Town(store)
    town.do(joining("newt", "river", on=1, by="steward"), enacting(), load("beam"))
    town.today = 6
    town.do(accepting("newt", "river", on=1))  # Dated back, which makes it no older.

    assert town.refusal(giving("beam", 1, "river", "newt", on=6)).reason == "rights_leave"
    town.today = 21
    town.do(giving("beam", 1, "river", "newt", on=21), load("hat", owner="newt", on=21))

    assert town.refusal(giving("hat", 1, "newt", "acme", on=21)).reason == "rights_leave"
    assert verify(store).problems == []


def test_a_word_given_before_the_covenant_counts_at_once(store: Store) -> None:
    town = Town(store)
    town.do(joining("newt", "river", on=1, by="steward"), accepting("newt", "river", on=1))
    town.do(load("coat", owner="newt", on=1), enacting())
    town.today = 4

    assert "newt" in members(town)
    assert town.refusal(giving("coat", 1, "newt", "acme")).reason == "rights_leave"


@pytest.mark.parametrize("by", ["steward", "river", "ana", "acme"])
def test_nobody_gives_another_s_word(by: str) -> None:
    town = Town()
    town.do(joining("newt", "river", on=1, by="steward"), accepting("newt", "river", by=by))
    town.do(load("coat", owner="newt", on=1), enacting())
    town.today = 4

    assert "newt" not in members(town)
    town.do(giving("coat", 1, "newt", "acme"))


def test_a_group_gives_its_word_by_its_own_steward() -> None:
    town = Town()
    milo = RoleGranted(agent=AgentId("milo"), role="steward", scope=AgentId("acme"))
    town.do(joining("acme", "river", by="steward"), draft(milo, "milo", author="steward"))
    town.do(enacting(cooling_off_days=0))
    assert "acme" not in members(town)

    town.do(accepting("acme", "river", on=2, by="milo"))

    assert "acme" in members(town)


def test_below_a_group_without_a_word_nobody_is_bound() -> None:
    town = Town()
    town.do(joining("acme", "river", by="steward"), joining("newt", "acme"))
    town.do(load("coat", owner="newt", on=1), enacting())
    town.today = 4

    assert members(town).isdisjoint({"acme", "newt"})
    town.do(giving("coat", 1, "newt", "hauler"))


def test_a_word_is_for_one_membership_and_not_for_the_next() -> None:
    town = Town()
    gone = MembershipEnded(member=AgentId("newt"), group=RIVER)
    town.do(joining("newt", "river"), draft(gone, "newt goes", author="newt"))
    town.today = 3
    town.do(joining("newt", "river", on=3, by="steward"), enacting())

    assert "newt" not in members(town)


def test_a_word_for_no_membership_is_none_for_a_later_one() -> None:
    town = Town()
    town.do(accepting("newt", "river"))
    town.today = 3
    town.do(joining("newt", "river", on=3, by="steward"), enacting())

    assert "newt" not in members(town)


def test_who_owns_bound_lots_does_not_leave_by_a_word_corrected_away() -> None:
    town = Town()
    town.do(joining("newt", "river", by="steward"), accepting("newt", "river"))
    town.do(enacting(), load("coat", owner="newt", on=2))

    other = msgspec.structs.replace(
        accepting("milo", "mill"), idempotency_key="accepted:newt:river:1"
    )
    assert town.refusal(other, correct=True).reason == "leaves_owning"


def test_a_date_put_right_leaves_a_word_as_it_was() -> None:
    town = Town()
    joined = joining("newt", "river", by="steward")
    town.do(joined, accepting("newt", "river"), enacting())

    (outcome,) = town.offer(
        msgspec.structs.replace(joined, occurred_at=joined.occurred_at.replace("T12", "T11")),
        correct=True,
    )

    assert isinstance(outcome, Recorded)
    assert "newt" in members(town)


def test_a_membership_of_the_first_version_needs_no_word() -> None:
    town = Town()
    town.do(joining("newt", "river", by="steward"))
    text = town.journal.store.rows_at([town.journal.head().seq])[town.journal.head().seq].text

    assert read_entry(text, "MembershipBegan").body.needs_word
    older = text.replace(b'"version":2', b'"version":1')
    assert not read_entry(older, "MembershipBegan").body.needs_word


def test_memberships_from_before_words_were_asked_for_count_as_they_did(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = SqliteStore(path)
    town = Town(store)
    old = joining("newt", "river", by="steward")
    town.do(
        msgspec.structs.replace(old, body=msgspec.structs.replace(old.body, needs_word=False)),
        enacting(cooling_off_days=0),
        load("beam"),
    )
    town.today = 4
    town.do(giving("beam", 5, "river", "newt"))
    store.close()

    rebuild(path, mend=True)

    again = SqliteStore(path)
    assert verify(again).problems == []
    again.close()
