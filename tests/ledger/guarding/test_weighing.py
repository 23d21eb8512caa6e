"""Pieces that are weighed: their known mass is conserved beside their number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.guarding.weighing import (
    PiecesMassExceeded,
    PiecesMassSenseless,
    PiecesWeighed,
    pieces_weighed,
)
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, journal_with, record, told
from tests.ledger.records import LATER, arrival

masses = st.one_of(st.none(), st.integers(1, 100))


def brought(mass_mg: int | None, key: str = "in") -> Draft[EventHappened]:
    beams = event("raise", "beams", "9 piece", made="wood", base_unit=PIECE, mass_mg=mass_mg)
    return told(beams, key)


def used(mass_mg: int | None) -> EventHappened:
    return event("consume", "beams", "1 piece", mass_mg=mass_mg)


def moved(mass_mg: int) -> EventHappened:
    return event(
        "move", "beams", "2 piece", to_lot="short", made="wood", base_unit=PIECE, mass_mg=mass_mg
    )


def known(journal: Journal, lot: str = "beams") -> PiecesWeighed | None:
    return pieces_weighed(LotId(lot), recall(journal.store))


def take_back(journal: Journal, entry: Entry[EventHappened]) -> None:
    record(journal, told(reverse(entry, reason="mistake"), "back"))


@given(first=masses, taken=st.lists(masses, max_size=8))
def test_no_more_mass_is_weighed_out_than_was_weighed_in(
    first: int | None, taken: list[int | None]
) -> None:
    journal = journal_with(brought(first))
    left_mg = first or 0
    for number, mass_mg in enumerate(taken):
        if mass_mg is not None and mass_mg > left_mg:
            with pytest.raises(PiecesMassExceeded, match=f"{mass_mg - left_mg} mg more"):
                record(journal, told(used(mass_mg), f"use {number}"))
            continue
        record(journal, told(used(mass_mg), f"use {number}"))
        left_mg -= mass_mg or 0

    found = known(journal)
    assert (0 if found is None else found.mass_mg) == left_mg
    assert verify(journal.store).problems == []


def test_mass_and_pieces_pass_into_another_lot_together() -> None:
    journal = journal_with(brought(90), told(moved(25), "short"))

    assert known(journal) == PiecesWeighed(units=7, mass_mg=65, weighed_units=7)
    assert known(journal, "short") == PiecesWeighed(units=2, mass_mg=25, weighed_units=2)


def test_what_was_not_weighed_is_not_known() -> None:
    assert known(journal_with(brought(None))) is None


def test_mass_that_came_out_again_is_neither_corrected_away_nor_taken_back() -> None:
    journal = journal_with(brought(90), told(event("raise", "beams", "9 piece"), "more"))
    made = journal.current(["in"])["in"]
    record(journal, told(used(60), "use"))

    (corrected,) = journal.append([brought(50)], recorded_at=LATER, correct=True)

    refusal = getattr(corrected, "refusal", None)
    assert isinstance(refusal, PiecesMassExceeded)
    assert refusal.beyond_mg == 10
    with pytest.raises(PiecesMassExceeded, match="60 mg more"):
        take_back(journal, made)


def test_a_use_that_is_taken_back_gives_its_mass_back() -> None:
    journal = journal_with(brought(90))
    (use,) = record(journal, told(used(60), "use"))
    take_back(journal, use)

    assert known(journal) == PiecesWeighed(units=9, mass_mg=90, weighed_units=9)


@pytest.mark.parametrize("mass_mg", [0, -1, 10**30])
def test_a_mass_that_cannot_be_is_refused(mass_mg: int) -> None:
    with pytest.raises(PiecesMassSenseless, match="out of range"):
        journal_with(brought(mass_mg))


def test_what_is_weighed_anyway_has_no_second_mass() -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(PiecesMassSenseless, match="weighed, and not counted"):
        record(journal, told(event("consume", "rags", "1 mg", mass_mg=1), "use"))
