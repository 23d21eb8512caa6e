"""Days: each entry counts on the day it is about, and a correction takes the old figure out."""

from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.ledger.accounts.days import Day, DaysFold
from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AIR, UNACCOUNTED
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import Loss, ProcessClosed, ProcessId
from tests.ledger.events.happenings import event, journal_with, milling, opened, record, told
from tests.ledger.records import LATER, arrival, gift

UTC = ZoneInfo("UTC")


def days_of(journal: Journal) -> dict[str, Day]:
    fold = DaysFold(UTC)
    middle, end = journal.head().seq // 2, journal.head().seq
    half = fold.go_on(fold.begin(), journal, after=0, until=middle)
    before = deepcopy(half)
    whole = fold.go_on(half, journal, after=middle, until=end)
    assert half == before, "others may be reading it"
    assert whole == fold.go_on(fold.begin(), journal, after=0, until=end)
    return whole.days


def corrected(journal: Journal, draft: Draft[Any]) -> None:
    journal.append([draft], recorded_at=LATER, correct=True)


def test_a_day_tells_what_came_in_was_taken_in_made_and_lost() -> None:
    lost = (Loss(to=AIR, mass_mg=2, stamp="estimated"),)
    journal = journal_with(
        arrival("rags", 10, day=2),
        gift("g", "rags", 8, "ana", "ben", day=3),
        milling(tolerance_per_mille=500),
        opened("p"),
        told(event("consume", "rags", "8 mg", by="ben", input_of="p"), "in"),
        told(event("produce", "fibre", "5 mg", by="ben", output_of="p", made="fibre"), "out"),
        told(ProcessClosed(process=ProcessId("p"), losses=lost, residual_mg=1), "end"),
    )

    days = days_of(journal)

    assert days["2024-01-02"].arrived_mg == {"organics": 10}
    assert days["2024-01-03"].received_mg == {"ben": 8}
    assert days["2024-01-03"].made_mg == 5
    assert days["2024-01-03"].lost_mg == {AIR: 2, UNACCOUNTED: 1}


def test_a_correction_moves_a_figure_to_its_own_day() -> None:
    journal = journal_with(arrival("rags", 10, day=2))

    corrected(journal, arrival("rags", 7, day=4))

    days = days_of(journal)
    assert days["2024-01-02"].arrived_mg == {}
    assert days["2024-01-04"].arrived_mg == {"organics": 7}


def test_what_was_taken_back_is_out_of_its_day() -> None:
    journal = journal_with(arrival("rags", 10, day=2), gift("g", "rags", 8, "ana", "ben", day=3))
    given = journal.current(["g"])["g"]

    record(journal, told(reverse(given, reason="returned"), "undo", day=5))

    assert days_of(journal)["2024-01-03"].received_mg == {}
