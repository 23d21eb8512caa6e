"""The laws of the material ledger, for records made by chance."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from bioloom.ledger import inventory
from bioloom.ledger.holdings import Overdraft, first_overdraft
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Refused
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.agents import BOUNDARY
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.periods import Period, epoch_ms
from tests.ledger.expectation import Expected
from tests.ledger.records import (
    AGENTS,
    LATER,
    LOTS,
    arrival,
    balances,
    days,
    drafts,
    gift,
    histories,
    journal_of,
    noon,
    recorded,
)

JANUARY = Period(first=date(2024, 1, 1), last=date(2024, 1, 31))
UTC = ZoneInfo("UTC")
corrections = st.lists(st.tuples(drafts, st.booleans()), max_size=24)


def journal_after(history: Sequence[tuple[Draft[Any], bool]]) -> Journal:
    """A journal to which all of these were offered, one by one, some as corrections."""
    journal = Journal(MemoryStore())
    for draft, correct in history:
        journal.append([draft], recorded_at=LATER, correct=correct)
    return journal


def what_the_city_sees(journal: Journal) -> dict[str, object]:
    """All that is told of lots, save for the entries' numbers."""
    rows = sorted(inventory.lots(journal), key=lambda row: row.lot)
    offered = inventory.supply_lots(journal, JANUARY, UTC)
    return {
        "lots": [msgspec.structs.replace(row, made_by=0, said_by=0) for row in rows],
        "balances": balances(journal.store),
        "offered": {node: sorted(lots, key=lambda lot: lot.lot) for node, lots in offered.items()},
        "backlog": inventory.offered_mg(
            journal, Period(first=date(2024, 1, 4), last=date(2024, 1, 31)), UTC, backlog=True
        ),
        "months": inventory.months(journal, UTC),
    }


# Conservation


@given(history=corrections)
def test_what_is_held_came_from_outside_and_did_not_leave(
    history: list[tuple[Draft[Any], bool]],
) -> None:
    store = journal_after(history).store

    for side in ("rights_units", "custody_units"):
        crossed: Counter[int] = Counter()
        for leg in store.all_legs():
            mass_mg = getattr(leg, side)
            crossed[leg.lot] += mass_mg * ((leg.giver <= 5) - (leg.receiver <= 5))
        held: Counter[int] = Counter()
        for holding in store.holdings(list(crossed)):
            held[holding.lot] += getattr(holding, side)
        assert +crossed == +held


@given(history=corrections)
def test_no_leg_makes_or_loses_mass(history: list[tuple[Draft[Any], bool]]) -> None:
    for leg in journal_after(history).store.all_legs():
        assert leg.giver != leg.receiver
        assert (
            min(leg.rights_units, leg.custody_units) >= 0 < max(leg.rights_units, leg.custody_units)
        )


# Order


@given(data=st.data())
def test_independent_entries_may_come_in_any_order(data: st.DataObject) -> None:
    offered = [
        arrival(lot, data.draw(st.integers(3, 9)), day=data.draw(days), owner=owner)
        for lot, owner in zip(LOTS, AGENTS, strict=True)
    ]
    gifts = [
        gift(f"g{at}", lot, 1, owner, "dot", day=7)
        for at, (lot, owner) in enumerate(zip(LOTS, AGENTS, strict=True))
    ]
    in_order = journal_of(*offered, *gifts)

    shuffled = journal_of(*data.draw(st.permutations(offered)), *data.draw(st.permutations(gifts)))

    assert what_the_city_sees(shuffled) == what_the_city_sees(in_order)


# Idempotence


@given(history=histories, again=st.data())
def test_what_is_told_twice_is_recorded_once(
    history: list[Draft[Any]], again: st.DataObject
) -> None:
    journal = Journal(MemoryStore())
    told = {
        draft.idempotency_key: draft
        for draft, outcome in zip(history, journal.append(history, recorded_at=LATER), strict=True)
        if type(outcome).__name__ == "Recorded"
    }
    head, before = journal.head(), what_the_city_sees(journal)

    repeated = again.draw(st.lists(st.sampled_from(list(told.values())))) if told else []
    outcomes = journal.append(repeated, recorded_at=LATER, correct=again.draw(st.booleans()))

    assert [type(outcome).__name__ for outcome in outcomes] == ["Same" for _ in repeated]
    assert (journal.head(), what_the_city_sees(journal)) == (head, before)


