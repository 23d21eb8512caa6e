"""Contracts: when they end, when notice is due, and what a community may then reclaim."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bioloom.ledger.contracts.agreeing import AgreementAmiss, AgreementUnknown
from bioloom.ledger.contracts.listing import Contract, contract, contracts, due_within
from bioloom.ledger.contracts.terms import months_later, standing_on, term_on
from bioloom.ledger.reactions.ending import Ending
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.contracts import (
    AgreementEnded,
    AgreementEnding,
    AgreementId,
    AgreementMade,
    EndingGround,
    TakeBack,
)
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from tests.ledger.events.happenings import event, journal_with, record, told
from tests.ledger.events.test_promising import PROMISE, promise
from tests.ledger.records import arrival

OIL = AgreementId("oil")
NORTH, MILL = AgentId("ben"), AgentId("ana")
YEAR = AgreementMade(
    agreement=OIL,
    name="Rags for a year",
    parties=(NORTH, MILL),
    first_day=date(2024, 1, 1),
    last_day=date(2024, 12, 31),
    notice_days=90,
    commitments=(PROMISE,),
    take_backs=(TakeBack(by=NORTH, of=MILL), TakeBack(by=NORTH, of=MILL, on="breach")),
)


def delivered() -> Journal:
    """The north gives the mill ten of its twelve milligrams; the mill uses four of them up."""
    journal = journal_with(
        arrival("rags", 12, owner=NORTH), told(promise("12 mg", action="give"), "promise")
    )
    record(journal, told(YEAR, "agreed"))
    given_away = event("transfer", "rags", "10 mg", by=NORTH, to=MILL, fulfills=(PROMISE,))
    record(journal, told(given_away, "given"), told(event("consume", "rags", "4 mg", by=MILL), "u"))
    return journal


def ended(ground: EndingGround, last_day: date, *, by: AgentId = NORTH) -> AgreementEnded:
    return AgreementEnded(agreement=OIL, by=by, ground=ground, last_day=last_day)


def seen(journal: Journal, day: date) -> Contract:
    return contract(journal, OIL, today=day)


def test_at_its_end_a_community_reclaims_what_is_left_of_what_it_gave() -> None:
    journal = delivered()

    running, over = seen(journal, date(2024, 12, 31)), seen(journal, date(2025, 1, 1))

    assert (running.standing, over.standing) == ("in force", "expired")
    at_end, on_breach = over.take_backs
    assert (at_end.is_open, at_end.since, at_end.mass_mg) == (True, date(2025, 1, 1), 6)
    assert (on_breach.is_open, on_breach.since) == (False, None)
    assert not any(right.is_open for right in running.take_backs)


def test_a_breach_opens_both_rights_and_another_material_is_not_reclaimed() -> None:
    journal = delivered()
    record(journal, told(ended("breach", date(2024, 3, 1)), "broken"))

    broken = seen(journal, date(2024, 3, 2))

    assert broken.standing == "breached"
    assert [(right.is_open, right.mass_mg) for right in broken.take_backs] == [(True, 6)] * 2
    glass = TakeBack(by=NORTH, of=MILL, material=MaterialId("glass"))
    other = structs.replace(YEAR, agreement=AgreementId("glass"), take_backs=(glass,))
    record(journal, told(other, "glass"))
    assert (
        contract(journal, AgreementId("glass"), today=date(2025, 1, 1)).take_backs[0].returns == ()
    )


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (ended("notice", date(2024, 6, 30)), "its term ends on 2024-12-31"),
        (ended("breach", date(2024, 6, 30), by=AgentId("cem")), "'cem' is no party"),
        (ended("agreed", date(2023, 6, 30)), "before it begins"),
    ],
)
def test_an_end_is_told_by_a_party_and_for_the_end_of_a_term(
    body: AgreementEnded, found: str
) -> None:
    journal = delivered()

    with pytest.raises(AgreementAmiss, match=found):
        record(journal, told(body, "end"))


def test_notice_is_given_in_time_or_not_at_all() -> None:
    notice, year = ended("notice", date(2024, 12, 31)), structs.replace(YEAR, notice_days=364)
    strict = journal_with(told(promise("1 mg", action="give"), "p"), told(year, "a"))
    journal = delivered()

    with pytest.raises(AgreementAmiss, match="notice is given 364 days before"):
        record(strict, told(notice, "late"))
    record(journal, told(notice, "in time"))

    assert seen(journal, date(2024, 12, 31)).standing == "in notice"
    assert seen(journal, date(2025, 1, 1)).standing == "ended"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"parties": (NORTH,)}, "two different parties"),
        ({"parties": (NORTH, NORTH)}, "two different parties"),
        ({"last_day": date(2023, 12, 31)}, "ends before it begins"),
        ({"last_day": None, "renews_months": 12}, "has no end"),
        ({"notice_days": -1}, "days of notice"),
        ({"renews_months": 100_000}, "renewal is out of range"),
        ({"parties": (NORTH, AgentId("cem"))}, "others than its parties"),
        ({"commitments": ("unheard",)}, "nobody of them promised 'unheard'"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(change: dict[str, Any], found: str) -> None:
    journal = journal_with(told(promise("1 mg", action="give"), "p"))

    with pytest.raises(AgreementAmiss, match=found):
        record(journal, told(structs.replace(YEAR, **change), "agreed"))


def test_an_agreement_is_made_once_and_only_what_was_agreed_can_end() -> None:
    journal = delivered()

    with pytest.raises(AgreementAmiss, match="there is one of that name"):
        record(journal, told(YEAR, "again"))
    nothing = structs.replace(ended("agreed", date(2024, 6, 1)), agreement=AgreementId("none"))
    with pytest.raises(AgreementUnknown, match="'none'"):
        record(journal, told(nothing, "end"))


def test_what_is_due_soon_is_listed_and_what_is_far_off_is_not() -> None:
    journal = delivered()

    assert not list(due_within(journal, today=date(2024, 5, 1), days=90))
    assert [one.made.agreement for one in due_within(journal, today=date(2024, 8, 1), days=90)]
    assert [one.made.agreement for one in due_within(journal, today=date(2025, 2, 1), days=90)]
    assert [one.standing for one in contracts(journal, today=date(2025, 2, 1))] == ["expired"]


@given(
    first=st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    length=st.integers(0, 800),
    months=st.integers(1, 40),
    later=st.integers(0, 4000),
)
def test_every_day_of_a_renewed_agreement_is_in_one_term_and_terms_follow_each_other(
    first: date, length: int, months: int, later: int
) -> None:
    made = structs.replace(
        YEAR, first_day=first, last_day=first + timedelta(days=length), renews_months=months
    )
    day = first + timedelta(days=later)

    term = term_on(made, day)

    assert term is not None
    assert term.last_day >= day
    assert standing_on(made, None, day) == "in force"
    assert term_on(made, term.last_day) == term
    following = term_on(made, term.last_day + timedelta(days=1))
    assert following is not None
    assert term.last_day < following.last_day <= months_later(term.last_day, months + 1)


def entry(body: Any) -> Entry[Any]:  # noqa: ANN401  Any kind of body.
    return Entry(
        seq=1,
        id="1",
        kind=type(body).__name__,
        version=1,
        occurred_at=Instant("2024-01-01T00:00:00.000Z"),
        recorded_at=Instant("2024-01-01T00:00:00.000Z"),
        author=NORTH,
        idempotency_key="1",
        corrects=None,
        cause=None,
        body=body,
    )


def test_the_parties_are_reminded_before_each_term_ends_and_never_after_its_end() -> None:
    ending, journal = Ending(ZoneInfo("UTC")), journal_with(arrival("rags", 1))
    ending.fold(entry(structs.replace(YEAR, renews_months=12)))
    due = []
    for _ in range(2):
        at = ending.due()
        assert at is not None
        fired = entry(TimerFired(reaction="ending", due=at))
        (following,) = ending.react(fired, journal)
        assert isinstance(following.body, AgreementEnding)
        due.append((at[:10], following.body.last_day, following.body.renews))
        ending.fold(fired)
    ending.fold(entry(ended("agreed", date(2025, 6, 1))))

    assert due == [
        ("2024-09-02", date(2024, 12, 31), True),
        ("2025-09-02", date(2025, 12, 31), True),
    ]
    assert ending.due() is None
