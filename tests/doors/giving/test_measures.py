"""Measures: what people say of how much is taken for a whole number of milligrams."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.giving.measures import (
    MEASURES,
    AmountAmiss,
    MeasureUnknown,
    tell,
)

counts = st.decimals(min_value="0.001", max_value=10_000, places=3)
measures = st.sampled_from(sorted(MEASURES))


@given(count=counts, measure=measures)
def test_a_count_is_its_mass_exactly_with_a_point_or_a_comma(count: Decimal, measure: str) -> None:
    told = tell(str(count), measure)

    assert told.mass_mg == count * MEASURES[measure].mass_mg
    assert tell(str(count).replace(".", ","), measure) == told
    assert Decimal(told.reported) == count


@given(count=counts, measure=measures, percent=st.integers(min_value=1, max_value=100))
def test_only_an_estimate_has_an_uncertainty(count: Decimal, measure: str, percent: int) -> None:
    told = tell(str(count), measure, str(percent))

    assert (told.uncertainty_mg is None) == (told.stamp == "measured")
    if told.uncertainty_mg is not None:
        assert abs(told.uncertainty_mg - Decimal(percent) * told.mass_mg / 100) <= Decimal("0.5")


def test_an_estimate_is_thirty_percent_uncertain_unless_somebody_says_otherwise() -> None:
    assert tell("10", "about_kg").uncertainty_mg == 3_000_000
    assert tell("10", "about_kg", "10").uncertainty_mg == 1_000_000


@pytest.mark.parametrize(
    "count", ["", "0", "-1", "1e9", "nan", "Infinity", "1,234.5", "..", "٣", "9" * 17, "0.0000001"]
)
def test_what_is_no_amount_is_refused(count: str) -> None:
    with pytest.raises(AmountAmiss, match="is not an amount that can be recorded"):
        tell(count, "kg")


def test_nothing_is_more_unsure_than_that_it_may_be_all_or_nothing() -> None:
    with pytest.raises(AmountAmiss, match="less sure than 100"):
        tell("1", "bag", "101")


def test_a_measure_that_is_none_is_refused() -> None:
    with pytest.raises(MeasureUnknown, match="is not a measure of the form"):
        tell("1", "hogshead")
