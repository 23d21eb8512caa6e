"""Estimates: evidence beside the account, combined by a named method, and worth nothing alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bioloom.ledger.estimates.combining import Estimated, combine
from bioloom.ledger.estimates.estimating import EstimateSenseless, estimated
from bioloom.ledger.events.happening import UnitMismatch
from bioloom.ledger.events.promising import ClaimExceeded
from bioloom.ledger.holdings import LotUnknown, Overdraft
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.estimates import EstimateMade
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, holdings, journal_with, record, told
from tests.ledger.events.test_promising import claim
from tests.ledger.records import arrival

RAGS = LotId("rags")
estimates = st.lists(
    st.builds(Estimated, st.integers(1, 10**12), st.integers(1, 10**11)), min_size=1, max_size=6
)


def guess(units: int, by: str, *, surely: int | None = None) -> EstimateMade:
    return EstimateMade(
        lot=RAGS,
        estimator=AgentId(by),
        method="paced out",
        quantity=Amount(units=units, reported=str(units), unit="mg"),
        uncertainty_units=surely,
    )


def test_an_inflated_estimate_gives_nobody_anything() -> None:
    journal = journal_with(arrival("rags", 10))
    record(journal, told(guess(10_000, "ana", surely=1), "guess"))

    assert holdings(journal, "rags") == {"ana": (10, 10)}
    with pytest.raises(Overdraft, match="1 mg less than nothing"):
        record(journal, told(event("consume", "rags", "11 mg"), "use"))
    with pytest.raises(ClaimExceeded, match="of which 10 are left"):
        record(journal, told(claim("11 mg", lot="rags"), "claim"))


def test_the_newest_of_each_estimator_counts_and_the_account_follows_an_event_only() -> None:
    journal = journal_with(arrival("rags", 100))
    told_so = [guess(50, "ana"), guess(120, "ana", surely=10), guess(140, "ben", surely=10)]
    record(journal, *(told(body, f"guess {number}") for number, body in enumerate(told_so)))

    before = estimated(RAGS, recall(journal.store))
    record(journal, told(event("raise", "rags", "30 mg"), "adopted"))
    after = estimated(RAGS, recall(journal.store))

    assert [one.counts for one in before.estimates] == [False, True, True]
    assert (before.estimates[0].uncertainty_units, before.estimates[0].is_default) == (15, True)
    assert before.combined is not None
    assert (before.combined.units, before.combined.uncertainty_units) == (130, 10)
    assert (before.account_units, before.difference_units) == (100, 30)
    assert (after.account_units, after.difference_units) == (130, 0)


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (structs.replace(guess(1, "ana"), lot=LotId("unheard")), LotUnknown),
        (guess(0, "ana"), EstimateSenseless),
        (guess(5, "ana", surely=6), EstimateSenseless),
        (guess(5, "ana", surely=0), EstimateSenseless),
        (
            structs.replace(guess(1, "ana"), quantity=Amount(units=1, reported="1", unit="piece")),
            UnitMismatch,
        ),
    ],
)
def test_an_estimate_that_says_nothing_of_its_lot_is_refused(
    body: EstimateMade, refusal: type[Exception]
) -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(refusal, match=r"rags|unheard"):
        record(journal, told(body, "guess"))


@given(some=estimates)
def test_what_is_combined_lies_between_the_estimates_in_whatever_order(
    some: list[Estimated],
) -> None:
    combined = combine(some)

    assert min(one.units for one in some) <= combined.units <= max(one.units for one in some)
    assert combine(some[::-1]) == combined


@given(some=estimates)
def test_estimates_that_agree_are_surer_together_and_those_that_do_not_are_told_apart(
    some: list[Estimated],
) -> None:
    combined = combine(some)

    if combined.is_consistent:
        assert combined.uncertainty_units <= min(one.uncertainty_units for one in some)
    else:
        assert combined.birge_per_mille is not None
        assert combined.birge_per_mille > 1_000


def test_one_estimate_alone_is_what_it_is() -> None:
    assert combine([Estimated(7, 2)]).units == 7
    assert combine([Estimated(7, 2)]).uncertainty_units == 2
