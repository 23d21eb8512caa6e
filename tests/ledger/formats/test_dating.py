"""Dating: however a table writes its periods, the record's are the same."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.dating import Dating, Span
from bioloom.ledger.formats.mapping import MappingUnreadable, PeriodForm
from bioloom.ledger.formats.rows import CellUnreadable
from bioloom.vocabulary.periods import PeriodBackwards

days = st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31))
FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y", "%B %d, %Y")


@given(day=days, form=st.sampled_from(FORMS))
def test_a_day_reads_as_itself_in_every_form(day: date, form: str) -> None:
    period, key = Dating(PeriodForm(at="DAY", form=form)).at(day.strftime(form))

    assert (period.first, period.last, key) == (day, day, day.isoformat())


@given(day=days)
def test_every_day_lies_in_the_month_quarter_and_year_it_is_read_as(day: date) -> None:
    spans: dict[Span, int] = {"month": 31, "quarter": 92, "year": 366}
    for covers, longest in spans.items():
        period, _ = Dating(PeriodForm(at="DAY", covers=covers)).at(day.isoformat())

        assert period.first <= day <= period.last
        assert period.days <= longest


@pytest.mark.parametrize(
    ("form", "text", "key", "count"),
    [
        ("%Y / %m", "2022 / 02", "2022-02", 28),
        ("%Y-Q%q", "2024-Q1", "2024-Q1", 91),
        ("%Y", "1900", "1900", 365),
        ("%b %Y", "sep 2022", "2022-09", 30),
    ],
)
def test_a_period_covers_the_smallest_part_it_names(
    form: str, text: str, key: str, count: int
) -> None:
    period, found = Dating(PeriodForm(at="P", form=form)).at(text)

    assert (found, period.days) == (key, count)


def test_months_have_the_names_of_the_tables_own_language() -> None:
    names = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")

    _, key = Dating(PeriodForm(at="P", form="%b %Y", months=names)).at("Mag 2022")

    assert key == "2022-05"


@pytest.mark.parametrize(
    "text", ["2022-13", "2022-00", "22-01", "2022-1x", "", "٢٠٢٢-01", "0001-01", "9999-12"]
)
def test_a_period_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(CellUnreadable, match="is not a "):
        Dating(PeriodForm(at="P", form="%Y-%m")).at(text)


def test_two_weeks_are_a_period_and_backwards_they_are_not() -> None:
    dating = Dating(PeriodForm(first="A", last="B"))

    assert dating.between("2022-11-01", "2022-11-14")[0].days == 14
    with pytest.raises(PeriodBackwards, match="ends before it begins"):
        dating.between("2022-11-14", "2022-11-01")


@pytest.mark.parametrize("form", ["%m", "%Y %x", "%Y %Y"])
def test_a_form_without_a_meaning_is_refused(form: str) -> None:
    with pytest.raises(MappingUnreadable, match=form):
        Dating(PeriodForm(at="P", form=form))