@given(data=st.data())
def test_the_half_that_was_there_is_skipped_and_the_other_half_recorded(
    data: st.DataObject,
) -> None:
    offered = [arrival(lot, 3) for lot in LOTS] + [
        gift(f"g{at}", lot, 1, "ana", "ben") for at, lot in enumerate(LOTS)
    ]
    half = data.draw(st.integers(0, len(offered)))
    journal = journal_of(*offered[:half])

    outcomes = journal.append(offered, recorded_at=LATER)

    words = [type(outcome).__name__ for outcome in outcomes]
    assert words == ["Same"] * half + ["Recorded"] * (len(offered) - half)
    assert journal.head().hash == journal_of(*offered).head().hash


# No overdraft, in the order of recording and in the order of happening


@given(history=corrections)
def test_nobody_ever_gives_what_they_do_not_have(history: list[tuple[Draft[Any], bool]]) -> None:
    expected, journal = Expected(), Journal(MemoryStore())
    for draft, correct in history:
        word = expected.offer(draft, correct=correct)
        (outcome,) = journal.append([draft], recorded_at=LATER, correct=correct)
        assert type(outcome).__name__ == word

    for account in range(len(BOUNDARY) + 1, len(BOUNDARY) + 1 + len(AGENTS)):
        for lot in {leg.lot for leg in journal.store.all_legs()}:
            line = journal.store.legs(lot)
            assert lowest_mg(line, account, "occurred_ms") >= 0
            assert lowest_mg(line, account, "seq") >= 0


def lowest_mg(line: list[LegRow], account: int, order: str) -> int:
    """The lowest balance of an account at the end of any instant, or of any entry."""
    lowest = 0
    for side in ("rights_units", "custody_units"):
        at: Counter[int] = Counter()
        for leg in line:
            sign = (leg.receiver == account) - (leg.giver == account)
            at[getattr(leg, order)] += sign * getattr(leg, side)
        lowest = min([lowest, *accumulate(change for _, change in sorted(at.items()))])
    return lowest


@given(
    moved=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from([(6, 7), (7, 6), (1, 6), (6, 1), (1, 7)]),
            st.integers(0, 5),
            st.integers(0, 5),
        ),
        max_size=9,
    )
)
def test_the_first_overdraft_is_the_one_that_plain_adding_up_finds(
    moved: list[tuple[int, tuple[int, int], int, int]],
) -> None:
    legs = [
        LegRow(1024, seq, 0, giver, receiver, rights_units, custody_units, at)
        for seq, (at, (giver, receiver), rights_units, custody_units) in enumerate(moved, start=2)
    ]
    found = first_overdraft(legs, 6)

    lowest = [
        lowest_mg([leg for leg in legs if leg.occurred_ms <= at], 6, "occurred_ms")
        for at in range(4)
    ]
    short = next(((at, -balance) for at, balance in enumerate(lowest) if balance < 0), None)
    assert (found is None) == (short is None)
    if found is not None and short is not None:
        assert (epoch_ms(found[1]), found[0]) == short


def test_a_later_arrival_does_not_pay_for_an_earlier_gift() -> None:
    journal = journal_of(arrival("peel", 5, day=3))

    (outcome,) = journal.append([gift("g", "peel", 5, "ana", "ben", day=2)], recorded_at=LATER)

    assert isinstance(outcome, Refused)
    assert isinstance(outcome.refusal, Overdraft)
    assert (outcome.refusal.short_units, outcome.refusal.at) == (5, noon(2))
    assert "date it later" in outcome.refusal.remedy


