"""The living page's figures: a pulse that compares, promises told together, sentences."""

from datetime import date
from zoneinfo import ZoneInfo

from bioloom.doors.web.views.living import hands, happenings, pulse
from bioloom.ledger.accounts.days import Day
from bioloom.ledger.accounts.owing import everything_owed
from bioloom.ledger.accounts.working import open_processes
from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.events import ProcessClosed, ProcessId
from tests.ledger.accounts.test_owing import flow
from tests.ledger.events.happenings import event, journal_with, milling, opened, record, told
from tests.ledger.records import arrival, gift

UTC = ZoneInfo("UTC")
TODAY = date(2024, 2, 3)


def test_today_is_compared_with_the_days_before() -> None:
    commons = AgentId("commons")
    days = {
        "2024-02-03": Day(given_mg={commons: 40}, received_mg={AgentId("heap"): 7}, made_mg=3),
        "2024-02-02": Day(given_mg={commons: 26}, received_mg={AgentId("ana"): 5}),
        "2024-01-01": Day(given_mg={commons: 1000}),
    }

    given, taken_in, made = pulse(days, TODAY, [AgentId("heap")])

    assert (given.today_mg, given.usual_mg) == (40, 2)
    assert [bar.height_px for bar in given.bars[-2:]] == [31, 48]
    assert (taken_in.today_mg, made.today_mg) == (7, 3)


def test_promises_of_one_provider_are_told_together_the_overdue_first() -> None:
    journal = journal_with(
        told(flow("one"), "f1"),
        told(flow("two"), "f2"),
        milling(),
        opened("p"),
    )
    owed = everything_owed(journal, today=TODAY)

    waiting = hands(owed, open_processes(journal, UTC), TODAY)

    assert [(hand.need, hand.count, hand.units) for hand in waiting] == [
        ("overdue", 2, 20),
        ("open", 1, 0),
    ]
    assert waiting[0].receiver == "ben"


def test_a_process_waits_until_it_is_closed_and_again_if_that_is_taken_back() -> None:
    journal = journal_with(milling(tolerance_per_mille=None), opened("p"), opened("q"))
    end = told(ProcessClosed(process=ProcessId("p")), "end")
    (closed,) = record(journal, end)
    assert [one.name for one in open_processes(journal, UTC)] == ["q"]

    record(journal, told(reverse(closed, reason="mistake"), "undo"))
    assert [one.name for one in open_processes(journal, UTC)] == ["p", "q"]

    record(journal, told(ProcessClosed(process=ProcessId("p")), "end again"))
    assert [one.name for one in open_processes(journal, UTC)] == ["q"]


def test_what_happened_is_told_in_sentences_parts() -> None:
    journal = journal_with(
        milling(),
        arrival("rags", 10),
        gift("g", "rags", 4, "ana", "ben"),
        told(event("work", None, effort="2 h", to="ben"), "w"),
    )

    parts = happenings(journal.read(), journal.declared(), recall(journal.store))

    assert [(one.key, one.units, one.base_unit, one.what) for one in parts] == [
        ("given", 10, "mg", "organics"),
        ("transfer", 4, "mg", "organics"),
        ("work", 7200, "s", ""),
    ]
