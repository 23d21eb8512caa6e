"""Sealing: drafts that belong together leave nothing behind when one of them is turned away."""

from collections.abc import Sequence
from typing import Any

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Same
from bioloom.ledger.record.sealing import Sealing
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.protocol import Store
from bioloom.vocabulary.entries.envelope import Draft
from tests.ledger.records import LATER, arrival, gift, material, sqlite_store


def together(store: Store, *offers: Sequence[Draft[Any]]) -> list[list[str]]:
    """What became of some drafts of several writers, in one transaction."""
    with store.writing():
        sealing = Sealing(store, recorded_at=LATER, correct=False)
        return [
            [type(outcome).__name__ for outcome in sealing.take_whole(offer)] for offer in offers
        ]


def test_what_is_turned_away_leaves_no_trace_for_those_who_come_after() -> None:
    with sqlite_store() as store:
        outcomes = together(
            store,
            [arrival("peel", 5), gift("g", "peel", 9, "ana", "ben")],
            [arrival("peel", 7)],
            [gift("g", "peel", 7, "ana", "cem"), gift("h", "peel", 1, "cem", "ben")],
        )

        assert outcomes == [["Recorded", "Refused"], ["Recorded"], ["Recorded", "Recorded"]]
        assert verify(store).problems == []
        assert [entry.idempotency_key for entry in Journal(store).read()] == ["peel", "g", "h"]


def test_ids_carry_the_city_of_the_first_entry_that_was_recorded() -> None:
    with sqlite_store() as store, sqlite_store() as plain:
        together(store, [material("Peel", key="x"), gift("g", "none", 1, "ana", "ben")])
        together(store, [material("Peel", key="city:one")])
        together(plain, [material("Peel", key="city:one")])

        assert Journal(store).at([1])[1].id == Journal(plain).at([1])[1].id


def test_what_the_record_had_is_told_with_its_hash() -> None:
    with sqlite_store() as store:
        journal = Journal(store)
        journal.record([material("Peel")], recorded_at=LATER)

        (outcome,) = journal.append([material("Peel")], recorded_at=LATER)

        assert isinstance(outcome, Same)
        assert outcome.current.hash == journal.head().hash
