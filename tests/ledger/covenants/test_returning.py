"""What is lent is due back, and custody never becomes owning."""

from zoneinfo import ZoneInfo

from bioloom.ledger.accounts.returning import away
from bioloom.ledger.reactions.returning import Returning
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.entries.covenants import ReturnOverdue
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.lots import Side
from tests.ledger.covenants.commons import Town, day, draft, enacting, giving, load

UTC = ZoneInfo("UTC")
CUSTODY: tuple[Side, ...] = ("custody",)


def lent(town: Town) -> Town:
    """The hauler has 10 mg of a bound beam since the 4th, for ten days."""
    town.do(enacting(custody_days=10), load("beam"))
    town.today = 4
    town.do(giving("beam", 10, "river", "hauler", sides=CUSTODY))
    return town


def test_what_is_out_is_told_with_the_day_on_which_it_is_due(town: Town) -> None:
    lent(town)

    (one,) = away(town.journal, UTC, at=day(5))

    assert (one.lot, one.holder, one.units) == ("beam", "hauler", 10)
    assert (f"{one.since}", f"{one.due}", one.is_overdue) == ("2024-03-04", "2024-03-14", False)


def test_who_keeps_what_was_due_gets_nothing_more_until_it_is_back(town: Town) -> None:
    lent(town)
    town.today = 15

    more = giving("beam", 5, "river", "hauler", on=15, sides=CUSTODY)
    assert town.refusal(more).reason == "return_overdue"
    town.do(giving("beam", 10, "hauler", "river", on=15, sides=CUSTODY), more)
    assert verify(town.journal.store).problems == []


def test_passing_it_on_starts_no_new_time(town: Town) -> None:
    lent(town)
    town.today = 13
    town.do(giving("beam", 10, "hauler", "acme", on=13, sides=CUSTODY))

    (one,) = away(town.journal, UTC, at=day(15))

    assert (one.holder, f"{one.since}", one.is_overdue) == ("acme", "2024-03-04", True)


def test_a_lot_that_somebody_held_before_is_out_once_it_is_bound(town: Town) -> None:
    town.do(load("beam", holder="hauler", on=1), enacting(custody_days=10))

    (one,) = away(town.journal, UTC, at=day(5))

    assert (one.holder, one.units) == ("hauler", 1000)


def test_what_is_overdue_is_recorded_once(town: Town) -> None:
    lent(town)
    reaction = Returning(UTC)
    for entry in town.journal.read(kinds=reaction.folds):
        reaction.fold(entry)
    assert reaction.due() == day(3, 0)
    town.today = 15
    timer = TimerFired(reaction="returning", due=day(15, 0))
    town.do(draft(timer, "timer", on=15))
    (fired,) = town.journal.read(kinds=["TimerFired"])

    (following,) = reaction.react(fired, town.journal)

    assert isinstance(following.body, ReturnOverdue)
    assert (following.body.holder, following.body.units) == ("hauler", 10)
    town.do(draft(following.body, "told", on=15))
    (told,) = town.journal.read(kinds=["ReturnOverdue"])
    reaction.fold(told)
    assert list(reaction.react(fired, town.journal)) == []
