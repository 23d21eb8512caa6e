"""Laws of events: whatever is offered, in whatever order, the record stays whole.

Events are drawn by chance, most of them impossible; what is recorded must obey every law, and both
stores must say the same of it.
"""

from collections import defaultdict
from contextlib import ExitStack
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.events.reversing import NotReversible, reverse
from bioloom.ledger.record import lines
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Recorded
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.agents import BOUNDARY, INSIDE
from bioloom.vocabulary.entries.actions import ACTIONS
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import Loss, ProcessClosed, ProcessId, UsedUp
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, milling, opened, told
from tests.ledger.records import AGENTS, LATER, LOTS, arrival, sqlite_store

names = st.sampled_from(LOTS)
agents = st.sampled_from(AGENTS)
units = st.integers(0, 5)
days = st.integers(1, 5)


@st.composite
def events(draw: st.DrawFn) -> Draft[Any]:
    action = draw(st.sampled_from(sorted(ACTIONS)))
    effects = ACTIONS[action]
    process = draw(st.sampled_from((None, "p", "q")))
    other = draw(st.sampled_from((None, None, "peel", "pulp")))
    body = event(
        action,
        draw(names),
        f"{draw(units)} mg",
        by=draw(agents),
        to=draw(agents),
        made=draw(st.sampled_from((None, None, None, "organics"))),
        input_of=process if "nput" in effects.input_output else None,
        output_of=process if effects.input_output == "output" else None,
        to_lot=other if effects.create_resource == "optionalTo" else None,
        container=draw(st.sampled_from((None, "paper"))) if effects.contained else None,
    )
    return told(body, draw(st.sampled_from("abcdefgh")), day=draw(days))


@st.composite
def closings(draw: st.DrawFn) -> Draft[Any]:
    residual_mg = draw(st.integers(-3, 5))
    lost_mg = draw(units)
    used = draw(st.lists(st.builds(_used, names, agents, st.integers(1, 3)), max_size=1))
    body = ProcessClosed(
        process=ProcessId(draw(st.sampled_from("pq"))),
        losses=(Loss(to=BOUNDARY[1], mass_mg=lost_mg, stamp="estimated"),) if lost_mg else (),
        used_up=tuple(used),
        residual_mg=residual_mg,
    )
    return told(body, draw(st.sampled_from(("end p", "end q"))), day=draw(days))


def _used(lot: str, owner: str, count: int) -> UsedUp:
    return UsedUp(lot=LotId(lot), owner=type(BOUNDARY[0])(owner), units=count)


offers = st.one_of(
    st.builds(arrival, names, st.integers(0, 9), day=days, owner=agents),
    events(),
    events(),
    events(),
    closings(),
    st.integers(0, 20),  # Take back what was recorded there.
)


@given(offered=st.lists(offers, max_size=25), correct=st.booleans())
def test_whatever_is_offered_the_record_stays_whole_and_both_stores_agree(
    offered: list[Draft[Any] | int], correct: bool
) -> None:
    with ExitStack() as opened_stores:
        stores = (MemoryStore(), opened_stores.enter_context(sqlite_store()))
        journals = [Journal(store) for store in stores]
        for journal in journals:
            start = [milling(tolerance_per_mille=200), opened("p"), opened("q")]
            journal.record(start, recorded_at=LATER)
        heads = set()
        for journal in journals:
            for number, offer in enumerate(offered):
                draft = _reversal(journal, offer, number) if isinstance(offer, int) else offer
                if draft is not None:
                    journal.append([draft], recorded_at=LATER, correct=correct)
            heads.add(journal.head().hash)
            assert verify(journal.store).problems == []
            _nothing_comes_from_inside_that_did_not_go_in(journal)
        assert len(heads) == 1


@given(offered=st.lists(st.one_of(events(), closings()), max_size=20))
def test_one_by_one_or_all_at_once_makes_no_difference(offered: list[Draft[Any]]) -> None:
    start = [milling(tolerance_per_mille=200), opened("p"), opened("q")]
    start += [arrival(lot, 9) for lot in LOTS]
    heads = set()
    for size in (1, 7, 100):
        journal = Journal(MemoryStore())
        journal.record(start, recorded_at=LATER)
        for at in range(0, len(offered), size):
            journal.append(offered[at : at + size], recorded_at=LATER, correct=True)
        heads.add(journal.head().hash)

    assert len(heads) == 1


def _reversal(journal: Journal, seq: int, number: int) -> Draft[Any] | None:
    entry: Entry[Any] | None = journal.at([seq]).get(seq)
    if entry is None:
        return None
    try:
        return told(reverse(entry, reason="mistake"), f"undo {number}", day=6)
    except NotReversible:
        return None


def _nothing_comes_from_inside_that_did_not_go_in(journal: Journal) -> None:
    inside = journal.store.agents()[INSIDE]
    custody_alone: defaultdict[int, int] = defaultdict(int)
    for leg in journal.store.all_legs():
        sign = (leg.receiver == inside) - (leg.giver == inside)
        custody_alone[leg.lot] += sign * (leg.custody_units - leg.rights_units)
        # What a container or a workshop holds is custody; rights alone go in at a closing only.
        assert custody_alone[leg.lot] >= 0, leg


def test_the_offers_are_not_all_refused() -> None:
    """Otherwise the laws above would hold of nothing."""
    journal = Journal(MemoryStore())
    journal.record(
        [milling(tolerance_per_mille=200), opened("p"), *(arrival(lot, 9) for lot in LOTS)],
        recorded_at=LATER,
    )
    drafts = [
        told(event("consume", "peel", "2 mg", input_of="p"), "a"),
        told(event("raise", "pulp", "3 mg", made="organics"), "b"),
        told(event("combine", "leaves", "1 mg", container=LotId("paper")), "c"),
    ]

    outcomes = journal.append(drafts, recorded_at=LATER)

    assert all(isinstance(outcome, Recorded) for outcome in outcomes)


def test_dividing_a_heap_does_not_add_up_its_whole_line_for_every_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added_up = Mock(return_value=None)
    monkeypatch.setattr(lines, "first_overdraft", added_up)
    parts = [
        told(event("transfer", "peel", "1 mg", to_lot=f"part {n}", made="organics"), f"{n}")
        for n in range(9)
    ]
    journal = Journal(MemoryStore())

    journal.record([arrival("peel", 9), *parts], recorded_at=LATER)

    added_up.assert_not_called()
