"""Identity preserved and segregated: what the lots themselves went through, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.custody.ancestry import ancestry_of
from bioloom.ledger.custody.refusing import AncestryTooLarge, ClaimsStand, CustodyAmiss, NotCarried
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal
from tests.ledger.custody.mill import (
    APART,
    BALANCE,
    KEPT,
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
from tests.ledger.custody.test_mass_balance import correction, taken_back
from tests.ledger.events.happenings import event, journal_with, record, told


def sorted_apart() -> Journal:
    """Two lots from the allotments and one of others; the mill declares three models."""
    return journal_with(
        *rags("green", "green too", "other"),
        green("green"),
        green("green too"),
        kind(),
        mill(),
        declared(APART),
        declared(KEPT),
        declared(BALANCE),
    )


def milled(journal: Journal, *lots: str) -> None:
    """Some of each lot is ground together, and fibre comes out."""
    record(journal, *(goes_in(lot, 100, f"in {lot}") for lot in lots))
    record(journal, comes_out("fibre", 90, "out"))


def test_fibre_of_one_lot_keeps_its_identity_and_of_two_it_is_still_apart() -> None:
    one, two = sorted_apart(), sorted_apart()
    milled(one, "green")
    milled(two, "green", "green too")

    use(one, claim("fibre", 90, of=KEPT), "kept")
    with pytest.raises(NotCarried, match="more than one origin, green"):
        use(two, claim("fibre", 90, of=KEPT), "kept")
    apart = use(two, claim("fibre", 90, of=APART), "apart")

    assert set(apart.body.stands_on) == {"lot:fibre", "lot:green", "lot:green too", "process:p"}
    assert verify(one.store).holds
    assert verify(two.store).holds


def test_one_other_rag_and_nothing_is_segregated() -> None:
    journal = sorted_apart()
    milled(journal, "green", "other")

    with pytest.raises(NotCarried, match="nobody declared it of 'other'"):
        use(journal, claim("fibre", 90, of=APART), "apart")


def test_what_was_put_in_to_be_given_back_counts_as_put_in() -> None:
    journal = sorted_apart()
    put_in = event("accept", "other", "5 mg", input_of="p")
    record(journal, told(put_in, "accepted"))
    milled(journal, "green")

    with pytest.raises(NotCarried, match="'other'"):
        use(journal, claim("fibre", 90, of=APART), "apart")


def test_a_part_of_a_segregated_lot_is_segregated_wherever_it_goes() -> None:
    journal = sorted_apart()
    milled(journal, "green")
    part = event("transfer", "fibre", "40 mg", to_lot=LotId("part"), made="fibre", to="ben")
    back = event("transfer", "part", "40 mg", by="ben", to="ana")
    record(journal, told(part, "part", day=5), told(back, "back", day=6))

    use(journal, claim("part", 40, of=APART), "apart", day=7)

    with pytest.raises(CustodyAmiss, match="more is claimed of it than there was"):
        use(journal, claim("part", 1, of=APART), "again", day=7)


def test_only_whose_it_was_as_it_came_in_says_what_a_lot_had() -> None:
    journal = sorted_apart()

    with pytest.raises(CustodyAmiss, match="'ben' did not have it as it came in"):
        record(journal, green("other", by=AgentId("ben")))
    with pytest.raises(CustodyAmiss, match="declared already"):
        record(journal, told(green("green").body, "again"))


def test_nothing_is_put_beneath_a_claim_and_nothing_into_what_is_claimed() -> None:
    journal = sorted_apart()
    milled(journal, "green")
    use(journal, claim("fibre", 90, of=APART), "apart")

    with pytest.raises(ClaimsStand, match="apart"):
        record(journal, goes_in("other", 5, "backdated", day=4))
    with pytest.raises(ClaimsStand, match="apart"):
        record(journal, comes_out("fibre", 1, "more", day=9, made=False))
    refusal = correction(journal, goes_in("other", 100, "in green"))
    assert isinstance(refusal, ClaimsStand)

    record(journal, goes_in("other", 5, "later", day=9))
    assert verify(journal.store).holds


def test_a_claim_taken_back_sets_free_what_it_rested_on() -> None:
    journal = sorted_apart()
    milled(journal, "green")
    claimed = use(journal, claim("fibre", 90, of=APART), "apart")
    declaration = next(e for e in journal.read() if e.idempotency_key == "green:green")
    with pytest.raises(ClaimsStand, match="apart"):
        taken_back(journal, declaration)

    taken_back(journal, claimed)
    taken_back(journal, declaration, "undo declaration")

    with pytest.raises(NotCarried, match="'green'"):
        use(journal, claim("fibre", 90, of=APART), "apart again")


def test_what_is_booked_as_a_credit_is_spent_and_what_is_claimed_is_not_booked() -> None:
    booked, claimed = sorted_apart(), sorted_apart()
    for journal in (booked, claimed):
        milled(journal, "green")

    use(booked, booking("in green", "green", 100), "book")
    with pytest.raises(NotCarried, match="'in green' was booked as a credit"):
        use(booked, claim("fibre", 90, of=APART), "apart")
    use(claimed, claim("fibre", 90, of=APART), "apart")
    with pytest.raises(ClaimsStand, match="apart"):
        use(claimed, booking("in green", "green", 100), "book")


def test_a_claim_is_of_all_that_came_into_a_lot_also_since_the_day_it_is_dated() -> None:
    journal = sorted_apart()
    pure = event("transfer", "green", "5 mg", to_lot=LotId("heap"), made="organics")
    mixed = event("transfer", "other", "5 mg", to_lot=LotId("heap"))
    record(journal, told(pure, "heap"), told(mixed, "mixed", day=8))

    with pytest.raises(NotCarried, match="'other'"):
        use(journal, claim("heap", 5, of=APART), "now", day=9)
    with pytest.raises(NotCarried, match="more came into it since then"):
        use(journal, claim("heap", 5, of=APART), "dated back", day=5)


def test_an_ancestry_too_large_to_be_looked_at_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journal = sorted_apart()
    milled(journal, "green", "green too")
    monkeypatch.setattr("bioloom.ledger.custody.ancestry.MOST_ANCESTORS", 3)

    with pytest.raises(AncestryTooLarge, match="More than 3 lots and processes"):
        use(journal, claim("fibre", 90, of=APART), "apart")


steps = st.lists(
    st.tuples(
        st.sampled_from(("pour", "grind", "make", "claim", "book")),
        st.sampled_from(("green", "green too", "other", "a", "b")),
        st.sampled_from(("a", "b", "c")),
        st.integers(2, 9),
    ),
    max_size=14,
)


@given(done=steps)
def test_whatever_is_done_a_segregated_lot_has_no_other_origin(
    done: list[tuple[str, str, str, int]],
) -> None:
    journal = sorted_apart()
    for number, (act, lot, into, day) in enumerate(done):
        try:
            _do(journal, act, lot, into, key=f"k{number}", day=day)
        except Refusal:
            continue
    facts = recall(journal.store)
    booked = {entry.body.event for entry in journal.read(kinds=["CustodyInputBooked"])}
    for one in journal.read(kinds=["CustodyClaimed"]):
        ancestry = ancestry_of(one.body.lot, facts, until=one.occurred_at)
        assert "other" not in ancestry.lots
        assert not booked & {entry.idempotency_key for entry in ancestry.inputs}
    assert verify(journal.store).holds


def _do(journal: Journal, act: str, lot: str, into: str, *, key: str, day: int) -> None:
    process = f"p-{into}"
    made = recall(journal.store).kind_of(LotId(into)) is None
    if act == "pour":
        body = event("transfer", lot, "9 mg", to_lot=LotId(into), made="organics" if made else None)
        record(journal, told(body, key, day=day))
    elif act in ("grind", "make") and recall(journal.store).about(f"process:{process}") == []:
        record(journal, mill(process))
    if act == "grind":
        record(journal, goes_in(lot, 9, key, process=process, day=day))
    elif act == "make":
        record(journal, comes_out(into, 5, key, process=process, day=day, made=made))
    elif act == "claim":
        use(journal, claim(lot, 1, of=APART), key, day=day)
    elif act == "book":
        inputs = [e for e in journal.read(kinds=["EventHappened"]) if e.body.input_of]
        if inputs:
            use(journal, booking(inputs[-1].idempotency_key, inputs[-1].body.lot, 9), key, day=day)