def test_a_backdated_gift_may_not_empty_a_later_one() -> None:
    journal = journal_of(arrival("peel", 5), gift("late", "peel", 4, "ana", "ben", day=4))

    (outcome,) = journal.append([gift("early", "peel", 2, "ana", "cem", day=2)], recorded_at=LATER)

    assert isinstance(outcome, Refused)
    assert isinstance(outcome.refusal, Overdraft)
    assert (outcome.refusal.short_units, outcome.refusal.at) == (1, noon(4))


def test_what_happens_at_one_instant_counts_as_one_movement() -> None:
    journal = journal_of(arrival("peel", 5, day=2), gift("g", "peel", 5, "ana", "ben", day=2))

    assert balances(journal.store) == {("peel", "ben"): (5, 5)}


# Correction and re-correction


@given(history=corrections)
def test_a_corrected_record_is_as_if_only_the_last_word_had_been_said(
    history: list[tuple[Draft[Any], bool]],
) -> None:
    expected = Expected()
    for draft, correct in history:
        expected.offer(draft, correct=correct)
    last_words = sorted(
        expected.said.values(),
        key=lambda draft: (isinstance(draft.body, LotTransferred), draft.occurred_at),
    )
    fresh = Journal(MemoryStore())
    for _ in last_words:  # Gifts of one day may have to wait for each other.
        fresh.append(last_words, recorded_at=LATER)
    assume(fresh.head().seq == len(last_words))  # Two that wait for each other cannot be first.

    assert what_the_city_sees(journal_after(history)) == what_the_city_sees(fresh)


@given(first_mg=st.integers(0, 9), other_mg=st.integers(0, 9), day=days)
def test_correcting_there_and_back_leaves_the_balances_as_they_were(
    first_mg: int, other_mg: int, day: int
) -> None:
    stated, other = arrival("peel", first_mg), arrival("peel", other_mg, day=day, owner="ben")
    journal = journal_of(stated)
    before = what_the_city_sees(journal)

    there, back = (recorded(journal, draft, correct=True)[0] for draft in (other, stated))

    assert what_the_city_sees(journal) == before
    first = journal.at([1])[1]
    assert [entry.corrects for entry in (first, there, back)] == [None, first.id, there.id]
    assert verify(journal.store).holds


@given(
    had_mg=st.integers(1, 9), gave_mg=st.integers(1, 9), corrected_mg=st.integers(0, 9), day=days
)
def test_a_figure_is_never_corrected_below_what_was_moved_on(
    had_mg: int, gave_mg: int, corrected_mg: int, day: int
) -> None:
    gave_mg = min(gave_mg, had_mg)
    journal = journal_of(arrival("peel", had_mg), gift("g", "peel", gave_mg, "ana", "ben", day=3))
    correction = arrival("peel", corrected_mg, day=day)
    assert isinstance(correction.body, LotArrived)

    (outcome,) = journal.append([correction], recorded_at=LATER, correct=True)

    is_possible = corrected_mg >= gave_mg and day <= 3
    assert isinstance(outcome, Refused) == (not is_possible)


def test_a_lot_corrected_to_nothing_is_listed_and_offers_nothing() -> None:
    journal = journal_of(arrival("peel", 5))

    recorded(journal, arrival("peel", 0), correct=True)

    (row,) = inventory.lots(journal)
    assert (row.mass_mg, row.owners, row.holders, row.said_by) == (0, {}, {}, 2)
    assert inventory.offered_mg(journal, JANUARY, UTC) == {}


def test_a_gift_is_corrected_although_its_giver_kept_nothing_and_its_receiver_passed_it_on() -> (
    None
):
    journal = journal_of(
        arrival("peel", 5),
        gift("g", "peel", 5, "ana", "ben", day=2),
        gift("on", "peel", 5, "ben", "cem", day=4),
    )

    recorded(journal, gift("g", "peel", 5, "ana", "ben", day=3), correct=True)

    assert balances(journal.store) == {("peel", "cem"): (5, 5)}
    assert verify(journal.store).holds
