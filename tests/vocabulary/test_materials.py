"""Materials: a List-of-Waste code has one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.vocabulary.materials import LowCodeUnreadable, is_hazardous, low_code


@given(
    chapter=st.integers(1, 20),
    group=st.integers(0, 99),
    entry=st.integers(0, 99),
    star=st.sampled_from(["", "*"]),
    space=st.sampled_from(["", " "]),
)
def test_a_code_is_spelled_alike_however_it_was_written(
    chapter: int, group: int, entry: int, star: str, space: str
) -> None:
    written = f" {chapter:02}{space}{group:02}{space}{entry:02}{space}{star} "

    spelled = low_code(written)

    assert spelled == f"{chapter:02} {group:02} {entry:02}{star}"
    assert low_code(spelled) == spelled
    assert is_hazardous(spelled) == bool(star)


@pytest.mark.parametrize(
    "text", ["", "20", "00 01 08", "21 01 08", "2 01 08", "20-01-08", "200108**"]
)
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(LowCodeUnreadable, match="is not a List-of-Waste code") as refusal:
        low_code(text)

    assert refusal.value.code == text


def test_a_material_without_a_code_is_not_hazardous() -> None:
    assert not is_hazardous(None)
