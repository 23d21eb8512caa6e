"""Mass balance: outputs claim what came in with the characteristic, in one period and no more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bioloom.ledger.custody.credits import account_of, declared_model
from bioloom.ledger.custody.refusing import (
    ClaimsStand,
    CreditsOverdrawn,
    CustodyAmiss,
    CustodyUnknown,
    NotCarried,
)
from bioloom.ledger.events.reversing import NotReversible, reverse
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Conflict, Refused
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.custody import CustodyUse
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.refusal import Refusal
from tests.ledger.custody.mill import (
    BALANCE,
    BEN,
    booking,
    claim,
    comes_out,
    declared,
    goes_in,
    green,
    kind,
    mill,
    rags,
    use,
)
from tests.ledger.events.happenings import event, journal_with, record, told
from tests.ledger.records import LATER


def milled(**model: int) -> Journal:
    """600 mg from the allotments and 400 mg of other rags became 900 mg of fibre."""
    return journal_with(
        *rags("green", "other"),
        green("green"),
        kind(),
        mill(),
        declared(BALANCE, **model),
        goes_in("green", 600, "in"),
        goes_in("other", 400, "in other"),
        comes_out("fibre", 900, "out"),
    )


def left(journal: Journal, period: int = 0) -> int:
    facts = recall(journal.store)
    return account_of(declared_model(BALANCE, facts), period, facts).left_units


def correction(journal: Journal, draft: Draft[Any]) -> Refusal | None:
    """What speaks against a correction, if anything does."""
    (outcome,) = journal.append([draft], recorded_at=LATER, correct=True)
    assert not isinstance(outcome, Conflict), outcome
    return outcome.refusal if isinstance(outcome, Refused) else None


def taken_back(journal: Journal, entry: Entry[Any], key: str = "undo") -> None:
    record(journal, told(reverse(entry, reason="mistake"), key, day=9))


def test_fibre_claims_what_came_in_from_the_allotments_and_not_a_milligram_more() -> None:
    journal = milled()
    use(journal, booking("in", "green", 600), "book")

    with pytest.raises(CreditsOverdrawn, match=r"1 mg short of credits in period 0\."):
        use(journal, claim("fibre", 601), "claim")
    use(journal, claim("fibre", 600), "claim")

    assert left(journal) == 0
    with pytest.raises(CreditsOverdrawn, match="short of credits"):
        use(journal, claim("fibre", 1), "one more")


def test_credits_are_converted_as_the_model_says_and_rounded_down() -> None:
    journal = milled(conversion_per_mille=333)
    use(journal, booking("in", "green", 200), "book")

    with pytest.raises(CreditsOverdrawn, match="short of credits"):
        use(journal, claim("fibre", 67), "claim")
    use(journal, claim("fibre", 66), "claim")

    assert left(journal) == 0


def test_credits_end_with_their_period() -> None:
    journal = milled(period_days=5)
    use(journal, booking("in", "green", 600), "book")
    record(journal, comes_out("late", 90, "out late", day=6))

    with pytest.raises(CreditsOverdrawn, match="period 1"):
        use(journal, claim("late", 1), "late", day=6)
    with pytest.raises(CustodyAmiss, match="made 0 mg of it in period 0"):
        use(journal, claim("late", 1), "backdated", day=5)
    use(journal, claim("fibre", 600), "in time")


@pytest.mark.parametrize(
    ("body", "refusal", "found"),
    [
        (booking("in other", "other", 400), NotCarried, "nobody declared it of 'other'"),
        (booking("in", "green", 601), CustodyAmiss, "did not consume so much"),
        (booking("in", "other", 400), CustodyAmiss, "did not consume so much"),
        (booking("nothing", "green", 1), CustodyAmiss, "nothing that stands"),
        (replace(booking("in", "green", 1), operator=BEN), CustodyAmiss, "model is that of 'ana'"),
        (replace(claim("fibre", 1), declaration="none"), CustodyUnknown, "Nobody declared"),
        (claim("green", 1), CustodyAmiss, "made 0 mg of it"),
        (claim("fibre", 901), CustodyAmiss, "more is claimed of it than there was"),
        (claim("fibre", 0), CustodyAmiss, "of no amount"),
    ],
)
def test_what_the_record_does_not_bear_out_is_neither_booked_nor_claimed(
    body: CustodyUse, refusal: type[Refusal], found: str
) -> None:
    journal = milled()

    with pytest.raises(refusal, match=found):
        use(journal, body, "attempt")


def test_no_input_is_booked_twice_and_none_of_another_operator() -> None:
    journal = milled()
    use(journal, booking("in", "green", 300), "book")

    with pytest.raises(CustodyAmiss, match="booked already"):
        use(journal, booking("in", "green", 300), "again")
    record(journal, mill("elsewhere", site="heap"), goes_in("green", 9, "e", process="elsewhere"))
    with pytest.raises(CustodyAmiss, match="did not consume so much of it at 'mill'"):
        use(journal, booking("e", "green", 9), "elsewhere")


def test_who_neither_owns_nor_holds_a_lot_claims_nothing_of_it() -> None:
    journal = milled()
    use(journal, booking("in", "green", 600), "book")
    record(journal, told(event("transfer", "fibre", "900 mg", to="ben"), "sold", day=5))

    with pytest.raises(CustodyAmiss, match="neither owns nor holds"):
        use(journal, claim("fibre", 1), "claim")


def test_an_input_is_corrected_as_long_as_its_credits_cover_the_claims() -> None:
    journal = milled()
    use(journal, booking("in", "green", 600), "book")
    use(journal, claim("fibre", 500), "claim")

    assert correction(journal, goes_in("green", 500, "in")) is None
    refusal = correction(journal, goes_in("green", 499, "in"))

    assert isinstance(refusal, CreditsOverdrawn)
    assert (refusal.short_units, refusal.claims) == (1, ("claim",))
    moved = correction(journal, goes_in("green", 500, "in", day=12))
    assert isinstance(moved, CreditsOverdrawn)


def test_neither_an_input_nor_its_booking_is_taken_back_under_a_claim() -> None:
    journal = milled()
    booked = use(journal, booking("in", "green", 600), "book")
    claimed = use(journal, claim("fibre", 500), "claim")
    consumed = next(entry for entry in journal.read() if entry.idempotency_key == "in")

    for entry in (consumed, booked):
        with pytest.raises(CreditsOverdrawn, match="claim"):
            taken_back(journal, entry)
    taken_back(journal, claimed)

    taken_back(journal, booked, "undo booking")
    assert left(journal) == 0


def test_neither_a_model_nor_what_came_in_is_unsaid_while_claims_rest_on_it() -> None:
    journal = milled()
    use(journal, booking("in", "green", 600), "book")
    told_of = {entry.idempotency_key: entry for entry in journal.read()}

    for key in ("model:balance", "green:green"):
        with pytest.raises(ClaimsStand, match="book"):
            taken_back(journal, told_of[key])
    refusal = correction(journal, declared(BALANCE, period_days=20))

    assert isinstance(refusal, ClaimsStand)
    other = milled()
    taken_back(other, next(e for e in other.read() if e.idempotency_key == "model:balance"))
    with pytest.raises(CustodyUnknown, match="balance"):
        use(other, booking("in", "green", 600), "book")


def test_what_was_made_is_not_corrected_away_under_a_claim() -> None:
    journal = milled()
    use(journal, booking("in", "green", 600), "book")
    use(journal, claim("fibre", 500), "claim")

    refusal = correction(journal, comes_out("fibre", 400, "out"))

    assert isinstance(refusal, ClaimsStand)
    assert correction(journal, mill(operator=AgentId("ben"))) is not None


def test_claimed_fibre_is_an_input_of_the_next_mill_for_as_much_as_is_claimed_of_it() -> None:
    journal = milled()
    use(journal, booking("in", "green", 600), "book")
    claimed = use(journal, claim("fibre", 500), "claim")
    record(journal, mill("q"), goes_in("fibre", 900, "next", process="q", day=5))

    with pytest.raises(CustodyAmiss, match="no such claims on it are left"):
        use(journal, booking("next", "fibre", 501), "book next")
    use(journal, booking("next", "fibre", 500), "book next")

    with pytest.raises(ClaimsStand, match="book next"):
        taken_back(journal, claimed)


def test_a_retirement_and_a_claim_of_another_kind_are_told_as_they_are() -> None:
    journal = milled()
    wrong = replace(booking("in", "green", 600), stands_on=("lot:other",), period=0)

    with pytest.raises(CustodyAmiss, match="leave `stands_on` out"):
        record(journal, told(wrong, "book", day=5))
    booked = use(journal, booking("in", "green", 600), "book")
    taken_back(journal, booked)

    with pytest.raises(NotReversible, match="taken back before"):
        taken_back(journal, booked, "again")


acts = st.tuples(
    st.sampled_from(("in", "book", "out", "claim", "correct", "undo")),
    st.integers(1, 9),
    st.integers(2, 9),
)


@given(done=st.lists(acts, max_size=16), conversion_per_mille=st.integers(1, 1500))
def test_whatever_is_done_no_period_claims_more_than_came_in(
    done: list[tuple[str, int, int]], conversion_per_mille: int
) -> None:
    journal = journal_with(
        *rags("green", mg=40),
        green("green"),
        kind(),
        mill(),
        declared(BALANCE, period_days=3, conversion_per_mille=conversion_per_mille),
    )
    for number, (act, units, day) in enumerate(done):
        _try(journal, act, units, day, key=f"k{number}")
        for period in range(4):
            assert left(journal, period) >= 0


def _try(journal: Journal, act: str, units: int, day: int, *, key: str) -> None:
    entries = [e for e in journal.read() if e.idempotency_key.startswith("k")]
    some = entries[units % len(entries)] if entries else None
    consumed = [e for e in entries if e.kind == "EventHappened" and e.body.input_of]
    produced = [e for e in entries if e.kind == "EventHappened" and e.body.output_of]
    try:
        if act == "in":
            record(journal, goes_in("green", units, key, day=day))
        elif act == "out":
            record(journal, comes_out(f"fibre {key}", units, key, day=day))
        elif act == "book" and consumed:
            use(journal, booking(consumed[-1].idempotency_key, "green", units), key, day=day)
        elif act == "claim" and produced:
            use(journal, claim(f"fibre {produced[-1].idempotency_key}", units), key, day=day)
        elif act == "correct" and consumed:
            correction(journal, goes_in("green", units, consumed[0].idempotency_key, day=day))
        elif act == "undo" and some is not None:
            taken_back(journal, some, key)
    except Refusal:
        return
