"""One's own account: what was taken and given, and what one then had: it adds up to holdings."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given

from bioloom.ledger.accounts.own import own_account, totals
from bioloom.ledger.inventory import LotFilter, lots
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Period
from tests.ledger.events.happenings import event, journal_with, told
from tests.ledger.records import LATER, arrival, histories, journal_of

ANA, BEN, UTC = AgentId("ana"), AgentId("ben"), ZoneInfo("UTC")


def giving() -> Journal:
    return journal_with(
        arrival("peel", 10, day=1),
        told(event("transferCustody", "peel", "4 mg", to="ben"), "lent", day=2),
        told(event("transfer", "peel", "3 mg", to="ben"), "given", day=3),
    )


def test_every_line_says_what_changed_and_what_one_then_had() -> None:
    account = own_account(giving(), [ANA], UTC)

    lines = [
        (line.own_units, line.held_units, line.own_balance_units, line.held_balance_units)
        for line in account.lines
    ]
    assert lines == [(10, 10, 10, 10), (0, -4, 10, 6), (-3, -3, 7, 3)]
    assert [line.other for line in account.lines] == [None, BEN, BEN]
    assert totals(account.lines) == {"organics": (10, 3)}
    assert own_account(giving(), [ANA, BEN], UTC).closing == {MILLIGRAM: (10, 10)}


def test_a_period_begins_with_what_was_there_before() -> None:
    period = Period(first=date(2024, 1, 3), last=date(2024, 1, 3))

    account = own_account(giving(), [ANA], UTC, period)

    assert account.opening == {MILLIGRAM: (10, 6)}
    assert [line.own_units for line in account.lines] == [-3]
    assert account.closing == {MILLIGRAM: (7, 3)}
    assert own_account(giving(), [AgentId("nobody")], UTC).lines == []


@given(histories)
def test_an_account_closes_with_what_its_owner_has(history: list[Draft[Any]]) -> None:
    journal = journal_of()
    for draft in history:
        journal.append([draft], recorded_at=LATER, correct=True)

    for agent in (ANA, BEN):
        closing = own_account(journal, [agent], UTC).closing.get(MILLIGRAM, (0, 0))
        rows = list(lots(journal, LotFilter(having=agent)))
        assert closing == (
            sum(row.owners.get(agent, 0) for row in rows),
            sum(row.holders.get(agent, 0) for row in rows),
        )
