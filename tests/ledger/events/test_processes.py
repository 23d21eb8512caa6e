"""Processes: what goes in comes out, is declared lost, or is posted as residual; never vanishes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.events.processes import (
    ClosingOtherwise,
    GivenBackTooMuch,
    MassNotBalanced,
    ProcessEnded,
    ProcessThere,
    ProcessUnknown,
    SpecificationUnknown,
    ToleranceSenseless,
)
from bioloom.ledger.events.reversing import NotReversible, reverse
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AIR, UNACCOUNTED, AgentId
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.entries.events import Loss, ProcessClosed, ProcessId, UsedUp
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import (
    event,
    holdings,
    journal_with,
    milling,
    opened,
    record,
    told,
)
from tests.ledger.records import LATER, arrival, sqlite_store

P = ProcessId("p")


def vapour(mass_mg: int) -> tuple[Loss, ...]:
    return (Loss(to=AIR, mass_mg=mass_mg, stamp="estimated"),)


def mill(journal: Journal, in_mg: int, out_mg: int) -> None:
    record(
        journal,
        told(event("consume", "rags", f"{in_mg} mg", input_of="p"), "in"),
        told(event("produce", "fibre", f"{out_mg} mg", output_of="p", made="fibre"), "out"),
    )


def closing(residual_mg: int = 0, losses: tuple[Loss, ...] = ()) -> ProcessClosed:
    return ProcessClosed(process=P, losses=losses, residual_mg=residual_mg)


@given(out_mg=st.integers(1, 50), lost_mg=st.integers(1, 50), residual_mg=st.integers(-5, 5))
def test_everything_taken_is_made_lost_or_posted(
    out_mg: int, lost_mg: int, residual_mg: int
) -> None:
    in_mg = out_mg + lost_mg + residual_mg
    if in_mg <= 0:
        return
    journal = journal_with(arrival("rags", 200), milling(tolerance_per_mille=1000), opened())
    mill(journal, in_mg, out_mg)
    if abs(residual_mg) > in_mg:
        return
    record(journal, told(closing(residual_mg, vapour(lost_mg)), "end"))

    names = {number: agent for agent, number in journal.store.agents().items()}
    flows: dict[str, int] = {}
    for leg in journal.store.all_legs():
        flows[names[leg.giver]] = flows.get(names[leg.giver], 0) - leg.rights_units
        flows[names[leg.receiver]] = flows.get(names[leg.receiver], 0) + leg.rights_units
    assert flows["inside"] == 0
    assert flows[AIR] == lost_mg
    assert flows.get(UNACCOUNTED, 0) == residual_mg
    assert verify(journal.store).problems == []


def test_a_missing_milligram_is_refused_with_a_way_to_go_on() -> None:
    journal = journal_with(arrival("rags", 100), milling(), opened())
    mill(journal, 100, 99)

    with pytest.raises(MassNotBalanced, match="1 mg unaccounted") as refusal:
        record(journal, told(closing(1), "end"))

    assert "as losses" in refusal.value.remedy


def test_a_share_and_the_uncertainty_of_the_weighings_are_tolerated() -> None:
    journal = journal_with(arrival("rags", 1000), milling(tolerance_per_mille=10), opened())
    # 10 mg of share, and 2 * sqrt(3^2 + 4^2) = 10 mg of uncertainty.
    record(
        journal,
        told(event("consume", "rags", "1000 mg", input_of="p", uncertainty_units=3), "in"),
        told(
            event("produce", "fibre", "979 mg", output_of="p", made="fibre", uncertainty_units=4),
            "out",
        ),
    )
    with pytest.raises(MassNotBalanced, match=r"21 mg unaccounted .* tolerates 20 mg"):
        record(journal, told(closing(21), "end"))

    record(journal, told(event("produce", "fibre", "1 mg", output_of="p"), "more"))
    record(journal, told(closing(20), "end"))

    assert holdings(journal, "fibre") == {"ana": (980, 980)}


def test_what_was_accepted_and_not_given_back_is_used_up() -> None:
    """Of 1,000 buckets tested 998 passed (Valueflows, ex-production-08)."""
    journal = journal_with(milling(tolerance_per_mille=None), opened())
    record(
        journal,
        told(event("raise", "buckets", "1320 piece", made="bucket", base_unit=PIECE), "b"),
        told(event("accept", "buckets", "1000 piece", input_of="p"), "in"),
        told(event("modify", "buckets", "998 piece", output_of="p", state="pass"), "out"),
    )
    assert holdings(journal, "buckets") == {"ana": (1320, 1318)}

    used = UsedUp(lot=LotId("buckets"), owner=AgentId("ana"), units=2)
    record(journal, told(ProcessClosed(process=P, used_up=(used,)), "end"))

    assert holdings(journal, "buckets") == {"ana": (1318, 1318)}
    assert verify(journal.store).problems == []


def test_the_end_of_a_process_says_what_its_events_say() -> None:
    journal = journal_with(arrival("rags", 100), milling(tolerance_per_mille=None), opened())
    mill(journal, 100, 90)

    with pytest.raises(ClosingOtherwise, match="the residual is 10 mg"):
        record(journal, told(closing(9), "end"))


def test_losses_go_only_where_the_kind_of_process_has_them() -> None:
    journal = journal_with(arrival("rags", 100), milling(), opened())
    mill(journal, 100, 90)
    spilt = Loss(to=AgentId("water"), mass_mg=10, stamp="estimated")

    with pytest.raises(ClosingOtherwise, match="cannot be lost to 'water'"):
        record(journal, told(closing(0, (spilt,)), "end"))


def test_a_closed_process_takes_and_gives_no_more_until_its_closing_is_taken_back() -> None:
    journal = journal_with(arrival("rags", 100), milling(), opened())
    mill(journal, 90, 90)
    (end,) = record(journal, told(closing(), "end"))
    late = told(event("consume", "rags", "1 mg", input_of="p"), "late")
    with pytest.raises(ProcessEnded, match="'p' is closed"):
        record(journal, late)

    record(journal, told(reverse(end, reason="mistake"), "undo"), late)
    record(journal, told(event("produce", "fibre", "1 mg", output_of="p"), "more"))
    record(journal, told(closing(), "end again"))

    assert verify(journal.store).problems == []


def test_an_event_of_a_closed_process_is_neither_corrected_nor_taken_back() -> None:
    journal = journal_with(arrival("rags", 100), milling(), opened())
    mill(journal, 90, 90)
    record(journal, told(closing(), "end"))
    consumed = journal.current(["in"])["in"]

    with pytest.raises(ProcessEnded, match="'p' is closed"):
        record(journal, told(reverse(consumed, reason="mistake"), "undo"))
    smaller = told(event("consume", "rags", "80 mg", input_of="p"), "in")
    (outcome,) = journal.append([smaller], recorded_at=LATER, correct=True)
    assert "'p' is closed" in str(getattr(outcome, "refusal", ""))


def test_a_process_is_known_specified_and_opened_once() -> None:
    journal = journal_with(arrival("rags", 100))
    with pytest.raises(ProcessUnknown, match="'p' is not in the record"):
        record(journal, told(event("consume", "rags", "1 mg", input_of="p"), "in"))
    with pytest.raises(SpecificationUnknown, match="no kind of process 'milling'"):
        record(journal, opened())

    record(journal, milling(), opened())
    with pytest.raises(ProcessThere, match="'p' is in the record already"):
        record(journal, told(opened().body, "another key"))


def test_a_reversal_happens_once_and_only_to_what_moved() -> None:
    journal = journal_with(arrival("rags", 100), milling(), opened())
    (used,) = record(journal, told(event("consume", "rags", "40 mg"), "in"))
    with pytest.raises(NotReversible, match="it is ProcessSpecified"):
        reverse(journal.current(["milling"])["milling"], reason="mistake")

    record(journal, told(reverse(used, reason="mistake"), "undo", day=4))
    assert holdings(journal, "rags") == {"ana": (100, 100)}
    with pytest.raises(NotReversible, match="taken back before"):
        record(journal, told(reverse(used, reason="mistake"), "undo again", day=5))
    assert verify(journal.store).problems == []


def test_a_reversal_that_says_other_movements_is_refused() -> None:
    journal = journal_with(arrival("rags", 100))
    (used,) = record(journal, told(event("consume", "rags", "40 mg"), "in"))
    forged = reverse(used, reason="mistake")
    doubled = tuple(
        type(leg)(
            lot=leg.lot,
            giver=leg.giver,
            receiver=AgentId("eve"),
            rights_units=leg.rights_units,
            custody_units=leg.custody_units,
        )
        for leg in forged.moves
    )

    with pytest.raises(NotReversible, match="its movements are others"):
        record(journal, told(type(forged)(entry=used.id, reason="mistake", moves=doubled), "undo"))


def test_a_process_is_closed_with_losses_again_after_its_closing_is_taken_back() -> None:
    with sqlite_store() as store:
        journal = Journal(store)
        record(journal, arrival("rags", 100), milling(), opened())
        mill(journal, 100, 90)
        (end,) = record(journal, told(closing(0, vapour(10)), "end"))

        record(journal, told(reverse(end, reason="mistake"), "undo"))
        record(journal, told(closing(0, vapour(10)), "end again"))

        assert verify(store).problems == []


def test_losses_are_not_mixed_with_a_lot_of_their_name() -> None:
    squat = told(event("raise", "p:losses", "1 mg", made="rag"), "squat")
    journal = journal_with(arrival("rags", 100), milling(), opened(), squat)
    mill(journal, 100, 90)

    with pytest.raises(ClosingOtherwise, match="a lot of something else"):
        record(journal, told(closing(0, vapour(10)), "end"))


@pytest.mark.parametrize("mass_mg", [-1, 2**53, 2**63])
def test_a_loss_that_cannot_be_counted_is_refused(mass_mg: int) -> None:
    journal = journal_with(milling(tolerance_per_mille=None), opened())

    with pytest.raises(ClosingOtherwise, match="cannot be lost to 'air'"):
        record(journal, told(closing(-mass_mg, vapour(mass_mg)), "end"))


def test_a_process_is_not_closed_before_it_had_what_it_used_up() -> None:
    journal = journal_with(arrival("rags", 10), milling(tolerance_per_mille=None), opened())
    record(journal, told(event("accept", "rags", "10 mg", input_of="p"), "in", day=8))
    used = UsedUp(lot=LotId("rags"), owner=AgentId("ana"), units=10)

    with pytest.raises(GivenBackTooMuch, match="but 0 are inside"):
        record(journal, told(ProcessClosed(process=P, used_up=(used,), residual_mg=10), "end"))


@pytest.mark.parametrize("tolerance", [{"tolerance_per_mille": -1}, {"coverage": 11}])
def test_a_tolerance_that_cannot_be_is_refused(tolerance: dict[str, int]) -> None:
    with pytest.raises(ToleranceSenseless, match="'milling' declares a tolerance"):
        journal_with(milling(**tolerance))
