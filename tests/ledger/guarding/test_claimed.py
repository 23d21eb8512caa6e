"""Claims on a heap: never more than the heap, whatever becomes of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bioloom.ledger.events.promising import claimed_units
from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.guarding.claimed import (
    LotClaimed,
    SharesOtherwise,
    abatements,
    in_proportion,
)
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import Abatement, ClaimId, EventHappened
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, journal_with, record, told
from tests.ledger.events.test_promising import claim
from tests.ledger.records import LATER, arrival, recorded

RAGS = LotId("rags")


def claimed(units: int, name: str) -> Draft[Any]:
    return told(claim(f"{units} mg", name=name, lot="rags"), name)


@pytest.fixture
def heap() -> Journal:
    """Ten milligrams, of which two agents may have six and three."""
    return journal_with(arrival("rags", 10), claimed(6, "six"), claimed(3, "three"))


def taken(units: int, key: str = "take", *settles: str) -> Draft[Any]:
    body = event("consume", "rags", f"{units} mg", settles=tuple(map(ClaimId, settles)))
    return told(body, key)


def lost(journal: Journal, units: int) -> EventHappened:
    """A recount that is borne in proportion."""
    shares = abatements(RAGS, units, recall(journal.store))
    return event("lower", "rags", f"{units} mg", abates=shares)


def test_the_owner_uses_what_nobody_has_claims_on_and_no_more(heap: Journal) -> None:
    with pytest.raises(LotClaimed, match=r"1 mg of lot 'rags' are claimed: six, three"):
        record(heap, taken(2))
    record(heap, taken(1))

    assert claimed_units(RAGS, recall(heap.store)) == 9


def test_who_settles_a_claim_takes_their_share_and_the_rest_stays_covered(heap: Journal) -> None:
    record(heap, taken(6, "share", "six"))

    with pytest.raises(LotClaimed, match="three"):
        record(heap, taken(2))
    assert claimed_units(RAGS, recall(heap.store)) == 3


def test_neither_a_correction_nor_a_reversal_takes_a_claimed_heap_away(heap: Journal) -> None:
    (arrived,) = [entry for entry in heap.read() if entry.kind == "LotArrived"]

    (corrected,) = heap.append([arrival("rags", 8)], recorded_at=LATER, correct=True)
    (taken_back,) = heap.append(
        [told(reverse(arrived, reason="mistake"), "undo")], recorded_at=LATER
    )

    assert isinstance(getattr(corrected, "refusal", None), LotClaimed)
    assert isinstance(getattr(taken_back, "refusal", None), LotClaimed)


def test_a_claim_that_is_open_again_must_be_covered_still(heap: Journal) -> None:
    """Paid for with something else, then the freed part is claimed, then the payment taken back."""
    (paid,) = record(
        heap, told(event("transfer", None, "6 mg", to="ben", settles=(ClaimId("six"),)), "pay")
    )
    record(heap, claimed(7, "seven"))

    with pytest.raises(LotClaimed, match="rags"):
        record(heap, told(reverse(paid, reason="returned"), "undo"))


def test_what_is_lost_of_a_heap_is_borne_in_proportion(heap: Journal) -> None:
    with pytest.raises(LotClaimed, match="lowered"):
        record(heap, told(event("lower", "rags", "7 mg"), "fire"))
    body = lost(heap, 7)

    record(heap, told(body, "fire"))

    assert body.abates == (
        Abatement(claim=ClaimId("six"), units=4),
        Abatement(claim=ClaimId("three"), units=2),
    )
    assert claimed_units(RAGS, recall(heap.store)) == 3


def test_nobody_shifts_a_loss_onto_another(heap: Journal) -> None:
    onto_three = (
        Abatement(claim=ClaimId("six"), units=3),
        Abatement(claim=ClaimId("three"), units=3),
    )

    with pytest.raises(SharesOtherwise, match="six 4, three 2"):
        record(heap, told(event("lower", "rags", "7 mg", abates=onto_three), "fire"))
    with pytest.raises(SharesOtherwise, match="only what is lowered"):
        record(heap, told(event("consume", "rags", "7 mg", abates=onto_three), "eat"))


def test_a_loss_taken_back_gives_every_claim_its_part_again(heap: Journal) -> None:
    (fire,) = record(heap, told(lost(heap, 7), "fire"))
    assert isinstance(fire.body, EventHappened)
    less = structs.replace(fire.body, quantity=Amount(units=1, reported="1", unit="mg"))
    (corrected,) = heap.append([told(less, "fire")], recorded_at=LATER, correct=True)
    assert isinstance(getattr(corrected, "refusal", None), SharesOtherwise)

    recorded(heap, told(reverse(fire, reason="mistake"), "found"))

    assert claimed_units(RAGS, recall(heap.store)) == 9


@given(units=st.integers(0, 1000), weights=st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_a_division_gives_out_all_of_it_and_nobody_is_a_unit_away_from_their_part(
    units: int, weights: list[int]
) -> None:
    by_name = {ClaimId(str(number)): weight for number, weight in enumerate(weights)}

    shares = in_proportion(units, by_name)

    assert sum(shares.values()) == units
    whole = sum(weights)
    assert all(abs(shares[name] * whole - units * by_name[name]) < whole for name in shares)


acts = st.tuples(
    st.sampled_from(("claim", "take", "settle", "lose", "raise", "undo")), st.integers(1, 6)
)


@given(done=st.lists(acts, max_size=14))
def test_whatever_is_done_with_a_heap_its_claims_are_covered(done: list[tuple[str, int]]) -> None:
    journal = Journal(MemoryStore())
    journal.record([arrival("rags", 10)], recorded_at=LATER)
    names: list[str] = []
    for number, (act, units) in enumerate(done):
        key = f"act {number}"
        match act:
            case "claim":
                draft = claimed(units, key)
                names.append(key)
            case "settle":
                draft = taken(units, key, *names[:1])
            case "lose":
                draft = told(lost(journal, units), key)
            case "undo":
                entry = journal.at([units])[units] if units <= journal.head().seq else None
                if entry is None or not isinstance(entry.body, EventHappened):
                    continue
                draft = told(reverse(entry, reason="other"), key)
            case "take":
                draft = taken(units, key)
            case "raise":
                draft = told(event("raise", "rags", f"{units} mg"), key)
        journal.append([draft], recorded_at=LATER)
        facts = recall(journal.store)
        assert claimed_units(RAGS, facts) <= sum(facts.owner_units(RAGS).values())
