"""Labels: a number that survives a hand, an eye and a camera, and that a slip does not mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.giving.labels import (
    LABEL_BITS,
    LabelUnreadable,
    label_of_lot,
    lot_of_label,
    new_label,
    numbered_lot,
    read_label,
    shown,
)
from bioloom.vocabulary.lots import LotId

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
chances = st.integers(min_value=0, max_value=2**LABEL_BITS - 1)


@given(chance=chances)
def test_a_label_is_read_as_it_was_printed_or_typed(chance: int) -> None:
    number = new_label(chance)

    assert read_label(number) == number
    assert read_label(f"  {shown(number).lower()} ") == number
    assert read_label(number.replace("0", "o").replace("1", "l")) == number
    assert label_of_lot(lot_of_label(number)) == number


@given(one=chances, other=chances)
def test_two_labels_are_the_same_only_if_chance_was(one: int, other: int) -> None:
    assert (new_label(one) == new_label(other)) == (one == other)


@given(chance=chances, place=st.integers(min_value=0, max_value=9), symbol=st.sampled_from(SYMBOLS))
def test_one_wrong_sign_is_always_noticed(chance: int, place: int, symbol: str) -> None:
    number = new_label(chance)
    wrong = number[:place] + symbol + number[place + 1 :]

    if wrong != number:
        with pytest.raises(LabelUnreadable, match="is not the number of a label"):
            read_label(wrong)


@given(chance=chances, place=st.integers(min_value=0, max_value=8))
def test_two_swapped_signs_are_noticed_unless_they_are_the_first_and_the_last(
    chance: int, place: int
) -> None:
    number = new_label(chance)
    one, other = number[place], number[place + 1]
    swapped = number[:place] + other + one + number[place + 2 :]

    if one != other and {one, other} != {"0", "Z"}:
        with pytest.raises(LabelUnreadable, match="last sign checks the others"):
            read_label(swapped)


@pytest.mark.parametrize("text", ["", "7", "label:7", "00000-0007U", "0" * 300, "٣" * 10, "a b"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(LabelUnreadable, match="two groups of five signs"):
        read_label(text)
    with pytest.raises(LabelUnreadable, match="two groups of five signs"):
        numbered_lot(text)


def test_a_lot_from_a_file_has_no_label() -> None:
    assert label_of_lot(LotId("nyc:2022-11:1:organics")) is None
